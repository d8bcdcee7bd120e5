"""Numbers in a text: where each comes from, and what is no number."""

import pytest

from optiscope.lessons.marks import MarkError, Number, parts_of, plain


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("no number", ["no number"]),
        ("{-0.5|loss@1}", [Number("-0.5", 0, "loss", 1)]),
        (
            "{1e-7|2:grads/fc3.weight/0/1@end}!",
            [Number("1e-7", 2, "grads/fc3.weight/0/1", "end"), "!"],
        ),
        (
            "lr {0.1|config/optimizer/hyperparameters/lr}",
            ["lr ", Number("0.1", 0, "config/optimizer/hyperparameters/lr", None)],
        ),
        ("`{'params': …}` stays", ["`{'params': …}` stays"]),
    ],
)
def test_a_text_is_cut_at_its_numbers(text, parts):
    """Each with the run, the quantity and the step that it is taken from; other braces are text."""
    assert parts_of(text) == parts


@pytest.mark.parametrize("text", ["{1|}", "{|loss}", "{1|loss@}", "{1|loss@first}", "{1|a b}", "{1|x:loss}"])
def test_braces_with_a_bar_that_hold_no_number_are_refused(text):
    """The error says which they are."""
    with pytest.raises(MarkError, match=r"\{"):
        parts_of(f"here: {text}.")


def test_a_text_reads_without_its_sources():
    """Scripts get the sentence as a person reads it."""
    assert plain("It falls from {1.4|loss@0} to {0.2|1:loss@end}.") == "It falls from 1.4 to 0.2."
