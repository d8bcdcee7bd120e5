"""``app/engine/advice/suggested_rates.json``: a good learning rate for each problem and optimizer.

Every rate of a grid is trained as the page would train it: the problem's suggested network or its start, its
suggested number of steps, torch's defaults for all else. The smallest rate that ends near the best is written
down, with the loss there; none, where no rate ends lower than the loss at the start. What the suggested
comparison has a rate for is left to that. The work ends when its budget of processor time is spent, and what
was not measured by then stays out: optimizers of torch come first. With the word ``missing`` what the file
has stays, and only optimizers that no problem has a rate for are tried.

Usage: python scripts/suggested_rates.py [SECONDS] [missing]
"""

import json
import sys
import time
from collections.abc import Collection, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from optiscope.engine.advice.suggested_rates import FILE, RATES, REACHED, WITHIN
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import whole
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.optimizers.info import OptimizerInfo
from optiscope.engine.recipe.problems import PROBLEMS, ProblemInfo
from optiscope.engine.sweep.job import cells_at
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig

BUDGET = 3000.0
"""Seconds of processor time, unless told otherwise."""

Numbers = NDArray[np.float64]

COMPARED = frozenset({"SGD", "Adam", "AdamW"})


def config_of(problem: ProblemInfo, name: str, optimizer: OptimizerInfo, lr: float) -> RunConfig:
    """The run that tries a rate; what takes matrices alone has AdamW for the rest, at its suggested rate."""
    suggestion = problem.suggestion
    rest = {"name": "AdamW", "hyperparameters": {"lr": suggestion.adamw}}
    return RunConfig.model_validate(
        {
            "problem": {"name": problem.name},
            "model": dict(suggestion.model),
            "optimizer": {"name": name, "hyperparameters": {"lr": lr}}
            | ({"rest": rest} if optimizer.matrices_only else {}),
            "steps": suggestion.steps,
        }
    )


def ends(config: RunConfig) -> tuple[float, Numbers]:
    """The loss of a run at the start, and those at the end at each rate [rates]; NaN where it diverged."""
    axis = {"path": "/optimizer/hyperparameters/lr", "values": list(RATES)}
    plan = Plan(SweepConfig.model_validate({"run": config, "axes": [axis]}))
    cells = whole(cells_at(plan.text, 0, plan.members))
    order = np.argsort(cells.members)
    return float(cells.initial_loss[order[0]]), cells.end_loss[order]


def smallest_good(first: float, last: Numbers, least: float | None) -> int | None:
    """The index of the smallest rate that ends near the best; None where none lowers the loss.

    Args:
        first: The loss at the start.
        last: [rates] those at the end.
        least: The least loss that there is, where that is known.

    Example:
        >>> ends = np.array([0.5, 0.009, 0.0, np.nan])
        >>> smallest_good(1.0, ends, None), smallest_good(1.0, ends, 0.0)
        (1, 2)
    """
    best = float(np.fmin.reduce(last, initial=np.inf))
    if not best < first:
        return None
    gain = first - best
    within = REACHED if least is not None and best - least <= REACHED * gain else WITHIN
    return int(np.flatnonzero(last <= best + within * gain)[0])


def measured(problem: ProblemInfo, name: str, optimizer: OptimizerInfo) -> list[float] | None:
    """The suggested rate and the loss that it ends at, or None."""
    first, last = ends(config_of(problem, name, optimizer, RATES[0]))
    index = smallest_good(first, last, least_of(problem))
    return None if index is None else [RATES[index], float(last[index])]


def least_of(problem: ProblemInfo) -> float | None:
    """The least loss of a function; None of a network, and of matrices."""
    return (
        min((point.value for point in problem.minima), default=None) if problem.kind == "function" else None
    )


def is_bounded(problem: ProblemInfo) -> bool:
    """Whether there is a least loss; of what a person writes nobody knows."""
    return problem.kind != "function" or (bool(problem.minima) and problem.name != "expression")


def work(known: Collection[str]) -> Iterator[tuple[ProblemInfo, str, OptimizerInfo]]:
    """What there is to measure, torch's own first.

    Args:
        known: Optimizers that are not.
    """
    problems = [problem for problem in PROBLEMS.values() if is_bounded(problem)]
    for name, optimizer in sorted(OPTIMIZERS.items(), key=lambda item: item[1].source != "torch.optim"):
        if name in known or optimizer.unavailable is not None or not optimizer.takes("lr"):
            continue
        for problem in problems:
            if not (optimizer.matrices_only and problem.kind == "function"):
                yield problem, name, optimizer


def packages() -> str:
    """What the optimizers are of, with versions."""
    names = sorted({info.source.partition(".")[0] for info in OPTIMIZERS.values()} - {"torch"})
    return ", ".join(f"{name} {version(name)}" for name in names)


def main(budget: float, *, only_missing: bool) -> None:
    """Measure, and write what was measured."""
    before = json.loads(FILE.read_text()) if only_missing else {"about": "", "rates": {}}
    found: dict[str, dict[str, Any]] = {p.name: before["rates"].get(p.name, {}) for p in PROBLEMS.values()}
    begun, count = time.process_time(), 0
    for problem, name, optimizer in work(COMPARED.union(*before["rates"].values())):
        if time.process_time() - begun > budget:
            break
        try:
            suggested = measured(problem, name, optimizer)
        except ConfigError as error:
            sys.stderr.write(f"{problem.name} {name}: {error}\n")
            continue
        count += 1
        if suggested is not None:
            found[problem.name][name] = suggested
    spent = time.process_time() - begun
    about = (
        f"python scripts/suggested_rates.py {budget:g}{' missing' * only_missing}: {count} pairs, "
        f"{count * len(RATES)} runs, {spent:.0f} s of processor time; torch {torch.__version__}, {packages()}"
    )
    about = f"{before['about']}; {about}" if only_missing else about
    lines = [f'    "{problem}": {json.dumps(rates)}' for problem, rates in found.items()]
    FILE.write_text(
        f'{{\n  "about": {json.dumps(about)},\n  "rates": {{\n' + ",\n".join(lines) + "\n  }\n}\n"
    )


if __name__ == "__main__":
    with plain_torch():
        main(float(sys.argv[1]) if len(sys.argv) > 1 else BUDGET, only_missing="missing" in sys.argv[2:])
