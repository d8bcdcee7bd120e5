"""The optimizer: its hyperparameters and its param groups."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Chosen, Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.core.words import rounded, say
from optiscope.engine.recipe.parameters import resolve_names

_SMALL_SCALE = 0.1
"""Below it, a rate that only scales steps was likely meant for another optimizer."""

_DAMPED = 0.1
"""The share of its rate that a first step of an optimizer which divides by the gradient has at least."""

_NOTICEABLE_EPS = 1e-6
_NEARLY_ALL = 0.9
_GONE = 1e-2
_NOTICEABLY_ABOVE = 1.25
_A_TENTH = 0.1
_SQUARES = ("exp_avg_sq", "square_avg", "sum")


def _params_left_out(facts: Facts) -> Iterator[LintWarning]:
    trained = {name for group in facts.groups for name in group.params}
    left = [name for name in facts.names if name not in trained]
    if not left:
        return
    owner = next(c for c in reversed(facts.optimizers) if c.config.param_groups is not None)
    clipped = say("params_left_out_clipped") if facts.config.clip_grad else ""
    said = say("params_left_out", params=left, count=len(left), clipped=clipped)
    yield LintWarning(f"{owner.pointer}/param_groups", said)


def _adam_weight_decay(facts: Facts) -> Iterator[LintWarning]:
    for chosen in facts.optimizers:
        if not chosen.info.scaled_l2 or chosen.value("decoupled_weight_decay"):
            continue
        for pointer, value in chosen.values("weight_decay"):
            if value > 0:
                other = chosen.info.decoupled_as
                said = say(
                    "adam_weight_decay",
                    optimizer=chosen.info.name,
                    value=rounded(value),
                    instead=say("adam_weight_decay_other", optimizer=other)
                    if other
                    else say("adam_weight_decay_decoupled"),
                )
                yield LintWarning(pointer, said)


def _learning_rate_zero(facts: Facts) -> Iterator[LintWarning]:
    if facts.config.lr_scheduler and not facts.knows_all_rates:
        return
    for group in facts.groups:
        if group.values["lr"] == 0 and not facts.rates[group.index].any():
            yield LintWarning(group.at("lr"), say("learning_rate_zero"))


def _climbs(facts: Facts) -> Iterator[LintWarning]:
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("maximize"):
            if value is True:
                yield LintWarning(pointer, say("climbs"))


def _no_epsilon(facts: Facts) -> Iterator[LintWarning]:
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("eps"):
            if value == 0 and not chosen.info.bounded_at_zero:
                yield LintWarning(pointer, say("no_epsilon"))


def _averages_nothing(facts: Facts) -> Iterator[LintWarning]:
    steps = facts.config.steps
    for chosen in facts.optimizers:
        for average, begin in chosen.info.averages.items():
            for pointer, value in chosen.values(begin):
                if value >= steps:
                    said = say(
                        "averages_nothing",
                        optimizer=chosen.info.name,
                        field=begin,
                        value=rounded(value),
                        count=steps,
                        average=average,
                    )
                    yield LintWarning(pointer, said)


def _small_adadelta(facts: Facts) -> Iterator[LintWarning]:
    for chosen in facts.optimizers:
        if chosen.info.sizes_steps and 0 < chosen.value("lr") < _SMALL_SCALE:
            said = say("small_adadelta", optimizer=chosen.info.name, lr=rounded(chosen.value("lr")))
            yield LintWarning(f"{chosen.pointer}/hyperparameters/lr", said)


def _no_line_search(facts: Facts) -> Iterator[LintWarning]:
    (chosen, *_) = facts.optimizers
    if chosen.info.takes("line_search_fn") and chosen.value("line_search_fn") is None:
        said = say("no_line_search", optimizer=chosen.info.name)
        yield LintWarning(f"{chosen.pointer}/hyperparameters/line_search_fn", said)


def _clipped_line_search(facts: Facts) -> Iterator[LintWarning]:
    (chosen, *_) = facts.optimizers
    if chosen.info.noise == "curvature" and facts.config.clip_grad is not None:
        yield LintWarning("/clip_grad", say("clipped_line_search", optimizer=chosen.info.name))


def _muon_output_layer(facts: Facts) -> Iterator[LintWarning]:
    (chosen, *_) = facts.optimizers
    if not chosen.info.matrices_only:
        return
    matrices = [name for name in facts.names if name.endswith(".weight")]
    if len(matrices) > 1 and matrices[-1] in _trained_by(facts, chosen):
        said = say("muon_output_layer", optimizer=chosen.info.name, layer=matrices[-1])
        yield LintWarning(f"{chosen.pointer}/param_groups", said)


def _trained_by(facts: Facts, chosen: Chosen) -> list[str]:
    if chosen.config.param_groups is None:
        return facts.names
    asked = [name for group in chosen.config.param_groups for name in group.params]
    return resolve_names(asked, facts.names, chosen.pointer)


def _own_rate_vanishes(facts: Facts) -> Iterator[LintWarning]:
    steps = facts.config.steps
    for group in facts.groups:
        decay = group.chosen.info.own_decay
        if decay is None or facts.config.lr_scheduler is not None:
            continue
        try:
            share = decay.share(group.values, steps)
        except ArithmeticError:  # beyond what is usual it may overflow, or divide by zero
            continue
        if isinstance(share, float) and share < _GONE:
            said = say(
                "own_rate_vanishes",
                optimizer=group.chosen.info.name,
                field=decay.by,
                value=rounded(group.values[decay.by]),
                share=rounded(share, 2),
                step=steps,
            )
            yield LintWarning(group.at(decay.by), said)


def _rate_capped(facts: Facts) -> Iterator[LintWarning]:
    steps = np.arange(1.0, facts.config.steps + 1)
    for group in facts.groups:
        bound = group.chosen.info.largest_rate
        if bound is None:
            continue
        rates = facts.rates[group.index]
        known = np.broadcast_to(rates, steps.shape) if rates.size == 1 else rates
        caps = bound(steps[: known.size])
        above = known > _NOTICEABLY_ABOVE * caps
        if above.mean() > _A_TENTH:
            step = int(np.argmax(known > caps)) + 1
            said = say(
                "rate_capped",
                optimizer=group.chosen.info.name,
                lr=rounded(float(known[step - 1])),
                step=step,
                last=known.size,
                cap=rounded(float(caps[-1]), 3),
            )
            yield LintWarning(group.at("lr"), said)


def _first_step_outside(facts: Facts) -> Iterator[LintWarning]:
    for group in facts.groups:
        least, most = group.values.get("step_sizes") or (0.0, np.inf)
        lr = group.values["lr"]
        if not least <= lr <= most:
            said = say(
                "first_step_outside",
                optimizer=group.chosen.info.name,
                lr=rounded(lr),
                least=rounded(least),
                most=rounded(most),
            )
            yield LintWarning(group.at("lr"), said)


def _amsgrad_without_effect(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    largest, present = found.state("max_exp_avg_sq"), found.state("exp_avg_sq")
    group = next((group for group in facts.groups if group.values.get("amsgrad")), None)
    if group is None or not found.is_whole or not largest:
        return
    if all(np.array_equal(largest[name], present[name]) for name in largest):
        yield LintWarning(group.at("amsgrad"), say("amsgrad_without_effect", count=found.steps))


def _eps_dominates(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    if found.steps < 1:
        return
    for group in facts.groups:
        eps, lr = group.values.get("eps"), found.lr[1, group.index]
        divides = set(_SQUARES) & set(group.chosen.info.state) and not group.chosen.info.sizes_steps
        if not divides or not isinstance(eps, float) or eps < _NOTICEABLE_EPS or lr == 0:
            continue
        moved = np.concatenate([np.abs(found.moves(name)[0]) for name in group.params])
        size = np.concatenate([np.abs(found.grads[name][1]) for name in group.params])
        there = size > 0
        if there.any() and (moved[there] < _DAMPED * lr).mean() >= _NEARLY_ALL:
            said = say(
                "eps_dominates",
                optimizer=group.chosen.info.name,
                eps=rounded(eps),
                size=rounded(float(np.median(size[there])), 2),
                percent=rounded(100 * float(moved[there].max() / lr), 2),
            )
            yield LintWarning(group.at("eps"), said)


RULES = (
    Rule("params_left_out", "config", "a parameter is in no param group", _params_left_out),
    Rule(
        "adam_weight_decay",
        "config",
        "weight_decay joins a gradient that is then divided by its own size",
        _adam_weight_decay,
    ),
    Rule("learning_rate_zero", "rates", "the rate of a group is 0 in all steps", _learning_rate_zero),
    Rule("climbs", "config", "maximize is on", _climbs),
    Rule("no_epsilon", "config", "eps is 0 in a denominator that can be 0", _no_epsilon),
    Rule("averages_nothing", "config", "an average begins after the last step", _averages_nothing),
    Rule(
        "small_adadelta",
        "config",
        "lr is below 0.1 for an optimizer that finds the size of its steps itself",
        _small_adadelta,
    ),
    Rule("no_line_search", "config", "steps of a quadratic model are taken unchecked", _no_line_search),
    Rule(
        "clipped_line_search",
        "config",
        "curvature is learnt from clipped gradients",
        _clipped_line_search,
    ),
    Rule("muon_output_layer", "config", "the output layer is trained by Muon", _muon_output_layer),
    Rule(
        "own_rate_vanishes",
        "config",
        "the decay that an optimizer has of its own leaves less than a hundredth of lr at the last step",
        _own_rate_vanishes,
    ),
    Rule(
        "rate_capped",
        "rates",
        "the rate is well above the largest that the optimizer uses, in more than a tenth of the steps",
        _rate_capped,
    ),
    Rule(
        "first_step_outside",
        "config",
        "lr, the size of the first step, is outside the bounds of all later ones",
        _first_step_outside,
    ),
    Rule(
        "amsgrad_without_effect",
        "probe",
        "the largest squared average was the present one in every step of the whole run",
        _amsgrad_without_effect,
    ),
    Rule(
        "eps_dominates",
        "probe",
        "the first step moved nine tenths of all elements by less than a tenth of lr",
        _eps_dominates,
    ),
)
