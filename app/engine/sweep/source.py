"""The source of a kernel: one network, one loss and one update, written out for lanes of members.

Arrays are [units, lanes], lanes the contiguous axis: a loop over units, with the sum over what a unit is fed
written out inside one loop over lanes, which the compiler turns into vector instructions.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from optiscope.engine.sweep import bends
from optiscope.engine.sweep.lanes import Net
from optiscope.engine.sweep.special import SPECIAL_32, SPECIAL_64
from optiscope.engine.sweep.texts import CLIP, HEAD, TRAIN_END, TRAIN_HEAD
from optiscope.engine.sweep.updates.table import UPDATES
from optiscope.engine.sweep.updates.update import Update

_SUM = 8
"""Terms of a sum that are written out at once."""


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


def _lines(depth: int, *lines: str) -> str:
    return "".join(f"{'    ' * depth}{line}\n" for line in lines)


def _chunks(count: int) -> Iterator[range]:
    return (range(first, min(first + _SUM, count)) for first in range(0, count, _SUM))


def _forward(net: Net, depth: int, *, slopes: bool) -> str:
    """From the inputs ``x0``, ``x1``, … to ``z``, the output."""
    text, layers = "", list(net.layers())
    for number, (inputs, units, weights, biases) in enumerate(layers):
        fed = [f"x{k}" if number == 0 else f"h{number}[{k}, j]" for k in range(inputs)]
        is_last = number == len(layers) - 1
        text += _lines(depth, f"for u in range({units}):")
        for i, chunk in enumerate(_chunks(inputs)):
            terms = " + ".join(f"p[{weights + k} + u * {inputs}, j] * {fed[k]}" for k in chunk)
            before = "z[j]" if i else f"p[{biases} + u, j]"
            text += _lines(depth + 1, "for j in range(L):", f"    z[j] = {before} + {terms}")
        if not is_last:
            both = f"h{number + 1}[u, j], d{number + 1}[u, j]" if slopes else f"h{number + 1}[u, j], _"
            text += _lines(depth + 1, "for j in range(L):", f"    {both} = {net.bend}(z[j])")
    return text


def _backward(net: Net, depth: int) -> str:
    """From ``e`` of the output to the gradients ``g``."""
    text, layers = "", list(net.layers())
    for number, (inputs, units, weights, biases) in reversed(list(enumerate(layers))):
        fed = [f"x{k}" if number == 0 else f"h{number}[{k}, j]" for k in range(inputs)]
        error = f"e{number + 1}"
        text += _lines(depth, f"for u in range({units}):")
        for i, chunk in enumerate(_chunks(inputs)):
            text += _lines(depth + 1, "for j in range(L):", f"    v = {error}[u, j]")
            if i == 0:
                text += _lines(depth + 2, f"g[{biases} + u, j] += v")
            text += _lines(depth + 2, *(f"g[{weights + k} + u * {inputs}, j] += v * {fed[k]}" for k in chunk))
        if number == 0:
            continue
        text += _lines(depth, f"for k in range({inputs}):")
        for i, chunk in enumerate(_chunks(units)):
            terms = " + ".join(f"{error}[{u}, j] * p[{weights + u * inputs} + k, j]" for u in chunk)
            before = "z[j] + " if i else ""
            text += _lines(depth + 1, "for j in range(L):", f"    z[j] = {before}{terms}")
        slope = f"d{number}[k, j]"
        passed = f"where({slope} == ZERO, ZERO, z[j])" if net.bend in bends.CUTTING else f"z[j] * {slope}"
        text += _lines(depth + 1, "for j in range(L):", f"    e{number}[k, j] = {passed}")
    return text


def _arrays(net: Net, *names: str) -> str:
    """The local arrays of the hidden layers."""
    return _lines(
        1,
        "z = np.empty(L, F)",
        *(
            f"{name}{number} = np.empty(({units}, L), F)"
            for number, units in enumerate(net.widths[1:-1], start=1)
            for name in names
        ),
    )


def _inputs(net: Net, depth: int, row: str) -> str:
    return _lines(depth, *(f"x{k} = x[{row}, {k}]" for k in range(net.widths[0])), f"t = y[{row}]")


def _measure(net: Net) -> str:
    """The function that computes the mean loss of samples, as it is for all lanes."""
    return (
        _lines(0, "@njit(**OPTIONS)", "def measure(first, last, params, x, y, found):")
        + _arrays(net, "h")
        + _lines(
            1,
            f"p = np.empty(({net.parameters}, L), F)",
            "total = np.empty(L, F)",
            "share = ONE / F(len(y))",
            "for block in range(first, last, L):",
            f"    for k in range({net.parameters}):",
            "        for j in range(L):",
            "            p[k, j] = params[k, block + j]",
            "    total[:] = ZERO",
            "    for i in range(len(y)):",
        )
        + _inputs(net, 3, "i")
        + _forward(net, 3, slopes=False)
        + _lines(
            3,
            "for j in range(L):",
            f"    value, _ = {net.loss}(z[j], t)",
            "    total[j] += value",
        )
        + _lines(2, "for j in range(L):", "    found[block + j] = total[j] * share")
    )


def _train(net: Net, update: Update) -> str:
    """The function that takes steps ``begin`` to ``end`` of some blocks of lanes."""
    states = [f"s{i}" for i in range(update.states)]
    coefficients = [f"c{i}" for i in range(update.coefficients)]
    columns, powers, scalars = len(update.columns), len(update.powers), len(update.scalars)
    outer = len(net.widths) - 1
    given = [f"columns[base + {i}, block + j]" for i in range(columns)]
    given += [f"powers[{i} * parts_count + q, block + j]" for i in range(powers)]
    kept = [f"scalars[{i} * parts_count + q, block + j]" for i in range(scalars)]
    made = ", ".join([f"{c}[j]" for c in coefficients] + kept)
    moved = ", ".join(["w", *(f"{s}[k, j]" for s in states)]) + ("," if not states else "")
    moving = ", ".join(
        ["p[k, j]", "g[k, j]", *(f"{s}[k, j]" for s in states), *(f"{c}[j]" for c in coefficients)]
    )
    power_lines = [
        line
        for i, column in enumerate(update.powers)
        for line in (
            f"if is_moving[{column}] != 0:",
            "    for j in range(L):",
            f"        powers[{i} * parts_count + q, block + j] = columns[base + {column}, block + j] ** tick",
            "else:",
            "    for j in range(L):",
            f"        powers[{i} * parts_count + q, block + j] *= columns[base + {column}, block + j]",
        )
    ]
    count = net.parameters
    return (
        TRAIN_HEAD.replace("@COUNT@", str(count)).replace("@COLUMNS@", str(columns))
        + _arrays(net, "h", "d", "e")
        + _lines(
            1,
            f"e{outer} = np.empty((1, L), F)",
            *(f"{s} = np.empty(({count}, L), F)" for s in states),
            *(f"{c} = np.empty(L, F)" for c in coefficients),
            "for block in range(first, last, L):",
            f"    for k in range({count}):",
            "        for j in range(L):",
            "            p[k, j] = params[k, block + j]",
            *(f"            {s}[k, j] = states[{i}, k, block + j]" for i, s in enumerate(states)),
            "    for s in range(begin, end):",
            f"        for k in range({count}):",
            "            for j in range(L):",
            "                g[k, j] = ZERO",
            "        for j in range(L):",
            "            seen[j] = ZERO",
            "        for a in range(accumulate):",
            "            number = ((s - begin) * accumulate + a) % len(counts)",
            "            size = counts[number]",
            "            share = ONE / F(size)",
            "            factor = scale * share",
            "            for j in range(L):",
            "                total[j] = ZERO",
            "                weight[j] = factor * sense[block + j]",
            "            for i in range(size):",
            "                r = rows[number, i]",
        )
        + _inputs(net, 5, "r")
        + _forward(net, 5, slopes=True)
        + _lines(
            5,
            "for j in range(L):",
            f"    value, v = {net.loss}(z[j], t)",
            "    total[j] += value",
            f"    e{outer}[0, j] = v * weight[j]",
        )
        + _backward(net, 5)
        + _lines(4, "for j in range(L):", "    seen[j] += total[j] * share")
        + CLIP.replace("@COUNT@", str(count))
        + _lines(
            3,
            "for i in range(len(moving)):",
            "    for j in range(L):",
            "        columns[moving[i], block + j] = table[s, row[block + j], i]",
            "for j in range(L):",
            "    finite[j] = ZERO",
            "for q in range(parts_count):",
            "    if ticks[s, q] == 0:",
            "        continue",
            "    tick = float(ticks[s, q])",
            f"    base = parts[q, 2] * {columns}",
            *(f"    {line}" for line in power_lines),
            "    for j in range(L):",
            f"        {made} = {update.prepare.__name__}(tick, {', '.join(given + kept)})",
            "    for k in range(parts[q, 0], parts[q, 1]):",
            "        for j in range(L):",
            f"            {moved} = {update.move.__name__}({moving})",
            "            p[k, j] = w",
            "            finite[j] += w * ZERO",
        )
        + TRAIN_END
        + _lines(
            1,
            f"    for k in range({count}):",
            "        for j in range(L):",
            "            params[k, block + j] = p[k, j]",
            *(f"            states[{i}, k, block + j] = {s}[k, j]" for i, s in enumerate(states)),
        )
    )
