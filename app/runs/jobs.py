"""What workers are asked to do: pure functions of plain values, found by their names in any process."""

import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from app.engine.checkpoint import Checkpoint, Ended
from app.engine.config import OptimizerConfig, ProblemConfig, RunConfig
from app.engine.recorder import Block
from app.engine.training import advance


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some steps of a run, as a worker returns them.

    Attributes:
        blocks: The records.
        checkpoint: Where the run stands, packed for the next worker; empty after the end.
        step: Steps done.
        ended: The end, if the run has come to it.
        seconds: How long the worker took.
    """

    blocks: list[Block]
    checkpoint: bytes
    step: int
    ended: Ended | None
    seconds: float


def pack(checkpoint: Checkpoint) -> bytes:
    """A checkpoint for the next worker: far faster than the file format, and read by workers only."""
    fields = {name: getattr(checkpoint, name) for name in Checkpoint.__dataclass_fields__}
    return pickle.dumps(_arrays(fields), protocol=pickle.HIGHEST_PROTOCOL)


def unpack(data: bytes) -> Checkpoint:
    """The checkpoint that ``pack`` wrote."""
    return Checkpoint(**_tensors(pickle.loads(data)))  # noqa: S301 - packed by a worker of our own


def _arrays(value: Any) -> Any:
    """``value`` with its tensors as arrays."""
    if isinstance(value, torch.Tensor):
        return value.detach().numpy()
    return _inside(_arrays, value)


def _tensors(value: Any) -> Any:
    """``value`` with its arrays as tensors."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value)
    return _inside(_tensors, value)


def _inside(function: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, dict):
        return {key: function(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(function(part) for part in value)
    return value


def train_chunk(config: str, checkpoint: bytes | None, steps: int) -> Chunk:
    """``advance`` for a config as JSON and a checkpoint as bytes."""
    begun = time.perf_counter()
    standing = unpack(checkpoint) if checkpoint is not None else None
    blocks, reached = advance(RunConfig.model_validate_json(config), standing, steps)
    data = b"" if reached.ended else pack(reached)
    return Chunk(blocks, data, reached.step, reached.ended, time.perf_counter() - begun)


def warm_up() -> None:
    """Import and run once what every chunk needs, and keep torch to one thread."""
    torch.set_num_threads(1)
    config = RunConfig(problem=ProblemConfig(), optimizer=OptimizerConfig(name="Adam"), steps=2)
    chunk = train_chunk(config.canonical(), None, 1)
    train_chunk(config.canonical(), chunk.checkpoint, 1)
