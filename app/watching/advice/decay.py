"""Weight decay on what it does not help: norms and biases."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.loop.block import Array

_SHRUNK = 0.1
"""So much of the logarithm of a weight may decay without a word: a tenth of it."""

_IN_GRADIENT = 0.01
"""Of an optimizer that divides the gradient by its own size: the decay beyond which it rules small ones."""

_DIVIDES = frozenset({"Adam", "Adamax", "NAdam", "RAdam", "RMSprop", "Adagrad", "Adadelta"})
"""Optimizers that do so, unless their decay is decoupled."""


def decayed(source: Mapping[str, Any], shrunk: Array | Sequence[float], steps: int) -> Iterator[Said]:
    """What is said of decay on norms and biases, a sentence for each param group.

    Args:
        source: Of a run: its optimizers, and ``decayed``, which of their parameters are norms or biases.
        shrunk: For each group the sum of lr · weight_decay over the run.
        steps: How many that are.
    """
    groups = [
        (str(one.get("name")), group)
        for one in source.get("optimizers") or []
        for group in one.get("groups") or []
    ]
    for entry in source.get("decayed") or []:
        place = int(entry["group"])
        if place >= len(groups) or place >= len(shrunk):
            continue
        name, group = groups[place]
        decay = float(group.get("weight_decay") or 0.0)
        in_gradient = name in _DIVIDES and not group.get("decoupled_weight_decay") and decay >= _IN_GRADIENT
        taken = 1 - float(np.exp(-shrunk[place]))
        names, factor = entry["names"], rounded(decay, 3)
        if in_gradient:
            yield say("decay_on_norms_in_gradient", parameters=names, decay=factor, optimizer=name)
        elif shrunk[place] >= _SHRUNK:
            share = rounded(100 * taken, 2)
            yield say(
                "decay_on_norms", parameters=names, decay=factor, optimizer=name, share=share, steps=steps
            )
