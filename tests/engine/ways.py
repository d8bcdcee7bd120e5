"""Torch the public way, as where its private names are gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from optiscope.engine.loop import private_torch


@contextmanager
def public_torch() -> Iterator[None]:
    """Use nothing that is private in torch."""
    before, private_torch.WAY = private_torch.WAY, private_torch.PUBLIC
    try:
        yield
    finally:
        private_torch.WAY = before
