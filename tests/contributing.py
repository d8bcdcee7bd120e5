"""The recipes of CONTRIBUTING.md, read and followed on a copy of what they change."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STEP = re.compile(
    r"^(?:New file `(?P<new>[^`]+)`"
    r"|At the end of `(?P<grown>[^`]+)`"
    r"|In `(?P<file>[^`]+)`, (?P<where>above|below) the line (?P<part>that begins with )?`(?P<line>[^`]+)`)"
    r":\n\n```\w+\n(?P<code>.*?)^```",
    re.MULTILINE | re.DOTALL,
)


def recipe(title: str) -> list[re.Match[str]]:
    """The steps of the recipe under a heading."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = text.partition(f"\n### {title}\n")[2].partition("\n### ")[0]
    steps = list(STEP.finditer(section))
    assert len(steps) == section.count("```") / 2, f"a step of {title!r} is not understood"
    return steps


def follow(title: str, tree: Path) -> set[str]:
    """Follow a recipe in ``tree``, to the letter; the files that it touched."""
    touched = set()
    for step in recipe(title):
        name = step["new"] or step["grown"] or step["file"]
        file = tree / name
        if step["new"]:
            assert not file.exists()
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step["code"])
        elif step["grown"]:
            file.write_text(f"{file.read_text()}\n{step['code']}")
        else:
            file.write_text(_inserted(file.read_text(), step))
        touched.add(name)
    return touched


def _inserted(text: str, step: re.Match[str]) -> str:
    lines = text.splitlines(keepends=True)
    is_it = str.startswith if step["part"] else str.__eq__
    (at,) = (index for index, line in enumerate(lines) if is_it(line.strip(), step["line"]))
    at += step["where"] == "below"
    return "".join([*lines[:at], step["code"], *lines[at:]])


def copy_of_the_repository(folder: Path) -> Path:
    """What the package, the page and their tests are made of, in a folder of their own."""
    tree = folder / "copy"
    for name in ("app", "static", "templates", "tests"):
        shutil.copytree(ROOT / name, tree / name)
    for name in ("pyproject.toml", "package.json", "jsconfig.json", ".prettierrc.json", "README.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, tree / name)
    (tree / "optiscope").symlink_to("app")
    return tree


def python(*arguments: str, path: Path) -> str:
    """What Python prints, with a folder first on its path."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=path,
        env=os.environ | {"PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
