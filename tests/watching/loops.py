"""Training loops of different kinds, as people write them, each with a place where it may be watched."""

import copy
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import swa_utils

STEPS = 12

Watching = Callable[..., Any]
"""Called with model, optimizers and scheduler; gives what is told of losses, or does nothing."""


def data() -> tuple[Tensor, Tensor]:
    """64 points and what is wanted of them."""
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(64, 4, generator=generator)
    return x, (x[:, :1] * x[:, 1:2]).tanh()


def mlp(width: int = 8) -> nn.Module:
    """A small network."""
    return nn.Sequential(nn.Linear(4, width), nn.Tanh(), nn.Linear(width, 1))


def noisy(width: int = 40) -> nn.Module:
    """One with statistics of its own and random numbers in every pass, measured by layer."""
    first = (nn.Linear(4, width), nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(0.2))
    return nn.Sequential(*first, nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))


def _plain(
    model: nn.Module, optimizer: Any, watching: Watching, scheduler: Any = None, **how: Any
) -> nn.Module:
    x, y = data()
    watch = watching(model, optimizer, scheduler, **how)
    for step in range(STEPS):
        rows = torch.randperm(64)[:16]
        optimizer.zero_grad()
        loss = F.mse_loss(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        watch.loss(loss, samples=16)
        if step == STEPS // 2:
            watch.log("val_loss", loss)
            watch.epoch()
    return model


def of_class(
    cls: Any, make: Callable[[], nn.Module] = mlp, **options: Any
) -> Callable[[Watching], nn.Module]:
    """The plain loop with an optimizer."""

    def loop(watching: Watching) -> nn.Module:
        model = make()
        return _plain(model, cls(model.parameters(), **options), watching)

    return loop


def scheduled(watching: Watching) -> nn.Module:
    """One cycle, every record by layer."""
    model = noisy()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=STEPS)
    return _plain(model, optimizer, watching, scheduler, every=1)


def _scaled(watching: Watching, optimizer_of: Callable[[Any], Any], infinite_at: int) -> nn.Module:
    model = mlp()
    optimizer = optimizer_of(model.parameters())
    scaler = torch.amp.GradScaler("cpu", init_scale=256.0)
    x, y = data()
    watch = watching(model, optimizer, scaler=scaler)
    for step in range(STEPS):
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            loss = F.mse_loss(model(x), y)
        scaler.scale(loss * (float("inf") if step == infinite_at else 1.0)).backward()
        scaler.unscale_(optimizer) if step % 2 else None
        scaler.step(optimizer)
        scaler.update()
        watch.loss(loss)
    return model


def scaled(watching: Watching) -> nn.Module:
    """A scaler that does not call the step that it skips."""
    return _scaled(watching, lambda params: torch.optim.Adam(params, lr=0.01), 4)


def scaled_fused(watching: Watching) -> nn.Module:
    """A scaler that lets the optimizer skip by itself."""
    return _scaled(watching, lambda params: torch.optim.Adam(params, lr=0.01, fused=True), 4)


def autocast_whole(watching: Watching) -> nn.Module:
    """bfloat16 all along, parameters too."""
    model = noisy().to(torch.bfloat16)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    x, y = (part.bfloat16() for part in data())
    watch = watching(model, optimizer, every=1)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        watch.loss(loss)
    return model


def accumulated(watching: Watching) -> nn.Module:
    """Four passes a step, and clipping."""
    model = noisy()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    x, y = data()
    watch = watching(model, optimizer)
    for _ in range(STEPS):
        for part in range(4):
            loss = F.mse_loss(model(x[part::4]), y[part::4]) / 4
            watch.loss(loss)
            loss.backward()
        watch.clipped(nn.utils.clip_grad_norm_(model.parameters(), 0.1))
        optimizer.step()
        optimizer.zero_grad()
    return model


def closure(watching: Watching) -> nn.Module:
    """LBFGS evaluates its closure several times a step."""
    model = mlp()
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4, line_search_fn="strong_wolfe")
    x, y = data()
    watch = watching(model, optimizer)

    def evaluate() -> Tensor:
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        return loss

    for _ in range(STEPS):
        watch.loss(optimizer.step(evaluate))
    return model


def two_optimizers(watching: Watching) -> nn.Module:
    """Two networks that train against each other."""
    model = nn.ModuleDict({"left": mlp(), "right": mlp(4)})
    left = torch.optim.Adam(model["left"].parameters(), lr=0.01)
    right = torch.optim.SGD(model["right"].parameters(), lr=0.1, momentum=0.9)
    x, y = data()
    watch = watching(model, [left, right])
    for step in range(STEPS):
        loss = F.mse_loss(model["left"](x) + model["right"](x).detach(), y)
        left.zero_grad()
        loss.backward()
        left.step()
        if step % 2:
            right.zero_grad()
            F.mse_loss(model["right"](x), y).backward()
            right.step()
        watch.loss(loss)
    return model


def averaged(watching: Watching) -> nn.Module:
    """An average of the parameters, which copies the model with all that hangs on it."""
    model = noisy()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    average = swa_utils.AveragedModel(
        model, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(0.9), use_buffers=True
    )
    x, y = data()
    watch = watching(model, optimizer, every=1)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        average.update_parameters(model)
        average(x)
        copy.deepcopy(optimizer)
        watch.loss(loss)
    return nn.ModuleList([model, average.module])


def frozen(watching: Watching) -> nn.Module:
    """A layer that is frozen for some steps, and a group that comes later."""
    model = mlp()
    optimizer = torch.optim.Adam([model[0].weight, model[0].bias, model[2].weight], lr=0.02, weight_decay=0.1)
    x, y = data()
    watch = watching(model, optimizer)
    for step in range(STEPS):
        model[0].requires_grad_(not 3 <= step < 7)
        if step == 5:
            optimizer.add_param_group({"params": [model[2].bias], "lr": 0.1})
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        watch.loss(loss)
    return model


def resumed(watching: Watching) -> nn.Module:
    """A script that ends in the middle and goes on from its checkpoint."""
    x, y = data()

    def part(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
        with watching(model, optimizer) as watch:
            for _ in range(STEPS // 2):
                optimizer.zero_grad()
                loss = F.mse_loss(model(x), y)
                loss.backward()
                optimizer.step()
                watch.loss(loss)

    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    part(model, optimizer)
    again = mlp()
    again.load_state_dict(model.state_dict())
    other = torch.optim.Adam(again.parameters(), lr=0.01)
    other.load_state_dict(optimizer.state_dict())
    part(again, other)
    return again


class TwiceHooked(torch.optim.SGD):
    """A subclass that leads to its parent's step, each with hooks of its own."""

    def step(self, closure: Any = None) -> Any:
        """Step as the parent does, but once as an error."""
        self.calls = getattr(self, "calls", 0) + 1
        if self.calls == 3:
            raise ValueError("not this time")
        return super().step(closure)


def failing_step(watching: Watching) -> nn.Module:
    """A step that raises an error, which the loop passes over."""
    model = mlp()
    optimizer = TwiceHooked(model.parameters(), lr=0.1)
    x, y = data()
    watch = watching(model, optimizer)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        try:
            optimizer.step()
        except ValueError:
            continue
        watch.loss(loss)
    return model


def sparse(watching: Watching) -> nn.Module:
    """Gradients that are sparse."""
    model = nn.Sequential(nn.EmbeddingBag(30, 4, sparse=True), nn.Linear(4, 1))
    embedding = torch.optim.SparseAdam(model[0].parameters(), lr=0.1)
    rest = torch.optim.SGD(model[1].parameters(), lr=0.1)
    watch = watching(model, (embedding, rest), every=1)
    for step in range(STEPS):
        model.zero_grad()
        words = torch.randint(0, 30, (8, 3))
        loss = (model(words) - step).square().mean()
        loss.backward()
        rest.step()
        embedding.step()
        watch.loss(loss)
    return model


LOOPS: dict[str, Callable[[Watching], nn.Module]] = {
    "SGD": of_class(torch.optim.SGD, lr=0.1),
    "SGD, momentum, fused": of_class(torch.optim.SGD, lr=0.1, momentum=0.9, fused=True),
    "Adam, foreach": of_class(torch.optim.Adam, lr=0.01, foreach=True),
    "AdamW, amsgrad": of_class(torch.optim.AdamW, lr=0.01, amsgrad=True),
    "Adafactor": of_class(torch.optim.Adafactor, lr=0.01),
    "RMSprop, by layer": of_class(torch.optim.RMSprop, noisy, lr=0.01),
    "Rprop, float64": of_class(torch.optim.Rprop, lambda: mlp().double().float(), lr=0.01),
    "NAdam, dropout": of_class(torch.optim.NAdam, noisy, lr=0.01),
    "rate in a tensor": of_class(torch.optim.Adam, lr=torch.tensor(0.01), capturable=False, foreach=False),
    "one cycle": scheduled,
    "scaled": scaled,
    "scaled, fused": scaled_fused,
    "bfloat16": autocast_whole,
    "accumulated and clipped": accumulated,
    "closure": closure,
    "two optimizers": two_optimizers,
    "average": averaged,
    "frozen windows": frozen,
    "resumed": resumed,
    "a step that fails": failing_step,
    "sparse": sparse,
}
"""Every loop by what is special about it."""
