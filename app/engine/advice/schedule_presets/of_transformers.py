"""The schedules of ``transformers.get_scheduler`` under their names, with a warm-up of a tenth of the run.

Each is the factor that the package hands to LambdaLR, operation by operation, so that the rates are the
same bits. What decides by a metric is left out: ``reduce_lr_on_plateau`` is torch's ReduceLROnPlateau, and
``greedy`` is a scheduler of its own that also raises the rate.
"""

from optiscope.engine.advice.schedule_presets.preset import (
    LRSchedulerPreset,
    Plan,
    Scheduler,
    factor,
    part_of,
)

_RESTARTS = 3
_LOWEST = 0.1
"""What ``min_lr_rate`` is given, which the package wants to be given."""

_LR_END = 1e-7
"""The default of ``lr_end``, which must be below the optimizer's rate."""

_FROM_ZERO = ("first_rate_zero",)
_COSINE_PAPER = "Loshchilov, Hutter (2017). SGDR: stochastic gradient descent with warm restarts. ICLR."


def _warm(run: Plan) -> int:
    return part_of(run.steps, 0.1)


def _rest(run: Plan) -> int:
    return max(1, run.steps - _warm(run))


def _progress(run: Plan) -> str:
    """From 0 at the end of the warm-up to 1 at the end of the run."""
    return f"(epoch - {_warm(run)}) / {_rest(run)}"


def _half_cosine(progress: str) -> str:
    return f"0.5 * (1 + cos(pi * ({progress})))"


def _after_warm_up(run: Plan, then: str) -> Scheduler:
    """From 0 along a line to the full rate, then a factor."""
    warm = _warm(run)
    return factor(f"epoch / {warm} if epoch < {warm} else {then}")


def _constant(_: Plan) -> Scheduler:
    return factor("1")


def _constant_with_warmup(run: Plan) -> Scheduler:
    return _after_warm_up(run, "1")


def _linear(run: Plan) -> Scheduler:
    return _after_warm_up(run, f"max(0, ({run.steps} - epoch) / {_rest(run)})")


def _cosine(run: Plan) -> Scheduler:
    return _after_warm_up(run, _half_cosine(_progress(run)))


def _cosine_with_restarts(run: Plan) -> Scheduler:
    cycle = f"{_RESTARTS} * ({_progress(run)}) % 1"
    return _after_warm_up(run, f"{_half_cosine(cycle)} if epoch < {run.steps} else 0")


def _polynomial(run: Plan) -> Scheduler:
    end = min(_LR_END, run.lr / 10)
    left = f"max(1 - {_progress(run)}, 0) ** 1"
    return _after_warm_up(run, f"({run.lr - end!r} * {left} + {end!r}) / {run.lr!r}")


def _inverse_sqrt(run: Plan) -> Scheduler:
    return _after_warm_up(run, f"1 / sqrt(epoch / {_warm(run)})")


def _cosine_with_min_lr(run: Plan) -> Scheduler:
    return _after_warm_up(run, f"{_half_cosine(_progress(run))} * {1 - _LOWEST} + {_LOWEST}")


def _cosine_warmup_with_min_lr(run: Plan) -> Scheduler:
    warm = _warm(run)
    cosine = _half_cosine(f"(epoch - {warm} + 1) / {_rest(run)}")
    rate = f"{cosine} * {1 - _LOWEST} + {_LOWEST}"
    return factor(f"(epoch + 1) / {warm} if epoch < {warm} else {rate}")


def _warmup_stable_decay(run: Plan) -> Scheduler:
    cool = part_of(run.steps, 0.2)
    falls = run.steps - cool
    cosine = _half_cosine(f"(epoch - {falls}) / {cool}")
    return _after_warm_up(run, f"1 if epoch < {falls} else {cosine} if epoch < {run.steps} else 0")


OF_TRANSFORMERS = (
    LRSchedulerPreset(
        "transformers-constant",
        "constant",
        "Stays at the optimizer's rate.",
        "transformers.get_constant_schedule",
        _constant,
        "transformers",
        ("schedule_without_effect",),
    ),
    LRSchedulerPreset(
        "transformers-constant-with-warmup",
        "constant_with_warmup",
        "Rises along a line from 0 for a tenth of the run, and stays there.",
        "transformers.get_constant_schedule_with_warmup",
        _constant_with_warmup,
        "transformers",
        _FROM_ZERO,
    ),
    LRSchedulerPreset(
        "transformers-linear",
        "linear",
        "Rises along a line from 0 for a tenth of the run, then falls along a line to 0: what Trainer does, "
        "without the warm-up, unless told otherwise.",
        "transformers.get_linear_schedule_with_warmup. Devlin et al. (2019). BERT: pre-training of deep "
        "bidirectional transformers. NAACL. arXiv:1810.04805.",
        _linear,
        "transformers",
        _FROM_ZERO,
    ),
    LRSchedulerPreset(
        "transformers-cosine",
        "cosine",
        "Rises along a line from 0 for a tenth of the run, then falls along half a cosine to 0.",
        f"transformers.get_cosine_schedule_with_warmup. {_COSINE_PAPER}",
        _cosine,
        "transformers",
        _FROM_ZERO,
    ),
    LRSchedulerPreset(
        "transformers-cosine-with-restarts",
        "cosine_with_restarts",
        "After the warm-up three equal cosines, each from the full rate (num_cycles=3; the default of 1 is "
        "cosine).",
        f"transformers.get_cosine_with_hard_restarts_schedule_with_warmup. {_COSINE_PAPER}",
        _cosine_with_restarts,
        "transformers",
        _FROM_ZERO,
    ),
    LRSchedulerPreset(
        "transformers-polynomial",
        "polynomial",
        "After the warm-up a power of what is left of the run, down to lr_end=1e-7; the default power of 1 "
        "is a line.",
        "transformers.get_polynomial_decay_schedule_with_warmup",
        _polynomial,
        "transformers",
        _FROM_ZERO,
    ),
    LRSchedulerPreset(
        "transformers-inverse-sqrt",
        "inverse_sqrt",
        "After the warm-up the rate falls with the root of the step; timescale is the length of the warm-up.",
        "transformers.get_inverse_sqrt_schedule. Vaswani et al. (2017). Attention is all you need, section "
        "5.3. NeurIPS. arXiv:1706.03762.",
        _inverse_sqrt,
        "transformers",
        _FROM_ZERO,
    ),
    LRSchedulerPreset(
        "transformers-cosine-with-min-lr",
        "cosine_with_min_lr",
        "As cosine, but down to a tenth of the rate (min_lr_rate=0.1).",
        f"transformers.get_cosine_with_min_lr_schedule_with_warmup. {_COSINE_PAPER}",
        _cosine_with_min_lr,
        "transformers",
        _FROM_ZERO,
    ),
    LRSchedulerPreset(
        "transformers-cosine-warmup-with-min-lr",
        "cosine_warmup_with_min_lr",
        "As cosine_with_min_lr, one step ahead: the first rate is above 0, and the last one a tenth "
        "(min_lr_rate=0.1).",
        f"transformers.get_cosine_with_min_lr_schedule_with_warmup_lr_rate. {_COSINE_PAPER}",
        _cosine_warmup_with_min_lr,
        "transformers",
    ),
    LRSchedulerPreset(
        "transformers-warmup-stable-decay",
        "warmup_stable_decay",
        "Rises along a line from 0, stays, and falls along half a cosine in the last fifth of the run.",
        "transformers.get_wsd_schedule. Hu et al. (2024). MiniCPM: unveiling the potential of small language "
        "models. arXiv:2404.06395.",
        _warmup_stable_decay,
        "transformers",
        _FROM_ZERO,
    ),
)
