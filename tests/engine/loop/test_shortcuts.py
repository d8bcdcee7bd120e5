"""Steps that are taken again with other numbers are torch's own steps."""

from importlib import import_module

import pytest
import torch

from optiscope.engine.loop.shortcuts import RepeatedStep
from tests.engine import recipes

GRADIENTS = [torch.tensor([0.5, -2.0]), torch.tensor([-0.25, 1e-3]), torch.tensor([3.0, 0.0])] * 4


def optimizer_of(recipe, **more):
    xy = torch.nn.Parameter(torch.tensor([1.0, -1.0]))
    xy.grad = torch.zeros(2)
    cls = getattr(torch.optim, recipes.name_of(recipe))
    return cls([xy], **recipes.OPTIMIZERS[recipe] | more), xy


def steps_of(step, xy):
    """Where the parameter is after each step."""
    places = []
    for gradient in GRADIENTS:
        xy.grad.copy_(gradient)
        with torch.no_grad():
            step()
        places.append(xy.detach().clone())
    return torch.stack(places)


@pytest.mark.parametrize("more", [{}, {"foreach": True}, {"foreach": False}])
@pytest.mark.parametrize("recipe", ["SGD, momentum", "Adam, amsgrad", "NAdam", "Adafactor", "ASGD"])
def test_a_repeated_step_is_the_step(recipe, more):
    """Whichever way torch takes: one tensor after the other, or all of them at once."""
    optimizer, xy = optimizer_of(recipe, **more)
    expected = steps_of(optimizer.step, xy)
    again, xy = optimizer_of(recipe, **more)
    assert torch.equal(steps_of(RepeatedStep(again), xy), expected)
    assert str(again.state_dict()) == str(optimizer.state_dict())


def test_repeated_steps_do_not_gather_anew(monkeypatch):
    """From the third step on, torch's step is no longer asked what to do."""
    gathered = []
    real = torch.optim.Adam._init_group
    monkeypatch.setattr(torch.optim.Adam, "_init_group", lambda *args: gathered.append(1) or real(*args))
    optimizer, xy = optimizer_of("Adam")
    steps_of(RepeatedStep(optimizer), xy)
    assert len(gathered) == 2


def test_nothing_of_torch_stays_changed():
    """What a step is noted with is gone afterwards, even if the step fails."""
    module = import_module("torch.optim.adam")
    function = module._single_tensor_adam
    optimizer, xy = optimizer_of("Adam")
    step = RepeatedStep(optimizer)
    with torch.no_grad():
        step()
        xy.grad = torch.zeros(2).to_sparse()
        with pytest.raises(RuntimeError, match="sparse"):
            step()
    assert module._single_tensor_adam is function
