"""Gradient clipping with ``torch.nn.utils``, and the norm before it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_, get_total_norm

from optiscope.engine.core.config import ClipNormConfig, ClipValueConfig
from optiscope.engine.core.formula import mathml
from optiscope.engine.core.registry import Hyperparameter, Registry
from optiscope.engine.core.words import say


@dataclass(frozen=True, slots=True)
class ClippingInfo:
    """One way of clipping, described for people; its arguments are the fields of its config.

    Attributes:
        name: The name in a RunConfig: torch's function.
        title: The name for people.
        summary: What it does, in one sentence.
        hyperparameters: Its arguments, with torch's defaults.
        formula: In LaTeX.
    """

    name: str
    title: str
    summary: str
    hyperparameters: tuple[Hyperparameter, ...]
    formula: str

    def catalog(self) -> dict[str, Any]:
        """The entry of this way of clipping in the catalog."""
        return {
            "name": self.name,
            "class": f"torch.nn.utils.{self.name}",
            "title": self.title,
            "summary": self.summary,
            "hyperparameters": [h.catalog() for h in self.hyperparameters],
            "formula": mathml(self.formula),
            "formula_text": self.formula,
        }


def _bound(name: str, description: str) -> Hyperparameter:
    return Hyperparameter(
        name,
        "float",
        None,
        description,
        minimum=0.0,
        maximum=1e12,
        exclusive_minimum=True,
        scale="log",
        suggested=1.0,
    )


CLIPPING = Registry(
    say("kind_clipping"),
    (
        ClippingInfo(
            "clip_grad_norm_",
            "Clip the norm",
            "Scales all gradients together so that their norm is at most max_norm; the direction stays.",
            (
                _bound("max_norm", "The largest norm of all gradients together."),
                Hyperparameter(
                    "norm_type",
                    "float",
                    2.0,
                    "Which p-norm is meant; inf is the largest element.",
                    minimum=0.0,
                    maximum=100.0,
                    exclusive_minimum=True,
                    choices=("inf",),
                ),
            ),
            r"g \leftarrow g \cdot \min\left(1, \frac{c}{\lVert g \rVert_p + 10^{-6}}\right)",
        ),
        ClippingInfo(
            "clip_grad_value_",
            "Clip each value",
            "Cuts every element of every gradient to [-clip_value, clip_value]; the direction may change.",
            (_bound("clip_value", "The largest magnitude of an element."),),
            r"g_i \leftarrow \max(-c, \min(c, g_i))",
        ),
    ),
)

Clip = Callable[[], torch.Tensor]


def build_clip(
    params: Sequence[nn.Parameter], config: ClipNormConfig | ClipValueConfig | None
) -> Clip | None:
    """A function that clips the gradients in place and returns their 2-norm before that, or None."""
    match config:
        case None:
            return None
        case ClipNormConfig(max_norm=max_norm, norm_type=2.0):
            return lambda: clip_grad_norm_(params, max_norm)
        case ClipNormConfig(max_norm=max_norm, norm_type=norm_type):
            order = math.inf if norm_type == "inf" else float(norm_type)
            return lambda: _norm_then(params, lambda: clip_grad_norm_(params, max_norm, order))
        case ClipValueConfig(clip_value=clip_value):
            return lambda: _norm_then(params, lambda: clip_grad_value_(params, clip_value))


def _norm_then(params: Sequence[nn.Parameter], clip: Callable[[], object]) -> torch.Tensor:
    norm = get_total_norm([p.grad for p in params if p.grad is not None])
    clip()
    return norm
