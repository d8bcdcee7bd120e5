"""Copies that may be stepped ahead: they share nothing that can change, and cost little.

A schedule may be a method of a trainer that holds a dataset and a logger. What is small is copied; what is
large, or what nobody can copy, is stood in for by something that refuses to be used.
"""

import copyreg
import io
import pickle
import sys
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NoReturn, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.engine.core.words import Said, say

_T = TypeVar("_T")

MOST_BYTES = 4 * 2**20
"""What a copy may take; some hundred thousand objects, in some tenths of a second."""

_MOST_NUMBERS = 1024
"""A tensor of no more is copied; of a larger one there is the shape, and nothing to read or write."""

_ENTRIES = (list, tuple, dict, set, frozenset, bytearray)

_MOST_ENTRIES = 10_000
"""A list or table of more is stood in for."""

_LONG = 1024
"""A text of more is shared: it cannot change."""

_UNCHANGING = (type, ModuleType, BuiltinFunctionType, CodeType, weakref.ref, property, range, torch.dtype)

_LIBRARIES = sys.stdlib_module_names | {"torch", "numpy", "scipy", "optiscope"}
"""Functions of these have no state that a schedule could change."""


class NotCopied(Exception):  # noqa: N818 - not an error of ours
    """A copy was asked for what it does not have."""


def is_of_a_copy(raised: Exception) -> bool:
    """Whether a copy failed since it is one: numbers were asked for that it has not, or may not write."""
    return isinstance(raised, NotCopied) or any(odd in str(raised) for odd in ("meta tensor", "read-only"))


class Trial:
    """Copies of some objects.

    Args:
        objects: What is copied.
        kept: Tensors that the copies share.

    Attributes:
        objects: The copies.

    Raises:
        NotCopied: If more belongs to them than can be copied.
    """

    objects: Any

    def __init__(self, objects: Any, kept: Iterable[Tensor]) -> None:
        file = _Bounded()
        copier = _Copier(file, kept)
        copier.dump(objects)
        file.seek(0)
        self.objects = _Maker(file, copier.given).load()


class _Bounded(io.BytesIO):
    """A file of no more than some bytes."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > MOST_BYTES:
            raise NotCopied(say("copy_too_large", most=MOST_BYTES // 2**20))
        return super().write(data)


class _Refused:
    """Stands where something is that was not copied, and refuses to be used."""

    def __init__(self, why: str | Said, length: int | None = None) -> None:
        object.__setattr__(self, "_why", why)
        object.__setattr__(self, "_length", length)

    def refuse(self, *_: Any) -> NoReturn:
        """Whatever it is used for."""
        raise NotCopied(object.__getattribute__(self, "_why"))

    def __len__(self) -> int:
        """How much there is of it, if that is known: many a schedule asks for the length of a loader."""
        length: int | None = object.__getattribute__(self, "_length")
        return self.refuse() if length is None else length


for _name in (
    *("getattr", "setattr", "call", "iter", "next", "getitem", "setitem", "contains", "str"),
    *("enter", "exit", "float", "int", "index", "lt", "le", "gt", "ge", "neg", "pow", "rpow"),
    *("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv"),
):
    setattr(_Refused, f"__{_name}__", _Refused.refuse)


class _Pointer:
    """Is, once it is made again, the object itself."""

    def __init__(self, to: Any) -> None:
        self.to = to


class _Copier(pickle.Pickler):
    """Writes what is to be made again; ``given`` is what is not."""

    def __init__(self, file: io.BytesIO, kept: Iterable[Tensor]) -> None:
        super().__init__(file, protocol=5)
        self.given: list[Any] = []
        self._kept = {id(tensor) for tensor in kept}
        self._places: dict[int, tuple[int, Any]] = {}  # with the object, whose id is then that of no other
        self._names: dict[int, tuple[dict[str, Any], Mapping[str, Any]]] = {}
        self._cells: dict[int, tuple[CellType, CellType]] = {}

    def persistent_id(self, obj: Any) -> int | None:
        """Where among what is given something is; None of what is made again."""
        if type(obj) in {int, float, bool, type(None)}:
            return None
        key = id(obj)
        if key not in self._places:
            instead = self._instead(obj)
            if instead is _MADE:
                return None
            self._places[key] = len(self.given), obj
            self.given.append(instead)
        return self._places[key][0]

    def _instead(self, obj: Any) -> Any:
        """What stands for something that is not made again."""
        if isinstance(obj, _Pointer):
            return obj.to
        if id(obj) in self._kept or _is_unchanging(obj):
            return obj
        if isinstance(obj, _ENTRIES) and len(obj) > _MOST_ENTRIES:
            return _Refused(say("copy_of_many", kind=type(obj).__name__, count=len(obj)), len(obj))
        return next((copy(obj) for kind, copy in _COPIES.items() if isinstance(obj, kind)), _MADE)

    def reducer_override(self, obj: Any) -> Any:
        """How something is made again."""
        if isinstance(obj, FunctionType):
            return self._function(obj)
        if isinstance(obj, MethodType):
            return MethodType, (obj.__func__, obj.__self__)
        try:
            reduce = copyreg.dispatch_table.get(type(obj))
            made: Any = reduce(obj) if reduce is not None else obj.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
        except Exception as raised:  # noqa: BLE001 - as a lock does, a file, or a generator
            made = _Refused, (str(raised),)
        return (_same, (_Pointer(obj),)) if isinstance(made, str) else made

    def _function(self, function: FunctionType) -> Any:
        """A function of its own variables: what it closes over, its defaults, the globals that it names."""
        shared = function.__globals__
        names, _ = self._names.setdefault(id(shared), (dict(shared), shared))
        inner = [(self._cell(cell), cell) for cell in function.__closure__ or ()]
        state = (
            [(_Pointer(new), cell.cell_contents) for new, cell in inner if _is_filled(cell)],
            (function.__defaults__, function.__kwdefaults__, function.__dict__),
            {name: shared[name] for name in sorted(_named(function.__code__)) if name in shared},
        )
        made = _Pointer(function), _Pointer(names), [_Pointer(new) for new, _ in inner]
        return _bare, made, state, None, None, _filled

    def _cell(self, cell: CellType) -> CellType:
        return self._cells.setdefault(id(cell), (CellType(), cell))[0]


class _Maker(pickle.Unpickler):
    """Makes again what was written."""

    def __init__(self, file: io.BytesIO, given: Sequence[Any]) -> None:
        super().__init__(file)
        self._given = given

    def persistent_load(self, place: int) -> Any:
        """What was given."""
        return self._given[place]


_MADE = object()


def _same(one: _T) -> _T:
    return one


def _is_unchanging(obj: Any) -> bool:
    """Whether something may be shared: it does not change, whoever uses it."""
    if isinstance(obj, FunctionType):
        return str(obj.__module__).partition(".")[0] in _LIBRARIES
    return isinstance(obj, _UNCHANGING) or (isinstance(obj, str | bytes) and len(obj) > _LONG)


def _tensor(tensor: Tensor) -> Any:
    try:
        if tensor.numel() <= _MOST_NUMBERS:
            return tensor.detach().clone().requires_grad_(tensor.requires_grad)
        return torch.empty_like(tensor, device="meta", requires_grad=False)
    except Exception as raised:  # noqa: BLE001 - of a kind of tensor that has no shape
        return _Refused(str(raised))


def _array(array: NDArray[Any]) -> Any:
    if array.dtype.hasobject:
        length = len(array) if array.ndim else None
        return _Refused(say("copy_of_many", kind=type(array).__name__, count=array.size), length)
    if array.size <= _MOST_NUMBERS:
        return array.copy()
    shown = array.view()
    shown.flags.writeable = False
    return shown


_COPIES: Mapping[type, Callable[[Any], Any]] = {
    Tensor: _tensor,
    np.ndarray: _array,
    torch.Generator: torch.Generator.clone_state,
}
"""How what holds numbers is copied: where there are many, their shape is."""


def _named(code: CodeType) -> set[str]:
    """The globals that a function may name, within what it defines, too."""
    inner = (_named(const) for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*inner)


def _is_filled(cell: CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - raises
    except ValueError:
        return False
    return True


def _bare(function: FunctionType, names: dict[str, Any], cells: Sequence[CellType]) -> FunctionType:
    """The same code over other variables."""
    return FunctionType(function.__code__, names, function.__name__, None, tuple(cells) or None)


def _filled(function: FunctionType, state: Any) -> None:
    """Give a function what its variables hold."""
    cells, (function.__defaults__, function.__kwdefaults__, own), named = state
    for cell, value in cells:
        cell.cell_contents = value
    function.__dict__.update(own)
    function.__globals__.update(named)
