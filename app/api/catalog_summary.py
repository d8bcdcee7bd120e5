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

    name: str = Field(description="The keyword, as torch spells it.")
    kind: Kind = Field(description="The type of its value.")
    default: Value = Field(description="torch's own; null where there is none.")
    suggested: Value = Field(None, description="Where a control starts; left out where that is `default`.")
    minimum: float | None = Field(None, description="The least value, or of each element.")
    maximum: float | None = Field(None, description="The greatest value, or of each element.")
    exclusive_minimum: bool = Field(False, description="Whether the minimum itself is refused.")
    exclusive_maximum: bool = Field(False, description="Whether the maximum itself is refused.")
    usual: list[float] | None = Field(None, description="The least and the most that is usual.")
    scale: Literal["linear", "log"] = Field("linear", description="How a slider should move.")
    choices: list[bool | float | str] = Field(
        [], description="The values that it may be, or words beside numbers."
    )
    optional: bool = Field(False, description="Whether null is a value, too.")
    per_group: bool = Field(False, description="Whether it may be a list, a value for each param group.")
    required: bool = Field(False, description="Whether it must be given.")


class EntrySummary(BaseModel):
    """What every entry has."""

    name: str = Field(description="The name in a RunConfig.")
    title: str = Field("", description="Left out where it is the name.")


class ProblemSummary(EntrySummary):
    """A problem."""

    kind: Literal["dataset", "function", "matrix"] = Field(
        description="What the model is: a network, a point, or matrices."
    )
    loss: str = Field(description="What is minimised, as a script calls it.")
    inputs: int = Field(2, description="Features of a sample.")
    outputs: int = Field(1, description="Numbers that a network predicts for a sample.")
    task: Literal["classification", "regression"] | None = Field(None, description="What a dataset is for.")
    bounds: tuple[Point, Point] | None = Field(None, description="The window that shows it well.")
    start: Point | None = Field(None, description="Where runs on a function begin.")
    minima: list[Stationary] = Field([], description="Of a function, within its bounds.")
    saddles: list[Stationary] = Field([], description="Of a function, within its bounds.")
    minimum: float | None = Field(None, description="The least value of a problem of matrices.")
    parameters: list[NamedShape] = Field([], description="Of a problem of matrices.")
    options: list[str] = Field([], description="Fields of `problem` that it takes beside its name.")
    option_defaults: dict[str, Any] = Field({}, description="What the options are unless given.")
    suggested: Suggestion


class ChoiceSummary(EntrySummary):
    """A torch class or function and its arguments."""

    summary: str = Field(description="What it does, in a line.")
    hyperparameters: list[HyperparameterSummary] = Field([], description="Its arguments, in their order.")


class OptimizerSummary(ChoiceSummary):
    """An optimizer."""

    summary: str = Field(
        "", description="Left out for optimizers of other packages: their list and their entries tell it."
    )
    package: str = Field(OWN_PACKAGE, description="Where it comes from.")
    available: bool = Field(True, description="Whether it can be trained with here.")
    reason: str | None = Field(None, description="Why it is not available.")
    hyperparameters: list[HyperparameterSummary] = Field(
        [], description="Left out for optimizers of other packages, as `state_keys`: their entries tell them."
    )
    state_keys: list[StateKey] = Field([], description="What it keeps for each parameter.")
    param_groups: bool = Field(True, description="Whether it takes param groups.")
    closure: bool = Field(False, description="Whether it evaluates the loss by itself, several times a step.")
    matrices_only: bool = Field(False, description="Whether it takes 2-D parameters alone.")
    own_rate: OwnRateDocument | None = Field(None, description="The rate that its steps have in place of lr.")
    momentum_key: str | None = Field(None, description="The hyperparameter that is its momentum.")


class LRSchedulerSummary(ChoiceSummary):
    """A learning-rate scheduler."""

    composite: bool = Field(False, description="Whether it is made of other schedulers.")
    milestones: bool = Field(False, description="Whether it takes milestones of its own.")
    hands_over: bool = Field(False, description="Whether the loop calls its parts one after the other.")
    takes_epoch: bool = Field(False, description="Whether it can be given fractions of an epoch.")
    needs_metric: bool = Field(False, description="Whether it is given the loss.")
    cycles_momentum: bool = Field(False, description="Whether it moves momentum, too.")


class ClippingSummary(ChoiceSummary):
    """A way of clipping gradients."""


class CatalogSummary(BaseModel):
    """The catalog in brief; a field that an entry leaves out is its default here."""

    version: str = Field(description="Of Optiscope.")
    torch: str = Field(description="The version of PyTorch that trains.")
    problems: list[ProblemSummary] = Field(description="What can be minimised.")
    activations: list[EntrySummary] = Field(description="What bends between the layers.")
    optimizers: list[OptimizerSummary] = Field(description="Optimizers of torch and of other packages.")
    lr_schedulers: list[LRSchedulerSummary] = Field(description="Learning-rate schedulers.")
    clipping: list[ClippingSummary] = Field(description="Ways of clipping gradients.")
    limits: dict[str, float] = Field(description="The bounds of a request, as in the catalog.")
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
