"""The passes of a kernel for small networks: a sample forward and backward as one function without a loop.

Some samples are taken in one loop over lanes, so that all between them, gradients too, stays in registers.
"""

from optiscope.engine.sweep import bends
from optiscope.engine.sweep.lanes import Net
from optiscope.engine.sweep.texts import lines

MOST_PARAMETERS = 40
"""Up to which networks are written out; measured: with more the registers do not hold them."""

_AT_ONCE = 4
"""Samples of one loop over lanes."""


def _names(letter: str, count: int) -> str:
    return ", ".join(f"{letter}{k}" for k in range(count))


def function(net: Net) -> str:
    """The function that takes a sample forward and backward: it adds to the loss and to the gradients."""
    inputs, count = net.widths[0], net.parameters
    fed, forward = _forward(net)
    gradients, backward = _backward(net, fed)
    given = f"{_names('x', inputs)}, t, weight, total, folded, {_names('p', count)}, {_names('g', count)}"
    added = ", ".join(gradients[k] for k in range(count))
    return lines(0, "@njit(**WRITTEN)", f"def one_sample({given}):") + lines(
        1,
        *forward,
        f"value, rest, v = {net.loss}(z, t)",
        "v0 = v * weight",
        *backward,
        f"return total + value, rest + (folded + folded * rest), {added}",
    )


def _affine(pairs: list[tuple[str, str]], bias: str, *, is_last: bool) -> str:
    """The sum of products and a bias, which is added last, as torch does, or first, which is faster."""
    return f"{_sum('layer_sum', pairs)} + {bias}" if is_last else _sum("layer_sum", pairs, bias)


def _sum(function: str, pairs: list[tuple[str, str]], first: str | None = None) -> str:
    """Products of pairs added one after the other, to something or to none."""
    text, rest = (first, pairs) if first else (" * ".join(pairs[0]), pairs[1:])
    for one, other in rest:
        text = f"{function}({one}, {other}, {text})"
    return text


def _forward(net: Net) -> tuple[list[list[str]], list[str]]:
    """What each layer is fed, by name, and the lines that lead to ``z``."""
    fed, texts = [[f"x{k}" for k in range(net.widths[0])]], []
    for number, (inputs, units, weights, biases) in enumerate(net.layers(), start=1):
        given, own = fed[-1], []
        for u in range(units):
            pairs = [(f"p{weights + u * inputs + k}", given[k]) for k in range(inputs)]
            z = _affine(pairs, f"p{biases + u}", is_last=net.is_double)
            if number == len(net.widths) - 1:
                texts.append(f"z = {z}")
                continue
            own.append(f"h{number}_{u}")
            texts.append(f"h{number}_{u}, d{number}_{u} = {net.bend}({z})")
        fed.append(own)
    return fed, texts


def _backward(net: Net, fed: list[list[str]]) -> tuple[dict[int, str], list[str]]:
    """The gradient of each parameter, added up, and the lines that lead there from ``v0``, the output's."""
    gradients: dict[int, str] = {}
    errors, texts = ["v0"], []
    for number, (inputs, units, weights, biases) in reversed(list(enumerate(net.layers()))):
        for u in range(units):
            gradients[biases + u] = f"g{biases + u} + {errors[u]}"
            for k in range(inputs):
                place = weights + u * inputs + k
                gradients[place] = f"error_sum({errors[u]}, {fed[number][k]}, g{place})"
        before = []
        for k in range(inputs if number else 0):
            terms = _sum("error_sum", [(errors[u], f"p{weights + u * inputs + k}") for u in range(units)])
            slope = f"d{number}_{k}"
            cut = net.bend in bends.CUTTING
            passed = f"where({slope} == ZERO, ZERO, {terms})" if cut else f"({terms}) * {slope}"
            texts.append(f"e{number}_{k} = {passed}")
            before.append(f"e{number}_{k}")
        errors = before
    return gradients, texts


def samples(net: Net) -> str:
    """Loops over samples ``chunk`` to ``chunk_end`` of a pass: some at once, and the rest one by one."""
    return (
        lines(5, f"rest_begin = chunk_end - (chunk_end - chunk) % {_AT_ONCE}")
        + lines(5, f"for i in range(chunk, rest_begin, {_AT_ONCE}):")
        + _at_once(net, _AT_ONCE)
        + lines(5, "for i in range(rest_begin, chunk_end):")
        + _at_once(net, 1)
    )


def _at_once(net: Net, count: int) -> str:
    inputs, parameters = net.widths[0], net.parameters
    text = ""
    for n in range(count):
        fed = (f"x{n}_{k} = x[r{n}, {k}]" for k in range(inputs))
        text += lines(6, f"r{n} = rows[number, i + {n}]", *fed, f"t{n} = y[r{n}]")
    text += lines(6, "for j in range(L):", "    w, a, b = weight[j], total[j], folded[j]")
    text += lines(7, *(f"p{k}, g{k} = p[{k}, j], g[{k}, j]" for k in range(parameters)))
    gradients = _names("g", parameters)
    for n in range(count):
        given = f"{_names(f'x{n}_', inputs)}, t{n}, w, a, b, {_names('p', parameters)}, {gradients}"
        text += lines(7, f"a, b, {gradients} = one_sample({given})")
    return text + lines(7, *(f"g[{k}, j] = g{k}" for k in range(parameters)), "total[j], folded[j] = a, b")
