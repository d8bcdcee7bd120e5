"""Schedules of papers, composed of torch's own schedulers.

Adding one is adding one entry to ``COMPOSED``.
"""

from collections.abc import Callable

from optiscope.engine.advice.schedule_presets.preset import (
    LRSchedulerPreset,
    Plan,
    Scheduler,
    factor,
    part_of,
    scheduler,
)


def _warm_up(steps: int) -> Scheduler:
    return scheduler("LinearLR", start_factor=0.01, end_factor=1.0, total_iters=steps)


def _in_turn(*parts: tuple[Scheduler, int]) -> Scheduler:
    """Schedulers one after the other, each for a number of steps."""
    ends = [sum(length for _, length in parts[: i + 1]) for i in range(len(parts) - 1)]
    return {"name": "SequentialLR", "schedulers": [part for part, _ in parts], "milestones": ends}


def _warm_up_then_cosine(run: Plan) -> Scheduler:
    warm, rest = part_of(run.steps, 0.1), part_of(run.steps, 0.9)
    return _in_turn((_warm_up(warm), warm), (scheduler("CosineAnnealingLR", T_max=rest), rest))


def _warm_up_then_linear(run: Plan) -> Scheduler:
    warm, rest = part_of(run.steps, 0.1), part_of(run.steps, 0.9)
    return _in_turn((_warm_up(warm), warm), (_line_to_zero(rest), rest))


def _line_to_zero(steps: int) -> Scheduler:
    return scheduler("LinearLR", start_factor=1.0, end_factor=0.0, total_iters=steps)


def _stable_then(run: Plan, cooldown: Callable[[int], Scheduler]) -> Scheduler:
    warm, stable, cool = part_of(run.steps, 0.1), part_of(run.steps, 0.7), part_of(run.steps, 0.2)
    hold = scheduler("ConstantLR", factor=1.0, total_iters=stable)
    return _in_turn((_warm_up(warm), warm), (hold, stable), (cooldown(cool), cool))


def _warm_up_stable_decay(run: Plan) -> Scheduler:
    return _stable_then(run, _line_to_zero)


def _warm_up_stable_root(run: Plan) -> Scheduler:
    return _stable_then(run, lambda steps: factor(f"1 - sqrt(min(epoch / {steps}, 1))"))


def _linear_to_zero(run: Plan) -> Scheduler:
    return _line_to_zero(run.steps)


def _power_of_the_rest(run: Plan) -> Scheduler:
    return scheduler("PolynomialLR", total_iters=run.steps, power=0.9)


def _power_of_the_step(run: Plan) -> Scheduler:
    warm, cool = part_of(run.steps, 0.1), part_of(run.steps, 0.1)
    step = f"min(epoch + 1, {max(1, run.steps - cool)})"
    return factor(
        f"min({step} / {warm}, ({step} / {warm}) ** -0.51) * min(({run.steps} - epoch) / {cool}, 1)"
    )


def _inverse_square_root(run: Plan) -> Scheduler:
    warm = part_of(run.steps, 0.1)
    return factor(f"min((epoch + 1) / {warm}, sqrt({warm} / (epoch + 1)))")


def _drops(run: Plan) -> Scheduler:
    return scheduler("MultiStepLR", milestones=[part_of(run.steps, 0.5), part_of(run.steps, 0.75)], gamma=0.1)


def _warm_restarts(run: Plan) -> Scheduler:
    return scheduler("CosineAnnealingWarmRestarts", T_0=-(-run.steps // 7), T_mult=2)  # 1 + 2 + 4 = 7


def _one_cycle(run: Plan) -> Scheduler:
    return scheduler("OneCycleLR", max_lr=run.lr, total_steps=run.steps, cycle_momentum=run.cycle_momentum)


def _triangles(run: Plan) -> Scheduler:
    half = part_of(run.steps, 0.125)
    return scheduler(
        "CyclicLR", base_lr=run.lr / 10, max_lr=run.lr, step_size_up=half, cycle_momentum=run.cycle_momentum
    )


def _rex(run: Plan) -> Scheduler:
    left = f"max(1 - epoch / {run.steps}, 0)"
    return factor(f"{left} / (0.5 + 0.5 * {left})")


COMPOSED = (
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
        "warm-up-stable-root",
        "Warm-up, stable, 1-sqrt decay",
        "Rises, stays for most of the run, and falls in its last fifth as one minus a root: fast at first, "
        "then ever more slowly.",
        "Hägele et al. (2024). Scaling laws and compute-optimal training beyond fixed training durations. "
        "NeurIPS. arXiv:2405.18392.",
        _warm_up_stable_root,
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
        "linear-to-zero",
        "Linear to zero",
        "Falls along a line from the first step to the last, without a warm-up.",
        "Defazio et al. (2023). When, why and how much? Adaptive learning rate scheduling by refinement. "
        "arXiv:2310.07831.",
        _linear_to_zero,
    ),
    LRSchedulerPreset(
        "power-of-the-rest",
        "Power of what is left",
        "Falls to zero with what is left of the run to the power 0.9: the poly policy of segmentation.",
        "Chen et al. (2018). DeepLab: semantic image segmentation with deep convolutional nets, atrous "
        "convolution, and fully connected CRFs. TPAMI. arXiv:1606.00915.",
        _power_of_the_rest,
    ),
    LRSchedulerPreset(
        "power-of-the-step",
        "Warm-up, then a power of the step",
        "Rises along a line for a tenth of the run, then falls with the step to the power -0.51, and in the "
        "last tenth along a line to zero.",
        "Shen et al. (2024). Power scheduler: a batch size and token number agnostic learning rate "
        "scheduler. arXiv:2408.13359.",
        _power_of_the_step,
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
)
