"""The types of what the client is answered, from the OpenAPI document: ``make wire``.

Every schema that an answer is made of becomes a ``TypedDict`` of its name. Typed arrays, which the client
decodes, are arrays. A test holds the written file and the document together, and each call and its answer.

Usage: python -m scripts.answer_types
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from pathlib import Path
from textwrap import indent, wrap
from typing import Any

from scripts.wire_types import METHODS, document

FILE = Path(__file__).parents[1] / "app" / "client" / "answers.py"

HEAD = '''\
"""What a server answers, as its OpenAPI document says. Written by ``make wire``: do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
"""An array of numbers, decoded."""

Number: TypeAlias = float | Literal["NaN", "Infinity", "-Infinity"]
"""A number of JSON; one that is not finite travels as a word."""
'''

PRIMITIVES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}

ARRAY = "TypedArray"
NOT_FINITE = "Literal['NaN', 'Infinity', '-Infinity']"
WIDTH = 100
LONGEST = 106

EVENTS = ("Step", "RunEnded")
"""What streams of kept runs are made of, as the client hands them on."""

Schema = Mapping[str, Any]


def written(openapi: Schema) -> str:
    """The whole file."""
    schemas: Mapping[str, Schema] = openapi["components"]["schemas"]
    # What is a name for others comes last, when those are there.
    names = sorted(_reached(openapi), key=lambda name: ("properties" not in schemas[name], name))
    named = "\n\n".join(_named(name, schemas[name]) for name in names)
    return _formatted(f"{HEAD}\n\n{named}\n")


def answers(openapi: Schema) -> dict[str, str]:
    """The type of what each call that is no stream answers, by method and path."""
    return {
        f"{method.upper()} {path}": type_of(content["application/json"]["schema"])
        for path, methods in openapi["paths"].items()
        for method, call in methods.items()
        if method in METHODS
        for status, answer in call["responses"].items()
        if status.startswith("2") and "application/json" in (content := answer.get("content", {}))
    }


def type_of(schema: Schema) -> str:
    """A schema as a type of Python."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return _union(type_of(option) for option in schema[union])
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    if isinstance(schema.get("type"), list):
        return _union(type_of({**schema, "type": kind}) for kind in schema["type"])
    return _of_kind(schema)


def _of_kind(schema: Schema) -> str:
    kind = schema.get("type")
    if kind == "array":
        return f"list[{type_of(schema.get('items', {}))}]"
    if kind == "object":
        others = schema.get("additionalProperties", True)
        return f"dict[str, {type_of(others) if isinstance(others, Mapping) else 'Any'}]"
    return "Any" if kind is None else PRIMITIVES[kind]


def _union(options: Iterator[str]) -> str:
    kinds = list(dict.fromkeys(options))
    if ARRAY in kinds:  # beside the same as a list, which the client does not ask for
        kinds = ["Array", *(kind for kind in kinds if kind == "None")]
    if NOT_FINITE in kinds:
        kinds = ["Number", *(kind for kind in kinds if kind not in {NOT_FINITE, "float"})]
    return "Any" if "Any" in kinds else " | ".join(kinds)


def _reached(openapi: Schema) -> set[str]:
    """The schemas that answers are made of."""
    schemas, found = openapi["components"]["schemas"], set[str]()
    waiting = [name for kind in answers(openapi).values() for name in schemas if name == kind]
    waiting += EVENTS
    while waiting:
        name = waiting.pop()
        if name not in found and name != ARRAY:
            found.add(name)
            waiting += _references(schemas[name])
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for below in node.values():
            yield from _references(below)
    elif isinstance(node, list):
        for below in node:
            yield from _references(below)


def _named(name: str, schema: Schema) -> str:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    if not properties:
        return f"{name}: TypeAlias = {type_of(schema)}\n"
    required = schema.get("required", ())
    kinds = {
        key: type_of(field) if key in required else f"NotRequired[{type_of(field)}]"
        for key, field in properties.items()
    }
    if any(iskeyword(key) or not key.isidentifier() for key in kinds):
        fields = "".join(_entry(key, kind) for key, kind in kinds.items())
        return f"{name} = TypedDict({name!r}, {{\n{fields}}})\n{_docstring(schema, properties)}\n"
    fields = "".join(f"    {key}: {kind}\n" for key, kind in kinds.items())
    return f"class {name}(TypedDict):\n{indent(_docstring(schema, properties), '    ')}\n\n{fields}"


def _entry(key: str, kind: str) -> str:
    """A field whose name is a word of Python's."""
    line = f"    {json.dumps(key)}: {json.dumps(kind)},"
    return line + ("  # noqa: E501\n" if len(line) > LONGEST else "\n")


def _docstring(schema: Schema, properties: Mapping[str, Schema]) -> str:
    """What the schema is, and its fields as far as they are described."""
    said = {key: _words(field) for key, field in properties.items() if "description" in field}
    summary, _, more = _words(schema).partition(". ")
    lines = wrap(summary.rstrip(".") + ".", WIDTH) + (["", *wrap(more, WIDTH)] if more else [])
    if said:
        lines += ["", "Attributes:"]
        for key, words in said.items():
            lines += wrap(f"{key}: {words}", WIDTH, initial_indent="    ", subsequent_indent=" " * 8)
    text = "\n".join(lines).replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{text}\n"""' if len(lines) > 1 else f'"""{text}"""'


def _words(schema: Schema) -> str:
    return " ".join(str(schema.get("description", schema.get("title", ""))).split())


def _formatted(text: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(FILE), "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    FILE.write_text(written(document()))
