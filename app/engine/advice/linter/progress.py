"""How far a run gets, from how its first steps went."""

import numpy as np

from optiscope.engine.advice.linter.facts import Facts

_HARDLY = 1e-3
"""The share of the loss that a run which hardly moves takes away at most."""

_MUCH = 1e-2
"""The share of the loss that the gradient promises where there is something to gain."""


def expected_gain(facts: Facts) -> float | None:
    """The most that all steps of the run take from the loss, to first order, as a share of it.

    It is what the probed steps do, times how much rate the whole run has for each of theirs. None where the
    gradient promises nothing: at a minimum, or where there is none.
    """
    found = facts.probe
    norms, loss = found.grad_norm[1:], max(abs(float(found.loss[0])), np.finfo(np.float64).tiny)
    if found.ended is not None or not np.isfinite(norms).all():
        return None
    if norms[0] * np.linalg.norm(found.position[0]) < _MUCH * loss:
        return None
    return float((norms * found.lengths()).sum()) * _further(facts) / loss


def _further(facts: Facts) -> float:
    """How many times the rates of the probed steps those of all steps are."""
    found = facts.probe
    further = facts.config.steps / found.steps
    rates = facts.rates.sum(axis=0)
    if rates.size > found.steps and (begun := rates[: found.steps].sum()) > 0:
        further = max(further, float(rates.mean()) * facts.config.steps / float(begun))
    return further


def hardly_moves(facts: Facts) -> bool:
    """Whether all steps together take nearly nothing from a loss that has something to give."""
    gain = expected_gain(facts)
    return gain is not None and gain < _HARDLY
