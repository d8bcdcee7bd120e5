"""What workers are asked to do: pure functions of plain values, found by their names in any process."""

import math
import pickle
import time
from collections.abc import Sequence
from dataclasses import dataclass

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.parts import Parts
from optiscope.engine.lens.boundary import Boundary, View, boundary_in_parts
from optiscope.engine.lens.central_flow import CentralFlow, NoFlow, central_flow_in_parts
from optiscope.engine.lens.curvature import Curvature, curvature_in_parts
from optiscope.engine.lens.gradient_noise import GradientNoise, NoNoise, gradient_noise_in_parts
from optiscope.engine.lens.grid import Window
from optiscope.engine.lens.held_out import HeldOutLoss, NoHeldOut, held_out_loss_in_parts
from optiscope.engine.lens.loss_surface import Surface, surface_in_parts
from optiscope.engine.lens.planes import PlaneConfig
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint, Ended
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.training import advance


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some steps of a run, as a worker returns them.

    Attributes:
        blocks: The records.
        checkpoint: Where the run stands, pickled for the next worker; empty after the end.
        step: Steps done.
        ended: The end, if the run has come to it.
        seconds: How long the worker took.
    """

    blocks: list[Block]
    checkpoint: bytes
    step: int
    ended: Ended | None
    seconds: float

    @property
    def records(self) -> int:
        """How many records there are."""
        return sum(map(len, self.blocks))

    @property
    def nbytes(self) -> int:
        """Their size."""
        return sum(block.nbytes() for block in self.blocks)


def train_chunk(config: str, checkpoint: bytes | None, steps: int, seconds: float = math.inf) -> Chunk:
    """``advance`` for a config as JSON and a pickled checkpoint."""
    begun = time.perf_counter()
    checkpoint_before = pickle.loads(checkpoint) if checkpoint is not None else None  # noqa: S301 - written two lines below
    blocks, reached = advance(RunConfig.model_validate_json(config), checkpoint_before, steps, seconds)
    return _chunk(blocks, reached, time.perf_counter() - begun)


def train_whole(configs: Sequence[str], seconds: float = math.inf) -> list[Chunk]:
    """Several short runs from their beginnings, to their ends if there is time, each with its share of it."""
    begun = time.perf_counter()
    advanced = advance_together([RunConfig.model_validate_json(config) for config in configs], seconds)
    taken = (time.perf_counter() - begun) / len(configs)
    return [_chunk(blocks, reached, taken) for blocks, reached in advanced]


def _chunk(blocks: list[Block], reached: Checkpoint, seconds: float) -> Chunk:
    data = b"" if reached.ended else pickle.dumps(reached, pickle.HIGHEST_PROTOCOL)
    return Chunk(blocks, data, reached.step, reached.ended, seconds)


def surface_of(
    configs: Sequence[str],
    blocks: Sequence[Sequence[Block]],
    plane: PlaneConfig | None,
    resolution: int,
    window: Window | None,
    limits: Limits,
) -> Parts[Surface]:
    """``loss_surface`` for configs as JSON."""
    runs = [RunConfig.model_validate_json(config) for config in configs]
    return surface_in_parts(runs, blocks, plane, resolution, window, limits)


def boundary_of(
    configs: Sequence[str],
    blocks: Sequence[Sequence[Block]],
    steps: Sequence[int],
    view: View,
    limits: Limits,
) -> Parts[Boundary]:
    """``boundary`` for configs as JSON."""
    runs = [RunConfig.model_validate_json(config) for config in configs]
    return boundary_in_parts(runs, blocks, steps, view, limits)


def curvature_of(
    config: str,
    blocks: Sequence[Block],
    every: int | None,
    steps: Sequence[int] | None,
    top: int,
    limits: Limits,
) -> Parts[Curvature]:
    """``curvature`` for a config as JSON."""
    run = RunConfig.model_validate_json(config)
    return curvature_in_parts(run, blocks, every, steps, top, limits)


def held_out_loss_of(
    config: str, blocks: Sequence[Block], every: int | None, steps: Sequence[int] | None, limits: Limits
) -> Parts[HeldOutLoss | NoHeldOut]:
    """``held_out_loss`` for a config as JSON."""
    return held_out_loss_in_parts(RunConfig.model_validate_json(config), blocks, every, steps, limits)


def central_flow_of(
    config: str,
    blocks: Sequence[Block],
    from_step: int | None,
    to_step: int | None,
    window: int,
    limits: Limits,
) -> Parts[CentralFlow | NoFlow]:
    """``central_flow`` for a config as JSON."""
    run = RunConfig.model_validate_json(config)
    return central_flow_in_parts(run, blocks, from_step, to_step, window, limits)


def gradient_noise_of(
    config: str, blocks: Sequence[Block], step: int | None, seed: int
) -> Parts[GradientNoise | NoNoise]:
    """``gradient_noise`` for a config as JSON."""
    return gradient_noise_in_parts(RunConfig.model_validate_json(config), blocks, step, seed)
