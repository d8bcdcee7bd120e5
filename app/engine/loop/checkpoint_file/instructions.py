"""The instructions of a pickle, followed without building anything.

A pickle is a program for a small stack machine. That of a checkpoint writes a tree of dicts, lists, tuples
and plain values, and tensors whose numbers are entries of the archive: it uses few instructions, calls
three names, refers back to strings alone, and asks for no byte that is not there. Whatever does more is
refused before torch sees it, so that nothing larger than the file can be asked for.
"""

import math
import pickletools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint_file.misfits import CheckpointFileError

MOST_INSTRUCTIONS = 250_000
DEEPEST = 64
LARGEST_INTEGER = 2**63

_STORAGES = {
    "torch BoolStorage": 1,
    "torch ByteStorage": 1,
    "torch CharStorage": 1,
    "torch ShortStorage": 2,
    "torch BFloat16Storage": 2,
    "torch HalfStorage": 2,
    "torch FloatStorage": 4,
    "torch DoubleStorage": 8,
    "torch IntStorage": 4,
    "torch LongStorage": 8,
}
"""Bytes of a number in each."""

_DTYPES = frozenset({"torch bfloat16", "torch float16", "torch float32", "torch float64", "torch int64"})
_TENSOR, _ORDERED, _COUNTER = (
    "torch._utils _rebuild_tensor_v2",
    "collections OrderedDict",
    "collections Counter",
)
_CALLED = frozenset({_TENSOR, _ORDERED, _COUNTER})


class _Name(NamedTuple):
    """Something that is imported."""

    name: str


class _Numbers(NamedTuple):
    """A storage: an entry of the archive with so many numbers."""

    length: int


class _Built(NamedTuple):
    """A dict, a list or what a call makes, and how deep it is."""

    depth: int = 1


class _Mark(NamedTuple):
    """Where the entries of a tuple, a list or a dict begin."""


def check_instructions(pickled: bytes, sizes: Mapping[str, int]) -> None:
    """Refuse a pickle that is not a tree of plain values and of tensors that are in the archive.

    Args:
        pickled: The instructions.
        sizes: Bytes of each entry of the archive that may hold numbers.

    Raises:
        CheckpointFileError: Naming the instruction.
    """
    machine = _Machine(sizes)
    count = 0
    try:
        for instruction, argument, _ in pickletools.genops(pickled):
            count += 1
            if count > MOST_INSTRUCTIONS:
                raise CheckpointFileError(say("file_of_many_instructions", bound=MOST_INSTRUCTIONS))
            machine.follow(instruction.name, argument)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:
        if isinstance(error, CheckpointFileError):
            raise
        raise CheckpointFileError(
            say("file_instructions", what=str(error) or type(error).__name__)
        ) from error


def _refuse(what: str) -> CheckpointFileError:
    return CheckpointFileError(say("file_instructions", what=what))


class _Machine:
    """The stack machine of pickle, as far as checkpoints use it."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes
        self._used: set[str] = set()
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def follow(self, name: str, argument: Any) -> None:
        """Follow one instruction."""
        if name in _VALUES:
            self._stack.append(_VALUES[name](argument))
        elif name in _STEPS:
            _STEPS[name](self, argument)
        elif name not in {"PROTO", "STOP"}:
            raise _refuse(name)

    def since_mark(self) -> list[Any]:
        """What lies above the last mark."""
        entries = []
        while not isinstance(entry := self._stack.pop(), _Mark):
            entries.append(entry)
        return entries[::-1]

    def pop(self, count: int) -> list[Any]:
        """What lies on top, none of it a mark."""
        entries = [self._stack.pop() for _ in range(count)]
        if any(isinstance(entry, _Mark) for entry in entries):
            raise _refuse("MARK")
        return entries[::-1]

    def mark(self, _: Any) -> None:
        """Begin the entries of something."""
        self._stack.append(_Mark())

    def memoize(self, place: int) -> None:
        """Note what lies on top."""
        self._memo[place] = self._stack[-1]

    def recall(self, place: int) -> None:
        """Refer back: to a string or a name, never to what could be made large by repeating it."""
        value = self._memo[place]
        if not isinstance(value, str | _Name):
            raise _refuse("BINGET")
        self._stack.append(value)

    def tuple_of(self, count: int | None) -> None:
        """Make a tuple of the last entries, or of those above the mark."""
        entries = self.since_mark() if count is None else self.pop(count)
        _deeper(entries)
        self._stack.append(tuple(entries))

    def put_into(self, entries: list[Any], *, pairs: bool) -> None:
        """Put entries into the list or dict that lies below them."""
        if pairs and not all(isinstance(key, str | int | float) for key in entries[::2]):
            raise _refuse("SETITEMS")
        (container,) = self.pop(1)
        if not isinstance(container, _Built):
            raise _refuse("APPENDS")
        self._stack.append(_Built(max(container.depth, _deeper(entries))))

    def import_name(self, name: str) -> None:
        """Name one of the few things that may be named."""
        if name not in _CALLED | _DTYPES | _STORAGES.keys():
            raise _refuse(name)
        self._stack.append(_Name(name))

    def refer_to_entry(self, _: Any) -> None:
        """A storage: its numbers must be there, every one, and for one tensor alone."""
        ((kind, storage, key, device, count),) = self.pop(1)
        if (kind, device) != ("storage", "cpu") or type(key) is not str or type(count) is not int:
            raise _refuse("BINPERSID")
        if self._sizes.get(key) != count * _STORAGES[storage.name] or key in self._used:
            raise CheckpointFileError(say("file_storage", key=key))
        self._used.add(key)
        self._stack.append(_Numbers(count))

    def call(self, _: Any) -> None:
        """Make a tensor, an empty OrderedDict, or a Counter of a dict."""
        called, arguments = self.pop(2)
        if called == _Name(_TENSOR):
            _check_tensor(*arguments)
        elif called == _Name(_ORDERED):
            if arguments:
                raise _refuse(_ORDERED)
        elif called != _Name(_COUNTER) or not (len(arguments) == 1 and isinstance(arguments[0], _Built)):
            raise _refuse("REDUCE")
        self._stack.append(_Built())


def _check_tensor(numbers: Any, offset: Any, size: Any, stride: Any, requires_grad: Any, hooks: Any) -> None:
    """Refuse a tensor that is more than the numbers of its storage."""
    places = (offset, *size, *stride)
    is_whole = all(type(place) is int and 0 <= place < LARGEST_INTEGER for place in places)
    if not (is_whole and isinstance(numbers, _Numbers) and isinstance(hooks, _Built)) or requires_grad:
        raise _refuse(_TENSOR)
    extent = 1 + sum((length - 1) * step for length, step in zip(size, stride, strict=True))
    if offset + max(math.prod(size), extent) > numbers.length and 0 not in size:
        raise CheckpointFileError(say("file_view"))


def _deeper(entries: list[Any]) -> int:
    """How deep something is that holds these."""
    depth = 1 + max(map(_depth, entries), default=0)
    if depth > DEEPEST:
        raise CheckpointFileError(say("file_too_deep", bound=DEEPEST))
    return depth


def _depth(entry: Any) -> int:
    if isinstance(entry, _Built):
        return entry.depth
    if type(entry) is tuple:
        return 1 + max(map(_depth, entry), default=0)
    return 0


def _integer(value: int) -> int:
    if not -LARGEST_INTEGER <= value < 2 * LARGEST_INTEGER:
        raise _refuse("LONG1")
    return value


def _same(value: Any) -> Any:
    return value


_VALUES: Mapping[str, Callable[[Any], Any]] = {
    "NONE": lambda _: None,
    "NEWTRUE": lambda _: True,
    "NEWFALSE": lambda _: False,
    "BININT": _same,
    "BININT1": _same,
    "BININT2": _same,
    "LONG1": _integer,
    "BINFLOAT": _same,
    "BINUNICODE": _same,
    "EMPTY_TUPLE": lambda _: (),
    "EMPTY_LIST": lambda _: _Built(),
    "EMPTY_DICT": lambda _: _Built(),
}
"""Instructions that put a value onto the stack."""

_STEPS: Mapping[str, Callable[[_Machine, Any], None]] = {
    "MARK": _Machine.mark,
    "BINPUT": _Machine.memoize,
    "LONG_BINPUT": _Machine.memoize,
    "BINGET": _Machine.recall,
    "LONG_BINGET": _Machine.recall,
    "GLOBAL": _Machine.import_name,
    "TUPLE": lambda machine, _: machine.tuple_of(None),
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "APPEND": lambda machine, _: machine.put_into(machine.pop(1), pairs=False),
    "APPENDS": lambda machine, _: machine.put_into(machine.since_mark(), pairs=False),
    "SETITEM": lambda machine, _: machine.put_into(machine.pop(2), pairs=True),
    "SETITEMS": lambda machine, _: machine.put_into(machine.since_mark(), pairs=True),
    "BINPERSID": _Machine.refer_to_entry,
    "REDUCE": _Machine.call,
}
"""Instructions that do something with it."""
