"""What watching costs: processor time of a loop watched and unwatched, in pairs that take turns.

    python -m benchmarks watch

Beside it, what others do at every step: Composer's optimizer monitor, computed as its source does (norms of
each tensor by ``linalg.vector_norm``), since the package holds torch at another version; and ``wandb.watch``
(a histogram of each gradient by ``histc``, from a hook of each parameter), by the package where it is
installed, else computed as its source does.

Also the memory that the recorder of a tiny model holds at most during a million steps; ``MEMORY_STEPS``
makes it fewer. ``PARTS="small large"`` measures those alone, of ``small``, ``large``, ``memory`` and
``others``.
"""

import gc
import importlib.util
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.private_torch import interval
from optiscope import watch

PAIRS = int(os.environ.get("PAIRS", "30"))
TINY_STEPS = 1500
MEMORY_STEPS = int(os.environ.get("MEMORY_STEPS", "1000000"))
LARGE_STEPS = 10
"""Steps of one side of a pair; every tenth step is recorded at least once."""


class Block(nn.Module):
    """Two convolutions and the way around them."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        around = [nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)]
        self.around = nn.Sequential(*around if stride > 1 else [])

    def forward(self, x: Tensor) -> Tensor:
        """The block."""
        inner = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(inner + self.around(x))


def resnet18() -> nn.Module:
    """The residual network of He et al. (2015) for images of 32 x 32: 11 million parameters."""
    layers: list[nn.Module] = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    width = 64
    for outputs in (64, 128, 256, 512):
        layers += [Block(width, outputs, 1 + (outputs > width)), Block(outputs, outputs, 1)]
        width = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def tiny() -> nn.Module:
    """The default network of Optiscope."""
    return nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))


def adam(model: nn.Module) -> torch.optim.Optimizer:
    """Adam, as most loops have it."""
    return torch.optim.Adam(model.parameters(), lr=1e-3)


def sgd(model: nn.Module) -> torch.optim.Optimizer:
    """SGD with momentum, whose steps are the shortest."""
    return torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)


Watching = Callable[["Loop"], AbstractContextManager[Any]]


class Loop:
    """A training loop that can be gone on with, so that both sides of a pair take the same steps."""

    def __init__(
        self,
        model: nn.Module,
        x: Tensor,
        y: Tensor,
        loss: Callable[[Tensor, Tensor], Tensor],
        optimized: Callable[[nn.Module], torch.optim.Optimizer] = adam,
        *,
        is_scheduled: bool = False,
    ) -> None:
        self.model, self.x, self.y, self.loss = model, x, y, loss
        self.optimizer = optimized(model)
        self.scheduler = (
            torch.optim.lr_scheduler.ExponentialLR(self.optimizer, 0.999999) if is_scheduled else None
        )

    def seconds(self, steps: int, watching: Watching) -> float:
        """Processor seconds of a step, all threads together, from the first to the last byte written."""
        begun = time.process_time()
        with watching(self) as seen:
            for _ in range(steps):
                self.optimizer.zero_grad()
                loss = self.loss(self.model(self.x), self.y)
                loss.backward()
                self.optimizer.step()
                if self.scheduler is not None:
                    self.scheduler.step()
                if seen is not None:
                    seen.loss(loss)
        return (time.process_time() - begun) / steps


def watched(path: Path, **how: Any) -> Watching:
    """The loop watched into a file."""
    return lambda loop: watch(loop.model, loop.optimizer, loop.scheduler, to=path, resume=False, **how)


class Hooked:
    """Something else that looks at every step, as a hook."""

    def __init__(self, loop: Loop) -> None:
        self.model, self.optimizer = loop.model, loop.optimizer
        self.handles: list[Any] = []

    def __enter__(self) -> None:
        self.handles = self.hooked()

    def __exit__(self, *_: object) -> None:
        for handle in self.handles:
            handle.remove()

    def hooked(self) -> list[Any]:
        """The handles of its hooks."""
        raise NotImplementedError


class Monitor(Hooked):
    """Composer's ``OptimizerMonitor`` with ``DecoupledAdamW.report_per_parameter_metrics`` (0.32.1)."""

    def hooked(self) -> list[Any]:
        """After each step."""
        return [self.optimizer.register_step_post_hook(self.at_step)]

    def at_step(self, *_: object) -> None:
        """A step was taken."""
        self.look()

    def look(self) -> dict[str, float]:
        """Norms of moment, parameter, update and gradient of each tensor, and that of all gradients."""
        found: dict[str, Tensor] = {}
        group = self.optimizer.param_groups[0]
        beta1, beta2 = group["betas"]
        for name, param in self.model.named_parameters():
            state, grad = self.optimizer.state[param], param.grad
            if grad is None:
                continue
            step = state["step"]
            scale = (state["exp_avg_sq"].sqrt() / (1 - beta2**step) ** 0.5).add_(group["eps"])
            update = (state["exp_avg"] / scale).mul_(group["lr"] / (1 - beta1**step))
            update.add_(param.detach(), alpha=-group["weight_decay"])
            tensors = {"moment": state["exp_avg"], "param": param.detach(), "update": update, "grad": grad}
            for kind, tensor in tensors.items():
                found[f"l2_norm/{kind}/{name}"] = torch.linalg.vector_norm(tensor)
        squares = [norm**2 for name, norm in found.items() if name.startswith("l2_norm/grad")]
        found["l2_norm/grad/global"] = torch.stack(squares).sum() ** 0.5
        return {name: value.item() for name, value in found.items()}


class Histograms(Hooked):
    """``wandb.watch(model, log="gradients", log_freq=1)``."""

    def hooked(self) -> list[Any]:
        """One for each parameter."""
        return [param.register_hook(_histogram) for param in self.model.parameters()]


def _histogram(grad: Tensor) -> None:
    flat = grad.detach().reshape(-1)
    flat = flat[torch.isfinite(flat)]
    low, high = flat.min().item(), flat.max().item()
    torch.histc(flat, bins=64, min=low, max=high).tolist()


class Run:
    """A run of wandb without a server, of the real package."""

    def __init__(self, wandb: Any, folder: str) -> None:
        self._wandb = wandb
        quiet = wandb.Settings(console="off", silent=True)
        self._run = wandb.init(mode="offline", dir=folder, settings=quiet)

    @contextmanager
    def watching(self, loop: Loop) -> Iterator["Run"]:
        """A histogram of each gradient at every step."""
        self._wandb.watch(loop.model, log="gradients", log_freq=1)
        try:
            yield self
        finally:
            self._wandb.unwatch(loop.model)

    def loss(self, loss: Tensor) -> None:
        """Log it, and all histograms with it."""
        self._run.log({"loss": loss.item()})

    def finish(self) -> None:
        """Close it."""
        self._run.finish()


def compared(name: str, loop: Loop, steps: int, watching: Watching, most: float | None) -> None:
    """Print how many times as long the loop takes, with a 95 % interval."""
    ratios: list[float] = []
    for pair in range(-1, PAIRS):
        sides = [("watched", watching), ("unwatched", lambda *_: nullcontext())]
        took = {side: loop.seconds(steps, how) for side, how in (sides if pair % 2 else sides[::-1])}
        if pair >= 0:  # the first one warms up
            ratios.append(took["watched"] / took["unwatched"])
    low, high = interval(ratios)
    bound = f"; at most {most}" if most is not None else ""
    print(
        f"  {name:<54} {statistics.median(ratios):.3f} (95 % interval {low:.3f} to {high:.3f}{bound})",
        flush=True,
    )


def remembered(path: Path) -> None:
    """Print how much the memory of this process grows over many steps of a tiny loop that is watched."""
    weight = torch.nn.Parameter(torch.ones(8))
    model = nn.ParameterList([weight])
    optimizer = torch.optim.SGD([weight], lr=1e-6, momentum=0.9)
    weight.grad = torch.ones(8)
    gc.collect()
    before = largest = _resident()
    with watch(model, optimizer, to=path, resume=False) as seen:
        for step in range(MEMORY_STEPS):
            optimizer.step()
            seen.loss(1.0)
            if not step % 1000:
                largest = max(largest, _resident())
    print(
        f"  memory of {MEMORY_STEPS} steps of a tiny loop, whole: {largest - before:+.1f} MB at most "
        f"(at most +64); file {path.stat().st_size / 2**20:.1f} MB",
        flush=True,
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def small(path: Path) -> None:
    """Print the ratios of TinyNet, all of which is recorded."""
    x = torch.randn(64, 2)
    y = (x[:, :1] * x[:, 1:]).sign()
    for name, optimized in (("Adam", adam), ("SGD with momentum", sgd)):
        for scheduled in (False, True):
            loop = Loop(tiny(), x, y, F.mse_loss, optimized, is_scheduled=scheduled)
            title = f"TinyNet whole, every step, {name}{', scheduler' * scheduled}"
            compared(title, loop, TINY_STEPS, watched(path), 1.15)


def residual() -> Loop:
    """A loop that trains ResNet-18."""
    return Loop(resnet18(), torch.randn(16, 3, 32, 32), torch.randint(0, 10, (16,)), F.cross_entropy)


def large(path: Path) -> None:
    """Print the ratios of ResNet-18, measured by layer."""
    loop = residual()
    for name, how, most in (
        ("ResNet-18, norms by layer, every step", {"every": 1, "quantities": "norms"}, 1.08),
        ("ResNet-18, every quantity, every step", {"every": 1}, 1.25),
        ("ResNet-18, every quantity, every tenth", {"every": 10}, 1.03),
    ):
        compared(name, loop, LARGE_STEPS, watched(path, **how), most)


def others(path: Path) -> None:
    """Print the ratios of what others do."""
    loop = residual()
    compared("ResNet-18, as Composer's optimizer monitor", loop, LARGE_STEPS, Monitor, None)
    if importlib.util.find_spec("wandb") is None:
        compared("ResNet-18, gradient histograms as wandb.watch", loop, LARGE_STEPS, Histograms, None)
        return
    run = Run(importlib.import_module("wandb"), str(path.parent))
    compared("ResNet-18, wandb.watch, the package", loop, LARGE_STEPS, run.watching, None)
    run.finish()


PARTS = {"small": small, "large": large, "memory": remembered, "others": others}


def main() -> None:
    """Measure all parts, or those that ``PARTS`` names."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    print(f"watch: processor time watched / unwatched, {PAIRS} pairs that take turns, one thread")
    for part in os.environ.get("PARTS", " ".join(PARTS)).split():
        with tempfile.TemporaryDirectory() as folder:
            PARTS[part](Path(folder) / "run.optiscope")


if __name__ == "__main__":
    main()
