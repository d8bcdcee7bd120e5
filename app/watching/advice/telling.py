"""The report of a run as the wire tells it, from what anybody may have recorded."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say, spelled, why
from optiscope.engine.loop.block import Block
from optiscope.watching.advice.report import report_of
from optiscope.watching.events import Beginning


def told(beginning: Beginning, blocks: Sequence[Block], *, is_complete: bool) -> dict[str, Any]:
    """What is to be said of a run, and what is known of its objects.

    Raises:
        ConfigError: If what is told of the run makes no sense.
    """
    try:
        report = report_of(beginning, blocks, is_complete=is_complete).document()
        return report | {"audit": _audit(beginning, blocks)}
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ConfigError.at("", say("report_impossible", why=why(error))) from error


def _audit(beginning: Beginning, blocks: Sequence[Block]) -> dict[str, Any]:
    """When the run began: the param groups, and which parameters none trained or two did."""
    layers = beginning.layers
    numel: dict[Any, int] = {}
    for layer in layers:
        numel[layer["group"]] = numel.get(layer["group"], 0) + layer["numel"]
    groups = [
        {"optimizer": str(one.get("name", "")), **_group(group), "numel": numel.get(index, 0)}
        for index, (one, group) in enumerate(
            (one, group) for one in beginning.source.get("optimizers") or [] for group in one["groups"]
        )
    ]
    twice = [p for w in beginning.warnings if w["code"] == "two_groups" for p in w["params"]["parameters"]]
    return {
        "groups": groups,
        "frozen": _frozen(beginning, blocks),
        "unowned": [name for layer in layers if layer["group"] is None for name in layer["parameters"]],
        "twice": twice,
    }


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    decay = group.get("weight_decay")
    return {
        "tensors": int(group.get("tensors", 0)),
        "lr": _number(group.get("lr")),
        "weight_decay": None if decay is None else _number(decay),
    }


def _number(value: Any) -> float | str:
    """A rate as it travels; NaN of a group without one."""
    return spelled(math.nan if value is None else float(value))


def _frozen(beginning: Beginning, blocks: Sequence[Block]) -> list[str]:
    """The names of those that did not require a gradient when the run began."""
    told_ = [str(name) for name in beginning.source.get("frozen") or []]
    first = next((block.optional.get("layers") for block in blocks if block.grads is not None), None)
    shares = first.get("frozen") if isinstance(first, Mapping) else None
    layers = (
        [] if shares is None or isinstance(shares, Mapping) else zip(beginning.layers, shares[0], strict=True)
    )
    whole = [name for layer, share in layers if share == 1 for name in layer["parameters"]]
    return list(dict.fromkeys([*told_, *whole]))
