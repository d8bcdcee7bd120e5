"""Frozen layers: those that move all the same, and those that never freeze."""

from collections.abc import Iterator, Mapping

import numpy as np

from optiscope.engine.advice.linter.facts import Chosen, Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.probe import Probe, probe
from optiscope.engine.core.config import FreezeConfig
from optiscope.engine.core.words import rounded, say
from optiscope.engine.recipe.freezing import Freezing

_TRIED_AT = 5
"""The step at which a rule is tried that begins only after the probe."""


def _frozen_drift(facts: Facts) -> Iterator[LintWarning]:
    loop = facts.config.loop
    for i, rule in enumerate(facts.config.freeze):
        if rule.clear_grad or (loop.zero_grad and loop.set_to_none) or rule.from_step == 0:
            continue
        if rule.from_step >= facts.config.steps:
            continue
        if loop.zero_grad and not any(map(_moves_without_gradient, facts.optimizers)):
            continue
        keeps = say("frozen_drift_zeros") if loop.zero_grad else say("frozen_drift_last_gradient")
        yield LintWarning(f"/freeze/{i}/clear_grad", say("frozen_drift", params=rule.params, keeps=keeps))


def _freeze_never(facts: Facts) -> Iterator[LintWarning]:
    steps = facts.config.steps
    for i, rule in enumerate(facts.config.freeze):
        if rule.from_step >= steps:
            said = say("freeze_never", params=rule.params, from_step=rule.from_step, count=steps)
            yield LintWarning(f"/freeze/{i}/from_step", said)


def _unfreeze_jump(facts: Facts) -> Iterator[LintWarning]:
    chosen = next(filter(_keeps_direction, facts.optimizers), None)
    for i, rule in enumerate(facts.config.freeze if chosen else ()):
        if chosen and rule.from_step > 0 and rule.to_step is not None and rule.to_step < facts.config.steps:
            said = say(
                "unfreeze_jump",
                optimizer=chosen.info.name,
                params=rule.params,
                from_step=rule.from_step,
                to_step=rule.to_step,
            )
            yield LintWarning(f"/freeze/{i}/to_step", said)


def _keeps_direction(chosen: Chosen) -> bool:
    return bool({"exp_avg", "momentum_buffer"} & set(chosen.info.state)) and chosen.value("momentum") != 0


def _moves_without_gradient(chosen: Chosen) -> bool:
    decays = any(value > 0 for name in ("weight_decay", "lambd") for _, value in chosen.values(name))
    return decays or _keeps_direction(chosen)


def _frozen_moves(facts: Facts) -> Iterator[LintWarning]:
    for i, rule in enumerate(facts.config.freeze):
        if rule.from_step < facts.config.steps and (tried := _tried(facts, i, rule)) is not None:
            run, freezing = tried
            for step, name, moved in _moved_while_frozen(run, freezing):
                said = say(
                    "frozen_moves",
                    optimizer=facts.optimizers[0].info.name,
                    parameter=name,
                    step=step,
                    moved=rounded(moved, 3),
                )
                yield LintWarning(f"/freeze/{i}", said)
                return


def _tried(facts: Facts, index: int, rule: FreezeConfig) -> tuple[Probe, Freezing] | None:
    """A run that freezes what a rule does: the probe, or one in which the rule begins sooner."""
    found, config = facts.probe, facts.config
    if rule.from_step >= found.steps - 1:
        if found.is_whole:
            return None
        sooner = rule.model_copy(update={"from_step": _TRIED_AT, "to_step": None})
        config = config.model_copy(update={"freeze": (sooner,)})
        if len(Freezing(facts.training.model, config.freeze, 0).frozen(_TRIED_AT)) == len(facts.names):
            return None
        found = probe(config, facts.training, 4 * _TRIED_AT)
        index = 0
    return found, Freezing(facts.training.model, (config.freeze[index],), 0)


def _moved_while_frozen(run: Probe, freezing: Freezing) -> Iterator[tuple[int, str, float]]:
    """The first step at which something that is frozen moved: which, and how far."""
    for step in range(1, run.steps + 1):
        frozen: Mapping[str, bool] = freezing.frozen(step - 1)
        for name in frozen:
            moved = run.params[name][step] - run.params[name][step - 1]
            if np.isfinite(moved).all() and moved.any():
                yield step, name, float(np.linalg.norm(moved))


RULES = (
    Rule(
        "frozen_drift",
        "config",
        "a frozen parameter keeps a .grad, and the optimizer moves what has one",
        _frozen_drift,
    ),
    Rule("freeze_never", "config", "a freeze rule begins after the last step", _freeze_never),
    Rule(
        "unfreeze_jump",
        "config",
        "an optimizer keeps averages of a layer that is frozen for a while",
        _unfreeze_jump,
    ),
    Rule(
        "frozen_moves",
        "probe",
        "a parameter moved in a step in which it was frozen",
        _frozen_moves,
        frozenset({"frozen_drift"}),
    ),
)
