"""What HTTP adds: the bare loop in this process beside whole runs through a server; the loop is 1.0."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import httpx
import torch

from benchmarks.engine import OPTIMIZERS, bare_loop
from tests.server import running_server

STEPS = 1000
ROUNDS = 7
LAYOUTS = ("rows", "columns")


def streamed(client: httpx.Client, config: dict[str, object], layout: str) -> float:
    """Read a run to its end; the seconds until the first record came."""
    begun = time.perf_counter()
    first = None
    with client.stream("POST", "/api/train", params={"layout": layout}, json=config) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            if first is None and not line.startswith('{"event":"run_started"'):
                first = time.perf_counter() - begun
    if first is None:
        raise RuntimeError("the stream held no record")
    return first


def seconds(work: Callable[[], object]) -> float:
    """How long ``work`` takes on the clock: it waits for other processes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def config_of(name: str, arguments: dict[str, float], seed: int) -> dict[str, object]:
    """A run; with a seed of its own it is not one that the server remembers."""
    return {
        "problem": {"name": "seed-example"},
        "model": {"seed": seed},
        "optimizer": {"name": name, "hyperparameters": arguments},
        "steps": STEPS,
    }


def main() -> None:
    """Print the median ratio for each optimizer and layout, and how soon the first record comes."""
    torch.set_num_threads(1)
    print(f"stream: {STEPS} steps through HTTP / the bare loop here, median of {ROUNDS} rounds")
    firsts: list[float] = []
    with running_server() as address, httpx.Client(base_url=address, timeout=120) as client:
        for title, (name, cls, arguments) in OPTIMIZERS.items():
            ratios: dict[str, list[float]] = {layout: [] for layout in LAYOUTS}
            for number in range(ROUNDS):
                loop = seconds(partial(bare_loop, cls, arguments))
                for index, layout in enumerate(LAYOUTS):
                    config = config_of(name, arguments, number * len(LAYOUTS) + index)
                    whole = seconds(lambda: firsts.append(streamed(client, config, layout)))  # noqa: B023
                    ratios[layout].append(whole / loop)
            shown = "   ".join(
                f"{layout} {statistics.median(found):5.2f}" for layout, found in ratios.items()
            )
            print(f"  {title:<14} {shown}")
    print(f"  first record after {1000 * statistics.median(firsts):.0f} ms (median)")


if __name__ == "__main__":
    main()
