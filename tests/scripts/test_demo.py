"""The file in docs that shows the page before anything is installed."""

import base64
import gzip
import json
import re

from optiscope.engine.advice.defaults import DEFAULT_COMPARISON
from scripts import demo


def test_the_file_plays_the_comparison_that_the_page_opens_with():
    """The runs of today, each recorded to its end."""
    [packed] = re.findall(r'id="part-recording">([^<]*)<', demo.DEMO.read_text())
    runs = json.loads(gzip.decompress(base64.b64decode(packed)))["runs"]
    assert len(runs) == len(DEFAULT_COMPARISON)
    for run, config in zip(runs, DEFAULT_COMPARISON, strict=True):
        given = run["config"]["optimizer"]
        wanted = config["optimizer"]
        assert given["name"] == wanted["name"]
        assert given["hyperparameters"].items() >= wanted["hyperparameters"].items()
        assert json.loads(run["events"].splitlines()[-1])["step"] == config["steps"]


def test_the_file_is_made_anew(tmp_path, monkeypatch, capsys):
    """By the script, whose file begins as the one in docs does."""
    monkeypatch.setattr(demo, "DEMO", tmp_path / "demo.html")
    monkeypatch.setattr(demo, "DEFAULT_COMPARISON", [config | {"steps": 3} for config in DEFAULT_COMPARISON])
    demo.main()
    assert "3 steps" in capsys.readouterr().out
    assert (tmp_path / "demo.html").read_bytes().startswith(b"<!doctype html>")
