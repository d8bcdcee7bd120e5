"""Frozen layers: those that move all the same, and those that never freeze."""

from collections.abc import Iterator, Mapping

import numpy as np

from optiscope.engine.advice.linter.facts import Chosen, Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.probe import Probe
from optiscope.engine.core.config import FreezeConfig
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.recipe.freezing import Freezing
from optiscope.engine.recipe.parameters import resolve_names

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
        if rule.from_step < facts.config.steps and (tried := _tried(facts, rule)) is not None:
            run, applied = tried
            for step, name, moved in _moved_while_frozen(run, Freezing(facts.training.model, (applied,), 0)):
                said = say(
                    "frozen_moves",
                    optimizer=facts.optimizers[0].info.name,
                    parameter=name,
                    step=step,
                    moved=rounded(moved, 3),
                )
                yield LintWarning(f"/freeze/{i}", said)
                return


def _tried(facts: Facts, rule: FreezeConfig) -> tuple[Probe, FreezeConfig] | None:
    """A run that does what a rule says, and that rule: the probe, or one in which it begins sooner."""
    found, config = facts.probe, facts.config
    if rule.from_step >= found.steps - 1:
        if found.is_whole:
            return None
        sooner = rule.model_copy(update={"from_step": _TRIED_AT, "to_step": None})
        config = config.model_copy(update={"freeze": (sooner,)})
        if len(Freezing(facts.training.model, config.freeze, 0).frozen(_TRIED_AT)) == len(facts.names):
            return None
        return facts.probe_of(config, 4 * _TRIED_AT), sooner
    return found, rule


def _moved_while_frozen(run: Probe, freezing: Freezing) -> Iterator[tuple[int, str, float]]:
    """The first step at which something that is frozen moved: which, and how far."""
    for step in range(1, run.steps + 1):
        frozen: Mapping[str, bool] = freezing.frozen(step - 1)
        for name in frozen:
            moved = run.params[name][step] - run.params[name][step - 1]
            if np.isfinite(moved).all() and moved.any():
                yield step, name, float(np.linalg.norm(moved))


def _taken_for_freezing(facts: Facts) -> Iterator[LintWarning]:
    for i, rule in enumerate(facts.config.freeze):
        if rule.by == "requires_grad" or rule.from_step >= facts.config.steps:
            continue
        if (tried := _tried(facts, rule)) is not None and (what := _done_instead(facts, *tried)) is not None:
            said = say("taken_for_freezing", params=rule.params, by=_WRITTEN[rule.by], what=what)
            yield LintWarning(f"/freeze/{i}/by", said)


def _done_instead(facts: Facts, run: Probe, rule: FreezeConfig) -> Said | None:
    """What is seen of something that is no freezing while it holds; None if nothing is."""
    held = [step for step in range(1, run.steps + 1) if rule.holds(step - 1)]
    if not held:
        return None
    own = set(resolve_names(rule.params, dict(facts.training.model.named_parameters()), ""))
    if rule.by == "eval":
        moved = np.concatenate([run.params[name][held[-1]] - run.params[name][held[0] - 1] for name in own])
        length = float(np.linalg.norm(moved))
        told = say("taken_for_freezing_trains", moved=rounded(length, 3), count=len(held))
        return told if np.isfinite(length) and length > 0 else None
    frozen = Freezing(facts.training.model, facts.config.freeze, 0).frozen(held[0] - 1)
    cut = [name for name, grad in run.grads.items() if np.isnan(grad[held[0]]).all()]
    cut = [name for name in cut if name not in own and name not in frozen]
    return say("taken_for_freezing_cuts", cut=cut, step=held[0]) if cut else None


_WRITTEN = {"no_grad": "torch.no_grad()", "detach": "detach()", "eval": "eval()"}

RULES = (
    Rule(
        "taken_for_freezing",
        "probe",
        "a layer trains on, or others get no gradient either, under what is taken for freezing",
        _taken_for_freezing,
    ),
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
