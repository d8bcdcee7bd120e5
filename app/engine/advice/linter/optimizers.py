"""The optimizer, its hyperparameters and its param groups."""

from collections.abc import Iterator

from optiscope.engine.advice.linter.facts import Chosen, Facts, LintWarning, Rule
from optiscope.engine.recipe.parameters import resolve_names

_SMALL_SCALE = 0.1
"""Below it, a rate that only scales steps was likely meant for another optimizer."""

_NOISE = {
    "signs": "grows a step while the sign of a gradient holds, which the noise of minibatches flips",
    "curvature": "learns curvature from differences of gradients, which between two minibatches are noise",
}
"""What minibatches do to an optimizer that needs the whole batch."""


def params_left_out(facts: Facts) -> Iterator[LintWarning]:
    """Param groups that leave a parameter out."""
    trained = {id(param) for param in facts.training.optimized}
    left = [name for name, param in facts.training.model.named_parameters() if id(param) not in trained]
    if not left:
        return
    owner = next(c for c in reversed(facts.optimizers) if c.config.param_groups is not None)
    clipped = ", and that counts in the clipped norm" if facts.config.clip_grad else ""
    yield LintWarning(
        "params_left_out",
        f"{owner.pointer}/param_groups",
        f"No param group holds {', '.join(left)}, so {_they(left)} never trained, and optimizer.zero_grad() "
        f"never clears the gradient there{clipped}: put {_it(left)} into a group, or freeze {_it(left)}.",
    )


def _they(names: list[str]) -> str:
    return "it is" if len(names) == 1 else "they are"


def _it(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"


def adam_weight_decay(facts: Facts) -> Iterator[LintWarning]:
    """L2 regularisation where weight decay was likely meant."""
    for chosen in facts.optimizers:
        if not chosen.info.scaled_l2 or chosen.value("decoupled_weight_decay"):
            continue
        for pointer, value in chosen.values("weight_decay"):
            if value > 0:
                other = chosen.info.decoupled_as
                instead = f"use {other}, or set" if other else "set"
                yield LintWarning(
                    "adam_weight_decay",
                    pointer,
                    f"{chosen.info.name} adds weight_decay {value:g} to the gradient and then divides it by "
                    f"the gradient's own size, so weights with large gradients hardly decay: {instead} "
                    "decoupled_weight_decay, if decay is what you mean.",
                )


def learning_rate_zero(facts: Facts) -> Iterator[LintWarning]:
    """Nothing moves."""
    if facts.config.lr_scheduler:
        return
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("lr"):
            if value == 0:
                yield LintWarning(
                    "learning_rate_zero",
                    pointer,
                    "A learning rate of 0 moves nothing: raise it, or freeze the layer to say so.",
                )


def climbs(facts: Facts) -> Iterator[LintWarning]:
    """Maximize a loss."""
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("maximize"):
            if value is True:
                yield LintWarning(
                    "climbs",
                    pointer,
                    "maximize makes every step climb, and what is recorded here is a loss: leave it off to "
                    "minimise it.",
                )


def momentum_never_decays(facts: Facts) -> Iterator[LintWarning]:
    """A velocity that keeps everything, or takes nothing."""
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("momentum"):
            if value == 1:
                yield LintWarning(
                    "momentum_never_decays",
                    pointer,
                    "With a momentum of 1 the velocity forgets nothing, so steps never die down, even at the "
                    "minimum: stay below 1, as with 0.9.",
                )
        for pointer, value in chosen.values("dampening"):
            if value == 1 and chosen.value("momentum"):
                yield LintWarning(
                    "dampening_blocks",
                    pointer,
                    "With a dampening of 1 no gradient after the first enters the velocity, which only "
                    "decays: lower it, 0 is usual.",
                )


def no_epsilon(facts: Facts) -> Iterator[LintWarning]:
    """A division by zero where a gradient is zero."""
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("eps"):
            if value == 0 and not chosen.info.bounded_at_zero:
                yield LintWarning(
                    "no_epsilon",
                    pointer,
                    "With eps 0 a parameter whose gradient is 0, as behind a dead ReLU, is moved by 0 / 0 = "
                    "NaN: keep eps above 0.",
                )


def averages_nothing(facts: Facts) -> Iterator[LintWarning]:
    """An average that never begins."""
    steps = facts.config.steps
    for chosen in facts.optimizers:
        for average, begin in chosen.info.averages.items():
            for pointer, value in chosen.values(begin):
                if value >= steps:
                    yield LintWarning(
                        "averages_nothing",
                        pointer,
                        f"{chosen.info.name} averages from step {begin} = {value:g} on, after the end of "
                        f"this run of {steps} steps, so its average {average} is only the last point: "
                        f"lower {begin}.",
                    )


def small_rate(facts: Facts) -> Iterator[LintWarning]:
    """A rate that suits other optimizers."""
    for chosen in facts.optimizers:
        if chosen.info.sizes_steps and 0 < chosen.value("lr") < _SMALL_SCALE:
            yield LintWarning(
                "small_adadelta",
                f"{chosen.pointer}/hyperparameters/lr",
                f"{chosen.info.name} finds the size of its steps itself, and lr {chosen.value('lr'):g} only "
                "shrinks them: begin with torch's 1.0.",
            )


def noisy_minibatches(facts: Facts) -> Iterator[LintWarning]:
    """Optimizers that need the whole batch."""
    if facts.config.batch_size is None or facts.config.batch_size >= facts.training.problem.samples:
        return
    for chosen in facts.optimizers:
        if chosen.info.noise:
            yield LintWarning(
                "noisy_minibatches",
                "/batch_size",
                f"{chosen.info.name} {_NOISE[chosen.info.noise]}: leave batch_size out.",
            )


def line_search(facts: Facts) -> Iterator[LintWarning]:
    """Steps that nobody checks, and gradients that are not the loss's own."""
    (chosen, *_) = facts.optimizers
    if chosen.info.takes("line_search_fn") and chosen.value("line_search_fn") is None:
        yield LintWarning(
            "no_line_search",
            f"{chosen.pointer}/hyperparameters/line_search_fn",
            f"{chosen.info.name} takes every step of its quadratic model at full length, which may go far "
            "off on a loss that is not convex: set line_search_fn to strong_wolfe.",
        )
    if chosen.info.noise == "curvature" and facts.config.clip_grad is not None:
        yield LintWarning(
            "clipped_line_search",
            "/clip_grad",
            f"{chosen.info.name} builds its curvature on gradients, and clipped ones do not belong to the "
            "loss that it measures: leave clipping out, its line search bounds the steps.",
        )


def muon_everywhere(facts: Facts) -> Iterator[LintWarning]:
    """Muon is meant for hidden layers."""
    (chosen, *_) = facts.optimizers
    if not chosen.info.matrices_only:
        return
    matrices = [name for name in facts.names if name.endswith(".weight")]
    if len(matrices) > 1 and matrices[-1] in _trained_by(facts, chosen):
        yield LintWarning(
            "muon_output_layer",
            f"{chosen.pointer}/param_groups",
            f"{chosen.info.name} is meant for hidden matrices, and also trains the output layer "
            f"{matrices[-1]} here: its authors give that to AdamW. Name the hidden weights in param_groups.",
        )


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
