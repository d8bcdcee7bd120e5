"""What the update of an optimizer is written in: lines of data, each a formula and the expression that it is.

A formula is LaTeX with names in angle brackets: ``<beta1> * <exp_avg>`` is read with the symbols of these
names, and again with their numbers; ``<<x>>`` is the whole tensor and not an element of it; ``*`` is a
product. The code is Python over the same names, in torch's own operations and torch's own order, and it is
what is evaluated: what is shown is what was computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from optiscope.engine.core.words import Said


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an update.

    Attributes:
        name: What it assigns; torch's own name where there is one.
        symbol: That in the formula.
        formula: The right side.
        code: The same as torch computes it.
        what: A sentence about it.
        when: Whether the step has this line.
        kept: Torch's own number for it, as code over what torch keeps: the keys of the state after the step,
            ``param`` and ``grad``. Empty where torch keeps none.
    """

    name: str
    symbol: str
    formula: str
    code: str
    what: Said
    when: str = "True"
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Lines that are passed several times.

    Attributes:
        lines: In order.
        over: What the index ``i`` passes through.
        bound: What has a name of its own in each pass: its symbol, and the code.
        when: Whether the step has them.
    """

    lines: tuple[Line, ...]
    over: str
    bound: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    when: str = "True"


@dataclass(frozen=True, slots=True)
class Formula:
    """The update of one optimizer.

    Attributes:
        lines: Up to the new parameter.
        after: What the step leaves for the next one.
        state: What it finds: torch's key, the symbol, and what it is where the state has no such key yet.
        symbols: Of hyperparameters that the registry has none for.
    """

    lines: tuple[Line | Repeated, ...]
    after: tuple[Line | Repeated, ...] = ()
    state: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
