import pytest

from scripts.answer_types import FILE, type_of, written
from scripts.wire_types import document


def test_the_types_of_the_client_are_those_of_the_document():
    """Whoever changes the wire renews them with ``make wire``."""
    assert FILE.read_text() == written(document()), "app/client/answers.py is not current: make wire"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, "Any"),
        ({"type": "integer", "minimum": 1}, "int"),
        ({"$ref": "#/components/schemas/RunDocument"}, "RunDocument"),
        ({"const": "block", "type": "string"}, "Literal['block']"),
        ({"enum": ["a", "b"], "type": "string"}, "Literal['a', 'b']"),
        ({"type": ["string", "null"]}, "str | None"),
        ({"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}, "Number"),
        (
            {"anyOf": [{"type": "array", "items": {}}, {"$ref": "#/x/TypedArray"}, {"type": "null"}]},
            "Array | None",
        ),
        ({"type": "array", "items": {"type": "string"}}, "list[str]"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "dict[str, float]"),
        ({"type": "object"}, "dict[str, Any]"),
    ],
)
def test_a_schema_has_a_type(schema, expected):
    """In the words of Python; what the client decodes is what it becomes."""
    assert type_of(schema) == expected
