"""What is said of a watched loop: what was seen at which step, and nothing where all is well."""

import numpy as np
import pytest
import torch
from torch import nn

from optiscope.engine.loop.block import Block
from optiscope.watching.advice import report_of
from optiscope.watching.advice.telling import told
from optiscope.watching.events import Beginning
from optiscope.watching.thinning import thinned
from tests.watching.advised import FLAWED, LARGE, SOUND, hardly, sgd
from tests.watching.loop_lines import Plain, Watched, case
from tests.watching.measured import MEASURED
from tests.watching.recorded import events_in

quiet = pytest.mark.filterwarnings(
    "ignore:Detected call of", "ignore:optimizer contains a parameter group", "ignore:Seems like"
)


def looked_at(loop, path):
    """The watch over a loop, closed."""
    watched = Watched(path)
    loop(watched)
    watched.seen.close()
    assert watched.seen.trouble == ""
    return watched.seen


def measured(loop):
    """The same loop, measured without Optiscope."""
    plain = Plain()
    loop(plain)
    return plain


@quiet
@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_said_of_a_loop_that_is_sound(name, tmp_path):
    """Its loss falls, and a plain measure finds nothing, either."""
    plain = measured(SOUND[name])
    assert plain.losses[-1] < plain.losses[0]
    assert not [code for code, is_so in MEASURED.items() if is_so(plain)]
    assert str(looked_at(SOUND[name], tmp_path / "run.optiscope").report()) == "Nothing to be said."


@quiet
@pytest.mark.parametrize("name", FLAWED)
def test_what_is_wrong_is_said_with_its_step(name, tmp_path):
    """By its code and nothing else, and a plain measure of the loop says so, too."""
    loop, codes = FLAWED[name]
    plain = measured(loop)
    assert all(MEASURED[code](plain) for code in codes)
    report = looked_at(loop, tmp_path / "run.optiscope").report()
    found = {finding.said.code: finding.step for finding in report.findings}
    assert found.keys() == codes.keys()
    assert all(found[code] == step for code, step in codes.items() if step is not None)
    text = str(report)
    assert not any(odd in text for odd in ("?", "only 0 ", "group0[", "{"))
    assert all(code in text and code in report._repr_html_() for code in codes)


def test_a_file_says_what_the_watch_said(tmp_path):
    """The report is of what was recorded, wherever it is read."""
    path = tmp_path / "run.optiscope"
    seen = looked_at(FLAWED["cut off, by layer"][0], path)
    beginning, *blocks = [event for event in events_in(path) if isinstance(event, Beginning | Block)]
    again = report_of(beginning, blocks, is_complete=True)
    assert again.document() == seen.report().document()
    assert again.document()["found"][0]["layers"] == [0]


def test_that_few_steps_are_measured_is_said(tmp_path):
    """Where every tenth step is measured, a step is told as such."""
    report = looked_at(FLAWED["one bad batch, every tenth"][0], tmp_path / "run.optiscope").report()
    assert "In step 30 (one step in 10 is measured)" in str(report)


def test_steps_that_round_away_are_not_called_small_as_well(tmp_path):
    """Both come from the same rate."""
    report = looked_at(case(model=hardly, optimizer=sgd(1e-9)), tmp_path / "run.optiscope").report()
    assert [(said.code, said.params["layers"]) for said in report.found] == [
        ("step_rounds_away", ("0 · Linear",))
    ]


def test_a_gradient_that_fades_over_many_layers_has_not_died(tmp_path):
    """Its last numbers are so small that they round to 0 from some step on."""
    path = tmp_path / "run.optiscope"
    looked_at(case(width=LARGE, steps=60, how={"every": 1}, optimizer=sgd(0.03)), path)
    beginning, *blocks = [event for event in events_in(path) if isinstance(event, Beginning | Block)]

    def fading(block, least):
        layers = dict(block.optional["layers"])
        norms = layers["grad_norm"].copy()
        norms[:, 0] = np.where(np.array(block.steps) < 30, least, 0.0)
        return Block.of(block.first, block.columns() | {"layers": layers | {"grad_norm": norms}}, block.every)

    for least, codes in ((1e-30, []), (1e-3, ["layer_died"])):
        report = report_of(beginning, [fading(block, least) for block in blocks])
        assert [said.code for said in report.found if said.code == "layer_died"] == codes


@pytest.mark.parametrize("how", [{}, {"params": []}])
def test_a_long_run_that_has_learnt_is_not_told_to_learn_faster(tmp_path, how):
    """Of its first steps few are kept, and of those of a small model none shows how far it goes."""
    path = tmp_path / "run.optiscope"
    loop = case(model=lambda: nn.Linear(4, 1), optimizer=sgd(0.2), steps=600, how=how | {"every": 1})
    looked_at(loop, path)
    beginning, start, *blocks = [event for event in events_in(path) if isinstance(event, Beginning | Block)]
    steps = [block[k : k + 1] for block in blocks for k in range(len(block))]
    ends = [*thinned([start, *steps[:400]], 64)[1:], *steps[400:]]
    assert not report_of(beginning, [start, *ends], is_complete=True).found


def test_a_divergence_between_two_records_is_not_blamed_on_the_data(tmp_path):
    """Where every tenth step is measured, nobody has seen what the loss did before."""
    loop = FLAWED["diverged before it was looked at"][0]
    assert "every=10 does not show" in str(looked_at(loop, tmp_path / "run.optiscope").report())
    loop = FLAWED["far too large"][0]
    assert "every=" not in str(looked_at(loop, tmp_path / "all.optiscope").report())


def test_a_rate_above_the_critical_one_is_said(tmp_path):
    """Where it was measured, and above it in most of the steps."""
    path = tmp_path / "run.optiscope"
    looked_at(SOUND["SGD"], path)
    beginning, *blocks = [event for event in events_in(path) if isinstance(event, Beginning | Block)]

    def with_critical(rate):
        columns = [block.columns() | {"critical_rate": np.full(len(block), rate)} for block in blocks]
        return [Block.of(b.first, c, b.every) for b, c in zip(blocks, columns, strict=True)]

    assert [said.code for said in report_of(beginning, with_critical(0.05)).found] == ["lr_above_critical"]
    assert not report_of(beginning, with_critical(0.5)).found
    assert not report_of(beginning, with_critical(np.nan)).found


def test_a_loop_whose_gradients_are_new_has_no_hook_of_a_tensor(tmp_path):
    """Only a gradient that seems not to be cleared has one, once, and it is taken off again."""
    model = torch.nn.Linear(2, 1)
    hooked = []

    def loop(t, zero):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        t.watch(model, optimizer)
        for _ in range(6):
            if zero:
                optimizer.zero_grad()
            model(torch.ones(2)).sum().backward()
            t.step(optimizer)
            hooked.append(sum(len(p._backward_hooks or ()) for p in model.parameters()))

    looked_at(lambda t: loop(t, zero=True), tmp_path / "run.optiscope")
    assert hooked == [0] * 6
    hooked.clear()
    looked_at(lambda t: loop(t, zero=False), tmp_path / "run.optiscope")
    assert hooked == [0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(("lr", "number"), [(0.1, 0.1), (None, "NaN"), ("Infinity", "Infinity")])
def test_a_rate_travels_as_any_number(lr, number):
    """By its name where it is not finite; a group without a rate keeps no report from being given."""
    groups = [{"tensors": 1, "lr": lr, "weight_decay": 0.0}]
    beginning = Beginning("", {"optimizers": [{"name": "Mine", "groups": groups}]}, [], [], [], "")
    assert told(beginning, [], is_complete=True)["audit"]["groups"] == [
        {"optimizer": "Mine", "tensors": 1, "lr": number, "weight_decay": 0.0, "numel": 0}
    ]
