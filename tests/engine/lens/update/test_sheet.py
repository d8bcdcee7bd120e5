"""A formula is worked out line by line, and what it is off from torch's number is counted exactly."""

import math

import numpy as np
import pytest
import torch

from optiscope.engine.core.words import say
from optiscope.engine.lens.update.line import Formula, Line, Repeated
from optiscope.engine.lens.update.notation import in_places, in_symbols, names_in
from optiscope.engine.lens.update.sheet import sheet_of
from optiscope.engine.lens.update.ulps import ulps_between

WHAT = say("line_new_value")


def steps_between(one, other, dtype):
    """The same count by walking from number to number."""
    low, high = sorted((dtype(one), dtype(other)))
    count = 0
    while low < high:
        low, count = np.nextafter(low, high), count + 1
    return count


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ulps_are_the_numbers_in_between(dtype):
    """On either side of zero and of a power of two."""
    unit = dtype(np.finfo(dtype).smallest_subnormal)
    pairs = [
        (dtype(1), np.nextafter(dtype(1), dtype(2))),
        (np.nextafter(dtype(2), dtype(0)), np.nextafter(dtype(2), dtype(3))),
        (dtype(-3), dtype(-3)),
        (-unit, unit),
    ]
    one, other = (torch.tensor(np.array(side)) for side in zip(*pairs, strict=True))
    counts = [steps_between(*pair, dtype) for pair in pairs]
    counts[-1] += 1  # both zeros count, whose bits differ
    assert ulps_between(one, other).tolist() == ulps_between(other, one).tolist() == counts


def test_what_is_no_number_is_equal_to_itself_alone():
    """Wherever its bits come from."""
    one = torch.tensor([math.nan, math.nan, math.inf])
    apart = ulps_between(one, torch.tensor([-math.nan, 1.0, math.inf]))
    assert apart.tolist()[::2] == [0, 0]
    assert apart[1] > 2**20


def line(name, symbol, formula, code, **more):
    return Line(name, symbol, formula, code, WHAT, **more)


def test_a_line_that_is_off_says_by_how_many_ulps_and_goes_on_with_torchs_number():
    """So that each line answers for itself alone."""
    formula = Formula(
        (
            line("m", "m_t", "<m> + <grad>", "m + grad", kept="m"),
            line("param", "p_t", "<param> - <m>", "param - m", kept="param"),
        ),
        state={"m": ("m_{t-1}", "torch.zeros_like(param)")},
    )
    param, grad = torch.tensor([1.0, 2.0]), torch.tensor([0.25, 0.5])
    nudged = torch.nextafter(grad, torch.tensor([1.0, 0.5]))
    sheet = sheet_of(formula, {"param": param, "grad": grad}, {"m": nudged, "param": param - nudged}, {})
    first, last = sheet.worked(formula.lines)
    assert first.ulps.tolist() == [1, 0]
    assert first.ours.tolist() == grad.tolist()
    assert sheet.shown["m.1"].value.tolist() == nudged.tolist()
    assert (last.ulps.tolist(), last.ours) == ([0, 0], None)
    assert (first.uses, last.uses) == (("m", "grad"), ("param", "m.1"))


def test_passes_have_names_of_their_own_and_of_many_only_the_ends_are_shown():
    """All of them are worked out."""
    formula = Formula(
        (
            Repeated(
                (line("param", "p_{<i>}", "<param> + <c>", "param + c"),),
                "range(20)",
                {"c": ("c_{<i>}", "i")},
            ),
        )
    )
    sheet = sheet_of(formula, {"param": torch.tensor([0.0])}, {}, {})
    lines = list(sheet.worked(formula.lines))
    assert len(lines) == 10
    assert sheet.shown[lines[-1].place].value == sum(range(20))
    assert sheet.shown[lines[-1].place].symbol == "p_{{19}}"
    assert sheet.shown["c.20"].symbol == "c_{{19}}"


def test_a_formula_is_read_with_symbols_or_with_places():
    """A product is a gap between symbols and a dot between numbers."""
    formula = "<b> * <x>^2 + <<x>>"
    assert names_in(formula) == ["b", "x"]
    assert in_symbols(formula, {"b": r"\beta", "x": "x_t"}) == r"{\beta}\,{x_t}^2 + {x_t}"
    places = in_places(formula, {"b": "b", "x": "x.1"})
    assert places == r"{\text{@b@}}\cdot {\text{@x.1@}}^2 + {\text{@@x.1@@}}"
