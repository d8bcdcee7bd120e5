"""Classes whose param groups have no learning rate."""

import math
from typing import Any


class Rateless:
    """Has NaN where a group would say its rate, for who reads it there."""

    def __init__(self, params: Any, **hyperparameters: Any) -> None:
        super().__init__(params, **hyperparameters)  # type: ignore[call-arg] # of the real class
        for group in self.param_groups:  # type: ignore[attr-defined] # of the real class
            group.setdefault("lr", math.nan)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group, likewise."""
        super().add_param_group({"lr": math.nan, **param_group})  # type: ignore[misc] # of the real class
