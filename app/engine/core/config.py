"""RunConfig and its parts: everything that determines a run, checked for type and bound.

What depends on a choice (the hyperparameters of Adam, the parameter names of a network) is checked
by the module that owns the choice; ``optiscope.engine.loop.judging.check`` brings all checks together.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from optiscope.engine.core.findings import refusal
from optiscope.engine.core.limits import limits_of
from optiscope.engine.core.registry import quoted
from optiscope.engine.core.words import say


def at_most(setting: str) -> AfterValidator:
    """A validator that holds a number, or the length of a list, to a bound of the limits it is given."""

    def check(value: Any, info: ValidationInfo) -> Any:
        bound, field = getattr(limits_of(info), setting), info.field_name or setting
        if isinstance(value, int | float):
            if value > bound:
                raise refusal(say("at_most", field=field, bound=bound, value=quoted(value)))
        elif len(value) > bound:
            raise refusal(say("at_most_entries", field=field, count=bound, value=len(value)))
        return value

    return AfterValidator(check)


Finite = Annotated[float, Field(allow_inf_nan=False)]
Seed = Annotated[int, Field(ge=0), at_most("max_seed")]
Steps = Annotated[int, Field(ge=1), at_most("max_steps")]
JSONList = Field(strict=False, fail_fast=True)
"""A JSON list for a tuple. Of a million wrong entries only the first is told, so the answer is prompt."""

Many = Field(strict=False, fail_fast=True, max_length=1024)
"""The same for a list of any length: no limit is larger, and counting stops there."""

Range = Annotated[tuple[Finite, Finite], JSONList]
Row = Annotated[tuple[Finite, ...], JSONList, Field(min_length=1), at_most("max_features")]
Names = Annotated[tuple[str, ...], JSONList, Field(min_length=1, max_length=64)]


class Config(BaseModel):
    """Frozen, strict (no text for a number, no true for 1) and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class DataPointsConfig(Config):
    """A dataset that a run brings with it."""

    x: Annotated[tuple[Row, ...], JSONList, Field(min_length=2), at_most("max_points")] = Field(
        description="Inputs [points, features]: finite numbers, as many in each row."
    )
    y: Annotated[tuple[Finite, ...], JSONList, at_most("max_points")] = Field(
        description="A target for each point: the labels 0 and 1, or values."
    )
    loss: Literal["mse_loss", "binary_cross_entropy_with_logits"] | None = Field(
        None,
        description="Of torch.nn.functional: mse_loss for values, binary_cross_entropy_with_logits "
        "for labels; null is that of labels if all targets are 0 or 1 and both are there.",
    )
    held_out: Annotated[Finite, Field(ge=0, le=0.9)] = Field(
        0.25,
        description="Share of the points that is not trained on, rounded down to whole points; the problem's "
        "seed chooses which. With 0, all are trained on and the held-out loss is theirs.",
    )
    standardize: bool = Field(
        False,
        description="Whether each feature is shifted and scaled to mean 0 and standard deviation 1 over the "
        "points that are trained on.",
    )


class ProblemConfig(Config):
    """What is minimised: a dataset with a network and a loss, a 2-D test function, or a loss of matrices."""

    name: str = Field("seed-example", description="A problem of the catalog.", examples=["moons"])
    samples: Annotated[int, Field(ge=2), at_most("max_samples")] | None = Field(
        None, description="Training samples of a generated dataset."
    )
    noise: Annotated[Finite, Field(ge=0), at_most("max_noise")] | None = Field(
        None, description="Standard deviation of the noise of a generated dataset."
    )
    seed: Seed | None = Field(
        None, description="Seed of a generated dataset, or of what is held out of the problem points."
    )
    expression: str | None = Field(
        None, description="The function of x and y of the problem expression.", examples=["x**2 + 10*sin(y)"]
    )
    bounds: Annotated[tuple[Range, Range], JSONList] | None = Field(
        None, description="The window of the problem expression: [[xmin, xmax], [ymin, ymax]]."
    )
    points: DataPointsConfig | None = Field(None, description="The data of the problem points.")


class ModelConfig(Config):
    """The network and where it starts; for a test function only ``start`` matters."""

    hidden: Annotated[
        tuple[Annotated[int, Field(ge=1), at_most("max_hidden_units")], ...],
        Many,
        at_most("max_hidden_layers"),
    ] = Field((2, 2), description="Units of each hidden layer; TinyNet is [2, 2].")
    activation: str = Field("relu", description="An activation of the catalog.")
    seed: Seed = Field(0, description="Seed of the initialisation, as in torch.manual_seed(seed).")
    state_dict: dict[str, list[Any]] | None = Field(
        None, description="Initial parameters by name, instead of the seed's."
    )
    start: Annotated[tuple[Finite, Finite], JSONList] | None = Field(
        None, description="Where a test function is started."
    )


class ParamGroupConfig(BaseModel):
    """One param group: layers or parameters by name, and the hyperparameters that differ for them."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", allow_inf_nan=False)
    params: Names = Field(description="Layers (fc3) or parameters (fc3.bias).")
    from_step: Annotated[int, Field(ge=0), at_most("max_steps")] = Field(
        0,
        description="The group is added by add_param_group after so many steps; 0: it is there at the start.",
    )

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """The group's own hyperparameters."""
        return dict(self.model_extra or {})


class OptimizerConfig(Config):
    """A class of ``torch.optim`` and its arguments; what is left out keeps torch's default."""

    name: str = Field(description="An optimizer of the catalog.", examples=["Adam"])
    hyperparameters: dict[str, Any] = Field(
        default_factory=dict,
        examples=[{"lr": 0.01}],
        description="Its arguments by keyword; what is left out keeps torch's default.",
    )
    param_groups: Annotated[tuple[ParamGroupConfig, ...], Many, at_most("max_param_groups")] | None = Field(
        None, description="As in torch: a parameter in no group is not trained."
    )
    rest: "OptimizerConfig | None" = Field(
        None,
        description="The optimizer of the parameters that this one cannot take (Muon: all but 2-D weights).",
    )


class LRSchedulerConfig(Config):
    """A class of ``torch.optim.lr_scheduler`` and its arguments, or several that the loop hands over."""

    name: str = Field(description="A scheduler of the catalog.", examples=["StepLR"])
    hyperparameters: dict[str, Any] = Field(
        default_factory=dict,
        examples=[{"step_size": 10, "gamma": 0.1}],
        description="Its arguments by keyword; what is left out keeps torch's default.",
    )
    interval: Steps = Field(1, description="Steps for each scheduler.step().")
    schedulers: Annotated[tuple["LRSchedulerConfig", ...], Many, at_most("max_schedulers")] | None = Field(
        None, description="The parts of SequentialLR, ChainedScheduler and HandOver."
    )
    milestones: Annotated[tuple[Steps, ...], Many, at_most("max_milestones")] | None = Field(
        None,
        description="SequentialLR: the scheduler steps at which the next part takes over. HandOver: the "
        "calls from which the loop calls the next part.",
    )
    epoch_steps: Steps | None = Field(
        None,
        description="CosineAnnealingWarmRestarts: steps of an epoch, so that the loop calls "
        "scheduler.step(epoch + i / epoch_steps).",
    )


class HyperparameterScheduleConfig(Config):
    """A hyperparameter that follows a factor of the step, set by hand before each ``optimizer.step()``."""

    hyperparameter: str = Field(
        min_length=1,
        max_length=64,
        description="A number of the param groups other than lr: weight_decay, momentum, betas/0, …",
        examples=["weight_decay"],
    )
    factor: str = Field(
        description="What the initial value is multiplied by: an expression of step, counted from 0.",
        examples=["0.5 * (1 + cos(pi * step / 300))"],
    )
    groups: (
        Annotated[
            tuple[Annotated[int, Field(ge=0)], ...], Many, Field(min_length=1), at_most("max_param_groups")
        ]
        | None
    ) = Field(
        None,
        description="The param groups that follow, by their places in the config, the rest's last; null "
        "is every group that has the hyperparameter.",
    )


class FreezeConfig(Config):
    """Parameters that are frozen while ``from_step <= steps done < to_step``, or taken to be."""

    params: Names = Field(description="Layers (fc2) or parameters (fc2.weight).")
    from_step: Annotated[int, Field(ge=0), at_most("max_steps")] = Field(
        0, description="Steps that are done before it is frozen."
    )
    to_step: Annotated[int, Field(ge=1), at_most("max_steps")] | None = Field(
        None, description="Steps that are done when it thaws; null is never."
    )
    clear_grad: bool = Field(True, description="Also set .grad to None, as freezing should.")
    by: Literal["requires_grad", "no_grad", "detach", "eval"] = Field(
        "requires_grad",
        description="What is done to them: requires_grad_(False) freezes. The others are taken for it: the "
        "layer is computed under torch.no_grad(), its output is detached, or layer.eval() is called.",
    )

    def holds(self, step: int) -> bool:
        """Whether the rule holds once ``step`` steps are done."""
        return self.from_step <= step and (self.to_step is None or step < self.to_step)

    @field_validator("to_step")
    @classmethod
    def _check_order(cls, to_step: int | None, info: ValidationInfo) -> int | None:
        from_step = info.data.get("from_step")
        if to_step is not None and from_step is not None and to_step <= from_step:
            raise refusal(say("to_step_before", from_step=from_step, value=to_step))
        return to_step


class ClipNormConfig(Config):
    """``torch.nn.utils.clip_grad_norm_``."""

    name: Literal["clip_grad_norm_"]
    max_norm: Finite = Field(gt=0, le=1e12, description="What the norm of all gradients together is at most.")
    norm_type: Annotated[Finite, Field(gt=0, le=100)] | Literal["inf"] = Field(
        2.0, description="Which norm: a number from 1, or inf."
    )


class ClipValueConfig(Config):
    """``torch.nn.utils.clip_grad_value_``."""

    name: Literal["clip_grad_value_"]
    clip_value: Finite = Field(gt=0, le=1e12, description="What the magnitude of each entry is at most.")


class AveragedModelConfig(Config):
    """``torch.optim.swa_utils.AveragedModel`` of the parameters, updated after the optimizer's step."""

    name: Literal["EMA", "SWA"]
    from_step: Annotated[int, Field(ge=0), at_most("max_steps")] = Field(
        0, description="Steps done before the first one that is averaged."
    )
    every: Steps = Field(1, description="Steps for each update_parameters().")
    use_buffers: bool = Field(False, description="Average the model's buffers, too, instead of copying them.")


class EMAConfig(AveragedModelConfig):
    """``get_ema_multi_avg_fn``: an average that forgets."""

    name: Literal["EMA"]
    decay: Annotated[Finite, Field(ge=0, le=1)] = Field(0.99, description="What is kept in each update.")


class SWAConfig(AveragedModelConfig):
    """The mean of all that is averaged."""

    name: Literal["SWA"]


Averaging = EMAConfig | SWAConfig


PhaseName = Literal["zero_grad", "forward", "loss", "backward", "clip", "optimizer_step", "scheduler_step"]
"""A line of the training loop."""

MOST_PHASES = 32


class RestartConfig(Config):
    """A run that is begun again from its model: what is not restored is made anew."""

    step: Annotated[int, Field(ge=0), at_most("max_steps")] = Field(description="Steps done by then.")
    optimizer: bool = Field(False, description="Restore the optimizer, too.")
    lr_scheduler: bool = Field(True, description="Restore the scheduler, too.")


PathLength = Annotated[Finite, Field(ge=-1e3, le=1e3)]


class LinearDriftConfig(Config):
    """A straight path."""

    name: Literal["linear"]
    velocity: Annotated[tuple[PathLength, PathLength], JSONList] = Field(
        description="How far the optimum moves in each step, along x and y."
    )


class CircularDriftConfig(Config):
    """A circle through the place where the function is defined, anticlockwise."""

    name: Literal["circular"]
    radius: Annotated[Finite, Field(gt=0, le=1e3)] = Field(
        description="Of the circle, in units of the function."
    )
    period: Annotated[int, Field(ge=2), at_most("max_steps")] = Field(description="Steps of a round.")


DriftConfig = LinearDriftConfig | CircularDriftConfig


MOST_DELAY = 64


class LoopConfig(Config):
    """The order and the habits of the training loop; the defaults are the tutorial's."""

    zero_grad: bool = Field(True, description="Call optimizer.zero_grad() in every step.")
    set_to_none: bool = Field(True, description="zero_grad(set_to_none=…).")
    scheduler_first: bool = Field(False, description="Call scheduler.step() before optimizer.step().")
    order: Annotated[tuple[PhaseName, ...], JSONList, Field(max_length=MOST_PHASES)] | None = Field(
        None,
        description="The lines of the loop, in order, with repeats and omissions; null is the tutorial's, "
        "with what zero_grad and scheduler_first change in it. What a run has not, such as clip, is skipped.",
        examples=[["forward", "loss", "backward", "zero_grad", "optimizer_step"]],
    )
    accumulate: Annotated[int, Field(ge=1, le=1024)] = Field(
        1,
        description="Forward and backward passes, each of its own minibatch, for each optimizer.step().",
    )
    scale_loss: bool = Field(
        True, description="Divide the loss of each pass by accumulate before its backward()."
    )
    autocast: Literal["bfloat16"] | None = Field(
        None, description='Compute each forward pass and loss under torch.autocast("cpu", bfloat16).'
    )
    restart: RestartConfig | None = Field(
        None, description="Begin again from the model at a step, with or without its optimizer and scheduler."
    )
    replaced: Names | None = Field(
        None, description="Layers that are replaced by copies of themselves once the optimizer is made."
    )
    gradient_delay: Annotated[int, Field(ge=0, le=MOST_DELAY)] = Field(
        0,
        description="How many steps late gradients arrive: step k is given those of step k - gradient_delay, "
        "and the first ones are given none, as with workers that send theirs asynchronously.",
    )
    drift: Annotated[DriftConfig, Field(discriminator="name")] | None = Field(
        None, description="The path along which the optimum of a test function moves, step by step."
    )

    @field_validator("gradient_delay")
    @classmethod
    def _check_delay(cls, gradient_delay: int, info: ValidationInfo) -> int:
        if gradient_delay and info.data.get("order") is not None:
            raise refusal(say("delay_of_order"))
        if gradient_delay and info.data.get("zero_grad") is False:
            raise refusal(say("delay_of_sums"))
        return gradient_delay

    @field_validator("order")
    @classmethod
    def _check_phases(
        cls, order: tuple[PhaseName, ...] | None, info: ValidationInfo
    ) -> tuple[PhaseName, ...] | None:
        if order is None:
            return None
        for phase, needed in (("loss", "forward"), ("backward", "loss")):
            if phase in order and needed not in order[: order.index(phase)]:
                raise refusal(say("order_needs_before", phase=phase, needed=needed))
        if "loss" not in order:
            raise refusal(say("order_without_loss"))
        if info.data.get("zero_grad") is False and "zero_grad" in order:
            raise refusal(say("order_contradicts", field="zero_grad", phase="zero_grad"))
        if info.data.get("scheduler_first") is True and not is_scheduler_first(order):
            raise refusal(say("order_contradicts", field="scheduler_first", phase="scheduler_step"))
        return order


def is_scheduler_first(order: Sequence[PhaseName]) -> bool:
    """Whether ``scheduler.step()`` comes before ``optimizer.step()``."""
    before = order[: order.index("optimizer_step")] if "optimizer_step" in order else order
    return "scheduler_step" in before


class RunConfig(Config):
    """One training of one problem: the same config always gives the same run, bit for bit."""

    problem: ProblemConfig
    model: ModelConfig = ModelConfig()
    optimizer: OptimizerConfig
    lr_scheduler: LRSchedulerConfig | None = Field(
        None, description="What moves the learning rate; null is nothing."
    )
    hyperparameter_schedules: Annotated[
        tuple[HyperparameterScheduleConfig, ...], Many, at_most("max_hyperparameter_schedules")
    ] = Field((), description="What is moved by hand beside the learning rate, such as weight decay.")
    freeze: Annotated[tuple[FreezeConfig, ...], Many, at_most("max_freeze_rules")] = Field(
        (), description="What is frozen, and while which steps."
    )
    clip_grad: Annotated[ClipNormConfig | ClipValueConfig, Field(discriminator="name")] | None = Field(
        None, description="Gradients are clipped before the step; null is not at all."
    )
    batch_size: Annotated[int, Field(ge=1), at_most("max_samples")] | None = Field(
        None, description="Samples of a step, reshuffled every epoch; null is the whole dataset."
    )
    batch_seed: Seed | None = Field(
        None, description="Seed of the order of minibatches; null is the seed of the problem, or 0."
    )
    steps: Steps = Field(300, description="How many times `optimizer.step()` is called.")
    dtype: Literal["float32", "float64"] = Field("float32", description="Of parameters and data.")
    loop: LoopConfig = LoopConfig()
    average: Annotated[Averaging, Field(discriminator="name")] | None = Field(
        None, description="An average of the parameters beside them, recorded with its own loss."
    )

    @property
    def order_seed(self) -> int:
        """The seed of the generator that draws the order of minibatches."""
        return (self.problem.seed or 0) if self.batch_seed is None else self.batch_seed

    def canonical(self) -> str:
        """One text for one run: equal texts mean bit-identical runs."""
        return self.model_dump_json()
