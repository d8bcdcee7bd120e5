"""``docs/linter.md``: every rule of the linter, what it measures and what it says: ``make linter-docs``.

All of it is read from the tables of the linter and of the sentences, and a test holds them together.

Usage: python scripts/linter_docs.py
"""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from optiscope.engine.advice.linter import FAMILIES, RULES
from optiscope.engine.core.limits import DEFAULT_LIMITS, REACH_OF_THE_LINTER, Limits
from optiscope.engine.core.words import SENTENCES

FILE = Path(__file__).parents[1] / "docs" / "linter.md"

HEAD = """\
# What the linter measures

`POST /api/lint`, `optiscope lint`, `optiscope.lint` and the page's cards say what is likely not meant in a
recipe. Each warning is data: a `code`, `params` with the numbers that were measured and the step where they
show, a `pointer` to the field, and a `detail` in English. A sound recipe has none.

A rule looks at one of three things:

- **config**: the run as torch builds it, before any step;
- **rates**: the learning rate and momentum of every step, from torch's own schedulers stepped through;
- **probe**: the first steps of the run, taken by the loop that trains it, on its own problem, batches and
  dtype, and a few steps tried again from there at other rates or without gradients.

A run that starts tells in `warnings` of `run_started` what needs no step, so its first records wait for
nothing. The page asks for the rest once everything is drawn. Steps are taken by a worker, never by the web
process, in parts between which others have their turns; what was said of a recipe is remembered.

How far the linter looks is bounded:

| limit | default | what |
|---|---|---|
"""

MIDDLE = """
A rule is silent where another one has named the cause of what it sees. A rule is a line in the table `RULES`
of its family, in `app/engine/advice/linter`; what it knows of an optimizer or a scheduler stands in the entry
of that. This page is written by `make linter-docs` from those tables.
"""


def limits() -> Iterator[str]:
    """A line for each bound."""
    for name in REACH_OF_THE_LINTER:
        bound, field = getattr(DEFAULT_LIMITS, name), Limits.model_fields[name]
        yield f"| `{name}` | {bound:,.0f} | {field.description} |"


def family(module: ModuleType) -> Iterator[str]:
    """A family of rules as a section."""
    title, source = (module.__doc__ or "").partition("\n")[0].removesuffix("."), inspect.getsource(module)
    yield f"## {title}"
    for rule in module.RULES:
        yield f"### `{rule.code}`"
        yield f"Measured ({rule.measured}): {rule.fact}."
        yield f"> {said(rule.code)}"
        clauses = [code for code in SENTENCES if code.startswith(f"{rule.code}_") and f'"{code}"' in source]
        if told := [f"- {said(code)}" for code in clauses if code not in CODES]:
            yield "\n".join(told)
        if rule.unless:
            yield f"Not beside {', '.join(f'`{code}`' for code in sorted(rule.unless))}."


def said(code: str) -> str:
    """The sentence of a code, that of many where a count decides."""
    sentence = SENTENCES[code]
    return sentence if isinstance(sentence, str) else sentence["other"]


CODES = {rule.code for rule in RULES}


def text() -> str:
    """The whole page."""
    sections = (part for module in FAMILIES for part in family(module))
    return "\n\n".join([HEAD + "\n".join(limits()), MIDDLE.strip(), *sections]) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
