"""The source of a kernel: one network, one loss and one update, written out for lanes of members.

Arrays are [units, lanes], lanes the contiguous axis: the innermost loops are over lanes, and the compiler
turns them into vector instructions. What lanes have for themselves is copied into arrays of one block of them
while it is trained, where an index is known to be none from the end.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from optiscope.engine.sweep import bends, by_sample, by_units
from optiscope.engine.sweep.dialects import FAST, exact
from optiscope.engine.sweep.lanes import Net
from optiscope.engine.sweep.roots import address
from optiscope.engine.sweep.rounding import rounding
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
from optiscope.engine.sweep.updates.update import Power, Update

_TAKEN_TOGETHER = 64
"""Samples whose logarithms are taken as one, of a product of numbers from 1 to 2 that stays finite."""


def source_of(net: Net) -> str:
    """The text of the module that trains such networks."""
    update = UPDATES[net.update]
    bend, loss = getattr(bends, net.bend), getattr(bends, net.loss)
    head = head_of([bends.logistic, bend, loss], net.lanes, is_double=net.is_double)
    functions = filter(None, (update.prepare, update.gather, update.move))
    written = [_function(function, "WRITTEN") for function in functions]
    tensors = f"TENSORS = np.array({list(net.tensors())})"
    return "\n\n".join([head, *written, tensors, _measure(net), _train(net, update)]) + "\n"


def head_of(functions: Sequence[Callable[..., Any]], lanes: int, *, is_double: bool) -> str:
    """What a module begins with: constants, and functions of one number by the sources of those of many."""
    bits, special = ("64", SPECIAL_64) if is_double else ("32", SPECIAL_32)
    dialect = exact(rounding()) if is_double else FAST
    head = HEAD.replace("@LANES@", str(lanes)).replace("@DIALECT@", dialect).replace("@SPECIAL@", special)
    head = head.replace("@FLOAT@", f"float{bits}").replace("@INT@", f"int{bits}")
    return "\n\n".join([head, *(_function(function, "INLINED") for function in functions)])


def _function(function: Callable[..., Any], options: str) -> str:
    return f"@njit(**{options})\n{inspect.getsource(function)}"


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
    roots_apart = net.is_double and address() is not None
    return (
        before
        + TRAIN_HEAD.replace("@COUNT@", str(count))
        .replace("@COLUMNS@", str(columns))
        .replace("@OPTIONS@", "WHOLE" if is_small else "OPTIONS")
        + arrays
        + lines(
            1,
            *(f"{s} = np.empty(({count}, L), F)" for s in states),
            *(f"c{i} = np.empty(L, F)" for i in range(update.coefficients)),
            *(f"root{i} = np.empty(L, F)" for i in range(update.roots) if roots_apart),
            "for block in range(first, last, L):",
            "    take(p, params, block)",
            *(f"    take({s}, states[{i}], block)" for i, s in enumerate(states)),
        )
        + BLOCK_HEAD.replace("@TOGETHER@", str(_TAKEN_TOGETHER)).replace("@FACTORS@", _factors(update))
        + (by_sample.samples(net) if is_small else by_units.samples(net))
        + AFTER_CHUNK
        + CLIP.replace("@COUNT@", str(count))
        + STEP.replace("@COLUMNS@", str(columns))
        + _prepared(update)
        + _moved(update, roots_apart=roots_apart)
        + TRAIN_END
        + lines(
            2,
            "give(params, p, block)",
            *(f"give(states[{i}], {s}, block)" for i, s in enumerate(states)),
        )
    )


def _factors(update: Update) -> str:
    """What each power is multiplied by at a step."""
    return "".join(
        lines(
            2,
            "for q in range(parts_count):",
            f"    base = parts[q, 2] * {len(update.columns)}",
            "    for j in range(L):",
            f"        one = own_columns[base + {power.column}, j]",
            f"        factors[{i} * parts_count + q, j] = "
            + ("one" if power.base is None else f"power({power.base}, one)"),
        )
        for i, power in enumerate(update.powers)
    )


def _prepared(update: Update) -> str:
    """The coefficients of a step, of the parameters of part ``q``."""
    coefficients = [f"c{i}[j]" for i in range(update.coefficients)]
    given = [f"own_columns[base + {i}, j]" for i in range(len(update.columns))]
    given += [f"own_powers[{i} * parts_count + q, j]" for i in range(len(update.powers))]
    kept = [f"own_scalars[{i} * parts_count + q, j]" for i in range(len(update.scalars))]
    powers = (_power(i, power) for i, power in enumerate(update.powers))
    return lines(
        4,
        *(line for texts in powers for line in texts),
        "for j in range(L):",
        f"    {', '.join(coefficients + kept)} = {_call(update.prepare, ['tick', *given, *kept])}",
    )


def _moved(update: Update, *, roots_apart: bool) -> str:
    """The parameters of part ``q`` moved: in one loop over lanes, or in two with their roots between them."""
    states = [f"s{i}[k, j]" for i in range(update.states)]
    coefficients = [f"c{i}[j]" for i in range(update.coefficients)]
    gathered, given = ["g[k, j]", *states], ["p[k, j]", "g[k, j]", *states]
    text = []
    if update.gather is not None:
        roots = [f"root{i}" for i in range(update.roots)]
        if roots_apart:
            made = [*gathered, *(f"{root}[j]" for root in roots)]
            between = [*(f"take_roots({root})" for root in roots), "for j in range(L):"]
            needed = ["p[k, j]", "g[k, j]", *(f"{root}[j]" for root in roots), *states]
        else:
            now = [f"now{i}" for i in range(update.states)]
            made, between = ["v", *now, *roots], []
            needed = ["p[k, j]", "v", *(f"sqrt({root})" for root in roots), *now]
        text += [f"    {', '.join(made)} = {_call(update.gather, given + coefficients)}", *between]
        given = needed
    moved = ", ".join(["w", *states]) + ("," if not states else "")
    text += [
        f"    {moved} = {_call(update.move, given + coefficients)}",
        "    p[k, j] = w",
        "    finite[j] += w * ZERO",
    ]
    return lines(4, "for k in range(parts[q, 0], parts[q, 1]):") + lines(5, "for j in range(L):", *text)


def _call(function: Callable[..., Any], given: Sequence[str]) -> str:
    return f"{function.__name__}({', '.join(given)})"


def _power(number: int, power: Power) -> list[str]:
    """A power of this step: of what has not changed since the last one it is multiplied, if that will do."""
    own, given = f"own_powers[{number} * parts_count + q, j]", f"own_columns[base + {power.column}, j]"
    before = f"own_columns[base + {power.column}, j - 1]"
    tick = f"tick + {power.ahead}" if power.ahead else "tick"
    value = f"power({given}, {tick})" if power.base is None else f"power({power.base}, ({tick}) * {given})"
    return [
        f"if IS_EXACT or is_moving[{power.column}] != 0:",
        "    for j in range(L):",
        f"        same = j > 0 and {given} == {before}",
        f"        {own} = own_powers[{number} * parts_count + q, j - 1] if same else {value}",
        "else:",
        "    for j in range(L):",
        f"        {own} *= factors[{number} * parts_count + q, j]",
    ]
