"""What a run of some objects would be, before any step of it."""

import math
import random
import threading
import tracemalloc

import numpy as np
import pytest
import torch
from torch import nn

from optiscope import audit


def test_the_rates_are_those_that_the_schedule_would_give():
    """Of every group and step; neither optimizer nor scheduler is changed."""
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    model[0].bias.requires_grad_(False)
    optimizer = torch.optim.SGD(
        [{"params": model[0].weight, "lr": 1.0}, {"params": [model[1].weight]}], lr=0.1
    )
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    before = (scheduler.state_dict(), [dict(group) for group in optimizer.param_groups])
    found = audit(model, optimizer, scheduler, steps=10)
    assert (scheduler.state_dict(), optimizer.param_groups) == before
    real = []
    for _ in range(10):
        real.append([group["lr"] for group in optimizer.param_groups])
        optimizer.step()
        scheduler.step()
    assert found.rates == [list(column) for column in zip(*real, strict=True)]
    assert (list(found.frozen), [said.code for said in found.found]) == (["0.bias"], ["no_group"])
    assert "lr of step 10" in str(found)
    assert "<table>" in found._repr_html_()


def test_a_schedule_that_ends_too_early_is_said():
    """And one that follows the loss cannot be drawn."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=5, cycle_momentum=False)
    assert [said.code for said in audit(model, optimizer, cycle, steps=9).found] == ["audit_schedule_ends"]
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer)
    assert [said.code for said in audit(model, optimizer, plateau, steps=9).found] == ["audit_follows_loss"]


class Trainer:
    """Has a schedule as a method, and much else beside it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.images = torch.zeros(2000, 4)
        self.table = np.linspace(1, 0, 2000)
        self.samples = [[0.0]] * 20_000
        self.texts = []
        self.calls = []

    def factor(self, step):
        """Half the rate in each step; it keeps count."""
        self.calls.append(step)
        return 0.5**step

    def locked(self, step):
        """As much, under a lock."""
        with self.lock:
            return 0.5**step

    def read(self, step):
        """As the numbers of a large tensor say."""
        return 1 + self.images[step, 0].item()

    def sampled(self, step):
        """By the samples, of which it is enough how many there are, as many a schedule asks of a loader."""
        return 1 - step / len(self.samples) if self.samples else 1

    def labelled(self, step):
        """By one of the samples."""
        return 1 + self.samples[step][0]

    def written(self, step):
        """By a large array, which it changes."""
        self.table[step] -= 0.5
        return float(self.table[step])

    def told(self, step):
        """By a large tensor, of which its shape is enough."""
        return 1 - step / len(self.images)

    def tabled(self, step):
        """By a large array, which it reads."""
        return float(self.table[step])

    def huge(self, step):
        """By far too many objects."""
        self.texts = self.texts or [[str(k) * 100 for k in range(9000)] for _ in range(20)]
        return 0.5**step


COUNTED = [0]


def counted(step):
    """Counts its calls for all of the script."""
    COUNTED[0] += 1
    return 0.5**step


def closing():
    """A function that counts its calls by itself, and what reads that."""
    calls = 0

    def factor(step, seen=[]):  # noqa: B006 - as people write it
        nonlocal calls
        calls += 1
        seen.append(step)
        return 0.5**calls

    return factor, lambda: (calls, len(factor.__defaults__[0]))


def scheduled(function):
    """A model, its optimizer, and a schedule by a function."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return model, optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, function)


def real(optimizer, scheduler, steps):
    """The rates of a loop."""
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


@pytest.mark.parametrize("name", ["factor", "told", "tabled", "sampled"])
def test_what_a_schedule_belongs_to_is_not_changed(name):
    """However large it is, and though it holds what nobody can copy: the rates are those of the loop."""
    trainer = Trainer()
    model, optimizer, scheduler = scheduled(getattr(trainer, name))
    before = len(trainer.calls)
    found = audit(model, optimizer, scheduler, steps=5)
    assert (len(trainer.calls), found.found) == (before, [])
    assert list(found.rates[0]) == real(optimizer, scheduler, 5)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("locked", "cannot pickle '_thread.lock' object"),
        ("read", "meta tensor"),
        ("labelled", "it uses a list of 20000 entries"),
        ("written", "read-only"),
        ("huge", "more than 4 MB belong to it"),
    ],
)
def test_a_schedule_that_cannot_be_copied_is_said(name, why):
    """With the rates as they are now; the objects are those of the loop still."""
    trainer = Trainer()
    model, optimizer, scheduler = scheduled(getattr(trainer, name))
    table = trainer.table.copy()
    found = audit(model, optimizer, scheduler, steps=3)
    assert found.rates == [[optimizer.param_groups[0]["lr"]] * 3]
    assert [said.code for said in found.found] == ["audit_not_copied"]
    assert why in str(found.found[0])
    assert scheduler.last_epoch == 0
    assert (trainer.table == table).all()


def test_a_trial_is_not_as_large_as_what_belongs_to_it():
    """Nor as slow: nothing of a large tensor or array is copied."""
    trainer = Trainer()
    trainer.images, trainer.table = torch.zeros(2**24), np.zeros(2**24)
    model, optimizer, scheduler = scheduled(trainer.factor)
    tracemalloc.start()
    audit(model, optimizer, scheduler, steps=3)
    assert tracemalloc.get_traced_memory()[1] < 2**23
    tracemalloc.stop()


def test_a_function_that_counts_its_calls_goes_on_where_it_was():
    """What it closes over, its defaults and its globals are those of the loop."""
    factor, calls = closing()
    model, optimizer, scheduler = scheduled(factor)
    before = calls()
    found = audit(model, optimizer, scheduler, steps=5)
    assert calls() == before == (1, 1)
    assert list(found.rates[0]) == real(optimizer, scheduler, 5)
    model, optimizer, scheduler = scheduled(counted)
    before = COUNTED[0]
    audit(model, optimizer, scheduler, steps=5)
    assert COUNTED[0] == before


def test_a_schedule_that_draws_random_numbers_leaves_them_as_they_stood():
    """Torch's, numpy's and Python's."""
    model, optimizer, scheduler = scheduled(
        lambda _: torch.rand(()).item() + random.random() + np.random.rand()  # noqa: NPY002, S311
    )
    before = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    assert len(set(audit(model, optimizer, scheduler, steps=9).rates[0])) == 9
    assert torch.equal(torch.get_rng_state(), before[0])
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before[1:]  # noqa: NPY002


@pytest.mark.parametrize("steps", [0, -1, 1.5, True, float("nan"), 10**9])
def test_steps_that_are_no_number_of_steps_are_refused(steps):
    """With the value and the bounds."""
    model = nn.Linear(2, 1)
    with pytest.raises(ValueError, match="from 1 to 1000000, got"):
        audit(model, torch.optim.SGD(model.parameters(), lr=0.1), steps=steps)


def said(model, optimizer, scheduler=None, steps=100):
    """The codes of what is found."""
    return [one.code for one in audit(model, optimizer, scheduler, steps=steps).found]


def sgd(model, **options):
    """An optimizer of all of a model."""
    return torch.optim.SGD(model.parameters(), **({"lr": 0.1} | options))


def normed():
    """A network with a norm and biases."""
    return nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.Linear(8, 1))


def test_sound_objects_are_passed_over_in_silence():
    """And a table in a notebook ends without a list."""
    model = normed()
    adam = torch.optim.AdamW(model.parameters(), lr=1e-3)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(adam, 100)
    assert said(model, adam, cosine) == []
    assert "<ul>" not in audit(model, adam, cosine, steps=100)._repr_html_()
    warm = [torch.optim.lr_scheduler.LinearLR(adam, 0.1), torch.optim.lr_scheduler.StepLR(adam, 50)]
    assert said(model, adam, warm) == []


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"lr": float("nan")}, ["audit_rate_not_finite"]),
        ({"lr": 0.0}, ["learning_rate_zero"]),
        ({"weight_decay": 0.1}, ["decay_on_norms"]),
    ],
)
def test_what_is_wrong_with_a_group_is_said(options, codes):
    """As the report would."""
    model = normed()
    optimizer = sgd(model)
    optimizer.param_groups[0].update(options)
    assert said(model, optimizer) == codes


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda o: torch.optim.lr_scheduler.StepLR(o, 5), ["schedule_ran_out"]),
        (lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda step: 1 - step / 50), ["rate_negative"]),
        (lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 1000), ["schedule_unfinished"]),
        (lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 40), ["cosine_rises_again"]),
        (
            lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=100),
            ["momentum_switched_on"],
        ),
        (
            lambda _: torch.optim.lr_scheduler.StepLR(sgd(nn.Linear(1, 1)), 5),
            ["scheduler_of_another"],
        ),
    ],
)
def test_what_a_schedule_would_do_is_said(make, codes):
    """One of another optimizer moves nothing here."""
    model = nn.Linear(2, 1)
    optimizer = sgd(model)
    scheduler = make(optimizer)
    found = audit(model, optimizer, scheduler, steps=100)
    assert [one.code for one in found.found] == codes
    assert all(code in str(found) and code in found._repr_html_() for code in codes)
    if codes == ["scheduler_of_another"]:
        assert set(found.rates[0]) == {0.1}


class Rateless(torch.optim.Optimizer):
    """Calls its rate something else."""

    def __init__(self, params):
        super().__init__(params, {"size": 0.1})


def test_an_optimizer_without_a_rate_is_looked_at():
    """There is nothing to be said of its rates."""
    model = nn.Linear(2, 1)
    found = audit(model, Rateless(model.parameters()), steps=3)
    assert (found.found, found.document()["lr"]) == ([], [["NaN"] * 3])


def test_the_rates_as_json_are_of_some_steps():
    """From the first to the last, no more than a picture needs."""
    model = nn.Linear(2, 1)
    found = audit(model, sgd(model), steps=1000).document()
    assert (found["steps"], found["at"][0], found["at"][-1]) == (1000, 1, 1000)
    assert len(found["at"]) == len(found["lr"][0]) <= 65
    endless = torch.optim.SGD(model.parameters(), lr=math.inf)
    assert audit(model, endless, steps=2).document()["lr"] == [["Infinity", "Infinity"]]
