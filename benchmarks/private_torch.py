"""What each private name of torch saves: recorded steps with it, beside the same ones the public way.

    python -m benchmarks.private_torch

One name at a time is taken from the public way, the others stay; last all of them are. Every pair runs both,
one after the other, which of them first by turns; times are of the processor, so that a busy neighbour counts
less.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial

import torch

from benchmarks.drag import RUNS
from benchmarks.drag import STEPS as DRAGGED
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop import private_torch
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.private_torch import PRIVATE, PUBLIC, Way
from optiscope.engine.loop.training import advance

PAIRS = 41
STEPS = 400
ALONE = {
    name: RunConfig.model_validate(
        {"problem": {"name": "seed-example"}, "optimizer": {"name": name}, "steps": STEPS}
    )
    for name in ("Adam", "SGD")
}
TOGETHER = [
    RunConfig.model_validate(
        {
            "problem": {"name": "himmelblau"},
            "optimizer": {"name": name, "hyperparameters": hyperparameters},
            "steps": DRAGGED,
        }
    )
    for name, hyperparameters in RUNS
]
WORKS: dict[str, Callable[[], object]] = {
    **{f"a run, {name}": partial(advance, config, None, STEPS) for name, config in ALONE.items()},
    f"{len(TOGETHER)} in lockstep": lambda: advance_together(TOGETHER),
}


def seconds(work: Callable[[], object], way: Way) -> float:
    """The processor time that ``work`` takes one way."""
    private_torch.WAY = way
    begun = time.process_time()
    work()
    taken = time.process_time() - begun
    private_torch.WAY = PRIVATE
    return taken


def ratios(work: Callable[[], object], way: Way) -> list[float]:
    """How many times longer ``way`` takes than the private one, in each pair."""
    found = []
    for pair in range(PAIRS + 1):
        order = (way, PRIVATE) if pair % 2 else (PRIVATE, way)
        taken = {id(each): seconds(work, each) for each in order}
        found.append(taken[id(way)] / taken[id(PRIVATE)])
    return found[1:]


def interval(values: list[float]) -> tuple[float, float]:
    """A 95 % interval of the median, from the order of the values; all that there is of a few of them."""
    ordered, reach = sorted(values), round(0.98 * len(values) ** 0.5)
    middle = len(values) // 2
    return ordered[max(middle - reach, 0)], ordered[min(middle + reach, len(values) - 1)]


def main() -> None:
    """Print the ratios, name by name and for all."""
    torch.set_num_threads(1)
    print(f"private_torch: the public way / the private one, median of {PAIRS} pairs and its 95 % interval")
    ways = {
        field.name: replace(PRIVATE, **{field.name: getattr(PUBLIC, field.name)}) for field in fields(Way)
    }
    for title, work in WORKS.items():
        for name, way in (ways | {"all of them": PUBLIC}).items():
            found = ratios(work, way)
            low, high = interval(found)
            print(f"  {title:<14} {name:<18} {statistics.median(found):5.2f}   [{low:.2f}, {high:.2f}]")


if __name__ == "__main__":
    main()
