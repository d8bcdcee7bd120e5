"""A 101 x 101 loss surface of TinyNet over 128 samples, beside the ways it is done today, in one process.

    python -m benchmarks.loss_surface

The rivals are a loop of forwards of the real module, and the package ``loss-landscapes`` if it is installed
(``pip install loss-landscapes``). All compute the plane through three networks; every round runs all of them.
"""

import copy
import importlib
import importlib.util
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from optiscope.engine.advice.defaults import suggested_comparison
from optiscope.engine.core.config import ModelConfig, ProblemConfig, RunConfig
from optiscope.engine.core.parts import whole
from optiscope.engine.lens.batched import BatchedLoss
from optiscope.engine.lens.loss_surface import loss_grid, loss_surface
from optiscope.engine.lens.planes import Axis, Plane
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem

RESOLUTION = 101
SAMPLES = 128
ROUNDS = 5
SEEDS = (44, 3, 41)  # networks without dead units
RIVAL = "loss_landscapes"


class Surface:
    """One plane through three networks, and the ways to compute the loss over it."""

    def __init__(self, problem: str, hidden: tuple[int, ...]) -> None:
        data = build_problem(ProblemConfig(name=problem, samples=SAMPLES), torch.float32)
        assert isinstance(data, DatasetProblem)  # noqa: S101 - the benchmark names its own problems
        self.problem = data
        self.nets = [build_model(data, ModelConfig(hidden=hidden, seed=s), torch.float32) for s in SEEDS]
        self.corners = [parameters_to_vector(net.parameters()).detach().double() for net in self.nets]
        a, b, c = self.corners
        self.plane = Plane(a, torch.stack([b - a, c - a]), (Axis("to the second"), Axis("to the third")))

    def ours(self) -> Tensor:
        """The batched grid."""
        loss = BatchedLoss(self.problem, self.nets[0])
        return whole(loss_grid(self.plane, loss, ((0.0, 1.0), (0.0, 1.0)), RESOLUTION))[1]

    def module_loop(self) -> Tensor:
        """A forward of the real module for every grid point, on parameters made beforehand."""
        net = copy.deepcopy(self.nets[0])
        steps = torch.linspace(0, 1, RESOLUTION, dtype=torch.float64)
        points = self.plane.at(torch.cartesian_prod(steps, steps).flip(1)).float()
        losses = []
        with torch.no_grad():
            for point in points:
                vector_to_parameters(point, net.parameters())
                losses.append(self.problem.loss(net).item())
        return torch.tensor(losses).view(RESOLUTION, RESOLUTION)

    def package(self) -> Any:
        """``loss_landscapes.planar_interpolation`` with its own metric."""
        rival = importlib.import_module(RIVAL)
        metrics = importlib.import_module(f"{RIVAL}.metrics.sl_metrics")
        metric = metrics.Loss(self._criterion(), self.problem.x, self.problem.y)
        with torch.no_grad():
            return rival.planar_interpolation(*self.nets, metric, RESOLUTION, deepcopy_model=True)

    def _criterion(self) -> Callable[..., Tensor]:
        return self.problem.info.loss.function


def seconds(work: Callable[[], Any]) -> float:
    """The processor time that ``work`` takes, so that a busy neighbour counts less."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def compare(title: str, surface: Surface) -> None:
    """Print how many times longer the rivals take, as the median over rounds that run all of them."""
    rivals: dict[str, Callable[[], Any]] = {"module loop": surface.module_loop}
    if importlib.util.find_spec(RIVAL):
        rivals["loss-landscapes"] = surface.package
    difference = ((surface.ours() - surface.module_loop()) / surface.module_loop()).abs().max().item()
    rounds = [
        (statistics.median(seconds(surface.ours) for _ in range(5)), [seconds(r) for r in rivals.values()])
        for _ in range(ROUNDS)
    ]
    ours = statistics.median(own for own, _ in rounds)
    ratios = "   ".join(
        f"{name} {statistics.median(others[k] / own for own, others in rounds):4.0f} x"
        for k, name in enumerate(rivals)
    )
    print(f"  {title:<30} {ours * 1e3:6.1f} ms   {ratios}   (agrees to {difference:.0e})")


def whole_request() -> float:
    """Seconds that the page waits for the comparison on xor: plane, paths with both losses, and grid."""
    configs = [RunConfig.model_validate(config) for config in suggested_comparison("xor")]
    blocks = [advance(config, None, config.steps)[0] for config in configs]
    return statistics.median(
        seconds(lambda: loss_surface(configs, blocks, resolution=RESOLUTION)) for _ in range(9)
    )


def main() -> None:
    """Print all comparisons."""
    torch.set_num_threads(1)
    print(f"loss surface: {RESOLUTION} x {RESOLUTION} points, {SAMPLES} samples, float32; rivals take")
    compare("2-2-2-1, F.mse_loss", Surface("regression-2d", (2, 2)))
    compare("2-2-2-1, cross entropy", Surface("xor", (2, 2)))
    compare("2-8-8-1, F.mse_loss", Surface("regression-2d", (8, 8)))
    if not importlib.util.find_spec(RIVAL):
        print("  (pip install loss-landscapes to see that package beside it)")
    print(f"  the page's default surface with its 4 paths {whole_request() * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
