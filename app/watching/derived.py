"""What is measured by layer of a large model, from the numbers of a small one that was recorded whole."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.loop.block import Block

Array = NDArray[Any]
Quantities = dict[str, Array]


def by_layer(
    layers: Sequence[Mapping[str, Any]], frozen: Sequence[str], start: Block | None, blocks: Sequence[Block]
) -> Quantities:
    """Norms, the ratio of update and weight, what is not finite or frozen, each [records, layers].

    Args:
        layers: Those of the run.
        frozen: The names of the parameters that required no gradient when it began; until they have one.
        start: The record before the first one; None where it is not known, and so the first update is not.
        blocks: The records, with gradients.

    Returns:
        Nothing, unless all parameters of all layers were recorded. NaN is unknown: no gradient, and no ratio
        over more than one step.
    """
    names = {name for layer in layers for name in layer["parameters"]}
    if not names or any(not names <= block.params.keys() for block in blocks):
        return {}
    steps = np.concatenate([np.array(block.steps) for block in blocks])
    gaps = np.diff(steps, prepend=np.nan if start is None else start.steps[-1])
    found = [_of_layer(layer["parameters"], start, blocks, gaps) for layer in layers]
    quantities = {name: np.stack([one[name] for one in found], axis=1) for name in found[0]}
    still = np.array([all(name in frozen for name in layer["parameters"]) for layer in layers])
    return quantities | {"frozen": (still & np.isnan(quantities["grad_norm"])).astype(np.float64)}


def _of_layer(names: Sequence[str], start: Block | None, blocks: Sequence[Block], gaps: Array) -> Quantities:
    weights = np.concatenate([_flat([block.params[name] for name in names]) for block in blocks])
    first = (
        np.full_like(weights[:1], np.nan)
        if start is None
        else _flat([start.params[name] for name in names])[-1:]
    )
    weights = np.concatenate([first, weights])
    grads = [_gradient(names, block) for block in blocks]
    with np.errstate(all="ignore"):  # what is not finite is told as such
        moved = np.linalg.norm(np.diff(weights, axis=0), axis=1)
        return {
            "grad_norm": np.concatenate([np.linalg.norm(grad, axis=1) for grad in grads]),
            "weight_norm": np.linalg.norm(weights[1:], axis=1),
            "update_norm": moved,
            "update_ratio": np.where(gaps == 1, moved / np.linalg.norm(weights[:-1], axis=1), np.nan),
            "non_finite": np.concatenate([_non_finite(names, block) for block in blocks]),
        }


def _non_finite(names: Sequence[str], block: Block) -> Array:
    """[records]: how many numbers of the gradients are not finite; NaN where there is none."""
    if all((block.grads or {}).get(name) is None for name in names):
        return np.full(len(block), np.nan)
    counts: Array = (~np.isfinite(_gradient(names, block))).sum(axis=1).astype(np.float64)
    return counts


def _gradient(names: Sequence[str], block: Block) -> Array:
    """[records, numbers] of the gradients that there are; one NaN a record where there is none."""
    grads = block.grads or {}
    known = [grad for name in names if (grad := grads.get(name)) is not None]
    return _flat(known) if known else np.full((len(block), 1), np.nan)


def _flat(arrays: Sequence[Array]) -> Array:
    """[records, numbers] of all, in double precision."""
    return np.concatenate([array.reshape(len(array), -1) for array in arrays], axis=1).astype(np.float64)
