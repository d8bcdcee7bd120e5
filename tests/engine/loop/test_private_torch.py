"""What is private in torch stands in one module, and saves time alone: steps taken anew are torch's own."""

import ast
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import torch

from optiscope.engine.loop import private_torch
from optiscope.engine.loop.private_torch import RepeatedStep
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


@pytest.mark.parametrize("count", [1, 2, 6])
def test_flat_values_are_copies_either_way(count):
    """They stay what they were when the tensors change, also where there is one tensor only."""
    tensors = [torch.randn(3, 2).t() for _ in range(count)]
    for way in (private_torch.PRIVATE, private_torch.PUBLIC):
        expected = torch.cat([tensor.flatten() for tensor in tensors])
        flat = way.flat(tensors)
        for tensor in tensors:
            tensor.add_(1)
        assert torch.equal(flat, expected)


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


def test_a_torch_without_the_private_names_is_used_the_public_way():
    """Nothing but time is lost where a name is gone, as where the environment asks for it."""
    code = (
        "import torch.autograd; {before}; from optiscope.engine.loop import private_torch as p; "
        "print(p.WAY.backward is p.PUBLIC.backward, p.WAY is p.PUBLIC)"
    )

    def said(before="", **environment):
        command = [sys.executable, "-c", code.format(before=before or "pass")]
        return subprocess.run(
            command, env=os.environ | environment, capture_output=True, text=True, check=True
        ).stdout.split()

    gone = "del torch.autograd.Variable._execution_engine"
    assert said(gone, OPTISCOPE_PUBLIC_TORCH="") == ["True", "False"]
    assert said(OPTISCOPE_PUBLIC_TORCH="") == ["False", "False"]
    assert said(OPTISCOPE_PUBLIC_TORCH="1") == ["True", "True"]


def private_modules(tree):
    """What a module imports from modules of torch that begin with an underscore, or under such a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("torch"):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("torch")]
        else:
            continue
        yield from (name for name in names if "._" in name)


def test_nothing_else_knows_private_names_of_torch():
    """Other modules neither import them nor are allowed to reach for them."""
    root = Path(private_torch.__file__).parents[2]
    others = [path for path in root.rglob("*.py") if path.name != "private_torch.py"]
    for path in others:
        source = path.read_text()
        assert not list(private_modules(ast.parse(source))), path
        assert "noqa: SLF001" not in source, path
