"""Kept sweeps from the command line."""

import json

import pytest

from tests.cli.test_sweep import SWEEP
from tests.commands import optiscope

pytestmark = pytest.mark.live


def test_a_kept_sweep_is_followed_listed_exported_and_deleted(live_server, tmp_path):
    """By the id that was printed when it was begun; what it comes to is the table of any sweep."""

    def sweeps(*arguments):
        return optiscope("sweeps", *arguments, "--url", live_server)

    begun = optiscope("sweep", "-", "--keep", "--url", live_server, text=json.dumps(SWEEP))
    id_ = begun.stdout.strip()
    assert (begun.returncode, len(id_)) == (0, 12), begun.stderr
    followed = sweeps("follow", id_)
    assert followed.returncode == 0, followed.stderr
    assert [line.split()[0] for line in followed.stdout.splitlines()] == ["optimizer", "SGD", "Adam"]
    assert f"{id_}  SGD, Adam on moons  ended  12/12  2 x 2 x 3" in sweeps("list").stdout
    assert json.loads(sweeps("show", id_).stdout)["sweep"]["seeds"] == SWEEP["seeds"]
    assert sweeps("export", id_, tmp_path / "cells.csv").returncode == 0
    assert len((tmp_path / "cells.csv").read_text().splitlines()) == 13
    assert sweeps("export", id_, tmp_path / "map.html").returncode == 0
    assert 'id="part-recording"' in (tmp_path / "map.html").read_text()
    wrong = sweeps("export", id_, tmp_path / "cells.txt")
    assert (wrong.returncode, "must end in one of" in wrong.stderr) == (1, True)
    assert sweeps("delete", id_, "--yes").returncode == 0
    assert "there is no sweep" in sweeps("show", id_).stderr
