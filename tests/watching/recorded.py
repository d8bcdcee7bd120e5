"""Watched runs for tests, made by real loops."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from optiscope import watch
from optiscope.engine.loop.block import Block
from optiscope.watching.events import Event, event_of
from optiscope.watching.file import lines_of


def trained(
    to: str | Path, *, steps: int = 6, width: int = 3, said: bool = True, around: bool = False, **how: Any
) -> list[Event]:
    """The events of a short loop that was watched: whole if it is narrow, looked around if that is asked."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, width), nn.Tanh(), nn.Linear(width, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    x = torch.randn(8, 2)
    if around:
        how |= {"closure": lambda: model(x).square().mean(), "surfaces_at": [2], "resolution": 3}
    with watch(model, optimizer, to=to, **how) as seen:
        for _ in range(steps):
            optimizer.zero_grad()
            loss = model(x).square().mean()
            loss.backward()
            optimizer.step()
            if said:
                seen.loss(loss)
    assert seen.trouble == ""
    return events_in(to) if isinstance(to, Path) else []


def events_in(path: Path) -> list[Event]:
    """The events of a file."""
    return [event_of(line, number) for number, line in enumerate(lines_of(path), 1)]


def blocks_in(path: Path) -> list[Block]:
    """Its blocks."""
    return [event for event in events_in(path) if isinstance(event, Block)]
