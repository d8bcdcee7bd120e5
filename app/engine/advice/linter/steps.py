"""What the first steps did: symptoms, told where no other rule has named the cause."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.progress import expected_gain, hardly_moves
from optiscope.engine.core.words import rounded, say
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.recipe.order import order_of

_TENFOLD = 10.0
_EARLY = 10
_TRIED = 20
_FEW = 3
_TWO = 2
_HALF = 0.5
_AT_A_MINIMUM = 1e-8


def _rate(facts: Facts) -> str:
    return facts.groups[0].at("lr")


def _run_fails(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    if found.ended is not None and found.ended.reason is Reason.FAILED:
        yield LintWarning("", say("run_fails", step=found.ended.step + 1, end=found.ended.said))


def _diverges(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    if found.ended is not None and found.diverged:
        said = say("diverges", step=found.ended.step, lr=rounded(float(found.lr[-1].max())))
        yield LintWarning(_rate(facts), said)


def _loss_rises(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    loss = found.loss
    begun, end = float(loss[0]), float(loss[-1])
    if not np.isfinite(loss).all() or abs(begun) < _AT_A_MINIMUM:
        return
    rise = loss - begun
    step = int(np.argmax(rise))
    if rise[step] >= (_TENFOLD - 1) * abs(begun):
        size = np.abs(np.diff(found.position, axis=0)).max(axis=1)
        said = say(
            "loss_rises",
            begun=rounded(begun, 3),
            most=rounded(float(loss[step]), 3),
            step=step,
            end=rounded(end, 3),
            last=found.steps,
            size=rounded(float(size[0]), 2),
        )
        yield LintWarning(_rate(facts), said)


def _step_too_long(facts: Facts) -> Iterator[LintWarning]:
    found, problem = facts.probe, facts.training.problem
    if facts.training.needs_closure or found.steps < _TWO or not found.loss[2] > found.loss[1]:
        return
    first = found.position[1] - found.position[0]
    scale = float(np.sqrt(np.mean(found.position[0] ** 2)))
    size = float(np.sqrt(np.mean(first**2)))
    if problem.kind == "function":
        scale, size = float(np.linalg.norm(np.diff(problem.info.bounds))), float(np.linalg.norm(first))
    if size > (1 if problem.kind == "function" else _TENFOLD) * scale > _AT_A_MINIMUM:
        than = say("step_too_long_window") if problem.kind == "function" else say("step_too_long_parameters")
        said = say("step_too_long", size=rounded(size, 2), scale=rounded(scale, 2), than=than)
        yield LintWarning(_rate(facts), said)


def _step_without_gradient(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    steps = "optimizer_step" in order_of(facts.config.loop)
    if found.steps and steps and np.isnan(found.gradient[1:]).all():
        yield LintWarning("/loop/order", say("step_without_gradient", steps=found.steps))


def _gradient_zero(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    if found.steps and not np.isnan(found.gradient[1:]).all() and (found.grad_norm[1:] == 0).all():
        pointer = "/model/start" if facts.training.problem.kind == "function" else "/model/seed"
        yield LintWarning(pointer, say("gradient_zero", steps=found.steps))


def _updates_lost(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    tried = min(found.steps, _TRIED)
    if not tried:
        return
    trained = {name for group in facts.groups for name in group.params} - set(facts.training.replaced)
    held = np.concatenate([np.full(found.params[name].shape[1], name in trained) for name in found.params])
    there = held & (np.abs(np.nan_to_num(found.gradient[1 : tried + 1])) > 0).all(axis=0)
    if not there.any() or not (found.lr[1 : tried + 1] > 0).all():
        return
    stuck = (found.position == found.position[0]).all(axis=0)[there]
    if stuck.mean() >= _HALF and _moves_in_float64(facts):
        said = say(
            "updates_lost",
            percent=round(100 * float(stuck.mean())),
            steps=found.steps,
            lr=rounded(float(found.lr[1].max())),
            dtype=facts.config.dtype,
        )
        yield LintWarning(_rate(facts), said)


def _moves_in_float64(facts: Facts) -> bool:
    """Whether it is for rounding that parameters stay."""
    finer = facts.config.model_copy(update={"dtype": "float64"})
    tried = facts.probe_of(finer, _FEW)
    return bool(np.diff(tried.position, axis=0).any())


def _nothing_moves(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    if found.ended is None and not np.diff(found.position, axis=0).any():
        yield LintWarning(
            "/optimizer", say("nothing_moves", steps=found.steps, optimizer=facts.optimizers[0].info.name)
        )


def _hardly_moves(facts: Facts) -> Iterator[LintWarning]:
    if hardly_moves(facts):
        gain = expected_gain(facts) or 0.0
        said = say("hardly_moves", percent=rounded(100 * gain, 2), count=facts.config.steps)
        yield LintWarning(_rate(facts), said)


def _early_steps_large(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    for group in facts.groups:
        info = group.chosen.info
        if not info.scaled_l2 or found.steps < 2 * _EARLY:
            continue
        moved = np.max([np.abs(found.moves(name)).max(axis=1) for name in group.params], axis=0)
        lr = found.lr[1:, group.index]
        with np.errstate(all="ignore"):
            ratio = np.nan_to_num(moved[:_EARLY] / lr[:_EARLY])
        step = int(np.argmax(ratio))
        if ratio[step] > _TENFOLD and ratio[step] > _TENFOLD * np.median(moved[_EARLY:] / lr[_EARLY:]):
            said = say(
                "early_steps_large", optimizer=info.name, step=step + 1, ratio=rounded(float(ratio[step]), 2)
            )
            yield LintWarning(group.at("lr"), said)


_STILL = frozenset(
    {
        "learning_rate_zero",
        "first_rate_zero",
        "clip_infinite",
        "clip_zeroes",
        "clip_stops",
        "eps_dominates",
        "gradient_zero",
        "no_epsilon",
        "step_without_gradient",
    }
)
_WILD = frozenset(
    {
        "climbs",
        "no_epsilon",
        "decay_overshoots",
        "rate_grows",
        "rate_negative",
        "clip_infinite",
        "factor_above_one",
        "accumulation_unscaled",
    }
)

RULES = (
    Rule(
        "run_fails",
        "probe",
        "a step of the probe raised an error",
        _run_fails,
        frozenset({"one_cycle_too_short", "schedule_fails"}),
    ),
    Rule(
        "diverges",
        "probe",
        "the loss was no number, or a parameter infinite",
        _diverges,
        _WILD,
    ),
    Rule(
        "loss_rises",
        "probe",
        "the loss rose to ten times its first value or more",
        _loss_rises,
        _WILD | {"learning_rate_unstable", "diverges", "zero_grad_off", "momentum_never_decays"},
    ),
    Rule(
        "step_too_long",
        "probe",
        "the first step was ten times as long as the parameters, or longer than the window of the function",
        _step_too_long,
        _WILD | {"learning_rate_unstable", "diverges", "loss_rises"},
    ),
    Rule(
        "step_without_gradient",
        "probe",
        "every .grad was None in all steps",
        _step_without_gradient,
    ),
    Rule("gradient_zero", "probe", "all gradients were exactly 0 in all steps", _gradient_zero),
    Rule(
        "updates_lost",
        "probe",
        "at least half of all elements with a gradient kept every bit in all steps, and not in float64",
        _updates_lost,
        _STILL,
    ),
    Rule(
        "nothing_moves",
        "probe",
        "no parameter changed a bit",
        _nothing_moves,
        _STILL | {"updates_lost"},
    ),
    Rule(
        "hardly_moves",
        "probe",
        "to first order, all steps of the run together take less than a thousandth of the loss",
        _hardly_moves,
        _STILL | {"updates_lost", "nothing_moves", "small_adadelta", "rate_capped", "own_rate_vanishes"},
    ),
    Rule(
        "early_steps_large",
        "probe",
        "an early step moved an element by more than ten times lr, and later ones did not",
        _early_steps_large,
        frozenset({"second_beta_zero"}),
    ),
)
