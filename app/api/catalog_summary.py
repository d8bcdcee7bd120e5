"""The catalog in brief: what it takes to begin, without what is read about an entry once it is chosen.

The models say which fields of an entry are told, and what a field is that is left out. What they do not name
(formulas, papers, what arguments do) is asked for entry by entry.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from optiscope.api.catalog_documents import (
    Defaults,
    NamedShape,
    OwnRateDocument,
    Point,
    StateKey,
    Stationary,
    Suggestion,
    Value,
)
from optiscope.engine.core.registry import Kind

OWN_PACKAGE = "torch"
"""The hyperparameters of its optimizers are told; those of other packages' with the entry."""


class HyperparameterSummary(BaseModel):
    """One keyword argument of a torch class."""

    name: str
    kind: Kind
    default: Value
    suggested: Value = Field(None, description="Where a control starts; left out where that is `default`.")
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    usual: list[float] | None = None
    scale: Literal["linear", "log"] = "linear"
    choices: list[bool | float | str] = []
    optional: bool = False
    per_group: bool = False
    required: bool = False


class EntrySummary(BaseModel):
    """What every entry has."""

    name: str
    title: str = Field("", description="Left out where it is the name.")


class ProblemSummary(EntrySummary):
    """A problem."""

    kind: Literal["dataset", "function", "matrix"]
    loss: str
    inputs: int = 2
    outputs: int = 1
    task: Literal["classification", "regression"] | None = None
    bounds: tuple[Point, Point] | None = None
    start: Point | None = None
    minima: list[Stationary] = []
    saddles: list[Stationary] = []
    minimum: float | None = None
    parameters: list[NamedShape] = []
    options: list[str] = []
    option_defaults: dict[str, Any] = {}
    suggested: Suggestion


class ChoiceSummary(EntrySummary):
    """A torch class or function and its arguments."""

    summary: str
    hyperparameters: list[HyperparameterSummary] = []


class OptimizerSummary(ChoiceSummary):
    """An optimizer."""

    summary: str = Field(
        "", description="Left out for optimizers of other packages: their list and their entries tell it."
    )
    package: str = OWN_PACKAGE
    available: bool = True
    reason: str | None = Field(None, description="Why it is not available.")
    hyperparameters: list[HyperparameterSummary] = Field(
        [], description="Left out for optimizers of other packages, as `state_keys`: their entries tell them."
    )
    state_keys: list[StateKey] = []
    param_groups: bool = True
    closure: bool = False
    matrices_only: bool = False
    own_rate: OwnRateDocument | None = None
    momentum_key: str | None = None


class LRSchedulerSummary(ChoiceSummary):
    """A learning-rate scheduler."""

    composite: bool = False
    milestones: bool = False
    hands_over: bool = False
    takes_epoch: bool = False
    needs_metric: bool = False
    cycles_momentum: bool = False


class ClippingSummary(ChoiceSummary):
    """A way of clipping gradients."""


class CatalogSummary(BaseModel):
    """The catalog in brief; a field that an entry leaves out is its default here."""

    version: str
    torch: str
    problems: list[ProblemSummary]
    activations: list[EntrySummary]
    optimizers: list[OptimizerSummary]
    lr_schedulers: list[LRSchedulerSummary]
    clipping: list[ClippingSummary]
    limits: dict[str, float]
    defaults: Defaults


_ENTRIES: Mapping[str, type[EntrySummary]] = {
    "problems": ProblemSummary,
    "activations": EntrySummary,
    "optimizers": OptimizerSummary,
    "lr_schedulers": LRSchedulerSummary,
    "clipping": ClippingSummary,
}

_AS_THEY_ARE = ("version", "torch", "limits", "defaults")


def summary(catalog: Mapping[str, Any]) -> dict[str, Any]:
    """The catalog in brief.

    Args:
        catalog: The whole of it, as JSON has it.
    """
    entries = {kind: _brief(model, catalog[kind]) for kind, model in _ENTRIES.items()}
    return {name: catalog[name] for name in _AS_THEY_ARE} | entries


def _brief(model: type[EntrySummary], entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [model.model_validate(_bare(entry)).model_dump(exclude_defaults=True) for entry in entries]


def _bare(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what follows from its other fields, or is told with its details."""
    bare = dict(entry)
    if bare.get("title") == bare["name"]:
        del bare["title"]
    if "state_keys" in bare and bare["package"] != OWN_PACKAGE:
        del bare["hyperparameters"], bare["state_keys"], bare["summary"]
    elif "hyperparameters" in bare:
        bare["hyperparameters"] = [_bare_argument(argument) for argument in bare["hyperparameters"]]
    return bare


def _bare_argument(argument: Mapping[str, Any]) -> dict[str, Any]:
    follows = argument["suggested"] == argument["default"]
    return {name: value for name, value in argument.items() if not (follows and name == "suggested")}
