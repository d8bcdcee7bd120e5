"""Classes that draw from the global generators, which all runs of a process share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optiscope.engine.core.registry import Hyperparameter

SEED = Hyperparameter(
    "seed",
    "int",
    0,
    "Of the random numbers that it draws: torch.manual_seed(seed) before it is made.",
    0,
    2**31 - 1,
)

_GENERATOR, _NUMPY = "generator", "numpy_generator"


class Draws:
    """Has generators of its own, of which it draws the numbers that a script of its own would draw."""

    def __init__(self, params: Any, *, seed: int = SEED.default, **hyperparameters: Any) -> None:
        with _restored():
            torch.manual_seed(seed)
            np.random.seed(seed)  # noqa: NPY002 - what the package draws from
            super().__init__(params, **hyperparameters)  # type: ignore[call-arg] # of the real class
            self._generators = _now()

    def step(self, *closure: Any) -> Any:
        """Take a step with its own generators in the place of the global ones."""
        with _restored():
            _set(self._generators)
            try:
                return super().step(*closure)  # type: ignore[misc] # of the real class
            finally:
                self._generators = _now()

    def state_dict(self) -> dict[str, Any]:
        """The state, and where its generators stand."""
        generator, numbers = self._generators
        return {**super().state_dict(), _GENERATOR: generator, _NUMPY: numbers}  # type: ignore[misc]

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        own = {_GENERATOR, _NUMPY}
        super().load_state_dict({k: v for k, v in state_dict.items() if k not in own})  # type: ignore[misc]
        self._generators = (state_dict[_GENERATOR].clone(), state_dict[_NUMPY].clone())


def _now() -> tuple[Tensor, Tensor]:
    """Where torch's and NumPy's global generators stand."""
    name, words, position, *_ = np.random.get_state()  # noqa: NPY002 - what the package draws from
    assert name == "MT19937"  # noqa: S101 - NumPy's global generator is no other
    numbers = np.append(np.asarray(words, dtype=np.int64), int(position))
    return torch.random.get_rng_state(), torch.from_numpy(numbers)


def _set(generators: tuple[Tensor, Tensor]) -> None:
    generator, numbers = generators
    torch.random.set_rng_state(generator)
    words = numbers.numpy()
    np.random.set_state(("MT19937", words[:-1].astype(np.uint32), int(words[-1]), 0, 0.0))  # noqa: NPY002


@contextmanager
def _restored() -> Iterator[None]:
    """Leave the global generators as they are found."""
    found = _now()
    try:
        yield
    finally:
        _set(found)
