"""Lists of a server, which come in pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx

from optiscope.client.call import Call, document

T = TypeVar("T")

_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list.

    Attributes:
        entries: Newest first.
        before: What to ask for the entries behind them with; None where there are no more.
    """

    entries: Sequence[T]
    before: int | None


def page(
    path: str,
    name: str,
    entry: Callable[[Any], T],
    query: Mapping[str, Any],
    before: int | None,
) -> Call[Page[T]]:
    """Asks for the page at a place of a list; the answer has the entries under ``name``."""

    def read(response: httpx.Response) -> Page[T]:
        found = document(response)
        return Page(list(map(entry, found[name])), found["next"])

    known = {key: value for key, value in query.items() if value is not None}
    place = {} if before is None else {"before": before}
    return Call("GET", path, read, {"params": {**known, **place, "limit": _ENTRIES}})
