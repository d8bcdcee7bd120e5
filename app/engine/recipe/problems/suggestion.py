"""What to compare first on a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A first comparison on a problem, chosen by real runs: it learns, stays alive and shows differences.

    Attributes:
        model: ``model`` of the RunConfigs; a test function begins at its own start.
        sgd, momentum, adam, adamw: Learning rates of SGD, SGD with momentum 0.9, Adam and AdamW.
        decay: Weight decay of AdamW.
        muon: Rate of Muon, which has AdamW's place where all parameters are matrices.
        steps: Length of the runs.
    """

    model: Mapping[str, Any] = field(default_factory=dict)
    sgd: float
    momentum: float
    adam: float
    adamw: float
    decay: float = 0.01
    muon: float | None = None
    steps: int = 300

    @property
    def optimizers(self) -> list[dict[str, Any]]:
        """``optimizer`` of each RunConfig: SGD, SGD with momentum, Adam, AdamW or Muon."""
        last = {"name": "AdamW", "hyperparameters": {"lr": self.adamw, "weight_decay": self.decay}}
        if self.muon is not None:
            last = {"name": "Muon", "hyperparameters": {"lr": self.muon, "weight_decay": 0.0}}
        return [
            {"name": "SGD", "hyperparameters": {"lr": self.sgd}},
            {"name": "SGD", "hyperparameters": {"lr": self.momentum, "momentum": 0.9}},
            {"name": "Adam", "hyperparameters": {"lr": self.adam}},
            last,
        ]

    def catalog(self) -> dict[str, Any]:
        """The suggestion as JSON."""
        return {"model": dict(self.model), "optimizers": self.optimizers, "steps": self.steps}
