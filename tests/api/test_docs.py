"""The documentation is complete, works offline, and its examples run."""

import pytest

from app.api import compare, train
from app.main import create_app

DOCUMENT = create_app().openapi()
OPERATIONS = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_is_described(path, method, operation):
    """A summary, a description, and a tag."""
    assert operation["summary"]
    assert len(operation["description"]) > 40
    assert operation["tags"]
    if method == "post":
        assert operation["requestBody"]["content"]["application/json"]["examples"]
        assert {"413", "415", "422", "429"} <= set(operation["responses"])


def references(node):
    """Every ``$ref`` in a document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def test_every_reference_has_its_schema():
    """The document refers to nothing that it does not hold."""
    schemas = DOCUMENT["components"]["schemas"]
    assert set(references(DOCUMENT)) <= {f"#/components/schemas/{name}" for name in schemas}
    assert schemas["RunConfig"]["properties"]["steps"]["minimum"] == 1


EXAMPLES = [
    (path, name, example["value"])
    for path, method, operation in OPERATIONS
    if method == "post"
    for name, example in operation["requestBody"]["content"]["application/json"]["examples"].items()
]


@pytest.mark.parametrize(("path", "body"), [pytest.param(p, b, id=f"{p} {n}") for p, n, b in EXAMPLES])
async def test_every_example_is_accepted(client, path, body):
    """What the documentation offers to try works."""
    assert (await client.post(path, json=body)).status_code == 200


def test_examples_are_the_routes_own():
    """The document shows what the routes name as their examples."""
    assert {name for _, name, _ in EXAMPLES} >= {*train.EXAMPLES, *compare.EXAMPLES}


async def test_the_documentation_page_loads_nothing_from_elsewhere(client):
    """Swagger UI and its start come from this server, and are there."""
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    for address in (
        "/static/vendor/swagger-ui/swagger-ui.css",
        "/static/vendor/swagger-ui/swagger-ui-bundle.js",
        "/static/docs/initializer.js",
        "/openapi.json",
    ):
        assert address == "/openapi.json" or address in page.text
        assert (await client.get(address)).status_code == 200
