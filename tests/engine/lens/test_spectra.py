"""Singular values of a step, held to a loop that is written out."""

import numpy as np
import pytest
import torch
from torch import Generator

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.anatomy import anatomy
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.problems.matrices import (
    factorisation_data,
    factorisation_loss,
    factorisation_start,
)

STEP = 4
MUON = {
    "lr": 0.05,
    "weight_decay": 0.1,
    "adjust_lr_fn": "match_rms_adamw",
    "ns_coefficients": [3.0, -3.2, 1.2],
}


def config_of(optimizer="Muon", hyperparameters=None, problem="matrix-factorisation", **more):
    made = {"name": optimizer, "hyperparameters": MUON if hyperparameters is None else hyperparameters}
    run = {"problem": {"name": problem}, "optimizer": made, "steps": 10}
    return RunConfig.model_validate({**run, **more})


def step_of(config, step=STEP):
    _, checkpoint = advance(config, None, step - 1)
    return anatomy(config, checkpoint)


def iterated(matrix, coefficients, steps=5, eps=1e-7):
    """Newton-Schulz as the documentation of torch.optim.Muon has it, with every iterate."""
    a, b, c = coefficients
    x = matrix.bfloat16()
    x = x.T if len(x) > len(x.T) else x
    x = x / x.norm().clamp(min=eps)
    found = [x]
    for _ in range(steps):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
        found.append(x)
    return found


def test_iterates_are_those_of_a_loop_written_out():
    """Of each matrix, by torch.linalg.svdvals, with coefficients and a rate rule of one's own."""
    data = tuple(part.float() for part in factorisation_data())
    params = [torch.nn.Parameter(values) for values in factorisation_start(Generator().manual_seed(0))]
    optimizer = torch.optim.Muon(params, **{**MUON, "ns_coefficients": tuple(MUON["ns_coefficients"])})
    for _ in range(STEP):
        optimizer.zero_grad()
        factorisation_loss(params[0] @ params[1].T, data).backward()
        before = [param.detach().clone() for param in params]
        buffers = [
            optimizer.state[param].get("momentum_buffer", torch.zeros_like(param)).clone() for param in params
        ]
        optimizer.step()
    found = step_of(config_of())
    assert [spectrum.name for spectrum in found.spectra] == ["left", "right"]
    for spectrum, param, old, buffer in zip(found.spectra, params, before, buffers, strict=True):
        lerped = buffer.lerp(param.grad, 1 - 0.95)
        expected = iterated(param.grad.lerp(lerped, 0.95), MUON["ns_coefficients"])
        stages = [stage for stage in spectrum.stages if stage.of == "iterate"]
        assert [stage.iteration for stage in stages] == list(range(6))
        for stage, matrix in zip(stages, expected, strict=True):
            assert stage.values.tolist() == torch.linalg.svdvals(matrix.double()).tolist()
        by_name = {(stage.of, stage.key): stage.values for stage in spectrum.stages}
        assert by_name["grad", ""].tolist() == torch.linalg.svdvals(param.grad.double()).tolist()
        assert by_name["state", "momentum_buffer"].tolist() == torch.linalg.svdvals(lerped.double()).tolist()
        update = (param.detach() - old).double()
        assert by_name["update", ""].tolist() == torch.linalg.svdvals(update).tolist()
        assert by_name["param", ""].tolist() == torch.linalg.svdvals(param.detach().double()).tolist()
        adam = torch.zeros(8, 3, dtype=torch.float64, requires_grad=True)
        adam.grad = param.grad.double()
        torch.optim.Adam([adam], lr=1.0).step()
        cosine = torch.nn.functional.cosine_similarity(update.flatten(), adam.detach().flatten(), dim=0)
        assert spectrum.cosines["Adam"] == pytest.approx(cosine.item(), abs=1e-9)


def test_looking_on_changes_no_bit():
    """The step that is taken apart is that of the record."""
    config = config_of()
    blocks, _ = advance(config, None, STEP)
    found = step_of(config)
    told = {phase.name: phase.values for phase in found.phases}["optimizer_step"]["params"]
    for name, values in blocks[-1].params.items():
        assert np.array_equal(values[-1], told[name])


def test_a_gradient_of_low_rank_keeps_to_it_but_for_rounding():
    """From zeros the first gradient of a factor is zero: its iterates are, too, and no cosine is known."""
    zeros = {name: torch.zeros(8, 3).tolist() for name in ("left", "right")}
    (left, right) = step_of(config_of(model={"state_dict": zeros}), 1).spectra
    for spectrum in (left, right):
        assert all((stage.values == 0).all() for stage in spectrum.stages if stage.of in {"grad", "iterate"})
        assert np.isnan(spectrum.cosines["SGD"])


@pytest.mark.parametrize(("optimizer", "keys"), [("SGD", []), ("Adam", ["exp_avg", "exp_avg_sq"])])
def test_others_have_no_iterates(optimizer, keys):
    """On a problem of matrices gradient, state, update and weight are told all the same."""
    (found,) = step_of(config_of(optimizer, {"lr": 0.1}, "associative-memory")).spectra
    assert [stage.of for stage in found.stages] == ["grad", *["state"] * len(keys), "update", "param"]
    assert [stage.key for stage in found.stages if stage.of == "state"] == keys
    if optimizer == "SGD":
        assert found.cosines["SGD"] == pytest.approx(1, abs=1e-6)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("optimizer", "key"),
    [("SOAP", "exp_avg"), ("Shampoo", None), ("Kron", "momentum_buffer"), ("NorMuon", "momentum_buffer")],
)
def test_the_matrix_optimizers_of_other_packages_have_spectra(optimizer, key):
    """Of gradient, momentum and update of each weight of a network, as a decomposition gives them."""
    made = {"name": f"pytorch_optimizer.{optimizer}"}
    rest = {"rest": {"name": "SGD"}} if optimizer == "NorMuon" else {}
    run = {"problem": {"name": "xor"}, "optimizer": made | rest, "steps": 5}
    config = RunConfig.model_validate(run)
    found = anatomy(config, advance(config, None, 2)[1])
    assert [spectrum.name for spectrum in found.spectra] == ["fc1.weight", "fc2.weight", "fc3.weight"]
    blocks, _ = advance(config, None, 3)
    last = {name: values[-1] for name, values in blocks[-1].params.items()}
    before = np.concatenate([block.params["fc1.weight"] for block in blocks])[-2]
    stages = {(stage.of, stage.key): stage.values for stage in found.spectra[0].stages}
    expected = np.linalg.svd((last["fc1.weight"] - before).astype(np.float64), compute_uv=False)
    assert stages["update", ""] == pytest.approx(expected, rel=1e-6, abs=1e-12)
    assert key is None or ("state", key) in stages


def test_a_network_is_told_where_muon_trains_it():
    """Its weights alone; a frozen one has no gradient, and nothing is told of it."""
    rest = {"name": "SGD", "hyperparameters": {"lr": 0.1}}
    optimizer = {"name": "Muon", "hyperparameters": {"lr": 0.05}, "rest": rest}
    run = {"problem": {"name": "xor"}, "optimizer": optimizer, "steps": 5, "freeze": [{"params": ["fc1"]}]}
    found = anatomy(RunConfig.model_validate(run), None)
    assert [spectrum.name for spectrum in found.spectra] == ["fc2.weight", "fc3.weight"]
    assert all(any(stage.of == "iterate" for stage in spectrum.stages) for spectrum in found.spectra)
    assert not anatomy(RunConfig.model_validate({**run, "optimizer": rest}), None).spectra
