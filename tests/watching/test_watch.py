"""What a watch records: the numbers of the loop, under the steps that they belong to."""

import gc
import math
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from optiscope import audit, watch
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.block import Block, arrays_of
from optiscope.engine.loop.training import advance, begin
from optiscope.watching import file
from optiscope.watching.events import Beginning
from optiscope.watching.recorder import Recorder
from tests.watching.loops import LOOPS
from tests.watching.recorded import blocks_in, events_in, trained


def records(blocks):
    """Step, loss and the rest of each record."""
    return {step: (block, row) for block in blocks for row, step in enumerate(block.steps)}


def looped(name, path):
    """The blocks of one of the loops."""
    torch.manual_seed(7)
    made = []

    def watching(model, optimizer, scheduler=None, **how):
        made.append(watch(model, optimizer, scheduler, to=path, **how))
        return made[-1]

    LOOPS[name](watching)
    made[-1].close()
    return blocks_in(path)


def test_a_small_model_is_recorded_as_a_run_of_ours(tmp_path):
    """Loss, rates, parameters, gradients and state of every step are those of our own recorder."""
    config = RunConfig.model_validate({"problem": {"name": "xor"}, "optimizer": {"name": "Adam"}, "steps": 7})
    ours = advance(config, None, 7)[0]
    training, _ = begin(config, None)
    (optimizer,) = training.optimizers
    with watch(training.model, optimizer, to=tmp_path / "xor.optiscope") as seen:
        for _ in range(7):
            optimizer.zero_grad()
            loss = training.loss()
            loss.backward()
            optimizer.step()
            seen.loss(loss)
    theirs = blocks_in(tmp_path / "xor.optiscope")
    assert [block.steps for block in theirs] == [block.steps for block in ours]
    for block, other in zip(theirs[1:], ours[1:], strict=True):
        for name in ("lr", "momentum", "params", "grads", "state"):
            pairs = zip(arrays_of(getattr(block, name)), arrays_of(getattr(other, name)), strict=True)
            assert all(np.array_equal(a, b) for a, b in pairs), name
            assert str(getattr(block, name).keys() if name in {"params", "grads", "state"} else 0) == str(
                getattr(other, name).keys() if name in {"params", "grads", "state"} else 0
            )
        assert np.array_equal(block.loss, other.loss.astype(np.float64))
        assert np.allclose(block.grad_norm, other.grad_norm, rtol=1e-6)


@pytest.mark.parametrize("after", [True, False])
def test_a_loss_is_of_its_step_wherever_it_is_said(after, tmp_path):
    """Before the step or behind it; one that nobody said is no number."""
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with watch(model, optimizer, to=tmp_path / "run.optiscope") as seen:
        for step in range(1, 5):
            model(torch.ones(1)).sum().backward()
            if not after and step != 3:
                seen.loss(step, samples=10)
            optimizer.step()
            if after and step != 3:
                seen.loss(step, samples=10)
            if step == 2:
                seen.log("val_loss", 0.5)
    found = records(blocks_in(tmp_path / "run.optiscope"))
    said = [found[step][0].loss[found[step][1]] for step in range(5)]
    assert np.array_equal(said, [math.nan, 1, 2, math.nan, 4], equal_nan=True)
    counts = [found[step][0].optional["samples"][found[step][1]] for step in range(1, 5)]
    assert counts == [10, 20, 20, 30]
    block, row = found[2]
    assert block.optional["logged"]["val_loss"][row] == 0.5


def test_the_loss_of_an_accumulated_step_is_the_mean_of_its_passes(tmp_path):
    """And what clipping returned is the norm before it."""
    block = next(
        b for b in looped("accumulated and clipped", tmp_path / "run.optiscope") if b.grads is not None
    )
    assert "clipped_grad_norm" in block.optional
    assert (block.optional["clipped_grad_norm"] <= 0.1 * 1.001).all()
    assert (block.grad_norm > 0.1).all()


@pytest.mark.parametrize("name", ["scaled", "scaled, fused"])
def test_a_skipped_step_is_counted_and_is_no_record(name, tmp_path):
    """Whether the scaler does not call the step, or the optimizer skips it; gradients are as unscaled."""
    blocks = looped(name, tmp_path / "run.optiscope")
    found = records(blocks)
    assert list(found) == list(range(12))
    block, row = found[11]
    assert block.optional["skipped"][row] == 1
    assert max(float(np.abs(g).max()) for g in arrays_of(block.grads)) < 10


def test_a_record_closes_with_the_first_optimizer(tmp_path):
    """What the other did since the last record belongs to it; where it did not step it has no gradient."""
    found = records(looped("two optimizers", tmp_path / "run.optiscope"))
    assert list(found) == list(range(13))
    stepped = [found[step][0].grads["right.0.weight"] is not None for step in range(1, 13)]
    assert stepped == [step % 2 == 1 and step > 1 for step in range(1, 13)]
    assert found[1][0].lr.shape[1] == 2


def test_a_step_that_fails_is_no_record_and_a_subclass_is_seen_once(tmp_path):
    """Eleven of twelve steps are recorded though each had its hooks twice."""
    assert list(records(looped("a step that fails", tmp_path / "run.optiscope"))) == list(range(12))


def test_what_a_frozen_layer_is_given_is_nothing(tmp_path):
    """Its gradients are None while it is frozen; a group that comes later has a column from then on."""
    found = records(looped("frozen windows", tmp_path / "run.optiscope"))
    assert [found[step][0].grads["0.weight"] is None for step in range(1, 13)] == [
        3 <= step < 7 for step in range(12)
    ]
    assert (found[5][0].lr.shape[1], found[7][0].lr.shape[1]) == (1, 2)


def test_a_closure_gives_its_first_pass(tmp_path):
    """Loss and gradients are those that the step begins with."""
    found = records(looped("closure", tmp_path / "run.optiscope"))
    (block, row), (before, at) = found[2], found[1]
    assert block.loss[row] <= before.loss[at]
    assert all(gradient is not None for gradient in block.grads.values())


def test_what_is_measured_by_layer_is_what_the_tensors_say(tmp_path):
    """Every quantity, against the plain computation of it."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(20, 40), nn.ReLU(), nn.Linear(40, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.1)
    x, wanted = torch.randn(16, 20), []
    with watch(model, optimizer, to=tmp_path / "run.optiscope", every=1):
        for _ in range(5):
            optimizer.zero_grad()
            model(x).square().mean().backward()
            layer = list(model[0].parameters())
            before = torch.cat([p.detach().reshape(-1).clone() for p in layer]).double()
            grad = torch.cat([p.grad.reshape(-1) for p in layer]).double()
            momentum = _state(optimizer, layer, "exp_avg")
            optimizer.step()
            after = torch.cat([p.detach().reshape(-1) for p in layer]).double()
            update = after - before
            cosine = torch.nn.functional.cosine_similarity
            wanted.append(
                {
                    "grad_norm": grad.norm(),
                    "weight_norm": after.norm(),
                    "update_norm": update.norm(),
                    "update_ratio": update.norm() / after.norm(),
                    "effective_lr": update.norm() / grad.norm(),
                    "cos_update_grad": cosine(update, -grad, dim=0),
                    "cos_momentum_grad": math.nan if momentum is None else cosine(momentum, grad, dim=0),
                    "zeros": (grad == 0).sum(),
                    "non_finite": 0.0,
                    "state.exp_avg": _state(optimizer, layer, "exp_avg").norm(),
                    "state.exp_avg_sq": _state(optimizer, layer, "exp_avg_sq").norm(),
                    "frozen": 0.0,
                }
            )
    found = records(blocks_in(tmp_path / "run.optiscope"))
    for step, numbers in enumerate(wanted, 1):
        block, row = found[step]
        layers = block.optional["layers"]
        got = {name: float(layers[name][row, 0]) for name in numbers}
        assert got == pytest.approx({k: float(v) for k, v in numbers.items()}, rel=2e-4, nan_ok=True)
        assert np.isnan(layers["grad_noise"][row, 0]) == (step == 1)
    assert block.grad_norm[row] == pytest.approx(float(np.linalg.norm(layers["grad_norm"][row])), rel=1e-5)


@pytest.mark.parametrize("each", [1, 3, 5, 7])
def test_another_optimizer_that_steps_seldom_is_measured_at_its_last_step(each, tmp_path):
    """Once a record had none: as a generator's, which waits for several of the critic's."""
    torch.manual_seed(0)
    model = nn.ModuleDict({"critic": nn.Linear(20, 1), "generator": nn.Linear(20, 20)})
    first = torch.optim.SGD(model["critic"].parameters(), lr=0.1)
    other = torch.optim.Adam(model["generator"].parameters(), lr=0.1)
    wanted, last = {}, None
    with watch(model, [first, other], to=tmp_path / "run.optiscope", params=[], every=10):
        for step in range(1, 51):
            model["critic"](model["generator"](torch.randn(8, 20))).square().mean().backward()
            first.step()
            wanted[step], last = last, last if step % 10 else None
            if step % each == 0:
                grads = torch.cat([p.grad.reshape(-1) for p in other.param_groups[0]["params"]])
                other.step()
                weights = torch.cat([p.detach().reshape(-1) for p in other.param_groups[0]["params"]])
                last = float(grads.norm()), float(weights.norm())
            model.zero_grad()
    found = records(blocks_in(tmp_path / "run.optiscope"))
    missed = []
    for step in range(10, 51, 10):
        (block, row), names = found[step], ("grad_norm", "weight_norm")
        got = tuple(float(block.optional["layers"][name][row, 1]) for name in names)
        if np.isnan(got).all():
            missed.append(step)
        else:
            assert got == pytest.approx(wanted[step], rel=1e-5)
    assert missed == {1: [], 3: [20], 5: [10], 7: [10]}[each]


@pytest.mark.parametrize("kind", ["clipped", "without backward", "not a number"])
def test_the_norm_of_all_gradients_is_that_of_all_there_are(kind, tmp_path):
    """Of what no optimizer holds, too; nothing where there is none; no number where one is none."""
    model = nn.Sequential(nn.Linear(20, 40), nn.Linear(40, 5))
    optimizer = torch.optim.SGD(model[0].parameters(), lr=0.1)
    with watch(model, optimizer, to=tmp_path / "run.optiscope", every=1) as seen:
        for _ in range(2):
            if kind != "without backward":
                model(torch.ones(2, 20)).sum().backward()
            if kind == "not a number":
                model[0].bias.grad[3] = math.nan
            seen.clipped(nn.utils.clip_grad_norm_(model.parameters(), 0.01))
            optimizer.step()
    block = blocks_in(tmp_path / "run.optiscope")[-1]
    norm, layers = block.optional["clipped_grad_norm"], block.optional["layers"]
    wanted = {"clipped": 0.01, "without backward": 0.0, "not a number": math.nan}[kind]
    assert norm == pytest.approx([wanted] * 2, rel=1e-4, nan_ok=True)
    assert np.isnan(layers["grad_norm"][0]).all() == (kind != "clipped")


def _state(optimizer, params, key):
    """What an optimizer keeps of some parameters, flat."""
    kept = [optimizer.state[param].get(key) for param in params if optimizer.state.get(param)]
    return torch.cat([part.reshape(-1).clone() for part in kept]).double() if kept else None


def test_gradient_noise_is_the_share_of_it_that_does_not_last(tmp_path):
    """Of a gradient that stays it is nothing, of one that is only noise about all."""
    shares = []
    for signal_ in (1.0, 0.0):
        torch.manual_seed(0)
        weight = nn.Parameter(torch.zeros(3000))
        model = nn.ParameterList([weight])
        optimizer = torch.optim.SGD([weight], lr=1e-3, momentum=0.9)
        with watch(model, optimizer, to=tmp_path / "run.optiscope", every=1):
            for _ in range(60):
                weight.grad = torch.full((3000,), signal_) if signal_ else torch.randn(3000)
                optimizer.step()
        last = blocks_in(tmp_path / "run.optiscope")[-1]
        shares.append(float(np.nanmean(last.optional["layers"]["grad_noise"][20:])))
    assert shares[0] == pytest.approx(0, abs=0.01)
    assert shares[1] == pytest.approx(1, abs=0.1)


def test_parameters_that_are_named_are_recorded_whole_beside_the_layers(tmp_path):
    """Of a large model; a name that it has not is refused with those that it has."""
    first, *_ = blocks = [
        event
        for event in trained(tmp_path / "run.optiscope", width=200, params=["2.bias"], every=2)
        if isinstance(event, Block)
    ]
    assert list(first.params) == ["2.bias"]
    assert [step for block in blocks for step in block.steps] == [0, 2, 4, 6]
    with pytest.raises(ValueError, match=r"no parameter '3.bias': it has 0.weight"):
        trained(tmp_path / "other.optiscope", params=["3.bias"])
    with pytest.raises(ValueError, match="no optimizer to be watched"):
        watch(nn.Linear(2, 1), [], to=tmp_path / "none.optiscope")


def test_who_owns_a_parameter_is_said_before_the_first_step(tmp_path):
    """One that no optimizer holds, and one that two hold."""
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    optimizers = [torch.optim.SGD(model[0].parameters(), lr=0.1) for _ in range(2)]
    watch(model, optimizers, to=tmp_path / "run.optiscope").close()
    beginning = events_in(tmp_path / "run.optiscope")[0]
    assert isinstance(beginning, Beginning)
    assert [warning["code"] for warning in beginning.warnings] == ["no_group", "two_groups"]
    assert [layer["group"] for layer in beginning.layers] == [0, None]


@pytest.mark.parametrize("params", [None, []])
def test_a_closure_says_its_loss_by_itself(tmp_path, params):
    """That of its first pass, whether the model is recorded whole or measured by layer."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1, max_iter=3)
    passes = []

    def closure():
        optimizer.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        passes[-1].append(loss.item())
        return loss

    with watch(model, optimizer, to=tmp_path / "run.optiscope", params=params, every=1):
        for _ in range(3):
            passes.append([])
            optimizer.step(closure)
    assert all(len(losses) > 1 for losses in passes)
    said = [loss for block in blocks_in(tmp_path / "run.optiscope") for loss in block.loss.tolist()]
    assert said[1:] == [losses[0] for losses in passes]


def test_a_report_loses_no_record_where_too_many_wait(tmp_path, monkeypatch):
    """What is not written then is written later, or counted as dropped."""
    monkeypatch.setattr("optiscope.watching.writer.MOST_WAITING", 0)
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with watch(model, optimizer, to=tmp_path / "run.optiscope") as seen:
        for _ in range(6):
            optimizer.zero_grad()
            model(torch.ones(2)).sum().backward()
            optimizer.step()
        seen.report()
    count, _, told = seen.trouble.partition(" ")
    assert told == "records were dropped so that the loop did not wait"
    assert sum(map(len, blocks_in(tmp_path / "run.optiscope"))) + int(count) == 7


def test_hyperparameters_are_numbers_whatever_their_type(tmp_path):
    """Those of numpy and of torch; one that is not finite by its name, as JSON has none."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=np.float64(0.5), momentum=np.float32(0.25))
    optimizer.param_groups[0] |= {"tensor": torch.tensor(2.0), "bound": math.inf, "whole": np.int64(3)}
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, np.float64(10))
    watch(model, optimizer, scheduler, to=tmp_path / "run.optiscope", steps=5).close()
    beginning = events_in(tmp_path / "run.optiscope")[0]
    assert isinstance(beginning, Beginning)
    [group] = beginning.source["optimizers"][0]["groups"]
    names = ("lr", "momentum", "tensor", "bound", "whole")
    assert [group[name] for name in names] == [0.5, 0.25, 2.0, "Infinity", 3]
    assert beginning.source["schedules"] == [{"T_max": 10.0}]


@pytest.mark.parametrize("width", [1, 300])
def test_an_optimizer_whose_step_is_not_called_is_told(tmp_path, width):
    """A wrapper may call that of the one within; once a step is seen, all is well."""
    model = nn.Linear(2, width)
    within, around = (torch.optim.SGD(model.parameters(), lr=0.1) for _ in range(2))
    seen = watch(model, around, to=tmp_path / "run.optiscope")
    for step in range(30):
        within.zero_grad()
        loss = model(torch.ones(1, 2)).square().mean()
        loss.backward()
        within.step()
        seen.loss(loss)
        assert ("no step() of SGD was called" in seen.trouble) == (step >= 19)
    assert [said.code for said in seen.report().found] == ["watch_no_step"]
    seen.close()
    assert "30 losses were said and no step() of SGD was called" in seen.trouble
    assert [said.code for said in seen.report().found] == ["watch_no_step"]
    again = watch(model, around, to=tmp_path / "again.optiscope")
    for _ in range(30):
        again.loss(1.0)
    around.step()
    again.close()
    assert again.trouble == ""


def test_a_resumed_script_appends_to_its_run(tmp_path):
    """Its steps go on where its optimizer stands, and records that are there stay as they are."""
    path = tmp_path / "run.optiscope"
    assert list(records(looped("resumed", path))) == list(range(13))
    assert sum(isinstance(event, Beginning) for event in events_in(path)) == 1


def test_a_run_that_is_gone_on_with_by_another_optimizer_keeps_all_its_steps(tmp_path):
    """Whose own count, in a checkpoint, is not that of the run."""
    path = tmp_path / "run.optiscope"
    model = nn.Linear(4, 2)
    kept = None
    for make, resume in ((torch.optim.SGD, None), (torch.optim.Adam, True), (torch.optim.Adam, None)):
        optimizer = make(model.parameters(), lr=0.01)
        if resume is None and kept is not None:
            optimizer.load_state_dict(kept)
        with watch(model, optimizer, to=path, resume=resume) as seen:
            for _ in range(5):
                optimizer.zero_grad()
                model(torch.ones(1, 4)).square().sum().backward()
                optimizer.step()
                seen.loss(1.0)
        kept = optimizer.state_dict()
    found = records(blocks_in(path))
    assert list(found) == list(range(16))
    assert [float(block.state["weight"]["step"][row]) for block, row in list(found.values())[6:]] == [
        *range(1, 11)
    ]


def test_a_script_that_is_killed_leaves_what_it_wrote(tmp_path):
    """Its file is readable up to the last whole block, and can be gone on with."""
    path = tmp_path / "run.optiscope"
    script = (
        "import torch, time\nfrom optiscope.watching import recorder\nrecorder.ROWS = 5\n"
        "from optiscope import watch\nmodel = torch.nn.Linear(2, 1)\n"
        f"o = torch.optim.SGD(model.parameters(), lr=0.1)\nw = watch(model, o, to={str(path)!r})\n"
        "for step in range(10**9):\n    model(torch.ones(2)).sum().backward(); o.step()\n"
        "    if step == 40: print('there', flush=True); time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout.readline() == b"there\n"
        while not path.exists() or len(path.read_bytes().splitlines()) < 5:
            pass
        process.send_signal(signal.SIGKILL)
    last = blocks_in(path)[-1].steps[-1]
    assert 10 <= last <= 41
    path.write_bytes(path.read_bytes() + b'{"event": "blo')
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with watch(model, optimizer, to=path, resume=True):
        model(torch.ones(2)).sum().backward()
        optimizer.step()
    assert list(records(blocks_in(path)))[-1] == last + 1


def test_under_pressure_detail_is_dropped_and_said(tmp_path, monkeypatch):
    """The loop is not held up: every second record goes, as often as it must, and that is told."""
    monkeypatch.setattr("optiscope.watching.recorder.ROWS", 8)
    monkeypatch.setattr("optiscope.watching.writer.Writer.take", lambda *_: False)
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen = watch(model, optimizer, to=tmp_path / "run.optiscope")
    for _ in range(100):
        model(torch.ones(2)).sum().backward()
        optimizer.step()
    waiting = len(seen._recorder._rows)
    monkeypatch.undo()
    assert waiting <= 8
    seen.close()
    assert "dropped" in seen.trouble
    steps = list(records(blocks_in(tmp_path / "run.optiscope")))
    assert (steps[-1], steps == sorted(set(steps))) == (100, True)


def test_what_is_slow_to_be_written_drops_nothing_of_a_small_model(tmp_path, monkeypatch):
    """Records wait by their number and size, however few the loop hands on at a time."""
    monkeypatch.setattr("optiscope.watching.recorder.SECONDS", 0.0)
    is_held, write = threading.Event(), file.RunFile.write
    monkeypatch.setattr(file.RunFile, "write", lambda self, blocks: is_held.wait(60) and write(self, blocks))
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen = watch(model, optimizer, to=tmp_path / "run.optiscope")
    for _ in range(100):
        model(torch.ones(2)).sum().backward()
        optimizer.step()
    is_held.set()
    seen.close()
    assert seen.trouble == ""
    assert list(records(blocks_in(tmp_path / "run.optiscope"))) == list(range(101))


def test_records_that_wait_are_few_objects_to_the_garbage_collector(tmp_path):
    """One a step, however many numbers it has and though its rate moves: what is kept makes collections."""
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    optimizer = torch.optim.Adam(model.parameters())
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 1000)
    counts = []
    with watch(model, optimizer, scheduler, to=tmp_path / "run.optiscope") as seen:
        for _ in range(2):
            for _ in range(100):
                optimizer.zero_grad()
                loss = model(torch.ones(2)).sum()
                loss.backward()
                optimizer.step()
                scheduler.step()
                seen.loss(loss)
            gc.collect()
            counts.append(len(gc.get_objects()))
    assert counts[1] - counts[0] < 200


def test_an_error_of_the_recorder_stays_its_own(tmp_path, monkeypatch):
    """The loop goes on, the hooks are gone, and what went wrong is told."""

    def broken(*_arguments, **_options):
        raise RuntimeError("no such number")

    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen = watch(model, optimizer, to=tmp_path / "run.optiscope")
    monkeypatch.setattr(Recorder, "_keep", broken)
    for _ in range(3):
        model(torch.ones(2)).sum().backward()
        optimizer.step()
    assert not optimizer._optimizer_step_pre_hooks
    seen.close()
    assert "no such number" in seen.trouble


class Handing(torch.optim.Optimizer):
    """A wrapper as accelerate has one: of torch's class, and without its hooks."""

    def __init__(self, optimizer):
        self.optimizer = optimizer

    param_groups = property(lambda self: self.optimizer.param_groups)
    state = property(lambda self: self.optimizer.state)

    def step(self, closure=None):
        return self.optimizer.step(closure)

    def zero_grad(self):
        self.optimizer.zero_grad()


def test_what_hands_its_steps_on_is_watched_within(tmp_path):
    """A wrapper that takes no hooks, over another one, is seen as the optimizer that it steps."""
    ends, path = [], tmp_path / "run.optiscope"
    for wrapped in (False, True):
        torch.manual_seed(0)
        model = nn.Linear(2, 1)
        inner = torch.optim.Adam(model.parameters(), lr=0.1)
        optimizer = Handing(Handing(inner)) if wrapped else inner
        with watch(model, optimizer, to=path) as seen:
            for _ in range(3):
                optimizer.zero_grad()
                model(torch.ones(4, 2)).square().mean().backward()
                optimizer.step()
        ends.append([block.params["weight"].tolist() for block in blocks_in(path)])
        assert seen.step == 3
    assert ends[0] == ends[1]
    assert audit(model, optimizer, steps=2).rates == [[0.1, 0.1]]
    schedule = SimpleNamespace(scheduler=torch.optim.lr_scheduler.StepLR(inner, 1), step=lambda: None)
    assert audit(model, optimizer, schedule, steps=2).rates == [[0.1, 0.010000000000000002]]


def test_many_optimizers_of_a_kind_are_counted_in_the_name_of_a_run(tmp_path):
    """Some libraries make one for each parameter."""
    model = nn.Linear(2, 1)
    optimizers = [torch.optim.Adam([param], lr=0.1) for param in model.parameters()]
    with watch(model, [*optimizers, torch.optim.SGD([model.bias])], to=tmp_path / "run.optiscope") as seen:
        assert seen.beginning.name == "Adam (2), SGD on Linear"


def test_a_count_of_steps_is_no_state_of_fewer_bits(tmp_path):
    """Adam counts in float32, also for a parameter of double precision that is a single number."""
    model = nn.Module()
    model.scale = nn.Parameter(torch.tensor(2.0, dtype=torch.float64))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    with watch(model, optimizer, to=tmp_path / "run.optiscope") as seen:
        for _ in range(4):
            optimizer.zero_grad()
            loss = model.scale.square()
            loss.backward()
            optimizer.step()
            seen.loss(loss)
    assert "state_has_fewer_bits" not in str(seen.report())


@pytest.mark.parametrize("cycles", [True, False])
def test_rates_that_a_scheduler_moves_are_those_of_their_step(tmp_path, cycles):
    """Also where it moves momentum, and where somebody else moves decay."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.5, 12, cycle_momentum=cycles)
    expected = []
    with watch(model, optimizer, scheduler, to=tmp_path / "run.optiscope") as seen:
        for step in range(12):
            group = optimizer.param_groups[0]
            group["weight_decay"] = 0.01 if step > 8 else 0.0
            expected.append([group["lr"], group["momentum"], group["weight_decay"], step])
            model(torch.ones(2)).sum().backward()
            optimizer.step()
            scheduler.step()
            seen.loss(1.0)
    blocks = [block.since(1) for block in blocks_in(tmp_path / "run.optiscope") if block.steps[-1] > 0]
    found = [
        np.concatenate([block.lr, block.momentum, block.optional["hyperparameters"]["weight_decay"]], axis=1)
        for block in blocks
    ]
    scheduled = np.concatenate([block.optional["scheduled"] for block in blocks])
    assert np.concatenate([np.concatenate(found), scheduled], axis=1).tolist() == expected


@pytest.mark.parametrize("held", [lambda: (torch.tensor(0.9), torch.tensor(0.99)), lambda: [0.9, 0.99]])
def test_betas_that_are_changed_in_place_are_those_of_their_step(tmp_path, held):
    """While the rate stays what it was."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1, foreach=False)
    optimizer.param_groups[0]["betas"] = betas = held()
    expected = []
    with watch(model, optimizer, to=tmp_path / "run.optiscope") as seen:
        for step in range(6):
            if isinstance(betas, list):
                betas[0] = 0.5 + 0.05 * step
            else:
                betas[0].fill_(0.5 + 0.05 * step)
            expected.append(float(betas[0]))
            model(torch.ones(2)).sum().backward()
            optimizer.step()
            seen.loss(1.0)
    blocks = [block.since(1) for block in blocks_in(tmp_path / "run.optiscope") if block.steps[-1] > 0]
    assert np.concatenate([block.momentum[:, 0] for block in blocks]).tolist() == expected


def test_a_state_whose_memory_is_exchanged_is_recorded_as_it_is(tmp_path):
    """What an optimizer's tensor says is read where it lies now, also behind the same object."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    expected = []
    with watch(model, optimizer, to=tmp_path / "run.optiscope") as seen:
        for step in range(6):
            if step == 3:
                buffer = optimizer.state[model.weight]["momentum_buffer"]
                buffer.data = buffer.data * 2
            optimizer.zero_grad()
            loss = model(torch.ones(2)).sum()
            loss.backward()
            optimizer.step()
            seen.loss(loss)
            expected.append(optimizer.state[model.weight]["momentum_buffer"].tolist())
    blocks = [block.since(1) for block in blocks_in(tmp_path / "run.optiscope") if block.steps[-1] > 0]
    found = np.concatenate([block.state["weight"]["momentum_buffer"] for block in blocks])
    assert found.tolist() == expected
