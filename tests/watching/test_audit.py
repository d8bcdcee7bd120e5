"""What a run of some objects would be, before any step of it."""

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
