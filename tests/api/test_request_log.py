"""Every request has an id, which stands in its answer, in its refusal, and in the log."""

import logging
import re

import pytest
from starlette.responses import PlainTextResponse

from optiscope.api.request_id import REQUEST_ID
from optiscope.api.request_log import RequestLog

MOONS = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 1}
MADE_UP = re.compile("[0-9a-f]{16}")


async def test_a_request_is_given_an_id(client):
    """Another one each time; a refusal quotes it, whoever refuses."""
    answers = [
        await client.get("/api/health"),
        await client.get("/api/health"),
        await client.get("/api/nothing"),
        await client.get("/api/health", headers={"host": "evil.com"}),
        await client.post("/api/train", json={}),
        await client.get("/static/nothing"),
    ]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == len(ids)
    assert all(MADE_UP.fullmatch(id_) for id_ in ids)
    assert [answer.json()["request_id"] for answer in answers[2:]] == ids[2:]


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [
        (["lab-7.a_b"], True),
        (["x" * 64], True),
        (["x" * 65], False),
        ([""], False),
        (["a b"], False),
        (["<script>"], False),
        (["-e"], False),
        (["é"], False),
        (["one", "two"], False),
    ],
)
async def test_an_id_is_taken_if_it_can_be_written_anywhere(client, sent, is_taken):
    """One of letters, digits and a few signs, not too long, and only one."""
    headers = [("x-request-id", value.encode()) for value in sent]
    answer = await client.get("/api/nothing", headers=headers)
    assert (answer.headers["x-request-id"] == sent[0]) == is_taken
    assert is_taken or MADE_UP.fullmatch(answer.headers["x-request-id"])
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_request_is_logged_once_with_its_status_and_without_its_query(client, caplog):
    """Also one that is refused, and one that the server makes a mistake with."""
    caplog.set_level(logging.INFO, "optiscope.access")
    await client.get("/api/catalog/optimizers/Adam?token=hidden")
    await client.get("/api/health", headers={"host": "evil.com"})
    lines = [record.getMessage() for record in caplog.records if record.name == "optiscope.access"]
    assert [re.sub(r"[\d.]+ ms", "", line) for line in lines] == [
        '127.0.0.1 "GET /api/catalog/optimizers/Adam" 200 ',
        '127.0.0.1 "GET /api/health" 400 ',
    ]


async def test_what_is_logged_in_the_engine_thread_has_the_id(client, monkeypatch):
    """The checks of a request are made there."""
    seen = []
    monkeypatch.setattr("optiscope.api.body.parts_in", lambda *_: seen.append(REQUEST_ID.get()) or 0)
    answer = await client.post("/api/code", json=MOONS)
    assert seen == [answer.headers["x-request-id"]]


@pytest.mark.parametrize("error", [None, ZeroDivisionError])
async def test_who_observes_is_told_of_what_is_not_answered(error):
    """A client that leaves counts as such, and a defect as a mistake."""
    seen = []

    async def silent(*_):
        if error is not None:
            raise error

    inner = RequestLog(silent, lambda _, status, seconds: seen.append((status, seconds >= 0)))
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    if error is None:
        await RequestLog(inner)(scope, None, None)
    else:
        with pytest.raises(error):
            await RequestLog(inner)(scope, None, None)
    assert seen == [(499 if error is None else 500, True)]


async def test_an_outer_log_names_what_an_inner_one_answers():
    """While a server starts a request passes both, and has one id."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"x-request-id", b"mine")]}
    await RequestLog(RequestLog(PlainTextResponse("x")))(scope, None, send)
    assert [value for name, value in sent[0]["headers"] if name == b"x-request-id"] == [b"mine"]
