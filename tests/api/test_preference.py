"""Who prefers it gets refusals with status 200; for everybody else a refusal has its own status."""

import pytest

from optiscope.settings import Settings

PREFERRED = {"prefer": "problem-status=200"}
MOONS = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 1}
NEGATIVE = MOONS | {"optimizer": {"name": "Adam", "hyperparameters": {"lr": -1}}}

REFUSED = {
    "a field": ("POST", "/api/train", {"json": NEGATIVE}, 422),
    "a run of several": ("POST", "/api/compare", {"json": {"runs": [MOONS, NEGATIVE]}}, 422),
    "a parameter": ("GET", "/api/runs?limit=x", {}, 422),
    "an address": ("GET", "/api/nothing", {}, 404),
    "a run that is not kept": ("GET", "/api/runs/nobody", {}, 404),
    "a method": ("GET", "/api/train", {}, 405),
    "a media type": ("POST", "/api/lint", {"content": b"{}"}, 415),
    "a broken checkpoint": (
        "POST",
        "/api/runs/from-checkpoint",
        {"content": b"PK", "headers": {"content-type": "application/octet-stream"}},
        422,
    ),
    "a body that is too large": (
        "POST",
        "/api/lint",
        {"content": b" " * (Settings().max_body_bytes + 1), "headers": {"content-type": "application/json"}},
        413,
    ),
    "a name in the Host header": ("GET", "/api/catalog", {"headers": {"host": "evil.com"}}, 400),
    "another site's page": ("POST", "/api/lint", {"json": MOONS, "headers": {"origin": "http://a.b"}}, 403),
}


@pytest.mark.parametrize(("method", "path", "message", "status"), REFUSED.values(), ids=REFUSED)
async def test_the_document_is_the_same_and_says_its_status(client, method, path, message, status):
    """With the preference only the status on the line is another one."""
    headers = message.get("headers", {}) | {"x-request-id": "same"}
    plain = await client.request(method, path, **(message | {"headers": headers}))
    preferred = await client.request(method, path, **(message | {"headers": headers | PREFERRED}))
    assert plain.status_code == plain.json()["status"] == status
    assert "preference-applied" not in plain.headers
    assert preferred.status_code == 200
    assert preferred.json() == plain.json()
    applied = {"preference-applied": "problem-status=200"}
    assert dict(preferred.headers) == dict(plain.headers) | applied


async def test_when_to_come_back_is_said_too(connect):
    """A server without a free place says so with status 200, and still with Retry-After."""
    async with connect() as client:
        client.app.state.places.number = 0
        response = await client.post("/api/lint", json=MOONS, headers=PREFERRED)
    assert (response.status_code, response.json()["status"]) == (200, 429)
    assert response.headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("prefer", "is_heard"),
    [
        ("problem-status=200", True),
        ('respond-async, Problem-Status = "200"; now', True),
        ("problem-status=204", False),
        ("respond-async", False),
        ("", False),
    ],
)
async def test_the_preference_is_one_among_others(client, prefer, is_heard):
    """It is found in a list, whatever its spelling; what is not it changes nothing."""
    response = await client.get("/api/nothing", headers={"prefer": prefer})
    assert response.status_code == (200 if is_heard else 404)


async def test_answers_and_defects_stay_what_they_are(client, monkeypatch):
    """What is answered is not marked, and a mistake of the server is never hidden as an answer."""
    answered = await client.post("/api/code", json=MOONS, headers=PREFERRED)
    assert answered.status_code == 200
    assert "preference-applied" not in answered.headers
    monkeypatch.setattr("optiscope.api.code.script", lambda _: 1 / 0)
    assert (await client.post("/api/code", json=MOONS, headers=PREFERRED)).status_code == 500
