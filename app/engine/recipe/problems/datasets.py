"""Small 2-D datasets for TinyNet, generated from a seed without touching the global RNG.

Adding one is adding one entry to ``DATASETS``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from optiscope.engine.core.config import ProblemConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.formula import mathml
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import say
from optiscope.engine.recipe.problems.suggestion import Suggestion

Bounds = tuple[tuple[float, float], tuple[float, float]]
Rows = tuple[tuple[float, ...], ...]
Sample = Callable[[int, float, Generator], tuple[Tensor, Tensor]]

_TEST_STREAM = (
    0x9E3779B9  # torch's CPU generator reads 32 bits of a seed, so another stream is another 32-bit seed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossInfo:
    """A loss of ``torch.nn.functional``.

    Attributes:
        name: How a script calls it.
        function: Predictions and targets to a scalar; takes ``reduction``.
        many: The same of many networks at once, see :meth:`DatasetProblem.loss_of`.
        task: What it is for.
        formula: In LaTeX.
        expression: In Python's notation.
    """

    name: str
    function: Callable[..., Tensor]
    many: Callable[[Tensor, Tensor, int], Tensor]
    task: Literal["regression", "classification"]
    formula: str
    expression: str


def _squared_errors(predictions: Tensor, y: Tensor, dim: int) -> Tensor:
    return predictions.sub_(y).square_().mean(dim)


def _logistic_losses(predictions: Tensor, y: Tensor, dim: int) -> Tensor:
    """For targets 0 and 1: log(1 + exp(-z)) where y is 1, log(1 + exp(z)) where it is 0."""
    return F.logsigmoid(predictions.mul_(2 * y - 1)).mean(dim).neg_()


MSE = LossInfo(
    name="F.mse_loss",
    function=F.mse_loss,
    many=_squared_errors,
    task="regression",
    formula=r"L = \frac{1}{n} \sum_{i=1}^{n} \left( \hat{y}_i - y_i \right)^2",
    expression="mean((model(x) - y)**2)",
)
BCE = LossInfo(
    name="F.binary_cross_entropy_with_logits",
    function=F.binary_cross_entropy_with_logits,
    many=_logistic_losses,
    task="classification",
    formula=r"L = \frac{1}{n} \sum_{i=1}^{n} \left( \log(1 + e^{\hat{y}_i}) - y_i \, \hat{y}_i \right)",
    expression="mean(log(1 + exp(model(x))) - y*model(x))",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInfo:
    """A dataset and how it is made.

    Attributes:
        name: The name in a RunConfig.
        title: The name for people.
        description: What it is and what it teaches.
        loss: Of predictions [n, 1] and targets [n, 1]; a classifier predicts one logit, targets are 0 and 1.
        sample: ``sample(n, noise, generator)`` gives x [n, 2] and y [n, 1] in float64; None for fixed data.
        data: The fixed x and y where there is no ``sample``.
        samples, noise: What the options are unless given.
        bounds: The window of the inputs that shows it well.
        citation: Where it comes from, if from somewhere.
        suggestion: What to compare on it first.
        source: The module to import ``sample`` from, if it is another package's.
    """

    name: str
    title: str
    description: str
    loss: LossInfo
    sample: Sample | None = None
    data: tuple[Rows, ...] = ()
    samples: int = 128
    noise: float = 0.1
    bounds: Bounds
    citation: str = ""
    suggestion: Suggestion
    source: str = ""
    kind: ClassVar[Literal["dataset"]] = "dataset"

    @property
    def inputs(self) -> int:
        """How many features a sample has."""
        return 2

    @property
    def holds_out(self) -> bool:
        """Whether there are samples that are not trained on."""
        return self.sample is not None

    def of(self, config: ProblemConfig) -> "DatasetInfo":  # noqa: ARG002
        """What is known of it as a config writes it: the same, unless its samples are written there."""
        return self

    @property
    def option_defaults(self) -> dict[str, Any]:
        """What ``samples``, ``noise`` and ``seed`` are unless given; empty for fixed data."""
        return {} if self.sample is None else {"samples": self.samples, "noise": self.noise, "seed": 0}

    def complete(self, config: ProblemConfig) -> ProblemConfig:
        """``config`` with the options that were left out.

        Raises:
            ConfigError: If an option is given that the dataset does not have.
        """
        given = config.model_dump(exclude={"name"}, exclude_none=True)
        if self.sample is None and given:
            raise ConfigError(
                FieldProblem(
                    f"/problem/{option}", say("fixed_dataset_without", problem=self.name, option=option)
                )
                for option in given
            )
        if strange := given.keys() - self.option_defaults:
            raise ConfigError(
                FieldProblem(f"/problem/{option}", say("dataset_without", problem=self.name, option=option))
                for option in sorted(strange)
            )
        return config.model_copy(update=self.option_defaults | given)

    def build(
        self,
        config: ProblemConfig,
        dtype: torch.dtype,
        limits: Limits = UNLIMITED,  # noqa: ARG002
    ) -> "DatasetProblem":
        """Training and held-out data: equal configs give equal numbers, float64 rounded to ``dtype``."""
        config = self.complete(config)
        if self.sample is None:
            x, y = (torch.tensor(values, dtype=dtype) for values in self.data)
            return DatasetProblem(self, x, y, x, y)
        n, noise, seed = config.samples or self.samples, config.noise or 0.0, config.seed or 0
        return DatasetProblem(self, *_drawn(self.sample, n, noise, seed, dtype))

    def catalog(self) -> dict[str, Any]:
        """The entry of this dataset in the catalog."""
        return {
            "name": self.name,
            "package": self.source.partition(".")[0] or None,
            "title": self.title,
            "kind": self.kind,
            "description": self.description,
            "failure": "",
            "formula": mathml(self.loss.formula),
            "formula_text": self.loss.expression,
            "loss": self.loss.name,
            "inputs": self.inputs,
            "outputs": DatasetProblem.outputs,
            "task": self.loss.task,
            "bounds": [list(bound) for bound in self.bounds],
            "start": None,
            "minima": [],
            "saddles": [],
            "minimum": None,
            "parameters": [],
            "citation": self.citation,
            "options": list(self.option_defaults),
            "option_defaults": self.option_defaults,
            "data": dict(zip("xy", self.data, strict=True)) if self.data else None,
            "suggested": self.suggestion.catalog(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class DatasetProblem:
    """Data and a loss: what a network is trained on.

    Attributes:
        x, y: [n, inputs] inputs and [n, 1] targets to train on.
        x_test, y_test: Held-out ones; where there are none, the same.
    """

    info: DatasetInfo
    x: Tensor
    y: Tensor
    x_test: Tensor
    y_test: Tensor
    draw: ClassVar[None] = None
    kind: ClassVar[Literal["dataset"]] = "dataset"
    outputs: ClassVar[int] = 1

    @property
    def inputs(self) -> int:
        """How many features a sample has."""
        return self.x.shape[1]

    @property
    def name(self) -> str:
        """The name in a RunConfig."""
        return self.info.name

    @property
    def samples(self) -> int:
        """The number of training samples."""
        return len(self.x)

    def loss(self, model: nn.Module, rows: Tensor | None = None) -> Tensor:
        """The mean loss over all training samples, or over the minibatch ``rows``; a scalar."""
        x, y = (self.x, self.y) if rows is None else (self.x[rows], self.y[rows])
        return self.info.loss.function(model(x), y)

    def predict(self, model: nn.Module, rows: Tensor | None = None) -> Tensor:
        """Predictions [n, 1] for all training samples, or for the minibatch ``rows``."""
        prediction: Tensor = model(self.x if rows is None else self.x[rows])
        return prediction

    def compare(self, prediction: Tensor, rows: Tensor | None = None) -> Tensor:
        """The mean loss of what was predicted for ``rows``; a scalar."""
        return self.info.loss.function(prediction, self.y if rows is None else self.y[rows])

    def loss_of(self, predictions: Tensor, y: Tensor, dim: int) -> Tensor:
        """The mean loss over dimension ``dim`` of predictions of many networks at once.

        Args:
            predictions: Of any shape; they may be overwritten.
            y: Targets that broadcast to it.
            dim: The dimension of the samples.
        """
        return self.info.loss.many(predictions, y, dim)


@lru_cache(maxsize=16)
def _drawn(sample: Sample, n: int, noise: float, seed: int, dtype: torch.dtype) -> tuple[Tensor, ...]:
    """Training and held-out data, which nobody writes into: a sweep asks for the same ones many times."""
    streams = (seed, (seed + _TEST_STREAM) % 2**32)
    drawn = [sample(n, noise, Generator().manual_seed(stream)) for stream in streams]
    return tuple(data.to(dtype) for pair in drawn for data in pair)


def _alternating(n: int) -> Tensor:
    """Labels 0, 1, 0, 1, … as [n]."""
    return torch.arange(n, dtype=torch.float64) % 2


def _uniform(n: int, generator: Generator) -> Tensor:
    return torch.rand(n, dtype=torch.float64, generator=generator)


def _noisy(x: Tensor, noise: float, generator: Generator) -> Tensor:
    return x + noise * torch.randn(x.shape, dtype=torch.float64, generator=generator)


def blobs(n: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two round clouds around (-1, -1) and (1, 1), with ``noise`` as their standard deviation."""
    label = _alternating(n)
    centre = 2 * label - 1
    return _noisy(torch.stack([centre, centre], dim=1), noise, generator), label[:, None]


def xor(n: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Clouds around the corners (±1, ±1); the label is 1 where the signs differ."""
    corner = torch.arange(n) % 4
    right, up = (corner % 2).double(), (corner // 2).double()
    x = torch.stack([2 * right - 1, 2 * up - 1], dim=1)
    return _noisy(x, noise, generator), (right != up).double()[:, None]


def moons(n: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two interleaved half circles of radius 1, centred on the origin together."""
    label = _alternating(n)
    sign, angle = 1 - 2 * label, math.pi * _uniform(n, generator)
    x = sign * torch.cos(angle) + label - 0.5
    y = sign * torch.sin(angle) + 0.5 * label - 0.25
    return _noisy(torch.stack([x, y], dim=1), noise, generator), label[:, None]


def circles(n: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """A circle of radius 1 (label 0) around one of radius 0.5 (label 1)."""
    label = _alternating(n)
    angle = 2 * math.pi * _uniform(n, generator)
    x = (1 - 0.5 * label)[:, None] * torch.stack([torch.cos(angle), torch.sin(angle)], dim=1)
    return _noisy(x, noise, generator), label[:, None]


def spiral(n: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two arms of a spiral, each turning once and a quarter from the centre to radius 2."""
    label = _alternating(n)
    along = torch.sqrt(_uniform(n, generator))
    angle = 2.5 * math.pi * along + math.pi * label
    x = (2 * along)[:, None] * torch.stack([torch.cos(angle), torch.sin(angle)], dim=1)
    return _noisy(x, noise, generator), label[:, None]


def hill_and_valley(n: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Uniform points of [-1, 1]² and y = sin(πx₁) cos(πx₂ / 2), with noise on y."""
    x = 2 * torch.rand(n, 2, dtype=torch.float64, generator=generator) - 1
    y = torch.sin(math.pi * x[:, :1]) * torch.cos(math.pi * x[:, 1:] / 2)
    return x, _noisy(y, noise, generator)


_SCIKIT_LEARN = (
    "After scikit-learn: Pedregosa, F. et al. (2011). Scikit-learn: machine learning in Python. "
    "Journal of Machine Learning Research 12, 2825-2830."
)

DATASETS = (
    DatasetInfo(
        name="seed-example",
        title="One sample",
        description=(
            "x = [[1, 2]], y = [[1]]: one sample, small enough to follow every gradient by hand. The loss "
            "can reach 0 in many ways."
        ),
        loss=MSE,
        data=(((1.0, 2.0),), ((1.0,),)),
        bounds=((-1.0, 3.0), (-1.0, 3.0)),
        suggestion=Suggestion(
            model={"hidden": [2, 2], "activation": "relu", "seed": 204},
            sgd=0.02,
            momentum=0.005,
            adam=0.02,
            adamw=0.02,
            decay=0.1,
            steps=100,
        ),
    ),
    DatasetInfo(
        name="blobs",
        title="Two blobs",
        description="Two overlapping clouds that a straight line parts almost as well as anything can.",
        loss=BCE,
        sample=blobs,
        noise=0.8,
        bounds=((-3.5, 3.5), (-3.5, 3.5)),
        suggestion=Suggestion(
            model={"hidden": [2, 2], "activation": "relu", "seed": 3},
            sgd=0.3,
            momentum=0.1,
            adam=0.05,
            adamw=0.05,
            decay=0.1,
        ),
    ),
    DatasetInfo(
        name="xor",
        title="XOR",
        description=(
            "Four clouds, labelled by exclusive or: no straight line parts them, two hidden units can."
        ),
        loss=BCE,
        sample=xor,
        noise=0.3,
        bounds=((-2.0, 2.0), (-2.0, 2.0)),
        citation=(
            "Rumelhart, D. E., Hinton, G. E. and Williams, R. J. (1986). Learning internal representations "
            "by error propagation. In: Parallel Distributed Processing 1. MIT Press."
        ),
        suggestion=Suggestion(
            model={"hidden": [2, 2], "activation": "relu", "seed": 44},
            sgd=0.3,
            momentum=0.2,
            adam=0.05,
            adamw=0.05,
            decay=0.1,
        ),
    ),
    DatasetInfo(
        name="moons",
        title="Two moons",
        description="Two interleaved half circles: a bent boundary parts them.",
        loss=BCE,
        sample=moons,
        noise=0.15,
        bounds=((-2.25, 2.25), (-1.75, 1.75)),
        citation=_SCIKIT_LEARN,
        suggestion=Suggestion(
            model={"hidden": [4, 4], "activation": "relu", "seed": 33},
            sgd=0.5,
            momentum=0.2,
            adam=0.05,
            adamw=0.05,
            decay=0.02,
        ),
    ),
    DatasetInfo(
        name="circles",
        title="Two circles",
        description=(
            "A ring around a ring: the boundary has to close on itself, which takes three hidden units."
        ),
        loss=BCE,
        sample=circles,
        noise=0.1,
        bounds=((-1.6, 1.6), (-1.6, 1.6)),
        citation=_SCIKIT_LEARN,
        suggestion=Suggestion(
            model={"hidden": [4, 4], "activation": "relu", "seed": 9},
            sgd=0.5,
            momentum=0.2,
            adam=0.05,
            adamw=0.05,
            decay=0.1,
            steps=250,
        ),
    ),
    DatasetInfo(
        name="spiral",
        title="Two spirals",
        description=(
            "Two arms wound around each other: the classic hard case, for wider networks and more steps."
        ),
        loss=BCE,
        sample=spiral,
        samples=256,
        noise=0.05,
        bounds=((-2.4, 2.4), (-2.4, 2.4)),
        citation=(
            "Lang, K. J. and Witbrock, M. J. (1988). Learning to tell two spirals apart. In: Proceedings "
            "of the 1988 Connectionist Models Summer School. Morgan Kaufmann."
        ),
        suggestion=Suggestion(
            model={"hidden": [8, 8], "activation": "tanh", "seed": 3},
            sgd=0.3,
            momentum=0.2,
            adam=0.03,
            adamw=0.03,
            decay=0.05,
            steps=500,
        ),
    ),
    DatasetInfo(
        name="regression-2d",
        title="Hill and valley",
        description=(
            "A smooth function of two variables, y = sin(πx₁) cos(πx₂ / 2): one hill, one valley, some noise."
        ),
        loss=MSE,
        sample=hill_and_valley,
        noise=0.05,
        bounds=((-1.0, 1.0), (-1.0, 1.0)),
        suggestion=Suggestion(
            model={"hidden": [8], "activation": "tanh", "seed": 5},
            sgd=0.3,
            momentum=0.1,
            adam=0.05,
            adamw=0.05,
            decay=0.1,
        ),
    ),
)
