"""The cosine of ``timm.scheduler`` with its warm-up as a prefix.

The package computes rates and LambdaLR factors of them, so that the warm-up may differ in the last bits.
"""

from optiscope.engine.advice.schedule_presets.preset import (
    LRSchedulerPreset,
    Plan,
    Scheduler,
    factor,
    part_of,
)

_WARMUP_LR = 1e-5
"""The first rate by ``create_scheduler_v2``; a rate that is not above it begins at a tenth of itself."""

_EPOCHS = 30
"""Into how many epochs a run is divided where the rate changes by the epoch."""

_SOURCE = (
    "timm.scheduler.CosineLRScheduler. Loshchilov, Hutter (2017). SGDR: stochastic gradient descent with "
    "warm restarts. ICLR."
)


def _by_updates(run: Plan) -> Scheduler:
    return _cosine(run.steps, run.lr)


def _by_epochs(run: Plan) -> Scheduler:
    interval = part_of(run.steps, 1 / _EPOCHS)
    return {**_cosine(-(-run.steps // interval), run.lr), "interval": interval}


def _cosine(count: int, lr: float) -> Scheduler:
    """So many rates, of which a tenth are the warm-up."""
    warm = part_of(count, 0.1)
    rest = max(1, count - warm)
    first = min(_WARMUP_LR, lr / 10)
    rises = f"({first!r} + epoch * {(lr - first) / warm!r}) / {lr!r}"
    falls = f"0.5 * (1 + cos(pi * min(epoch - {warm}, {rest}) / {rest}))"
    return factor(f"{rises} if epoch < {warm} else {falls}")


OF_TIMM = (
    LRSchedulerPreset(
        "timm-cosine-by-updates",
        "cosine, by updates",
        "Rises along a line from 1e-5 for a tenth of the run, then falls along half a cosine to 0 "
        "(warmup_prefix=True, t_in_epochs=False).",
        _SOURCE,
        _by_updates,
        "timm",
    ),
    LRSchedulerPreset(
        "timm-cosine-by-epochs",
        "cosine, by epochs",
        "The same as a staircase, with a rate for each of 30 epochs (warmup_prefix=True, t_in_epochs=True).",
        _SOURCE,
        _by_epochs,
        "timm",
    ),
)
