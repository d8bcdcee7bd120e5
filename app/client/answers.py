"""What a server answers, as its OpenAPI document says. Written by ``make wire``: do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
"""An array of numbers, decoded."""

Number: TypeAlias = float | Literal["NaN", "Infinity", "-Infinity"]
"""A number of JSON; one that is not finite travels as a word."""


class Above(TypedDict):
    """It is above this number.

    Attributes:
        above: The number.
    """

    above: float


class ActivationEntry(TypedDict):
    """An activation function.

    Attributes:
        formula: MathML.
        formula_text: LaTeX, or Python for a problem.
        name: The name in a RunConfig.
        function: How a script calls it.
    """

    formula: str
    formula_text: str
    name: str
    function: str


class Audited(TypedDict):
    """Who trains what.

    Attributes:
        groups: The param groups of all optimizers.
        frozen: Parameters that did not require a gradient when the run began.
        unowned: Parameters that no optimizer held when the run began.
        twice: Parameters in two groups when the run began, some of them where they are many.
    """

    groups: list[AuditedGroup]
    frozen: list[str]
    unowned: list[str]
    twice: list[str]


class AuditedGroup(TypedDict):
    """A param group, as it was when the run began.

    Attributes:
        optimizer: The class that steps it.
        tensors: How many parameters it holds.
        numel: How many numbers it holds.
        lr: Its learning rate.
        weight_decay: null where its optimizer has none.
    """

    optimizer: str
    tensors: int
    numel: int
    lr: Number
    weight_decay: Number | None


class Axis(TypedDict):
    """One axis of the plane.

    Attributes:
        label: What is drawn along it, in English.
        code: What `label` says, as data.
        params: What fills the holes of the sentence, by name.
        variance_explained: Of a principal axis: the share along it, 0 to 1, of the squared distances of
            all fitted records of all runs from the centre of the plane; of their variance, if that is
            the mean.
        curvature: d·Hd / d·d of its direction d: of the loss of the whole dataset, at what the plane is
            laid through, by Hessian-vector products of autograd in float64. null where that is no point
            (`function`), and for networks beyond `max_hessian_parameters`.
    """

    label: str
    code: str
    params: dict[str, Any]
    variance_explained: NotRequired[float | None]
    curvature: NotRequired[Number | None]


AxisConfig = TypedDict(
    "AxisConfig",
    {
        "path": "str",
        "values": "NotRequired[list[Any] | None]",
        "from": "NotRequired[float | None]",
        "to": "NotRequired[float | None]",
        "count": "NotRequired[int | None]",
        "scale": "NotRequired[Literal['linear', 'log']]",
    },
)
"""One field of the run, and the values that it takes: a list, or numbers between two ends.

Attributes:
    path: A JSON pointer into the run with all defaults filled in.
    values: The values, of whatever kind the field is.
    from: The first of count numbers.
    to: The last of count numbers.
    count: How many numbers.
    scale: Whether the numbers have equal differences or equal ratios.
"""


class Below(TypedDict):
    """It is below this number.

    Attributes:
        below: The number.
    """

    below: float


class BestCellFound(TypedDict):
    """All seeds of the place with the least median of `end_loss`; divergence counts as infinite.

    Attributes:
        at: Its place on each axis, from 0.
        members: One for each seed.
        values: What the axes say there, by path.
        quantiles: Of `end_loss` over its seeds, at 0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0.
        test_loss: The median; null where there are no held-out samples.
        steps_to_target: The median, infinite if half of the seeds do not get there; null without a
            target.
        reached: The share of its seeds that got to the target.
        diverged: The share of its seeds that diverged or failed.
    """

    at: list[int]
    members: list[int]
    values: dict[str, Any]
    quantiles: list[Number]
    test_loss: Number | None
    steps_to_target: Number | None
    reached: float | None
    diverged: float


class BoundaryFrames(TypedDict):
    """One run at each of the steps.

    Attributes:
        steps: Records shown: the last one of a run that ended earlier, the first one of a later fork.
        z: [steps, resolution, resolution]; rows follow y.
        train_loss: [steps], over all training samples.
        test_loss: [steps], over all held-out samples.
        hinges: [steps, units, 2, 2]: both ends of each first-layer unit's line, NaN outside the window.
        dead: ReLU units that no sample activates, by layer.
        masked: How many entries of z are not finite.
    """

    steps: list[int]
    z: Array
    train_loss: Array
    test_loss: Array
    hinges: Array | None
    dead: list[dict[str, list[int]]]
    masked: int


class Catalog(TypedDict):
    """Everything that a run can be made of.

    Attributes:
        version: Of this server.
        torch: The version of PyTorch that trains.
        problems: What can be minimised.
        problem_plugins: Other packages that bring problems.
        activations: What bends between the layers.
        optimizers: Optimizers of torch and of other packages.
        optimizer_plugins: Other packages that bring optimizers.
        lr_schedulers: Learning-rate schedulers.
        lr_scheduler_plugins: Other packages that bring schedulers.
        lr_scheduler_presets: Usual schedules, composed.
        clipping: Ways of clipping gradients.
        loop_mistakes: Classic mistakes of the training loop.
        limits: The bounds of this server, by the names of its settings.
    """

    version: str
    torch: str
    problems: list[ProblemEntry]
    problem_plugins: list[PluginEntry]
    activations: list[ActivationEntry]
    optimizers: list[OptimizerEntry]
    optimizer_plugins: list[PluginEntry]
    lr_schedulers: list[LRSchedulerEntry]
    lr_scheduler_plugins: list[PluginEntry]
    lr_scheduler_presets: list[PresetEntry]
    clipping: list[ClippingEntry]
    loop_mistakes: list[LoopMistakeEntry]
    limits: dict[str, float]
    defaults: Defaults


class CatalogSummary(TypedDict):
    """The catalog in brief; a field that an entry leaves out is its default here.

    Attributes:
        version: Of Optiscope.
        torch: The version of PyTorch that trains.
        problems: What can be minimised.
        activations: What bends between the layers.
        optimizers: Optimizers of torch and of other packages.
        lr_schedulers: Learning-rate schedulers.
        clipping: Ways of clipping gradients.
        limits: The bounds of a request, as in the catalog.
    """

    version: str
    torch: str
    problems: list[ProblemSummary]
    activations: list[EntrySummary]
    optimizers: list[OptimizerSummary]
    lr_schedulers: list[LRSchedulerSummary]
    clipping: list[ClippingSummary]
    limits: dict[str, float]
    defaults: Defaults


class CentralFlowAnswer(TypedDict):
    """The flow, or why there is none.

    Attributes:
        flow: null where there is none.
        no_flow: Why there is no flow; null where there is one.
        no_flow_code: What `no_flow` says, as data.
        no_flow_params: What fills the holes of the sentence, by name.
    """

    flow: PredictedPath | None
    no_flow: str | None
    no_flow_code: str | None
    no_flow_params: NotRequired[dict[str, Any]]


Check = TypedDict(
    "Check",
    {
        "run": "NotRequired[int | list[int]]",
        "quantity": "str | list[str]",
        "step": "NotRequired[int | Literal['end'] | list[int | Literal['end']]]",
        "is": "Literal['none', 'zero', 'not zero', 'least', 'greatest'] | Equals | Below | Above | list[Literal['none', 'zero', 'not zero', 'least', 'greatest'] | Equals | Below | Above]",  # noqa: E501
    },
)
"""Which choice is right, as the real run says it: the one whose number is as ``is`` says.

Each field is one for all choices, or a list with one for each choice.

Attributes:
    run: The index of the run.
    quantity: A number of a record by its path (`loss`, `lr/0`, `grads/fc2.weight/0/1`), `ended`, or
        one of `config/…`; `norm/…` is the 2-norm of an array, `singular/0/…` a matrix's largest
        singular value, `change/…` what a step has added.
    step: The record; `end` is the last.
    is: What is true there.
"""


class CircularDriftConfig(TypedDict):
    """A circle through the place where the function is defined, anticlockwise.

    Attributes:
        radius: Of the circle, in units of the function.
        period: Steps of a round.
    """

    name: Literal["circular"]
    radius: float
    period: int


class ClipNormConfig(TypedDict):
    """``torch.nn.utils.clip_grad_norm_``.

    Attributes:
        max_norm: What the norm of all gradients together is at most.
        norm_type: Which norm: a number from 1, or inf.
    """

    name: Literal["clip_grad_norm_"]
    max_norm: float
    norm_type: NotRequired[float | Literal["inf"]]


class ClipValueConfig(TypedDict):
    """``torch.nn.utils.clip_grad_value_``.

    Attributes:
        clip_value: What the magnitude of each entry is at most.
    """

    name: Literal["clip_grad_value_"]
    clip_value: float


ClippingEntry = TypedDict(
    "ClippingEntry",
    {
        "formula": "str",
        "formula_text": "str",
        "name": "str",
        "class": "str | None",
        "title": "str",
        "summary": "str",
        "hyperparameters": "list[Hyperparameter]",
    },
)
"""A way of clipping gradients.

Attributes:
    formula: MathML.
    formula_text: LaTeX, or Python for a problem.
    name: The name in a RunConfig.
    class: null of what a loop does without a class.
    title: The name for people.
    summary: What it does, in a line.
    hyperparameters: Its arguments, in their order.
"""


class ClippingSummary(TypedDict):
    """A way of clipping gradients.

    Attributes:
        name: The name in a RunConfig.
        title: Left out where it is the name.
        summary: What it does, in a line.
        hyperparameters: Its arguments, in their order.
    """

    name: str
    title: NotRequired[str]
    summary: str
    hyperparameters: NotRequired[list[HyperparameterSummary]]


class Code(TypedDict):
    """A script.

    Attributes:
        code: The script.
    """

    code: str


class Curvatures(TypedDict):
    """Every run.

    Attributes:
        runs: In the order of the request.
    """

    runs: list[RunCurvature]


class DataPointsConfig(TypedDict):
    """A dataset that a run brings with it.

    Attributes:
        x: Inputs [points, features]: finite numbers, as many in each row.
        y: A target for each point: the labels 0 and 1, or values.
        loss: Of torch.nn.functional: mse_loss for values, binary_cross_entropy_with_logits for labels;
            null is that of labels if all targets are 0 or 1 and both are there.
        held_out: Share of the points that is not trained on, rounded down to whole points; the
            problem's seed chooses which. With 0, all are trained on and the held-out loss is theirs.
        standardize: Whether each feature is shifted and scaled to mean 0 and standard deviation 1 over
            the points that are trained on.
    """

    x: list[list[float]]
    y: list[float]
    loss: NotRequired[Literal["mse_loss", "binary_cross_entropy_with_logits"] | None]
    held_out: NotRequired[float]
    standardize: NotRequired[bool]


class DecisionBoundary(TypedDict):
    """The grid, the data, and every run on it.

    Attributes:
        x: [resolution] coordinates of the first input.
        y: [resolution] coordinates of the second input.
        features: Which two features those are, from 0.
        held: For each feature where it is held, as the network sees it; null for the two.
        window: [[xmin, xmax], [ymin, ymax]] of the two features.
        task: What the dataset is for.
        shows: What z is.
        runs: In the order of the request.
    """

    x: Array
    y: Array
    features: list[int]
    held: list[float | None]
    window: list[list[float]]
    task: Literal["classification", "regression"]
    shows: Literal["probability", "value"]
    train: Samples
    test: Samples
    runs: list[BoundaryFrames]


class DefaultComparison(TypedDict):
    """The comparison that the page opens with.

    Attributes:
        runs: A RunConfig each.
    """

    runs: list[RunConfig]


class Defaults(TypedDict):
    """What is shown when nothing is asked for."""

    comparison: DefaultComparison


class EMAConfig(TypedDict):
    """``get_ema_multi_avg_fn``: an average that forgets.

    Attributes:
        from_step: Steps done before the first one that is averaged.
        every: Steps for each update_parameters().
        use_buffers: Average the model's buffers, too, instead of copying them.
        decay: What is kept in each update.
    """

    name: Literal["EMA"]
    from_step: NotRequired[int]
    every: NotRequired[int]
    use_buffers: NotRequired[bool]
    decay: NotRequired[float]


class End(TypedDict):
    """The end of a run.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
        reason: How it ended.
        step: The step of the last record.
    """

    detail: str
    code: str
    params: dict[str, Any]
    reason: Literal["completed", "diverged", "failed", "stopped"]
    step: int


class EntrySummary(TypedDict):
    """What every entry has.

    Attributes:
        name: The name in a RunConfig.
        title: Left out where it is the name.
    """

    name: str
    title: NotRequired[str]


class Equals(TypedDict):
    """It is this number or text, to the last bit.

    Attributes:
        equals: The number.
    """

    equals: float | str


class Family(TypedDict):
    """The optimizers of one idea.

    Attributes:
        idea: What sets them apart.
        detail: A paragraph on them.
        code: What `detail` says, as data.
        params: What fills the holes of the sentence, by name.
    """

    idea: Literal[
        "gradient",
        "averages",
        "squares",
        "signs",
        "matrices",
        "curvature",
        "own-rate",
        "layers",
        "memory",
        "schedule-free",
        "sharpness",
        "wrappers",
        "other",
    ]
    detail: str
    code: str
    params: dict[str, Any]


class FreezeConfig(TypedDict):
    """Parameters that are frozen while ``from_step <= steps done < to_step``, or taken to be.

    Attributes:
        params: Layers (fc2) or parameters (fc2.weight).
        from_step: Steps that are done before it is frozen.
        to_step: Steps that are done when it thaws; null is never.
        clear_grad: Also set .grad to None, as freezing should.
        by: What is done to them: requires_grad_(False) freezes. The others are taken for it: the layer
            is computed under torch.no_grad(), its output is detached, or layer.eval() is called.
    """

    params: list[str]
    from_step: NotRequired[int]
    to_step: NotRequired[int | None]
    clear_grad: NotRequired[bool]
    by: NotRequired[Literal["requires_grad", "no_grad", "detach", "eval"]]


class GradientNoiseAnswer(TypedDict):
    """What was measured, or why there is nothing to measure.

    Attributes:
        noise: null where there is none.
        no_noise: Why there is no noise; null where there is some.
        no_noise_code: What `no_noise` says, as data.
        no_noise_params: What fills the holes of the sentence, by name.
    """

    noise: MeasuredNoise | None
    no_noise: str | None
    no_noise_code: str | None
    no_noise_params: NotRequired[dict[str, Any]]


class Health(TypedDict):
    """The server as it is now.

    `status` tells what starting it again could mend. A full disk or a damaged database is told by
    `storage`, `held_up` and `runs`: it answers, and computes what is not to be kept.

    Attributes:
        status: ok once a worker has answered; degraded while workers cannot be started or die.
        reason: Why it is degraded, else empty.
        reason_code: What `reason` says, as data.
        reason_params: What fills the holes of the sentence, by name.
        version: Of Optiscope.
        streams: Answers that are being streamed.
        finished_runs: Recorded runs that are kept in memory.
        training: Kept runs that are being trained.
        workers: The training processes.
        waiting: Jobs of each kind that wait for a training process.
        runs: How many kept runs are in each state; damaged is one.
        held_up: Kept runs that are being trained and cannot go on now.
        held_up_by: Why the first of them cannot, else empty.
        held_up_by_code: What `held_up_by` says, as data.
        held_up_by_params: What fills the holes of the sentence, by name.
        storage: ok, or why runs cannot be kept.
        storage_code: What `storage` says, as data; null where it is ok.
        storage_params: What fills the holes of the sentence, by name.
    """

    status: Literal["starting", "ok", "degraded", "stopping"]
    reason: str
    reason_code: str | None
    reason_params: NotRequired[dict[str, Any]]
    version: NotRequired[str]
    streams: NotRequired[int]
    finished_runs: NotRequired[int]
    training: NotRequired[int]
    workers: NotRequired[Workers]
    waiting: NotRequired[dict[str, int]]
    runs: NotRequired[dict[str, int]]
    held_up: NotRequired[int]
    held_up_by: str
    held_up_by_code: str | None
    held_up_by_params: NotRequired[dict[str, Any]]
    storage: str
    storage_code: str | None
    storage_params: NotRequired[dict[str, Any]]


class HeldOut(TypedDict):
    """One run at some of its records.

    Attributes:
        samples: How many held-out samples there are.
        steps: The records that it is told at.
        loss: [records]: mean over all held-out samples, at the parameters of the record.
    """

    samples: int
    steps: list[int]
    loss: Array


class HeldOutLosses(TypedDict):
    """Every run.

    Attributes:
        runs: In the order of the request.
    """

    runs: list[RunHeldOutLoss]


class Hyperparameter(TypedDict):
    """One keyword argument of a torch class.

    Attributes:
        name: The keyword, as torch spells it.
        kind: The type of its value.
        default: torch's own; null where a value must be given, or is the default.
        suggested: Where a control starts.
        minimum: The least value, or of each element; null where none is too small.
        maximum: The greatest value, or of each element; null where none is too great.
        exclusive_minimum: Whether the minimum itself is refused.
        exclusive_maximum: Whether the maximum itself is refused.
        usual: The least and the most that is usual, where torch takes more than that.
        scale: How a slider should move over the usual range.
        choices: Of a number: words that it may be instead.
        optional: Whether null is a value too.
        per_group: Whether it may be a list, with a value for each param group.
        required: Whether it must be given, as torch has no default.
        description: What it does, in a line.
        symbol: What stands for it in the formula, as MathML; empty if nothing does.
    """

    name: str
    kind: Literal["float", "int", "bool", "pair", "triple", "choice", "int_list", "expression"]
    default: bool | int | float | str | list[Any] | None
    suggested: bool | int | float | str | list[Any] | None
    minimum: float | None
    maximum: float | None
    exclusive_minimum: bool
    exclusive_maximum: bool
    usual: list[float] | None
    scale: Literal["linear", "log"]
    choices: list[bool | float | str]
    optional: bool
    per_group: bool
    required: bool
    description: str
    symbol: str


class HyperparameterScheduleConfig(TypedDict):
    """A hyperparameter that follows a factor of the step, set by hand before each ``optimizer.step()``.

    Attributes:
        hyperparameter: A number of the param groups other than lr: weight_decay, momentum, betas/0, …
        factor: What the initial value is multiplied by: an expression of step, counted from 0.
        groups: The param groups that follow, by their places in the config, the rest's last; null is
            every group that has the hyperparameter.
    """

    hyperparameter: str
    factor: str
    groups: NotRequired[list[int] | None]


class HyperparameterSummary(TypedDict):
    """One keyword argument of a torch class.

    Attributes:
        name: The keyword, as torch spells it.
        kind: The type of its value.
        default: torch's own; null where there is none.
        suggested: Where a control starts; left out where that is `default`.
        minimum: The least value, or of each element.
        maximum: The greatest value, or of each element.
        exclusive_minimum: Whether the minimum itself is refused.
        exclusive_maximum: Whether the maximum itself is refused.
        usual: The least and the most that is usual.
        scale: How a slider should move.
        choices: The values that it may be, or words beside numbers.
        optional: Whether null is a value, too.
        per_group: Whether it may be a list, a value for each param group.
        required: Whether it must be given.
    """

    name: str
    kind: Literal["float", "int", "bool", "pair", "triple", "choice", "int_list", "expression"]
    default: bool | int | float | str | list[Any] | None
    suggested: NotRequired[bool | int | float | str | list[Any] | None]
    minimum: NotRequired[float | None]
    maximum: NotRequired[float | None]
    exclusive_minimum: NotRequired[bool]
    exclusive_maximum: NotRequired[bool]
    usual: NotRequired[list[float] | None]
    scale: NotRequired[Literal["linear", "log"]]
    choices: NotRequired[list[bool | float | str]]
    optional: NotRequired[bool]
    per_group: NotRequired[bool]
    required: NotRequired[bool]


class Kept(TypedDict):
    """How much is kept, and how much may be.

    Attributes:
        runs: How many are kept.
        bytes: Their size on the disk.
        max_runs: Ended runs beyond it are pruned, oldest first, unless pinned.
        max_bytes: How large all of them may be before old ones are removed.
    """

    runs: int
    bytes: int
    max_runs: int
    max_bytes: int


class KeptOfSweeps(TypedDict):
    """How much is kept, and how much may be.

    Attributes:
        sweeps: How many are kept.
        bytes: Their size on the disk.
        max_sweeps: Ended sweeps beyond it are pruned, oldest first, unless pinned.
        max_bytes: How large all of them may be before old ones are removed.
    """

    sweeps: int
    bytes: int
    max_sweeps: int
    max_bytes: int


class LRSchedule(TypedDict):
    """Value k is what step k + 1 would use.

    Attributes:
        groups: The param groups, of all optimizers in turn.
        lr: [groups, n]; null if only a run could tell.
        momentum: [groups, n] momentum or beta1; null for a group without (NaN in a typed array), and
            null if no group has one.
        last_epoch: [n] scheduler.last_epoch; null without a scheduler or of a HandOver.
        get_lr: [groups, n] what get_lr() answers between two steps, where it is not get_last_lr().
        hyperparameters: [groups, n] what else follows a factor, by its name; NaN for a group without.
        ended: What stops the schedule before the last step.
        needs_run: Whether the schedule depends on the losses of a run.
        reason: Why it does.
        reason_code: What `reason` says, as data: see the `code` of a refusal.
        reason_params: What fills the holes of the sentence, by name.
        code: The Python that builds optimizer and scheduler.
    """

    groups: list[ScheduledGroup]
    lr: Array | None
    momentum: Array | None
    last_epoch: Array | None
    get_lr: NotRequired[Array | None]
    hyperparameters: NotRequired[dict[str, Array]]
    ended: ScheduleEnd | None
    needs_run: bool
    reason: str | None
    reason_code: str | None
    reason_params: NotRequired[dict[str, Any]]
    code: str


class LRSchedulerConfig(TypedDict):
    """A class of ``torch.optim.lr_scheduler`` and its arguments, or several that the loop hands over.

    Attributes:
        name: A scheduler of the catalog.
        hyperparameters: Its arguments by keyword; what is left out keeps torch's default.
        interval: Steps for each scheduler.step().
        schedulers: The parts of SequentialLR, ChainedScheduler and HandOver.
        milestones: SequentialLR: the scheduler steps at which the next part takes over. HandOver: the
            calls from which the loop calls the next part.
        epoch_steps: CosineAnnealingWarmRestarts: steps of an epoch, so that the loop calls
            scheduler.step(epoch + i / epoch_steps).
    """

    name: str
    hyperparameters: NotRequired[dict[str, Any]]
    interval: NotRequired[int]
    schedulers: NotRequired[list[LRSchedulerConfig] | None]
    milestones: NotRequired[list[int] | None]
    epoch_steps: NotRequired[int | None]


LRSchedulerEntry = TypedDict(
    "LRSchedulerEntry",
    {
        "formula": "str",
        "formula_text": "str",
        "name": "str",
        "class": "str | None",
        "title": "str",
        "summary": "str",
        "hyperparameters": "list[Hyperparameter]",
        "package": "str",
        "paper": "str",
        "composite": "bool",
        "milestones": "bool",
        "hands_over": "bool",
        "takes_epoch": "bool",
        "needs_metric": "bool",
        "cycles_momentum": "bool",
    },
)
"""A learning-rate scheduler.

Attributes:
    formula: MathML.
    formula_text: LaTeX, or Python for a problem.
    name: The name in a RunConfig.
    class: null of what a loop does without a class.
    title: The name for people.
    summary: What it does, in a line.
    hyperparameters: Its arguments, in their order.
    package: Where it comes from.
    paper: Where it was described; empty where nowhere.
    composite: Whether it is made of others.
    milestones: Whether its parts follow each other.
    hands_over: Whether the loop calls one part at a time: no class of torch.
    takes_epoch: Whether scheduler.step() takes an epoch, as epoch_steps says.
    needs_metric: Whether it looks at the loss, so that only a run can show it.
    cycles_momentum: Whether it moves momentum, too.
"""


class LRSchedulerSummary(TypedDict):
    """A learning-rate scheduler.

    Attributes:
        name: The name in a RunConfig.
        title: Left out where it is the name.
        summary: What it does, in a line.
        hyperparameters: Its arguments, in their order.
        composite: Whether it is made of other schedulers.
        milestones: Whether it takes milestones of its own.
        hands_over: Whether the loop calls its parts one after the other.
        takes_epoch: Whether it can be given fractions of an epoch.
        needs_metric: Whether it is given the loss.
        cycles_momentum: Whether it moves momentum, too.
    """

    name: str
    title: NotRequired[str]
    summary: str
    hyperparameters: NotRequired[list[HyperparameterSummary]]
    composite: NotRequired[bool]
    milestones: NotRequired[bool]
    hands_over: NotRequired[bool]
    takes_epoch: NotRequired[bool]
    needs_metric: NotRequired[bool]
    cycles_momentum: NotRequired[bool]


class LessonDocument(TypedDict):
    """A lesson as it is told.

    Attributes:
        id: By which an address names it.
        title: What it is called.
        summary: What it is about, in a line.
        language: What it is told in; English where there is no translation.
        steps: Its pages.
    """

    id: str
    title: str
    summary: str
    language: str
    steps: list[LessonStep]


class LessonNumber(TypedDict):
    """A number of a text: as it is written, and where a run has it.

    Attributes:
        shown: As the text writes it.
        run: The index of the run.
        quantity: What is meant, as a record has it.
        step: The record, or the last one as `end`; null of what has no step.
    """

    shown: str
    run: int
    quantity: str
    step: int | str | None


class LessonQuestion(TypedDict):
    """A question to answer before Play.

    The right choice is not in it: `check` says how the run tells.

    Attributes:
        text: What is asked.
        choices: What may be answered.
        because: Why that is so, as a text.
        because_parts: The same, with the numbers of the run apart.
    """

    text: str
    choices: list[str]
    because: str
    because_parts: list[str | LessonNumber]


class LessonStep(TypedDict):
    """A text, what the workbench shows beside it, and what it points at.

    Attributes:
        text: The text as it reads: **strong**, and `code` between backticks.
        parts: The same, cut at the numbers that come from a run.
        address: What the workbench shows: a query of the page's address.
        points_at: The view or control that it speaks of.
        question: null where nothing is asked.
        check: How the run tells which choice is right; null without a question.
    """

    text: str
    parts: list[str | LessonNumber]
    address: str
    points_at: str | None
    question: LessonQuestion | None
    check: Check | None


class LinearDriftConfig(TypedDict):
    """A straight path.

    Attributes:
        velocity: How far the optimum moves in each step, along x and y.
    """

    name: Literal["linear"]
    velocity: list[Any]


class ListedSweep(TypedDict):
    """A kept sweep, as a list has it.

    Attributes:
        id: By which it is asked for.
        name: What it is called.
        state: Whether it is trained now, paused, or over.
        detail: Why it is in this state, in one sentence; empty while it is trained.
        code: What `detail` says, as data; null while it is trained.
        params: What fills the holes of the sentence, by name.
        created: When, in ISO 8601 and UTC.
        updated: When it changed last, in ISO 8601 and UTC.
        pinned: Whether it is kept whatever the quota says.
        shape: Optimizers if given, the axes, seeds if given.
        members: How many runs it has.
        done: Members whose cells are on the disk.
        bytes: Size on the disk.
        ways: How its members are trained.
    """

    id: str
    name: str
    state: Literal["running", "paused", "ended"]
    detail: str
    code: str | None
    params: NotRequired[dict[str, Any]]
    created: str
    updated: str
    pinned: bool
    shape: list[int]
    members: int
    done: int
    bytes: int
    ways: list[WayOfMembers]


class LoopConfig(TypedDict):
    """The order and the habits of the training loop; the defaults are the tutorial's.

    Attributes:
        zero_grad: Call optimizer.zero_grad() in every step.
        set_to_none: zero_grad(set_to_none=…).
        scheduler_first: Call scheduler.step() before optimizer.step().
        order: The lines of the loop, in order, with repeats and omissions; null is the tutorial's, with
            what zero_grad and scheduler_first change in it. What a run has not, such as clip, is
            skipped.
        accumulate: Forward and backward passes, each of its own minibatch, for each optimizer.step().
        scale_loss: Divide the loss of each pass by accumulate before its backward().
        autocast: Compute each forward pass and loss under torch.autocast("cpu", bfloat16).
        restart: Begin again from the model at a step, with or without its optimizer and scheduler.
        replaced: Layers that are replaced by copies of themselves once the optimizer is made.
        gradient_delay: How many steps late gradients arrive: step k is given those of step k -
            gradient_delay, and the first ones are given none, as with workers that send theirs
            asynchronously.
        drift: The path along which the optimum of a test function moves, step by step.
    """

    zero_grad: NotRequired[bool]
    set_to_none: NotRequired[bool]
    scheduler_first: NotRequired[bool]
    order: NotRequired[
        list[Literal["zero_grad", "forward", "loss", "backward", "clip", "optimizer_step", "scheduler_step"]]
        | None
    ]
    accumulate: NotRequired[int]
    scale_loss: NotRequired[bool]
    autocast: NotRequired[Literal["bfloat16"] | None]
    restart: NotRequired[RestartConfig | None]
    replaced: NotRequired[list[str] | None]
    gradient_delay: NotRequired[int]
    drift: NotRequired[LinearDriftConfig | CircularDriftConfig | None]


class LoopMistakeEntry(TypedDict):
    """A classic mistake of the training loop, as the change to a run that makes it.

    Attributes:
        name: What it is called by.
        title: The name for people.
        summary: What goes wrong.
        change: A merge patch (RFC 7396) of a RunConfig.
        given: The same, for a run that lacks what the mistake is about.
        choices: JSON pointers into `change` and `given` where a layer or a step of the run belongs.
        of_networks: Whether it takes a network with two layers or more.
    """

    name: str
    title: str
    summary: str
    change: dict[str, Any]
    given: dict[str, Any]
    choices: dict[str, Literal["layer", "step"]]
    of_networks: bool


class LoopMistakes(TypedDict):
    """The classic mistakes of the training loop.

    Attributes:
        loop_mistakes: All of them.
    """

    loop_mistakes: list[LoopMistakeEntry]


class LossSurface(TypedDict):
    """The surface and the paths.

    Attributes:
        x: [resolution] coordinates.
        y: [resolution] coordinates.
        z: [resolution, resolution] losses; rows follow y.
        axes: The two directions of the plane.
        window: [[xmin, xmax], [ymin, ymax]] in units of the plane.
        paths: Of the runs, in their order.
        masked: How many losses of z are not finite.
        plane: The plane, with everything that was left out filled in.
        origin: [parameters], what lies at (0, 0): all of them, in the model's order.
        basis: [2, parameters], what one unit along each axis is there.
        notices: What a person who looks at it should know.
    """

    x: Array
    y: Array
    z: Array
    axes: list[Axis]
    window: list[list[float]]
    paths: list[Path]
    masked: int
    plane: dict[str, Any]
    origin: Array
    basis: Array
    notices: list[Notice]


class Lowest(TypedDict):
    """The lowest recorded loss and its step: as recorded, of that step before it.

    Attributes:
        loss: The lowest one that was recorded.
        step: The record that has it.
    """

    loss: float
    step: int


class MeasuredNoise(TypedDict):
    """The noise of the gradient at one record.

    Attributes:
        step: The record that it was measured at.
        samples: Of the dataset.
        parameters: How many parameters the next step trains; the others are left out.
        seen: Samples that a step of the run sees.
        gradient_norm: Of the gradient of all samples.
        trace: tr(Σ): mean squared distance of the gradient of a sample from it.
        noise_scale: tr(Σ) / |G|², the simple noise scale.
        balance: The batch size, of this dataset, at which the spread is as large as the gradient.
        seed: Of the minibatches that were drawn.
        sizes: One for each size of minibatch.
    """

    step: int
    samples: int
    parameters: int
    seen: int
    gradient_norm: Number
    trace: Number
    noise_scale: Number
    balance: Number
    seed: int
    sizes: list[NoiseBySize]


class ModelConfig(TypedDict):
    """The network and where it starts; for a test function only ``start`` matters.

    Attributes:
        hidden: Units of each hidden layer; TinyNet is [2, 2].
        activation: An activation of the catalog.
        seed: Seed of the initialisation, as in torch.manual_seed(seed).
        state_dict: Initial parameters by name, instead of the seed's.
        start: Where a test function is started.
    """

    hidden: NotRequired[list[int]]
    activation: NotRequired[str]
    seed: NotRequired[int]
    state_dict: NotRequired[dict[str, list[Any]] | None]
    start: NotRequired[list[Any] | None]


class NamedShape(TypedDict):
    """A parameter.

    Attributes:
        name: Of the parameter.
        shape: Its dimensions.
    """

    name: str
    shape: list[int]


class NoiseBySize(TypedDict):
    """Minibatches of one size, drawn without replacement.

    Attributes:
        size: Samples of a minibatch.
        spread: Root mean square distance of its gradient from that of all samples: exact, over all
            minibatches of the size.
        cosine: Mean cosine of the angle between the two; NaN where one is zero.
        cosine_range: The 10 % and the 90 % quantile of the cosines.
        minibatches: How many the cosines are of: every one where `exact`, else drawn by `seed`.
        exact: Whether the cosines are of all minibatches of the size.
    """

    size: int
    spread: Number
    cosine: Number
    cosine_range: list[Any]
    minibatches: int
    exact: bool


class Noted(TypedDict):
    """What the cells cannot say.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
        pointer: JSON pointer into the request.
    """

    detail: str
    code: str
    params: dict[str, Any]
    pointer: str


class Notice(TypedDict):
    """Something that a person who looks at the surface should know.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
        run: The index of the run that it is about; null of all.
    """

    detail: str
    code: str
    params: dict[str, Any]
    run: NotRequired[int | None]


class Observation(TypedDict):
    """Something that was seen of a loop: what, why it matters and what to do.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
        step: The first step where it was seen; null where it is of the whole run.
        layers: Which of the `layers` of `run_started` it is of.
    """

    detail: str
    code: str
    params: dict[str, Any]
    step: int | None
    layers: list[int]


class OptimizerConfig(TypedDict):
    """A class of ``torch.optim`` and its arguments; what is left out keeps torch's default.

    Attributes:
        name: An optimizer of the catalog.
        hyperparameters: Its arguments by keyword; what is left out keeps torch's default.
        param_groups: As in torch: a parameter in no group is not trained.
        rest: The optimizer of the parameters that this one cannot take (Muon: all but 2-D weights).
    """

    name: str
    hyperparameters: NotRequired[dict[str, Any]]
    param_groups: NotRequired[list[ParamGroupConfig] | None]
    rest: NotRequired[OptimizerConfig | None]


OptimizerEntry = TypedDict(
    "OptimizerEntry",
    {
        "formula": "str",
        "formula_text": "str",
        "name": "str",
        "class": "str | None",
        "title": "str",
        "summary": "str",
        "hyperparameters": "list[Hyperparameter]",
        "package": "str",
        "idea": "Literal['gradient', 'averages', 'squares', 'signs', 'matrices', 'curvature', 'own-rate', 'layers', 'memory', 'schedule-free', 'sharpness', 'wrappers', 'other']",  # noqa: E501
        "available": "bool",
        "reason": "str | None",
        "state_keys": "list[StateKey]",
        "paper": "str",
        "param_groups": "bool",
        "closure": "bool",
        "matrices_only": "bool",
        "momentum_key": "str | None",
        "own_rate": "OwnRateDocument | None",
    },
)
"""An optimizer.

Attributes:
    formula: MathML.
    formula_text: LaTeX, or Python for a problem.
    name: The name in a RunConfig.
    class: null of what a loop does without a class.
    title: The name for people.
    summary: What it does, in a line.
    hyperparameters: Its arguments, in their order.
    package: Where it comes from.
    idea: What it is built on.
    available: Whether it can be trained with here.
    reason: Why it is not available.
    state_keys: What it keeps for each parameter.
    paper: Where it was described; empty where nowhere.
    param_groups: Whether it takes more than one.
    closure: Whether it evaluates the loss itself.
    matrices_only: Whether it takes 2-D parameters alone.
    momentum_key: What schedulers call its momentum.
    own_rate: null where steps have the lr of their group.
"""


class OptimizerLine(TypedDict):
    """An optimizer in a list to choose from.

    Attributes:
        name: The name in a RunConfig.
        package: Where it comes from.
        idea: What sets it apart.
        summary: What it does, in a line.
        paper: Where it was described; empty where nowhere.
        available: Whether it can be trained with here.
        reason: Why it is not available, else null.
        why: The reason by its code, for other languages.
    """

    name: str
    package: str
    idea: Literal[
        "gradient",
        "averages",
        "squares",
        "signs",
        "matrices",
        "curvature",
        "own-rate",
        "layers",
        "memory",
        "schedule-free",
        "sharpness",
        "wrappers",
        "other",
    ]
    summary: str
    paper: str
    available: bool
    reason: str | None
    why: SaidReason | None


class OptimizerList(TypedDict):
    """All optimizers, as a list to choose from.

    Attributes:
        optimizers: All of them.
        families: What sets optimizers apart, with words on each.
    """

    optimizers: list[OptimizerLine]
    families: list[Family]


class OptimizerSummary(TypedDict):
    """An optimizer.

    Attributes:
        name: The name in a RunConfig.
        title: Left out where it is the name.
        summary: Left out for optimizers of other packages: their list and their entries tell it.
        hyperparameters: Left out for optimizers of other packages, as `state_keys`: their entries tell
            them.
        package: Where it comes from.
        available: Whether it can be trained with here.
        reason: Why it is not available.
        state_keys: What it keeps for each parameter.
        param_groups: Whether it takes param groups.
        closure: Whether it evaluates the loss by itself, several times a step.
        matrices_only: Whether it takes 2-D parameters alone.
        own_rate: The rate that its steps have in place of lr.
        momentum_key: The hyperparameter that is its momentum.
    """

    name: str
    title: NotRequired[str]
    summary: NotRequired[str]
    hyperparameters: NotRequired[list[HyperparameterSummary]]
    package: NotRequired[str]
    available: NotRequired[bool]
    reason: NotRequired[str | None]
    state_keys: NotRequired[list[StateKey]]
    param_groups: NotRequired[bool]
    closure: NotRequired[bool]
    matrices_only: NotRequired[bool]
    own_rate: NotRequired[OwnRateDocument | None]
    momentum_key: NotRequired[str | None]


class Origin(TypedDict):
    """Where a run was forked from, or that it began with a file.

    Attributes:
        run: Id of the parent, which may have been deleted since.
        checkpoint: Whether it began with an uploaded checkpoint.
        step: Where it begins.
        changes: What was merged into the config of the parent.
        notes: What could not be taken over.
        notices: The notes, also as data.
    """

    run: NotRequired[str | None]
    checkpoint: NotRequired[bool]
    step: int
    changes: NotRequired[dict[str, Any]]
    restore: NotRequired[Restore]
    notes: NotRequired[list[str]]
    notices: NotRequired[list[Sentence]]


class OwnRateDocument(TypedDict):
    """Where an optimizer keeps a rate of its own, which its steps have in place of the group's lr.

    Attributes:
        key: Of the state in a record.
        after: Whether a step uses what it leaves there, else what it found.
        in_group: Whether it is kept in the group: see its first parameter.
        times_lr: Whether the lr of the group is multiplied by it.
    """

    key: str
    after: bool
    in_group: bool
    times_lr: bool


class ParamGroupConfig(TypedDict):
    """One param group: layers or parameters by name, and the hyperparameters that differ for them.

    Attributes:
        params: Layers (fc3) or parameters (fc3.bias).
        from_step: The group is added by add_param_group after so many steps; 0: it is there at the
            start.
    """

    params: list[str]
    from_step: NotRequired[int]


class ParameterUpdate(TypedDict):
    """What `optimizer.step()` did to one parameter.

    The last of `lines` is `result`.

    Attributes:
        parameter: Its name.
        optimizer: Which holds it; null where none does.
        group: The place of its param group in the record's `lr`.
        formula: The update in symbols, as MathML.
        formula_text: The same in LaTeX.
        why: Why there are no lines; null where there are.
        why_code: What `why` says, as data.
        why_params: What fills the holes of the sentence, by name.
        before: Its values before the step.
        result: Its values after the step: those of the record.
        values: The numbers of the lines, by key.
        lines: From the gradient to the new value.
        after: What the step leaves for the next one.
    """

    parameter: str
    optimizer: str | None
    group: int | None
    formula: str | None
    formula_text: str | None
    why: str | None
    why_code: str | None
    why_params: NotRequired[dict[str, Any]]
    before: Number | list[Number | list[Any]]
    result: Number | list[Number | list[Any]]
    values: dict[str, UpdateValue]
    lines: list[UpdateLine]
    after: list[UpdateLine]


class Path(TypedDict):
    """One run on the plane: its parameters, and what goes along with them.

    Attributes:
        xy: [records, 2], the nearest point of the plane.
        distance: [records], how far the record is off the plane.
        loss: [records], the loss of the whole dataset at the record.
        plane_loss: [records], the loss at xy: what the surface shows there.
        average: Its average, as in a step; left out where nothing is averaged.
        z: The z of a schedule-free optimizer, which gradients are added to; its x is `average`, and the
            run itself is its y.
    """

    xy: Array
    distance: Array
    loss: Array
    plane_loss: Array
    average: NotRequired[Points | None]
    z: NotRequired[Points | None]


class PhaseDocument(TypedDict):
    """One line of the loop, what stood there after it, and the fields that the phase has.

    `zero_grad`: `grads`. `forward`: `layers` (`name`, `input`, `output` before the activation),
    `prediction`. `loss`: `loss`, and where the problem draws something for every pass, `noise` or
    `drawn`, and where its optimum moves, `origin`. `backward`: `grads`, `grad_norm`, and `layers`
    (`name`; `grad_input`, `grad_output`, the gradients of what went in and came out, null where none
    flows; `norm` of the latter). `delay`, where gradients arrive late: `grads` and `grad_norm` of those
    that have arrived, and of how many passes they are on their way, `waiting`. `clip`: `grads`,
    `clipped_grad_norm`. `optimizer_step`: `lr`, `momentum`, `update`, `params`, `state`.
    `scheduler_step`: `lr`, which the next step uses; where it raised an error, which ended the run,
    `failed`: a sentence with its `detail`, `code` and `params`.

    Attributes:
        phase: Which line of the loop it is.
        code: The line as a script has it.
    """

    phase: Literal[
        "zero_grad", "forward", "loss", "backward", "delay", "clip", "optimizer_step", "scheduler_step"
    ]
    code: str


class Picture(TypedDict):
    """A small picture of a problem, from its own values, each as one of 12 levels that hold equally many.

    Attributes:
        kind: What is drawn.
        rows: contour, matrix: the levels from the top down, a digit of base 12 a cell.
        points: scatter: x and y as shares of the bounds, from below left, and the target's level.
    """

    kind: Literal["contour", "scatter", "matrix"]
    rows: list[str]
    points: list[list[Any]]


class PluginEntry(TypedDict):
    """What another package brings, or why it brings nothing.

    Attributes:
        name: Of the entry point, which stands before the dot of its names.
        distribution: What is installed, with its version.
        entries: The names of what it brings.
        error: Why it brings nothing, else null.
    """

    name: str
    distribution: str
    entries: list[str]
    error: str | None


class Points(TypedDict):
    """Points on the plane, a row for each record.

    Attributes:
        xy: [records, 2], the nearest point of the plane.
        distance: [records], how far the record is off the plane.
        loss: [records], the loss of the whole dataset at the record.
        plane_loss: [records], the loss at xy: what the surface shows there.
    """

    xy: Array
    distance: Array
    loss: Array
    plane_loss: Array


class PredictedAndMeasured(TypedDict):
    """One number, averaged over all records from the edge on; of a run that never comes to it, over all.

    Attributes:
        predicted: By the flow.
        measured: Of the run.
    """

    predicted: Number
    measured: Number


class PredictedPath(TypedDict):
    """The flow and the run, a row for each record.

    Attributes:
        steps: The records that it is told at.
        path: [records, parameters], in the order of the model's parameters.
        loss: [records], on the path itself.
        predicted_loss: [records], the mean loss that is predicted of the run: `loss` + ½ ⟨H, Σ⟩.
        run_loss: [records], of the run, of the whole dataset at the record.
        measured_loss: [records], the same averaged over `window` records.
        sharpness: [records], the largest eigenvalue on the path, of P^-1/2 (H + decay) P^-1/2 with P
            relative to the learning rate; of gradient descent it is that of the Hessian.
        bound: 2 / lr, which `sharpness` does not pass.
        predicted_variance: [records], tr Σ, of the oscillation about the path.
        measured_variance: [records], the mean squared swing of the run in the directions at the bound,
            averaged. A swing is how far a record is from the middle of the steps to it and from it.
        oscillating: In how many directions the flow oscillates.
        distance: [records], from the flow to the middle of the run's steps.
        window: Over how many records the measured values are averaged.
        edge: The first step at which the flow oscillates; null: it never does.
        departs: The first step where the mean losses are apart by more than a quarter; null: nowhere.
        stopped: Why the flow ends before the run; null if it does not.
        stopped_code: What `stopped` says, as data.
        stopped_params: What fills the holes of the sentence, by name.
    """

    steps: list[int]
    path: Array
    loss: Array
    predicted_loss: Array
    run_loss: Array
    measured_loss: Array
    sharpness: Array
    bound: Number
    predicted_variance: Array
    measured_variance: Array
    oscillating: list[int]
    distance: Array
    window: int
    edge: int | None
    mean_loss: PredictedAndMeasured
    mean_variance: PredictedAndMeasured
    departs: int | None
    stopped: str | None
    stopped_code: str | None
    stopped_params: NotRequired[dict[str, Any]]


class Preset(TypedDict):
    """A schedule that people use, composed for a run.

    Attributes:
        name: What it is called by.
        title: The name for people.
        summary: What it does, in a line.
        paper: Where it was described; empty where nowhere.
        package: Where its parts come from.
    """

    name: str
    title: str
    summary: str
    paper: str
    package: str
    lr_scheduler: LRSchedulerConfig


class PresetEntry(TypedDict):
    """A schedule that people use; `/api/lr-scheduler-presets` composes it for a run.

    Attributes:
        name: What it is called by.
        title: The name for people.
        summary: What it does, in a line.
        paper: Where it was described; empty where nowhere.
        package: Whose schedule it is; of torch are those that are composed of its schedulers.
        warnings: What the linter says of it, as codes.
        example: For 300 steps at 0.1.
    """

    name: str
    title: str
    summary: str
    paper: str
    package: str
    warnings: list[str]
    example: LRSchedulerConfig


class Presets(TypedDict):
    """All of them.

    Attributes:
        presets: All of them.
    """

    presets: list[Preset]


class ProblemConfig(TypedDict):
    """What is minimised: a dataset with a network and a loss, a 2-D test function, or a loss of matrices.

    Attributes:
        name: A problem of the catalog.
        samples: Training samples of a generated dataset.
        noise: Standard deviation of the noise of a generated dataset.
        seed: Seed of a generated dataset, or of what is held out of the problem points.
        expression: The function of x and y of the problem expression.
        bounds: The window of the problem expression: [[xmin, xmax], [ymin, ymax]].
        points: The data of the problem points.
    """

    name: NotRequired[str]
    samples: NotRequired[int | None]
    noise: NotRequired[float | None]
    seed: NotRequired[int | None]
    expression: NotRequired[str | None]
    bounds: NotRequired[list[Any] | None]
    points: NotRequired[DataPointsConfig | None]


class ProblemEntry(TypedDict):
    """A dataset with a loss, a 2-D test function, or a problem of matrices.

    Attributes:
        formula: MathML.
        formula_text: LaTeX, or Python for a problem.
        name: The name in a RunConfig.
        package: Which brings it; null for those of Optiscope.
        title: The name for people.
        kind: What the model is: a network, a point, or matrices.
        description: What it teaches, in a sentence or two.
        failure: What goes wrong on it, and for whom; empty where it is no failure mode.
        loss: What is minimised, as a script calls it.
        inputs: Features of a sample; of one's own points, those of the points.
        outputs: Numbers that a network predicts for a sample.
        task: null where there are no data.
        bounds: [[xmin, xmax], [ymin, ymax]] to look at; null for matrices.
        start: Where a test function is started.
        minima: Those within the bounds, unless the description says which.
        saddles: Those within the bounds, unless the description says which.
        minimum: The least value of a problem of matrices.
        parameters: Those that such a problem brings.
        citation: Where it comes from; empty where from nowhere.
        options: Fields of `problem` that it takes besides the name.
        option_defaults: What the options are unless given.
        data: x and y, where they are few.
        race: null where it is no failure mode.
        picture: null where the function cannot be drawn.
    """

    formula: str
    formula_text: str
    name: str
    package: str | None
    title: str
    kind: Literal["dataset", "function", "matrix"]
    description: str
    failure: str
    loss: str
    inputs: int
    outputs: int
    task: Literal["classification", "regression"] | None
    bounds: list[Any] | None
    start: list[Any] | None
    minima: list[Stationary]
    saddles: list[Stationary]
    minimum: float | None
    parameters: list[NamedShape]
    citation: str
    options: list[str]
    option_defaults: dict[str, Any]
    data: dict[str, list[Any]] | None
    suggested: Suggestion
    rates: SuggestedRates
    race: Race | None
    picture: Picture | None


class ProblemSummary(TypedDict):
    """A problem.

    Attributes:
        name: The name in a RunConfig.
        title: Left out where it is the name.
        kind: What the model is: a network, a point, or matrices.
        loss: What is minimised, as a script calls it.
        inputs: Features of a sample.
        outputs: Numbers that a network predicts for a sample.
        task: What a dataset is for.
        bounds: The window that shows it well.
        start: Where runs on a function begin.
        minima: Of a function, within its bounds.
        saddles: Of a function, within its bounds.
        minimum: The least value of a problem of matrices.
        parameters: Of a problem of matrices.
        options: Fields of `problem` that it takes beside its name.
        option_defaults: What the options are unless given.
    """

    name: str
    title: NotRequired[str]
    kind: Literal["dataset", "function", "matrix"]
    loss: str
    inputs: NotRequired[int]
    outputs: NotRequired[int]
    task: NotRequired[Literal["classification", "regression"] | None]
    bounds: NotRequired[list[Any] | None]
    start: NotRequired[list[Any] | None]
    minima: NotRequired[list[Stationary]]
    saddles: NotRequired[list[Stationary]]
    minimum: NotRequired[float | None]
    parameters: NotRequired[list[NamedShape]]
    options: NotRequired[list[str]]
    option_defaults: NotRequired[dict[str, Any]]
    suggested: Suggestion


class Pruned(TypedDict):
    """A run that the quota removed.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
        id: By which it was asked for.
        name: What it was called.
        at: When, in ISO 8601 and UTC.
    """

    detail: str
    code: str
    params: dict[str, Any]
    id: str
    name: str
    at: str


class QueuePlace(TypedDict):
    """Where a run waits for a worker.

    Attributes:
        position: 1 is the next.
        of: How many wait.
    """

    position: int
    of: int


class Race(TypedDict):
    """Optimizers on a failure mode, each at its best rate under an equal budget, the best first.

    Attributes:
        steps: Length of each trial.
        trials: How many each optimizer is judged on.
        rows: One for each optimizer, the best first.
    """

    steps: int
    trials: int
    rows: list[RaceRow]


class RaceRow(TypedDict):
    """An optimizer at its best rate, on trials that it was not tuned on.

    Attributes:
        optimizer: The class and its arguments.
        lr: The rate that it was tuned to.
        left: Median of what is left of the loss, (end - minimum) / (start - minimum); null: diverged.
        low: Of the best trial.
        high: Of the worst trial.
        diverged: How many trials diverged.
    """

    optimizer: str
    lr: float
    left: float | None
    low: float | None
    high: float | None
    diverged: int


class Report(TypedDict):
    """What is to be said of a watched run.

    Attributes:
        id: Of the run.
        step: The last step that was looked at.
        records: How many records were looked at.
        every: The usual distance of records: of few steps, only some are measured.
        found: Causes before symptoms; nothing, if all is well.
    """

    id: str
    step: int
    records: int
    every: int
    found: list[Observation]
    audit: Audited


class RestartConfig(TypedDict):
    """A run that is begun again from its model: what is not restored is made anew.

    Attributes:
        step: Steps done by then.
        optimizer: Restore the optimizer, too.
        lr_scheduler: Restore the scheduler, too.
    """

    step: int
    optimizer: NotRequired[bool]
    lr_scheduler: NotRequired[bool]


class Restore(TypedDict):
    """What a fork takes over besides the parameters.

    Attributes:
        optimizer: Call optimizer.load_state_dict: moments and param groups.
        lr_scheduler: Call scheduler.load_state_dict: where the schedule stands.
    """

    optimizer: NotRequired[bool]
    lr_scheduler: NotRequired[bool]


class Result(TypedDict):
    """What came of a run so far.

    Attributes:
        loss: Of the last step, before it, as its record says: of one minibatch, if there are any.
        end_loss: The loss here, after the last step: of all training samples, at the parameters of the
            last record; NaN after divergence. Runs are compared by it. Absent until a run has ended,
            and of one kept before this was computed.
        lowest: null while no loss was finite.
    """

    loss: Number
    end_loss: NotRequired[Number | None]
    lowest: Lowest | None


class RunConfig(TypedDict):
    """One training of one problem: the same config always gives the same run, bit for bit.

    Attributes:
        lr_scheduler: What moves the learning rate; null is nothing.
        hyperparameter_schedules: What is moved by hand beside the learning rate, such as weight decay.
        freeze: What is frozen, and while which steps.
        clip_grad: Gradients are clipped before the step; null is not at all.
        batch_size: Samples of a step, reshuffled every epoch; null is the whole dataset.
        batch_seed: Seed of the order of minibatches; null is the seed of the problem, or 0.
        steps: How many times `optimizer.step()` is called.
        dtype: Of parameters and data.
        average: An average of the parameters beside them, recorded with its own loss.
    """

    problem: ProblemConfig
    model: NotRequired[ModelConfig]
    optimizer: OptimizerConfig
    lr_scheduler: NotRequired[LRSchedulerConfig | None]
    hyperparameter_schedules: NotRequired[list[HyperparameterScheduleConfig]]
    freeze: NotRequired[list[FreezeConfig]]
    clip_grad: NotRequired[ClipNormConfig | ClipValueConfig | None]
    batch_size: NotRequired[int | None]
    batch_seed: NotRequired[int | None]
    steps: NotRequired[int]
    dtype: NotRequired[Literal["float32", "float64"]]
    loop: NotRequired[LoopConfig]
    average: NotRequired[EMAConfig | SWAConfig | None]


class RunCurvature(TypedDict):
    """One run, a row for each record.

    Attributes:
        steps: The records that are looked at.
        parameters: How many parameters the next step trains.
        loss: [records], of the whole dataset at the record.
        gradient_norm: [records]
        eigenvalues: [records, parameters], largest first; NaN behind the last where some are frozen.
        eigenvectors: [records, top, parameters], where asked for.
        sharpness: [records], the largest eigenvalue.
        condition: [records], largest by smallest magnitude of the eigenvalues.
        negative: How many eigenvalues are negative beyond rounding.
        drifting: How many parameters the next step moves though they are frozen, by momentum, decay or
            since the optimizer does not ask. They count in `predicted`; the eigenvalues leave them out.
        predicted: [records], change of the loss by all that the next step moves, in the quadratic
            model.
        real: [records], what it really was; NaN at the last record.
        stability: null where there is no bound.
        no_bound: Why there is no bound; null where there is one.
        no_bound_code: What `no_bound` says, as data.
        no_bound_params: What fills the holes of the sentence, by name.
    """

    steps: list[int]
    parameters: list[int]
    loss: Array
    gradient_norm: Array
    eigenvalues: Array
    eigenvectors: Array | None
    sharpness: Array
    condition: Array
    negative: list[int]
    drifting: list[int]
    predicted: Array
    real: Array
    stability: StabilityBound | None
    no_bound: str | None
    no_bound_code: str | None
    no_bound_params: NotRequired[dict[str, Any]]


class RunDocument(TypedDict):
    """A kept run.

    Attributes:
        id: By which it is asked for.
        name: What it is called.
        state: Whether it is trained now, paused, over, or cannot be read.
        detail: Why it is in this state, in one sentence; empty while it is trained.
        code: What `detail` says, as data; null while it is trained.
        params: What fills the holes of the sentence, by name.
        ended: How it ended; null while it may go on.
        queue: While it waits for its turn, where.
        version: Changes that people made; a command may insist on it with If-Match.
        created: When, in ISO 8601 and UTC.
        updated: When it changed last, in ISO 8601 and UTC.
        pinned: Whether it is kept whatever the quota says.
        first: Step of the first record.
        step: Step of the last record.
        steps: Steps that it is to reach; null for a run that is not ours.
        bytes: Size on the disk.
        result: What came of it so far; null before the first record.
        origin: Where it was forked from, if from somewhere.
        config: null for a run that is not ours.
        source: Where a run comes from that is not ours.
        whole: How many numbers of its parameters each record of such a run holds, 0 where it was
            measured by layer; null for a run of ours.
    """

    id: str
    name: str
    state: Literal["running", "paused", "ended", "damaged"]
    detail: str
    code: str | None
    params: NotRequired[dict[str, Any]]
    ended: End | None
    queue: NotRequired[QueuePlace | None]
    version: int
    created: str
    updated: str
    pinned: bool
    first: int
    step: int
    steps: int | None
    bytes: int
    result: Result | None
    origin: Origin | None
    config: RunConfig | None
    source: dict[str, Any] | None
    whole: NotRequired[int | None]


class RunEnded(TypedDict):
    """The last event of a run.

    A stream without it is broken.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
        run: Its index, where the stream is of several.
        reason: How it ended.
        step: The step of the last record.
        end_loss: The loss here, after the last step: of all training samples, at the parameters of the
            last record; NaN after divergence. null where the run may go on, and of one kept before this
            was computed.
    """

    detail: str
    code: str
    params: dict[str, Any]
    event: Literal["run_ended"]
    run: NotRequired[int | None]
    reason: Literal["completed", "diverged", "failed", "stopped", "paused", "damaged"]
    step: int
    end_loss: Number | None


class RunHeldOutLoss(TypedDict):
    """One run, or why there is nothing held out.

    Attributes:
        held_out: null where nothing is held out.
        no_held_out: Why there are no held-out samples; null where there are.
        no_held_out_code: What `no_held_out` says, as data.
        no_held_out_params: What fills the holes of the sentence, by name.
    """

    held_out: HeldOut | None
    no_held_out: str | None
    no_held_out_code: str | None
    no_held_out_params: NotRequired[dict[str, Any]]


class RunPage(TypedDict):
    """Runs, newest first.

    Attributes:
        runs: Newest first.
        next: `before` of the next page; null on the last.
        pruned: What the quota removed last, newest first.
    """

    runs: list[RunDocument]
    next: int | None
    kept: Kept
    pruned: list[Pruned]


class SWAConfig(TypedDict):
    """The mean of all that is averaged.

    Attributes:
        from_step: Steps done before the first one that is averaged.
        every: Steps for each update_parameters().
        use_buffers: Average the model's buffers, too, instead of copying them.
    """

    name: Literal["SWA"]
    from_step: NotRequired[int]
    every: NotRequired[int]
    use_buffers: NotRequired[bool]


class SaidReason(TypedDict):
    """A sentence, and what it is in any language.

    Attributes:
        detail: In English.
        code: What kind of sentence it is.
        params: What fills its holes.
    """

    detail: str
    code: str
    params: dict[str, Any]


class Samples(TypedDict):
    """Data points.

    Attributes:
        x: The two features, [n, 2].
        y: Targets, [n, 1].
    """

    x: Array
    y: Array


class ScheduleEnd(TypedDict):
    """Why there are fewer values than steps.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
        step: The last step that has a value.
    """

    detail: str
    code: str
    params: dict[str, Any]
    step: int


class ScheduledGroup(TypedDict):
    """A param group.

    Attributes:
        optimizer: The class that steps it.
        params: The names of its parameters.
    """

    optimizer: str
    params: list[str]


class Sentence(TypedDict):
    """Something said to a person.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
    """

    detail: str
    code: str
    params: dict[str, Any]


class SpectrumDocument(TypedDict):
    """The singular values of one matrix in a step.

    Attributes:
        parameter: The name of the matrix.
        stages: From the gradient to the update, in order, and the parameter after it.
        cosines: Between the update and the first step of a fresh SGD or Adam on this gradient.
    """

    parameter: str
    stages: list[SpectrumStage]
    cosines: dict[str, Number]


class SpectrumStage(TypedDict):
    """One matrix on the way from the gradient to the moved parameter.

    Attributes:
        of: Which it is: the gradient, a state, an iterate, the update, or the parameter after it.
        key: Of the state, as torch calls it; empty for what is none.
        iteration: Of Muon's Newton-Schulz iteration, 0 what it begins with; null for what is no
            iterate.
        values: Singular values, from the largest.
    """

    of: Literal["grad", "state", "iterate", "update", "param"]
    key: str
    iteration: int | None
    values: list[Number]


class StabilityBound(TypedDict):
    """What decides whether steps grow.

    Attributes:
        name: Which bound it is, in English.
        name_code: What `name` says, as data.
        name_params: What fills the holes of the sentence, by name.
        formula: Of the bound.
        source: Where it comes from.
        value: [records]: λ_max of P^-1/2 (H + decay) P^-1/2; P = 1 unless the optimizer is adaptive.
        bound: [records]: above it, steps along that direction grow. With the rates of the step that
            follows the record; at the last one, of the step that led to it.
    """

    name: str
    name_code: str
    name_params: dict[str, Any]
    formula: str
    source: str
    value: Array
    bound: Array


class StateKey(TypedDict):
    """An entry of an optimizer's state.

    Attributes:
        key: As torch calls it in `state_dict()`.
        meaning: What it is, in a line.
    """

    key: str
    meaning: str


class Stationary(TypedDict):
    """A point where the gradient of a test function is zero.

    Attributes:
        at: Where the gradient is zero.
        value: The value there.
    """

    at: list[Any]
    value: float


class Step(TypedDict):
    """One record: iteration `step` of the loop; step 0 is the initial state.

    Attributes:
        run: Its index, where the stream is of several.
        step: Its number; record 0 is the start.
        loss: Of this step, before it: of its forward pass, at the parameters of the record before, and
            on its minibatch if there are any. Of the first record: of all samples, at its own
            parameters. null where the loop of a watched run said none.
        lr: What this step used, for each param group.
        momentum: momentum or beta1 that this step used, for each param group; null for one without, and
            instead of the list if no group has any.
        grad_norm: 2-norm of all gradients, before clipping; null at step 0.
        clipped_grad_norm: The same after clipping, where there is any.
        hyperparameters: What else this step used that follows a factor of `hyperparameter_schedules`,
            by name, for each param group; NaN for one without.
        average: An average of the parameters, after the step: that of `average` of the config, or what
            `optimizer.eval()` shows of a schedule-free optimizer, whose `params` are those it trains
            at.
        average_loss: The loss of all samples at the average.
        layers: Of a watched run, by quantity what was measured of each layer; NaN where unknown.
        logged: What else its loop said; NaN where nothing.
        skipped: Steps that mixed precision has skipped so far.
        samples: Samples seen so far, as its loop said.
        epoch: Epochs that were over.
        scheduled: `last_epoch` of each of its schedulers.
        critical_rate: Of a watched run with a closure: the smallest rate at which the loss along the
            update rises, beside `lr` of the first param group; 0 where it always rises, Infinity where
            it did not as far as was tried, and like all of these NaN where it was not looked for.
        critical_bracket: The largest rate that was tried at which it did not rise, the smallest at
            which it did.
        critical_sharpness: 2 / `critical_rate`.
        top_eigenvalue: The largest one of the Hessian, by Lanczos.
        eigenvalue_residual: An eigenvalue lies no farther from `top_eigenvalue` than that.
        passes: Forward passes of the closure that this record took.
        surface: The loss over a plane, in records that have one: `x` [m], `y` [n], `z` [n, m], and
            `path` [2, 2], the parameters before and after the step; `source.surfaces` says which plane.
        params: After the step.
        grads: As optimizer.step() was given them; null where .grad is None, as in a frozen layer.
        state: Optimizer state after it, under torch's keys; at step 0 what there is from the start.
            Several tensors under one key are one array [length, …]; where shapes differ, each has a key
            such as `GG[0]`.
    """

    event: Literal["step"]
    run: NotRequired[int | None]
    step: int
    loss: Number | None
    lr: list[Number]
    momentum: list[Number | None] | None
    grad_norm: Number | None
    clipped_grad_norm: NotRequired[Number | None]
    hyperparameters: NotRequired[dict[str, list[Number]] | None]
    average: NotRequired[dict[str, Number | list[Any]] | None]
    average_loss: NotRequired[Number | None]
    layers: NotRequired[dict[str, list[Number]] | None]
    logged: NotRequired[dict[str, Number] | None]
    skipped: NotRequired[Number | None]
    samples: NotRequired[Number | None]
    epoch: NotRequired[Number | None]
    scheduled: NotRequired[list[Number] | None]
    critical_rate: NotRequired[Number | None]
    critical_bracket: NotRequired[list[Number] | None]
    critical_sharpness: NotRequired[Number | None]
    top_eigenvalue: NotRequired[Number | None]
    eigenvalue_residual: NotRequired[Number | None]
    passes: NotRequired[Number | None]
    surface: NotRequired[dict[str, Number | list[Any]] | None]
    params: dict[str, Number | list[Any]]
    grads: dict[str, Number | list[Any] | None] | None
    state: dict[str, dict[str, Number | list[Any]]]


class StepAnatomy(TypedDict):
    """A step, phase by phase, in the order of the run's own loop.

    Attributes:
        step: Its number, from 1.
        frozen: The parameters that it leaves out.
        rows: The samples of its first minibatch; null for all of them.
        evaluations: The loss of each forward pass; of several with a closure the phases show the first.
        phases: The lines of the loop in their order.
        updates: What `optimizer.step()` did, line by line, to each parameter that was asked for.
        averages: The same of the average beside each, of which `optimizer` is the name (EMA, SWA or
            schedule-free); empty in a run without one.
        spectra: Singular values of each matrix, with every iterate of torch's Muon; empty where neither
            the problem nor the optimizer is about matrices.
        iterations: How many inner iterations an optimizer like LBFGS made; null for others.
        iteration: Which of them `updates` are of; null where there is none.
    """

    step: int
    frozen: list[str]
    rows: list[int] | None
    evaluations: list[Number]
    phases: list[PhaseDocument]
    updates: list[ParameterUpdate]
    averages: list[ParameterUpdate]
    spectra: list[SpectrumDocument]
    iterations: int | None
    iteration: int | None


SuggestedRate = TypedDict(
    "SuggestedRate",
    {
        "name": "str",
        "with": "dict[str, float]",
        "lr": "float",
        "source": "Literal['comparison', 'race', 'measured']",
        "end_loss": "float | None",
        "networks": "int | None",
    },
)
"""A good learning rate of an optimizer on a problem.

Attributes:
    name: Of the optimizer.
    with: Hyperparameters that it is for.
    lr: The learning rate.
    source: comparison: of the problem's suggested comparison, chosen by looking at runs. race: the
        smallest rate that ended near the best of those that were tried, in the median over
        networks. measured: the same of one network, or a start.
    end_loss: Where the measured run ended; of a race the median over networks that were not tuned
        on.
    networks: How many a race was tuned on, and as many others judged on.
"""


class SuggestedRates(TypedDict):
    """Good learning rates on a problem, by optimizer; one that is missing has not been measured.

    Attributes:
        tried: The rates of a measurement.
        within: How near the best: a share of what the best lowers the loss by.
        steps: Of each measured run.
        optimizers: One for each optimizer that has one.
    """

    tried: list[float]
    within: float
    steps: int
    optimizers: list[SuggestedRate]


class Suggestion(TypedDict):
    """What to compare first on a problem.

    Attributes:
        model: `model` of a RunConfig.
        optimizers: `optimizer` of a RunConfig, one a run.
        steps: Length of the runs.
    """

    model: dict[str, Any]
    optimizers: list[dict[str, Any]]
    steps: int


class SummedUp(TypedDict):
    """What is said of one optimizer.

    Attributes:
        optimizer: Its index among the `optimizers` of the request, 0 without.
        name: Of the optimizer.
        best: null if no cell has a finite median.
        initial_loss: The median over the seeds of that cell.
        tolerance: null without a best cell, or an axis of a rate.
        diverged: The share of all its members that diverged or failed.
    """

    optimizer: int
    name: str
    best: BestCellFound | None
    initial_loss: Number | None
    tolerance: ToleranceFound | None
    diverged: float


class SweepConfig(TypedDict):
    """Everything that determines a sweep: the same one always has the same members, in the same order.

    Attributes:
        run: The run that all members are variations of.
        axes: What is varied, the outermost first.
        optimizers: Each takes the place of the run's; outside of all axes.
        seeds: Seeds of the network; inside of all axes.
        target: The loss whose first step is noted.
        exact: Train every member by torch's own loop, one by one, with the bits of a run.
    """

    run: RunConfig
    axes: list[AxisConfig]
    optimizers: NotRequired[list[OptimizerConfig] | None]
    seeds: NotRequired[list[int] | None]
    target: NotRequired[float | None]
    exact: NotRequired[bool]


class SweepDocument(TypedDict):
    """A kept sweep.

    Attributes:
        id: By which it is asked for.
        name: What it is called.
        state: Whether it is trained now, paused, or over.
        detail: Why it is in this state, in one sentence; empty while it is trained.
        code: What `detail` says, as data; null while it is trained.
        params: What fills the holes of the sentence, by name.
        created: When, in ISO 8601 and UTC.
        updated: When it changed last, in ISO 8601 and UTC.
        pinned: Whether it is kept whatever the quota says.
        shape: Optimizers if given, the axes, seeds if given.
        members: How many runs it has.
        done: Members whose cells are on the disk.
        bytes: Size on the disk.
        ways: How its members are trained.
        sweep: What is swept; POST it to have it once more.
        summary: One entry an optimizer; null unless complete.
    """

    id: str
    name: str
    state: Literal["running", "paused", "ended"]
    detail: str
    code: str | None
    params: NotRequired[dict[str, Any]]
    created: str
    updated: str
    pinned: bool
    shape: list[int]
    members: int
    done: int
    bytes: int
    ways: list[WayOfMembers]
    sweep: SweepConfig
    summary: list[SummedUp] | None


class SweepPageDocument(TypedDict):
    """Sweeps, newest first.

    Attributes:
        sweeps: Newest first.
        next: `before` of the next page; null on the last.
    """

    sweeps: list[ListedSweep]
    next: int | None
    kept: KeptOfSweeps


class SweepPlan(TypedDict):
    """What a sweep comes to, before it is trained.

    Attributes:
        shape: Optimizers if given, the axes, seeds if given; members in C order.
        axes: What is varied, the outermost first.
        members: How many runs there are.
        reasons: What `ended` of a cell indexes.
        ways: How members are trained.
        runs: The run of the first member of each optimizer. That of any other one is this, with its
            values at the paths of the axes, and its seed at /model/seed.
        notes: That losses along an axis of the problem do not compare; that float32 is an overview;
            where an optimizer is refused, so that runs have no numbers.
        warnings: Of the base run, without a step of it.
        torch: The version of PyTorch that trains.
    """

    shape: list[int]
    axes: list[SweptAxis]
    members: int
    reasons: list[str]
    ways: list[WayOfMembers]
    runs: list[dict[str, Any]]
    notes: list[Noted]
    warnings: list[Warned]
    torch: str


class SweptAxis(TypedDict):
    """One axis, with the values used.

    Attributes:
        path: The field, as a JSON pointer into the run.
        values: What the field is, in order.
    """

    path: str
    values: list[Any]


class ToleranceFound(TypedDict):
    """How far a rate may be from the best one, with all else as in the best cell.

    Attributes:
        path: The first axis that is a rate.
        decades: 1 where the largest good rate is ten times the smallest.
        at_most: What a finer grid could make of `decades`: those between the nearest rates that are not
            good; null where the good ones reach an end of the axis.
        between: The smallest and the largest rate around the best one, with none between them whose
            median is above `bound`.
        bound: The best median, and a tenth of what it is below the initial loss.
    """

    path: str
    decades: Number
    at_most: Number | None
    between: list[Any]
    bound: Number


class UpdateLine(TypedDict):
    """One line of an update, evaluated from the values of the lines before.

    Attributes:
        key: Its value among `values`.
        code: As torch computes it.
        symbols: The statement in symbols, as MathML.
        numbers: Its right side, with `@key@` for the number of a value and `@@key@@` for a whole
            tensor.
        uses: The keys in `numbers`.
        what: What the line is for.
        torch: Torch's own number that our evaluation is held against: `grad`, `param` or a key of the
            state; null where torch keeps none, so that the value is ours.
        ulps: Units in the last place that our evaluation is off at most; 0: equal to the last bit.
        ulps_of: The same element by element, where it is not 0.
        ours: Our own evaluation, where it is not 0.
    """

    key: str
    code: str
    symbols: str
    numbers: str
    uses: list[str]
    what: Sentence
    torch: str | None
    ulps: int | None
    ulps_of: list[Number | list[Any]] | int | None
    ours: Number | list[Number | list[Any]] | None


class UpdateValue(TypedDict):
    """A number of an update, or a tensor.

    Attributes:
        symbol: In LaTeX.
        value: Torch's own where torch keeps it, else ours.
    """

    symbol: str
    value: Number | list[Number | list[Any]]


class Warned(TypedDict):
    """Something about a run that its author should know: what, why and what to do; its code is the rule's.

    Attributes:
        detail: One plain sentence in English.
        code: What kind of thing is said: stable, for programs.
        params: What the sentence is about, by name: numbers, texts, lists of them, or `{detail, code,
            params}` of a part that is said for itself.
        pointer: JSON pointer into the config.
    """

    detail: str
    code: str
    params: dict[str, Any]
    pointer: str


class Warnings(TypedDict):
    """Everything that is worth saying; nothing, if the recipe is sound.

    Attributes:
        warnings: In the order of the config.
    """

    warnings: list[Warned]


class WayOfMembers(TypedDict):
    """How some members are trained.

    Attributes:
        members: How many go this way.
        way: Many at once by a kernel or by torch, or one by one.
        seconds: What they are thought to take, with all workers to themselves.
        because: Why no faster; null where there is no faster way.
        because_code: What `because` says, as data.
        because_params: What fills the holes of the sentence, by name.
    """

    members: int
    way: Literal["compiled", "stacked", "one by one"]
    seconds: float
    because: str | None
    because_code: str | None
    because_params: NotRequired[dict[str, Any]]


class Workers(TypedDict):
    """How many training processes are how.

    Attributes:
        ready: Processes that can train.
        starting: Processes that are on their way.
        failing: Processes that could not be started.
        restarts: Processes that were started in the place of another one.
    """

    ready: NotRequired[int]
    starting: NotRequired[int]
    failing: NotRequired[int]
    restarts: NotRequired[int]


CatalogEntry: TypeAlias = (
    ProblemEntry | ActivationEntry | OptimizerEntry | LRSchedulerEntry | ClippingEntry | LoopMistakeEntry
)


Lessons: TypeAlias = list[LessonDocument]
