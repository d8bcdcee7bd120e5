"""What is asked of a watch: whatever makes no sense is told by its name, before anything starts."""

import re
from pathlib import Path

import pytest
import torch
from torch import nn

from optiscope import audit, watch


def objects():
    """A model and its optimizer."""
    model = nn.Linear(2, 1)
    return model, torch.optim.SGD(model.parameters(), lr=0.1)


def loss():
    """Of some samples."""
    return torch.ones(())


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"every": 0}, "every must be a whole number of at least 1, got 0"),
        ({"every": -1}, "every must be a whole number of at least 1"),
        ({"every": 1.5}, "every must be a whole number"),
        ({"every": True}, "every must be a whole number"),
        ({"quantities": "most"}, "quantities must be 'all' or 'norms', got 'most'"),
        ({"params": "weight"}, "params must be names"),
        ({"params": ["nope"]}, "no parameter 'nope'"),
        ({"surface": "sphere"}, "surface must be 'random' or 'update'"),
        ({"resolution": 2}, "resolution must be a whole number from 3 to 51, got 2"),
        ({"closure": loss, "resolution": 7.5}, "resolution must be a whole number"),
        ({"closure": loss, "critical_every": 2.5}, "critical_every must be a whole number of at least 1"),
        ({"closure": loss, "surfaces_at": [-1]}, "a step of surfaces_at must be a whole"),
        ({"closure": loss, "surfaces_at": ["1"]}, "a step of surfaces_at must be a whole number"),
        ({"closure": loss, "surfaces_at": 5}, "surfaces_at must be steps"),
        ({"closure": 3.0}, "closure must be a function"),
        ({"scaler": 3}, "scaler must be a torch.amp.GradScaler"),
        ({"name": 3}, "name must be a text"),
        ({"scheduler": 3}, "scheduler must be one of torch.optim.lr_scheduler"),
        ({"scheduler": "x"}, "scheduler must be one of torch.optim.lr_scheduler"),
        ({"optimizer": 3}, "optimizer must be a torch.optim.Optimizer"),
        ({"optimizer": [3]}, "optimizer must be a torch.optim.Optimizer"),
        ({"optimizer": []}, "no optimizer"),
        ({"model": 3}, "model must be a torch.nn.Module"),
    ],
)
def test_what_makes_no_sense_is_refused(how, why, tmp_path):
    """With the name of what was given, and nothing is written or hooked."""
    model, optimizer = objects()
    given = {"model": model, "optimizer": optimizer, **how}
    with pytest.raises((TypeError, ValueError), match=re.escape(why)):
        watch(to=tmp_path / "run.optiscope", **given)
    assert not list(tmp_path.iterdir())
    assert not optimizer._optimizer_step_pre_hooks


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("localhost:8000", 'to="http://localhost:8000"'),
        ("127.0.0.1:8000/", 'to="http://127.0.0.1:8000/"'),
        ("ftp://somewhere", "to must be a file, or an address"),
        ("http://", "to must be a file, or an address"),
        ("http://127.0.0.1:99999", "to must be a file, or an address"),
        ("", "to must be a file, or an address"),
        (None, "to must be a file, or an address"),
    ],
)
def test_a_place_that_is_neither_file_nor_address_is_refused(to, why, tmp_path, monkeypatch):
    """An address without its scheme would be a file that nobody looks at."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises((TypeError, ValueError), match=re.escape(why)):
        watch(*objects(), to=to)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("to", ["a.b/c:8", "run", Path("localhost:8000")])
def test_a_file_may_be_called_anything(to, tmp_path, monkeypatch):
    """What names a folder, or is a path, is a file."""
    monkeypatch.chdir(tmp_path)
    Path("a.b").mkdir()
    watch(*objects(), to=to).close()
    assert Path(to).is_file()


def test_what_is_no_recording_is_not_replaced(tmp_path):
    """A script that is given as ``to`` by mistake is there still."""
    script = tmp_path / "train.py"
    script.write_text("import torch\n")
    with pytest.raises(FileExistsError, match=r"train\.py is there and is no recording"):
        watch(*objects(), to=script)
    assert script.read_text() == "import torch\n"


def test_a_run_of_another_model_is_not_gone_on_with(tmp_path):
    """Its records would lie among those of other parameters; it may be replaced."""
    path = tmp_path / "run.optiscope"
    watch(*objects(), to=path).close()
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="holds a run of another model"):
        watch(model, optimizer, to=path, resume=True)
    watch(*objects(), to=path, resume=True).close()
    watch(model, optimizer, to=path, resume=False).close()


@pytest.mark.parametrize(
    ("say", "why"),
    [
        (lambda seen: seen.loss(torch.ones(2)), "loss must be one number, got a tensor of shape (2,)"),
        (lambda seen: seen.loss(torch.tensor(1j)), "loss must be one number"),
        (lambda seen: seen.loss(1.0, samples=-3), "samples must be a whole number of at least 0, got -3"),
        (lambda seen: seen.loss(1.0, samples=torch.ones(2)), "samples must be a whole number of at least 0"),
        (lambda seen: seen.loss(1.0, samples=1.5), "samples must be a whole number of at least 0, got 1.5"),
        (lambda seen: seen.log("val", torch.ones(3)), "val must be one number"),
        (lambda seen: seen.log("val", "low"), "val must be a number, got 'low'"),
        (lambda seen: seen.log(3, 1.0), "the name of a number must be a text, got 3"),
        (lambda seen: seen.clipped(None), "clipped must be a number, got None"),
    ],
)
def test_what_is_said_is_a_number_where_it_is_said(say, why, tmp_path):
    """Rather than that all records are lost later; what is wrong is not recorded, and the rest is."""
    model, optimizer = objects()
    with watch(model, optimizer, to=tmp_path / "run.optiscope") as seen:
        for step in range(3):
            optimizer.zero_grad()
            value = model(torch.ones(4, 2)).square().mean()
            value.backward()
            optimizer.step()
            if step == 1:
                with pytest.raises((TypeError, ValueError), match=re.escape(why)):
                    say(seen)
            seen.loss(value)
    assert (seen.step, seen.trouble) == (3, "")


def test_what_has_no_shape_yet_is_told_by_its_name(tmp_path):
    """A lazy layer has one once the model has seen a batch."""
    model = torch.nn.Sequential(torch.nn.LazyLinear(3), torch.nn.Linear(3, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match=r"0\.weight has no shape yet"):
        watch(model, optimizer, to=tmp_path / "mine.optiscope")
    model(torch.ones(2, 4))
    watch(model, optimizer, to=tmp_path / "mine.optiscope").close()


def test_an_audit_asks_for_the_same_objects():
    """By the same words."""
    model, optimizer = objects()
    with pytest.raises(TypeError, match=r"model must be a torch\.nn\.Module"):
        audit(3, optimizer)
    with pytest.raises(ValueError, match="no optimizer"):
        audit(model, [])
