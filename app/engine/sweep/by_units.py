"""The passes of a kernel for networks of many units: loops over units, and over lanes inside them.

The sum over what a unit is fed is written out, some terms at once, inside one loop over lanes.
"""

from collections.abc import Iterator

from optiscope.engine.sweep import bends
from optiscope.engine.sweep.lanes import Net
from optiscope.engine.sweep.texts import lines

_SUM = 8
"""Terms of a sum that are written out at once."""


def _chunks(count: int) -> Iterator[range]:
    return (range(first, min(first + _SUM, count)) for first in range(0, count, _SUM))


def forward(net: Net, depth: int, *, slopes: bool) -> str:
    """From the inputs ``x0``, ``x1``, … to ``z``, the output."""
    text, layers = "", list(net.layers())
    for number, (inputs, units, weights, biases) in enumerate(layers):
        fed = [f"x{k}" if number == 0 else f"h{number}[{k}, j]" for k in range(inputs)]
        is_last = number == len(layers) - 1
        text += lines(depth, f"for u in range({units}):")
        for i, chunk in enumerate(_chunks(inputs)):
            terms = " + ".join(f"p[{weights + k} + u * {inputs}, j] * {fed[k]}" for k in chunk)
            before = "z[j]" if i else f"p[{biases} + u, j]"
            text += lines(depth + 1, "for j in range(L):", f"    z[j] = {before} + {terms}")
        if not is_last:
            both = f"h{number + 1}[u, j], d{number + 1}[u, j]" if slopes else f"h{number + 1}[u, j], _"
            text += lines(depth + 1, "for j in range(L):", f"    {both} = {net.bend}(z[j])")
    return text


def _backward(net: Net, depth: int) -> str:
    """From ``e`` of the output to the gradients ``g``."""
    text, layers = "", list(net.layers())
    for number, (inputs, units, weights, biases) in reversed(list(enumerate(layers))):
        fed = [f"x{k}" if number == 0 else f"h{number}[{k}, j]" for k in range(inputs)]
        error = f"e{number + 1}"
        text += lines(depth, f"for u in range({units}):")
        for i, chunk in enumerate(_chunks(inputs)):
            text += lines(depth + 1, "for j in range(L):", f"    v = {error}[u, j]")
            if i == 0:
                text += lines(depth + 2, f"g[{biases} + u, j] += v")
            text += lines(depth + 2, *(f"g[{weights + k} + u * {inputs}, j] += v * {fed[k]}" for k in chunk))
        if number == 0:
            continue
        text += lines(depth, f"for k in range({inputs}):")
        for i, chunk in enumerate(_chunks(units)):
            terms = " + ".join(f"{error}[{u}, j] * p[{weights + u * inputs} + k, j]" for u in chunk)
            before = "z[j] + " if i else ""
            text += lines(depth + 1, "for j in range(L):", f"    z[j] = {before}{terms}")
        slope = f"d{number}[k, j]"
        passed = f"where({slope} == ZERO, ZERO, z[j])" if net.bend in bends.CUTTING else f"z[j] * {slope}"
        text += lines(depth + 1, "for j in range(L):", f"    e{number}[k, j] = {passed}")
    return text


def sample(net: Net, depth: int, row: str) -> str:
    """The inputs ``x0``, ``x1``, … and the target ``t`` of a row."""
    return lines(depth, *(f"x{k} = x[{row}, {k}]" for k in range(net.widths[0])), f"t = y[{row}]")


def samples(net: Net) -> str:
    """A loop over samples ``chunk`` to ``chunk_end`` of a pass."""
    outer = len(net.widths) - 1
    return (
        lines(5, "for i in range(chunk, chunk_end):", "    r = rows[number, i]")
        + sample(net, 6, "r")
        + forward(net, 6, slopes=True)
        + lines(
            6,
            "for j in range(L):",
            f"    value, rest, v = {net.loss}(z[j], t)",
            "    total[j] += value",
            "    folded[j] = rest + (folded[j] + folded[j] * rest)",
            f"    e{outer}[0, j] = v * weight[j]",
        )
        + _backward(net, 6)
    )


def arrays(net: Net, *names: str) -> str:
    """Local arrays [units, lanes] of the hidden layers, and one [lanes]."""
    hidden = enumerate(net.widths[1:-1], start=1)
    each = (f"{name}{number} = np.empty(({units}, L), F)" for number, units in hidden for name in names)
    return lines(1, "z = np.empty(L, F)", *each)


def arrays_to_train(net: Net) -> str:
    """Those of values, slopes and errors, that of the output among the last."""
    return arrays(net, "h", "d", "e") + lines(1, f"e{len(net.widths) - 1} = np.empty((1, L), F)")
