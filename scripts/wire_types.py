"""The types of the wire, as the page's modules read them, from the OpenAPI document: ``make wire``.

Every schema of the document becomes a type of its name, and ``Calls`` says what each call takes and answers.
A test holds the written file and the document together.

Usage: python scripts/wire_types.py
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from optiscope.main import create_app
from optiscope.settings import Settings

FILE = Path(__file__).parents[1] / "static" / "js" / "wire.d.ts"

HEAD = """\
// What travels between server and page. Written by `make wire` from the OpenAPI document: do not edit.

/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
"""

METHODS = ("get", "put", "post", "patch", "delete")

PRIMITIVES = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}

Schema = Mapping[str, Any]


def document() -> Schema:
    """The OpenAPI document of the application."""
    return create_app(Settings()).openapi()


def written(openapi: Schema) -> str:
    """The whole file."""
    schemas: Mapping[str, Schema] = openapi["components"]["schemas"]
    named = [_named(name, schemas[name]) for name in sorted(schemas)]
    return "\n".join([HEAD, *named, _calls(openapi["paths"])])


def type_of(schema: Schema, indent: str = "") -> str:
    """A schema as a type of TypeScript; bounds and formats are not said by types."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return _union(type_of(option, indent) for option in schema[union])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return _union(json.dumps(value) for value in schema["enum"])
    if isinstance(schema.get("type"), list):
        return _union(type_of({**schema, "type": kind}, indent) for kind in schema["type"])
    return _of_kind(schema, indent)


def _of_kind(schema: Schema, indent: str) -> str:
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, indent)
    if kind == "array":
        return _array(schema, indent)
    return "Json" if kind is None else PRIMITIVES[kind]


def _union(options: Iterator[str]) -> str:
    return " | ".join(dict.fromkeys(options))


def _array(schema: Schema, indent: str) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(type_of(item, indent) for item in schema['prefixItems'])}]"
    item = type_of(schema.get("items", {}), indent)
    return f"({item})[]" if " | " in item else f"{item}[]"


def _object(schema: Schema, indent: str) -> str:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties", not properties)
    value = type_of(others if isinstance(others, Mapping) else {}, indent)
    values = None if others is False else f"Record<string, {value}>"
    if not properties:
        return values or "Record<string, never>"
    lines = "".join(
        _property(name if name in schema.get("required", ()) else f"{name}?", value, indent + "  ")
        for name, value in properties.items()
    )
    return f"{{\n{lines}{indent}}}" + ("" if values is None else f" & {values}")


def _property(name: str, schema: Schema, indent: str) -> str:
    """A line for what an object has; a name that ends with a question mark may be left out."""
    key = name.rstrip("?")
    written = name if key.isidentifier() else name.replace(key, json.dumps(key))
    return f"{_comment(schema, indent)}{indent}{written}: {type_of(schema, indent)};\n"


def _named(name: str, schema: Schema) -> str:
    return f"{_comment(schema)}export type {name} = {type_of(schema)};\n"


def _comment(schema: Schema, indent: str = "") -> str:
    words = " ".join(str(schema.get("description", "")).split()).replace("*/", "* /")
    return f"{indent}/** {words} */\n" if words else ""


def _calls(paths: Mapping[str, Schema]) -> str:
    """What each call takes and answers; of a stream, one of its lines; unknown where it is no JSON."""
    lines = "".join(
        f"  {json.dumps(f'{method.upper()} {path}')}: {{ body: {_body(call)}; answer: {_answer(call)} }};\n"
        for path, methods in paths.items()
        for method, call in methods.items()
        if method in METHODS
    )
    return f"export type Calls = {{\n{lines}}};\n"


def _body(call: Schema) -> str:
    return _content(call.get("requestBody", {}).get("content", {}), "undefined")


def _answer(call: Schema) -> str:
    answers = [answer for status, answer in call["responses"].items() if status.startswith("2")]
    return _union(_content(answer.get("content", {}), "unknown") for answer in answers)


def _content(content: Mapping[str, Schema], otherwise: str) -> str:
    if "application/jsonl" in content:
        return type_of(content["application/jsonl"]["itemSchema"], "  ")
    if "application/json" in content:
        return type_of(content["application/json"]["schema"], "  ")
    return "Blob" if content else otherwise


if __name__ == "__main__":
    FILE.write_text(written(document()))
