"""The probing run: the first steps of a recipe, taken by the loop that would take them all, and measured."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.advice.linter.trials import STEPS, Trials, trying
from optiscope.engine.advice.schedules import lr_of, momenta_of
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import Parts, whole
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint, Ended, Reason
from optiscope.engine.loop.effort import effort_of
from optiscope.engine.loop.training import Training, advance
from optiscope.engine.recipe.optimizers.places import places_of

Values = NDArray[np.float64]

LEAST_STEPS = 2
"""Of the largest network, too: fewer show nothing."""

_AT_ONCE = 50
"""Steps between two points at which the probe may be given up."""

_OVERHEAD = 50_000
"""What a pass of the loop costs beside its arithmetic, in operations."""

_PASSES = 6
"""Operations of a forward and a backward pass, per sample and parameter."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The first ``steps`` steps of a run; row k of a column is record k, and row 0 is where it began.

    Attributes:
        steps: Steps taken.
        is_whole: Whether they are all that the run has.
        ended: Why it took no more, if it diverged or failed.
        loss: [steps + 1] of each forward pass.
        lr: [steps + 1, groups] what each step used; before a group is added, its first rate.
        momentum: [steps + 1, groups] momentum or beta1, NaN for a group without.
        grad_norm: [steps + 1] before clipping; NaN at 0.
        clipped: [steps + 1] after clipping, ``grad_norm`` itself without it.
        params: Name to [steps + 1, numel] after the step.
        grads: Name to [steps + 1, numel] as ``optimizer.step()`` was given them; NaN where there was none.
        blocks: The records themselves.
        torch_warnings: What torch warned of in them.
        trials: Steps that were tried from where it stood before the last.
    """

    steps: int
    is_whole: bool
    ended: Ended | None
    loss: Values
    lr: Values
    momentum: Values
    grad_norm: Values
    clipped: Values
    params: dict[str, Values]
    grads: dict[str, Values]
    blocks: Sequence[Block]
    torch_warnings: Sequence[str]
    trials: Trials

    @property
    def diverged(self) -> bool:
        """Whether the loss or a parameter is no number any more."""
        return self.ended is not None and self.ended.reason is Reason.DIVERGED

    def moves(self, name: str) -> Values:
        """[steps, numel] what each step added to a parameter."""
        return np.diff(self.params[name], axis=0)

    @property
    def position(self) -> Values:
        """[steps + 1, all] the parameters, one behind the other."""
        return np.concatenate(list(self.params.values()), axis=1)

    @property
    def gradient(self) -> Values:
        """[steps + 1, all] the gradients in the same order; NaN where there was none."""
        return np.concatenate(list(self.grads.values()), axis=1)

    def lengths(self) -> Values:
        """[steps] the 2-norm of what each step added to all parameters."""
        with np.errstate(all="ignore"):
            lengths: Values = np.linalg.norm(np.diff(self.position, axis=0), axis=1)
        return lengths

    def state(self, key: str) -> dict[str, Values]:
        """Name to [m, numel] what the optimizer kept after each of the last m steps, where it kept it."""
        found: dict[str, list[Values]] = {}
        for block in self.blocks:
            for name, keys in block.state.items():
                if key in keys:
                    found.setdefault(name, []).append(_flat(keys[key]))
        return {name: np.concatenate(parts) for name, parts in found.items()}


def probe(config: RunConfig, training: Training, most: int | None = None) -> Probe:
    """Take the first steps of a run, see :func:`probing`, in one go."""
    return whole(probing(config, training, most))


def probing(config: RunConfig, training: Training, most: int | None = None) -> Parts[Probe]:
    """Take the first steps of a run, as a job that may be given up between its parts.

    Where the limits allow it, further steps are tried from where the run then stands.

    Args:
        config: The run.
        training: What it is built to, with the limits that bound the probe.
        most: No more steps than so many.
    """
    affordable = int(training.limits.max_probe_operations // step_cost(training))
    steps = min(config.steps, training.limits.max_probe_steps, max(affordable, LEAST_STEPS))
    steps = min(steps, most or steps)
    blocks, stands = yield from _taken(config, steps)
    trials = Trials()
    if affordable >= LEAST_STEPS + 2 * STEPS:
        trials = yield from trying(config, stands[-2])
        if not trials.has_moved:  # where it has arrived nothing can be seen, as it could where it began
            trials = yield from trying(config, stands[0])
    return _measured(blocks, stands[-1], trials, len(places_of(config.optimizer)))


def _taken(config: RunConfig, steps: int) -> Parts[tuple[list[Block], list[Checkpoint]]]:
    """The first steps: their records, and where the run stood early on, in between, and stands in the end."""
    blocks, after = advance(config, None, min(steps - 1, LEAST_STEPS))
    stands = [after, after]
    while after.step < steps and after.ended is None:
        yield
        more, after = advance(config, after, min(max(steps - 1 - after.step, 1), _AT_ONCE))
        blocks = [*blocks, *more]
        stands.append(after)
    return blocks, stands


def step_cost(training: Training) -> int:
    """The operations of one step, at most."""
    effort = effort_of(training)
    return effort.evaluations * (_OVERHEAD + _PASSES * effort.parameters * effort.samples)


def _measured(blocks: Sequence[Block], after: Checkpoint, trials: Trials, groups: int) -> Probe:
    count = sum(map(len, blocks))
    norms = np.concatenate([_or_nan(block.grad_norm, len(block)) for block in blocks])
    clipped = np.concatenate([_or_nan(_given_norm(block), len(block)) for block in blocks])
    names = list(blocks[0].params)
    ended = after.ended if after.ended and after.ended.reason is not Reason.COMPLETED else None
    return Probe(
        steps=count - 1,
        is_whole=after.ended is not None,
        ended=ended,
        loss=np.concatenate([block.loss for block in blocks]).astype(np.float64),
        lr=_as_if_there(lr_of(blocks, groups)),
        momentum=momenta_of(blocks, groups),
        grad_norm=norms,
        clipped=clipped,
        params={name: np.concatenate([_flat(block.params[name]) for block in blocks]) for name in names},
        grads={name: np.concatenate([_gradient(block, name) for block in blocks]) for name in names},
        blocks=blocks,
        torch_warnings=after.torch_warnings,
        trials=trials,
    )


def _given_norm(block: Block) -> NDArray[np.floating] | None:
    """The norm of the gradients that the optimizer was given."""
    clipped = block.optional.get("clipped_grad_norm")
    return clipped if isinstance(clipped, np.ndarray) else block.grad_norm


def _as_if_there(rates: Values) -> Values:
    """[n, groups] with the first rate of a group before it is added, too."""
    begins = np.argmax(~np.isnan(rates), axis=0)
    early = np.arange(len(rates))[:, None] < begins
    return np.where(early, rates[begins, np.arange(rates.shape[1])], rates)


def _flat(values: NDArray[np.floating]) -> Values:
    return values.reshape(len(values), -1).astype(np.float64)


def _or_nan(values: NDArray[np.floating] | None, count: int) -> Values:
    return np.full(count, np.nan) if values is None else values.astype(np.float64)


def _gradient(block: Block, name: str) -> Values:
    values = None if block.grads is None else block.grads[name]
    return np.full_like(_flat(block.params[name]), np.nan) if values is None else _flat(values)
