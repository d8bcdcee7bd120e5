"""Classic mistakes of the training loop, each as the change to a run that makes it for real.

Adding one is adding one entry to ``LOOP_MISTAKES``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.registry import Registry
from optiscope.engine.core.words import say
from optiscope.engine.loop.forking import merged
from optiscope.engine.recipe.order import TUTORIAL

Patch = Mapping[str, Any]
Choice = Literal["layer", "step"]

_LAYER = "fc2"
_STEP = 150


@dataclass(frozen=True, slots=True)
class LoopMistake:
    """One mistake.

    Attributes:
        name: The name in the catalog.
        title: The name for people: what is written.
        summary: What goes wrong, in one sentence.
        change: What makes it: a merge patch (RFC 7396) of a RunConfig.
        given: What a run must have for it to be one, as a merge patch for a run that has it not.
        choices: JSON pointers into ``change`` and ``given`` of a layer or a step that fits the run.
        of_networks: Whether it takes a network with two layers or more.
    """

    name: str
    title: str
    summary: str
    change: Patch
    given: Patch = field(default_factory=dict)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    of_networks: bool = False

    def correct(self, config: RunConfig, layers: list[str]) -> RunConfig:
        """The run beside which the mistake is seen: ``config`` itself, if it has what the mistake is about.

        Args:
            config: A run.
            layers: Of its model.
        """
        missing = {name: value for name, value in self.given.items() if _is_missing(config, name)}
        return self._patched(config, missing, layers)

    def made(self, config: RunConfig, layers: list[str]) -> RunConfig:
        """The same run with the mistake."""
        return self._patched(self.correct(config, layers), self.change, layers)

    def _patched(self, config: RunConfig, patch: Patch, layers: list[str]) -> RunConfig:
        fitting = {"layer": layers[min(1, len(layers) - 1)], "step": config.steps // 2}
        for pointer, choice in self.choices.items():
            patch = _with(patch, pointer.split("/")[1:], fitting[choice])
        return RunConfig.model_validate(merged(config.model_dump(mode="json", exclude_unset=True), patch))

    def catalog(self) -> dict[str, Any]:
        """The entry of this mistake in the catalog."""
        return {
            "name": self.name,
            "title": self.title,
            "summary": self.summary,
            "change": self.change,
            "given": self.given,
            "choices": dict(self.choices),
            "of_networks": self.of_networks,
        }


def _is_missing(config: RunConfig, name: str) -> bool:
    """Whether a run has nothing of a field, or of ``loop`` nothing that is not the default."""
    value = getattr(config, name)
    return not value or value == RunConfig.model_fields[name].default


def _with(value: Any, keys: list[str], chosen: Any) -> Any:
    """``value`` with another one at a place, if there is one there."""
    if not keys:
        return chosen
    key, *rest = keys
    if isinstance(value, Mapping):
        return {k: _with(v, rest, chosen) if k == key else v for k, v in value.items()}
    return [_with(v, rest, chosen) if str(i) == key else v for i, v in enumerate(value)]


def _order(*lines: str) -> Patch:
    return {"loop": {"order": list(lines)}}


_CLIPS: Patch = {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.5}}
_FREEZES: Patch = {"freeze": [{"params": [_LAYER]}]}
_HALVES: Patch = {"lr_scheduler": {"name": "StepLR", "hyperparameters": {"step_size": 20, "gamma": 0.5}}}
_BY_EPOCH: Patch = {"lr_scheduler": {**_HALVES["lr_scheduler"], "interval": 4}}
_AT_A_LAYER: Mapping[str, Choice] = {"/freeze/0/params/0": "layer"}


def _taken_for_freezing(by: str) -> Patch:
    return {"freeze": [{"params": [_LAYER], "by": by}]}


LOOP_MISTAKES = Registry(
    say("kind_loop_mistake"),
    (
        LoopMistake(
            "no_zero_grad",
            "no zero_grad()",
            "Gradients of all steps add up in .grad, so the path overshoots and swings ever wider.",
            {"loop": {"zero_grad": False}},
        ),
        LoopMistake(
            "zero_grad_before_step",
            "zero_grad() between backward() and step()",
            "The gradient is thrown away before the optimizer sees it: nothing moves, and nothing complains.",
            _order("forward", "loss", "backward", "clip", "zero_grad", "optimizer_step", "scheduler_step"),
        ),
        LoopMistake(
            "step_before_backward",
            "step() before backward()",
            "The optimizer finds no gradient, as zero_grad() has just cleared the one of the step before.",
            _order("zero_grad", "forward", "loss", "optimizer_step", "backward", "clip", "scheduler_step"),
        ),
        LoopMistake(
            "backward_twice",
            "backward() twice",
            "The first backward() frees what the graph has kept, so PyTorch refuses the second.",
            _order(
                "zero_grad",
                "forward",
                "loss",
                "backward",
                "backward",
                "clip",
                "optimizer_step",
                "scheduler_step",
            ),
        ),
        LoopMistake(
            "clip_after_step",
            "clipping after step()",
            "The optimizer has already taken the whole gradient; what is clipped then is thrown away.",
            _order("zero_grad", "forward", "loss", "backward", "optimizer_step", "clip", "scheduler_step"),
            _CLIPS,
        ),
        LoopMistake(
            "scheduler_first",
            "scheduler.step() before optimizer.step()",
            "The first rate of the schedule is skipped: every step uses that of the next. PyTorch warns.",
            {"loop": {"scheduler_first": True}},
            _HALVES,
        ),
        LoopMistake(
            "scheduler_never",
            "scheduler.step() never called",
            "The rate stays what the scheduler made of it when it was built: for a warm-up, the lowest.",
            _order(*TUTORIAL[:-1]),
            _HALVES,
        ),
        LoopMistake(
            "scheduler_every_batch",
            "scheduler.step() every batch where epochs were meant",
            "The schedule is too fast by as many times as an epoch has batches, and soon through.",
            {"lr_scheduler": {"interval": 1}},
            _BY_EPOCH,
        ),
        LoopMistake(
            "parameters_replaced",
            "parameters replaced after the optimizer was made",
            "The optimizer holds the old tensors: the new ones never move, and nobody clears their .grad.",
            {"loop": {"replaced": [_LAYER]}},
            choices={"/loop/replaced/0": "layer"},
        ),
        LoopMistake(
            "no_grad_for_freezing",
            "no_grad() taken for freezing",
            "The graph is cut at the layer, so the layers before it get no gradient either.",
            _taken_for_freezing("no_grad"),
            _FREEZES,
            _AT_A_LAYER,
            of_networks=True,
        ),
        LoopMistake(
            "detach_for_freezing",
            "detach() taken for freezing",
            "The graph is cut behind the layer, so the layers before it get no gradient either.",
            _taken_for_freezing("detach"),
            _FREEZES,
            _AT_A_LAYER,
            of_networks=True,
        ),
        LoopMistake(
            "eval_for_freezing",
            "eval() taken for freezing",
            "eval() only changes how dropout and batch norm compute: the layer trains on.",
            _taken_for_freezing("eval"),
            _FREEZES,
            _AT_A_LAYER,
            of_networks=True,
        ),
        LoopMistake(
            "left_out_of_optimizer",
            "parameters left out of the optimizer",
            "They gather gradient that nobody clears, and it enters the norm that clips all others.",
            {"optimizer": {"param_groups": [{"params": [_LAYER]}]}},
            _CLIPS,
            {"/optimizer/param_groups/0/params/0": "layer"},
            of_networks=True,
        ),
        LoopMistake(
            "restored_without_optimizer",
            "the model restored without its optimizer",
            "Moments and step counts begin at zero again, and so does the rate: the path jerks.",
            {"loop": {"restart": {"step": _STEP, "optimizer": False, "lr_scheduler": True}}},
            choices={"/loop/restart/step": "step"},
        ),
        LoopMistake(
            "restored_without_scheduler",
            "the model restored without its scheduler",
            "The schedule begins anew at the rate that the optimizer has kept, and shrinks it a second time.",
            {"loop": {"restart": {"step": _STEP, "optimizer": True, "lr_scheduler": False}}},
            _HALVES,
            {"/loop/restart/step": "step"},
        ),
        LoopMistake(
            "unscaled_accumulation",
            "accumulating without dividing the loss",
            "The sum of n gradients is n times their mean: SGD's steps are n times as long, Adam's hardly.",
            {"loop": {"scale_loss": False}},
            {"loop": {"accumulate": 4}, "batch_size": 4},
        ),
    ),
)
