"""``docs/failure-modes.md``: optimizers on the failure modes, each at its best rate: ``make failure-modes``.

A fair race: every optimizer has the same number of steps and tries the same rates. Its rate is chosen on some
starts (or seeds of what is drawn), by the least median of where its runs end, and judged on others. All runs
are members of sweeps, trained as every sweep is. What is measured goes to
``app/engine/advice/failure_modes.json``, from which the page has its table, and the text is written from
that, so that no figure is copied by hand.

Usage: python scripts/failure_modes.py [--text-only]
"""

import json
import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from optiscope.engine.advice.failure_modes import FILE
from optiscope.engine.core.parts import whole
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.engine.recipe.problems.failures import FAILURES
from optiscope.engine.sweep.job import cells_at
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig

TEXT = Path(__file__).parents[1] / "docs" / "failure-modes.md"
STEPS = 200
RATES = tuple(float(f"{10 ** (third / 3):.2g}") for third in range(-15, 4))
TUNED, JUDGED = range(5), range(100, 110)
TRIALS = len(JUDGED)
PROCESSES = 3
SOLVED = 1e-9
"""Below this share of what there was at the start, a float32 run is as good as at the minimum."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mode:
    """One line of the table.

    Attributes:
        name: Under which it is kept.
        title: What it is called in the text.
        problem: Its problem.
        loop: What its loop does otherwise than the tutorial's.
    """

    name: str
    title: str
    problem: str
    loop: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entrant:
    """One optimizer with what belongs to it besides its rate."""

    title: str
    name: str
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)
    clip: float | None = None


MODES = (
    *(Mode(info.name, info.title, info.name) for info in FAILURES),
    Mode("gradient-delay", "Gradients 5 steps late, on the bowl", "quadratic-bowl", {"gradient_delay": 5}),
    Mode(
        "drift",
        "An optimum that moves, on the bowl",
        "quadratic-bowl",
        {"drift": {"name": "circular", "radius": 0.5, "period": 100}},
    ),
)
ENTRANTS = (
    Entrant("SGD", "SGD"),
    Entrant("SGD(momentum=0.9)", "SGD", {"momentum": 0.9}),
    Entrant("SGD, clip_grad_norm_(1)", "SGD", clip=1.0),
    Entrant("Adagrad", "Adagrad"),
    Entrant("RMSprop", "RMSprop"),
    Entrant("Adam", "Adam"),
    Entrant("Rprop", "Rprop"),
    Entrant("Muon", "Muon", {"weight_decay": 0.0}),
)


def trials_of(mode: Mode, numbers: Sequence[int]) -> dict[str, Any]:
    """What differs from trial to trial, as an axis: the seed of what is drawn or of the start, or a start."""
    problem = PROBLEMS[mode.problem]
    if problem.kind == "matrix" or (problem.kind == "function" and problem.draw is not None):
        drawn = problem.draw is not None
        return {"path": "/problem/seed" if drawn else "/model/seed", "values": list(numbers)}
    assert problem.kind == "function"  # noqa: S101 - no mode has data
    (x0, x1), (y0, y1) = problem.bounds
    starts = []
    for number in numbers:
        dx, dy = (torch.rand(2, generator=torch.Generator().manual_seed(number)) - 0.5).tolist()
        x, y = problem.start
        starts.append([round(x + 0.1 * dx * (x1 - x0), 4), round(y + 0.1 * dy * (y1 - y0), 4)])
    return {"path": "/model/start", "values": starts}


def left_of(mode: Mode, entrant: Entrant, rates: Sequence[float], numbers: Sequence[int]) -> Numbers:
    """What is left of the loss above the minimum: [rates, trials], infinite where a run diverged."""
    problem = PROBLEMS[mode.problem]
    run = {
        "problem": {"name": mode.problem},
        "optimizer": {"name": entrant.name, "hyperparameters": {"lr": rates[0], **entrant.hyperparameters}},
        "loop": dict(mode.loop),
        "steps": STEPS,
    }
    if entrant.clip is not None:
        run["clip_grad"] = {"name": "clip_grad_norm_", "max_norm": entrant.clip}
    axes = [{"path": "/optimizer/hyperparameters/lr", "values": list(rates)}, trials_of(mode, numbers)]
    plan = Plan(SweepConfig.model_validate({"run": run, "axes": axes}))
    cells = whole(cells_at(plan.text, 0, plan.members))
    order = np.argsort(cells.members)
    least = problem.minimum if problem.kind == "matrix" else min(point.value for point in problem.minima)
    shares = (cells.end_loss[order] - least) / (cells.initial_loss[order] - least)
    return np.where(np.isfinite(shares), np.maximum(shares, 0.0), np.inf).reshape(len(rates), len(numbers))


def raced(mode: Mode, entrant: Entrant) -> dict[str, Any]:
    """The best rate of an optimizer on the trials it is tuned on, and how it does on the others."""
    tuned = np.median(left_of(mode, entrant, RATES, TUNED), axis=1)
    best = int(np.argmin(np.where(tuned < SOLVED, 0.0, tuned)))
    (judged,) = left_of(mode, entrant, [RATES[best]], JUDGED)
    low, left, high = (float(f"{np.quantile(judged, q, method='lower'):.3g}") for q in (0.0, 0.5, 1.0))
    return {
        "optimizer": entrant.title,
        "lr": RATES[best],
        "left": left if math.isfinite(left) else None,
        "low": low if math.isfinite(low) else None,
        "high": high if math.isfinite(high) else None,
        "diverged": int(np.isinf(judged).sum()),
    }


def entrants_on(mode: Mode) -> Iterator[Entrant]:
    """All that take the parameters of a mode: Muon takes matrices alone."""
    is_matrix = PROBLEMS[mode.problem].kind == "matrix"
    return (entrant for entrant in ENTRANTS if is_matrix or entrant.name != "Muon")


def _timed(pair: tuple[Mode, Entrant]) -> tuple[dict[str, Any], float]:
    """One race, and the processor time that it took."""
    begun = time.process_time()
    with plain_torch():
        row = raced(*pair)
    print(pair[0].name, pair[1].title, flush=True)
    return row, time.process_time() - begun


def measured() -> dict[str, Any]:
    """Everything that is kept, the best first within each mode; several races at a time."""
    pairs = [(mode, entrant) for mode in MODES for entrant in entrants_on(mode)]
    pairs.sort(key=lambda pair: PROBLEMS[pair[0].problem].kind == "function" and not pair[0].loop)
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        raced_pairs = list(pool.map(_timed, pairs))
    found: dict[str, list[dict[str, Any]]] = {mode.name: [] for mode in MODES}
    for (mode, _), (row, _) in zip(pairs, raced_pairs, strict=True):
        found[mode.name].append(row)
    seconds = sum(taken for _, taken in raced_pairs)
    about = (
        f"python scripts/failure_modes.py: {STEPS} steps, {len(RATES)} rates, {len(TUNED)} trials to tune on "
        f"and {len(JUDGED)} others to judge by; torch {torch.__version__}, {seconds:.0f} s of processor time"
    )
    return {"about": about, "steps": STEPS, "trials": len(JUDGED), "modes": found}


def ranked(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The best first: by the median, and where that is as good as 0, by the worst trial."""

    def key(row: Mapping[str, Any]) -> tuple[float, float]:
        left, high = (math.inf if row[name] is None else max(row[name], SOLVED) for name in ("left", "high"))
        return left, high

    return sorted(rows, key=key)


def share(value: float | None) -> str:
    """A share of the loss as the text has it."""
    if value is None:
        return "diverged"
    return "0" if value < SOLVED else f"{value:.2g}"


def is_level(row: Mapping[str, Any], best: Mapping[str, Any]) -> bool:
    """Whether the bands of two optimizers overlap, so that nothing is said between them."""
    low, high = (math.inf if value is None else value for value in (row["low"], best["high"]))
    return low <= max(high, SOLVED)


HEAD = """\
# Optimizers on the failure modes

Nine situations in which some optimizers do badly and others do not: the problems of the group *Failure modes*
(one module each in `app/engine/recipe/problems/failures`, with formula, source and what goes wrong for whom),
and two switches of the loop, `gradient_delay` and `drift`. Each optimizer stands here at its best rate, under
an equal budget. `make failure-modes` measures all of it and writes this page.

- **Budget.** {steps} steps for every run, and the same {rates} rates, three a decade from {least:g} to
  {most:g}; all other hyperparameters are torch's defaults. float32, no minibatches, a constant rate.
- **Tuned on some trials, judged on others.** A trial is a start in a box of a tenth of the window around the
  problem's own, or the seed of what is drawn (noise, words) or of the start (matrices). The rate with the
  least median over {tuned} trials is run on {judged} others.
- **The figure** is what is left of the loss: (end - minimum) / (start - minimum), noise excluded. 1 is no
  progress, 0 is below 10⁻⁹, about what float32 can tell.
- **The band** is from the best to the worst of the {judged} trials.
- **A difference counts** where bands do not overlap. In the first table **bold** is the best and what is
  level with it in that sense. A factor of two within overlapping bands says nothing; one line of the table
  says nothing of another line, and none of it says which optimizer trains a large network best.
"""

FOOT = """\

## What the rates say

A rate at an end of what was tried ({least:g} or {most:g}) means that the best may lie beyond. An optimizer
that is best here at its best rate may still be hard to tune: the maps of Tune show how wide its good rates
are.
"""


def text_of(found: Mapping[str, Any]) -> str:
    """The whole page."""
    filled = {
        "steps": STEPS,
        "rates": len(RATES),
        "least": RATES[0],
        "most": RATES[-1],
        "tuned": len(TUNED),
        "judged": len(JUDGED),
    }
    lines = [HEAD.format(**filled), f"Measured by `{found['about']}`.", "", *_overview(found["modes"]), ""]
    for mode in MODES:
        lines += [f"## {mode.title}", "", *_wrapped(mode), *_rows(found["modes"][mode.name]), ""]
    return "\n".join(lines).rstrip("\n") + "\n" + FOOT.format(**filled)


def _wrapped(mode: Mode) -> list[str]:
    problem = PROBLEMS[mode.problem]
    failure = getattr(problem, "failure", "")
    return [failure, ""] if failure else []


def _overview(modes: Mapping[str, Any]) -> Iterator[str]:
    yield "| mode | " + " | ".join(entrant.title for entrant in ENTRANTS) + " |"
    yield "|---|" + "---|" * len(ENTRANTS)
    for mode in MODES:
        rows = {row["optimizer"]: row for row in modes[mode.name]}
        best = modes[mode.name][0]
        told = ["" if row is None else _cell(row, best) for row in (rows.get(e.title) for e in ENTRANTS)]
        yield f"| {mode.title} | " + " | ".join(told) + " |"


def _cell(row: Mapping[str, Any], best: Mapping[str, Any]) -> str:
    left = f"**{share(row['left'])}**" if is_level(row, best) else share(row["left"])
    return left + (f" ({row['diverged']} diverged)" if 0 < row["diverged"] < TRIALS else "")


def _rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "| optimizer | best rate | left, median | band | diverged |"
    yield "|---|---|---|---|---|"
    for row in rows:
        band = f"{share(row['low'])} to {share(row['high'])}"
        yield f"| {row['optimizer']} | {row['lr']:g} | {share(row['left'])} | {band} | {row['diverged']} |"


def main() -> None:
    """Measure, unless told not to, and write both files."""
    found = json.loads(FILE.read_text()) if "--text-only" in sys.argv else measured()
    found["modes"] = {name: ranked(rows) for name, rows in found["modes"].items()}
    FILE.write_text(json.dumps(found, indent=1) + "\n")
    TEXT.write_text(text_of(found))


if __name__ == "__main__":
    main()
