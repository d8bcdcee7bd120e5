"""Problems of matrices: their truth, their runs, and what the memory of rare pairs shows."""

import numpy as np
import pytest
import torch
from torch import Generator, nn

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.lens.hessian import Hessians
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import PROBLEMS, build_problem
from optiscope.engine.recipe.problems.failures import FAILURES
from optiscope.engine.recipe.problems.matrices import (
    MATRICES,
    hadamard,
    memory_data,
    memory_logits,
    memory_loss,
    memory_parts,
    memory_start,
    turned,
)

ALL = [*MATRICES, *(info for info in FAILURES if info.kind == "matrix")]
each = pytest.mark.parametrize("info", ALL, ids=lambda info: info.name)
RARE_AND_FREQUENT = ([5, 6, 7], [0, 1, 2])


def config_of(info, optimizer="Adam", lr=0.05, **more):
    run = {"problem": {"name": info.name}, "optimizer": {"name": optimizer, "hyperparameters": {"lr": lr}}}
    return RunConfig.model_validate({**run, "steps": 20, **more})


def built(info, dtype=torch.float64, seed=0):
    config = config_of(info, model={"seed": seed})
    problem = build_problem(config.problem, dtype)
    return problem, build_model(problem, config.model, dtype)


@pytest.mark.parametrize("basis", [hadamard(), turned()])
def test_bases_are_orthogonal(basis):
    """Rows and columns alike."""
    assert torch.allclose(basis @ basis.mT, torch.eye(8, dtype=torch.float64), atol=1e-15)


@each
def test_the_target_is_a_minimum(info):
    """Its value is the least, and its gradient 0; the memory has none, and comes near it far out."""
    data = info.data()
    if info.target is None:
        far = 1000 * torch.eye(8, dtype=torch.float64)
        assert info.minimum <= info.loss(far, data) < 1e-12
        return
    target = info.target(data).requires_grad_()
    loss = info.loss(target, data)
    loss.backward()
    assert loss.item() == info.minimum
    assert target.grad.abs().max() == 0


@each
def test_parts_add_up_to_the_loss(info):
    """Each as often as its share says; of a matrix of a rank that the factors can make."""
    problem, model = built(info, seed=3)
    parts = info.parts(model(), problem.data)
    shares = torch.tensor(info.shares, dtype=torch.float64)
    assert len(info.part_names) == len(info.shares) == len(parts)
    outside = 0.0
    if info.name == "matrix-factorisation":  # what lies across the directions of the target
        left, right, _ = problem.data
        made = model()
        outside = (made.square().sum() - (left.mT @ made @ right).diagonal().square().sum()).item() / 2
    if info.draw is not None:  # what no embedding can tell
        outside = info.minimum
    assert (parts @ shares).item() + outside == pytest.approx(problem.loss(model).item(), rel=1e-12)


@each
def test_many_at_once_are_each_alone(info):
    """Of flat parameters, in rows of any number of dimensions."""
    problem, model = built(info)
    flat = torch.cat([param.detach().flatten() for param in model.parameters()])
    points = flat + torch.rand(2, 3, len(flat), generator=Generator().manual_seed(1), dtype=torch.float64)
    values = problem.at(points)
    assert values.shape == (2, 3)
    alone = torch.stack([problem.at(point) for point in points.flatten(end_dim=1)]).view(2, 3)
    assert torch.allclose(values, alone, rtol=1e-13)
    assert problem.at(flat).item() == pytest.approx(problem.loss(model).item(), rel=1e-13)


@each
def test_hessians_are_those_of_torch(info):
    """At the start, to rounding."""
    problem, model = built(info)
    flat = torch.cat([param.detach().flatten() for param in model.parameters()])
    expected = torch.autograd.functional.hessian(problem.at, flat)
    assert torch.allclose(Hessians(problem, model)(flat[None]).hessian[0], expected, atol=1e-12)


@each
@pytest.mark.parametrize(("optimizer", "lr"), [("SGD", 0.1), ("Adam", 0.03), ("Muon", 0.05)])
def test_a_run_is_the_plain_loop(info, optimizer, lr):
    """Bit for bit, in one piece and in two."""
    config = config_of(info, optimizer, lr, model={"seed": 2})
    blocks, checkpoint = advance(config, None, 12)
    more, _ = advance(config, checkpoint, 8)
    data = tuple(part.float() for part in info.data())
    params = [nn.Parameter(values) for values in info.start(Generator().manual_seed(2))]
    stepped = getattr(torch.optim, optimizer)(params, lr=lr)
    losses, generator = [], Generator().manual_seed(0)
    for _ in range(config.steps):
        stepped.zero_grad()
        matrix = info.matrix(*params, data)
        loss = info.sampled(matrix, data, info.draw(generator)) if info.draw else info.loss(matrix, data)
        loss.backward()
        stepped.step()
        losses.append(loss.item())
    recorded = np.concatenate([block.loss for block in (*blocks, *more)])[1:]
    assert recorded.tolist() == losses
    for name, param in zip(info.shapes, params, strict=True):
        assert np.array_equal(more[-1].params[name][-1], param.detach().numpy())


@each
def test_options_and_starts_of_others_are_refused(info):
    """Each with its place; explicit weights are taken."""
    with pytest.raises(ConfigError, match="takes no noise") as refused:
        PROBLEMS[info.name].complete(config_of(info).problem.model_copy(update={"noise": 0.1}))
    assert [problem.pointer for problem in refused.value.problems] == ["/problem/noise"]
    with pytest.raises(ConfigError) as refused:
        advance(config_of(info, model={"start": [1.0, 2.0]}), None, 1)
    assert [problem.pointer for problem in refused.value.problems] == ["/model/start"]
    zeros = {name: torch.zeros(shape).tolist() for name, shape in info.shapes.items()}
    blocks, _ = advance(config_of(info, model={"state_dict": zeros}), None, 0)
    assert not any(values.any() for values in blocks[0].params.values())


def test_the_rare_are_learned_as_fast_by_muon_alone():
    """Over ten seeds: when the frequent pairs are at a tenth of their start, so are, by Muon, the rare."""
    data = tuple(part.float() for part in memory_data())
    rare, frequent = RARE_AND_FREQUENT
    ratios = {"SGD": [], "Adam": [], "Muon": []}
    for optimizer, found in ratios.items():
        for seed in range(10):
            (start,) = memory_start(Generator().manual_seed(seed))
            weight = nn.Parameter(start)
            stepped = getattr(torch.optim, optimizer)([weight], lr=1.0 if optimizer == "SGD" else 0.05)
            parts = memory_parts(memory_logits(weight, data), data).detach()
            goal = parts[frequent].mean() / 10
            while parts[frequent].mean() > goal:
                stepped.zero_grad()
                memory_loss(memory_logits(weight, data), data).backward()
                stepped.step()
                parts = memory_parts(memory_logits(weight, data), data).detach()
            found.append((parts[rare].mean() / parts[frequent].mean()).item())
    assert max(ratios["Muon"]) < 2
    assert min(ratios["SGD"]) > 5
    assert min(ratios["Adam"]) > 5
