"""The loop, freezing, clipping and minibatches."""

from collections.abc import Iterator

from optiscope.engine.advice.linter.facts import Chosen, Facts, LintWarning, Rule
from optiscope.engine.core.words import say
from optiscope.engine.recipe.models import dead_units


def scheduler_first(facts: Facts) -> Iterator[LintWarning]:
    """The schedule's first value is skipped."""
    if facts.config.loop.scheduler_first and facts.config.lr_scheduler:
        yield LintWarning("/loop/scheduler_first", say("scheduler_first"))


def zero_grad_off(facts: Facts) -> Iterator[LintWarning]:
    """Gradients add up."""
    if not facts.config.loop.zero_grad:
        yield LintWarning("/loop/zero_grad", say("zero_grad_off"))


def frozen_drift(facts: Facts) -> Iterator[LintWarning]:
    """A frozen parameter that keeps a .grad moves."""
    loop = facts.config.loop
    for i, rule in enumerate(facts.config.freeze):
        if rule.clear_grad or (loop.zero_grad and loop.set_to_none) or rule.from_step == 0:
            continue
        if loop.zero_grad and not any(map(_moves_without_gradient, facts.optimizers)):
            continue
        keeps = say("frozen_drift_zeros") if loop.zero_grad else say("frozen_drift_last_gradient")
        yield LintWarning(f"/freeze/{i}/clear_grad", say("frozen_drift", params=rule.params, keeps=keeps))


def freeze_never(facts: Facts) -> Iterator[LintWarning]:
    """A rule that begins after the end."""
    steps = facts.config.steps
    for i, rule in enumerate(facts.config.freeze):
        if rule.from_step >= steps:
            said = say("freeze_never", params=rule.params, from_step=rule.from_step, count=steps)
            yield LintWarning(f"/freeze/{i}/from_step", said)


def unfreeze_jump(facts: Facts) -> Iterator[LintWarning]:
    """State that was kept while a layer was frozen."""
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


def batch_size_without_effect(facts: Facts) -> Iterator[LintWarning]:
    """A minibatch of everything."""
    size, samples = facts.config.batch_size, facts.training.problem.samples
    if size is not None and size >= samples:
        because = (
            say("batch_size_without_effect_samples", samples=samples)
            if facts.training.problem.kind == "dataset"
            else say("batch_size_without_effect_no_data")
        )
        yield LintWarning("/batch_size", say("batch_size_without_effect", size=size, because=because))


def dead_layer(facts: Facts) -> Iterator[LintWarning]:
    """A layer of which no unit is active at the start."""
    x = facts.training.problem.x
    if x is None:
        return
    hidden = dict(facts.training.model.named_children())
    for layer, dead in dead_units(facts.training.model, x).items():
        if len(dead) == hidden[layer].out_features:
            yield LintWarning("/model/seed", say("dead_layer", layer=layer))
            return


def torch_warnings(facts: Facts) -> Iterator[LintWarning]:
    """What torch itself warned of while the run was set up."""
    for text in facts.training.torch_warnings:
        yield LintWarning("", say("torch", why=text))


RULES: tuple[Rule, ...] = (
    torch_warnings,
    scheduler_first,
    zero_grad_off,
    frozen_drift,
    freeze_never,
    unfreeze_jump,
    batch_size_without_effect,
    dead_layer,
)
