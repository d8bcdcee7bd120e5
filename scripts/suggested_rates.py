"""``app/engine/advice/suggested_rates.json``: a good learning rate for each problem and optimizer.

Every rate of a grid is trained as the page would train it: the problem's suggested network or its start, its
suggested number of steps, torch's defaults for all else. The smallest rate that ends near the best is written
down, with the loss there; null, where no rate ends lower than the loss at the start. What the suggested
comparison has a rate for is left to that. The work ends when its budget of processor time is spent, and what
was not measured by then stays out: optimizers of torch come first, and of these the smallest runs. The table
is written after each pair. With the word ``missing`` what it has stays, and only other pairs are tried.

With the word ``races`` the optimizers of torch have their rates on networks by a fair race besides: all rates
on two networks, then the best one and its neighbours on eight, the smallest that ends near the best of these
in the median, and that on eight networks which no choice has seen, whose median is the loss that is told;
null, where that is no lower than the median at the start.

Usage: python scripts/suggested_rates.py [SECONDS] [races] [missing]
"""

import json
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.advice.suggested_rates import FILE, RATES, REACHED, WITHIN
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import whole
from optiscope.engine.loop.effort import effort_of
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.optimizers.info import OptimizerInfo
from optiscope.engine.recipe.problems import PROBLEMS, ProblemInfo
from optiscope.engine.sweep.job import cells_at
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.ways import why_alone

BUDGET = 3000.0
"""Seconds of processor time, unless told otherwise."""

NETWORKS = 8
"""That a rate is tuned on, and as many others that it is judged on."""

COARSE = 2
"""Of those the ones that all rates are tried on."""

Numbers = NDArray[np.float64]

Pair = tuple[ProblemInfo, str, OptimizerInfo]

Known = Mapping[str, Collection[str]]
"""Optimizers by problem."""

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
    first, last = losses(config, RATES, None)
    return float(first[0, 0]), last[:, 0]


def losses(config: RunConfig, rates: Sequence[float], seeds: Sequence[int] | None) -> tuple[Numbers, Numbers]:
    """The losses of runs at the start and at the end, [rates, seeds]; the end is NaN after divergence."""
    axis = {"path": "/optimizer/hyperparameters/lr", "values": list(rates)}
    networks = {} if seeds is None else {"seeds": list(seeds)}
    plan = Plan(SweepConfig.model_validate({"run": config, "axes": [axis]} | networks))
    cells = whole(cells_at(plan.text, 0, plan.members))
    order = np.argsort(cells.members)
    shape = len(rates), -1
    return cells.initial_loss[order].reshape(shape), cells.end_loss[order].reshape(shape)


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


def raced(problem: ProblemInfo, name: str, optimizer: OptimizerInfo) -> dict[str, Any] | None:
    """What a race over networks says: the rate, the median loss on unseen ones, and how many there were."""
    config = config_of(problem, name, optimizer, RATES[0])
    seeds = range(config.model.seed, config.model.seed + 2 * NETWORKS)
    tuning, judging = seeds[:NETWORKS], seeds[NETWORKS:]
    coarse = smallest_good(*medians(config, RATES, tuning[:COARSE]), None)
    if coarse is None:
        return None
    rates = RATES[max(0, coarse - 1) : coarse + 2]
    fine = smallest_good(*medians(config, rates, tuning), None)
    if fine is None:
        return None
    first, last = medians(config, rates[fine : fine + 1], judging)
    if not last[0] < first:
        return None
    return {"lr": rates[fine], "end_loss": float(last[0]), "tuned": len(tuning), "judged": len(judging)}


def medians(config: RunConfig, rates: Sequence[float], seeds: Sequence[int]) -> tuple[float, Numbers]:
    """The median loss at the start, and at the end of each rate [rates], where divergence is infinite."""
    first, last = losses(config, rates, seeds)
    return float(np.median(first)), np.median(np.where(np.isnan(last), np.inf, last), axis=1)


def least_of(problem: ProblemInfo) -> float | None:
    """The least loss of a function; None of a network, and of matrices."""
    return (
        min((point.value for point in problem.minima), default=None) if problem.kind == "function" else None
    )


def is_bounded(problem: ProblemInfo) -> bool:
    """Whether there is a least loss; of what a person writes nobody knows."""
    return problem.kind != "function" or (bool(problem.minima) and problem.name != "expression")


def pairs_beside(known: Known) -> Iterator[Pair]:
    """What there is to find a rate for, and none is known of."""
    for name, optimizer in OPTIMIZERS.items():
        if name in COMPARED or optimizer.unavailable is not None or not optimizer.takes("lr"):
            continue
        for problem in filter(is_bounded, PROBLEMS.values()):
            has_it = name in known.get(problem.name, ())
            if not has_it and not (optimizer.matrices_only and problem.kind == "function"):
                yield problem, name, optimizer


def work(known: Known) -> list[Pair]:
    """What there is to measure beside what is known: torch's own first, and the smallest first."""
    return sorted(pairs_beside(known), key=lambda pair: (not is_torch(pair), multiplications(pair)))


def work_of_races(known: Known) -> list[Pair]:
    """The same to race for, torch's own on networks: those first whose runs are trained together."""
    pairs = [pair for pair in pairs_beside(known) if pair[0].kind == "dataset" and is_torch(pair)]
    return sorted(
        pairs,
        key=lambda pair: (why_alone(config_of(*pair, RATES[0])) is not None, multiplications(pair)),
    )


def is_torch(pair: Pair) -> bool:
    """Whether its optimizer is one of PyTorch."""
    return pair[2].source == "torch.optim"


def multiplications(pair: Pair) -> float:
    """How much work a run of a pair is; none where it is refused."""
    problem, name, optimizer = pair
    try:
        return effort_of(Training(config_of(problem, name, optimizer, RATES[0]))).of_the_run
    except ConfigError:
        return 0.0


def versions(pairs: Iterable[Pair]) -> str:
    """Of what the optimizers are of."""
    names = {"torch"} | {optimizer.source.partition(".")[0] for _, _, optimizer in pairs}
    return ", ".join(f"{name} {version(name)}" for name in sorted(names))


def main(budget: float, words: Collection[str]) -> None:
    """Measure, and write what was measured, pair by pair.

    Args:
        budget: Seconds of processor time.
        words: Of ``races`` and ``missing``, those that were given.
    """
    table = json.loads(FILE.read_text())
    is_race, goes_on = "races" in words, "missing" in words
    kind, about = ("races", "about_races") if is_race else ("rates", "about")
    before = table[kind] if goes_on or is_race else {}
    found: dict[str, dict[str, Any]] = {p.name: before.get(p.name, {}) for p in PROBLEMS.values()}
    earlier = f"{table[about]}; " if goes_on else ""
    begun, done = time.process_time(), []
    for pair in (work_of_races if is_race else work)(found if goes_on else {}):
        problem, name, optimizer = pair
        if time.process_time() - begun > budget:
            break
        try:
            found[problem.name][name] = (raced if is_race else measured)(problem, name, optimizer)
        except ConfigError as error:
            sys.stderr.write(f"{problem.name} {name}: {error}\n")
            continue
        done.append(pair)
        command = " ".join(["python scripts/suggested_rates.py", f"{budget:g}", *words])
        spent = f"{len(done)} pairs, {time.process_time() - begun:.0f} s of processor time"
        write(table | {kind: found, about: f"{earlier}{command}: {spent}; {versions(done)}"})


def write(table: Mapping[str, Any]) -> None:
    """The table, with a line for each problem."""
    told = []
    for key, value in sorted(table.items()):
        text = json.dumps(value)
        if isinstance(value, dict):
            lines = [f'    "{problem}": {json.dumps(rates)}' for problem, rates in value.items()]
            text = "{\n" + ",\n".join(lines) + "\n  }"
        told.append(f'  "{key}": {text}')
    FILE.write_text("{\n" + ",\n".join(told) + "\n}\n")


if __name__ == "__main__":
    with plain_torch():
        main(float(sys.argv[1]) if len(sys.argv) > 1 else BUDGET, sys.argv[2:])
