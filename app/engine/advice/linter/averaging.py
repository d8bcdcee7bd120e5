"""Averaged weights: averages of nothing, of too little, and those that cannot move."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.core.config import EMAConfig, SWAConfig
from optiscope.engine.core.parts import whole
from optiscope.engine.core.words import rounded, say
from optiscope.engine.lens.others import average_path
from optiscope.engine.recipe.averaging import is_averaged, updates_until

_MUCH = 0.1
"""The share of an average that its first point should have lost by the end, and of the gain it may lag."""

_APART = 1e-4
"""From which share of a number on its average is behind it, and not beside it."""

_SEVERAL = 5
"""Updates from which on nothing but rest can be chance."""


def _updates(facts: Facts) -> int:
    """How often a run averages; 0 without an average."""
    average = facts.config.average
    return 0 if average is None else updates_until(average, facts.config.steps)


def _average_never_updated(facts: Facts) -> Iterator[LintWarning]:
    average, steps = facts.config.average, facts.config.steps
    if average is not None and not _updates(facts):
        field = "from_step" if average.from_step >= steps else "every"
        value = getattr(average, field)
        yield LintWarning(
            f"/average/{field}", say("average_never_updated", field=field, value=value, count=steps)
        )


def _average_never_moves(facts: Facts) -> Iterator[LintWarning]:
    average = facts.config.average
    if isinstance(average, EMAConfig) and average.decay == 1 and _updates(facts):
        step = average.from_step + average.every
        yield LintWarning("/average/decay", say("average_never_moves", step=step))


def _average_forgets_all(facts: Facts) -> Iterator[LintWarning]:
    average = facts.config.average
    if isinstance(average, EMAConfig) and average.decay == 0 and _updates(facts):
        yield LintWarning("/average/decay", say("average_forgets_all"))


def _average_stuck(facts: Facts) -> Iterator[LintWarning]:
    average = facts.config.average
    if not isinstance(average, EMAConfig):
        return
    rows = [step for step in range(facts.probe.steps + 1) if is_averaged(average, step)][1:]
    if len(rows) < _SEVERAL:
        return
    points, averages = facts.probe.position, whole(average_path(facts.probe.blocks)).numpy()
    gap = np.abs(points[rows] - averages[rows])
    behind = (gap > _APART * np.abs(averages[rows])).all(axis=0)
    rests = (averages[rows] == averages[[row - 1 for row in rows]]).all(axis=0)
    if (stuck := behind & rests).sum() * 2 > behind.sum():
        said = say(
            "average_stuck",
            dtype=facts.config.dtype,
            updates=len(rows),
            stuck=int(stuck.sum()),
            behind=int(behind.sum()),
            gap=rounded(float(gap[-1][stuck].max()), 2),
            decay=average.decay,
        )
        yield LintWarning("/average/decay", said)


def _average_remembers_start(facts: Facts) -> Iterator[LintWarning]:
    average, updates = facts.config.average, _updates(facts)
    if not isinstance(average, EMAConfig) or not updates:
        return
    share = average.decay ** (updates - 1)
    if share >= _MUCH:
        said = say(
            "average_remembers_start",
            count=updates,
            share=rounded(100 * share, 2),
            step=average.from_step + average.every,
            decay=rounded(_MUCH ** (1 / max(updates - 1, 1)), 3),
        )
        yield LintWarning("/average/decay", said)


def _average_of_one(facts: Facts) -> Iterator[LintWarning]:
    average = facts.config.average
    if isinstance(average, SWAConfig) and _updates(facts) == 1:
        yield LintWarning("/average/every", say("average_of_one", step=average.from_step + average.every))


def _average_drags_start(facts: Facts) -> Iterator[LintWarning]:
    average, found = facts.config.average, facts.probe
    if not isinstance(average, SWAConfig) or average.from_step or found.ended is not None:
        return
    loss = float(np.mean(found.loss[-_SEVERAL:]))
    column = found.blocks[-1].optional["average_loss"]
    assert isinstance(column, np.ndarray)  # noqa: S101 - one number a record
    at_average, gained = float(column[-1]), float(found.loss[0]) - loss
    if gained > 0 and at_average - loss > _MUCH * gained:
        said = say(
            "average_drags_start",
            step=found.steps,
            average=rounded(at_average, 3),
            loss=rounded(loss, 3),
            from_step=facts.config.steps * 3 // 4,
        )
        yield LintWarning("/average/from_step", said)


def _buffers_without_effect(facts: Facts) -> Iterator[LintWarning]:
    average = facts.config.average
    if average is not None and average.use_buffers and not list(facts.training.model.buffers()):
        yield LintWarning("/average/use_buffers", say("buffers_without_effect"))


def _average_beside_own(facts: Facts) -> Iterator[LintWarning]:
    for chosen in facts.optimizers:
        if facts.config.average is not None and chosen.info.schedule_free:
            yield LintWarning("/average", say("average_beside_own", optimizer=chosen.info.name))


RULES = (
    Rule(
        "average_never_updated", "config", "an average is never updated in this run", _average_never_updated
    ),
    Rule("average_never_moves", "config", "an EMA keeps all that it holds", _average_never_moves),
    Rule("average_forgets_all", "config", "an EMA keeps nothing that it holds", _average_forgets_all),
    Rule(
        "average_stuck",
        "probe",
        "most numbers of an EMA that are behind their parameters had the same bits after every update",
        _average_stuck,
        frozenset({"average_never_moves"}),
    ),
    Rule(
        "average_remembers_start",
        "config",
        "a tenth or more of an EMA is its first point at the end of the run",
        _average_remembers_start,
        frozenset({"average_never_moves", "average_stuck"}),
    ),
    Rule("average_of_one", "config", "an SWA is updated once", _average_of_one),
    Rule(
        "average_drags_start",
        "probe",
        "the mean of all points since the first has a loss that lags the run's by a tenth of its gain",
        _average_drags_start,
    ),
    Rule(
        "buffers_without_effect",
        "config",
        "buffers are averaged of a model that has none",
        _buffers_without_effect,
    ),
    Rule(
        "average_beside_own",
        "config",
        "the points are averaged that a schedule-free optimizer trains at",
        _average_beside_own,
    ),
)
