"""The lessons that come with the page: one file a language, alike but for their words."""

import json
import re
import shutil

import pytest

from optiscope.languages import BASE, languages_in
from optiscope.lessons.folder import lessons_in
from optiscope.pages.languages import languages_dir

LANGUAGES = [language.code for language in languages_in(languages_dir())]
NAMED = re.compile(r"`[^`]*`|\b(?:fc\d|beta\d|2-D|3-D)(?:\b|\.\w+)|\{[^{}|]*\|[^{}]*\}")


def steps_in(language):
    """Every step of every lesson, with the name of the lesson."""
    return [
        (told.lesson.id, step) for told in lessons_in(languages_dir(), language) for step in told.lesson.steps
    ]


def test_a_lesson_is_named_as_its_file():
    """After the number that puts it in its place."""
    for language in LANGUAGES:
        for file in sorted((languages_dir() / language / "lessons").glob("*.json")):
            number, _, name = file.stem.partition("-")
            assert number.isdecimal()
            assert json.loads(file.read_text(encoding="utf-8"))["id"] == name


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != BASE])
def test_translations_differ_in_words_alone(language):
    """What is shown, asked and checked, and where each number comes from, is the same in every language."""

    def bones(step):
        question = step.question
        texts = [step.text, *([question.because] if question else [])]
        sources = [sorted(re.findall(r"\|([^{}]*)\}", text)) for text in texts]
        return step.address, step.points_at, step.check, question and len(question.choices), sources

    assert [(name, bones(step)) for name, step in steps_in(language)] == [
        (name, bones(step)) for name, step in steps_in(BASE)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_text_comes_from_a_run(language):
    """A figure stands between braces with its source, in code, or in a name."""
    for name, step in steps_in(language):
        question = step.question
        texts = [step.text, *([question.text, question.because] if question else [])]
        for text in texts:
            assert not re.search(r"\d", NAMED.sub("", text)), (name, text)


def test_a_lesson_without_a_translation_is_told_in_english(tmp_path):
    """And says so."""
    shutil.copytree(languages_dir(), tmp_path, dirs_exist_ok=True)
    first, *_ = sorted((tmp_path / "zh" / "lessons").glob("*.json"))
    first.unlink()
    told = lessons_in(tmp_path, "zh")
    assert [one.language for one in told] == ["en", *["zh"] * (len(told) - 1)]
    assert [one.lesson.id for one in told] == [one.lesson.id for one in lessons_in(tmp_path, "en")]
