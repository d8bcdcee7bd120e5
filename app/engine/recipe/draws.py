"""What a problem draws anew for every pass, such as noise, from a generator of the run's own."""

from collections.abc import Callable
from typing import Any

from torch import Generator, Tensor

Draw = Callable[[Generator], Tensor]
"""One draw, which reads nothing but the generator."""


class Draws:
    """One draw after another; in the place of minibatches, where a problem has no samples to choose from."""

    furthest = 1

    def __init__(self, draw: Draw, seed: int) -> None:
        self._draw = draw
        self._generator = Generator().manual_seed(seed)

    def next(self) -> Tensor:
        """The draw of the next pass."""
        return self._draw(self._generator)

    def is_between_batches(self, position: int) -> bool:
        """Whether one draw ends and the next one begins there."""
        return position == self.furthest

    def state_dict(self) -> dict[str, Any]:
        """Where the next draw begins."""
        return {"generator": self._generator.get_state(), "position": self.furthest}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where ``state_dict`` was taken."""
        self._generator.set_state(state["generator"])
