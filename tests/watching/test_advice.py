"""What is said of a watched loop: what was seen at which step, and nothing where all is well."""

import pytest
import torch
from torch import nn

from optiscope import watch


def reported(
    path, *, step=None, clip=None, freeze=False, steps=30, scheduler_of=None, wrong_order=False, lr=0.01
):
    """The report of a loop over a network that is measured by layer."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 100), nn.ReLU(), nn.Linear(100, 10), nn.Linear(10, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    scheduler = scheduler_of(optimizer) if scheduler_of else None
    x = torch.randn(16, 4)
    with watch(model, optimizer, scheduler, to=path, every=1) as seen:
        for k in range(steps):
            optimizer.zero_grad()
            inner = model[:3](x)
            loss = (model[3](inner.detach() if freeze else inner) - x[:, :1]).square().mean()
            (loss * (float("inf") if k == step else 1.0)).backward()
            if clip is not None:
                seen.clipped(nn.utils.clip_grad_norm_(model.parameters(), clip))
            if wrong_order and scheduler is not None:
                scheduler.step()
            optimizer.step()
            if not wrong_order and scheduler is not None:
                scheduler.step()
            seen.loss(loss)
    return seen.report()


CASES = {
    "well": ({}, set()),
    "not finite": ({"step": 20, "steps": 21}, {"gradient_not_finite"}),
    "clipped always": ({"clip": 1e-3}, {"clip_every_step"}),
    "clipped never": ({"clip": 1e6}, {"clip_never"}),
    "cut off": ({"freeze": True}, {"layer_without_gradient"}),
    "momentum": (
        {"scheduler_of": lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.01, total_steps=40)},
        {"momentum_switched_on"},
    ),
    "scheduler first": (
        {"scheduler_of": lambda o: torch.optim.lr_scheduler.StepLR(o, 10), "wrong_order": True},
        {"scheduler_first"},
    ),
    "far too small": ({"lr": 1e-12}, {"update_ratio_small"}),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore:Detected call of")
def test_what_was_seen_is_said_by_its_code(case, tmp_path):
    """And is printed as lines, or as a table."""
    how, codes = CASES[case]
    report = reported(tmp_path / "run.optiscope", **how)
    assert {said.code for said in report.found} == codes
    assert all(said.code in str(report) and said.code in report._repr_html_() for said in report.found)


def small(path, *, steps=30, lr=0.05, frozen=False, backward=True, cut=False, zeroed=False):
    """The report of a loop over a network that is recorded whole."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    model[0].requires_grad_(not frozen)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    x = torch.randn(16, 2)
    with watch(model, optimizer, to=path) as seen:
        for _ in range(steps):
            optimizer.zero_grad()
            inner = model[:2](x)
            loss = (model[2](inner.detach() if cut else inner) - x[:, :1]).square().mean()
            if backward:
                loss.backward()
            if zeroed:
                optimizer.zero_grad(set_to_none=False)
            optimizer.step()
            seen.loss(loss)
    return seen.report()


@pytest.mark.parametrize(
    ("how", "codes", "layers"),
    [
        ({}, [], None),
        ({"frozen": True}, [], None),
        ({"backward": False}, ["layer_without_gradient"], ["0", "2"]),
        ({"cut": True}, ["layer_without_gradient"], ["0"]),
        ({"zeroed": True}, ["layer_gradient_zero"], ["0", "2"]),
        ({"lr": 1e-9}, ["update_ratio_small"], ["0", "2"]),
        ({"lr": 1e30}, ["gradient_not_finite"], ["0"]),
    ],
)
def test_a_small_model_is_looked_at_by_layer_too(how, codes, layers, tmp_path):
    """From its numbers, as nothing was measured by layer; what is frozen on purpose is no mistake."""
    found = small(tmp_path / "run.optiscope", **how).found
    assert [said.code for said in found if said.code != "update_ratio_large"] == codes
    if layers is not None:
        assert list(next(said for said in found if said.code == codes[0]).params["layers"]) == layers
