import pytest

from scripts.wire_types import FILE, document, type_of, written


def test_the_types_of_the_page_are_those_of_the_document():
    """Whoever changes the wire renews them with ``make wire``."""
    assert FILE.read_text() == written(document()), "static/js/wire.d.ts is not current: make wire"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, "Json"),
        ({"type": "integer", "minimum": 1}, "number"),
        ({"$ref": "#/components/schemas/RunConfig"}, "RunConfig"),
        ({"const": "block", "type": "string"}, '"block"'),
        ({"enum": ["NaN", "Infinity"], "type": "string"}, '"NaN" | "Infinity"'),
        ({"type": ["string", "null"]}, "string | null"),
        ({"anyOf": [{"type": "number"}, {"type": "integer"}, {"type": "null"}]}, "number | null"),
        ({"type": "array", "items": {"type": "string"}}, "string[]"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "(string | null)[]"),
        ({"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}]}, "[number, string]"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "Record<string, number>"),
        ({"type": "object"}, "Record<string, Json>"),
        (
            {"type": "object", "properties": {"a": {"type": "number"}, "b-c": {}}, "required": ["a"]},
            '{\n  a: number;\n  "b-c"?: Json;\n}',
        ),
    ],
)
def test_a_schema_has_a_type(schema, expected):
    """In the words of TypeScript, with what may be left out marked as such."""
    assert type_of(schema) == expected


def test_a_call_has_what_it_takes_and_answers():
    """Of a stream it is one line; of a call without a body it is nothing."""
    text = written(document())
    events = "RunStarted | Queued | BlockOfSteps | RunEnded"
    assert f'"POST /api/compare": {{ body: Comparison; answer: {events} }}' in text
    assert '"GET /api/health": { body: undefined; answer: Health }' in text
