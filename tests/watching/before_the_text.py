"""What docs/watching.md takes to be there: a loop to be watched."""

import torch
from torch import nn

import optiscope

__all__ = ["optiscope"]

model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
criterion = nn.MSELoss()
xb, yb = torch.ones(4, 2), torch.ones(4, 1)
loader = [(xb, yb)] * 3
