"""Records of runs as flat columns, to compare them bit for bit however they are cut into blocks."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from optiscope.engine.loop.block import Block


def columns(blocks: Iterable[Block]) -> dict[str, dict[int, Any]]:
    """Every value of every record: column name to step to bytes (None where a gradient is None)."""
    found: dict[str, dict[int, Any]] = {}
    for block in blocks:
        for name, values in _named(block):
            for row, step in enumerate(block.steps):
                found.setdefault(name, {})[step] = None if values is None else values[row].tobytes()
    return found


def _named(block: Block) -> Iterable[tuple[str, np.ndarray | None]]:
    yield "loss", block.loss
    yield "lr", block.lr
    yield "momentum", block.momentum
    yield "grad_norm", block.grad_norm
    for name, values in flat(block.optional):
        yield f"optional {name}", values
    for name, values in block.params.items():
        yield f"params {name}", values
    for name, values in (block.grads or {}).items():
        yield f"grads {name}", values
    for name, state in block.state.items():
        for key, values in state.items():
            yield f"state {name} {key}", values


def flat(columns: Any, names: str = "") -> Iterable[tuple[str, np.ndarray]]:
    """The arrays of optional columns, each by its names."""
    for name, column in columns.items():
        if isinstance(column, np.ndarray):
            yield names + name, column
        else:
            yield from flat(column, f"{names}{name} ")


def assert_same_records(some: Iterable[Block], others: Iterable[Block]) -> None:
    """Fail unless both hold the same records, bit for bit."""
    left, right = columns(some), columns(others)
    assert left.keys() == right.keys()
    for name, values in left.items():
        assert values == right[name], f"{name} differs"
