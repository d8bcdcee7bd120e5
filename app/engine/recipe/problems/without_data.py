"""What problems without data have in common."""

from typing import ClassVar

from torch import Tensor, nn


class WithoutData:
    """Counts as one sample: there are no rows to choose from, and what the model gives is what is judged."""

    __slots__ = ()

    samples: ClassVar[int] = 1
    x: ClassVar[None] = None
    y: ClassVar[None] = None
    x_test: ClassVar[None] = None
    y_test: ClassVar[None] = None

    def predict(self, model: nn.Module, rows: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """What the model gives: the point [2] of a test function, or the matrix [rows, columns] it makes."""
        given: Tensor = model()
        return given
