"""Requests that nobody would write, made from the OpenAPI document: no 5xx, and each refusal in words."""

import os

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core.errors import SchemathesisError

from optiscope.main import create_app
from optiscope.settings import Settings

# Lines are generated as the text that their schema says they are.
schemathesis.serializer.alias("application/jsonl", "text/plain")

EXAMPLES = int(os.environ.get("OPTISCOPE_GENERATED_REQUESTS", "42"))
DOCUMENT = create_app(Settings()).openapi()
OPERATIONS = [operation.ok() for operation in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
async def test_no_request_breaks_the_server(connect, operation):
    """About 1,000 requests in all: every answer is below 500, and what is refused says why.

    For each operation there are 42, or as many as OPTISCOPE_GENERATED_REQUESTS says.
    """
    cases = []

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @hypothesis.given(operation.as_strategy())
    def collect(case):
        cases.append(case.as_transport_kwargs(base_url="http://127.0.0.1:8000"))

    try:
        collect()
    except (SchemathesisError, hypothesis.errors.Unsatisfiable):
        pytest.fail("nothing can be generated for this operation")
    async with connect(max_steps=50) as client:
        for request in cases:
            given = {k: v for k, v in request.items() if k in {"params", "json", "headers", "content"}}
            response = await client.request(request["method"], request["url"], **given)
            assert response.status_code < 500, (request, response.text)
            if response.status_code >= 400:
                assert response.headers["content-type"] == "application/problem+json", request
                assert response.json()["detail"]
