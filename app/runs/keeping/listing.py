"""Pages of runs: those that a search finds, how much is kept in all, and what the quota removed."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from optiscope.engine.core.words import Said
from optiscope.runs.keeping.opening import is_damage
from optiscope.runs.keeping.removing import Totals, totals
from optiscope.runs.keeping.run import Run, State, kept_words

_PRUNED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Pruned:
    """A run that the quota removed: when (seconds since 1970, UTC) and why."""

    id: str
    name: str
    at: float
    said: Said


@dataclass(frozen=True, slots=True)
class Page:
    """A page of runs.

    Attributes:
        runs: Newest first.
        following: What to ask the next page with; None if this is the last.
        totals: How much is kept in all.
        pruned: What the quota removed last, newest first.
    """

    runs: Sequence[Run]
    following: int | None
    totals: Totals
    pruned: Sequence[Pruned]


def page_of(db: sqlite3.Connection, search: str, state: State | None, before: int | None, limit: int) -> Page:
    """A page of runs, see :meth:`~optiscope.runs.keeping.store.Store.page`."""
    found = _found(db, search, state, before, limit + 1)
    return Page(
        runs=found[:limit],
        following=found[limit - 1].serial if len(found) > limit else None,
        totals=totals(db),
        pruned=_pruned(db),
    )


def _found(
    db: sqlite3.Connection, search: str, state: State | None, before: int | None, limit: int
) -> list[Run]:
    conditions = ["TRUE"]
    values: list[Any] = []
    for word in search.lower().split():
        conditions.append("instr(about, ?) > 0")
        values.append(word)
    if state is not None:
        conditions.append("state = ?")
        values.append(state)
    if before is not None:
        conditions.append("serial < ?")
        values.append(before)
    where = " AND ".join(conditions)
    query = f"SELECT * FROM runs WHERE {where} ORDER BY serial DESC LIMIT ?"  # noqa: S608 - fixed texts only
    try:
        return [Run.of_row(row) for row in db.execute(query, (*values, limit))]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return list(islice(readable(db, where, values), limit))


def readable(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> Iterator[Run]:
    """The runs of a damaged file that can still be read, newest first: each is looked for by itself."""
    (newest,) = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'runs'").fetchone()
    query = f"SELECT * FROM runs WHERE serial = ? AND {where}"  # noqa: S608 - fixed texts only
    for serial in range(newest, 0, -1):
        try:
            row = db.execute(query, (serial, *values)).fetchone()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        else:
            if row is not None:
                yield Run.of_row(row)


def _pruned(db: sqlite3.Connection) -> list[Pruned]:
    query = "SELECT * FROM pruned ORDER BY at DESC LIMIT ?"
    return [
        Pruned(row["id"], row["name"], row["at"], kept_words(row["detail"]))
        for row in db.execute(query, (_PRUNED_SHOWN,))
    ]
