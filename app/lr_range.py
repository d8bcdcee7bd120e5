"""A learning rate by an lr range test: real runs at many rates, and beside them the classic ramp of one run.

The ramp raises the rate step by step through one run, and looks at where the loss falls fastest (Smith 2017).
It is cheap, and only a hint: a step at some rate says little about a run at it. Where thousands of runs cost
no more, the rate is looked for among runs themselves, all of one budget, and the ramp is compared with it.

References:
    Smith, L. N. (2017). Cyclical learning rates for training neural networks. WACV. arXiv:1506.01186
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.good_rates import good_around
from optiscope.pictures import bundle, curves_png
from optiscope.records import Record
from optiscope.swept import Sweep, losses_of

PATH = "/optimizer/hyperparameters/lr"
SEEDS = tuple(range(8))
BETWEEN = (1e-5, 10.0)
COUNT = 49
"""Eight rates a decade."""

RAMP_STEPS = 100

_SMOOTH = 0.9
"""Of the mean of losses along the ramp, what stays at each step."""

_EXPLODED = 4.0
"""The ramp ends where its mean loss is so many times the least one."""

Numbers = NDArray[np.float64]


class NoRateError(ValueError):
    """No rate of the range ends lower than the loss at the start."""


@dataclass(frozen=True)
class Ramp:
    """One run through which the rate is raised.

    Attributes:
        rates: [steps] of each step.
        losses: [steps] recorded there.
        smoothed: [steps] their mean with less and less weight on those before, up to where it explodes.
        lr: Where that falls fastest; None if it never falls.
    """

    rates: Numbers = field(repr=False)
    losses: Numbers = field(repr=False)
    smoothed: Numbers = field(repr=False)
    lr: float | None


@dataclass(frozen=True)
class LRRange:
    """What a range test comes to.

    Attributes:
        lr: The answer: in the middle, in decades, of the rates that are good.
        best: The rate with the least median.
        between: The smallest and the largest rate around the best one, with all between them good.
        bound: The median loss up to which a rate is good.
        diverges_from: The smallest rate from which on at least half of the runs diverge or end above their
            start; None if there is no such rate.
        rates: [rates] that were tried.
        medians: [rates] of ``end_loss`` over seeds, divergence as infinite.
        ramp: The classic test.
        why: All that in sentences.
    """

    lr: float
    best: float
    between: tuple[float, float]
    bound: float
    diverges_from: float | None
    rates: Numbers = field(repr=False)
    medians: Numbers = field(repr=False)
    ramp: Ramp
    why: str

    def __str__(self) -> str:
        return f"lr {self.lr:.3g}\n{self.why}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The medians over the rates as a picture, and the answer in words."""
        return bundle(curves_png([self.medians]), str(self))


def lr_range_test(
    sweep: Callable[[Mapping[str, Any]], Sweep],
    train: Callable[[Mapping[str, Any]], Iterable[Record]],
    run: Mapping[str, Any],
    seeds: Sequence[int] | None,
    between: tuple[float, float] = BETWEEN,
    count: int = COUNT,
) -> LRRange:
    """Look for a rate among real runs, and by one ramp.

    Args:
        sweep: What trains a sweep.
        train: What trains a run.
        run: The run whose rate is looked for.
        seeds: Of the network; None for a test function.
        between: The smallest and the largest rate to try.
        count: How many rates, in equal ratios.

    Raises:
        NoRateError: If no rate ends lower than where it began.
    """
    found = sweep(sweep_config(run, seeds, between, count))
    return read(found, train(ramp_config(run, between)))


def sweep_config(
    run: Mapping[str, Any], seeds: Sequence[int] | None, between: tuple[float, float], count: int
) -> dict[str, Any]:
    """The sweep that tries the rates; see :func:`lr_range_test`."""
    axis = {"path": PATH, "from": between[0], "to": between[1], "count": count, "scale": "log"}
    asked: dict[str, Any] = {"run": dict(run), "axes": [axis]}
    return asked if seeds is None else asked | {"seeds": list(seeds)}


def read(found: Sweep, ramp: Iterable[Record]) -> LRRange:
    """What such a sweep and the records of such a ramp say.

    Raises:
        NoRateError: If no rate ends lower than where it began.
    """
    rates = np.array(found.axes[0].values, dtype=np.float64)
    losses = losses_of(found).reshape(len(rates), -1)
    initial = found.columns["initial_loss"].reshape(len(rates), -1)
    return judged(rates, losses, initial, ramp_of(ramp))


def judged(rates: Numbers, losses: Numbers, initial: Numbers, ramp: Ramp) -> LRRange:
    """What runs at many rates say.

    Args:
        rates: [rates] from small to large.
        losses: [rates, seeds] where they end, infinite where they diverge.
        initial: [rates, seeds] where they begin.
        ramp: The classic test, to be compared.
    """
    medians = np.median(losses, axis=-1)
    best, start = int(np.argmin(medians)), float(np.median(initial))
    if not medians[best] < start:
        raise NoRateError(f"no rate between {rates[0]:.3g} and {rates[-1]:.3g} ends below {start:.4g}")
    bound, first, last = good_around(medians, best, start)
    middle = (first + last) // 2
    lost = np.mean(~(losses < initial), axis=-1) >= 0.5  # noqa: PLR2004 - half of the runs
    border = int(max(np.flatnonzero(~lost), default=-1)) + 1
    diverges = float(rates[border]) if border < len(rates) else None
    between = float(rates[first]), float(rates[last])
    why = (
        _why(rates, medians, (first, middle, last, best), diverges)
        + " "
        + _told_of_ramp(rates, medians, ramp, bound)
    )
    return LRRange(
        lr=float(rates[middle]),
        best=float(rates[best]),
        between=between,
        bound=bound,
        diverges_from=diverges,
        rates=rates,
        medians=medians,
        ramp=ramp,
        why=why,
    )


def ramp_config(run: Mapping[str, Any], between: tuple[float, float]) -> dict[str, Any]:
    """The run through which the rate is raised, with no other schedule."""
    document: dict[str, Any] = json.loads(json.dumps(run))
    optimizer = document["optimizer"]
    low, high = between
    optimizer["hyperparameters"] = optimizer.get("hyperparameters", {}) | {"lr": low}
    gamma = (high / low) ** (1 / (RAMP_STEPS - 1))
    schedule = {"name": "ExponentialLR", "hyperparameters": {"gamma": gamma}}
    return document | {"lr_scheduler": schedule, "steps": RAMP_STEPS}


def ramp_of(records: Iterable[Record]) -> Ramp:
    """The curve of such a run, and where it falls fastest."""
    rates, losses = [], []
    for record in records:
        if record.step > 0:
            rates.append(float(record.lr[0]))
            losses.append(float(record.loss))
    smoothed: list[float] = []
    mean, least = 0.0, math.inf
    for number, loss in enumerate(losses, start=1):
        mean = _SMOOTH * mean + (1 - _SMOOTH) * loss
        now = mean / (1 - _SMOOTH**number)
        if not now <= _EXPLODED * max(least, 1e-30) or not math.isfinite(now):
            break
        least = min(least, now)
        smoothed.append(now)
    curve = np.array(smoothed)
    lr = None
    if len(curve) > 1:
        slopes = np.diff(curve)
        lr = rates[int(np.argmin(slopes))] if slopes.min() < 0 else None
    return Ramp(np.array(rates), np.array(losses), curve, lr)


def _why(rates: Numbers, medians: Numbers, at: tuple[int, int, int, int], diverges: float | None) -> str:
    first, middle, last, best = at
    decades = math.log10(rates[last] / rates[first])
    found = (
        f"{rates[best]:.3g} is the only rate of the grid whose runs end near {medians[best]:.4g}, the best."
    )
    if first < last:
        found = (
            f"{rates[middle]:.3g} is the middle of {decades:.1f} decades of rates, {rates[first]:.3g} to "
            f"{rates[last]:.3g}, whose runs end nearly as low as the best: {medians[middle]:.4g} here, "
            f"{medians[best]:.4g} at {rates[best]:.3g}."
        )
    if last == len(rates) - 1 or first == 0:
        found += " They reach an end of the range that was tried, and may go on beyond it."
    if diverges is None:
        return f"{found} No rate that was tried is too large for half of the runs."
    return f"{found} From {diverges:.3g} on at least half of the runs diverge or end above their start."


def _told_of_ramp(rates: Numbers, medians: Numbers, ramp: Ramp, bound: float) -> str:
    """How far the classic test is from what runs say."""
    if ramp.lr is None:
        return "The loss never falls along a ramp of one run, so that says no rate."
    nearest = int(np.argmin(np.abs(np.log(rates / ramp.lr))))
    ends = "diverge" if math.isinf(medians[nearest]) else f"end at {medians[nearest]:.4g}"
    verdict = "good as well" if medians[nearest] <= bound else "not good"
    found = f"A ramp of one run falls fastest at {ramp.lr:.3g}, which is {verdict}"
    return f"{found}: runs at {rates[nearest]:.3g} {ends}."
