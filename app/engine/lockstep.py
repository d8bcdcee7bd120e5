"""Runs on one test function, advanced in lockstep: one forward and one backward pass for all of them.

Their points are the rows of one tensor [runs, 2], so that a pass costs what it costs a single run; each run
keeps its own optimizer, scheduler and recorder. Every bit is what the run has alone, since only functions
take part for which :func:`is_exact` holds: what IEEE 754 rounds in one way only, such as a product, is the
same in a vector register as alone, while ``cos`` of eight numbers at once may differ in the last place.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn

from app.engine.checkpoint import Checkpoint
from app.engine.config import LoopConfig, ProblemConfig, RunConfig
from app.engine.models import Point
from app.engine.optimizers import OPTIMIZERS
from app.engine.problems import build_problem
from app.engine.recorder import Block, Recorder
from app.engine.shortcuts import backward
from app.engine.training import Training, advance, begin, finish, first_non_finite, quiet

Advanced = tuple[list[Block], Checkpoint]

_EXACT = frozenset(
    {
        "AbsBackward0",
        "AddBackward0",
        "ClampBackward1",
        "DivBackward0",
        "MaximumBackward0",
        "MinimumBackward0",
        "MulBackward0",
        "NegBackward0",
        "RsubBackward1",
        "SubBackward0",
        "UnbindBackward0",
        "torch::autograd::AccumulateGrad",
    }
)
"""Nodes of the graph that compute sums, products, quotients, choices and signs, forward and backward."""

_EXACT_POWERS = frozenset({1, 2, 3})
"""Exponents for which torch multiplies, as it does for those of their derivatives."""


def is_exact(function: Callable[[Tensor], Tensor]) -> bool:
    """Whether values and gradients of a function have the same bits, however many are computed at once.

    Args:
        function: Points [..., 2] to values [...], by the same operations at every point.

    Example:
        >>> is_exact(lambda xy: xy.unbind(-1)[0] ** 2), is_exact(lambda xy: torch.cos(xy).sum(-1))
        (True, False)
    """
    value = function(torch.full((1, 2), 0.5, requires_grad=True))
    return all(map(_computes_exactly, _graph(value.grad_fn)))


def _graph(last: Any) -> Iterator[Any]:
    """The nodes of an autograd graph, each once."""
    seen, waiting = {last}, [last]
    while waiting:
        node = waiting.pop()
        yield node
        before = {node for node, _ in node.next_functions if node is not None} - seen
        seen |= before
        waiting += before


def _computes_exactly(node: Any) -> bool:
    if node.name() == "PowBackward0":
        return node._saved_exponent in _EXACT_POWERS  # noqa: SLF001 - torch shows it nowhere else
    return node.name() in _EXACT


def advance_together(configs: Sequence[RunConfig]) -> list[Advanced]:
    """``advance(config, None, config.steps)`` of each run, bit for bit, in less time where they have company.

    Raises:
        ConfigError: If one of them cannot be run.
    """
    groups: dict[Hashable, list[int]] = {}
    for index, config in enumerate(configs):
        company = _company(config)
        groups.setdefault(index if company is None else company, []).append(index)
    advanced: dict[int, Advanced] = {}
    for indices in groups.values():
        group = [configs[index] for index in indices]
        advanced |= zip(indices, _in_lockstep(group) if len(group) > 1 else map(_alone, group), strict=True)
    return [advanced[index] for index in range(len(configs))]


def _company(config: RunConfig) -> Hashable | None:
    """What runs have in common that go together; None for a run that goes alone."""
    plain = not config.freeze and config.loop == LoopConfig()
    optimizer = OPTIMIZERS.resolve(config.optimizer.name, "/optimizer/name")
    in_place = optimizer.source == "torch.optim" and not optimizer.closure
    if plain and in_place and _has_exact_function(config.problem):
        return (config.problem, config.dtype, config.steps)
    return None


@lru_cache(maxsize=256)
def _has_exact_function(config: ProblemConfig) -> bool:
    problem = build_problem(config, torch.float64)
    return problem.kind == "function" and is_exact(problem.info.function)


def _alone(config: RunConfig) -> Advanced:
    return advance(config, None, config.steps)


def _in_lockstep(configs: Sequence[RunConfig]) -> list[Advanced]:
    """Each run to its last step; one that does not come so far is trained again alone, to its proper end."""
    with quiet():
        runs = [begin(config, None) for config in configs]
        try:
            _step_together(runs)
        except Exception:  # noqa: BLE001 - whatever an optimizer raises is told of its own run alone
            return list(map(_alone, configs))
    advanced = [finish(training, recorder) for training, recorder in runs]
    return [
        found if first_non_finite(found[0]) is None else _alone(config)
        for config, found in zip(configs, advanced, strict=True)
    ]


def _step_together(runs: Sequence[tuple[Training, Recorder]]) -> None:
    """Take all steps of runs on one function, whose points become the rows of one tensor."""
    first = runs[0][0]
    points = torch.stack([training.optimized[0].detach() for training, _ in runs])
    for (training, _), row in zip(runs, points, strict=True):
        training.optimized[0].data = row
    together = Point((0.0, 0.0))
    together.xy = nn.Parameter(points)
    ones = torch.ones(len(runs), dtype=points.dtype)
    for _ in range(first.config.steps):
        together.xy.grad = None
        losses = first.problem.loss(together)
        backward(losses, ones)
        grads: Tensor = together.xy.grad  # type: ignore[assignment] # backward has just set it
        for (training, recorder), loss, grad in zip(runs, losses.tolist(), grads.unbind(), strict=True):
            training.optimized[0].grad = grad
            training.step_on(loss, recorder)
