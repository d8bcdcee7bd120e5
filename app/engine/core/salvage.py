"""What is left of a document once the fields that pydantic refuses are taken out, so that it can be judged.

A wrong field is left out; where it is required, what holds it is left out instead, up to what can be missing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import from_json

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import MOST_TOLD
from optiscope.engine.core.findings import Place, follows, place_of
from optiscope.engine.core.limits import Limits, in_context

M = TypeVar("M", bound=BaseModel)

_ROUNDS = 8
_MOST_BYTES = 2**16
"""Of a longer document only the first refusals are told; reading it again and again would take too long."""

_STAND_INS: Mapping[str, Any] = {"problem": {}, "optimizer": {"name": "SGD"}}
"""What a required part of a run is while the rest is judged."""


class Salvage(Generic[M]):
    """What is left of a document.

    Attributes:
        found: The rest as a model; None if nothing can be made of it.
        removed: The places that were taken out, or are filled with what nobody sent.
    """

    def __init__(self, model: type[M], data: bytes | str, error: ValidationError, limits: Limits) -> None:
        self.removed: set[Place] = set()
        self.found: M | None = None
        if len(data) > _MOST_BYTES or error.error_count() > MOST_TOLD:
            return
        if error.errors(include_url=False)[0]["type"] == "json_invalid":
            return
        self._document = from_json(data)
        self._salvage(lambda text: model.model_validate_json(text, context=in_context(limits)), error)

    def _salvage(self, read: Callable[[str], M], error: ValidationError) -> None:
        for _ in range(_ROUNDS):
            if not self._without(error):
                return
            try:
                self.found = read(json.dumps(self._document))
            except ValidationError as still:
                error = still
            except ValueError:  # a number of thousands of digits cannot be written out
                return
            else:
                return

    def _without(self, error: ValidationError) -> bool:
        """Take out what is refused; whether that is possible."""
        found = error.errors(include_url=False)
        places = {self._to_remove(details) for details in found if not follows(details)}
        whole = {self.original(place) for place in places}
        for place in sorted(places, key=_backwards, reverse=True):
            if not self._remove(place):
                return False
        self.removed |= whole
        return True

    def _to_remove(self, details: Mapping[str, Any]) -> Place:
        place = place_of(details, self._document)
        is_filled = details["type"] != "missing" or place[-1] in _STAND_INS
        return place if is_filled else place[:-1]

    def _remove(self, place: Place) -> bool:
        if not place:
            return False
        holder = self._document
        try:
            for key in place[:-1]:
                holder = holder[key]
            if isinstance(holder, dict) and place[-1] not in holder:
                holder[place[-1]] = _STAND_INS[place[-1]]  # type: ignore[index]
            else:
                del holder[place[-1]]
        except (KeyError, IndexError, TypeError):
            pass  # it went with what held it
        return True

    def original(self, place: Place) -> Place:
        """Where the document as it came has what the rest has at ``place``."""
        found: Place = ()
        for key in place:
            here = key
            if isinstance(here, int):
                inner = (p[-1] for p in self.removed if p[:-1] == found and isinstance(p[-1], int))
                for gone in sorted(inner):
                    here += gone <= here
            found = (*found, here)
        return found

    def touches(self, place: Place) -> bool:
        """Whether something was taken out there, inside of it or around it."""
        return any(place[: len(gone)] == gone or gone[: len(place)] == place for gone in self.removed)

    def configs(self) -> Iterator[tuple[Place, RunConfig]]:
        """The runs that the rest describes, and where it does."""
        return _configs(self.found, ())


def _backwards(place: Place) -> tuple[tuple[int, str], ...]:
    """A key by which later entries of a list come after earlier ones."""
    return tuple((key, "") if isinstance(key, int) else (-1, key) for key in place)


def _configs(value: Any, place: Place) -> Iterator[tuple[Place, RunConfig]]:
    if isinstance(value, RunConfig):
        yield place, value
    elif isinstance(value, RootModel):
        yield from _configs(value.root, place)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _configs(getattr(value, name), (*place, name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _configs(part, (*place, index))
