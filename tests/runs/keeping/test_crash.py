"""Killed at any moment, server or worker: nothing that was given to anybody is lost, and the end is the same.

A server of our own trains runs that are followed over the network. At random moments it, or one of its
workers, is killed with SIGKILL, and started again. Followers ask again from the step behind the last one
that they have. In the end what they hold is, bit for bit, what a run holds that nobody interrupted.
"""

import pytest

from tests.runs.interrupted import assert_whole, kill_again_and_again

KILLS = 30

pytestmark = [pytest.mark.crash, pytest.mark.live, pytest.mark.timeout(900)]


def test_killed_again_and_again(tmp_path):
    """30 kills: every step that was given is there, once, and the end is bit-identical."""
    kills = kill_again_and_again(tmp_path, KILLS)
    assert kills.number == KILLS
    assert min(kills.servers, kills.workers) >= KILLS // 5
    for seed, follower in enumerate(kills.followers):
        assert_whole(follower, seed)
