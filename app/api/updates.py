"""The updates of a step on the wire: the lines of each, their formulas as MathML, and their numbers."""

from typing import Any

import numpy as np
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.events import Nested, Number
from optiscope.api.sentences import Params, Sentence, sentence_fields
from optiscope.engine.core.formula import mathml
from optiscope.engine.lens.update.moves import Update
from optiscope.engine.lens.update.sheet import Worked

Numbers = Number | list[Nested]


class UpdateValue(BaseModel):
    """A number of an update, or a tensor."""

    symbol: str = Field(description="In LaTeX.", examples=["m_{t-1}"])
    value: Numbers = Field(description="Torch's own where torch keeps it, else ours.")


class UpdateLine(BaseModel):
    """One line of an update, evaluated from the values of the lines before."""

    key: str = Field(description="Its value among `values`.", examples=["exp_avg.1"])
    code: str = Field(
        description="As torch computes it.", examples=["exp_avg = exp_avg.lerp(grad, 1 - beta1)"]
    )
    symbols: str = Field(description="The statement in symbols, as MathML.")
    numbers: str = Field(
        description="Its right side, with `@key@` for the number of a value and `@@key@@` for a whole tensor."
    )
    uses: list[str] = Field(description="The keys in `numbers`.", examples=[["beta1", "exp_avg", "grad.1"]])
    what: Sentence = Field(description="What the line is for.")
    torch: str | None = Field(
        description="Torch's own number that our evaluation is held against: `grad`, `param` or a key of the "
        "state; null where torch keeps none, so that the value is ours.",
        examples=["exp_avg"],
    )
    ulps: int | None = Field(
        description="Units in the last place that our evaluation is off at most; 0: equal to the last bit."
    )
    ulps_of: list[Nested] | int | None = Field(description="The same element by element, where it is not 0.")
    ours: Numbers | None = Field(description="Our own evaluation, where it is not 0.")


class ParameterUpdate(BaseModel):
    """What `optimizer.step()` did to one parameter. The last of `lines` is `result`."""

    parameter: str = Field(examples=["fc1.weight"], description="Its name.")
    optimizer: str | None = Field(description="Which holds it; null where none does.", examples=["Adam"])
    group: int | None = Field(description="The place of its param group in the record's `lr`.")
    formula: str | None = Field(description="The update in symbols, as MathML.")
    formula_text: str | None = Field(description="The same in LaTeX.")
    why: str | None = Field(description="Why there are no lines; null where there are.")
    why_code: str | None = Field(description="What `why` says, as data.")
    why_params: Params = Field({}, description="What fills the holes of the sentence, by name.")
    before: Numbers = Field(description="Its values before the step.")
    result: Numbers = Field(description="Its values after the step: those of the record.")
    values: dict[str, UpdateValue] = Field(description="The numbers of the lines, by key.")
    lines: list[UpdateLine] = Field(description="From the gradient to the new value.")
    after: list[UpdateLine] = Field(description="What the step leaves for the next one.")


def update_document(update: Update) -> dict[str, Any]:
    """An update as plain data."""
    return {
        "parameter": update.parameter,
        "optimizer": update.optimizer,
        "group": update.group,
        "formula": mathml(update.formula) if update.formula else None,
        "formula_text": update.formula or None,
        **sentence_fields("why", update.why),
        "before": wire.spelled(update.before),
        "result": wire.spelled(update.result),
        "values": {
            key: {"symbol": named.symbol, "value": wire.spelled(named.value)}
            for key, named in update.values.items()
        },
        "lines": list(map(_line, update.lines)),
        "after": list(map(_line, update.after)),
    }


def _line(line: Worked) -> dict[str, Any]:
    off = None if line.ulps is None else int(np.max(line.ulps, initial=0))
    return {
        "key": line.place,
        "code": line.code,
        "symbols": line.symbols,
        "numbers": line.numbers,
        "uses": line.uses,
        "what": line.what.document(),
        "torch": line.kept,
        "ulps": off,
        "ulps_of": line.ulps.tolist() if line.ulps is not None and off else None,
        "ours": None if line.ours is None else wire.spelled(line.ours),
    }
