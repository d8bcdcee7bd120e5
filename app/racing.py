"""A fair race of optimizers: the same budget for each, tuned on some seeds and judged on others.

Judged where it was tuned, an optimizer looks better than it is. So each is trained at its best cell once
more, with networks that no choice has seen; and a difference is told with what chance alone would do. All
meet the same networks, so they are compared seed by seed, by the sign test: exact, and right for losses of
any shape, divergence included.
"""

import html
import json
import math
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.pictures import bundle, curves_png, table_html
from optiscope.swept import SEED, Sweep, losses_of

LEVEL = 0.05
"""How often chance alone may pass for a difference anywhere in a race, or leave a median outside its band."""

_MOST_SEEDS = 100_000

_PROBLEM = re.compile("/problem(/|$)")

Numbers = NDArray[np.float64]

Train = Callable[[Mapping[str, Any]], Sweep]
"""What trains a sweep: ``Client.sweep``, or ``sweep`` itself."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One optimizer of a race.

    Attributes:
        name: Its name.
        values: What the axes say at its best cell, by path; None if no cell has a finite median.
        run: The RunConfig there, as JSON has it.
        tuned: The median of ``end_loss`` there over the seeds that it was tuned on.
        tolerance: How wide its good rates are, as in the summary of a sweep.
        losses: [judging seeds] ``end_loss``; infinite where it diverged or failed, or has no best cell.
        band: Between which two of those losses the median over all seeds lies, in 95 of 100 races or more;
            None with fewer than six seeds, which cannot say.
        steps_to_target: [judging seeds] infinite where it does not get there; None without a target.
    """

    name: str
    values: Mapping[str, Any] | None
    run: Mapping[str, Any] | None
    tuned: float
    tolerance: Mapping[str, Any] | None
    losses: Numbers
    band: tuple[float, float] | None
    steps_to_target: Numbers | None

    @property
    def median(self) -> float:
        """Of its losses."""
        return float(np.median(self.losses))

    @property
    def reached(self) -> float | None:
        """The share of the judging seeds that got to the target; None without one."""
        return None if self.steps_to_target is None else float(np.isfinite(self.steps_to_target).mean())

    @property
    def diverged(self) -> float:
        """The share of them that diverged or failed."""
        return float(np.isinf(self.losses).mean())


@dataclass(frozen=True, slots=True)
class Difference:
    """Two optimizers, seed by seed.

    Attributes:
        better: The index of the one that ends lower on more seeds.
        worse: The index of the other one.
        won: On how many seeds that is so.
        lost: On how many the other one ends lower; on the rest they end alike.
        p: How often at least one pair of a race of equals would look so uneven, at most.
        detail: All that in a sentence.
    """

    better: int
    worse: int
    won: int
    lost: int
    p: float
    detail: str

    @property
    def is_told(self) -> bool:
        """Whether it is more than chance."""
        return self.p <= LEVEL


@dataclass(frozen=True)
class Race:
    """What a race comes to.

    Attributes:
        tuning: The sweep that each optimizer was tuned by.
        seeds: Those that they are judged on.
        runs: How many runs each was tuned with.
        steps: How many steps those have together.
        judged: Each optimizer, in the order of the request.
        differences: Each pair of them.
    """

    tuning: Sweep = field(repr=False)
    seeds: tuple[int, ...]
    runs: int
    steps: int
    judged: tuple[Judged, ...]
    differences: tuple[Difference, ...]

    @property
    def ranking(self) -> list[int]:
        """The indices of the optimizers, the least median on the judging seeds first."""
        return sorted(range(len(self.judged)), key=lambda index: self.judged[index].median)

    def __str__(self) -> str:
        return "\n".join([self._budget(), *map(" ".join, self._rows()[1:]), *self._told()])

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The losses of each on the judging seeds, from low to high, as a picture; the ranking as a table."""
        picture = curves_png([np.sort(one.losses) for one in self.judged])
        told = "".join(f"<p>{html.escape(line)}</p>" for line in self._told())
        shown = bundle(picture, self._budget(), table_html(self._rows()) + told)
        return shown | {"text/plain": str(self)}

    def _budget(self) -> str:
        return (
            f"{len(self.judged)} optimizers, each tuned by {self.runs} runs of {self.steps} steps in all, "
            f"and judged on {len(self.seeds)} other seeds:"
        )

    def _rows(self) -> list[list[str]]:
        """The best first; the rest of what is known stands in :attr:`judged`."""
        rows = [["optimizer", "median", "95 % band", "diverged", "at"]]
        for one in (self.judged[index] for index in self.ranking):
            band = "-" if one.band is None else f"{one.band[0]:.4g} to {one.band[1]:.4g}"
            at = "nowhere" if one.values is None else json.dumps(dict(one.values))
            rows.append([one.name, f"{one.median:.4g}", band, f"{one.diverged:.0%}", at])
        return rows

    def _told(self) -> list[str]:
        return [difference.detail for difference in self.differences]


Asking = Generator[Mapping[str, Any], Sweep, Race]
"""A race that asks for sweeps, is sent each when it is complete, and comes to its result."""


def race(sweep: Train, config: Mapping[str, Any], seeds: Sequence[int]) -> Race:
    """Tune every optimizer of a sweep on its seeds, and judge each at its best cell on others.

    Args:
        sweep: What trains a sweep.
        config: The sweep that tunes; it has ``seeds``.
        seeds: Those to judge on.

    Raises:
        ValueError: If there are no seeds of one kind, one is of both, or an axis is of the problem.
    """
    return _run(sweep, whole_race(config, seeds))


def judge(sweep: Train, tuning: Sweep, config: Mapping[str, Any], seeds: Sequence[int]) -> Race:
    """Judge every optimizer of a sweep at its best cell.

    Args:
        sweep: What trains a sweep.
        tuning: The one that tuned them.
        config: What was asked for there.
        seeds: Those to judge on, see :func:`require_fair`.
    """
    return _run(sweep, after_tuning(tuning, config, seeds))


def _run(sweep: Train, asking: Asking) -> Race:
    """A race whose sweeps are trained one after the other."""
    found = None
    while True:
        try:
            asked = asking.send(found)  # type: ignore[arg-type] # a generator is begun with None
        except StopIteration as end:
            result: Race = end.value
            return result
        found = sweep(asked)


def whole_race(config: Mapping[str, Any], seeds: Sequence[int]) -> Asking:
    """:func:`race`, whoever trains the sweeps and however they are waited for."""
    judges = [int(seed) for seed in seeds]
    require_fair(config, judges)
    tuning = yield config
    return (yield from after_tuning(tuning, config, judges))


def after_tuning(tuning: Sweep, config: Mapping[str, Any], seeds: Sequence[int]) -> Asking:
    """:func:`judge`, whoever trains the sweeps and however they are waited for."""
    entries = tuning.summary
    best = [entry["best"] and tuning.run(entry["best"]["members"][0]) for entry in entries]
    found: dict[int, Mapping[str, Numbers]] = {}
    for indices in _alike(best):
        judged_there = yield _judging(best, indices, config, seeds)
        found |= _columns_of(judged_there, indices)
    judged = tuple(
        _judged(entry, run, found.get(index), len(seeds), has_target=config.get("target") is not None)
        for index, (entry, run) in enumerate(zip(entries, best, strict=True))
    )
    runs = tuning.members // len(judged)
    return Race(tuning, tuple(seeds), runs, _steps(tuning, runs), judged, tuple(differences_of(judged)))


def require_fair(config: Mapping[str, Any], judging: Sequence[int]) -> None:
    """Refuse what is no race: an axis of the problem, and seeds that cannot judge.

    Raises:
        ValueError: If an axis is of the problem, there are no seeds of one kind, or one is of both or twice.
    """
    if path := next(filter(_PROBLEM.match, _paths(config)), None):
        raise ValueError(f"a race is of one problem, and along {path} losses do not compare")
    _require_other_seeds(config.get("seeds"), judging)


def _paths(config: Mapping[str, Any]) -> Iterator[str]:
    """Those of the axes; what is no axis is left to the sweep, which refuses it."""
    axes = config.get("axes")
    for axis in axes if isinstance(axes, list | tuple) else ():
        if isinstance(axis, Mapping) and isinstance(axis.get("path"), str):
            yield axis["path"]


def _require_other_seeds(tuning: Any, judging: Sequence[int]) -> None:
    """Refuse seeds that cannot judge; ``tuning`` that are none are left to the sweep, which refuses them."""
    try:
        tuned = set(map(int, () if tuning is None else tuning))
    except (TypeError, ValueError, OverflowError):
        return
    if not tuned:
        raise ValueError("a race is tuned on some seeds: the sweep needs seeds")
    if not judging:
        raise ValueError("a race is judged on some seeds: give at least one, six for a band")
    if both := sorted(tuned & set(judging)):
        raise ValueError(f"seed {both[0]} is one of those tuned on, so it cannot judge")
    if len(set(judging)) < len(judging):
        raise ValueError("each judging seed counts once, and one is given twice")


def seeds_of(text: str) -> list[int]:
    """Seeds as people write them.

    Raises:
        ValueError: If they are written otherwise, or too many.

    Example:
        >>> seeds_of("100-103,200")
        [100, 101, 102, 103, 200]
    """
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdecimal() or not (last or first).isdecimal():
            raise ValueError(f"seeds are whole numbers and ranges, as 100-119,130; got {text!r}")
        stretch = range(int(first), int(last or first) + 1)
        if len(stretch) > _MOST_SEEDS:
            raise ValueError(f"at most {_MOST_SEEDS} seeds can judge, got {len(stretch)}")
        seeds += stretch
    return seeds


Best = Sequence[dict[str, Any] | None]
"""The run of each optimizer at its best cell."""


def _alike(best: Best) -> Iterator[list[int]]:
    """The optimizers that have all else in common, which share a sweep."""
    alike: dict[str, list[int]] = {}
    for index, run in enumerate(best):
        if run is not None:
            rest = json.dumps({name: part for name, part in run.items() if name != "optimizer"})
            alike.setdefault(rest, []).append(index)
    return iter(alike.values())


def _judging(
    best: Best, indices: Sequence[int], config: Mapping[str, Any], seeds: Sequence[int]
) -> dict[str, Any]:
    """The sweep that judges some of them."""
    runs = [run for index in indices if (run := best[index]) is not None]
    return {
        "run": runs[0],
        "optimizers": [run["optimizer"] for run in runs],
        "axes": [{"path": SEED, "values": list(seeds)}],
    } | {name: config[name] for name in ("target", "exact") if config.get(name) is not None}


def _columns_of(judged: Sweep, indices: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Numbers]]]:
    """The columns [seeds] of each."""
    losses = losses_of(judged)
    for row, index in enumerate(indices):
        columns = {name: column[row] for name, column in judged.columns.items()}
        yield index, {**columns, "end_loss": losses[row]}


def _judged(
    entry: Mapping[str, Any],
    run: Mapping[str, Any] | None,
    columns: Mapping[str, Numbers] | None,
    count: int,
    *,
    has_target: bool,
) -> Judged:
    never = np.full(count, math.inf)
    losses = never if columns is None else columns["end_loss"]
    steps = never if columns is None else columns.get("steps_to_target", never)
    return Judged(
        name=entry["name"],
        values=entry["best"] and entry["best"]["values"],
        run=run,
        tuned=entry["best"]["quantiles"][3] if entry["best"] else math.inf,
        tolerance=entry["tolerance"],
        losses=losses,
        band=band_of(losses),
        steps_to_target=np.where(np.isnan(steps), math.inf, steps) if has_target else None,
    )


def _steps(tuning: Sweep, runs: int) -> int:
    """The steps of so many runs, the first ones of a sweep."""
    along = next((axis.values for axis in tuning.axes if axis.path == "/steps"), None)
    if along is None:
        return runs * int(tuning.run(0)["steps"])
    return runs // len(along) * sum(map(int, along))


def band_of(losses: Numbers) -> tuple[float, float] | None:
    """Between which two of some numbers the median of where they come from lies, exactly, by their order.

    Example:
        >>> band_of(np.arange(1.0, 11))
        (2.0, 9.0)
        >>> band_of(np.arange(1.0, 6))
    """
    count = len(losses)
    outside = [below_half(count, k) for k in range(count // 2 + 1)]
    k = sum(2 * share <= LEVEL for share in outside)
    ordered = np.sort(losses)
    return None if k == 0 else (float(ordered[k - 1]), float(ordered[count - k]))


def below_half(count: int, k: int) -> float:
    """How often at most ``k`` of ``count`` fair coins show heads.

    Example:
        >>> below_half(4, 1)
        0.3125
    """
    return float(sum(math.comb(count, i) for i in range(k + 1)) / 2**count)


def differences_of(judged: Sequence[Judged]) -> Iterator[Difference]:
    """Each pair, the better one first."""
    pairs = list(combinations(range(len(judged)), 2))
    for pair in pairs:
        losses = [judged[index].losses for index in pair]
        wins = int((losses[0] < losses[1]).sum()), int((losses[1] < losses[0]).sum())
        (better, won), (worse, lost) = sorted(zip(pair, wins, strict=True), key=lambda one: -one[1])
        p = min(1.0, 2 * below_half(won + lost, lost) * len(pairs))
        said = _said(judged[better].name, judged[worse].name, (won, lost, len(losses[0])), p, len(pairs))
        yield Difference(better, worse, won, lost, p, said)


def _said(better: str, worse: str, counts: tuple[int, int, int], p: float, pairs: int) -> str:
    won, lost, seeds = counts
    alike = f", alike on {seeds - won - lost}" if won + lost < seeds else ""
    found = f"{better} ends lower than {worse} on {won} of {seeds} seeds{alike}"
    if won == lost:
        found = f"neither {better} nor {worse} ends lower more often: on {won} of {seeds} seeds each{alike}"
    corrected = f", counted over all {pairs} comparisons" if pairs > 1 else ""
    if p <= LEVEL:
        return f"{found}: more than chance, which does so in {p:.2g} of races{corrected}"
    enough = next(n for n in range(1, 1000) if 2 * below_half(n, 0) * pairs <= LEVEL)
    more = f"; {seeds} seeds are too few to tell, at least {enough} are needed" if seeds < enough else ""
    return f"{found}: no more than chance may do (p = {p:.2g}{corrected}){more}"
