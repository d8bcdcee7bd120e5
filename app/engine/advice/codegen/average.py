"""The lines that average the weights of a run, as people write them."""

from collections.abc import Iterator

from optiscope.engine.advice.codegen.layout import block, call, literal
from optiscope.engine.core.config import Averaging, EMAConfig, RunConfig

_UTILS = "torch.optim.swa_utils"

POINT = """\
class Point(nn.Module):
    def __init__(self):
        super().__init__()
        self.xy = xy"""
"""``AveragedModel`` averages a module: that of a test function has its point."""


def average_lines(config: RunConfig) -> list[str]:
    """``averaged = …`` for a ``model`` that is there, or nothing."""
    average = config.average
    if average is None:
        return []
    arguments = ["model"]
    if isinstance(average, EMAConfig):
        decay = call(f"{_UTILS}.get_ema_multi_avg_fn", [literal(float(average.decay))])
        arguments.append(f"multi_avg_fn={decay}")
    if average.use_buffers:
        arguments.append("use_buffers=True")
    return [f"averaged = {call(f'{_UTILS}.AveragedModel', arguments)}"]


def update_lines(average: Averaging | None) -> Iterator[str]:
    """What the loop does after ``optimizer.step()``."""
    if average is None:
        return
    conditions = [f"step >= {average.from_step}"] if average.from_step else []
    if average.every > 1:
        done = f"(step + 1 - {average.from_step})" if average.from_step else "(step + 1)"
        conditions.append(f"{done} % {average.every} == 0")
    update = "averaged.update_parameters(model)"
    yield from [f"if {' and '.join(conditions)}:", block([update])] if conditions else [update]


def printing_lines(average: Averaging | None, loss: str, precision: str = "") -> Iterator[str]:
    """What prints the losses of a step: its own, and that of all samples at the average.

    Args:
        average: Of the run.
        loss: The latter as an expression.
        precision: What it is computed under besides.
    """
    if average is None:
        yield "print(loss.item())"
        return
    yield f"with torch.no_grad(){precision}:"
    yield block([f"average_loss = {loss}"])
    yield "print(loss.item(), average_loss.item())"
