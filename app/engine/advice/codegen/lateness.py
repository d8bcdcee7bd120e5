"""The lines of a script whose gradients arrive late, or whose optimum moves."""

from collections.abc import Iterator

from optiscope.engine.advice.codegen.layout import block, literal
from optiscope.engine.core.config import CircularDriftConfig, RunConfig


def queue_lines(config: RunConfig) -> Iterator[str]:
    """Where gradients wait, or nothing."""
    if config.loop.gradient_delay:
        yield "late = []  # gradients on their way"


def delay_lines(config: RunConfig, params: str) -> Iterator[str]:
    """What comes once all gradients are there, or nothing.

    Args:
        config: The run.
        params: All parameters, as an expression.
    """
    delay = config.loop.gradient_delay
    if not delay:
        return
    is_freezing = any(rule.by == "requires_grad" for rule in config.freeze)
    there = "p.grad if p.requires_grad else None" if is_freezing else "p.grad"
    yield f"late.append([{there} for p in {params}])"
    yield f"arrived = late.pop(0) if len(late) > {delay} else [None] * len(late[0])"
    yield f"for p, grad in zip({params}, arrived):"
    yield block(["if p.requires_grad:", block(["p.grad = grad"])] if is_freezing else ["p.grad = grad"])


def drift_lines(config: RunConfig) -> Iterator[str]:
    """How far the function has been carried by now, or nothing."""
    drift = config.loop.drift
    if drift is None:
        return
    if isinstance(drift, CircularDriftConfig):
        radius = literal(float(drift.radius))
        yield f"angle = 2 * math.pi * step / {drift.period}"
        at = f"{radius} * (math.cos(angle) - 1), {radius} * math.sin(angle)"
    else:
        at = ", ".join(f"{literal(float(speed))} * step" for speed in drift.velocity)
    yield f"origin = torch.tensor([{at}], dtype=torch.{config.dtype})"
