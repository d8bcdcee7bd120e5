"""The hashes of ``make lock`` are of the versions of constraints.txt, and none that is needed is missing."""

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FILES = ("build.txt", "runtime.txt", "torch.txt", "torch-cpu.txt", "cuda.txt")


def entries(name):
    """The requirements of a file, and how many hashes each has."""
    text = (ROOT / "requirements" / name).read_text()
    for entry in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
        yield Requirement(entry.partition("\\")[0]), len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry))


PINS = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
PINNED = {canonicalize_name(name): version for name, version in PINS.items()}
LOCKED = {
    canonicalize_name(wanted.name): wanted
    for name in FILES
    for wanted, _ in entries(name)
    if "cpu" not in name
}


@pytest.mark.parametrize("name", FILES)
def test_every_entry_is_one_version_with_hashes(name):
    """That of constraints.txt; what is not in there is for another platform."""
    found = list(entries(name))
    assert found
    for wanted, hashes in found:
        assert hashes > 0, wanted
        (version,) = (part.version for part in wanted.specifier if part.operator == "==")
        pinned = PINNED.get(canonicalize_name(wanted.name))
        assert version.partition("+")[0] == pinned if pinned else wanted.marker is not None, wanted


def test_all_that_is_needed_is_locked():
    """By pyproject.toml as it is installed here, by what that needs in turn, and for building."""
    left, seen = ["optiscope", "hatchling"], set()
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        assert name == "optiscope" or name in LOCKED, name
        wanted = map(Requirement, requires(name) or ())
        left += [
            canonicalize_name(one.name)
            for one in wanted
            if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
    assert "torch" in seen


def test_what_is_locked_is_installed_without_asking_for_more():
    """Running and the container install by the same script, which takes hashes and no dependencies."""
    script = (ROOT / "scripts" / "install-locked").read_text()
    assert [name for name in FILES if f"requirements/{name}" not in script] == []
    assert "--no-deps" in script
    for file in ("Makefile", "Dockerfile"):
        assert "scripts/install-locked" in (ROOT / file).read_text()
