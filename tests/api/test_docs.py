"""The documentation is complete, works offline, and its examples run."""

import pytest

from optiscope.api import compare, train
from optiscope.main import create_app

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
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        assert kind != "application/json" or body["examples"]
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
    (path, method, name, example["value"])
    for path, method, operation in OPERATIONS
    for body in operation.get("requestBody", {}).get("content", {}).values()
    for name, example in body.get("examples", {}).items()
]


async def kept_run(client):
    """The id of a run that has ended, for examples that are about one."""
    config = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 60}
    run = (await client.post("/api/runs", json={"config": config})).json()
    await client.get(f"/api/runs/{run['id']}/steps")
    return run["id"]


@pytest.mark.parametrize(
    ("path", "method", "body"), [pytest.param(p, m, b, id=f"{p} {n}") for p, m, n, b in EXAMPLES]
)
async def test_every_example_is_accepted(client, path, method, body):
    """What the documentation offers to try works."""
    if "{id}" in path:
        path = path.replace("{id}", await kept_run(client))
    assert (await client.request(method, path, json=body)).is_success


def test_examples_are_the_routes_own():
    """The document shows what the routes name as their examples."""
    assert {name for _, _, name, _ in EXAMPLES} >= {*train.EXAMPLES, *compare.EXAMPLES}


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
