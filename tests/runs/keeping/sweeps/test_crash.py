"""A killed server goes on with the members of a sweep that are missing."""

import numpy as np
import pytest

from optiscope import sweep
from optiscope.client import Client
from tests.runs.interrupted import Server

pytestmark = [pytest.mark.crash, pytest.mark.live]

SWEEP = {
    "run": {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "Adam"}, "steps": 400},
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]}],
    "seeds": list(range(4)),
    "exact": True,
}


def test_what_was_given_stays_and_the_rest_follows(tmp_path):
    """A client that follows over a kill has every cell once, with the bits of an unbroken sweep."""
    server = Server(tmp_path)
    server.start()
    try:
        with Client(server.address) as client:
            id_ = client.sweep(SWEEP, keep=True).id
            followed = client.follow_sweep(id_)
            next(followed)
            assert followed.count < followed.members
            server.kill()
            server.start()
            found = followed.columns
            assert followed.count == followed.members
            assert client.kept_sweep(id_).state == "ended"
    finally:
        server.kill()
    for name, column in sweep(SWEEP).columns.items():
        np.testing.assert_array_equal(found[name], column)
