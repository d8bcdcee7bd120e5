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
def _measured() -> Mapping[str, Mapping[str, tuple[float, float]]]:
    """A rate and the loss that it ends at, by problem and optimizer: ``scripts/suggested_rates.py``."""
    rates: Mapping[str, Mapping[str, tuple[float, float]]] = json.loads(FILE.read_text())["rates"]
    return rates


def suggested_rates(problem: ProblemInfo) -> dict[str, Any]:
    """The suggested rates of a problem as JSON, by optimizer.

    Those of the comparison that the problem opens with were chosen by looking at real runs; the others were
    measured, with the network, the start and the number of steps that the problem suggests.

    Example:
        >>> from optiscope.engine.recipe.problems import PROBLEMS
        >>> suggested_rates(PROBLEMS["xor"])["optimizers"][1]
        {'name': 'SGD', 'with': {'momentum': 0.9}, 'lr': 0.2, 'source': 'comparison', 'end_loss': None}
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
        }
        for call in suggestion.optimizers
    ]
    measured = [
        {"name": name, "with": {}, "lr": lr, "source": "measured", "end_loss": end_loss}
        for name, (lr, end_loss) in _measured().get(problem.name, {}).items()
    ]
    return {
        "tried": list(RATES),
        "within": WITHIN,
        "steps": suggestion.steps,
        "optimizers": [*chosen, *measured],
    }
