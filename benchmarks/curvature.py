"""200 exact Hessians of TinyNet over 128 samples, beside one ``torch.func.hessian`` for each, in one process.

    python -m benchmarks.curvature

Every round runs both; times are of the processor, so that a busy neighbour counts less.
"""

import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.func import functional_call, hessian
from torch.nn.utils import parameters_to_vector

from optiscope.engine.core.config import ModelConfig, ProblemConfig
from optiscope.engine.lens.hessian import Hessians
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem

HESSIANS = 200
SAMPLES = 128
ROUNDS = 5


class Path:
    """Parameter vectors around a network, and two ways to their Hessians."""

    def __init__(self, problem: str, hidden: tuple[int, ...], activation: str) -> None:
        data = build_problem(ProblemConfig(name=problem, samples=SAMPLES), torch.float64)
        assert isinstance(data, DatasetProblem)  # noqa: S101 - the benchmark names its own problems
        self.problem = data
        config = ModelConfig(hidden=hidden, activation=activation, seed=44)
        self.net = build_model(data, config, torch.float64)
        self.shapes = {name: param.shape for name, param in self.net.named_parameters()}
        start = parameters_to_vector(self.net.parameters()).detach()
        generator = torch.Generator().manual_seed(0)
        noise = torch.randn(HESSIANS, len(start), dtype=torch.float64, generator=generator)
        self.points = start + 0.1 * noise

    def ours(self) -> Tensor:
        """All at once."""
        return Hessians(self.problem, self.net)(self.points).hessian

    def one_by_one(self) -> Tensor:
        """``torch.func.hessian`` of the real module's loss, at one vector after another."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's forward mode warns of its own use of torch.jit
            return torch.stack([hessian(self._loss)(point) for point in self.points])

    def _loss(self, flat: Tensor) -> Tensor:
        parts = flat.split([shape.numel() for shape in self.shapes.values()])
        named = zip(self.shapes.items(), parts, strict=True)
        params = {name: part.view(shape) for (name, shape), part in named}
        return self.problem.info.loss.function(
            functional_call(self.net, params, (self.problem.x,)), self.problem.y
        )


def seconds(work: Callable[[], Any]) -> float:
    """The processor time that ``work`` takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def compare(title: str, path: Path) -> None:
    """Print how many times longer one by one takes, as the median over rounds that run both."""
    difference = (path.ours() - path.one_by_one()).abs().max().item()
    rounds = [
        (statistics.median(seconds(path.ours) for _ in range(5)), seconds(path.one_by_one))
        for _ in range(ROUNDS)
    ]
    ours = statistics.median(own for own, _ in rounds)
    ratio = statistics.median(other / own for own, other in rounds)
    print(f"  {title:<30} {ours * 1e3:6.1f} ms   one by one {ratio:4.0f} x   (agrees to {difference:.0e})")


def main() -> None:
    """Print all comparisons."""
    torch.set_num_threads(1)
    print(f"curvature: {HESSIANS} Hessians, {SAMPLES} samples, float64; torch.func.hessian takes")
    compare("2-2-2-1, relu", Path("xor", (2, 2), "relu"))
    compare("2-2-2-1, tanh", Path("xor", (2, 2), "tanh"))
    compare("2-8-1, tanh, F.mse_loss", Path("regression-2d", (8,), "tanh"))


if __name__ == "__main__":
    main()
