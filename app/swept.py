"""Sweeps as scripts hold them: cells as they come, then all of them as arrays. Knows NumPy and nothing else.

What ``Client`` reads from a server and what ``sweep`` computes here are the same :class:`Sweep`.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

import optiscope
from optiscope.naming import names_of
from optiscope.pictures import bundle, cells_png, curves_png
from optiscope.scratch import Scratch

Columns = Mapping[str, NDArray[Any]]

SEED = "/model/seed"
"""What ``seeds`` of a sweep set."""

_PLACE = frozenset({"event", "part"})
"""What an event of cells says besides its columns."""


class SweepBrokenError(Exception):
    """A sweep broke off: it failed, was stopped, or its stream ended without saying how."""


@dataclass(frozen=True, slots=True)
class SweepAxis:
    """One dimension of a sweep: the field of a run, by its JSON pointer, and its values in order."""

    path: str
    values: Sequence[Any]


class Sweep(Iterator[Columns]):
    """A sweep: an iterator over its cells as they come, and all of them as arrays.

    Iterating gives parts of it as columns [n, …] by name, in any order; ``members`` says whose they are.
    ``columns`` and ``summary`` wait for what has not come yet. A column has a cell of every member:

    - ``initial_loss``, ``end_loss``, ``test_loss``: of all training samples at the initial and at the last
      parameters, and of all held-out samples there; NaN after divergence.
    - ``final_loss``, ``best_loss``: the last and the least recorded loss, of a step, before it.
    - ``steps_to_target``: the first step whose recorded loss is at most the target, NaN if none.
    - ``last_step``, and ``ended``, an index into ``reasons``.
    - ``end``: [*shape, 2] the last point of a test function.

    Args:
        started: The first event, as on the wire.
        seeds: Those of the request.
        events: Those after it, with arrays as columns.

    Attributes:
        started: The first event.
        id: Of a sweep that a server keeps, else None.
        shape: Optimizers if given, the axes, seeds if given.
        axes: The axes, each with the values used.
        seeds: Of the network; None if none were given.
        optimizers: What each is called, one without ``optimizers``; two of a name by how they differ.
        members: How many runs there are.
        reasons: How a member may end; ``ended`` of a cell indexes them.
        ways: How many members are trained how, in what time, and why no faster: ``members``, ``way``,
            ``seconds``, ``because``.
        notes: What a ranking of the cells cannot say, in sentences.
        found: The cells that have come, as ``columns`` are; NaN, and -1 in whole numbers, for the others.
        count: How many have come.
        scratch: Where those of a large sweep lie: in files, and not in memory.
        detail: How it ended, in a sentence; "" before.
    """

    def __init__(
        self,
        started: Mapping[str, Any],
        seeds: Sequence[int] | None,
        events: Generator[Mapping[str, Any]],
    ) -> None:
        self.started = started
        self.id: str | None = started.get("id")
        self.shape: tuple[int, ...] = tuple(started["shape"])
        self.axes = tuple(SweepAxis(axis["path"], axis["values"]) for axis in started["axes"])
        self.seeds = None if seeds is None else tuple(seeds)
        self.members: int = started["members"]
        self.reasons: tuple[str, ...] = tuple(started["reasons"])
        self.ways: Sequence[Mapping[str, Any]] = started["ways"]
        self.notes = tuple(str(note["detail"]) for note in started["notes"])
        self.optimizers: tuple[str, ...] = names_of(started["runs"])
        self.found: dict[str, NDArray[Any]] = {}
        self.scratch = Scratch()
        self.count = 0
        self.detail = ""
        self._runs: Sequence[Mapping[str, Any]] = started["runs"]
        self._events = events
        self._reason = ""
        self._summary: list[dict[str, Any]] = []

    def __repr__(self) -> str:
        shape = " x ".join(map(str, self.shape))
        return f"<Sweep of {shape} runs: {self.detail or f'{self.count} of {self.members} have come'}>"

    def figure(self, kind: str = "map") -> Any:
        """A Plotly figure of it: see :func:`optiscope.figure`."""
        return optiscope.figure(self, kind)

    def picture(self) -> bytes:
        """Its losses as a small PNG, the medians over seeds; waits for them.

        A curve for each optimizer along one axis, or the cells of the first optimizer along two.
        """
        losses = losses_of(self)
        if self.seeds is not None:
            losses = np.median(losses, axis=-1)
        sides = tuple(len(axis.values) for axis in self.axes)
        cells = losses.reshape(len(self.optimizers), -1, sides[-1])
        return curves_png(list(cells[:, 0])) if len(sides) == 1 else cells_png(cells[0, : sides[-2]])

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The losses as a picture, for notebooks, once all are there; ``optiscope.show`` has all of it."""
        if self._reason != "completed":
            return {"text/plain": repr(self)}
        return bundle(self.picture(), repr(self))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up what has not come yet; what has come stays."""
        self._events.close()

    def __next__(self) -> Columns:
        for event in self._events:
            if (columns := self.take(event)) is not None:
                return columns
        self.require_whole()
        raise StopIteration

    def take(self, event: Mapping[str, Any]) -> Columns | None:
        """The cells of an event, if it has any."""
        if event["event"] == "cells":
            columns = {name: column for name, column in event.items() if name not in _PLACE}
            self._add(columns)
            return columns
        self._reason, self.detail = event["reason"], event["detail"]
        self._summary = [_read(entry) for entry in event["summary"] or ()]
        return None

    def require_whole(self) -> None:
        """Refuse to end before all cells have come.

        Raises:
            SweepBrokenError: If some have not.
        """
        if self._reason != "completed":
            raise SweepBrokenError(self.detail or "the sweep broke off before it had ended")

    @property
    def columns(self) -> Columns:
        """[*shape, …] by name, of all members; waits for them.

        Raises:
            SweepBrokenError: If not all of them come; ``found`` holds those that have.
        """
        self._wait()
        return self.found

    @property
    def summary(self) -> list[dict[str, Any]]:
        """What is said of each optimizer; waits for the end.

        - ``optimizer``, ``name``: its index and its name;
        - ``best``: of the cell with the least median of ``end_loss`` over seeds: its place ``at``, its
          ``members`` and ``values``, ``quantiles`` at 0, 0.1, 0.25, 0.5, 0.75, 0.9 and 1 over its seeds, the
          median ``test_loss`` and ``steps_to_target``, the shares ``reached`` and ``diverged``; or None;
        - ``initial_loss``: the median of that cell;
        - ``tolerance``: how many ``decades`` of rates ``between`` two have medians up to ``bound``, and
          ``at_most`` how many a finer grid could find, None where they may go on beyond it; or None;
        - ``diverged``: the share of all its members.

        Raises:
            SweepBrokenError: If the sweep does not come to its end.
        """
        self._wait()
        return self._summary

    def run(self, member: int | Sequence[int]) -> dict[str, Any]:
        """The RunConfig of a cell, as JSON has it: ``train`` trains it.

        Args:
            member: Its number in C order, or its place along each dimension of ``shape``.

        Raises:
            IndexError: If there is no such member.
        """
        place = self._place(member)
        inner = len(self.shape) - (self.seeds is not None)
        along = place[inner - len(self.axes) : inner]
        document = deepcopy(dict(self._runs[place[0] if inner > len(self.axes) else 0]))
        for axis, i in zip(self.axes, along, strict=True):
            _put(document, axis.path, deepcopy(axis.values[i]))
        if self.seeds is not None:
            _put(document, SEED, self.seeds[place[-1]])
        return document

    def _place(self, member: int | Sequence[int]) -> tuple[int, ...]:
        """Where a member stands along each dimension."""
        if not isinstance(member, Sequence):
            if not 0 <= member < self.members:
                raise IndexError(f"there are members 0 to {self.members - 1}, got {member}")
            return tuple(int(i) for i in np.unravel_index(member, self.shape))
        sizes = self.shape
        if len(member) != len(sizes) or any(not 0 <= i < n for i, n in zip(member, sizes, strict=True)):
            raise IndexError(f"a place lies within the shape {sizes}, got {tuple(member)}")
        return tuple(member)

    def _wait(self) -> None:
        for _ in self:
            pass

    def _add(self, columns: Columns) -> None:
        members = columns["members"].astype(np.int64)
        for name, values in columns.items():
            if name == "members":
                continue
            is_whole = name in {"last_step", "ended"}
            if name not in self.found:
                self.found[name] = self.scratch.full(
                    (*self.shape, *values.shape[1:]),
                    -1 if is_whole else np.nan,
                    np.int64 if is_whole else np.float64,
                )
            self.found[name].reshape(self.members, *values.shape[1:])[members] = values
        self.count += len(members)
        self.scratch.leave()


def losses_of(sweep: Sweep) -> NDArray[np.float64]:
    """[*shape] ``end_loss`` of all members, infinite for those that diverged or failed; waits for them."""
    columns = sweep.columns
    failed = columns["ended"] != sweep.reasons.index("completed")
    return np.where(failed | np.isnan(columns["end_loss"]), np.inf, columns["end_loss"])


def _put(document: Any, path: str, value: Any) -> None:
    """Another value at a place that there is."""
    *parents, last = [token.replace("~1", "/").replace("~0", "~") for token in path[1:].split("/")]
    for token in parents:
        document = document[int(token)] if isinstance(document, list) else document[token]
    document[int(last) if isinstance(document, list) else last] = value


def _read(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the summary with its numbers as such, also those that JSON spells as words."""
    best = entry["best"] and {
        name: value if name == "values" else _number(value) for name, value in entry["best"].items()
    }
    return {name: _number(value) for name, value in entry.items() if name != "best"} | {"best": best}


def _number(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _number(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_number(part) for part in value]
    return float(value) if value in {"NaN", "Infinity", "-Infinity"} else value
