"""What each page of a lesson shows, as the page reads its address: ``make lessons`` writes it.

A test holds the written file, the lessons and the page's code together.

Usage: python scripts/lesson_pages.py
"""

import json
import subprocess
from pathlib import Path
from typing import Any

from optiscope.api.catalog import document
from optiscope.languages import BASE
from optiscope.lessons.folder import lessons_in
from optiscope.lessons.shown import SHOWN
from optiscope.pages.languages import languages_dir
from optiscope.settings import Settings

SCRIPT = Path(__file__).with_suffix(".js")


def shown() -> dict[str, Any]:
    """``runs`` and ``plane`` by the address of each page of each lesson."""
    lessons = [told.lesson for told in lessons_in(languages_dir(), BASE)]
    addresses = list(dict.fromkeys(step.address for lesson in lessons for step in lesson.steps))
    asked = {"catalog": json.loads(document(Settings()).content), "addresses": addresses}
    found = subprocess.run(
        ["node", SCRIPT], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def written(found: dict[str, Any]) -> str:
    """The whole file: a line for each page."""
    lines = (f"  {json.dumps(address)}: {json.dumps(page)}" for address, page in found.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    SHOWN.write_text(written(shown()), encoding="utf-8")
