"""The lessons that come with Optiscope: a folder of files beside each language's words."""

from pathlib import Path
from typing import NamedTuple

from optiscope.languages import BASE
from optiscope.lessons.lesson import Lesson

FOLDER = "lessons"


class Told(NamedTuple):
    """A lesson, and the language that it is told in."""

    lesson: Lesson
    language: str


def lessons_in(languages: Path, language: str) -> list[Told]:
    """Every lesson in a language, in the order of their files; in :data:`BASE` where it is not translated.

    Args:
        languages: The folder of all languages.
        language: The code of one.
    """
    files = dict.fromkeys(_names(languages, BASE), BASE)
    files |= dict.fromkeys(_names(languages, language), language)
    return [Told(_read(languages / files[name] / FOLDER / name), files[name]) for name in sorted(files)]


def _names(languages: Path, language: str) -> list[str]:
    return [file.name for file in (languages / language / FOLDER).glob("*.json")]


def _read(file: Path) -> Lesson:
    return Lesson.model_validate_json(file.read_bytes())
