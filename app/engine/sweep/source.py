"""The source of a kernel: one network, one loss and one update, written out for lanes of members.

Arrays are [units, lanes], lanes the contiguous axis: the innermost loops are over lanes, and the compiler
turns them into vector instructions. What lanes have for themselves is copied into arrays of one block of them
while it is trained, where an index is known to be none from the end.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from optiscope.engine.sweep import bends, by_sample, by_units
from optiscope.engine.sweep.lanes import Net
from optiscope.engine.sweep.special import SPECIAL_32, SPECIAL_64
from optiscope.engine.sweep.texts import (
    AFTER_CHUNK,
    BLOCK_HEAD,
    CLIP,
    HEAD,
    STEP,
    TRAIN_END,
    TRAIN_HEAD,
    lines,
)
from optiscope.engine.sweep.updates.table import UPDATES
from optiscope.engine.sweep.updates.update import Update

_TAKEN_TOGETHER = 64
"""Samples whose logarithms are taken as one, of a product of numbers from 1 to 2 that stays finite."""


def source_of(net: Net) -> str:
    """The text of the module that trains such networks."""
    update = UPDATES[net.update]
    bend, loss = getattr(bends, net.bend), getattr(bends, net.loss)
    functions = [bends.logistic, bend, loss, update.prepare, update.move]
    head = head_of(functions, net.lanes, is_double=net.is_double)
    return f"{head}\n\n{_measure(net)}\n\n{_train(net, update)}\n"


def head_of(functions: Sequence[Callable[..., Any]], lanes: int, *, is_double: bool) -> str:
    """What a module begins with: constants, and functions of one number by the sources of those of many."""
    bits, special = ("64", SPECIAL_64) if is_double else ("32", SPECIAL_32)
    head = HEAD.replace("@LANES@", str(lanes)).replace("@SPECIAL@", special)
    head = head.replace("@FLOAT@", f"float{bits}").replace("@INT@", f"int{bits}")
    texts = [f"@njit(**INLINED)\n{inspect.getsource(function)}" for function in functions]
    return "\n\n".join([head, *texts])


def _measure(net: Net) -> str:
    """The function that computes the mean loss of samples, as it is for all lanes."""
    return (
        lines(0, "@njit(**OPTIONS)", "def measure(first, last, params, x, y, found):")
        + by_units.arrays(net, "h")
        + lines(
            1,
            f"p = np.empty(({net.parameters}, L), F)",
            "total = np.empty(L, F)",
            "share = ONE / F(len(y))",
            "for block in range(first, last, L):",
            "    take(p, params, block)",
            "    total[:] = ZERO",
            "    for i in range(len(y)):",
        )
        + by_units.sample(net, 3, "i")
        + by_units.forward(net, 3, slopes=False)
        + lines(
            3,
            "for j in range(L):",
            f"    value, rest, _ = {net.loss}(z[j], t)",
            "    total[j] += value + log1p(rest)",
        )
        + lines(2, "for j in range(L):", "    found[block + j] = total[j] * share")
    )


def _train(net: Net, update: Update) -> str:
    """The function that takes steps ``begin`` to ``end`` of some blocks of lanes."""
    is_small = net.parameters <= by_sample.MOST_PARAMETERS
    before = f"{by_sample.function(net)}\n\n" if is_small else ""
    arrays = "" if is_small else by_units.arrays_to_train(net)
    states = [f"s{i}" for i in range(update.states)]
    count, columns = net.parameters, len(update.columns)
    return (
        before
        + TRAIN_HEAD.replace("@COUNT@", str(count)).replace("@COLUMNS@", str(columns))
        + arrays
        + lines(
            1,
            *(f"{s} = np.empty(({count}, L), F)" for s in states),
            *(f"c{i} = np.empty(L, F)" for i in range(update.coefficients)),
            "for block in range(first, last, L):",
            "    take(p, params, block)",
            *(f"    take({s}, states[{i}], block)" for i, s in enumerate(states)),
        )
        + BLOCK_HEAD.replace("@TOGETHER@", str(_TAKEN_TOGETHER))
        + (by_sample.samples(net) if is_small else by_units.samples(net))
        + AFTER_CHUNK
        + CLIP.replace("@COUNT@", str(count))
        + STEP.replace("@COLUMNS@", str(columns))
        + _moved(update)
        + TRAIN_END
        + lines(
            2,
            "give(params, p, block)",
            *(f"give(states[{i}], {s}, block)" for i, s in enumerate(states)),
        )
    )


def _moved(update: Update) -> str:
    """Coefficients of a step, and the parameters of part ``q`` moved by them."""
    states = [f"s{i}" for i in range(update.states)]
    coefficients = [f"c{i}" for i in range(update.coefficients)]
    given = [f"own_columns[base + {i}, j]" for i in range(len(update.columns))]
    given += [f"own_powers[{i} * parts_count + q, j]" for i in range(len(update.powers))]
    kept = [f"own_scalars[{i} * parts_count + q, j]" for i in range(len(update.scalars))]
    made = ", ".join([f"{c}[j]" for c in coefficients] + kept)
    moved = ", ".join(["w", *(f"{s}[k, j]" for s in states)]) + ("," if not states else "")
    numbers = ["p[k, j]", "g[k, j]", *(f"{s}[k, j]" for s in states), *(f"{c}[j]" for c in coefficients)]
    powers = (
        (
            f"if is_moving[{column}] != 0:",
            "    for j in range(L):",
            f"        own_powers[{i} * parts_count + q, j] = own_columns[base + {column}, j] ** tick",
            "else:",
            "    for j in range(L):",
            f"        own_powers[{i} * parts_count + q, j] *= own_columns[base + {column}, j]",
        )
        for i, column in enumerate(update.powers)
    )
    return lines(
        4,
        *(line for texts in powers for line in texts),
        "for j in range(L):",
        f"    {made} = {update.prepare.__name__}(tick, {', '.join(given + kept)})",
        "for k in range(parts[q, 0], parts[q, 1]):",
        "    for j in range(L):",
        f"        {moved} = {update.move.__name__}({', '.join(numbers)})",
        "        p[k, j] = w",
        "        finite[j] += w * ZERO",
    )
