"""The page's own code on lessons, in node: what their addresses train, and what the runs say."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

ASK = Path(__file__).parent / "ask.js"


def _ask(what: str, **given: Any) -> Any:
    done = subprocess.run(
        ["node", str(ASK), what], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def records_of(client: httpx.AsyncClient, addresses: Iterable[str]) -> dict[str, list[str]]:
    """What the server streams for each address of the page."""
    catalog = (await client.get("/api/catalog")).json()
    asked = sorted(set(addresses))
    found = _ask("configs", catalog=catalog, addresses=asked)
    assert [(a, one["unread"]) for a, one in zip(asked, found, strict=True) if one["unread"]] == []
    records = {}
    for address, one in zip(asked, found, strict=True):
        answer = await client.post("/api/compare?layout=columns", json={"runs": one["configs"]})
        assert answer.status_code == 200, (address, answer.text)
        records[address] = answer.text.splitlines()
    return records


def answers(lessons: list[dict[str, Any]], records: dict[str, list[str]]) -> list[list[dict[str, Any]]]:
    """For each step of each lesson the right choice, and its numbers as the runs have them."""
    found: list[list[dict[str, Any]]] = _ask("answers", lessons=lessons, records=records)
    return found
