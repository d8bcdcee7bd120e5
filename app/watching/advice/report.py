"""What is said of a run, put together: causes before symptoms, and no symptom whose cause is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from optiscope.engine.core.words import Said, heard
from optiscope.engine.loop.block import Block
from optiscope.watching.advice import gradients, habits, moves, rates
from optiscope.watching.advice.facts import Facts
from optiscope.watching.advice.finding import Finding, Rule
from optiscope.watching.events import Beginning

_ENOUGH = 5
"""Records without which nothing is said."""

RULES: Sequence[Rule] = (*gradients.RULES, *rates.RULES, *moves.RULES, *habits.RULES)
"""Causes before symptoms."""

_HIDES: Mapping[str, frozenset[str]] = {
    "clip_always": frozenset({"update_ratio_small"}),
    "foreign_parameters": frozenset({"no_group", "no_backward", "layer_without_gradient"}),
    "gradient_not_finite": frozenset({"update_ratio_large", "loss_grows", "loss_unsaid"}),
    "gradients_not_cleared": frozenset({"loss_grows", "update_ratio_large"}),
    "loss_grows": frozenset({"update_ratio_large"}),
    "lr_above_critical": frozenset({"update_ratio_large", "loss_grows"}),
    "loss_maximized": frozenset({"loss_grows", "gradient_not_finite"}),
    "schedule_ran_out": frozenset({"cosine_rises_again", "update_ratio_small"}),
    "scheduler_called_often": frozenset({"schedule_ran_out", "scheduler_first"}),
    "step_rounds_away": frozenset({"update_ratio_small"}),
    "scheduler_silent": frozenset({"schedule_unfinished"}),
    "scheduler_of_another": frozenset({"scheduler_silent", "schedule_unfinished"}),
}
"""Where the one is said, the others are what follows from it."""


@dataclass(frozen=True)
class Report:
    """What is to be said, most telling first; printed as lines, and as a table in a notebook.

    Attributes:
        findings: What was seen, and where.
        step: The last step that was looked at.
        records: How many records were looked at.
        every: The usual distance of records.
    """

    findings: Sequence[Finding] = ()
    step: int = 0
    records: int = 0
    every: int = 1

    @property
    def found(self) -> list[Said]:
        """What is said."""
        return [finding.said for finding in self.findings]

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        return {
            "step": self.step,
            "records": self.records,
            "every": self.every,
            "found": [finding.document() for finding in self.findings],
        }

    def __str__(self) -> str:
        return "\n".join(f"{said.code}: {said}" for said in self.found) or "Nothing to be said."

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(said.code)}</code></td><td>{escape(str(said))}</td></tr>"
            for said in self.found
        )
        return f"<table>{rows}</table>" if rows else escape(str(self))


def report_of(beginning: Beginning, blocks: Sequence[Block], *, is_complete: bool = False) -> Report:
    """What is to be said of a run.

    Args:
        beginning: How it began.
        blocks: What was recorded.
        is_complete: Whether its loop is over, so that what has not happened will not.
    """
    told = [Finding(heard(warning)) for warning in beginning.warnings]
    taken = [block for block in blocks if block.grads is not None]
    records = sum(map(len, taken))
    if records < _ENOUGH:
        return Report(_shown(told), max((block.steps[-1] for block in blocks), default=0), records)
    start = next((block for block in blocks if block.grads is None), None)
    facts = Facts(beginning, start, taken, is_complete)
    over = _is_over(facts)
    told = [finding for finding in told if not over.get(finding.said.code)]
    told += [finding for rule in RULES for finding in rule(facts)]
    return Report(_shown(told), facts.last, records, facts.every)


def _is_over(facts: Facts) -> Mapping[str, bool]:
    """Of what was so at the beginning, by its code: whether it no longer is."""
    update, frozen = facts.layers("update_norm"), facts.layers("frozen")
    if frozen is None:
        return {}
    is_thawed = bool((frozen < 1).any())
    if update is None:
        return {"all_frozen": is_thawed}
    forgotten = ~facts.held & (frozen[0] < 1)
    return {"all_frozen": is_thawed, "no_group": bool(np.all((update[:, forgotten] > 0).any(axis=0)))}


def planned(beginning: Beginning, start: Block, block: Block) -> list[Said]:
    """What is to be said of the rates of a run that is only planned."""
    facts = Facts(beginning, start, [block], is_complete=True)
    findings = [finding for rule in (*rates.PLANNED, habits.decay) for finding in rule(facts)]
    return [finding.said for finding in _shown(findings)]


def _shown(findings: Sequence[Finding]) -> list[Finding]:
    hidden = {code for finding in findings for code in _HIDES.get(finding.said.code, ())}
    return [finding for finding in findings if finding.said.code not in hidden]
