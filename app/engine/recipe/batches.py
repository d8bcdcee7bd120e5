"""Minibatches: a new order of all samples every epoch, from a generator of the run's own."""

from typing import Any

import torch
from torch import Tensor


class Batches:
    """The rows of each step: ``torch.randperm(samples, generator=generator)`` each epoch, cut into batches.

    The last batch of an epoch is smaller where the size does not divide the samples. Without a batch size
    every step sees the whole dataset, and the generator is never used.
    """

    def __init__(self, samples: int, batch_size: int | None, seed: int) -> None:
        self._samples = samples
        self._size = batch_size if batch_size is not None and batch_size < samples else None
        self._generator = torch.Generator().manual_seed(seed)
        self._epoch_start = self._generator.get_state()
        self._position = samples
        self._order = torch.empty(0, dtype=torch.int64)

    def next(self) -> Tensor | None:
        """The rows of the next step, or None for all of them."""
        if self._size is None:
            return None
        if self._position >= self._samples:
            self._begin_epoch()
        rows = self._order[self._position : self._position + self._size]
        self._position += self._size
        return rows

    def _begin_epoch(self) -> None:
        self._epoch_start = self._generator.get_state()
        self._order = torch.randperm(self._samples, generator=self._generator)
        self._position = 0

    @property
    def furthest(self) -> int:
        """Behind the last batch of an epoch."""
        return self._samples if self._size is None else -(-self._samples // self._size) * self._size

    def is_between_batches(self, position: int) -> bool:
        """Whether one batch could end and the next one begin there."""
        return position == self._samples or (self._size is not None and position % self._size == 0 < position)

    def state_dict(self) -> dict[str, Any]:
        """Where the epoch began and how far it got; between two epochs, where the next one begins."""
        within = self._position < self._samples
        generator = self._epoch_start if within else self._generator.get_state()
        return {"generator": generator, "position": self._position}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where ``state_dict`` was taken."""
        self._generator.set_state(state["generator"])
        position = int(state["position"])
        if self._size is not None and position < self._samples:
            self._begin_epoch()
        self._position = position
