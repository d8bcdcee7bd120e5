"""Pages of runs: those that a search finds, how much is kept in all, and what the quota removed."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from optiscope.engine.core.words import Said
from optiscope.runs.keeping.reading import runs_where
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
class Wish:
    """Which runs are looked for.

    Attributes:
        search: Words that must all occur in the name, problem, optimizer or scheduler.
        state: Only runs in this state.
        watched: Only runs of loops that are not ours; False: only those that are.
    """

    search: str = ""
    state: State | None = None
    watched: bool | None = None


ALL = Wish()


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


def page_of(db: sqlite3.Connection, wish: Wish, before: int | None, limit: int) -> Page:
    """A page of runs, see :meth:`~optiscope.runs.keeping.store.Store.page`."""
    found = _found(db, wish, before, limit + 1)
    return Page(
        runs=found[:limit],
        following=found[limit - 1].serial if len(found) > limit else None,
        totals=totals(db),
        pruned=_pruned(db),
    )


def _found(db: sqlite3.Connection, wish: Wish, before: int | None, limit: int) -> list[Run]:
    conditions, values = matching(wish.search, before)
    if wish.state is not None:
        conditions.append("state = ?")
        values.append(wish.state)
    if wish.watched is not None:
        conditions.append("source IS NOT NULL" if wish.watched else "source IS NULL")
    return list(islice(runs_where(db, " AND ".join(conditions), values), limit))


def matching(search: str, before: int | None) -> tuple[list[str], list[Any]]:
    """The conditions of rows in which all words occur and whose serial is smaller, and their values."""
    conditions, values = ["TRUE"], list[Any]()
    for word in search.lower().split():
        conditions.append("instr(about, ?) > 0")
        values.append(word)
    if before is not None:
        conditions.append("serial < ?")
        values.append(before)
    return conditions, values


def _pruned(db: sqlite3.Connection) -> list[Pruned]:
    query = "SELECT * FROM pruned ORDER BY at DESC LIMIT ?"
    return [
        Pruned(row["id"], row["name"], row["at"], kept_words(row["detail"]))
        for row in db.execute(query, (_PRUNED_SHOWN,))
    ]
