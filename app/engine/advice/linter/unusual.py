"""Values that torch takes and hardly anybody means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.parts import parts
from optiscope.engine.core.registry import Hyperparameter, quoted
from optiscope.engine.core.words import rounded, say


def _momentum_grows(facts: Facts) -> Iterator[LintWarning]:
    """A momentum above 1, of a group or as a schedule moves it."""
    for group in facts.groups:
        momentum = group.values.get("momentum")
        if momentum is None or not np.isfinite(momentum):
            continue
        known = facts.schedule.momentum if facts.schedule is not None else None
        most = momentum if known is None or not known.size else float(np.nan_to_num(known[group.index]).max())
        if most > 1:
            with np.errstate(over="ignore"):
                growth = float(np.float64(most) ** facts.config.steps)
            said = say(
                "momentum_grows", momentum=rounded(most), growth=rounded(growth, 2), count=facts.config.steps
            )
            yield LintWarning(group.at("momentum"), said)
            return


def _unusual_value(facts: Facts) -> Iterator[LintWarning]:
    for chosen in facts.optimizers:
        declared = chosen.info.hyperparameters
        given: Sequence[tuple[str, Mapping[str, Any]]] = [
            (f"{chosen.pointer}/hyperparameters", chosen.config.hyperparameters),
            *(
                (f"{chosen.pointer}/param_groups/{i}", group.hyperparameters)
                for i, group in enumerate(chosen.config.param_groups or ())
            ),
        ]
        for pointer, values in given:
            yield from _unusual(chosen.info.name, declared, values, pointer)
    for part in parts(facts):
        declared, values = part.info.hyperparameters, part.config.hyperparameters
        yield from _unusual(part.config.name, declared, values, f"{part.pointer}/hyperparameters")


def _unusual(
    owner: str, declared: Sequence[Hyperparameter], given: Mapping[str, Any], pointer: str
) -> Iterator[LintWarning]:
    for h in declared:
        if h.usual is None or h.name not in given:
            continue
        least, most = h.usual
        numbers = [number for number in _numbers(given[h.name]) if not least <= number <= most]
        if numbers:
            said = say(
                "unusual_value",
                owner=owner,
                field=h.name,
                value=quoted(numbers[0]),
                least=rounded(least),
                most=rounded(most),
            )
            yield LintWarning(f"{pointer}/{h.name}", said)


def _numbers(value: Any) -> list[float]:
    """The numbers of a value, of a pair or of a list with a value for each group."""
    if isinstance(value, list | tuple):
        return [number for part in value for number in _numbers(part)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


RULES = (
    Rule("momentum_grows", "rates", "momentum is above 1 in some step", _momentum_grows),
    Rule(
        "unusual_value",
        "config",
        "a hyperparameter lies outside its usual range, and torch takes it",
        _unusual_value,
        frozenset({"momentum_grows"}),
    ),
)
