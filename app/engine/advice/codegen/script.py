"""A run as one script that needs torch alone."""

import re
import warnings
from collections.abc import Iterator
from itertools import pairwise

import torch

from optiscope.engine.advice.codegen.average import POINT, average_lines
from optiscope.engine.advice.codegen.draws import draw_lines, drawn_of, loss_of_pass
from optiscope.engine.advice.codegen.groups import moving_lines
from optiscope.engine.advice.codegen.lateness import queue_lines
from optiscope.engine.advice.codegen.layout import block, bracketed, call, literal
from optiscope.engine.advice.codegen.loop import LoopWriter, Names
from optiscope.engine.advice.codegen.matrices import matrices_lines
from optiscope.engine.advice.codegen.network import network, switched_lines
from optiscope.engine.advice.codegen.points import points_lines
from optiscope.engine.advice.codegen.recipe import (
    Shapes,
    by_layer,
    lr_scheduler_lines,
    optimizer_lines,
    optimizer_names,
)
from optiscope.engine.advice.codegen.sources import with_helpers
from optiscope.engine.core.config import LRSchedulerConfig, RunConfig
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.parameters import resolve_names, shapes_of
from optiscope.engine.recipe.problems import PROBLEMS, ProblemInfo
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from optiscope.engine.recipe.problems.functions import FunctionProblem
from optiscope.engine.recipe.problems.matrices import MatrixProblem
from optiscope.engine.recipe.problems.points import PointsInfo


def script(config: RunConfig, limits: Limits = DEFAULT_LIMITS) -> str:
    """A complete PyTorch script that prints the loss of every step of a run, one a line.

    Where weights are averaged, the loss of all samples at the average stands behind it. They are those of
    the run, bit for bit, on the same machine with the same PyTorch.

    Raises:
        ConfigError: If the run cannot be started.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        training = Training(config, limits)
    writer = _Writer(config, training)
    body = [*writer.problem(), writer.recipe(), *writer.average(), *writer.preparations(), writer.loop()]
    return _spaced([writer.head("\n".join(body)), *body])


def _spaced(sections: list[str]) -> str:
    """The sections with a blank line between each two, and two around functions and classes."""
    text = sections[0]
    for before, after in pairwise(sections):
        defines = any(section.startswith(("def ", "class ")) for section in (before, after))
        text += ("\n\n\n" if defines else "\n\n") + after
    return text + "\n"


class _Writer:
    """Writes the parts of the script of one run."""

    def __init__(self, config: RunConfig, training: Training) -> None:
        self.config = config
        self.made = training.problem
        self.freezing = training.freezing
        self.shapes: Shapes = shapes_of(training.model)
        self.optimizers = optimizer_names(config.optimizer)
        self.moving = list(moving_lines(config, training.hyperparameters, self.optimizers))
        self.switched, self.switching = switched_lines(config, self.shapes)
        self.closure, self.again = training.needs_closure, training.again
        self.keeps_graph = training.keeps_graph
        is_batched = config.batch_size is not None and config.batch_size < training.problem.samples
        self.drawn = ("rows", "batches") if is_batched else drawn_of(self.made)
        rules = [rule for rule in config.freeze if rule.by == "requires_grad"]
        edges = {edge for rule in rules for edge in (rule.from_step, rule.to_step)} - {None}
        self.edges = sorted(edge for edge in edges if edge is not None and edge < config.steps)

    def head(self, body: str) -> str:
        """What the script is, and what it imports."""
        names = " and ".join(c.name for c in (self.config.optimizer, self.config.optimizer.rest) if c)
        title = f"{self.made.info.title} with {names}"
        what = "the loss of every step" + (", and of the average" if self.config.average else "")
        lines = [f"# {title}: prints {what} (PyTorch {torch.__version__})."]
        of_python = [name for name in ("copy", "math") if re.search(rf"\b{name}\.", body)]
        if of_python:
            lines += [*(f"import {name}" for name in of_python), ""]
        lines += ["import numpy"] if re.search(r"\bnumpy\.", body) else []
        lines += _third_party(self.config)
        lines += ["import torch"]
        if re.search(r"\bF\.", body):
            lines += ["import torch.nn.functional as F"]
        of_torch = [name for name in ("Generator", "Tensor", "nn") if re.search(rf"\b{name}\b", body)]
        if of_torch:
            lines += [f"from torch import {', '.join(of_torch)}"]
        return "\n".join(
            [*lines, "", "torch.set_num_threads(1)  # another number may add up in another order"]
        )

    def problem(self) -> Iterator[str]:
        """What is minimised, and the model at its start."""
        if isinstance(self.made, MatrixProblem):
            yield from matrices_lines(self.config, self.made.info, self.shapes)
            return
        if not isinstance(self.made, DatasetProblem):
            if not self.made.info.source:
                yield self.made.info.definition or with_helpers(self.made.info.function)
            start = self.config.model.start or self.made.info.start
            values = literal([float(value) for value in start])
            yield f"xy = nn.Parameter(torch.tensor({values}, dtype=torch.{self.config.dtype}))"
            return
        yield from self._data(self.made)
        yield network(self.config, self.shapes)
        yield "\n".join(self._model())

    def _data(self, made: DatasetProblem) -> Iterator[str]:
        info, dtype = made.info, f"torch.{self.config.dtype}"
        if isinstance(info, PointsInfo):
            yield from points_lines(info, dtype)
            return
        if info.sample is None:
            x, y = ([list(row) for row in rows] for rows in info.data)
            for name, values in (("x", x), ("y", y)):
                yield f"{name} = torch.tensor({literal(values)}, dtype={dtype})"
            return
        options = info.complete(self.config.problem)
        if not info.source:
            yield with_helpers(info.sample)
        made_by = call(
            _name(info, info.sample),
            [
                literal(options.samples),
                literal(float(options.noise or 0)),
                f"Generator().manual_seed({options.seed or 0})",
            ],
        )
        yield f"x, y = {made_by}\nx, y = x.to({dtype}), y.to({dtype})"

    def _model(self) -> Iterator[str]:
        double = ".double()" if self.config.dtype == "float64" else ""
        given = self.config.model.state_dict
        if given is None:
            yield f"torch.manual_seed({self.config.model.seed})"
        yield f"model = TinyNet(){double}"
        if given is not None:
            tensors = [
                f'"{name}": torch.tensor({literal(given[name])}, dtype=torch.{self.config.dtype})'
                for name in self.shapes
            ]
            yield call("model.load_state_dict", [bracketed("{", tensors, "}")])

    def recipe(self) -> str:
        """The optimizers and the schedulers, and what is replaced once they are made."""
        made = [*optimizer_lines(self.config.optimizer, self.shapes), *lr_scheduler_lines(self.config)]
        return "\n".join([*made, *self._replaced()])

    def _replaced(self) -> Iterator[str]:
        asked = resolve_names(self.config.loop.replaced or (), self.shapes, "/loop/replaced")
        for layer, names in by_layer(self.shapes).items():
            if len(names) > 1 and set(names) <= set(asked):
                yield f"model.{layer} = copy.deepcopy(model.{layer})"
            else:
                written = ((name if name == "xy" else f"model.{name}") for name in names if name in asked)
                yield from (f"{name} = nn.Parameter({name}.detach().clone())" for name in written)

    def average(self) -> Iterator[str]:
        """What the weights are averaged with."""
        lines = average_lines(self.config)
        if lines and isinstance(self.made, FunctionProblem):
            yield POINT
            lines = ["model = Point()", *lines]
        if lines:
            yield "\n".join(lines)

    def preparations(self) -> Iterator[str]:
        """What freezes, or is taken for it, and where minibatches come from."""
        if self.switched:
            yield "\n".join(self.switched)
        if self.edges == [0]:
            yield "\n".join(self._freeze_for_good())
        elif self.edges:
            table = [f"{edge}: {self._frozen(edge)}" for edge in self.edges]
            yield (
                bracketed("FROZEN = {", table, "}") + "  # from this step on: name -> whether to clear .grad"
            )
        yield from queue_lines(self.config)
        if isinstance(self.made, DatasetProblem) and self.drawn is not None:
            order = "order = torch.randperm(len(x), generator=generator)"
            forever = block([order, f"yield from order.split({self.config.batch_size})"])
            generator = f"generator = Generator().manual_seed({self.config.order_seed})"
            yield "\n".join(["def minibatches():", block([generator, "while True:", forever])])
            yield "batches = minibatches()"
        else:
            yield from draw_lines(self.config, self.made)

    def _freeze_for_good(self) -> Iterator[str]:
        frozen = self.freezing.frozen(0)
        for layer, names in by_layer(self.shapes).items():
            if frozen.keys() >= set(names):
                yield f"model.{layer}.requires_grad_(False)"
            else:
                yield from (f"model.{name}.requires_grad_(False)" for name in names if name in frozen)

    def _frozen(self, step: int) -> str:
        return bracketed(
            "{", [f'"{name}": {clear}' for name, clear in self.freezing.frozen(step).items()], "}"
        )

    def loop(self) -> str:
        """The loop, in the order of the config."""
        first = ["if step in FROZEN:", block(self._refreeze())] if self.edges and self.edges != [0] else []
        first += self.switching
        has_data = isinstance(self.made, DatasetProblem)
        loss_of = self._loss_of()
        averaged = "averaged(), data" if isinstance(self.made, MatrixProblem) else "averaged.module.xy"
        if self.config.loop.drift is not None:
            averaged += " - origin"
        names = Names(
            loss_of=loss_of,
            has_data=has_data,
            loss=loss_of_pass(self.config, self.made, loss_of),
            drawn=self.drawn,
            optimizers=self.optimizers,
            closure=self.closure,
            again=self.again,
            keeps_graph=self.keeps_graph,
            loss_of_average=f"{loss_of}({'averaged(x), y' if has_data else averaged})",
            moving=self.moving,
        )
        return LoopWriter(self.config, self.shapes, names).lines(first)

    def _refreeze(self) -> list[str]:
        return [
            "for name, p in model.named_parameters():",
            block(
                [
                    "p.requires_grad_(name not in FROZEN[step])",
                    "if FROZEN[step].get(name):",
                    block(["p.grad = None"]),
                ]
            ),
        ]

    def _loss_of(self) -> str:
        """What a script calls the loss."""
        if isinstance(self.made, DatasetProblem):
            return self.made.info.loss.name
        if isinstance(self.made, MatrixProblem):
            return self.made.info.loss.__name__
        return _name(self.made.info, self.made.info.function)


def _third_party(config: RunConfig) -> list[str]:
    """Imports of the packages that the parts of a run come from."""
    chosen = [OPTIMIZERS[c.name] for c in (config.optimizer, config.optimizer.rest) if c]
    sources = {PROBLEMS[config.problem.name].source, *(info.source for info in chosen)}
    sources |= {LR_SCHEDULERS[name].source for name in _lr_schedulers(config.lr_scheduler)}
    return sorted(f"import {source}" for source in sources if source and not source.startswith("torch."))


def _lr_schedulers(config: LRSchedulerConfig | None) -> Iterator[str]:
    """The names of a scheduler and of all its parts."""
    if config is not None:
        yield config.name
        for part in config.schedulers or ():
            yield from _lr_schedulers(part)


def _name(info: ProblemInfo, function: object) -> str:
    """How a script calls a function: of another package by its module, of ours by its name alone."""
    name = str(getattr(function, "__name__", function))
    return f"{info.source}.{name}" if info.source else name
