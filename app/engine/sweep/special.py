"""The source of a kernel's special functions, in which nothing branches: they become vector instructions.

The exponential is a polynomial times a power of two that is made of bits; the error function is what
``exp(x * x) * erfc(x) * (1 + 2 * x)`` is, interpolated at the Chebyshev nodes of ``(x - 3) / (x + 3)``.
"""

import math
from collections.abc import Sequence

_FUNCTIONS = """
@njit(**INLINED)
def decay(x):
    turned = x * LOG2E + MAGIC
    k = turned - MAGIC
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    bits = np.@INT@((np.@FLOAT@(turned).view(np.@INT@) + BIAS) << SHIFT)
    power = np.@INT@(bits).view(np.@FLOAT@)
    return ZERO if x < LOW else (@POLYNOMIAL@) * power


@njit(**INLINED)
def log1p(x):
    s = x / (TWO + x)
    q = s * s
    return TWO * s * (@SERIES@)


@njit(**INLINED)
def log1p_of_product(x):
    k = np.@INT@((np.@FLOAT@(ONE + x).view(np.@INT@) >> SHIFT) - BIAS)
    unit = np.@INT@((BIAS - k) << SHIFT).view(np.@FLOAT@)
    return F(k) * LN2 + log1p(x * unit + (unit - ONE))


@njit(**INLINED)
def erf(x):
    a = TEN if abs(x) > TEN else abs(x)
    t = (a - THREE) / (a + THREE)
    rest = decay(-a * a) * (@REST@) / (ONE + TWO * a)
    return rest - ONE if x < ZERO else ONE - rest
"""


def _horner(variable: str, coefficients: Sequence[float]) -> str:
    """A polynomial, its constant term first, with each number in the kernel's dtype."""
    text = f"F({coefficients[-1]!r})"
    for coefficient in reversed(coefficients[:-1]):
        text = f"F({coefficient!r}) + {variable} * ({text})"
    return text


def _special(constants: str, terms: int, series: int, rest: Sequence[float]) -> str:
    of_e = _horner("r", [1 / math.factorial(i) for i in range(terms)])
    of_log = _horner("q", [1 / (2 * i + 1) for i in range(series)])
    text = _FUNCTIONS.replace("@POLYNOMIAL@", of_e).replace("@SERIES@", of_log)
    return constants + text.replace("@REST@", _horner("t", rest))


_REST_32 = (
    1.25300806,
    -0.1356211,
    -0.0475621561,
    0.129644721,
    -0.119275281,
    0.0683131967,
    -0.0237635597,
    0.00250677867,
    0.00187506025,
    -0.00073408205,
    -9.25376913e-05,
    8.00745497e-05,
)
_REST_64 = (
    1.2530080582697296,
    -0.13562110612457573,
    -0.04756229435344576,
    0.12964515870228097,
    -0.11927366341575335,
    0.06830802735644075,
    -0.02377051490712461,
    0.002529391666618449,
    0.0018886902217574546,
    -0.0007798312764234839,
    -0.0001051588887278582,
    0.0001250952996349254,
    4.945791723076135e-06,
    -2.008997446006541e-05,
    -7.218909408251873e-07,
    3.454263878410675e-06,
    3.404078964515661e-07,
    -5.963733988759193e-07,
    -1.232970488909783e-07,
    8.764754881831646e-08,
    2.9000869615336876e-08,
    -7.639788125716223e-09,
    -3.3911788566955877e-09,
)
"""The coefficients of that polynomial, the constant one first."""

SPECIAL_32 = _special(
    """
SHIFT, BIAS = np.int32(23), np.int32(127)
LOG2E, MAGIC, LOW = F(1.4426950408889634), F(12582912.0), F(-87.3)
LN2_HIGH, LN2_LOW, LN2 = F(0.693359375), F(-2.12194440e-4), F(0.6931471805599453)
""",
    terms=8,
    series=8,
    rest=_REST_32,
)
SPECIAL_64 = _special(
    """
SHIFT, BIAS = np.int64(52), np.int64(1023)
LOG2E, MAGIC, LOW = F(1.4426950408889634), F(6755399441055744.0), F(-708.3)
LN2_HIGH, LN2_LOW, LN2 = F(6.93147180369123816490e-01), F(1.90821492927058770002e-10), F(0.6931471805599453)
""",
    terms=14,
    series=18,
    rest=_REST_64,
)
