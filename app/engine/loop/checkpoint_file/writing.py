"""A checkpoint as a file."""

import io
from collections.abc import Sequence
from typing import Any

import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.checkpoint import Checkpoint

FORMAT = 1


def write_checkpoint(config: RunConfig, checkpoint: Checkpoint) -> bytes:
    """The file of a checkpoint of a run of ``config``."""
    buffer = io.BytesIO()
    torch.save(tree_of(config, checkpoint), buffer)
    return buffer.getvalue()


def tree_of(config: RunConfig, checkpoint: Checkpoint) -> dict[str, Any]:
    """What is in that file."""
    schedulers: Sequence[Any] = checkpoint.lr_schedulers or (None,) * len(checkpoint.optimizers)
    (optimizer, lr_scheduler), *rest = zip(checkpoint.optimizers, schedulers, strict=True)
    more: dict[str, Any] = {"average": checkpoint.average} if config.average is not None else {}
    if config.loop.gradient_delay:
        more["late_grads"] = checkpoint.late_grads
    return {
        "format": FORMAT,
        "step": checkpoint.step,
        "config": config.model_dump(mode="json"),
        "model": checkpoint.model,
        "optimizer": optimizer,
        "lr_scheduler": lr_scheduler,
        "rest": {"optimizer": rest[0][0], "lr_scheduler": rest[0][1]} if rest else None,
        "grads": checkpoint.grads,
        "batches": checkpoint.batches,
    } | more
