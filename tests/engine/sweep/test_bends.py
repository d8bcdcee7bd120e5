"""The bends and losses of kernels, compiled, beside torch's own functions."""

import importlib.util

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.sweep import bends
from optiscope.engine.sweep.compiled import numba_version
from optiscope.engine.sweep.source import head_of

TORCHS = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "gelu": F.gelu,
    "silu": F.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "identity": lambda z: z,
}
LOSSES = {"squared_error": F.mse_loss, "logistic_loss": F.binary_cross_entropy_with_logits}
EACH = """

@njit(**OPTIONS)
def each_{name}(z, t, values, slopes):
    for j in range(len(z)):
        values[j], slopes[j] = {call}
"""
EACH_LOSS = """

@njit(**OPTIONS)
def each_{name}(z, t, values, slopes):
    for j in range(len(z)):
        value, rest, slopes[j] = {name}(z[j], t)
        values[j] = value + log1p(rest)
"""
PRODUCT = """

@njit(**OPTIONS)
def products(x, logarithms):
    for j in range(len(x)):
        logarithms[j] = log1p_of_product(x[j])
"""


@pytest.fixture(scope="module", params=["float32", "float64"])
def kernel(request, tmp_path_factory):
    """A module with every bend and loss as a loop over numbers."""
    if numba_version() is None:
        pytest.skip("there is no numba here")
    functions = [bends.logistic, *(getattr(bends, name) for name in (*TORCHS, *LOSSES))]
    text = head_of(functions, 64, is_double=request.param == "float64")
    text += "".join(EACH.format(name=name, call=f"{name}(z[j])") for name in TORCHS)
    text += "".join(EACH_LOSS.format(name=name) for name in LOSSES) + PRODUCT
    path = tmp_path_factory.mktemp("bends") / f"bends_{request.param}.py"
    path.write_text(text.replace('"cache": True', '"cache": False'))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def found(kernel, name, z, target=0):
    """Values and slopes of a kernel's function, in the dtype of the numbers."""
    values, slopes = np.empty_like(z), np.empty_like(z)
    getattr(kernel, f"each_{name}")(z, z.dtype.type(target), values, slopes)
    return values, slopes


def numbers(kernel):
    """Small, large and huge ones, of both signs."""
    size = np.geomspace(1e-9, 50, 500)
    return np.concatenate([-size[::-1], [0], size, [1e4, -1e4]]).astype(kernel.F)


@pytest.mark.parametrize("name", TORCHS)
def test_a_bend_is_torchs_own(kernel, name):
    """Value and slope are off by some roundings at most."""
    z = numbers(kernel)
    fed = torch.from_numpy(z).requires_grad_()
    value = TORCHS[name](fed)
    value.sum().backward()
    for mine, torchs in zip(found(kernel, name, z), (value.detach(), fed.grad), strict=True):
        eps = np.finfo(z.dtype).eps
        np.testing.assert_allclose(mine, torchs.numpy(), rtol=8 * eps, atol=8 * eps)


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_torchs_own(kernel, name, target):
    """Of one sample, with its slope; torch subtracts the output from itself, and rounds at its size."""
    z = numbers(kernel)
    fed = torch.from_numpy(z).requires_grad_()
    value = LOSSES[name](fed, torch.full_like(fed, target), reduction="none")
    value.sum().backward()
    values, slopes = found(kernel, name, z, target)
    eps = np.finfo(z.dtype).eps
    assert np.isclose(values, value.detach().numpy(), rtol=8 * eps, atol=eps * (8 + abs(z))).all()
    np.testing.assert_allclose(slopes, fed.grad.numpy(), rtol=8 * eps, atol=8 * eps)


def test_the_logarithm_of_a_product_is_numpys(kernel):
    """From numbers that vanish beside 1 to the product of 64 twos, and NaN of NaN."""
    x = np.concatenate([[0], np.geomspace(1e-30, 2.0**64, 2000)]).astype(kernel.F)
    logarithms = np.empty_like(x)
    kernel.products(x, logarithms)
    np.testing.assert_allclose(logarithms, np.log1p(x), rtol=8 * np.finfo(x.dtype).eps)
    kernel.products(np.full(1, np.nan, kernel.F), logarithms)
    assert np.isnan(logarithms[0])


@pytest.mark.parametrize("name", TORCHS)
def test_a_bend_keeps_what_is_no_number(kernel, name):
    """NaN stays NaN, so that a member that diverged is seen."""
    values, _ = found(kernel, name, np.full(64, np.nan, kernel.F))
    assert np.isnan(values).all()
