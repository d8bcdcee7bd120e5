"""Compare optimizers through the API: one streamed run each, and a table of how they ended.

Start a server (`make run` or `optiscope serve`), then:

    python examples/compare_optimizers.py
    python examples/compare_optimizers.py --problem rosenbrock --steps 500 --url http://127.0.0.1:8000
"""

import argparse
import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "SGD": {"name": "SGD", "hyperparameters": {"lr": 0.05}},
    "SGD with momentum": {"name": "SGD", "hyperparameters": {"lr": 0.05, "momentum": 0.9}},
    "RMSprop": {"name": "RMSprop", "hyperparameters": {"lr": 0.01}},
    "Adam": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    "AdamW": {"name": "AdamW", "hyperparameters": {"lr": 0.05}},
}


@dataclass
class Outcome:
    """What became of one run: its losses by step (each before it), its end, and the loss there."""

    losses: list[float]
    reason: str
    end_loss: float

    @property
    def best(self) -> int:
        """The step with the lowest loss, as recorded."""
        return min(range(len(self.losses)), key=lambda step: self.losses[step])


def events(client: httpx.Client, config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The events of a run, as they come.

    Raises:
        SystemExit: If the server refuses the run; the message names each field that is wrong.
    """
    with client.stream("POST", "/api/train", json=config) as response:
        if not response.is_success:
            problem = json.loads(response.read())
            faults = [f"  {fault['pointer']}: {fault['detail']}" for fault in problem.get("errors", [])]
            raise SystemExit("\n".join([f"refused: {problem['detail']}", *faults]))
        yield from map(json.loads, response.iter_lines())


def train(client: httpx.Client, config: dict[str, Any]) -> Outcome:
    """Train one run to its end."""
    losses: list[float] = []
    for event in events(client, config):
        if event["event"] == "step":
            losses.append(float(event["loss"]))  # "NaN" and "Infinity" are what float() reads, too
        elif event["event"] == "run_ended":
            end = event["end_loss"]  # null if the server stopped
            return Outcome(losses, event["reason"], math.nan if end is None else float(end))
    raise SystemExit("the stream broke off before the run ended")


def table(outcomes: dict[str, Outcome]) -> str:
    """A line for each optimizer."""
    lines = [f"{'optimizer':<20}{'first loss':>12}{'end loss':>12}{'best loss':>12}{'at step':>9}  ended"]
    for name, outcome in outcomes.items():
        first, last, best = outcome.losses[0], outcome.end_loss, outcome.losses[outcome.best]
        lines.append(f"{name:<20}{first:>12.4g}{last:>12.4g}{best:>12.4g}{outcome.best:>9}  {outcome.reason}")
    return "\n".join(lines)


def main() -> None:
    """Read the command line, train, print the table."""
    parser = argparse.ArgumentParser(description="Compare optimizers on one problem.")
    here = os.environ.get("OPTISCOPE_URL", "http://127.0.0.1:8000")
    parser.add_argument("--url", default=here, help="where Optiscope is served")
    parser.add_argument("--problem", default="moons", help="a problem of GET /api/catalog")
    parser.add_argument("--steps", type=int, default=300)
    arguments = parser.parse_args()
    token = os.environ.get("OPTISCOPE_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx.Client(base_url=arguments.url, headers=headers, timeout=60) as client:
            outcomes = {
                name: train(
                    client,
                    {
                        "problem": {"name": arguments.problem},
                        "optimizer": optimizer,
                        "steps": arguments.steps,
                    },
                )
                for name, optimizer in OPTIMIZERS.items()
            }
    except (httpx.ConnectError, httpx.UnsupportedProtocol) as error:
        raise SystemExit(
            f"no server answers at {arguments.url}: start one with `optiscope serve`, or name it with --url"
        ) from error
    print(table(outcomes))
    completed = {
        name: outcome.end_loss for name, outcome in outcomes.items() if outcome.reason == "completed"
    }
    if completed:
        winner = min(completed, key=completed.__getitem__)
        print(f"\n{winner} ends lowest on {arguments.problem} after {arguments.steps} steps.")


if __name__ == "__main__":
    main()
