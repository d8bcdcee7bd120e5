"""Members that are trained together: from their arrays to their cells, in parts."""

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.core.parts import Parts
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.sweep.cells import REASONS, Cells, Wanted
from optiscope.engine.sweep.compiled import Kernel
from optiscope.engine.sweep.lanes import Array, Common, Lanes, Net, Numbers
from optiscope.engine.sweep.notes import begun

_WORK = 5e6
"""Multiplications of a part: some milliseconds by a kernel, some tenths of a second stacked."""

_MOST_ROWS = 2**22
"""Rows of minibatches that are drawn ahead."""


def padded(members: NDArray[np.int64], lanes: int) -> NDArray[np.int64]:
    """The members, the last one repeated up to a multiple of lanes."""
    missing = -len(members) % lanes
    return np.concatenate([members, np.repeat(members[-1:], missing)])


def trained(
    kernel: Kernel, net: Net, common: Common, lanes: Lanes, members: NDArray[np.int64], wanted: Wanted
) -> Parts[Cells]:
    """The cells of some members.

    Args:
        kernel: Compiled or not.
        net: What it is made for.
        common: What the members share.
        lanes: Their arrays, which are trained in place; behind them those of lanes that only fill up.
        members: Their indices.
        wanted: The columns of the cells.
    """
    initial = yield from _measured(kernel, net, lanes, common.x, common.y)
    lanes.notes[:] = begun(initial, lanes.target)
    width = common.order(0, 0)[0].shape[1]
    of_a_step = float(width * common.accumulate * net.parameters)
    stretch = int(
        max(
            1,
            min(common.steps, _MOST_ROWS // (width * common.accumulate), _WORK // (of_a_step * kernel.lanes)),
        )
    )
    block = kernel.lanes * int(max(1, _WORK // (of_a_step * kernel.lanes * stretch)))
    count = lanes.params.shape[1]
    for begin in range(0, common.steps, stretch):
        end = min(begin + stretch, common.steps)
        rows, counts = common.order(begin, end)
        for first in range(0, count, block):
            _train(kernel, net, common, lanes, (first, min(first + block, count), begin, end), (rows, counts))
            yield
    end_loss = yield from _measured(kernel, net, lanes, common.x, common.y)
    test_loss = None
    if wanted.test_loss:
        test_loss = yield from _measured(kernel, net, lanes, common.x_test, common.y_test)
    return _cells(lanes, (initial, end_loss, test_loss), members, wanted)


def _train(
    kernel: Kernel,
    net: Net,
    common: Common,
    lanes: Lanes,
    where: tuple[int, int, int, int],
    order: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> None:
    kernel.train(
        *where,
        common.x,
        common.y,
        *order,
        common.accumulate,
        net.dtype(common.scale),
        common.parts,
        common.ticks,
        lanes.moving,
        common.plateau_every,
        common.clip,
        lanes.params,
        lanes.states,
        lanes.columns,
        lanes.powers,
        lanes.scalars,
        lanes.table,
        lanes.row,
        lanes.bound,
        lanes.sense,
        lanes.plateau,
        lanes.plateau_state,
        lanes.target,
        lanes.notes,
    )


def _measured(kernel: Kernel, net: Net, lanes: Lanes, x: Array, y: Array) -> Parts[Numbers]:
    """The mean loss of some samples, as it is now."""
    found = np.empty(lanes.params.shape[1], lanes.params.dtype)
    block = kernel.lanes * int(max(1, _WORK // (len(x) * net.parameters * kernel.lanes)))
    for first in range(0, len(found), block):
        kernel.measure(first, min(first + block, len(found)), lanes.params, x, y, found)
        yield
    return found.astype(np.float64)


def _cells(
    lanes: Lanes,
    losses: tuple[Numbers, Numbers, Numbers | None],
    members: NDArray[np.int64],
    wanted: Wanted,
) -> Cells:
    """The cells of lanes that were trained.

    Args:
        lanes: Theirs; what lies behind them only fills up.
        losses: Of each lane at the start, at the end, and of held-out samples at the end.
        members: Their indices.
        wanted: The columns of the cells.
    """
    n = len(members)
    alive, final, best, reached, last = lanes.notes[:, :n]
    lost = alive == 0
    initial, end_loss, test_loss = losses
    for measured in (end_loss, test_loss):
        if measured is not None:
            measured[:n][lost] = np.nan
    completed, diverged = REASONS.index(Reason.COMPLETED), REASONS.index(Reason.DIVERGED)
    return Cells(
        members=members,
        initial_loss=initial[:n],
        final_loss=final.copy(),
        end_loss=end_loss[:n],
        test_loss=None if test_loss is None else test_loss[:n],
        best_loss=best.copy(),
        steps_to_target=None if wanted.target is None else reached.copy(),
        last_step=last.astype(np.int64),
        ended=np.where(lost, diverged, completed).astype(np.int8),
        end=np.full((n, 2), np.nan) if wanted.end else None,
    )
