"""Requests that take as long as one request may, and how long somebody else's three steps wait beside each.

The requests are searched for: every optimizer of the catalog with its whole numbers at their bounds, on the
largest network and all samples, or the smallest; the views at their bounds; sweeps; the linter. Of the
comparisons those are the heaviest whose single step takes longest. Beside each of them, three steps of
somebody else are asked for again and again.
"""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import httpx

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.loop.judging import built
from optiscope.engine.loop.training import begin
from optiscope.engine.recipe.optimizers import OPTIMIZERS, OptimizerInfo

MEMBERS = 8
HEAVIEST = 4
TRIES = 100

SIZES: Mapping[str, dict[str, Any]] = {
    "largest": {
        "problem": {"name": "moons", "samples": DEFAULT_LIMITS.max_samples},
        "model": {"hidden": [DEFAULT_LIMITS.max_hidden_units] * DEFAULT_LIMITS.max_hidden_layers},
        "dtype": "float64",
    },
    "smallest": {"problem": {"name": "xor", "samples": 16}, "model": {"hidden": [2]}},
}
SHORT: dict[str, Any] = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 3}
UNSEEN = itertools.count()
"""Seeds of short runs that nobody has asked for yet, so that none is recalled."""

Body = dict[str, Any]
Request = tuple[str, Body]


def _required(info: OptimizerInfo) -> dict[str, Any]:
    return {h.name: h.suggested for h in info.hyperparameters if h.default is None and not h.optional}


def recipes() -> Iterator[tuple[str, Body]]:
    """Each optimizer as it comes, and with each of its whole numbers at its bound, on either size."""
    for name, info in OPTIMIZERS.items():
        largest = [{h.name: h.maximum} for h in info.hyperparameters if h.kind == "int"]
        for given in ({}, *largest):
            optimizer: Body = {"name": name, "hyperparameters": _required(info) | given}
            if name == "Muon":
                optimizer["rest"] = {"name": "AdamW"}
            for size, of_size in SIZES.items():
                yield f"{name} {given or ''} on the {size} network", of_size | {"optimizer": optimizer}


def allowed(body: Body) -> Body | None:
    """A run of as many steps as are allowed, if it is allowed at all."""
    for steps in (10_000, 1_000, 100, 10, 3):
        with suppress(ConfigError):
            built(RunConfig.model_validate(body | {"steps": steps}), DEFAULT_LIMITS)
            return body | {"steps": steps}
    return None


def seconds_of_a_step(body: Body) -> float:
    """Processor time of the slowest of two steps."""
    training, recorder = begin(RunConfig.model_validate(body), None)
    took = []
    for _ in range(2):
        begun = time.process_time()
        with suppress(Exception):
            training.train_step(recorder)
        took.append(time.process_time() - begun)
    return max(took)


def heaviest() -> list[tuple[str, Request]]:
    """The comparisons whose steps take longest, and the views at their bounds."""
    found = [(seconds_of_a_step(body), name, body) for name, given in recipes() if (body := allowed(given))]
    found.sort(key=lambda one: -one[0])
    print(f"  {len(found)} recipes looked at; the longest step: {found[0][0]:.2f} s, {found[0][1]}")
    comparisons = [
        (f"{MEMBERS} x {name}, {body['steps']} steps", ("/api/compare", {"runs": _members(body)}))
        for _, name, body in found[:HEAVIEST]
    ]
    return [*comparisons, *views(), *sweeps()]


def _members(body: Body) -> list[Body]:
    return [body | {"model": body["model"] | {"seed": seed}} for seed in range(MEMBERS)]


def views() -> Iterator[tuple[str, Request]]:
    """Each at its bound, over runs that are soon trained."""
    sgd = {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 1e-3}}}
    large = SIZES["largest"] | sgd | {"steps": 3}
    wide: Body = sgd | {
        "problem": {"name": "moons", "samples": 1024},
        "model": {"hidden": [16, 16]},
        "steps": 3,
    }
    yield "a surface", ("/api/loss-surface", {"runs": [large], "resolution": 23})
    yield "Hessians", ("/api/curvature", {"runs": _members(wide), "top": 16})
    yield (
        "decision boundaries",
        ("/api/decision-boundary", {"runs": [large], "steps": [0, 1, 2, 3, -1, -1], "resolution": 400}),
    )
    cosine = {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 10}}
    chained = {"name": "ChainedScheduler", "schedulers": [cosine] * 8}
    yield (
        "a schedule",
        ("/api/lr-schedule", {"optimizer": {"name": "SGD"}, "lr_scheduler": chained, "steps": 100_000}),
    )
    yield "advice", ("/api/lint", large | {"lr_scheduler": chained, "steps": 300})


def sweeps() -> Iterator[tuple[str, Request]]:
    """Each of members that take as long as they may, trained in each way that needs no kernel."""
    lr: Body = {"path": "/optimizer/hyperparameters/lr", "from": 1e-4, "to": 1e-2, "scale": "log"}
    large = SIZES["largest"] | {"optimizer": {"name": "Adam"}, "steps": 75}
    for way, is_exact in (("one by one", True), ("stacked", False)):
        body: Body = {"run": large, "axes": [lr | {"count": 192}], "exact": is_exact}
        yield f"a sweep, {way}", ("/api/sweeps", body)
    starts = [{"path": f"/model/start/{i}", "from": -5, "to": 5, "count": 401} for i in range(2)]
    basins: Body = {"problem": {"name": "himmelblau"}, "optimizer": {"name": "Adam"}, "steps": 1000}
    yield "basins", ("/api/sweeps", {"run": basins, "axes": starts})


async def _hold(client: httpx.AsyncClient, request: Request, statuses: set[int]) -> None:
    """Ask again and again for one heavy request, one at a time."""
    path, body = request
    number = 0
    while True:
        number += 1
        async with client.stream("POST", path, json=_another(body, number)) as response:
            statuses.add(response.status_code)
            async for _ in response.aiter_bytes():
                pass


def _another(body: Body, number: int) -> Body:
    """The same request for other numbers, which no cache knows."""
    if "runs" not in body:
        return body
    seeded = [
        run | {"model": run["model"] | {"seed": 1000 * number + seed}}
        for seed, run in enumerate(body["runs"])
    ]
    return body | {"runs": seeded}


async def beside(client: httpx.AsyncClient, request: Request, tries: int) -> tuple[list[float], set[int]]:
    """Seconds that somebody else's three steps take, beside a heavy request that never ends."""
    statuses: set[int] = set()
    holding = asyncio.ensure_future(_hold(client, request, statuses))
    took = []
    try:
        await asyncio.sleep(1.0)
        for _ in range(tries):
            begun = time.perf_counter()
            response = await client.post("/api/train", json=SHORT | {"model": {"seed": next(UNSEEN)}})
            assert '"completed"' in response.text, response.text  # noqa: S101 - else nothing was measured
            took.append(time.perf_counter() - begun)
            await asyncio.sleep(0.02)
    finally:
        holding.cancel()
        await asyncio.wait([holding])
    return took, statuses


async def measure(address: str, requests: list[tuple[str, Request]], tries: int = TRIES) -> None:
    """How long somebody else waits beside each, with the load of the machine, which others may share."""
    async with httpx.AsyncClient(base_url=address, timeout=300) as client:
        for name, request in requests:
            took, statuses = await beside(client, request, tries)
            took.sort()
            p99 = took[min(len(took) - 1, int(0.99 * len(took)))]
            print(
                f"  beside {name} (answered {sorted(statuses)}): median {took[len(took) // 2]:.2f} s, "
                f"p99 {p99:.2f} s, longest {took[-1]:.2f} s; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
