"""What a person may have meant by a name that nothing has."""

from collections.abc import Collection
from difflib import SequenceMatcher
from heapq import nlargest

from optiscope.engine.core.words import Said, say

_MOST = 3
_ALIKE = 0.6
"""How alike two names must be, from 0 to 1, for one to be meant by the other."""

_NEARLY = 0.05
"""Names that are less alike than the best one by more than this are not worth telling."""

_SAME_LETTERS = 0.95
"""How alike two names of the same letters are at least: two of them changed places."""

_LONGEST = 60
_FEW = 10


def near(name: str, known: Collection[str]) -> list[str]:
    """The names of ``known`` that are most like ``name``, whatever their case, the best one first.

    Example:
        >>> near("adamw", ["SGD", "Adam", "AdamW"])
        ['AdamW']
        >>> near("Adma", ["Adamax", "Adam"])
        ['Adam']
        >>> near("lion", ["SGD", "pytorch_optimizer.Lion"])
        ['pytorch_optimizer.Lion']
    """
    if len(name) > _LONGEST:
        return []
    if same := [other for other in known if other.casefold() == name.casefold()]:
        return same[:_MOST]
    likeness = {other: _likeness(name.casefold(), other.casefold()) for other in known}
    best = max(likeness.values(), default=0.0)
    alike = [other for other in known if likeness[other] >= max(_ALIKE, best - _NEARLY)]
    return nlargest(_MOST, alike, key=likeness.__getitem__)


def _likeness(name: str, other: str) -> float:
    """How alike two names are; a name may also stand for what comes after the dot of another."""
    matcher = SequenceMatcher(None, "", name)
    found = 0.0
    for part in {other, other.rpartition(".")[2]}:
        matcher.set_seq1(part)
        if (shared := matcher.quick_ratio()) == 1:
            found = max(found, matcher.ratio(), _SAME_LETTERS)
        elif shared >= _ALIKE:
            found = max(found, matcher.ratio())
    return found


def meant(name: str, known: Collection[str]) -> Said | None:
    """The question whether a near name is meant; None where there is none."""
    names = near(name, known)
    return say("did_you_mean", names=names, count=len(names)) if names else None


def choose(known: Collection[str]) -> Said:
    """What there is to choose of: the names themselves if they are few, else where they are listed."""
    if len(known) <= _FEW:
        return say("choose_of", choices=list(known))
    return say("listed_in_catalog", count=len(known))
