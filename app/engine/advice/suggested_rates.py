"""A good learning rate for a problem and an optimizer, and where it comes from."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from optiscope.engine.recipe.problems import ProblemInfo

FILE: Final = Path(__file__).with_suffix(".json")

RATES: Final = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""What was tried."""

WITHIN: Final = 0.01
"""The smallest rate is suggested that ends this near the best: a share of how far that lowers the loss."""

REACHED: Final = 0.0001
"""The same of a function whose minimum the best one reaches: of a fall by hundreds one per cent is much."""


@cache
def _table() -> Mapping[str, Any]:
    """What ``scripts/suggested_rates.py`` wrote, by problem and optimizer.

    ``rates``: a rate and the loss that one run ends at. ``races``: the same of a fair race over networks, as
    the median over those that it was judged on. None is what was tried where no rate lowers the loss.
    """
    table: Mapping[str, Any] = json.loads(FILE.read_text())
    return table


def _found(kind: str, problem: str) -> dict[str, Any]:
    """What a rate was found for, by optimizer."""
    tried = _table()[kind].get(problem, {})
    return {name: found for name, found in tried.items() if found is not None}


def suggested_rates(problem: ProblemInfo) -> dict[str, Any]:
    """The suggested rates of a problem as JSON, by optimizer.

    Those of the comparison that the problem opens with were chosen by looking at real runs; those of a fair
    race are tuned on some networks and judged on others; the rest were measured on one, with the network, the
    start and the number of steps that the problem suggests.

    Example:
        >>> from optiscope.engine.recipe.problems import PROBLEMS
        >>> found = suggested_rates(PROBLEMS["xor"])["optimizers"][1]
        >>> found["name"], found["with"], found["lr"], found["source"]
        ('SGD', {'momentum': 0.9}, 0.2, 'comparison')
    """
    suggestion = problem.suggestion
    chosen = [
        {
            "name": call["name"],
            "with": {"momentum": call["hyperparameters"].get("momentum", 0.0)}
            if call["name"] == "SGD"
            else {},
            "lr": call["hyperparameters"]["lr"],
            "source": "comparison",
            "end_loss": None,
            "networks": None,
        }
        for call in suggestion.optimizers
    ]
    races = _found("races", problem.name)
    raced = [
        {"name": name, "with": {}, "source": "race"}
        | {"lr": race["lr"], "end_loss": race["end_loss"], "networks": race["judged"]}
        for name, race in races.items()
    ]
    measured = [
        {"name": name, "with": {}, "lr": lr, "source": "measured", "end_loss": end_loss, "networks": None}
        for name, (lr, end_loss) in _found("rates", problem.name).items()
        if name not in races
    ]
    return {
        "tried": list(RATES),
        "within": WITHIN,
        "steps": suggestion.steps,
        "optimizers": [*chosen, *raced, *measured],
    }
