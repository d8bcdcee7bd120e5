"""What is asked of a sweep: a run, what is varied of it, and what is looked for."""

from collections import Counter
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from optiscope.engine.core.config import (
    Config,
    Finite,
    JSONList,
    Many,
    OptimizerConfig,
    RunConfig,
    Seed,
    at_most,
)
from optiscope.engine.core.findings import refusal
from optiscope.engine.core.words import say

_MOST_AXES = 3
_MOST_VALUES = 2**20


class AxisConfig(Config):
    """One field of the run, and the values that it takes: a list, or numbers between two ends."""

    model_config = ConfigDict(populate_by_name=True)

    path: str = Field(
        max_length=200,
        description="A JSON pointer into the run with all defaults filled in.",
        examples=["/optimizer/hyperparameters/lr"],
    )
    values: Annotated[list[Any], Field(min_length=1, max_length=_MOST_VALUES)] | None = Field(
        None, description="The values, of whatever kind the field is."
    )
    first: Finite | None = Field(None, alias="from", description="The first of count numbers.")
    last: Finite | None = Field(None, alias="to", description="The last of count numbers.")
    count: Annotated[int, Field(ge=2, le=_MOST_VALUES)] | None = Field(None, description="How many numbers.")
    scale: Literal["linear", "log"] = Field(
        "linear", description="Whether the numbers have equal differences or equal ratios."
    )

    @model_validator(mode="after")
    def _check_form(self) -> "AxisConfig":
        ends = (self.first, self.last, self.count)
        if (self.values is None) == all(end is None for end in ends) or (
            self.values is None and None in ends
        ):
            raise refusal(say("axis_values_or_ends"))
        first, last = self.first or 0.0, self.last or 0.0
        if self.values is None and self.scale == "log" and min(first, last) <= 0:
            raise refusal(say("axis_log_ends", first=first, last=last))
        return self


class SweepConfig(Config):
    """Everything that determines a sweep: the same one always has the same members, in the same order."""

    run: RunConfig = Field(description="The run that all members are variations of.")
    axes: Annotated[tuple[AxisConfig, ...], JSONList, Field(min_length=1, max_length=_MOST_AXES)] = Field(
        description="What is varied, the outermost first."
    )
    optimizers: (
        Annotated[tuple[OptimizerConfig, ...], Many, Field(min_length=1), at_most("max_sweep_optimizers")]
        | None
    ) = Field(None, description="Each takes the place of the run's; outside of all axes.")
    seeds: Annotated[tuple[Seed, ...], JSONList, Field(min_length=1, max_length=_MOST_VALUES)] | None = Field(
        None, description="Seeds of the network; inside of all axes."
    )
    target: Finite | None = Field(None, description="The loss whose first step is noted.")
    exact: bool = Field(
        False, description="Train every member by torch's own loop, one by one, with the bits of a run."
    )

    @field_validator("seeds")
    @classmethod
    def _check_seeds(cls, seeds: tuple[int, ...] | None) -> tuple[int, ...] | None:
        times = Counter(seeds)
        twice = next((seed for seed in times if times[seed] > 1), None)
        if twice is not None:
            raise refusal(say("seed_twice", value=twice))
        return seeds
