"""A killed server goes on with the members of a sweep that are missing."""

import json

import httpx
import numpy as np
import pytest

from optiscope import sweep
from optiscope.client import Client
from tests.runs.interrupted import Server

pytestmark = [pytest.mark.crash, pytest.mark.live, pytest.mark.timeout(300)]

SWEEP = {
    "run": {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "Adam"}, "steps": 400},
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.001, 0.01, 0.1]}],
    "seeds": list(range(8)),
    "exact": True,
}


def test_what_was_given_stays_and_the_rest_follows(tmp_path):
    """A client that follows over two kills has every cell once, with the bits of an unbroken sweep."""
    server = Server(tmp_path)
    server.start()
    try:
        query = {"keep": "true"}
        with httpx.stream(
            "POST", f"{server.address}/api/sweeps", json=SWEEP, params=query, timeout=60
        ) as answer:
            lines = answer.iter_lines()
            id_ = json.loads(next(lines))["id"]
            next(lines)
        server.kill()
        server.start()
        with Client(server.address) as client:
            followed = client.follow_sweep(id_)
            next(followed)
            server.kill()
            server.start()
            found = followed.columns
            assert followed.count == followed.members
            assert client.kept_sweep(id_).state == "ended"
    finally:
        server.kill()
    for name, column in sweep(SWEEP).columns.items():
        np.testing.assert_array_equal(found[name], column)
