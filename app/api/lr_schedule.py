"""``POST /api/lr-schedule``: the learning rate and the momentum of every step, before anything is trained."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import ENCODERS, Array, Encoding, answers, trained
from optiscope.api.events import COMPUTING, Nested, TypedArray, problems
from optiscope.api.sentences import Params, Sentence, sentence_fields
from optiscope.api.state import Bounds, Service, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.advice.codegen import recipe
from optiscope.engine.advice.schedule_presets import LR_SCHEDULER_PRESETS
from optiscope.engine.advice.schedules import Schedule, needs_run, preview_in_parts, recorded
from optiscope.engine.core.config import LRSchedulerConfig, ProblemConfig, RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.engine.loop.judging import check
from optiscope.runs.description import describe_all
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.service import RunService

router = APIRouter(tags=["views"])


class ScheduleRequest(RunConfig):
    """A RunConfig of which the problem may be left out: its network then names the parameters."""

    problem: ProblemConfig = ProblemConfig()
    encoding: Encoding = Field("list", description="Arrays as nested lists, or as base64 typed arrays.")

    def run(self) -> RunConfig:
        """The run alone."""
        return RunConfig.model_construct(**{name: getattr(self, name) for name in RunConfig.model_fields})


class ScheduledGroup(BaseModel):
    """A param group."""

    optimizer: str = Field(examples=["Adam"], description="The class that steps it.")
    params: list[str] = Field(
        examples=[["fc1.weight", "fc1.bias"]], description="The names of its parameters."
    )


class ScheduleEnd(Sentence):
    """Why there are fewer values than steps."""

    step: int = Field(description="The last step that has a value.")


class LRSchedule(BaseModel):
    """Value k is what step k + 1 would use."""

    groups: list[ScheduledGroup] = Field(description="The param groups, of all optimizers in turn.")
    lr: Array | None = Field(description="[groups, n]; null if only a run could tell.")
    momentum: list[Nested | None] | TypedArray | None = Field(
        description="[groups, n] momentum or beta1; null for a group without (NaN in a typed array), and "
        "null if no group has one."
    )
    last_epoch: Array | None = Field(
        description="[n] scheduler.last_epoch; null without a scheduler or of a HandOver."
    )
    get_lr: Array | None = Field(
        None,
        description="[groups, n] what get_lr() answers between two steps, where it is not get_last_lr().",
    )
    hyperparameters: dict[str, Array] = Field(
        {}, description="[groups, n] what else follows a factor, by its name; NaN for a group without."
    )
    ended: ScheduleEnd | None = Field(description="What stops the schedule before the last step.")
    needs_run: bool = Field(description="Whether the schedule depends on the losses of a run.")
    reason: str | None = Field(description="Why it does.")
    reason_code: str | None = Field(description="What `reason` says, as data: see the `code` of a refusal.")
    reason_params: Params = Field({}, description="What fills the holes of the sentence, by name.")
    code: str = Field(description="The Python that builds optimizer and scheduler.")


_SGD: dict[str, Any] = {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}}
EXAMPLES: dict[str, Any] = {
    "One cycle, which moves momentum too": {
        "optimizer": _SGD,
        "lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 60}},
        "steps": 60,
    },
    "Warm-up, then cosine, with a rate of its own for fc3": {
        "optimizer": _SGD | {"param_groups": [{"params": ["fc1", "fc2"]}, {"params": ["fc3"], "lr": 0.01}]},
        "lr_scheduler": {
            "name": "SequentialLR",
            "schedulers": [
                {"name": "LinearLR", "hyperparameters": {"start_factor": 0.01, "total_iters": 10}},
                {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 90}},
            ],
            "milestones": [10],
        },
        "steps": 100,
    },
    "Weight decay that follows a factor": {
        "optimizer": {"name": "AdamW", "hyperparameters": {"lr": 0.01, "weight_decay": 0.1}},
        "hyperparameter_schedules": [{"hyperparameter": "weight_decay", "factor": "1 - step / 60"}],
        "steps": 60,
    },
    "A plateau, which needs a run": {
        "problem": {"name": "moons"},
        "optimizer": _SGD,
        "lr_scheduler": {"name": "ReduceLROnPlateau", "hyperparameters": {"patience": 5}},
        "steps": 200,
    },
}


@router.post(
    "/lr-schedule",
    summary="Draw a learning-rate schedule",
    response_class=Response,
    openapi_extra=documented(ScheduleRequest, EXAMPLES),
    responses=answers(LRSchedule, "The schedule.") | COMPUTING,
    dependencies=[Depends(take_place)],
)
async def lr_schedule(
    asked: Annotated[ScheduleRequest, Depends(json_body(ScheduleRequest))],
    request: Request,
    service: Service,
    limits: Bounds,
) -> Response:
    """Steps a real optimizer and a real scheduler, without training, and says what each step would use.

    ReduceLROnPlateau decides by the loss: give a problem or a model, and it is drawn from a run of its own.
    """
    config = asked.run()
    await in_engine_thread(check, config, limits)
    _check_size(config, limits.max_schedule_values)
    can_run = bool(asked.model_fields_set & {"problem", "model"})
    schedule = await unless_left(request, _schedule(service, config, limits, can_run=can_run))
    return Response(wire.dumps(_document(config, schedule, asked.encoding)), media_type="application/json")


def _check_size(config: RunConfig, most: int) -> None:
    groups = sum(len(c.param_groups or "1") for c in (config.optimizer, config.optimizer.rest) if c)
    bound = most // groups
    if config.steps > bound:
        said = say("schedule_too_long", bound=bound, count=groups, value=config.steps)
        raise ConfigError.at("/steps", said)


async def _schedule(
    service: RunService, config: RunConfig, limits: Limits, *, can_run: bool
) -> Schedule | None:
    if needs_run(config) is None:
        return await service.compute(preview_in_parts, config)
    if not can_run:
        return None
    (described,) = await in_engine_thread(describe_all, {"": config}, limits)
    (run,) = await trained(service, {"": (described.config, None)})
    return recorded(config, run.blocks, run.ended)


def _document(config: RunConfig, schedule: Schedule | None, encoding: Encoding) -> dict[str, Any]:
    reason = needs_run(config)
    known = {"needs_run": reason is not None, **sentence_fields("reason", reason), "code": recipe(config)}
    if schedule is None:
        return {"groups": [], "lr": None, "momentum": None, "last_epoch": None, "ended": None, **known}
    arrays = {"lr": schedule.lr, "momentum": schedule.momentum, "last_epoch": schedule.last_epoch}
    if schedule.get_lr is not None:
        arrays["get_lr"] = schedule.get_lr
    encode = ENCODERS[encoding]
    return {
        "groups": [asdict(group) for group in schedule.groups],
        **{name: None if values is None else encode(values) for name, values in arrays.items()},
        **({"momentum": wire.momenta(schedule.momentum)} if encoding == "list" else {}),
        **_moved(schedule, encoding),
        "ended": schedule.ended and {"step": schedule.ended.step, **schedule.ended.said.document()},
        **known,
    }


def _moved(schedule: Schedule, encoding: Encoding) -> dict[str, Any]:
    """What else follows a factor; nothing where nothing does."""
    moved = {name: ENCODERS[encoding](values) for name, values in schedule.hyperparameters.items()}
    return {"hyperparameters": moved} if moved else {}


class Preset(BaseModel):
    """A schedule that people use, composed for a run."""

    name: str = Field(examples=["warm-up-cosine"], description="What it is called by.")
    title: str = Field(description="The name for people.")
    summary: str = Field(description="What it does, in a line.")
    paper: str = Field(description="Where it was described; empty where nowhere.")
    package: str = Field(examples=["torch", "transformers", "timm"], description="Where its parts come from.")
    lr_scheduler: LRSchedulerConfig


class Presets(BaseModel):
    """All of them."""

    presets: list[Preset] = Field(description="All of them.")


@router.get(
    "/lr-scheduler-presets",
    summary="Compose the usual schedules for a run",
    responses=answers(Presets, "The schedules.") | problems(422),
)
async def lr_scheduler_presets(
    steps: Annotated[int, Query(ge=1, le=2**53, description="Steps of the run.")],
    lr: Annotated[float, Query(gt=0, le=1e9, description="The highest rate: that of the optimizer.")],
    limits: Bounds,
    *,
    cycle_momentum: Annotated[
        bool, Query(description="Whether the optimizer has momentum or betas to move.")
    ] = True,
) -> Presets:
    """`lr_scheduler` of a RunConfig for each schedule that people use, made for a run of this length."""
    if steps > limits.max_steps:
        raise ConfigError.at("/steps", say("at_most", field="steps", bound=limits.max_steps, value=steps))
    return Presets(
        presets=[
            Preset(
                name=preset.name,
                title=preset.title,
                summary=preset.summary,
                paper=preset.paper,
                package=preset.package,
                lr_scheduler=preset.config(steps, lr, cycle_momentum=cycle_momentum),
            )
            for preset in LR_SCHEDULER_PRESETS.values()
        ]
    )
