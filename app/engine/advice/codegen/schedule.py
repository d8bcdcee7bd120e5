"""The lines of the loop that call the schedulers."""

from collections.abc import Iterator, Sequence

from optiscope.engine.advice.codegen.layout import block
from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS


def schedule_lines(config: LRSchedulerConfig, optimizers: int) -> Iterator[str]:
    """What a loop over ``step`` calls, for so many optimizers with a scheduler each."""
    names = ["scheduler"] if optimizers == 1 else [f"schedulers[{i}]" for i in range(optimizers)]
    if config.interval == 1:
        yield from _calls(config, names, "step")
        return
    counts = LR_SCHEDULERS[config.name].hands_over or config.epoch_steps is not None
    counting = [f"call = step // {config.interval}"] if counts else []
    yield f"if (step + 1) % {config.interval} == 0:"
    yield block([*counting, *_calls(config, names, "call")])


def _calls(config: LRSchedulerConfig, names: Sequence[str], count: str) -> Iterator[str]:
    """The calls, given the variable that counts those before."""
    if not LR_SCHEDULERS[config.name].hands_over:
        yield from (f"{name}.step({_argument(config, count)})" for name in names)
        return
    own, milestones = config.schedulers or (), config.milestones or ()
    lists = ["schedulers"] if len(names) == 1 else names
    for i, part in enumerate(own):
        begun = milestones[i - 1] if i else 0
        argument = _argument(part, f"({count} - {begun})" if begun else count)
        calls = [f"{name}[{i}].step({argument})" for name in lists]
        if len(own) == 1:
            yield from calls
        else:
            yield _branch(count, i, milestones)
            yield block(calls)


def _branch(count: str, i: int, milestones: Sequence[int]) -> str:
    if i == len(milestones):
        return "else:"
    return f"{'elif' if i else 'if'} {count} < {milestones[i]}:"


def _argument(config: LRSchedulerConfig, count: str) -> str:
    if LR_SCHEDULERS[config.name].needs_metric:
        return "loss.item()"
    if length := config.epoch_steps:
        return f"{count} // {length} + {count} % {length} / {length}"
    return ""
