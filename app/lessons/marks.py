"""Numbers in a text of a lesson, each with the place of the run that it is taken from.

``{-3.2985|grads/fc3.weight/0/1@1}`` is shown as -3.2985, which is that gradient in record 1 of the first run;
``{0.42|1:loss@end}`` is of the second run's last record, ``{0.1|config/optimizer/hyperparameters/lr}`` of the
first run's config. Braces without a bar are braces.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

QUANTITY = (
    r"(?:norm/|singular/\d{1,2}/)?(?:change/)?"
    r"(?:config|ended|last_step|end_loss|loss|loss_here|grad_norm|lr|momentum|params|grads|state)"
    r"(?:/[A-Za-z0-9_.-]+)*"
)
"""Which number of a run, by its path."""

_MARK = re.compile(r"\{([^{}|]*\|[^{}]*)\}")
_NUMBER = re.compile(
    rf"(?P<shown>[^|]+)\|(?:(?P<run>\d{{1,3}}):)?(?P<quantity>{QUANTITY})(?:@(?P<step>\d{{1,9}}|end))?",
    re.ASCII,
)


class MarkError(ValueError):
    """Braces that hold no number."""


class Number(NamedTuple):
    """A number of a text.

    Attributes:
        shown: As it is written, before a run is there to take it from.
        run: The index of the run.
        quantity: Which number of the record, or of the config.
        step: Of which record; ``end`` is the last one. None of a config.
    """

    shown: str
    run: int
    quantity: str
    step: int | str | None


def parts_of(text: str) -> list[str | Number]:
    """A text cut at its numbers, in order.

    Raises:
        MarkError: With the braces that hold no number.

    Example:
        >>> parts_of("It falls to {0.42|1:loss@40}.")
        ['It falls to ', Number(shown='0.42', run=1, quantity='loss', step=40), '.']
    """
    return list(_parts(text))


def plain(text: str) -> str:
    """A text as it reads, with its numbers as they are written.

    >>> plain("It falls to {0.42|1:loss@40}.")
    'It falls to 0.42.'
    """
    return "".join(part if isinstance(part, str) else part.shown for part in parts_of(text))


def _parts(text: str) -> Iterator[str | Number]:
    begin = 0
    for mark in _MARK.finditer(text):
        if before := text[begin : mark.start()]:
            yield before
        yield _number(mark)
        begin = mark.end()
    if rest := text[begin:]:
        yield rest


def _number(mark: re.Match[str]) -> Number:
    found = _NUMBER.fullmatch(mark[1])
    if found is None:
        raise MarkError(mark[0])
    step = found["step"]
    return Number(
        found["shown"],
        int(found["run"] or 0),
        found["quantity"],
        int(step) if step is not None and step.isdecimal() else step,
    )
