"""What a closure shows of the loss around a step, against closed forms and the full Hessian."""

import collections
import math

import numpy as np
import pytest
import torch
from torch import nn

from optiscope import watch
from optiscope.watching.critical import FIRST_PASSES, PASSES, critical
from optiscope.watching.lanczos import MOST_PRODUCTS, top_eigenvalue
from optiscope.watching.landscape import Around
from optiscope.watching.passes import Passes
from tests.watching.recorded import blocks_in, trained

RATES = (3e-7, 0.02, 0.5, 1.0, 3.0, 4e5)


def bowl(curvatures, start=1.0):
    """A model whose loss is half the sum of curvature times square."""
    model = nn.ParameterList([nn.Parameter(torch.full((len(curvatures),), start))])
    return model, lambda: (torch.tensor(curvatures) * model[0].square()).sum() / 2


def net():
    """A network with all that a pass may leave a trace in, and its loss."""
    torch.manual_seed(0)
    linear = nn.utils.parametrizations.spectral_norm(nn.Linear(4, 6))
    layers = (linear, nn.BatchNorm1d(6), nn.Tanh(), nn.Dropout(0.3), nn.Linear(6, 1))
    model, x = nn.Sequential(*layers), torch.randn(16, 4)
    return model, lambda: model(x).square().mean()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("guess", [None, 1.0, 0.1, 20.0])
def test_the_critical_rate_lies_in_its_bracket(rate, guess):
    """At no more passes than are said; near the guess the bracket is narrow."""
    passes = []

    def loss(at):
        passes.append(at)
        return (1 - 2 * at / rate) ** 2 if at else 1.0

    found = critical(lambda at: loss(at * 1.0), None if guess is None else guess * rate)
    assert found.low <= rate * (1 + 1e-9) <= found.high * (1 + 2e-9)
    assert len(passes) <= (FIRST_PASSES if guess is None else PASSES)
    if guess in {None, 1.0}:
        assert found.high / found.low < (1.1 if guess else 3)


@pytest.mark.parametrize(
    ("loss", "middle"),
    [
        (lambda at: at, 0.0),
        (lambda at: -at, math.inf),
        (lambda at: math.nan if at else 1.0, 0.0),
        (lambda _at: 1.0, math.inf),
    ],
)
def test_a_loss_that_always_or_never_rises_says_so(loss, middle):
    """0 where it rises however short the step, infinite where it does not rise as far as was tried."""
    assert critical(loss, None).middle == middle
    assert critical(lambda _at: math.inf, None) is None


@pytest.mark.parametrize("size", [1, 3, 40, 300])
def test_the_largest_eigenvalue_is_that_of_the_matrix(size):
    """Within its residual, which says how far it has converged."""
    generator = torch.Generator().manual_seed(size)
    basis = torch.linalg.qr(torch.randn(size, size, generator=generator, dtype=torch.float64))[0]
    values = torch.linspace(-8, 1, size, dtype=torch.float64)
    values[-1] = 5.0
    matrix = basis @ values.diag() @ basis.T
    start = [torch.randn(size, generator=generator, dtype=torch.float64)]
    found = top_eigenvalue(lambda v: [matrix @ v[0]], start)
    assert found.value == pytest.approx(5.0, abs=max(found.residual, 1e-9))
    assert found.residual <= 5e-3
    assert found.products <= MOST_PRODUCTS


def test_an_iteration_that_has_not_converged_says_so():
    """A spectrum without an end that stands out: the residual is large."""
    values = torch.linspace(0, 1, 4000)
    found = top_eigenvalue(lambda v: [values * v[0]], [torch.randn(4000)])
    assert 0.9 < found.value <= 1.0001
    assert found.residual > 1e-3 * found.value
    assert np.isnan(top_eigenvalue(lambda v: [v[0] * math.nan], [torch.ones(2)]).value)


def test_the_hessian_of_a_network_is_that_of_torch():
    """Its largest eigenvalue, with batch statistics and dropout as they are in training."""
    model, closure = net()
    passes = Passes(model, closure)
    with passes.open():
        at = passes.parameters()
        sizes = [part.numel() for part in at]
        start = [torch.ones_like(part) for part in at]
        found = top_eigenvalue(passes.hessian(at), start)

        def loss(flat):
            parts = flat.split(sizes)
            return passes._evaluated([part.reshape(p.shape) for part, p in zip(parts, at, strict=True)])

        flat = torch.cat([part.reshape(-1) for part in at])
        whole = torch.autograd.functional.hessian(loss, flat)
    assert found.value == pytest.approx(float(torch.linalg.eigvalsh(whole)[-1]), rel=2e-3)


def test_the_critical_sharpness_of_a_bowl_is_its_curvature(tmp_path):
    """Along the gradient; beside it the largest eigenvalue, which is no smaller."""
    model, closure = bowl([1.0, 4.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    how = {"closure": closure, "surfaces_at": [2], "resolution": 5, "critical_every": 1}
    with watch(model, optimizer, to=tmp_path / "run.optiscope", **how) as seen:
        points = [model[0].detach().clone()]
        for _ in range(3):
            optimizer.zero_grad()
            closure().backward()
            optimizer.step()
            points.append(model[0].detach().clone())
    assert seen.trouble == ""
    found = {
        step: (b, row) for b in blocks_in(tmp_path / "run.optiscope") for row, step in enumerate(b.steps)
    }
    for step in (1, 2, 3):
        block, row = found[step]
        gradient = torch.tensor([1.0, 4.0]) * points[step - 1]
        wanted = float((torch.tensor([1.0, 4.0]) * gradient.square()).sum() / gradient.square().sum())
        low, high = block.optional["critical_bracket"][row]
        assert low <= 2 / wanted * 1.0001
        assert high >= 2 / wanted * 0.9999
        assert block.optional["critical_sharpness"][row] == pytest.approx(wanted, rel=0.1)
        assert block.optional["critical_rate"][row] == 2 / block.optional["critical_sharpness"][row]
    block, row = found[2]
    assert block.optional["top_eigenvalue"][row] == pytest.approx(4.0, rel=1e-4)
    assert np.isnan(found[3][0].optional["top_eigenvalue"][found[3][1]])
    assert [int(found[step][0].optional["passes"][found[step][1]]) <= 7 for step in (2, 3)] == [False, True]


@pytest.mark.parametrize("plane", ["random", "update"])
def test_a_surface_is_the_loss_over_a_plane(plane, tmp_path):
    """Its middle is the loss at the parameters after the step, or before it; the path lies where it went."""
    model, closure = bowl([1.0, 4.0, 9.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    how = {"closure": closure, "surfaces_at": [1], "surface": plane, "resolution": 9}
    with watch(model, optimizer, to=tmp_path / "run.optiscope", **how):
        begin, before = model[0].detach().clone(), closure().item()
        closure().backward()
        optimizer.step()
        after = closure().item()
        update = model[0].detach() - begin
    (block,) = [b for b in blocks_in(tmp_path / "run.optiscope") if "surface" in b.optional]
    surface = {name: values[0] for name, values in block.optional["surface"].items()}
    assert surface["z"].shape == (9, 9)
    assert surface["z"][4, 4] == pytest.approx(after if plane == "random" else before)
    if plane == "update":
        assert surface["path"].tolist() == [[0, 0], [1, 0]]
        with torch.no_grad():
            model[0].copy_(begin + surface["x"][6] * update)
        assert surface["z"][4, 6] == pytest.approx(closure().item(), rel=1e-5)
        assert surface["z"][6, 4] < surface["z"][2, 4]
    else:
        assert surface["path"][1].tolist() == [0, 0]


def test_filters_are_as_long_as_the_models_own_and_biases_stay(monkeypatch):
    """Along a random direction (Li et al. 2018), the same one for every surface."""
    from optiscope.watching import surface  # noqa: PLC0415 - its private part is tried

    at = [torch.arange(12.0).reshape(2, 2, 3), torch.ones(2)]
    one, again = (surface._filter_normalised(at, torch.Generator().manual_seed(0)) for _ in range(2))
    norms = torch.linalg.vector_norm(one[0].reshape(2, -1), dim=1)
    assert torch.allclose(norms, torch.linalg.vector_norm(at[0].reshape(2, -1), dim=1))
    assert not one[1].any()
    assert torch.equal(one[0], again[0])


def test_passes_leave_no_trace():
    """Modes, buffers, attributes, tables, gradients, hooks, autocast, and every kind of random numbers."""
    model, _ = net()
    model.generator = torch.Generator().manual_seed(3)
    model.seen = []
    calls = []
    model[0].register_forward_hook(lambda *_: calls.append(1))
    x = torch.randn(16, 4)

    def closure():
        model.eval()
        model.train()
        model.last = model(x)
        model.seen.append(np.random.rand())  # noqa: NPY002
        model[4].register_forward_hook(print)
        with torch.autocast("cpu", torch.bfloat16):
            return model(x + torch.rand(16, 4, generator=model.generator)).float().square().mean()

    model.eval()
    closure_free = {name: value.clone() for name, value in model.state_dict().items()}
    states = torch.get_rng_state(), model.generator.get_state(), str(np.random.get_state())  # noqa: NPY002
    passes = Passes(model, closure)
    with passes.open():
        at = passes.parameters()
        losses = [float(passes.loss(at)) for _ in range(3)]
        passes.gradient(at)
        passes.hessian(at)
    assert len(set(losses)) == 1
    assert all(torch.equal(value, closure_free[name]) for name, value in model.state_dict().items())
    assert states[2] == str(np.random.get_state())  # noqa: NPY002
    assert torch.equal(states[0], torch.get_rng_state())
    assert torch.equal(states[1], model.generator.get_state())
    assert (model.training, model.seen, hasattr(model, "last"), calls) == (False, [], False, [])
    assert all(param.grad is None for param in model.parameters())
    assert not model[4]._forward_hooks
    assert not torch.is_autocast_enabled("cpu")


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("kind", ["weight norm", "tied", "recurrent", "autocast all along"])
def test_a_loss_elsewhere_is_that_of_a_model_which_is_there(kind):
    """Whatever computes the weights, shares them, keeps them flat or keeps them cast."""
    torch.manual_seed(1)
    x = torch.randn(5, 3, 4)

    def made():
        if kind == "recurrent":
            return nn.LSTM(4, 4)
        model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
        if kind == "weight norm":
            nn.utils.weight_norm(model[0])
        if kind == "tied":
            model[1].weight = model[0].weight
        return model

    def loss(model):
        found = model(x)
        return (found[0] if isinstance(found, tuple) else found).square().mean()

    model, other = made(), made()
    with torch.autocast("cpu", torch.bfloat16, enabled="autocast" in kind):
        loss(model)  # leaves casts of its weights behind
        passes = Passes(model, lambda: loss(model))
        with passes.open():
            at = passes.parameters()
            there = [part + 0.1 for part in at]
            found = passes.loss(there)
            along = [torch.ones_like(part) for part in at]
            slope = sum(float(g.sum()) for g in passes.gradient(there))
            passes.hessian(there)(along)
        again = float(loss(model).detach())
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled="autocast" in kind):
        wanted = float(loss(model))
        for param, place in zip(other.parameters(), there, strict=True):
            param.copy_(place)
        assert float(found) == pytest.approx(float(loss(other)), rel=1e-5)
    assert again == wanted
    assert math.isfinite(slope)


@pytest.mark.parametrize(
    ("closure", "why"),
    [
        (lambda _model: torch.tensor(1.0), "does not depend on the parameters"),
        (lambda model: model(torch.ones(1, 3)).sum(), "shapes cannot be multiplied"),
        (lambda model: model(torch.ones(1, 2)).sum().backward(), "does not require grad"),
    ],
)
def test_a_closure_that_fails_costs_the_loop_nothing(closure, why, tmp_path):
    """It is not called again, all else is recorded, and what went wrong is told."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    calls = collections.Counter()

    def counted():
        calls["closure"] += 1
        return closure(model)

    with watch(model, optimizer, to=tmp_path / "run.optiscope", closure=counted, surfaces_at=[2]) as seen:
        for _ in range(4):
            model(torch.ones(2)).sum().backward()
            optimizer.step()
        told = calls["closure"]
    assert why in seen.trouble
    assert told <= FIRST_PASSES + 1
    assert [step for block in blocks_in(tmp_path / "run.optiscope") for step in block.steps] == [
        0,
        1,
        2,
        3,
        4,
    ]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"surfaces_at": [1]}, "needs closure"),
        ({"surfaces_at": range(65)}, "at most 64"),
        ({"surfaces_at": [0], "surface": "update"}, "no update"),
        ({"surface": "sphere"}, "random"),
        ({"resolution": 2}, "from 3 to 51"),
        ({"critical_every": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(how, why, tmp_path):
    """Before anything is written."""
    more = {} if how.keys() == {"surfaces_at"} and how["surfaces_at"] == [1] else {"closure": torch.ones}
    with pytest.raises(ValueError, match=why):
        trained(tmp_path / "run.optiscope", **how, **more)
    assert not (tmp_path / "run.optiscope").exists()


@pytest.mark.parametrize(("every", "given", "wanted"), [(1, None, 128), (10, None, 160), (10, 25, 30)])
def test_the_critical_rate_is_looked_for_at_records(every, given, wanted):
    """At a distance of theirs that thinning by halves keeps."""
    assert Around(frozenset(), "random", 5, given).at_records(every).critical_every == wanted


def test_one_process_of_several_does_not_call_the_closure(tmp_path, monkeypatch):
    """The others would not come to the pass, for which it would wait for ever."""
    monkeypatch.setattr("optiscope.watching.watch._ranks", lambda: 2)
    monkeypatch.setattr("torch.distributed.get_rank", lambda: 0)
    model, closure = bowl([1.0])
    with watch(
        model,
        torch.optim.SGD(model.parameters(), lr=0.1),
        to=tmp_path / "run.optiscope",
        closure=lambda: pytest.fail("it was called"),
        surfaces_at=[0, 1],
    ) as seen:
        closure().backward()
        assert "several processes" in seen.trouble


@pytest.mark.parametrize("asked", [{"surfaces_at": [1]}, {"critical_every": 4}])
def test_what_needs_a_closure_is_refused_without_one(tmp_path, asked):
    """Rather than that nothing is looked at, and nobody told."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match=f"{next(iter(asked))} needs closure="):
        watch(model, optimizer, to=tmp_path / "run.optiscope", **asked)
    assert not (tmp_path / "run.optiscope").exists()
