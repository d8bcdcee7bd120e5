"""Pydantic's findings about a JSON text, as what is said of each field."""

import re
from collections.abc import Callable, Mapping, Sequence
from inspect import isclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError, from_json

from optiscope.engine.core.errors import MOST_TOLD, ConfigError, FieldProblem
from optiscope.engine.core.registry import escape, quoted, shown
from optiscope.engine.core.suggestions import meant
from optiscope.engine.core.words import Said, say

_SAID = "said"

Place = tuple[int | str, ...]
"""Keys and indices that lead to a field of a document."""


def refusal(said: Said) -> PydanticCustomError:
    """What a validator raises to say something of its own."""
    return PydanticCustomError(_SAID, "refused", {_SAID: said})


def explain(error: ValidationError, data: bytes | str, model: type[BaseModel]) -> ConfigError:
    """Pydantic's findings about a JSON text, each under the JSON pointer of its field."""
    every = error.errors(include_url=False, include_context=True)
    found = [details for details in every if not follows(details)][:MOST_TOLD]
    document = None if found[0]["type"] == "json_invalid" else from_json(data)
    return ConfigError(_problem(details, document, model) for details in found)  # type: ignore[arg-type]


def follows(details: ErrorDetails) -> bool:
    """Whether a list is called too short only because its entries are refused, which is said of each."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _problem(details: dict[str, Any], document: Any, model: type[BaseModel]) -> FieldProblem:
    place = place_of(details, document)
    tag = details.get("ctx", {}).get("discriminator")
    where = pointer_to((*place, tag.strip("'")) if tag else place)
    if details["type"] == "extra_forbidden":
        return FieldProblem(where, _unknown_field(place, document, model))
    field: str | Said = next((key for key in reversed(place) if isinstance(key, str)), say("the_body"))
    if place and isinstance(place[-1], int) and details["type"] == "missing":
        field = f"{field}[{place[-1]}]"
    return FieldProblem(where, finding(details, field))


def pointer_to(place: Place) -> str:
    """A place as a JSON pointer."""
    return "".join(f"/{escape(str(key))}" for key in place)


def place_of(details: Mapping[str, Any], document: Any) -> Place:
    """A location of pydantic's without the names of union members, which are not in the document."""
    location: Sequence[int | str] = details["loc"]
    place: list[int | str] = []
    for key in location:
        match document, key:
            case {}, _ if key in document:
                place.append(key)
            case [*_], int() if key < len(document):
                place.append(key)
            case _:
                continue
        document = document[key]
    return (*place, location[-1]) if details["type"] == "missing" else tuple(place)


def _unknown_field(place: Place, document: Any, model: type[BaseModel]) -> Said:
    name = str(place[-1])
    hint = meant(name, sorted(_fields_at(model, place[:-1], document)))
    return say("unknown_field_near", field=name, hint=hint) if hint else say("unknown_field", field=name)


def _fields_at(annotation: Any, place: Place, document: Any) -> set[str]:
    """The fields that an object at a place may have, by the types of the fields that lead there."""
    if isclass(annotation) and issubclass(annotation, RootModel):
        return _fields_at(annotation.model_fields["root"].annotation, place, document)
    if isclass(annotation) and issubclass(annotation, BaseModel):
        return _fields_of(annotation, place, document)
    if place and isinstance(place[0], int):
        place, document = place[1:], document[place[0]]
    return set().union(*(_fields_at(part, place, document) for part in get_args(annotation)))


def _fields_of(model: type[BaseModel], place: Place, document: Any) -> set[str]:
    """Those of a model, unless the document shows that another member of a union is meant."""
    if not isinstance(document, dict):
        return set()
    fixed = {
        name: get_args(f.annotation)
        for name, f in model.model_fields.items()
        if get_origin(f.annotation) is Literal
    }
    if any(name in document and document[name] not in known for name, known in fixed.items()):
        return set()
    if not place:
        return set(model.model_fields)
    inner = model.model_fields.get(str(place[0]))
    return _fields_at(inner.annotation, place[1:], document[place[0]]) if inner else set()


def finding(details: Mapping[str, Any], field: str | Said) -> Said:
    """One of pydantic's findings about a field, with the value and the bound."""
    context = details.get("ctx", {})
    if details["type"] == _SAID:
        said: Said = context[_SAID]
        return said
    if (bounded := _BOUNDED.get(details["type"])) is not None:
        return bounded(field, context, details.get("input"))
    if (typed := _TYPED.get(details["type"])) is not None:
        return typed(field, shown(details.get("input")))
    return say("other_finding", field=field, why=str(details["msg"]))


Bounded = Callable[[str | Said, Mapping[str, Any], Any], Said]

_BOUNDED: Mapping[str, Bounded] = {
    "missing": lambda field, *_: say("required", field=field),
    "greater_than_equal": lambda field, ctx, value: say(
        "at_least", field=field, bound=ctx["ge"], value=quoted(value)
    ),
    "greater_than": lambda field, ctx, value: say(
        "greater_than", field=field, bound=ctx["gt"], value=quoted(value)
    ),
    "less_than_equal": lambda field, ctx, value: say(
        "at_most", field=field, bound=ctx["le"], value=quoted(value)
    ),
    "too_short": lambda field, ctx, _: say(
        "at_least_entries", field=field, count=ctx["min_length"], value=ctx["actual_length"]
    ),
    "too_long": lambda field, ctx, _: say(
        "at_most_entries", field=field, count=ctx["max_length"], value=ctx["actual_length"]
    ),
    "string_too_long": lambda field, ctx, value: say(
        "at_most_characters", field=field, bound=ctx["max_length"], value=len(value)
    ),
    "literal_error": lambda field, ctx, value: _one_of(field, ctx["expected"], value),
    "enum": lambda field, ctx, value: _one_of(field, ctx["expected"], value),
    "union_tag_invalid": lambda field, ctx, _: _one_of(_tag(field, ctx), ctx["expected_tags"], ctx["tag"]),
    "union_tag_not_found": lambda field, ctx, _: say("required", field=_tag(field, ctx)),
    "json_invalid": lambda _, ctx, __: say("no_json", why=str(ctx["error"])),
    "recursion_loop": lambda field, *_: say("too_deep", field=field),
}
"""What is said of a finding that is about a bound, a choice or the text itself."""

_TYPED: Mapping[str, Callable[[str | Said, str], Said]] = {
    "finite_number": lambda field, value: say("not_finite", field=field, value=value),
    **dict.fromkeys(
        ("float_type", "float_parsing"), lambda field, value: say("no_number", field=field, value=value)
    ),
    **dict.fromkeys(
        ("int_type", "int_from_float", "int_parsing"),
        lambda field, value: say("no_whole_number", field=field, value=value),
    ),
    **dict.fromkeys(
        ("bool_type", "bool_parsing"), lambda field, value: say("no_truth", field=field, value=value)
    ),
    "string_type": lambda field, value: say("no_text", field=field, value=value),
    **dict.fromkeys(
        ("tuple_type", "list_type"), lambda field, value: say("no_list", field=field, value=value)
    ),
    **dict.fromkeys(
        ("dict_type", "model_type"), lambda field, value: say("no_object", field=field, value=value)
    ),
}
"""What is said of a value of another type."""


def _one_of(field: str | Said, expected: str, value: Any) -> Said:
    choices = [shown(choice) for choice in re.findall(r"'([^']*)'", expected)]
    return say("one_of", field=field, choices=choices, value=shown(value))


def _tag(field: str | Said, context: Mapping[str, Any]) -> str:
    return f"{field}.{str(context['discriminator']).strip(chr(39))}"
