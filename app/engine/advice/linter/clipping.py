"""Clipping that does more than it is meant to."""

from collections.abc import Iterator, Sequence

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.progress import hardly_moves
from optiscope.engine.core.config import ClipNormConfig, ClipValueConfig, PhaseName
from optiscope.engine.core.words import rounded, say
from optiscope.engine.recipe.order import order_of

_TINY = 0.01
"""What clipping leaves of a gradient that is hardly there any more."""

_ENDS = ("optimizer_step", "zero_grad")
"""What uses a gradient, or throws it away."""

_MANY = 50
_HALF = 0.5
_NEARLY_ALL = 0.95
_SIZED = ("exp_avg_sq", "exp_inf", "square_avg", "sum", "step_size", "variance")
"""State of optimizers that divide by the size of the gradient, so that a smaller one makes the same step."""


def _clip_without_effect(facts: Facts) -> Iterator[LintWarning]:
    """Clipping that no step is given: it is left out of the loop, or all it clips is then thrown away."""
    order = order_of(facts.config.loop)
    if facts.config.clip_grad is None or "optimizer_step" not in order:
        return
    if not any(_is_stepped_with(order, i) for i, phase in enumerate(order) if phase == "clip"):
        because = say("clip_without_effect_late") if "clip" in order else say("clip_without_effect_never")
        yield LintWarning("/loop/order", say("clip_without_effect", because=because))


def _is_stepped_with(order: Sequence[PhaseName], i: int) -> bool:
    """Whether a step, of this pass of the loop or of the next, is given what is clipped at ``i``."""
    later = (*order[i + 1 :], *order[: i + 1])
    return next(phase for phase in later if phase in _ENDS) == "optimizer_step"


def _clip_infinite(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    bad = ~np.isfinite(found.grad_norm[1:])
    if facts.config.clip_grad is not None and bad.any():
        yield LintWarning("/clip_grad", say("clip_infinite", step=int(np.argmax(bad)) + 1))


def _clip_zeroes(facts: Facts) -> Iterator[LintWarning]:
    found, clip = facts.probe, facts.config.clip_grad
    gone = (found.clipped[1:] == 0) & (found.grad_norm[1:] > 0) & np.isfinite(found.grad_norm[1:])
    if isinstance(clip, ClipNormConfig) and gone.any():
        step = int(np.argmax(gone)) + 1
        said = say(
            "clip_zeroes", step=step, norm=rounded(float(found.grad_norm[step]), 3), norm_type=clip.norm_type
        )
        yield LintWarning("/clip_grad/norm_type", said)


def _clip_stops(facts: Facts) -> Iterator[LintWarning]:
    found, clip = facts.probe, facts.config.clip_grad
    if clip is None or not np.isfinite(found.clipped[1:]).all():
        return
    if (found.clipped[1:] < _TINY * found.grad_norm[1:]).all() and hardly_moves(facts):
        field, bound = _bound(clip)
        said = say(
            "clip_stops",
            field=field,
            bound=rounded(bound),
            norm=rounded(float(np.median(found.grad_norm[1:])), 3),
            steps=found.steps,
            moved=rounded(float(found.lengths().max()), 3),
        )
        yield LintWarning(f"/clip_grad/{field}", said)


def _bound(clip: ClipNormConfig | ClipValueConfig) -> tuple[str, float]:
    if isinstance(clip, ClipNormConfig):
        return "max_norm", clip.max_norm
    return "clip_value", clip.clip_value


def _clip_every_step(facts: Facts) -> Iterator[LintWarning]:
    found, clip = facts.probe, facts.config.clip_grad
    if not isinstance(clip, ClipNormConfig) or found.steps < min(_MANY, facts.config.steps):
        return
    if any(set(_SIZED) & set(chosen.info.state) for chosen in facts.optimizers):
        return
    norm, clipped = found.grad_norm[1:], found.clipped[1:]
    if (clipped < (1 - 1e-3) * norm).all() and np.median(clipped / norm) < _HALF:
        said = say(
            "clip_every_step",
            steps=found.steps,
            least=rounded(float(norm.min()), 3),
            most=rounded(float(norm.max()), 3),
            bound=rounded(clip.max_norm),
        )
        yield LintWarning("/clip_grad/max_norm", said)


def _clip_signs(facts: Facts) -> Iterator[LintWarning]:
    found, clip = facts.probe, facts.config.clip_grad
    if not isinstance(clip, ClipValueConfig) or found.steps < min(_MANY, facts.config.steps):
        return
    size = np.abs(found.gradient[1:])
    there = size > 0
    share = (there & (size >= clip.clip_value * (1 - 1e-6))).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    if (share >= _NEARLY_ALL).all():
        said = say(
            "clip_signs",
            bound=rounded(clip.clip_value),
            percent=round(100 * float(share.min())),
            steps=found.steps,
        )
        yield LintWarning("/clip_grad/clip_value", said)


_STOPPED = frozenset({"clip_infinite", "clip_zeroes", "clip_stops"})

RULES = (
    Rule(
        "clip_without_effect",
        "config",
        "what is clipped is cleared before any step is given it, or nothing is clipped",
        _clip_without_effect,
    ),
    Rule(
        "clip_infinite",
        "probe",
        "the norm was not finite in a step that was clipped",
        _clip_infinite,
        frozenset({"clip_without_effect"}),
    ),
    Rule("clip_zeroes", "probe", "clipping left exactly nothing of a gradient that was there", _clip_zeroes),
    Rule(
        "clip_stops",
        "probe",
        "clipping left less than a hundredth of every gradient, and the loss hardly changed",
        _clip_stops,
        frozenset({"clip_infinite", "clip_zeroes"}),
    ),
    Rule(
        "clip_every_step",
        "probe",
        "clipping by norm bit in every step, mostly to less than half, of an optimizer whose steps follow "
        "the size of the gradient",
        _clip_every_step,
        _STOPPED,
    ),
    Rule(
        "clip_signs",
        "probe",
        "clipping by value cut nearly all elements to the same size in every step",
        _clip_signs,
        _STOPPED,
    ),
)
