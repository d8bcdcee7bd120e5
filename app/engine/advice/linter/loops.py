"""The loop, freezing, clipping and minibatches."""

from collections.abc import Iterator

from optiscope.engine.advice.linter.facts import Chosen, Facts, LintWarning, Rule
from optiscope.engine.recipe.models import dead_units


def scheduler_first(facts: Facts) -> Iterator[LintWarning]:
    """The schedule's first value is skipped."""
    if facts.config.loop.scheduler_first and facts.config.lr_scheduler:
        yield LintWarning(
            "scheduler_first",
            "/loop/scheduler_first",
            "scheduler.step() comes before optimizer.step(), so the first value of the schedule is skipped "
            "and every step uses the rate of the next: call it after optimizer.step().",
        )


def zero_grad_off(facts: Facts) -> Iterator[LintWarning]:
    """Gradients add up."""
    if not facts.config.loop.zero_grad:
        yield LintWarning(
            "zero_grad_off",
            "/loop/zero_grad",
            "Gradients are never cleared, so each step uses the sum of all gradients so far, which acts like "
            "momentum without decay: call optimizer.zero_grad() in every step.",
        )


def frozen_drift(facts: Facts) -> Iterator[LintWarning]:
    """A frozen parameter that keeps a .grad moves."""
    loop = facts.config.loop
    for i, rule in enumerate(facts.config.freeze):
        if rule.clear_grad or (loop.zero_grad and loop.set_to_none) or rule.from_step == 0:
            continue
        if loop.zero_grad and not any(map(_moves_without_gradient, facts.optimizers)):
            continue
        keeps = "zeros" if loop.zero_grad else "the last gradient"
        yield LintWarning(
            "frozen_drift",
            f"/freeze/{i}/clear_grad",
            f"{', '.join(rule.params)} keeps {keeps} as .grad while frozen, so optimizer.step() still moves "
            "it, by gradient, momentum or weight decay: set .grad to None when freezing, as clear_grad does.",
        )


def freeze_never(facts: Facts) -> Iterator[LintWarning]:
    """A rule that begins after the end."""
    steps = facts.config.steps
    for i, rule in enumerate(facts.config.freeze):
        if rule.from_step >= steps:
            yield LintWarning(
                "freeze_never",
                f"/freeze/{i}/from_step",
                f"{', '.join(rule.params)} would be frozen from step {rule.from_step} on, but the run has "
                f"only {steps} steps: lower from_step or lengthen the run.",
            )


def unfreeze_jump(facts: Facts) -> Iterator[LintWarning]:
    """State that was kept while a layer was frozen."""
    chosen = next(filter(_keeps_direction, facts.optimizers), None)
    for i, rule in enumerate(facts.config.freeze if chosen else ()):
        if chosen and rule.from_step > 0 and rule.to_step is not None and rule.to_step < facts.config.steps:
            yield LintWarning(
                "unfreeze_jump",
                f"/freeze/{i}/to_step",
                f"{chosen.info.name} keeps its averages of {', '.join(rule.params)} while it is frozen, so "
                f"the first step after {rule.to_step} follows gradients from before {rule.from_step}: "
                "expect a jump, or begin with a new optimizer there.",
            )


def _keeps_direction(chosen: Chosen) -> bool:
    return bool({"exp_avg", "momentum_buffer"} & set(chosen.info.state)) and chosen.value("momentum") != 0


def _moves_without_gradient(chosen: Chosen) -> bool:
    decays = any(value > 0 for name in ("weight_decay", "lambd") for _, value in chosen.values(name))
    return decays or _keeps_direction(chosen)


def batch_size_without_effect(facts: Facts) -> Iterator[LintWarning]:
    """A minibatch of everything."""
    size, samples = facts.config.batch_size, facts.training.problem.samples
    if size is not None and size >= samples:
        what = (
            f"the dataset has {samples}" if facts.training.problem.kind == "dataset" else "there is no data"
        )
        yield LintWarning(
            "batch_size_without_effect",
            "/batch_size",
            f"batch_size {size} changes nothing, since {what}: every step sees all of it in order. Leave it "
            f"out or make it smaller.",
        )


def dead_layer(facts: Facts) -> Iterator[LintWarning]:
    """A layer of which no unit is active at the start."""
    x = facts.training.problem.x
    if x is None:
        return
    hidden = dict(facts.training.model.named_children())
    for layer, dead in dead_units(facts.training.model, x).items():
        if len(dead) == hidden[layer].out_features:
            yield LintWarning(
                "dead_layer",
                "/model/seed",
                f"No sample activates any ReLU of {layer} at the start, so neither it nor the layers before "
                "it get any gradient: take another seed, more units or another activation.",
            )
            return


def torch_warnings(facts: Facts) -> Iterator[LintWarning]:
    """What torch itself warned of while the run was set up."""
    for text in facts.training.torch_warnings:
        yield LintWarning("torch", "", text)


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
