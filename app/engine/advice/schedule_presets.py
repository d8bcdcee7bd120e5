"""Learning-rate schedules that people use, composed of torch's own schedulers for a run of any length.

Adding one is adding one entry to ``LR_SCHEDULER_PRESETS``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.core.registry import Registry
from optiscope.engine.core.words import say

Scheduler = dict[str, Any]


class Plan(NamedTuple):
    """What a schedule is composed for: steps, the highest rate, and whether there is momentum to move."""

    steps: int
    lr: float
    cycle_momentum: bool


@dataclass(frozen=True, slots=True)
class LRSchedulerPreset:
    """One schedule, for any number of steps.

    Attributes:
        name: The name in the catalog.
        title: The name for people.
        summary: What the rate does and when that is used, in one sentence.
        paper: Where it comes from.
        compose: Gives the config as JSON; see ``config``.
    """

    name: str
    title: str
    summary: str
    paper: str
    compose: Callable[[Plan], Scheduler]

    def config(self, steps: int, lr: float, *, cycle_momentum: bool = True) -> LRSchedulerConfig:
        """The schedule for a run.

        Args:
            steps: Steps of the run, of which each steps the scheduler.
            lr: The optimizer's learning rate: the highest that the schedule reaches.
            cycle_momentum: Whether the optimizer has momentum or betas, which some schedules move too.
        """
        return LRSchedulerConfig.model_validate(self.compose(Plan(steps, lr, cycle_momentum)))

    def catalog(self) -> dict[str, Any]:
        """The entry of this preset in the catalog, with an example for 300 steps at 0.1."""
        return {
            "name": self.name,
            "title": self.title,
            "summary": self.summary,
            "paper": self.paper,
            "example": self.config(300, 0.1).model_dump(mode="json"),
        }


def _part(steps: int, share: float) -> int:
    """A share of the steps, at least one."""
    return max(1, round(steps * share))


def _scheduler(name: str, **hyperparameters: Any) -> Scheduler:
    return {"name": name, "hyperparameters": hyperparameters}


def _warm_up(steps: int) -> Scheduler:
    return _scheduler("LinearLR", start_factor=0.01, end_factor=1.0, total_iters=steps)


def _in_turn(*parts: tuple[Scheduler, int]) -> Scheduler:
    """Schedulers one after the other, each for a number of steps."""
    ends = [sum(length for _, length in parts[: i + 1]) for i in range(len(parts) - 1)]
    return {"name": "SequentialLR", "schedulers": [part for part, _ in parts], "milestones": ends}


def _warm_up_then_cosine(run: Plan) -> Scheduler:
    warm, rest = _part(run.steps, 0.1), _part(run.steps, 0.9)
    return _in_turn((_warm_up(warm), warm), (_scheduler("CosineAnnealingLR", T_max=rest), rest))


def _warm_up_then_linear(run: Plan) -> Scheduler:
    warm, rest = _part(run.steps, 0.1), _part(run.steps, 0.9)
    decay = _scheduler("LinearLR", start_factor=1.0, end_factor=0.0, total_iters=rest)
    return _in_turn((_warm_up(warm), warm), (decay, rest))


def _warm_up_stable_decay(run: Plan) -> Scheduler:
    warm, stable, cool = _part(run.steps, 0.1), _part(run.steps, 0.7), _part(run.steps, 0.2)
    hold = _scheduler("ConstantLR", factor=1.0, total_iters=stable)
    decay = _scheduler("LinearLR", start_factor=1.0, end_factor=0.0, total_iters=cool)
    return _in_turn((_warm_up(warm), warm), (hold, stable), (decay, cool))


def _inverse_square_root(run: Plan) -> Scheduler:
    warm = _part(run.steps, 0.1)
    return _scheduler("LambdaLR", lr_lambda=f"min((epoch + 1) / {warm}, sqrt({warm} / (epoch + 1)))")


def _drops(run: Plan) -> Scheduler:
    return _scheduler("MultiStepLR", milestones=[_part(run.steps, 0.5), _part(run.steps, 0.75)], gamma=0.1)


def _warm_restarts(run: Plan) -> Scheduler:
    return _scheduler("CosineAnnealingWarmRestarts", T_0=-(-run.steps // 7), T_mult=2)  # 1 + 2 + 4 = 7


def _one_cycle(run: Plan) -> Scheduler:
    return _scheduler("OneCycleLR", max_lr=run.lr, total_steps=run.steps, cycle_momentum=run.cycle_momentum)


def _triangles(run: Plan) -> Scheduler:
    half = _part(run.steps, 0.125)
    return _scheduler(
        "CyclicLR", base_lr=run.lr / 10, max_lr=run.lr, step_size_up=half, cycle_momentum=run.cycle_momentum
    )


def _rex(run: Plan) -> Scheduler:
    left = f"max(1 - epoch / {run.steps}, 0)"
    return _scheduler("LambdaLR", lr_lambda=f"{left} / (0.5 + 0.5 * {left})")


LR_SCHEDULER_PRESETS: Registry[LRSchedulerPreset] = Registry(
    say("kind_schedule_preset"),
    (
        LRSchedulerPreset(
            "warm-up-cosine",
            "Linear warm-up, then cosine",
            "Rises along a line for a tenth of the run, then falls along half a cosine to zero.",
            "Loshchilov, Hutter (2017). SGDR: stochastic gradient descent with warm restarts. ICLR. "
            "Warm-up: Goyal et al. (2017). Accurate, large minibatch SGD. arXiv:1706.02677.",
            _warm_up_then_cosine,
        ),
        LRSchedulerPreset(
            "warm-up-stable-decay",
            "Warm-up, stable, decay",
            "Rises, stays for most of the run, and falls along a line in its last fifth, which a longer run "
            "puts off.",
            "Hu et al. (2024). MiniCPM: unveiling the potential of small language models. arXiv:2404.06395.",
            _warm_up_stable_decay,
        ),
        LRSchedulerPreset(
            "warm-up-linear",
            "Linear warm-up, then linear decay",
            "Rises along a line for a tenth of the run, then falls along a line to zero: how BERT is tuned.",
            "Devlin et al. (2019). BERT: pre-training of deep bidirectional transformers. NAACL. "
            "arXiv:1810.04805.",
            _warm_up_then_linear,
        ),
        LRSchedulerPreset(
            "inverse-square-root",
            "Warm-up, then inverse square root",
            "Rises along a line for a tenth of the run, then falls with the root of the step.",
            "Vaswani et al. (2017). Attention is all you need, section 5.3. NeurIPS. arXiv:1706.03762.",
            _inverse_square_root,
        ),
        LRSchedulerPreset(
            "drops",
            "Two drops",
            "Falls to a tenth after half of the run, and to a hundredth after three quarters.",
            "He et al. (2016). Deep residual learning for image recognition, section 4.2. CVPR. "
            "arXiv:1512.03385.",
            _drops,
        ),
        LRSchedulerPreset(
            "warm-restarts",
            "Cosine with warm restarts",
            "Falls along half a cosine three times, each time twice as long, starting anew at the full rate.",
            "Loshchilov, Hutter (2017). SGDR: stochastic gradient descent with warm restarts. ICLR. "
            "arXiv:1608.03983.",
            _warm_restarts,
        ),
        LRSchedulerPreset(
            "one-cycle",
            "One cycle",
            "One rise and one fall over the whole run, with momentum moving against it.",
            "Smith, Topin (2019). Super-convergence: very fast training of neural networks using large "
            "learning rates. arXiv:1708.07120.",
            _one_cycle,
        ),
        LRSchedulerPreset(
            "triangles",
            "Triangular cycles",
            "Four times up from a tenth of the rate and down again, to find out which rates work.",
            "Smith (2017). Cyclical learning rates for training neural networks. WACV. arXiv:1506.01186.",
            _triangles,
        ),
        LRSchedulerPreset(
            "rex",
            "Reflected exponential (REX)",
            "Falls slowly at first and fast at the end, for runs whose length is known to be short.",
            "Chen, Wolfe, Kyrillidis (2022). REX: revisiting budgeted training with an improved schedule. "
            "MLSys. arXiv:2107.04197.",
            _rex,
        ),
    ),
)
