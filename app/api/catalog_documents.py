"""What the catalog's entries look like, for the documentation; the registries themselves make them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from optiscope.engine.core.config import LRSchedulerConfig, RunConfig
from optiscope.engine.core.registry import Kind
from optiscope.engine.recipe.optimizers.ideas import Idea

Value = bool | int | float | str | list[Any] | None
"""A value of a hyperparameter: its type follows from the ``kind``."""

Point = tuple[float, float]


class Hyperparameter(BaseModel):
    """One keyword argument of a torch class."""

    name: str = Field(examples=["weight_decay"], description="The keyword, as torch spells it.")
    kind: Kind = Field(description="The type of its value.")
    default: Value = Field(description="torch's own; null where a value must be given, or is the default.")
    suggested: Value = Field(description="Where a control starts.")
    minimum: float | None = Field(
        description="The least value, or of each element; null where none is too small."
    )
    maximum: float | None = Field(
        description="The greatest value, or of each element; null where none is too great."
    )
    exclusive_minimum: bool = Field(description="Whether the minimum itself is refused.")
    exclusive_maximum: bool = Field(description="Whether the maximum itself is refused.")
    usual: list[float] | None = Field(
        description="The least and the most that is usual, where torch takes more than that."
    )
    scale: Literal["linear", "log"] = Field(description="How a slider should move over the usual range.")
    choices: list[bool | float | str] = Field(description="Of a number: words that it may be instead.")
    optional: bool = Field(description="Whether null is a value too.")
    per_group: bool = Field(description="Whether it may be a list, with a value for each param group.")
    required: bool = Field(description="Whether it must be given, as torch has no default.")
    description: str = Field(description="What it does, in a line.")
    symbol: str = Field(description="What stands for it in the formula, as MathML; empty if nothing does.")


class Formula(BaseModel):
    """A formula, twice."""

    formula: str = Field(description="MathML.")
    formula_text: str = Field(description="LaTeX, or Python for a problem.")


class Stationary(BaseModel):
    """A point where the gradient of a test function is zero."""

    at: Point = Field(description="Where the gradient is zero.")
    value: float = Field(description="The value there.")


class Suggestion(BaseModel):
    """What to compare first on a problem."""

    model: dict[str, Any] = Field(description="`model` of a RunConfig.")
    optimizers: list[dict[str, Any]] = Field(description="`optimizer` of a RunConfig, one a run.")
    steps: int = Field(description="Length of the runs.")


class SuggestedRate(BaseModel):
    """A good learning rate of an optimizer on a problem."""

    name: str = Field(description="Of the optimizer.", examples=["SGD"])
    given: dict[str, float] = Field(alias="with", description="Hyperparameters that it is for.")
    lr: float = Field(description="The learning rate.")
    source: Literal["comparison", "race", "measured"] = Field(
        description="comparison: of the problem's suggested comparison, chosen by looking at runs. race: the "
        "smallest rate that ended near the best of those that were tried, in the median over networks. "
        "measured: the same of one network, or a start."
    )
    end_loss: float | None = Field(
        description="Where the measured run ended; of a race the median over networks that were not tuned on."
    )
    networks: int | None = Field(description="How many a race was tuned on, and as many others judged on.")


class SuggestedRates(BaseModel):
    """Good learning rates on a problem, by optimizer; one that is missing has not been measured."""

    tried: list[float] = Field(description="The rates of a measurement.")
    within: float = Field(description="How near the best: a share of what the best lowers the loss by.")
    steps: int = Field(description="Of each measured run.")
    optimizers: list[SuggestedRate] = Field(description="One for each optimizer that has one.")


class RaceRow(BaseModel):
    """An optimizer at its best rate, on trials that it was not tuned on."""

    optimizer: str = Field(description="The class and its arguments.", examples=["SGD(momentum=0.9)"])
    lr: float = Field(description="The rate that it was tuned to.")
    left: float | None = Field(
        description="Median of what is left of the loss, (end - minimum) / (start - minimum); null: diverged."
    )
    low: float | None = Field(description="Of the best trial.")
    high: float | None = Field(description="Of the worst trial.")
    diverged: int = Field(description="How many trials diverged.")


class Race(BaseModel):
    """Optimizers on a failure mode, each at its best rate under an equal budget, the best first."""

    steps: int = Field(description="Length of each trial.")
    trials: int = Field(description="How many each optimizer is judged on.")
    rows: list[RaceRow] = Field(description="One for each optimizer, the best first.")


class NamedShape(BaseModel):
    """A parameter."""

    name: str = Field(description="Of the parameter.")
    shape: list[int] = Field(description="Its dimensions.")


class Picture(BaseModel):
    """A small picture of a problem, from its own values, each as one of 12 levels that hold equally many."""

    kind: Literal["contour", "scatter", "matrix"] = Field(description="What is drawn.")
    rows: list[str] = Field(
        description="contour, matrix: the levels from the top down, a digit of base 12 a cell."
    )
    points: list[tuple[float, float, int]] = Field(
        description="scatter: x and y as shares of the bounds, from below left, and the target's level."
    )


class ProblemEntry(Formula):
    """A dataset with a loss, a 2-D test function, or a problem of matrices."""

    name: str = Field(examples=["moons"], description="The name in a RunConfig.")
    package: str | None = Field(description="Which brings it; null for those of Optiscope.")
    title: str = Field(description="The name for people.")
    kind: Literal["dataset", "function", "matrix"] = Field(
        description="What the model is: a network, a point, or matrices."
    )
    description: str = Field(description="What it teaches, in a sentence or two.")
    failure: str = Field(
        description="What goes wrong on it, and for whom; empty where it is no failure mode."
    )
    loss: str = Field(examples=["F.mse_loss"], description="What is minimised, as a script calls it.")
    inputs: int = Field(description="Features of a sample; of one's own points, those of the points.")
    outputs: int = Field(description="Numbers that a network predicts for a sample.")
    task: Literal["classification", "regression"] | None = Field(description="null where there are no data.")
    bounds: tuple[Point, Point] | None = Field(
        description="[[xmin, xmax], [ymin, ymax]] to look at; null for matrices."
    )
    start: Point | None = Field(description="Where a test function is started.")
    minima: list[Stationary] = Field(
        description="Those within the bounds, unless the description says which."
    )
    saddles: list[Stationary] = Field(
        description="Those within the bounds, unless the description says which."
    )
    minimum: float | None = Field(description="The least value of a problem of matrices.")
    parameters: list[NamedShape] = Field(description="Those that such a problem brings.")
    citation: str = Field(description="Where it comes from; empty where from nowhere.")
    options: list[str] = Field(description="Fields of `problem` that it takes besides the name.")
    option_defaults: dict[str, Any] = Field(description="What the options are unless given.")
    data: dict[str, list[Any]] | None = Field(description="x and y, where they are few.")
    suggested: Suggestion
    rates: SuggestedRates
    race: Race | None = Field(description="null where it is no failure mode.")
    picture: Picture | None = Field(description="null where the function cannot be drawn.")


class ActivationEntry(Formula):
    """An activation function."""

    name: str = Field(examples=["relu"], description="The name in a RunConfig.")
    function: str = Field(examples=["F.relu"], description="How a script calls it.")


class ChoiceEntry(Formula):
    """A torch class or function and its arguments."""

    model_config = ConfigDict(serialize_by_alias=True)

    name: str = Field(description="The name in a RunConfig.")
    cls: str | None = Field(alias="class", description="null of what a loop does without a class.")
    title: str = Field(description="The name for people.")
    summary: str = Field(description="What it does, in a line.")
    hyperparameters: list[Hyperparameter] = Field(description="Its arguments, in their order.")


class StateKey(BaseModel):
    """An entry of an optimizer's state."""

    key: str = Field(examples=["exp_avg"], description="As torch calls it in `state_dict()`.")
    meaning: str = Field(description="What it is, in a line.")


class OwnRateDocument(BaseModel):
    """Where an optimizer keeps a rate of its own, which its steps have in place of the group's lr."""

    key: str = Field(description="Of the state in a record.", examples=["eta"])
    after: bool = Field(description="Whether a step uses what it leaves there, else what it found.")
    in_group: bool = Field(description="Whether it is kept in the group: see its first parameter.")
    times_lr: bool = Field(description="Whether the lr of the group is multiplied by it.")


class OptimizerEntry(ChoiceEntry):
    """An optimizer."""

    package: str = Field(examples=["torch"], description="Where it comes from.")
    idea: Idea = Field(description="What it is built on.")
    available: bool = Field(description="Whether it can be trained with here.")
    reason: str | None = Field(description="Why it is not available.")
    state_keys: list[StateKey] = Field(description="What it keeps for each parameter.")
    paper: str = Field(description="Where it was described; empty where nowhere.")
    param_groups: bool = Field(description="Whether it takes more than one.")
    closure: bool = Field(description="Whether it evaluates the loss itself.")
    matrices_only: bool = Field(description="Whether it takes 2-D parameters alone.")
    momentum_key: str | None = Field(description="What schedulers call its momentum.")
    own_rate: OwnRateDocument | None = Field(description="null where steps have the lr of their group.")


class LRSchedulerEntry(ChoiceEntry):
    """A learning-rate scheduler."""

    package: str = Field(examples=["torch"], description="Where it comes from.")
    paper: str = Field(description="Where it was described; empty where nowhere.")
    composite: bool = Field(description="Whether it is made of others.")
    milestones: bool = Field(description="Whether its parts follow each other.")
    hands_over: bool = Field(description="Whether the loop calls one part at a time: no class of torch.")
    takes_epoch: bool = Field(description="Whether scheduler.step() takes an epoch, as epoch_steps says.")
    needs_metric: bool = Field(description="Whether it looks at the loss, so that only a run can show it.")
    cycles_momentum: bool = Field(description="Whether it moves momentum, too.")


class ClippingEntry(ChoiceEntry):
    """A way of clipping gradients."""


class PresetEntry(BaseModel):
    """A schedule that people use; `/api/lr-scheduler-presets` composes it for a run."""

    name: str = Field(examples=["warm-up-cosine"], description="What it is called by.")
    title: str = Field(description="The name for people.")
    summary: str = Field(description="What it does, in a line.")
    paper: str = Field(description="Where it was described; empty where nowhere.")
    package: str = Field(
        description="Whose schedule it is; of torch are those that are composed of its schedulers.",
        examples=["torch", "transformers", "timm"],
    )
    warnings: list[str] = Field(description="What the linter says of it, as codes.")
    example: LRSchedulerConfig = Field(description="For 300 steps at 0.1.")


class LoopMistakeEntry(BaseModel):
    """A classic mistake of the training loop, as the change to a run that makes it."""

    name: str = Field(examples=["no_zero_grad"], description="What it is called by.")
    title: str = Field(description="The name for people.")
    summary: str = Field(description="What goes wrong.")
    change: dict[str, Any] = Field(description="A merge patch (RFC 7396) of a RunConfig.")
    given: dict[str, Any] = Field(description="The same, for a run that lacks what the mistake is about.")
    choices: dict[str, Literal["layer", "step"]] = Field(
        description="JSON pointers into `change` and `given` where a layer or a step of the run belongs."
    )
    of_networks: bool = Field(description="Whether it takes a network with two layers or more.")


class LoopMistakes(BaseModel):
    """The classic mistakes of the training loop."""

    loop_mistakes: list[LoopMistakeEntry] = Field(description="All of them.")


class PluginEntry(BaseModel):
    """What another package brings, or why it brings nothing."""

    name: str = Field(
        examples=["pytorch_optimizer"],
        description="Of the entry point, which stands before the dot of its names.",
    )
    distribution: str = Field(description="What is installed, with its version.")
    entries: list[str] = Field(description="The names of what it brings.")
    error: str | None = Field(description="Why it brings nothing, else null.")


class DefaultComparison(BaseModel):
    """The comparison that the page opens with."""

    runs: list[RunConfig] = Field(description="A RunConfig each.")


class Defaults(BaseModel):
    """What is shown when nothing is asked for."""

    comparison: DefaultComparison


class SaidReason(BaseModel):
    """A sentence, and what it is in any language."""

    detail: str = Field(description="In English.")
    code: str = Field(description="What kind of sentence it is.")
    params: dict[str, Any] = Field(description="What fills its holes.")


class OptimizerLine(BaseModel):
    """An optimizer in a list to choose from."""

    name: str = Field(description="The name in a RunConfig.")
    package: str = Field(description="Where it comes from.")
    idea: Idea = Field(description="What sets it apart.")
    summary: str = Field(description="What it does, in a line.")
    paper: str = Field(description="Where it was described; empty where nowhere.")
    available: bool = Field(description="Whether it can be trained with here.")
    reason: str | None = Field(description="Why it is not available, else null.")
    why: SaidReason | None = Field(description="The reason by its code, for other languages.")


class Family(BaseModel):
    """The optimizers of one idea."""

    idea: Idea = Field(description="What sets them apart.")
    detail: str = Field(description="A paragraph on them.")
    code: str = Field(description="What `detail` says, as data.")
    params: dict[str, Any] = Field(description="What fills the holes of the sentence, by name.")


class OptimizerList(BaseModel):
    """All optimizers, as a list to choose from."""

    optimizers: list[OptimizerLine] = Field(description="All of them.")
    families: list[Family] = Field(description="What sets optimizers apart, with words on each.")


class Catalog(BaseModel):
    """Everything that a run can be made of."""

    version: str = Field(description="Of this server.")
    torch: str = Field(examples=["2.13.0"], description="The version of PyTorch that trains.")
    problems: list[ProblemEntry] = Field(description="What can be minimised.")
    problem_plugins: list[PluginEntry] = Field(description="Other packages that bring problems.")
    activations: list[ActivationEntry] = Field(description="What bends between the layers.")
    optimizers: list[OptimizerEntry] = Field(description="Optimizers of torch and of other packages.")
    optimizer_plugins: list[PluginEntry] = Field(description="Other packages that bring optimizers.")
    lr_schedulers: list[LRSchedulerEntry] = Field(description="Learning-rate schedulers.")
    lr_scheduler_plugins: list[PluginEntry] = Field(description="Other packages that bring schedulers.")
    lr_scheduler_presets: list[PresetEntry] = Field(description="Usual schedules, composed.")
    clipping: list[ClippingEntry] = Field(description="Ways of clipping gradients.")
    loop_mistakes: list[LoopMistakeEntry] = Field(description="Classic mistakes of the training loop.")
    limits: dict[str, float] = Field(description="The bounds of this server, by the names of its settings.")
    defaults: Defaults


class CatalogEntry(
    RootModel[
        ProblemEntry | ActivationEntry | OptimizerEntry | LRSchedulerEntry | ClippingEntry | LoopMistakeEntry
    ]
):
    """An entry of the catalog, by its kind."""
