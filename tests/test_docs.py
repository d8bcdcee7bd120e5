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


SCRIPT = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
BEFORE = {"watching.md": ROOT / "tests" / "watching" / "before_the_text.py"}
"""What a text takes to be there: a loop to be watched."""

SCRIPTS = [
    pytest.param(text.name, script, id=f"{text.stem} {number}")
    for text in sorted((ROOT / "docs").glob("*.md"))
    for number, script in enumerate(SCRIPT.findall(text.read_text()))
]


@pytest.mark.live
@pytest.mark.parametrize(("text", "script"), SCRIPTS)
def test_what_a_text_shows_runs(text, script, live_server, monkeypatch, tmp_path):
    """Each script of docs/, as it stands there, in a folder of its own."""
    monkeypatch.setenv("OPTISCOPE_URL", live_server)
    monkeypatch.chdir(tmp_path)
    before = BEFORE[text].read_text() if text in BEFORE else ""
    exec(compile(before + script, text, "exec"), {"__name__": "__main__"})  # noqa: S102 - our own text


def test_every_text_is_in_the_index():
    """One finds each from docs/README.md."""
    index = (ROOT / "docs" / "README.md").read_text()
    texts = [text.name for text in (ROOT / "docs").glob("*.md") if text.name != "README.md"]
    assert [name for name in texts if f"]({name})" not in index] == []
