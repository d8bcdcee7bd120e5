"""Minibatches: sizes without effect, samples never seen, and optimizers that need them all."""

from collections.abc import Iterator

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.core.words import say


def _batch_size_without_effect(facts: Facts) -> Iterator[LintWarning]:
    size, samples = facts.config.batch_size, facts.training.problem.samples
    if size is not None and size >= samples:
        because = (
            say("batch_size_without_effect_samples", samples=samples)
            if facts.training.problem.kind == "dataset"
            else say("batch_size_without_effect_no_data")
        )
        yield LintWarning("/batch_size", say("batch_size_without_effect", size=size, because=because))


def _batch_seed_without_effect(facts: Facts) -> Iterator[LintWarning]:
    seed = facts.config.batch_seed
    if seed is not None and not facts.uses_minibatches:
        yield LintWarning("/batch_seed", say("batch_seed_without_effect", seed=seed))


def _samples_never_seen(facts: Facts) -> Iterator[LintWarning]:
    size, samples = facts.config.batch_size, facts.training.problem.samples
    if size is not None and (left := samples - size * facts.config.steps) > 0:
        said = say(
            "samples_never_seen",
            count=facts.config.steps,
            seen=samples - left,
            samples=samples,
            epoch=-(-samples // size),
        )
        yield LintWarning("/steps", said)


def _noisy_minibatches(facts: Facts) -> Iterator[LintWarning]:
    if not facts.uses_minibatches:
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


RULES = (
    Rule(
        "batch_size_without_effect",
        "config",
        "a minibatch would hold all samples",
        _batch_size_without_effect,
    ),
    Rule(
        "batch_seed_without_effect",
        "config",
        "the order of minibatches has a seed, and there are no minibatches",
        _batch_seed_without_effect,
        frozenset({"batch_size_without_effect"}),
    ),
    Rule(
        "samples_never_seen",
        "config",
        "the run ends before its first epoch, with some samples in no minibatch",
        _samples_never_seen,
    ),
    Rule(
        "noisy_minibatches",
        "config",
        "an optimizer that compares gradients of two steps is given those of different samples",
        _noisy_minibatches,
    ),
)
