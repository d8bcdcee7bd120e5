"""Classes that orthogonalise the updates of the param groups that are marked for it."""

from collections.abc import Iterable
from typing import Any

from torch import Tensor

MARK = "use_muon"


class Marks:
    """Marks every group of parameters that it is given; vectors are for another optimizer, its rest."""

    def __init__(self, params: Iterable[Any], **hyperparameters: Any) -> None:
        given = list(params)
        groups = [{"params": given}] if isinstance(given[0], Tensor) else given
        marked = [{**group, MARK: True} for group in groups]
        super().__init__(marked, **hyperparameters)  # type: ignore[call-arg] # of the real class

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group, marked."""
        super().add_param_group({**param_group, MARK: True})  # type: ignore[misc] # of the real class
