"""Problems whose parameters are matrices: what an optimizer that thinks in matrices is made for.

Each is a loss of one matrix, which its parameters make; both take any number of matrices at once, so that one
definition serves a training step and a whole surface. Adding one is adding one entry to ``MATRICES``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import torch
from torch import Generator, Tensor, nn

from optiscope.engine.core.config import ProblemConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.formula import mathml
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import say
from optiscope.engine.recipe.draws import Draw
from optiscope.engine.recipe.problems.suggestion import Suggestion
from optiscope.engine.recipe.problems.without_data import WithoutData


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixInfo:
    """A problem of matrices and the truth about it.

    Attributes:
        name: The name in a RunConfig.
        title: The name for people.
        description: What it teaches, in a sentence or two.
        failure: What goes wrong on it, and for whom, where it is one of the failure modes.
        shapes: The parameters, by name.
        data: What is given, in float64.
        start: The parameters of a seed, in float32.
        matrix: ``matrix(*parameters, data)`` is what they make: [..., rows, columns].
        loss: Of that matrix and the data: [...].
        parts: Of the same: [..., parts], each above or at 0, what the loss is made of.
        part_names: What each of them is of.
        shares: What each counts in the loss.
        target: The matrix at the minimum; None where the loss only comes near it, far out.
        formula: In LaTeX.
        expression: In Python's notation.
        minimum: The least value there is.
        citation: Where it comes from.
        suggestion: What to compare on it first.
        draw: Which of its samples a pass sees; None where it sees all.
        sampled: The loss of that sample: ``sampled(matrix, data, drawn)``.
    """

    name: str
    title: str
    description: str
    failure: str = ""
    shapes: Mapping[str, tuple[int, int]]
    data: Callable[[], tuple[Tensor, ...]]
    start: Callable[[Generator], tuple[Tensor, ...]]
    matrix: Callable[..., Tensor]
    loss: Callable[[Tensor, tuple[Tensor, ...]], Tensor]
    parts: Callable[[Tensor, tuple[Tensor, ...]], Tensor]
    part_names: tuple[str, ...]
    shares: tuple[float, ...]
    target: Callable[[tuple[Tensor, ...]], Tensor] | None
    formula: str
    expression: str
    minimum: float
    citation: str
    suggestion: Suggestion
    draw: Draw | None = None
    sampled: Callable[[Tensor, tuple[Tensor, ...], Tensor], Tensor] | None = None
    source: ClassVar[str] = ""
    kind: ClassVar[Literal["matrix"]] = "matrix"

    def of(self, config: ProblemConfig) -> "MatrixInfo":  # noqa: ARG002
        """What is known of it as a config writes it: the same, as none is written there."""
        return self

    @property
    def option_defaults(self) -> dict[str, Any]:
        """What ``seed`` is unless given, where samples are drawn; else empty."""
        return {} if self.draw is None else {"seed": 0}

    def complete(self, config: ProblemConfig, limits: Limits = UNLIMITED) -> ProblemConfig:  # noqa: ARG002
        """``config`` with the options that were left out; only what draws samples has one.

        Raises:
            ConfigError: If another one is given.
        """
        own = self.option_defaults
        given = config.model_dump(exclude={"name"}, exclude_none=True)
        if strange := [option for option in given if option not in own]:
            raise ConfigError(
                FieldProblem(f"/problem/{option}", say("matrix_without", problem=self.name, option=option))
                for option in strange
            )
        return config.model_copy(update=own | given) if own else config

    def build(
        self,
        config: ProblemConfig,
        dtype: torch.dtype,
        limits: Limits = UNLIMITED,  # noqa: ARG002
    ) -> "MatrixProblem":
        """The problem with what is given in ``dtype``."""
        self.complete(config)
        return MatrixProblem(self, tuple(part.to(dtype) for part in self.data()))

    def catalog(self) -> dict[str, Any]:
        """The entry of this problem in the catalog."""
        return {
            "name": self.name,
            "package": None,
            "title": self.title,
            "kind": self.kind,
            "description": self.description,
            "failure": self.failure,
            "formula": mathml(self.formula),
            "formula_text": self.expression,
            "loss": self.expression,
            "inputs": 0,
            "outputs": 0,
            "task": None,
            "bounds": None,
            "start": None,
            "minima": [],
            "saddles": [],
            "minimum": self.minimum,
            "parameters": [{"name": name, "shape": list(shape)} for name, shape in self.shapes.items()],
            "citation": self.citation,
            "options": list(self.option_defaults),
            "option_defaults": self.option_defaults,
            "data": None,
            "suggested": self.suggestion.catalog(),
        }


@dataclass(frozen=True, slots=True)
class MatrixProblem(WithoutData):
    """Something to minimise over matrices: its model holds them, and gives the matrix that they make.

    Attributes:
        data: What is given, in the dtype of the run.
    """

    info: MatrixInfo
    data: tuple[Tensor, ...]
    kind: ClassVar[Literal["matrix"]] = "matrix"

    @property
    def name(self) -> str:
        """The name in a RunConfig."""
        return self.info.name

    @property
    def draw(self) -> Draw | None:
        """Which sample a pass sees; None where it sees all."""
        return self.info.draw

    def loss(self, model: nn.Module, rows: Tensor | None = None) -> Tensor:
        """The value at the model's matrices, a scalar; of the sample of a pass, if given."""
        return self.compare(model(), rows)

    def compare(self, prediction: Tensor, rows: Tensor | None = None) -> Tensor:
        """The value at a matrix, a scalar; of the sample of a pass, if given."""
        if rows is None or self.info.sampled is None:
            return self.info.loss(prediction, self.data)
        return self.info.sampled(prediction, self.data, rows)

    def at(self, points: Tensor) -> Tensor:
        """The loss of flat parameters [..., parameters], in their own dtype: [...]."""
        data = tuple(part.to(points.dtype) for part in self.data)
        return self.info.loss(self.info.matrix(*self.unflattened(points), data), data)

    def unflattened(self, points: Tensor) -> list[Tensor]:
        """The matrices [..., rows, columns] of flat parameters [..., parameters]."""
        shapes = self.info.shapes.values()
        parts = points.split([rows * columns for rows, columns in shapes], dim=-1)
        return [part.unflatten(-1, shape) for part, shape in zip(parts, shapes, strict=True)]


def hadamard() -> Tensor:
    """An orthogonal matrix [8, 8] whose entries are 1/√8 and -1/√8 (Sylvester, 1867)."""
    signs = torch.ones(1, 1, dtype=torch.float64)
    for _ in range(3):
        signs = torch.cat([torch.cat([signs, signs], 1), torch.cat([signs, -signs], 1)])
    return signs / 8**0.5


def turned() -> Tensor:
    """Another orthogonal matrix [8, 8]: the rows of ``hadamard()`` in another order, turned in pairs."""
    turn: Tensor = torch.block_diag(*[torch.tensor([[0.8, 0.6], [-0.6, 0.8]], dtype=torch.float64)] * 4)
    rows = hadamard()[[3, 6, 0, 5, 1, 7, 2, 4]]
    return rows @ turn


def memory_data() -> tuple[Tensor, ...]:
    """Keys [8, 8] and values [8, 8], a row each and orthonormal, and how often each pair comes [8]."""
    counts = 1 / torch.arange(1, 9, dtype=torch.float64) ** 2
    return hadamard(), turned(), counts / counts.sum()


def memory_start(generator: Generator) -> tuple[Tensor]:
    """A small weight [8, 8]."""
    return (0.02 * (torch.rand(8, 8, generator=generator) - 0.5),)


def memory_logits(weight: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """How strongly each key [columns] calls each value [rows]."""
    keys, values, _ = data
    return values @ weight @ keys.mT


def memory_parts(logits: Tensor, data: tuple[Tensor, ...]) -> Tensor:  # noqa: ARG001
    """The cross-entropy of each pair: of the value that belongs to a key, among all values."""
    return logits.logsumexp(-2) - logits.diagonal(dim1=-2, dim2=-1)


def memory_loss(logits: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """The cross-entropy of the pairs, each as often as it comes."""
    return memory_parts(logits, data) @ data[2]


def factorisation_data() -> tuple[Tensor, ...]:
    """Left [8, 3] and right [8, 3] singular vectors of a matrix, and its singular values [3]."""
    left, right = hadamard()[:, :3], turned()[:, :3]
    return left, right, torch.tensor([3.0, 1.0, 0.3], dtype=torch.float64)


def factorisation_start(generator: Generator) -> tuple[Tensor, Tensor]:
    """Small factors [8, 3]."""
    left, right = torch.rand(2, 8, 3, generator=generator) - 0.5
    return 0.2 * left, 0.2 * right


def factorisation_product(left: Tensor, right: Tensor, data: tuple[Tensor, ...]) -> Tensor:  # noqa: ARG001
    """``left @ right.T``."""
    return left @ right.mT


def factorisation_target(data: tuple[Tensor, ...]) -> Tensor:
    """The matrix that is to be made, of rank 3."""
    left, right, singular = data
    return (left * singular) @ right.mT


def factorisation_loss(product: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """Half the sum of the squared differences."""
    return (product - factorisation_target(data)).square().sum((-2, -1)) / 2


def factorisation_parts(product: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """Half the squared error along each singular direction of the target."""
    left, right, singular = data
    made = ((left.mT @ product) * right.mT).sum(-1)
    return (made - singular).square() / 2


def regression_data() -> tuple[Tensor, ...]:
    """Inputs [8, 8], a column each and of lengths from 1 to 0.1, and the orthogonal matrix that is sought."""
    lengths = 10 ** -torch.linspace(0, 1, 8, dtype=torch.float64)
    return hadamard() * lengths, turned()


def regression_start(generator: Generator) -> tuple[Tensor]:
    """A small weight [8, 8]."""
    return (0.02 * (torch.rand(8, 8, generator=generator) - 0.5),)


def regression_weight(weight: Tensor, data: tuple[Tensor, ...]) -> Tensor:  # noqa: ARG001
    """The weight itself."""
    return weight


def regression_target(data: tuple[Tensor, ...]) -> Tensor:
    """The orthogonal matrix."""
    return data[1]


def regression_parts(weight: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """Half the squared error of each input."""
    inputs, target = data
    return ((weight - target) @ inputs).square().sum(-2) / 2


def regression_loss(weight: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """Half the squared error over all inputs."""
    return regression_parts(weight, data).sum(-1)


_PAIRS = tuple(f"{key}" for key in range(1, 9))

MATRICES = (
    MatrixInfo(
        name="associative-memory",
        title="Associative memory",
        description=(
            "One matrix is to answer each of eight keys with its value. The first pair comes 64 times as "
            "often as the last: an optimizer that follows the gradient learns the frequent ones first, one "
            "that makes its update orthogonal learns all about as fast."
        ),
        shapes={"weight": (8, 8)},
        data=memory_data,
        start=memory_start,
        matrix=memory_logits,
        loss=memory_loss,
        parts=memory_parts,
        part_names=_PAIRS,
        shares=tuple(memory_data()[2].tolist()),
        target=None,
        formula=r"L(W) = -\sum_{i=1}^{8} p_i \log \frac{e^{v_i^\top W k_i}}{\sum_j e^{v_j^\top W k_i}}",
        expression="p @ (logsumexp(V @ W @ K.T, dim=0) - diag(V @ W @ K.T))",
        minimum=0.0,
        citation=(
            "Wang, S. et al. (2025). Muon outperforms Adam in tail-end associative memory learning. "
            "arXiv:2509.26030"
        ),
        suggestion=Suggestion(sgd=1.0, momentum=0.3, adam=0.1, adamw=0.1, muon=0.1, steps=100),
    ),
    MatrixInfo(
        name="matrix-factorisation",
        title="Matrix factorisation",
        description=(
            "Two thin matrices whose product is to be a given one of rank 3, from a small start near a "
            "saddle: its singular values 3, 1 and 0.3 are learned one after another, or all at once."
        ),
        shapes={"left": (8, 3), "right": (8, 3)},
        data=factorisation_data,
        start=factorisation_start,
        matrix=factorisation_product,
        loss=factorisation_loss,
        parts=factorisation_parts,
        part_names=("3", "1", "0.3"),
        shares=(1.0, 1.0, 1.0),
        target=factorisation_target,
        formula=r"L(U, V) = \frac{1}{2} \left\lVert U V^\top - M \right\rVert_F^2",
        expression="((U @ V.T - M)**2).sum() / 2",
        minimum=0.0,
        citation=(
            "Saxe, A. M., McClelland, J. L., Ganguli, S. (2014). Exact solutions to the nonlinear dynamics "
            "of learning in deep linear neural networks. arXiv:1312.6120"
        ),
        suggestion=Suggestion(sgd=0.1, momentum=0.03, adam=0.03, adamw=0.03, muon=0.01, steps=300),
    ),
    MatrixInfo(
        name="orthogonal-regression",
        title="Orthogonal regression",
        description=(
            "Linear regression whose answer is an orthogonal matrix and whose inputs differ in length by "
            "ten: the Hessian has condition number 100, and the answer is as large in every direction."
        ),
        shapes={"weight": (8, 8)},
        data=regression_data,
        start=regression_start,
        matrix=regression_weight,
        loss=regression_loss,
        parts=regression_parts,
        part_names=_PAIRS,
        shares=(1.0,) * 8,
        target=regression_target,
        formula=r"L(W) = \frac{1}{2} \left\lVert (W - Q) X \right\rVert_F^2",
        expression="(((W - Q) @ X)**2).sum() / 2",
        minimum=0.0,
        citation=(
            "Schönemann, P. H. (1966). A generalized solution of the orthogonal Procrustes problem. "
            "Psychometrika 31(1), 1-10. doi:10.1007/BF02289451"
        ),
        suggestion=Suggestion(sgd=1.0, momentum=0.3, adam=0.03, adamw=0.03, muon=0.01, steps=200),
    ),
)
