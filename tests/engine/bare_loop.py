"""The plain loop that a user would write, the oracle of every recorded number. It knows no engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TinyNet(nn.Module):
    """The network of the tutorial, of any width and depth."""

    def __init__(
        self, hidden: Sequence[int] = (2, 2), activation: Callable[[Tensor], Tensor] = F.relu
    ) -> None:
        super().__init__()
        widths = [2, *hidden, 1]
        self.activation = activation
        self.depth = len(widths) - 1
        for i in range(self.depth):
            self.add_module(f"fc{i + 1}", nn.Linear(widths[i], widths[i + 1]))

    def forward(self, x: Tensor) -> Tensor:
        for i in range(1, self.depth):
            x = self.activation(self.get_submodule(f"fc{i}")(x))
        return self.get_submodule(f"fc{self.depth}")(x)


@dataclass
class Log:
    """What a bare loop saw, step by step; entry 0 is the initial state."""

    loss: list[float] = field(default_factory=list)
    lr: list[list[float]] = field(default_factory=list)
    norm: list[float | None] = field(default_factory=list)
    params: list[dict[str, Tensor]] = field(default_factory=list)
    grads: list[dict[str, Tensor | None] | None] = field(default_factory=list)
    state: list[dict[str, dict[str, Any]]] = field(default_factory=list)


def bare_loop(
    net: nn.Module,
    x: Tensor,
    y: Tensor,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    make_optimizer: Callable[[nn.Module], torch.optim.Optimizer],
    make_scheduler: Callable[[torch.optim.Optimizer], Any] | None,
    steps: int,
    frozen: Sequence[str] = (),
    clip: Callable[[Any], Any] | None = None,
    interval: int = 1,
) -> Log:
    """Train ``net`` for some steps, keeping everything by plain means; a record 0 keeps no state."""
    for name, param in net.named_parameters():
        if name.split(".")[0] in frozen:
            param.requires_grad_(False)
    optimizer = make_optimizer(net)
    scheduler = make_scheduler(optimizer) if make_scheduler else None
    log = Log()
    _note(
        log, net, optimizer, loss_fn(net(x), y).item(), None, None, [g["lr"] for g in optimizer.param_groups]
    )
    for step in range(1, steps + 1):
        optimizer.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        if clip is None:
            norm = torch.nn.utils.get_total_norm([p.grad for p in net.parameters() if p.grad is not None])
        else:
            norm = clip(net.parameters())
        grads = {n: None if p.grad is None else p.grad.clone() for n, p in net.named_parameters()}
        lr = [g["lr"] for g in optimizer.param_groups]
        optimizer.step()
        _note(log, net, optimizer, loss.item(), norm.item(), grads, lr)
        if scheduler is not None and step % interval == 0:
            if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
                scheduler.step(loss.item())
            else:
                scheduler.step()
    return log


def _note(
    log: Log, net: nn.Module, optimizer: Any, loss: float, norm: Any, grads: Any, lr: list[float]
) -> None:
    log.loss.append(loss)
    log.lr.append(lr)
    log.norm.append(norm)
    log.grads.append(grads)
    log.params.append({n: p.detach().clone() for n, p in net.named_parameters()})
    log.state.append(
        {}
        if grads is None
        else {
            n: {
                k: v.clone() if isinstance(v, Tensor) else v
                for k, v in optimizer.state[p].items()
                if v is not None
            }
            for n, p in net.named_parameters()
            if p in optimizer.state
        }
    )
