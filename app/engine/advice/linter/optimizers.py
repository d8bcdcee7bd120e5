"""The optimizer, its hyperparameters and its param groups."""

from collections.abc import Iterator

from optiscope.engine.advice.linter.facts import Chosen, Facts, LintWarning, Rule
from optiscope.engine.core.words import rounded, say
from optiscope.engine.recipe.parameters import resolve_names

_SMALL_SCALE = 0.1
"""Below it, a rate that only scales steps was likely meant for another optimizer."""


def params_left_out(facts: Facts) -> Iterator[LintWarning]:
    """Param groups that leave a parameter out."""
    trained = {id(param) for param in facts.training.optimized}
    left = [name for name, param in facts.training.model.named_parameters() if id(param) not in trained]
    if not left:
        return
    owner = next(c for c in reversed(facts.optimizers) if c.config.param_groups is not None)
    clipped = say("params_left_out_clipped") if facts.config.clip_grad else ""
    said = say("params_left_out", params=left, count=len(left), clipped=clipped)
    yield LintWarning(f"{owner.pointer}/param_groups", said)


def adam_weight_decay(facts: Facts) -> Iterator[LintWarning]:
    """L2 regularisation where weight decay was likely meant."""
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


def learning_rate_zero(facts: Facts) -> Iterator[LintWarning]:
    """Nothing moves."""
    if facts.config.lr_scheduler:
        return
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("lr"):
            if value == 0:
                yield LintWarning(pointer, say("learning_rate_zero"))


def climbs(facts: Facts) -> Iterator[LintWarning]:
    """Maximize a loss."""
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("maximize"):
            if value is True:
                yield LintWarning(pointer, say("climbs"))


def momentum_never_decays(facts: Facts) -> Iterator[LintWarning]:
    """A velocity that keeps everything, or takes nothing."""
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("momentum"):
            if value == 1:
                yield LintWarning(pointer, say("momentum_never_decays"))
        for pointer, value in chosen.values("dampening"):
            if value == 1 and chosen.value("momentum"):
                yield LintWarning(pointer, say("dampening_blocks"))


def no_epsilon(facts: Facts) -> Iterator[LintWarning]:
    """A division by zero where a gradient is zero."""
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("eps"):
            if value == 0 and not chosen.info.bounded_at_zero:
                yield LintWarning(pointer, say("no_epsilon"))


def averages_nothing(facts: Facts) -> Iterator[LintWarning]:
    """An average that never begins."""
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


def small_rate(facts: Facts) -> Iterator[LintWarning]:
    """A rate that suits other optimizers."""
    for chosen in facts.optimizers:
        if chosen.info.sizes_steps and 0 < chosen.value("lr") < _SMALL_SCALE:
            said = say("small_adadelta", optimizer=chosen.info.name, lr=rounded(chosen.value("lr")))
            yield LintWarning(f"{chosen.pointer}/hyperparameters/lr", said)


def noisy_minibatches(facts: Facts) -> Iterator[LintWarning]:
    """Optimizers that need the whole batch."""
    if facts.config.batch_size is None or facts.config.batch_size >= facts.training.problem.samples:
        return
    for chosen in facts.optimizers:
        if chosen.info.noise:
            name = chosen.info.name
            because = (
                say("noisy_minibatches_signs", optimizer=name)
                if chosen.info.noise == "signs"
                else say("noisy_minibatches_curvature", optimizer=name)
            )
            yield LintWarning("/batch_size", say("noisy_minibatches", because=because))


def line_search(facts: Facts) -> Iterator[LintWarning]:
    """Steps that nobody checks, and gradients that are not the loss's own."""
    (chosen, *_) = facts.optimizers
    if chosen.info.takes("line_search_fn") and chosen.value("line_search_fn") is None:
        said = say("no_line_search", optimizer=chosen.info.name)
        yield LintWarning(f"{chosen.pointer}/hyperparameters/line_search_fn", said)
    if chosen.info.noise == "curvature" and facts.config.clip_grad is not None:
        yield LintWarning("/clip_grad", say("clipped_line_search", optimizer=chosen.info.name))


def muon_everywhere(facts: Facts) -> Iterator[LintWarning]:
    """Muon is meant for hidden layers."""
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


RULES: tuple[Rule, ...] = (
    params_left_out,
    adam_weight_decay,
    learning_rate_zero,
    climbs,
    momentum_never_decays,
    no_epsilon,
    averages_nothing,
    small_rate,
    noisy_minibatches,
    line_search,
    muon_everywhere,
)
