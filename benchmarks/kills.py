"""A hundred kills of a server and its worker while runs are followed: what is lost, how soon it is back."""

import statistics
import tempfile
from pathlib import Path

from tests.runs.interrupted import STEPS, assert_whole, kill_again_and_again

KILLS = 100


def main() -> None:
    """Print what became of the runs; a follower who misses a step, or has a wrong bit, is an error."""
    with tempfile.TemporaryDirectory() as folder:
        kills = kill_again_and_again(Path(folder), KILLS)
    for seed, follower in enumerate(kills.followers):
        assert_whole(follower, seed)
    print(f"kills: {kills.servers} of the server, {kills.workers} of its worker, at random moments")
    print(f"  {len(kills.followers)} runs of {STEPS} steps: every step was given once, every bit is right")
    print(f"  a killed server answers again after {statistics.median(kills.restarts):.1f} s (median)")


if __name__ == "__main__":
    main()
