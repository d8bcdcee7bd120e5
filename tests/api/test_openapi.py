"""The OpenAPI document is whole, says what the server does, and its examples run."""

import json
import re
from copy import deepcopy

import pytest
from jsonschema_rs import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR, OPENAPI_32_VALIDATOR

from optiscope.api import compare, train
from optiscope.api.catalog_documents import Catalog
from optiscope.api.health_document import HEALTH_PATH
from optiscope.api.security import OPEN_PATHS
from optiscope.api.stream_examples import SWEEP
from optiscope.main import create_app
from optiscope.settings import Settings
from tests.application import walked

APP = create_app(Settings())
DOCUMENT = APP.openapi()
OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]

OPERATION_IDS = {
    *(
        "health",
        "catalog",
        "catalog_summary",
        "catalog_entry",
        "optimizers",
        "loop_mistakes",
        "train",
        "compare",
        "loss_surface",
        "sweeps",
        "curvature",
        "central_flow",
        "gradient_noise",
        "held_out_loss",
        "decision_boundary",
    ),
    *(
        "lr_schedule",
        "lr_scheduler_presets",
        "lint",
        "code",
        "optimizers",
        "create_run",
        "list_runs",
        "follow_runs",
    ),
    *("read_run", "edit_run", "delete_run", "extend_run", "pause_run", "resume_run", "fork_run"),
    *("follow_run", "download_checkpoint", "create_run_from_checkpoint", "step_anatomy"),
    *("import_run", "append_steps", "report_run"),
    "anatomy",
    *("plan_sweep", "list_sweeps", "read_sweep", "edit_sweep", "delete_sweep"),
    *("pause_sweep", "resume_sweep", "follow_sweep", "export_sweep", "export_run", "export_runs"),
    *("lessons", "read_lesson"),
}

PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}


def validator(schema):
    """A validator of a schema that refers to those of the document."""
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def nodes(node, name=""):
    """Every mapping in a document, with the name under which it stands."""
    if isinstance(node, dict):
        yield name, node
        for key, part in node.items():
            yield from nodes(part, key)
    elif isinstance(node, list):
        for part in node:
            yield from nodes(part)


def test_the_document_is_valid():
    """It is an OpenAPI 3.1 document, and a 3.2 one with what only that knows of streams."""
    document = deepcopy(DOCUMENT)
    assert OPENAPI_32_VALIDATOR.is_valid({**document, "openapi": "3.2.0"})
    items = [node.pop("itemSchema") for _, node in nodes(document) if "itemSchema" in node]
    assert len(items) == 8
    assert document["openapi"].startswith("3.1")
    assert OPENAPI_31_VALIDATOR.is_valid(document)


def test_every_route_is_in_the_document():
    """No route of the API is left out, whoever adds it."""
    routes = {
        (path, method.lower())
        for path, methods in walked(APP.routes)
        for method in methods
        if path.startswith("/api/")
    }
    assert routes == {(path, method) for path, item in DOCUMENT["paths"].items() for method in item}


def test_operations_have_short_names():
    """A generated client calls them by names that stay."""
    found = [operation["operationId"] for item in DOCUMENT["paths"].values() for operation in item.values()]
    assert len(found) == len(set(found))
    assert set(found) == OPERATION_IDS


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_is_described(path, method, operation):
    """A summary, a description, and a tag."""
    assert operation["summary"]
    assert len(operation["description"]) > 40
    assert operation["tags"]
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        assert body["schema"]
        assert kind != "application/json" or body["examples"]
        assert {"413", "415", "422", "429"} <= set(operation["responses"])


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_answer_has_a_schema(path, method, operation):
    """What comes back is told, refusals as problem documents; bad health is health."""
    for status, answer in operation["responses"].items():
        if (path, status) == (HEALTH_PATH, "503"):
            assert answer["content"] == operation["responses"]["200"]["content"]
        elif int(status) >= 400:
            assert answer["content"] == {"application/problem+json": PROBLEM}
        elif status not in {"204", "304"}:
            assert all(content["schema"] for content in answer["content"].values())
    assert {"400", "403", "500"} <= set(operation["responses"])


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
async def test_who_needs_a_token_is_told(path, method, operation, connect):
    """401 and the ways to send a token stand where the server asks for one."""
    is_open = path in OPEN_PATHS
    assert ("401" in operation["responses"]) is not is_open
    assert operation.get("security", DOCUMENT["security"]) == (
        [] if is_open else [{}, {"bearer": []}, {"cookie": []}]
    )
    async with connect(token="a token of this test") as client:  # noqa: S106 - of this test alone
        answer = await client.request(method, re.sub(r"\{\w+\}", "1", path))
    assert (answer.status_code == 401) is not is_open
    assert is_open or validator(PROBLEM["schema"]).is_valid(answer.json())


def test_tokens_have_schemes():
    """A token is sent as a header or, by a browser, as a cookie."""
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert {name: (scheme["type"], scheme.get("in")) for name, scheme in schemes.items()} == {
        "bearer": ("http", None),
        "cookie": ("apiKey", "cookie"),
    }


def test_every_reference_has_its_schema():
    """The document refers to nothing that it does not hold."""
    schemas = DOCUMENT["components"]["schemas"]
    references = {node["$ref"] for _, node in nodes(DOCUMENT) if isinstance(node.get("$ref"), str)}
    assert references <= {f"#/components/schemas/{name}" for name in schemas}
    assert schemas["RunConfig"]["properties"]["steps"]["minimum"] == 1


def is_bounded(schema):
    """Whether a value of this schema cannot be of any size."""
    if "anyOf" in schema:
        return (
            all(is_bounded(part) or part == {"type": "null"} for part in schema["anyOf"])
            or "pattern" in schema
        )
    if "$ref" in schema:
        return is_bounded(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema["type"] in {"integer", "number"}:
        return bool({"minimum", "exclusiveMinimum"} & schema.keys()) and "maximum" in schema
    if schema["type"] == "array":
        return "maxItems" in schema and is_bounded(schema["items"])
    return schema["type"] == "boolean" or bool({"const", "enum", "pattern", "maxLength"} & schema.keys())


def test_every_field_says_what_it_is():
    """In its own words, or in those of the schema that it refers to."""
    unsaid = [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if not {"description", "$ref", "const"} & told.keys() and field != "event"
    ]
    assert unsaid == []


def test_parameters_have_bounds():
    """What may stand in an address or a header is told, with a word on each."""
    found = [
        parameter
        for item in DOCUMENT["paths"].values()
        for operation in item.values()
        for parameter in operation.get("parameters", [])
    ]
    assert len(found) > 20
    assert [p["name"] for p in found if not p.get("description") or not is_bounded(p["schema"])] == []


def examples():
    """Every example of the document but streams, with the schema that it is of."""
    for name, node in nodes(DOCUMENT):
        found = node.get("examples", {})
        if isinstance(found, list):
            yield from ((name, node, example) for example in found)
        elif isinstance(node.get("schema"), dict):
            yield from ((name, node["schema"], example["value"]) for example in found.values())


def test_every_example_follows_its_schema():
    """What the documentation shows is what its schemas allow, down to each line of a stream."""
    found = list(examples())
    assert len(found) > 50
    for name, schema, example in found:
        assert "…" not in json.dumps(example, ensure_ascii=False), name
        validator(schema).validate(example)
    streams = [node for _, node in nodes(DOCUMENT) if "itemSchema" in node]
    for stream in streams:
        events = [json.loads(line) for line in stream["example"].splitlines()]
        kind = "sweep" if events[0]["event"] == "sweep_started" else "run"
        assert events[0]["event"] in {f"{kind}_started", "block"}  # a watched run that is gone on with
        assert events[-1]["event"] == f"{kind}_ended"
        for event in events:
            validator(stream["itemSchema"]).validate(event)


BODIES = [
    (path, method, operation, name, example["value"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    for body in operation.get("requestBody", {}).get("content", {}).values()
    for name, example in body.get("examples", {}).items()
]


async def kept_run(client):
    """The id of a run that has ended, for examples that are about one."""
    config = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 60}
    run = (await client.post("/api/runs", json={"config": config})).json()
    await client.get(f"/api/runs/{run['id']}/steps")
    return run["id"]


async def kept_sweep(client):
    """The same of a sweep."""
    answer = await client.post("/api/sweeps", params={"keep": "true"}, json=SWEEP)
    return json.loads(answer.text.splitlines()[0])["id"]


@pytest.mark.parametrize(
    ("path", "method", "operation", "body"),
    [pytest.param(p, m, o, b, id=f"{o['operationId']} {n}") for p, m, o, n, b in BODIES],
)
async def test_every_example_is_accepted(client, path, method, operation, body):
    """What the documentation offers to try works, and the answer is what it says."""
    if "{id}" in path:
        made = kept_sweep if path.startswith("/api/sweeps") else kept_run
        path = path.replace("{id}", await made(client))
    answer = await client.request(method, path, json=body)
    assert answer.is_success
    kind = answer.headers["content-type"].partition(";")[0]
    content = operation["responses"][str(answer.status_code)]["content"][kind]
    if content["schema"].get("format") == "binary":
        assert answer.content
    elif kind == "application/jsonl":
        for line in answer.text.splitlines():
            validator(content["itemSchema"]).validate(json.loads(line))
    else:
        validator(content["schema"]).validate(answer.json())


def test_examples_are_the_routes_own():
    """The document shows what the routes name as their examples."""
    assert {name for *_, name, _ in BODIES} >= {*train.EXAMPLES, *compare.EXAMPLES}


async def test_the_catalog_is_what_its_schema_says(client):
    """No entry has a field that is not told, and none lacks one."""
    catalog = (await client.get("/api/catalog")).json()
    validator({"$ref": "#/components/schemas/Catalog"}).validate(catalog)
    told = Catalog.model_validate(catalog).model_dump(mode="json")
    for kind in (
        "problems",
        "activations",
        "optimizers",
        "lr_schedulers",
        "clipping",
        "lr_scheduler_presets",
    ):
        assert [entry.keys() for entry in told[kind]] == [entry.keys() for entry in catalog[kind]]
    assert told.keys() == catalog.keys()


async def test_what_is_read_is_what_its_schema_says(client):
    """Runs, pages of them, steps taken apart, presets and health are as the document tells."""
    id_ = await kept_run(client)
    for path, address in (
        ("/api/health", "/api/health"),
        ("/api/catalog/summary", "/api/catalog/summary"),
        ("/api/catalog/{kind}/{name}", "/api/catalog/optimizers/Adam"),
        ("/api/runs", "/api/runs"),
        ("/api/runs/{id}", f"/api/runs/{id_}"),
        ("/api/runs/{id}/steps/{step}/anatomy", f"/api/runs/{id_}/steps/3/anatomy"),
        ("/api/lr-scheduler-presets", "/api/lr-scheduler-presets?steps=100&lr=0.1"),
    ):
        answer = await client.get(address)
        content = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
        validator(content["application/json"]["schema"]).validate(answer.json())
