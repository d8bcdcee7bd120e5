"""The operations whose rounding decides the last bit, as a kernel's source has them.

A kernel in float64 rounds them as torch does, and one in float32 as is fastest: it fuses where it can, and
multiplies by reciprocals.
"""

from optiscope.engine.sweep import roots
from optiscope.engine.sweep.rounding import Rounding

FAST = """
IS_EXACT = False
WRITTEN, WHOLE = INLINED, OPTIONS
WIDTH = 1


@njit(**INLINED)
def fused(a, b, c):
    return a * b + c


layer_sum = error_sum = square_sum = fused


@njit(**INLINED)
def lerp(begin, end, share):
    return begin + share * (end - begin)


@njit(**INLINED)
def divisor(x):
    return ONE / x


@njit(**INLINED)
def divided(x, by):
    return x * by


@njit(**INLINED)
def power(base, exponent):
    return base**exponent


@njit(**INLINED)
def root(x):
    return math.sqrt(x)
"""

_EXACT = """
IS_EXACT = True
WRITTEN, WHOLE = INLINED | {"fastmath": False}, OPTIONS | {"fastmath": False}
WIDTH = @WIDTH@


@intrinsic
def once_rounded(typing, a, b, c):
    def written(context, builder, signature, values):
        return builder.fma(*values)

    return types.float64(types.float64, types.float64, types.float64), written


@njit(**WRITTEN)
def twice_rounded(a, b, c):
    return a * b + c


fused, layer_sum, error_sum, square_sum = @FUSED@, @LAYERS@, @ERRORS@, @SQUARES@


@njit(**WRITTEN)
def lerp(begin, end, share):
    way = end - begin
    return fused(share, way, begin) if share < HALF else fused(-way, ONE - share, end)


@njit(**WRITTEN)
def divisor(x):
    return x


@njit(**WRITTEN)
def divided(x, by):
    return x / by


@intrinsic
def power(typing, base, exponent):
    def written(context, builder, signature, values):
        double = ir.DoubleType()
        kind = ir.FunctionType(double, [double, double])
        function = cgutils.get_or_insert_function(builder.module, kind, "pow")
        function.attributes.add("nobuiltin")  # else it becomes a square root, which rounds otherwise
        return builder.call(function, values)

    return types.float64(types.float64, types.float64), written


@njit(**WRITTEN)
def root(x):
    return power(x, 0.5)
"""

_ROOTS_OF_TORCH = f"""
from optiscope.engine.sweep.roots import register

register()


@intrinsic
def take_roots(typing, numbers):
    def written(context, builder, signature, values):
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        count = cgutils.alloca_once_value(builder, ir.Constant(ir.IntType(32), L))
        mode = cgutils.alloca_once_value(builder, ir.Constant(ir.IntType(64), {roots.MODE}))
        given = [count, data, data, mode]
        kind = ir.FunctionType(ir.VoidType(), [one.type for one in given])
        function = cgutils.get_or_insert_function(builder.module, kind, "{roots.SYMBOL}")
        builder.call(function, given)
        return context.get_dummy_value()

    return types.void(numbers), written
"""


def exact(way: Rounding) -> str:
    """The operations as torch rounds them."""

    def name(*, fuses: bool) -> str:
        return "once_rounded" if fuses else "twice_rounded"

    text = _EXACT if roots.address() is None else _EXACT + _ROOTS_OF_TORCH
    return (
        text.replace("@WIDTH@", str(way.width))
        .replace("@FUSED@", name(fuses=way.fuses))
        .replace("@LAYERS@", name(fuses=way.layers_fuse))
        .replace("@ERRORS@", name(fuses=way.errors_fuse))
        .replace("@SQUARES@", name(fuses=way.squares_fuse))
    )
