"""``app/engine/advice/suggested_rates.json``: a good learning rate for each problem and optimizer.

Every rate of a grid is trained as the page would train it: the problem's suggested network or its start, its
suggested number of steps, torch's defaults for all else. The smallest rate that ends within one per cent of
the best is written down, with the loss there; none, where no rate ends lower than the loss at the start. What
the suggested comparison has a rate for is left to that. The work ends when its budget of processor time is
spent, and what was not measured by then stays out: optimizers of torch come first.

Usage: python scripts/suggested_rates.py [SECONDS]
"""

import json
import math
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import torch

from optiscope.engine.advice.suggested_rates import FILE, RATES, WITHIN
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.optimizers.info import OptimizerInfo
from optiscope.engine.recipe.problems import PROBLEMS, ProblemInfo

BUDGET = 3000.0
"""Seconds of processor time, unless told otherwise."""

PACKAGE = "pytorch_optimizer"

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


def ends(config: RunConfig) -> tuple[float, float]:
    """The first loss of a run, and its last; NaN where it diverged or failed."""
    blocks, checkpoint = advance(config, None, config.steps)
    ended = checkpoint.ended
    last = math.nan if ended is None or ended.end_loss is None else ended.end_loss
    return float(blocks[0].loss[0]), last


def measured(problem: ProblemInfo, name: str, optimizer: OptimizerInfo) -> list[float] | None:
    """The suggested rate and the loss that it ends at, or None."""
    runs = [(lr, *ends(config_of(problem, name, optimizer, lr))) for lr in RATES]
    sound = [(lr, last) for lr, _, last in runs if math.isfinite(last)]
    initial = runs[0][1]
    best = min((last for _, last in sound), default=math.inf)
    if not best < initial:
        return None
    return next([lr, last] for lr, last in sound if last <= best + WITHIN * (initial - best))


def is_bounded(problem: ProblemInfo) -> bool:
    """Whether there is a least loss; of what a person writes nobody knows."""
    return problem.kind == "dataset" or (bool(problem.minima) and problem.name != "expression")


def work() -> Iterator[tuple[ProblemInfo, str, OptimizerInfo]]:
    """What there is to measure, torch's own first."""
    problems = [problem for problem in PROBLEMS.values() if is_bounded(problem)]
    for name, optimizer in sorted(OPTIMIZERS.items(), key=lambda item: item[0].startswith(PACKAGE)):
        if name in COMPARED or optimizer.unavailable is not None:
            continue
        for problem in problems:
            if not (optimizer.matrices_only and problem.kind == "function"):
                yield problem, name, optimizer


def main(budget: float) -> None:
    """Measure, and write what was measured."""
    found: dict[str, dict[str, Any]] = {problem.name: {} for problem in PROBLEMS.values()}
    begun, count = time.process_time(), 0
    for problem, name, optimizer in work():
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
        f"python scripts/suggested_rates.py {budget:g}: {count} pairs, {count * len(RATES)} runs, "
        f"{spent:.0f} s of processor time; torch {torch.__version__}, {PACKAGE} {version(PACKAGE)}"
    )
    lines = [f'    "{problem}": {json.dumps(rates)}' for problem, rates in found.items()]
    FILE.write_text(
        f'{{\n  "about": {json.dumps(about)},\n  "rates": {{\n' + ",\n".join(lines) + "\n  }\n}\n"
    )


if __name__ == "__main__":
    with plain_torch():
        main(float(sys.argv[1]) if len(sys.argv) > 1 else BUDGET)
