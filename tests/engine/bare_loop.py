"""The plain loop that a user would write, the oracle of every recorded number. It knows no engine."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import get_total_norm
from torch.optim import Optimizer


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
    momentum: list[list[float]] = field(default_factory=list)
    norm: list[float | None] = field(default_factory=list)
    params: list[dict[str, Tensor]] = field(default_factory=list)
    grads: list[dict[str, Tensor | None] | None] = field(default_factory=list)
    state: list[dict[str, dict[str, Any]]] = field(default_factory=list)


def bare_loop(
    net: nn.Module,
    x: Tensor,
    y: Tensor,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    make_optimizer: Callable[[nn.Module], Optimizer | list[Optimizer]],
    make_scheduler: Callable[[Optimizer], Any] | None,
    steps: int,
    frozen: Sequence[str] = (),
    clip: Callable[[Any], Any] | None = None,
    interval: int = 1,
    log: Log | None = None,
    call_scheduler: Callable[[Any, int, float], None] | None = None,
    in_groups: Sequence[str] = (),
    after: Callable[[int, Sequence[Optimizer]], None] = lambda _step, _optimizers: None,
    before: Callable[[int, Sequence[Optimizer]], None] = lambda _step, _optimizers: None,
    way: str = "",
    kept: Callable[[Optimizer], dict[Any, Any]] = lambda optimizer: dict(optimizer.state),
) -> Log:
    """Train ``net`` for some steps, keeping everything by plain means.

    ``make_optimizer`` may return several optimizers that share the parameters; each gets its own scheduler.
    ``call_scheduler`` is given a scheduler, how often it was called before, and the loss.
    A ``log`` that is given keeps what was seen until an optimizer raises an error. ``in_groups`` names
    what is noted of a param group, with the state of its first parameter. ``after`` is called once the
    optimizers have taken a step, and with 0 before the first; ``before`` at the beginning of each step, with
    the number of those before it. ``way`` is how an optimizer takes its step: ``search`` evaluates the loss
    itself, ``again`` is given a closure once there are gradients, ``loss`` one that tells the loss, ``graph``
    differentiates the gradients once more. ``kept`` is what an optimizer keeps for each parameter.
    """
    for name, param in net.named_parameters():
        if name.split(".")[0] in frozen:
            param.requires_grad_(False)
    made = make_optimizer(net)
    optimizers = [made] if isinstance(made, Optimizer) else made
    schedulers = [make_scheduler(optimizer) for optimizer in optimizers] if make_scheduler else []
    log = Log() if log is None else log
    _note_rates(log, optimizers)
    _note(log, net, optimizers, loss_fn(net(x), y).item(), None, None, in_groups, kept)
    after(0, optimizers)
    for step in range(1, steps + 1):
        before(step - 1, optimizers)
        _note_rates(log, optimizers)
        seen: list[tuple[Tensor, Tensor, dict[str, Tensor | None]]] = []

        def closure(seen: list[Any] = seen) -> Tensor:
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss = loss_fn(net(x), y)
            loss.backward(create_graph=way == "graph")
            norm = get_total_norm([p.grad for p in net.parameters() if p.grad is not None])
            if clip is not None:
                clip(net.parameters())
            grads = {
                n: None if p.grad is None else p.grad.detach().clone() for n, p in net.named_parameters()
            }
            seen.append((loss, norm, grads))
            return loss

        take(way if not isinstance(optimizers[0], torch.optim.LBFGS) else "search", optimizers, closure)
        after(step, optimizers)
        loss, norm, grads = seen[0]
        _note(log, net, optimizers, loss.item(), norm.item(), grads, in_groups, kept)
        if step % interval == 0:
            _call_all(schedulers, call_scheduler, step // interval - 1, loss.item())
    return log


def take(way: str, optimizers: Sequence[Optimizer], closure: Callable[[], Tensor]) -> None:
    """A step of each optimizer, of which a single one may need the closure."""
    if way == "search":
        optimizers[0].step(closure)
        return
    loss = closure()
    if way == "again":
        optimizers[0].step(closure)
    elif way == "loss":
        optimizers[0].step(loss.item)
    else:
        for optimizer in optimizers:
            optimizer.step()


def _call_all(schedulers: Sequence[Any], call: Callable[..., None] | None, count: int, loss: float) -> None:
    for scheduler in schedulers:
        (call or _call)(scheduler, count, loss)


def _call(scheduler: Any, _: int, loss: float) -> None:
    if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
        scheduler.step(loss)
    else:
        scheduler.step()


def _note_rates(log: Log, optimizers: Sequence[Optimizer]) -> None:
    groups = [group for optimizer in optimizers for group in optimizer.param_groups]
    log.lr.append([group.get("lr", math.nan) for group in groups])
    log.momentum.append([group.get("momentum", group.get("betas", [math.nan])[0]) for group in groups])


def _note(
    log: Log,
    net: nn.Module,
    optimizers: Sequence[Optimizer],
    loss: float,
    norm: Any,
    grads: Any,
    in_groups: Sequence[str],
    kept: Callable[[Optimizer], dict[Any, Any]],
) -> None:
    log.loss.append(loss)
    log.norm.append(norm)
    log.grads.append(grads)
    log.params.append({n: p.detach().clone() for n, p in net.named_parameters()})
    state = {p: dict(found) for optimizer in optimizers for p, found in kept(optimizer).items()}
    for key in in_groups:
        for group in optimizers[0].param_groups:
            state.setdefault(group["params"][0], {})[key] = group[key]
    log.state.append(
        {
            n: {k: _copy(v) for k, v in state[p].items() if v is not None}
            for n, p in net.named_parameters()
            if p in state
        }
    )


def _copy(value: Any) -> Any:
    if isinstance(value, list):
        return [_copy(part) for part in value]
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    return value.clone() if isinstance(value, Tensor) else value
