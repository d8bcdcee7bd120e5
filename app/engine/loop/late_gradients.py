"""Gradients that arrive late: a queue between ``backward()`` and ``optimizer.step()``."""

from collections import deque
from collections.abc import Sequence

from torch import Tensor, nn

from optiscope.engine.core.tree import cloned

Gradients = dict[str, Tensor]
"""By the names of parameters; one without a gradient is left out."""


class LateGradients:
    """The gradients of the last passes, which no step was given yet.

    Args:
        model: Whose gradients they are.
        delay: How many steps late they arrive.
    """

    def __init__(self, model: nn.Module, delay: int) -> None:
        self._params = dict(model.named_parameters())
        self._delay = delay
        self._waiting: deque[Gradients] = deque()

    def exchange(self) -> None:
        """Keep the gradients that there are, and give the parameters those that are due, or none."""
        trained = {name: param for name, param in self._params.items() if param.requires_grad}
        self._waiting.append({n: p.grad for n, p in trained.items() if p.grad is not None})
        arrived = self._waiting.popleft() if len(self._waiting) > self._delay else {}
        for name, param in trained.items():
            param.grad = arrived.get(name)

    @property
    def waiting(self) -> int:
        """Of how many passes gradients are on their way."""
        return len(self._waiting)

    def clear(self) -> None:
        """Lose what is on its way."""
        self._waiting.clear()

    def state(self) -> list[Gradients]:
        """What is on its way, the oldest first."""
        return [cloned(grads) for grads in self._waiting]

    def load(self, state: Sequence[Gradients]) -> None:
        """Go on where ``state`` was taken."""
        self._waiting = deque(cloned(grads) for grads in state)
