"""What the texts for developers name exists, so that they cannot grow old unnoticed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXTS = sorted([*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")])
PATH = re.compile(
    r"(?<!New file )`((?:app|static|templates|tests|docs|examples|benchmarks|scripts)/[\w./-]*)`"
)
LINK = re.compile(r"\]\((?!https?:|<|#)([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_paths_and_links_of_a_text_exist(text):
    """Every file or folder of ours in backticks, unless it is to be made, and every relative link."""
    words = text.read_text()
    assert [path for path in PATH.findall(words) if not (ROOT / path).exists()] == []
    assert [link for link in LINK.findall(words) if not (text.parent / link).exists()] == []


def test_the_drawn_floors_are_the_ones_that_are_held():
    """Each folder of the package and of the engine stands in the picture of the architecture."""
    picture = (ROOT / "docs" / "architecture.md").read_text()
    inside = [
        *(ROOT / "app").iterdir(),
        *(ROOT / "app" / "engine").iterdir(),
        *(ROOT / "app" / "runs").iterdir(),
    ]
    floors = [folder.name for folder in inside if (folder / "__init__.py").exists()]
    assert len(floors) > 10
    assert [name for name in floors if not re.search(rf"^ +.*\b{name}\b", picture, re.MULTILINE)] == []


SCRIPTS = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("script", SCRIPTS.findall((ROOT / "docs" / "sweeps.md").read_text()))
def test_what_is_said_of_sweeps_runs(script):
    """Each script of the text, as it stands there."""
    exec(compile(script, "sweeps.md", "exec"), {})  # noqa: S102 - our own text
