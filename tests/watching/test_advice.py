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
