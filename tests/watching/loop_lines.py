"""The lines of a training loop, watched or measured plainly, and what may be wrong in it."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD

from optiscope import watch

STEPS = 60


class Watched:
    """A loop under ``optiscope.watch``; its lines are torch's own."""

    def __init__(self, path):
        self._path = path
        self.seen = None

    def watch(self, model, optimizer, scheduler=None, **how):
        self.seen = watch(model, optimizer, scheduler, to=self._path, **how)

    def backward(self, loss):
        loss.backward()

    def step(self, optimizer, closure=None):
        optimizer.step(closure) if closure else optimizer.step()

    def __getattr__(self, name):
        return getattr(self.seen, name)


@dataclass
class Taken:
    """What a plain loop sees of one step."""

    lr: list[float]
    momentum: list[float]
    fresh: dict[str, Tensor]
    grads: dict[str, Tensor | None]
    moved: dict[str, float]
    size: dict[str, float]
    frozen: dict[str, bool]
    called: int
    autocast: bool
    loss: float | None = None
    clip: float | None = None


@dataclass
class Plain:
    """The same loop without Optiscope, measured line by line."""

    model: Any = None
    optimizers: Any = None
    scheduler: Any = None
    taken: list[Taken] = field(default_factory=list)
    fresh: dict[str, Tensor] = field(default_factory=dict)
    clip: float | None = None
    said: float | None = None
    passes: int = 0
    begun: dict[str, Tensor] = field(default_factory=dict)

    def watch(self, model, optimizer, scheduler=None, **_how):
        self.model, self.scheduler = model, scheduler
        self.begun = {name: p.detach().clone() for name, p in model.named_parameters()}
        self.optimizers = optimizer if isinstance(optimizer, list) else [optimizer]

    def named(self):
        return dict(self.model.named_parameters())

    def backward(self, loss):
        if self.optimizers and not isinstance(self.optimizers[0], torch.optim.LBFGS):
            named = {name: p for name, p in self.named().items() if p.requires_grad}
            grads = torch.autograd.grad(
                loss, list(named.values()), retain_graph=True, allow_unused=True, materialize_grads=True
            )
            for name, grad in zip(named, grads, strict=True):
                self.fresh[name] = self.fresh.get(name, 0) + dense(grad)
        loss.backward()

    def step(self, optimizer, closure=None):
        named = self.named()
        before = {name: p.detach().clone() for name, p in named.items()}
        grads = {name: None if p.grad is None else dense(p.grad).clone() for name, p in named.items()}
        groups = [group for one in self.optimizers for group in one.param_groups]
        taken = Taken(
            [float(group["lr"]) for group in groups],
            [float(group.get("momentum", group.get("betas", (0,))[0])) for group in groups],
            self.fresh,
            grads,
            {},
            {},
            {name: not p.requires_grad for name, p in named.items()},
            getattr(self.scheduler, "last_epoch", 0),
            torch.is_autocast_enabled("cpu"),
            self.said,
            self.clip,
        )
        optimizer.step(closure) if closure else optimizer.step()
        taken.moved = {name: float((p.detach() - before[name]).norm()) for name, p in named.items()}
        taken.size = {name: float(p.detach().norm()) for name, p in named.items()}
        self.fresh, self.clip, self.said = {}, None, None
        self.taken.append(taken)

    def loss(self, loss):
        self.passes += 1
        if self.taken and self.said is None:
            self.taken[-1].loss = float(loss)
        self.said = None

    def clipped(self, norm):
        self.clip = float(norm)

    def log(self, *_):
        pass

    def epoch(self):
        pass

    @property
    def losses(self):
        return [taken.loss for taken in self.taken if taken.loss is not None]


def dense(grad):
    """A gradient with all its zeros."""
    return grad.detach().to_dense() if grad.is_sparse else grad.detach()


def data(rows=32):
    """Points and what is wanted of them."""
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(rows, 4, generator=generator)
    return x, (x[:, :1] * x[:, 1:2]).tanh() + 0.5 * x[:, 2:3]


def net(width=8, *, norm=False):
    """Small, or of more than 512 numbers, which is measured by layer."""
    torch.manual_seed(0)
    layers = [nn.Linear(4, width), *([nn.LayerNorm(width)] if norm else []), nn.Tanh(), nn.Linear(width, 1)]
    return nn.Sequential(*layers)


KNOBS: dict[str, Any] = {
    "model": None,
    "width": 8,
    "norm": False,
    "params": lambda model: model.parameters(),
    "optimizer": lambda params: SGD(params, lr=0.1),
    "scheduler": None,
    "around": contextlib.nullcontext,
    "how": {},
    "steps": STEPS,
    "before": lambda _model, _optimizer, _step: None,
    "zero": "before",
    "to_none": True,
    "accumulate": 1,
    "cut": False,
    "loss": lambda loss, _step: loss,
    "backward": True,
    "call": None,
    "metric": False,
    "clip": None,
    "times": 1,
    "say": True,
    "sign": 1,
    "epoch": 10,
}
"""What a loop is made of, and what may be wrong in it."""


def case(**knobs) -> Callable[[Any], None]:
    """A loop with some of it changed."""
    return lambda t: Loop(t, **knobs).run()


class Loop:
    """A training loop of some knobs."""

    def __init__(self, t, **knobs):
        assert knobs.keys() <= KNOBS.keys()
        self.t, self.k = t, KNOBS | knobs
        self.model = self.k["model"]() if self.k["model"] else net(self.k["width"], norm=self.k["norm"])
        self.optimizer = self.k["optimizer"](self.k["params"](self.model))
        self.scheduler = self.k["scheduler"](self.optimizer) if self.k["scheduler"] else None
        self.x, self.y = data()

    def run(self):
        """All its steps."""
        with self.k["around"]():
            self.t.watch(self.model, self.optimizer, self.scheduler, **self.k["how"])
            for step in range(self.k["steps"]):
                self.k["before"](self.model, self.optimizer, step)
                self.step(step)
                if (step + 1) % self.k["epoch"] == 0:
                    self.t.epoch()
                    self.schedule("epoch")

    def step(self, step):
        """One of them."""
        t, k = self.t, self.k
        self.clear("before")
        for part in range(k["accumulate"]):
            self.loss = k["loss"](self.forward(part), step)
            if k["backward"]:
                t.backward(self.loss)
            self.schedule("pass")
        self.clear("between")
        if k["clip"] is not None:
            t.clipped(nn.utils.clip_grad_norm_(self.model.parameters(), k["clip"]))
        self.schedule("first")
        for _ in range(k["times"]):
            t.step(self.optimizer)
        self.clear("after")
        self.schedule("step")
        if k["say"]:
            t.loss(self.loss.detach() * k["sign"])

    def clear(self, place):
        """Clear the gradients, if it is done here."""
        if self.k["zero"] == place:
            self.optimizer.zero_grad(set_to_none=self.k["to_none"])
        elif self.k["zero"] == "data" and place == "before":
            for p in self.model.parameters():
                if p.grad is not None:
                    p.grad.data.zero_()

    def forward(self, part):
        """The loss of a part of the data."""
        rows = slice(part, None, self.k["accumulate"])
        x, model = self.x[rows], self.model
        out = model[2:](model[:2](x).detach()) if self.k["cut"] else model(x)
        return (out - self.y[rows]).square().mean() / self.k["accumulate"]

    def schedule(self, place):
        """Call the scheduler, if it is done here."""
        if self.k["call"] == place:
            self.scheduler.step(*([float(self.loss.detach())] if self.k["metric"] else []))
