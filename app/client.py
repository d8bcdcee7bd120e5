"""A small client for scripts and notebooks: it knows the wire, and nothing of the rest of Optiscope.

Example:
    Compare two optimizers, on a server that ``optiscope serve`` has started::

        from optiscope import Client

        with Client() as client:
            for name in ("SGD", "Adam"):
                config = {"problem": {"name": "moons"}, "optimizer": {"name": name}, "steps": 200}
                *_, last = client.train(config)
                print(name, last.loss)

    Keep a run, fork it where it stood at step 100, and follow the fork::

        run = client.create(config, name="my run")
        fork = client.fork(run.id, 100, {"optimizer": {"hyperparameters": {"lr": 0.001}}})
        for record in client.follow(fork.id):
            print(record.step, record.loss, record.params["fc1.weight"])
"""

import base64
import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

import httpx
import numpy as np

from optiscope import racing
from optiscope.racing import Race
from optiscope.records import Block, Ended, Record
from optiscope.swept import Sweep

_PLACE = frozenset({"event", "run", "id", "first", "count", "every"})
"""What an event of a block says besides its columns."""

DEFAULT_URL = "http://127.0.0.1:8000"
RETRY_S = 0.5


class RequestRefusedError(Exception):
    """The server refused a request.

    Attributes:
        status: HTTP status.
        detail: Why, in one sentence.
        errors: ``{"pointer", "detail"}`` for each wrong field.
    """

    def __init__(self, status: int, detail: str, errors: list[dict[str, str]]) -> None:
        super().__init__("\n".join([detail, *(f"{e.get('pointer', '')}: {e['detail']}" for e in errors)]))
        self.status = status
        self.detail = detail
        self.errors = errors


class StreamBrokenError(Exception):
    """A stream ended without saying how its run did."""


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that a server keeps, as it described it; ``document`` holds all of it."""

    id: str
    name: str
    state: str
    version: int
    step: int
    steps: int | None
    document: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "KeptRun":
        """The run of a document of ``/api/runs``."""
        return cls(
            document["id"],
            document["name"],
            document["state"],
            document["version"],
            document["step"],
            document["steps"],
            document,
        )


class Stream(Iterator[Block]):
    """Blocks as they come. ``started`` and ``ended`` hold the events around them, once they have come."""

    def __init__(self, events: Iterator[dict[str, Any]]) -> None:
        self.started: Mapping[str, Any] | None = None
        self.ended: Ended | None = None
        self._events = events

    def __next__(self) -> Block:
        for event in self._events:
            if event["event"] == "run_started":
                self.started = event
            elif event["event"] == "run_ended":
                self.ended = Ended(event["reason"], event["step"], event["detail"], _end_loss(event))
            else:
                return _block(event)
        if self.ended is None:
            raise StreamBrokenError("the stream broke off before the run had ended")
        raise StopIteration


class Client:
    """Talks to one server.

    Args:
        url: Address of the server.
        token: Its access token, if it has one.
        timeout: Seconds to wait for an answer, or for more of a stream.
    """

    def __init__(self, url: str = DEFAULT_URL, token: str | None = None, timeout: float = 60.0) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up the connections."""
        self._http.close()

    def catalog(self) -> dict[str, Any]:
        """Everything that a run can be made of."""
        return self._json("GET", "/api/catalog")

    def train(self, config: Mapping[str, Any]) -> Iterator[Record]:
        """Train a run and give every record as it comes; leaving the loop stops the training.

        Raises:
            RequestRefusedError: If the config cannot be run; ``errors`` names every field.
        """
        for block in self.blocks("POST", "/api/train", json=dict(config)):
            yield from block.records()

    def lint(self, config: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What is likely not meant in a recipe: ``code``, ``params``, ``pointer`` and ``detail`` of each.

        Raises:
            RequestRefusedError: If the config cannot be run; ``errors`` names every field.
        """
        found: list[dict[str, Any]] = self._json("POST", "/api/lint", json=dict(config))["warnings"]
        return found

    def sweep(self, config: Mapping[str, Any]) -> Sweep:
        """Train a run along one to three axes, for several optimizers and seeds; closing it stops that.

        Args:
            config: ``run``, ``axes``, and what else ``POST /api/sweeps`` takes.

        Raises:
            RequestRefusedError: If it cannot be run or is too much; ``errors`` names every field.
        """
        events = self._events("POST", "/api/sweeps", {"json": dict(config)})
        return Sweep(next(events), config.get("seeds"), _cells(events))

    def race(self, config: Mapping[str, Any], judge_seeds: Sequence[int]) -> Race:
        """Tune every optimizer of a sweep on its seeds, and judge each at its best cell on others.

        Args:
            config: The sweep that tunes; it has ``seeds``.
            judge_seeds: Those to judge on; none of the others.

        Raises:
            RequestRefusedError: If the sweep cannot be run or is too much; ``errors`` names every field.
            ValueError: If there are no seeds of one kind, or one is of both.
        """
        return racing.race(self.sweep, config, judge_seeds)

    def create(self, config: Mapping[str, Any], *, name: str | None = None, pinned: bool = False) -> KeptRun:
        """Keep a run and start it; it is trained whether somebody follows it or not."""
        body: dict[str, Any] = {"config": dict(config), "pinned": pinned}
        return self._run("POST", "/api/runs", json=body if name is None else body | {"name": name})

    def runs(self, search: str = "") -> Iterator[KeptRun]:
        """All kept runs, newest first; only those with all words of ``search``."""
        query: dict[str, Any] = {"search": search, "limit": 200}
        while True:
            page = self._json("GET", "/api/runs", params=query)
            yield from map(KeptRun.of, page["runs"])
            if page["next"] is None:
                return
            query["before"] = page["next"]

    def run(self, id_: str) -> KeptRun:
        """One kept run as it is now."""
        return self._run("GET", _path(id_))

    def follow(self, id_: str, since: int = 0) -> Iterator[Record]:
        """The records of a kept run from a step on, live or replayed, each once.

        A connection that breaks, or a server that is started again, is waited for. The iteration ends when
        the run has ended or is paused.
        """
        for block in self.follow_blocks(id_, since):
            yield from block.records()

    def follow_blocks(self, id_: str, since: int = 0) -> Iterator[Block]:
        """:meth:`follow`, as columns."""
        while True:
            try:
                stream = self.blocks("GET", f"{_path(id_)}/steps", params={"from": since})
                for block in stream:
                    yield block
                    since = block.steps.stop
            except (httpx.TransportError, StreamBrokenError):
                self._wait_for_server()
            else:
                if stream.ended is not None and stream.ended.reason != "stopped":
                    return
                self.run(id_)  # raises if it was deleted
                self._wait_for_server()

    def follow_events(self, id_: str, since: int = 0) -> Iterator[dict[str, Any]]:
        """:meth:`follow`, as it travels: a ``step`` for each record, and ``run_ended``."""
        while True:
            try:
                for event in self._events("GET", f"{_path(id_)}/steps", {"params": {"from": since}}):
                    if event["event"] == "step":
                        yield event
                        since = event["step"] + 1
                    elif event["event"] == "run_ended" and event["reason"] != "stopped":
                        yield event
                        return
            except httpx.TransportError:
                self._wait_for_server()
            else:
                self.run(id_)  # raises if it was deleted
                self._wait_for_server()

    def recorded_blocks(self, id_: str, last: int) -> Iterator[Block]:
        """The records of a kept run up to step ``last``, which must be there, as columns."""
        if last < 0:
            return
        for block in self.follow_blocks(id_):
            yield block
            if block.steps.stop > last:
                return

    def extend(self, id_: str, steps: int) -> KeptRun:
        """Add steps to a run."""
        return self._run("POST", f"{_path(id_)}/extend", json={"steps": steps})

    def pause(self, id_: str) -> KeptRun:
        """Stop training a run after its last step."""
        return self._run("POST", f"{_path(id_)}/pause")

    def resume(self, id_: str) -> KeptRun:
        """Go on with a paused run."""
        return self._run("POST", f"{_path(id_)}/resume")

    def fork(
        self,
        id_: str,
        step: int,
        changes: Mapping[str, Any] | None = None,
        *,
        restore_optimizer: bool = True,
        restore_lr_scheduler: bool = True,
        name: str | None = None,
    ) -> KeptRun:
        """A new run that begins where a run stood at ``step``, with ``changes`` merged into its config."""
        restore = {"optimizer": restore_optimizer, "lr_scheduler": restore_lr_scheduler}
        body = {"step": step, "changes": dict(changes or {}), "restore": restore}
        return self._run("POST", f"{_path(id_)}/fork", json=body if name is None else body | {"name": name})

    def rename(self, id_: str, name: str) -> KeptRun:
        """Call a run something else."""
        return self._run("PATCH", _path(id_), json={"name": name})

    def pin(self, id_: str, *, pinned: bool = True) -> KeptRun:
        """Keep a run whatever the quota says, or no longer."""
        return self._run("PATCH", _path(id_), json={"pinned": pinned})

    def delete(self, id_: str) -> None:
        """Delete a run."""
        self._request("DELETE", _path(id_))

    def checkpoint(self, id_: str, step: int) -> bytes:
        """A file of any recorded step; ``torch.load(io.BytesIO(file), weights_only=True)`` reads it."""
        return self._request("GET", f"{_path(id_)}/checkpoints/{step}").content

    def anatomy(
        self,
        run: str | Mapping[str, Any],
        step: int,
        parameters: Sequence[str] | None = None,
        iteration: int | None = None,
    ) -> dict[str, Any]:
        """A step taken apart: what each line of the loop did; ``/docs`` describes the fields.

        Args:
            run: The id of a kept run, or a config.
            step: Which.
            parameters: Layers or parameters whose updates are told; all of them, unless given.
            iteration: Of LBFGS: the inner iteration that they are of; the last one, unless given.
        """
        named = {"id": run} if isinstance(run, str) else run
        body = {"run": named, "step": step, "parameters": parameters, "iteration": iteration}
        return self._request("POST", "/api/anatomy", json=body).json()  # type: ignore[no-any-return]

    def upload(self, file: bytes, *, name: str | None = None) -> KeptRun:
        """A new run that goes on from such a file."""
        headers = {"Content-Type": "application/octet-stream"}
        query = {} if name is None else {"name": name}
        return self._run("POST", "/api/runs/from-checkpoint", content=file, headers=headers, params=query)

    def blocks(self, method: str, path: str, **more: Any) -> Stream:
        """Any stream of records, as columns."""
        more["params"] = {"layout": "columns"} | more.get("params", {})
        return Stream(self._events(method, path, more))

    def _events(self, method: str, path: str, more: Mapping[str, Any]) -> Generator[dict[str, Any]]:
        with self._http.stream(method, path, **more) as response:
            if response.is_error:
                response.read()
                raise _refused(response)
            for line in response.iter_lines():
                yield json.loads(line)

    def _wait_for_server(self) -> None:
        """Until it answers again."""
        while True:
            time.sleep(RETRY_S)
            try:
                self._http.get("/api/health")
            except httpx.TransportError:
                continue
            return

    def _run(self, method: str, path: str, **more: Any) -> KeptRun:
        return KeptRun.of(self._json(method, path, **more))

    def _json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._request(method, path, **more).json()
        return found

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        response = self._http.request(method, path, **more)
        if response.is_error:
            raise _refused(response)
        return response


def _path(id_: str) -> str:
    """Where a kept run is; an id that is none leads nowhere else."""
    return f"/api/runs/{quote(id_, safe='')}"


def _refused(response: httpx.Response) -> RequestRefusedError:
    try:
        problem = response.json()
        return RequestRefusedError(response.status_code, problem["detail"], problem.get("errors", []))
    except (ValueError, KeyError):
        return RequestRefusedError(response.status_code, response.text[:200], [])


def _end_loss(event: Mapping[str, Any]) -> float | None:
    loss = event.get("end_loss")  # a server of an earlier version says none
    return None if loss is None else float(loss)


def _block(event: Mapping[str, Any]) -> Block:
    columns = {name: _decoded(value) for name, value in event.items() if name not in _PLACE}
    return Block(event["first"], event["count"], columns, event.get("every", 1))


def _cells(events: Generator[dict[str, Any]]) -> Generator[dict[str, Any]]:
    """Events of a sweep with columns as arrays, until the connection breaks."""
    with closing(events), suppress(httpx.TransportError):
        for event in events:
            if event["event"] == "cells":
                event |= {name: _decoded(value) for name, value in event.items() if name != "event"}
            yield event


def _decoded(value: Any) -> Any:
    """Typed arrays as arrays, however they are nested."""
    if value is None:
        return None
    if "bdata" not in value:
        return {name: _decoded(part) for name, part in value.items()}
    shape = [int(size) for size in value["shape"].split(", ")]
    return np.frombuffer(base64.b64decode(value["bdata"]), "<" + value["dtype"]).reshape(shape)
