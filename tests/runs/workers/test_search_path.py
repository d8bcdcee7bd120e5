"""Workers find what the server finds, but nothing that happens to lie in the working directory."""

import os
import sys
from pathlib import Path

import pytest

from optiscope.runs.workers.search_path import PACKAGE_FOLDER, worker_search_path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return tmp_path


def handed_on():
    return worker_search_path().split(os.pathsep)


@pytest.mark.parametrize("spelt", ["", ".", "absolute", "linked"])
def test_the_working_directory_is_left_out(folder, monkeypatch, spelt):
    """However it is spelt on the server's own path."""
    link = folder.parent / f"{folder.name}-link"
    link.symlink_to(folder)
    entry = {"absolute": str(folder), "linked": str(link)}.get(spelt, spelt)
    monkeypatch.setattr(sys, "path", [entry, "/elsewhere"])
    assert handed_on() == ["/elsewhere", PACKAGE_FOLDER]


def test_whoever_names_it_has_it(folder, monkeypatch):
    """What stands in PYTHONPATH was put there on purpose."""
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(sys, "path", [str(folder), "/elsewhere"])
    assert handed_on() == [str(folder), "/elsewhere", PACKAGE_FOLDER]


def test_an_empty_part_of_pythonpath_names_nothing(folder, monkeypatch):
    """``PYTHONPATH=$PYTHONPATH:/elsewhere`` puts one there by accident."""
    monkeypatch.setenv("PYTHONPATH", f"{os.pathsep}/elsewhere")
    monkeypatch.setattr(sys, "path", [str(folder), "/elsewhere"])
    assert handed_on() == ["/elsewhere", PACKAGE_FOLDER]


def test_the_package_is_found_where_the_server_found_it(folder, monkeypatch):
    """Even in the working directory: what is running was found there."""
    monkeypatch.chdir(PACKAGE_FOLDER)
    monkeypatch.setattr(sys, "path", [PACKAGE_FOLDER])
    assert handed_on() == [PACKAGE_FOLDER]
    assert (Path(PACKAGE_FOLDER) / "optiscope" / "__init__.py").is_file()
