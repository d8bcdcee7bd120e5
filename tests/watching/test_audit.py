"""What a run of some objects would be, before any step of it."""

import math
import threading

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


def test_a_schedule_that_cannot_be_copied_is_said():
    """With the rates as they are now; the objects are those of the loop still."""

    class Locked:
        def __init__(self):
            self.lock = threading.Lock()

        def __call__(self, step):
            return 0.5**step

    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, Locked())
    found = audit(model, optimizer, scheduler, steps=3)
    assert found.rates == [[0.1] * 3]
    assert [said.code for said in found.found] == ["audit_not_copied"]
    assert scheduler.last_epoch == 0


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
