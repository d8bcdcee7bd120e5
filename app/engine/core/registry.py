"""Named choices with bounded hyperparameters: what optimizers, schedulers and problems have in common."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Generic, Literal, Protocol, TypeVar

from optiscope.engine.core.errors import MOST_TOLD, ConfigError, FieldProblem, UnknownNameError
from optiscope.engine.core.formula import mathml
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.suggestions import choose, meant
from optiscope.engine.core.words import LARGEST, Said, Value, say

Kind = Literal["float", "int", "bool", "pair", "triple", "choice", "int_list", "expression"]

_LENGTHS: Mapping[Kind, int] = {"pair": 2, "triple": 3}


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """One keyword argument of a torch class: its default, its bounds and what it does.

    Attributes:
        name: The keyword, as torch spells it.
        kind: The type of the value; ``pair`` is two floats under the same bounds, ``triple`` three.
        default: torch's own default, or None where torch has none and a value must be given; in an entry,
            ``...`` reads it from the signature of the class.
        description: One line for people.
        minimum, maximum: Bounds of the value (of each element); ``exclusive_…`` leaves the bound out.
        usual: The least and the most that is usual, where more than that is allowed.
        scale: How a slider should move over the usual range.
        choices: The allowed values of a ``choice``; of a number, words that it may be instead.
        optional: Whether null is a value too (torch's ``None``).
        suggested: Where a control should start when there is no default.
        per_group: Whether it may also be a list, with a value for each param group.
        variable: What an expression is a function of.
        symbol: What stands for it in the formula of its class, in LaTeX, if anything does.
    """

    name: str
    kind: Kind
    default: Any
    description: str
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    scale: Literal["linear", "log"] = "linear"
    choices: tuple[Any, ...] = ()
    optional: bool = False
    suggested: Any = None
    per_group: bool = False
    variable: str = "epoch"
    symbol: str = ""
    usual: tuple[float, float] | None = None

    def problem(self, value: Any, limits: Limits = UNLIMITED) -> Said | None:
        """Why ``value`` cannot be used, or None if it can."""
        if value is None:
            return None if self.optional else say("null", field=self.name)
        if self.per_group and isinstance(value, list | tuple) and value:
            each = (replace(self, name=f"{self.name}[{i}]", per_group=False) for i in range(len(value)))
            return next((p for h, v in zip(each, value, strict=True) if (p := h.problem(v, limits))), None)
        if self.kind == "int_list" and isinstance(value, list | tuple) and len(value) > limits.max_milestones:
            return say("at_most_entries", field=self.name, count=limits.max_milestones, value=len(value))
        return _CHECKS[self.kind](self, value)

    def as_torch(self, value: Any) -> Any:
        """``value`` in the type that the torch class expects."""
        if value is None:
            return None
        if self.per_group and isinstance(value, list | tuple):
            return [replace(self, per_group=False).as_torch(v) for v in value]
        if self.kind == "float":
            return float(value)
        if self.kind in _LENGTHS:
            return tuple(None if v is None else float(v) for v in value)
        return value

    def unbounded(self) -> "Hyperparameter":
        """The same without bounds: a value has to be of its kind, and finite."""
        free = {"minimum": None, "maximum": None} if self.kind != "int" else {"minimum": -LARGEST}
        return replace(self, **free, exclusive_minimum=False, exclusive_maximum=False)

    def catalog(self) -> dict[str, Any]:
        """The entry of this hyperparameter in the catalog."""
        return {
            "name": self.name,
            "kind": self.kind,
            "default": self.default,
            "suggested": self.default if self.suggested is None else self.suggested,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "exclusive_minimum": self.exclusive_minimum,
            "exclusive_maximum": self.exclusive_maximum,
            "usual": None if self.usual is None else list(self.usual),
            "scale": self.scale,
            "choices": list(self.choices),
            "optional": self.optional,
            "per_group": self.per_group,
            "required": self.default is None and not self.optional,
            "description": self.description,
            "symbol": mathml(self.symbol, "inline") if self.symbol else "",
        }


def _check_number(h: Hyperparameter, value: Any, label: str | None = None) -> Said | None:
    label = label or h.name
    if isinstance(value, bool) or not isinstance(value, int | float):
        return say("no_number", field=label, value=shown(value))
    if isinstance(value, float) and not math.isfinite(value):
        return say("not_finite", field=label, value=value)
    return _check_bounds(h, value, label)


def _check_bounds(h: Hyperparameter, value: float, label: str) -> Said | None:
    low, high = h.minimum, h.maximum
    if low is not None and (value < low or (h.exclusive_minimum and value == low)):
        if h.exclusive_minimum:
            return say("greater_than", field=label, bound=low, value=quoted(value))
        return say("at_least", field=label, bound=low, value=quoted(value))
    if high is not None and (value > high or (h.exclusive_maximum and value == high)):
        if h.exclusive_maximum:
            return say("less_than", field=label, bound=high, value=quoted(value))
        return say("at_most", field=label, bound=high, value=quoted(value))
    return None


def _check_int(h: Hyperparameter, value: Any, label: str | None = None) -> Said | None:
    label = label or h.name
    if isinstance(value, bool) or not isinstance(value, int):
        return say("no_whole_number", field=label, value=shown(value))
    return _check_bounds(h, value, label)


def _check_bool(h: Hyperparameter, value: Any) -> Said | None:
    return None if isinstance(value, bool) else say("no_truth", field=h.name, value=shown(value))


def _check_several(h: Hyperparameter, value: Any) -> Said | None:
    if not isinstance(value, list | tuple) or len(value) != _LENGTHS[h.kind]:
        if h.kind == "pair":
            return say("no_pair", field=h.name, value=shown(value))
        return say("no_triple", field=h.name, value=shown(value))
    required = [(i, v) for i, v in enumerate(value) if v is not None or not _may_be_null(h, i)]
    return next((p for i, v in required if (p := _check_number(h, v, f"{h.name}[{i}]"))), None)


def _may_be_null(h: Hyperparameter, i: int) -> bool:
    """An element may be null where torch's own default is (the first eps of Adafactor)."""
    return h.default is not None and h.default[i] is None


def _check_choice(h: Hyperparameter, value: Any) -> Said | None:
    if any(type(value) is type(choice) and value == choice for choice in h.choices):
        return None
    return say("one_of", field=h.name, choices=list(map(shown, h.choices)), value=shown(value))


def _check_int_list(h: Hyperparameter, value: Any) -> Said | None:
    if not isinstance(value, list | tuple) or not value:
        return say("no_whole_numbers", field=h.name, value=shown(value))
    return next((p for i, v in enumerate(value) if (p := _check_int(h, v, f"{h.name}[{i}]"))), None)


def _check_expression(h: Hyperparameter, value: Any) -> Said | None:
    return None if isinstance(value, str) else say("no_text", field=h.name, value=shown(value))


_CHECKS: Mapping[Kind, Callable[[Hyperparameter, Any], Said | None]] = {
    "float": _check_number,
    "int": _check_int,
    "bool": _check_bool,
    "pair": _check_several,
    "triple": _check_several,
    "choice": _check_choice,
    "int_list": _check_int_list,
    "expression": _check_expression,
}


_NON_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def shown(value: Any, width: int = 60) -> str:
    """``value`` as a person would write it in JSON, shortened."""
    names: dict[Any, str] = {True: "true", False: "false", None: "null"}
    text = (
        names[value]
        if value is None or isinstance(value, bool)
        else repr(_beginning(value)).replace("'", '"')
    )
    text = _NON_FINITE.get(text, text)
    return text if len(text) <= width else text[: width - 1] + "…"


def quoted(value: Any) -> str | int | float:
    """``value`` as a sentence that refuses it gives it: a number that JSON keeps exactly, else as a text."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and abs(value) <= LARGEST else shown(value)


def _beginning(value: Any, depth: int = 4) -> Any:
    """As much of ``value`` as a sentence can quote: writing out a million entries would take a second."""
    if isinstance(value, str):
        return value[:_QUOTED]
    if isinstance(value, list | tuple):
        return [_beginning(part, depth - 1) for part in value[:_QUOTED]] if depth else "…"
    if isinstance(value, dict):
        entries = islice(value.items(), _QUOTED)
        return {key[:_QUOTED]: _beginning(part, depth - 1) for key, part in entries} if depth else "…"
    return value


_QUOTED = 60


class Named(Protocol):
    """Anything that a registry can hold."""

    @property
    def name(self) -> str:
        """The key."""


T = TypeVar("T", bound=Named)


class Registry(Mapping[str, T], Generic[T]):
    """Choices by name. Asking for an unknown one suggests those that may be meant.

    Args:
        what: What is chosen, as the messages name it.
        entries: The choices.
        more: Gives further ones, when one is asked for that is not among ``entries``, or all are.
    """

    def __init__(
        self, what: Value, entries: Sequence[T] = (), more: Callable[[], Iterable[T]] = lambda: ()
    ) -> None:
        self.what = what
        self._entries: dict[str, T] = {}
        self._more: Callable[[], Iterable[T]] | None = more
        for entry in entries:
            self.register(entry)

    def register(self, entry: T) -> T:
        """Add one entry; a name can be taken only once."""
        if entry.name in self._entries:
            message = f"{self.what} {entry.name!r} is already registered"
            raise ValueError(message)
        self._entries[entry.name] = entry
        return entry

    def _all(self) -> dict[str, T]:
        if self._more is not None:
            more, self._more = self._more, None
            for entry in more():
                self.register(entry)
        return self._entries

    def resolve(self, name: str, pointer: str) -> T:
        """The entry called ``name``.

        Raises:
            UnknownNameError: If there is none; the message says what may be meant, or what there is.
        """
        if name in self:
            return self[name]
        usable = [known for known, entry in self.items() if getattr(entry, "unavailable", None) is None]
        hint = meant(name, usable) or choose(self)
        said = say("unknown_name", what=self.what, value=shown(name), hint=hint)
        raise UnknownNameError([FieldProblem(pointer, said)])

    def __getitem__(self, name: str) -> T:
        return self._entries[name] if name in self._entries else self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def check_hyperparameters(
    owner: str,
    declared: Sequence[Hyperparameter],
    given: Mapping[str, Any],
    pointer: str,
    *,
    required: bool = True,
    limits: Limits = UNLIMITED,
) -> dict[str, Any]:
    """The given values in torch's types, after checking every one against its bounds.

    Args:
        owner: The class that they are for, as the messages name it.
        declared: What the class takes.
        given: Values by keyword; those left out keep torch's defaults.
        pointer: JSON pointer of ``given``.
        required: Whether a keyword without a default must be given.
        limits: Bounds the length of lists.

    Raises:
        ConfigError: Naming every unknown, missing or out-of-bounds value.
    """
    by_name = {h.name: h for h in declared}
    problems: list[FieldProblem] = []
    for name, value in given.items():
        if len(problems) == MOST_TOLD:
            break
        where = f"{pointer}/{escape(name)}"
        if name not in by_name:
            hint = meant(name, by_name) or say("it_takes", names=list(by_name) or [say("none")])
            said = say("unknown_hyperparameter", owner=owner, value=shown(name), hint=hint)
            problems.append(FieldProblem(where, said))
        elif why := by_name[name].problem(value, limits):
            problems.append(FieldProblem(where, why))
    missing = [h.name for h in declared if h.default is None and not h.optional and h.name not in given]
    if required:
        problems += [
            FieldProblem(f"{pointer}/{name}", say("needed", owner=owner, field=name)) for name in missing
        ]
    if problems:
        raise ConfigError(problems)
    return {name: by_name[name].as_torch(value) for name, value in given.items()}


def escape(key: str) -> str:
    """``key`` as one token of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")
