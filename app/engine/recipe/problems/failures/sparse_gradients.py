"""Gradients that are almost all zeros: an embedding, of which every pass sees one word."""

import torch
from torch import Generator, Tensor

from optiscope.engine.recipe.problems.matrices import MatrixInfo
from optiscope.engine.recipe.problems.suggestion import Suggestion


def frequencies() -> Tensor:
    """How often each of the 16 words comes, by Zipf's law."""
    counts = 1 / torch.arange(1, 17, dtype=torch.float64)
    return counts / counts.sum()


def words_data() -> tuple[Tensor, ...]:
    """What the words mean [16, 4], what their four contexts add [4, 4], and how often they come [16]."""
    meanings = torch.cos(torch.arange(64, dtype=torch.float64).square()).sign().view(16, 4)
    once = torch.tensor([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]], dtype=torch.float64)
    return meanings, torch.cat([once, -once]), frequencies()


def words_start(generator: Generator) -> tuple[Tensor]:
    """A small embedding [16, 4]."""
    return (0.02 * (torch.rand(16, 4, generator=generator) - 0.5),)


def embedding_of(embedding: Tensor, data: tuple[Tensor, ...]) -> Tensor:  # noqa: ARG001
    """The embedding itself."""
    return embedding


def meanings_of(data: tuple[Tensor, ...]) -> Tensor:
    """The embedding at the minimum: what the contexts of each word have in common."""
    return data[0]


def words_parts(embedding: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """Half the squared error of each word."""
    return (embedding - data[0]).square().sum(-1) / 2


def words_loss(embedding: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """The mean over words, each as often as it comes, and contexts, which no embedding can tell."""
    return words_parts(embedding, data) @ data[2] + data[1].square().sum() / 8


def word_drawn(generator: Generator) -> Tensor:
    """A word, as often as it comes, and one of its contexts: [2]."""
    word = torch.multinomial(frequencies(), 1, generator=generator)
    return torch.cat([word, torch.randint(4, (1,), generator=generator)])


def word_loss(embedding: Tensor, data: tuple[Tensor, ...], drawn: Tensor) -> Tensor:
    """Half the squared error of a word in its context: all other rows have no part in it."""
    meanings, contexts, _ = data
    word, context = drawn.unbind()
    return (embedding[word] - meanings[word] - contexts[context]).square().sum() / 2


SPARSE_GRADIENTS = MatrixInfo(
    name="sparse-gradients",
    title="Sparse gradients",
    description=(
        "An embedding of 16 words that come by Zipf's law, the first 16 times as often as the last. Every "
        "pass draws one word in one of four contexts: one row of the gradient, all others are zeros."
    ),
    failure=(
        "A row is moved by its own passes alone: a rate that is small enough to average over the contexts "
        "of frequent words is too small for the rare, which SGD therefore learns last. Momentum goes on "
        "moving a row when its word is long gone, and decay that is decoupled from the gradient (AdamW) "
        "shrinks rows in every pass, seen or not. Adagrad was made for this: each number has a rate that "
        "falls with what it has seen."
    ),
    shapes={"embedding": (16, 4)},
    data=words_data,
    start=words_start,
    matrix=embedding_of,
    loss=words_loss,
    parts=words_parts,
    part_names=tuple(f"{word}" for word in range(1, 17)),
    shares=tuple(frequencies().tolist()),
    target=meanings_of,
    formula=(
        r"L(E) = \sum_{w=1}^{16} p_w \, \mathbb{E}_c \, \frac{1}{2}"
        r" \left\lVert E_w - m_w - d_c \right\rVert^2, \quad p_w \propto \frac{1}{w}"
    ),
    expression="p @ ((E - M)**2).sum(1) / 2 + (D**2).sum() / 8",
    minimum=1.0,
    citation=(
        "Duchi, J., Hazan, E. and Singer, Y. (2011). Adaptive subgradient methods for online learning and "
        "stochastic optimization. Journal of Machine Learning Research 12, 2121-2159."
    ),
    suggestion=Suggestion(sgd=0.1, momentum=0.01, adam=0.03, adamw=0.03, muon=0.01, steps=500),
    draw=word_drawn,
    sampled=word_loss,
)
