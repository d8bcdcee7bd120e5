"""Classes of the package that a plain loop carries with some help, each as a subclass of the real one.

A subclass changes no number: it is given parameters and hyperparameters as every other optimizer, and brings
its state back as plain data.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch.optim import Optimizer

from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.drawing import SEED, Draws
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.marking import MARK, Marks
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.objects import KeepsObjects
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.rateless import Rateless
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.shared import KeepsShared
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.wrapping import (
    PerturbsClass,
    Wraps,
    WrapsWithModel,
    base_of,
    rate,
)
from optiscope.engine.recipe.optimizers.info import BASES, Again, Made

__all__ = ["HELP", "MARK", "Help", "carried", "help_for"]


@dataclass(frozen=True, slots=True)
class Help:
    """What a loop does for a class.

    Attributes:
        draws: Lets it draw from a generator of its own.
        marks: Marks its param groups, which have matrices alone.
        matrices: Gives it matrices alone.
        graph: Keeps the graph of the gradients.
        again: What a closure gives it once there are gradients.
        closure: Whether it evaluates the loss itself from the beginning.
        takes: What its constructor takes.
        base: The class that it is given or wrapped around, unless another is chosen.
        shared: Whether it keeps state that belongs to no parameter.
        objects: Whether it keeps objects or queues.
        float32_only: Whether it computes in float32 alone.
        trains: Whether it must be told by ``train()`` that training begins.
        rateless: Whether its groups have no rate.
    """

    draws: bool = False
    marks: bool = False
    matrices: bool = False
    graph: bool = False
    again: Again | None = None
    closure: bool = False
    takes: Made = "params"
    base: str = "AdamW"
    shared: bool = False
    objects: bool = False
    float32_only: bool = False
    trains: bool = False
    rateless: bool = False

    def more(self) -> tuple[Hyperparameter, ...]:
        """The hyperparameters that a subclass takes beside those of its class."""
        of_base = () if self.takes == "params" else (rate(), base_of(self.base))
        return (*of_base, *((SEED,) if self.draws else ()))

    def mixins(self) -> Iterator[type]:
        """What a subclass has before its class, from the outside in."""
        if self.shared:
            yield KeepsShared
        if self.objects:
            yield KeepsObjects
        if self.draws:
            yield Draws
        if self.marks:
            yield Marks
        if self.rateless:
            yield Rateless
        if self.takes != "params":
            yield _TAKES[self.takes]


_TAKES: dict[Made, type] = {"optimizer": Wraps, "class": PerturbsClass, "model": WrapsWithModel}

HELP: dict[str, Help] = {
    **dict.fromkeys(("Alice", "DASH"), Help(draws=True, objects=True)),
    **dict.fromkeys(("Gravity", "Kron"), Help(draws=True)),
    "SPAM": Help(draws=True, shared=True),
    **dict.fromkeys(("AdaHessian", "SophiaH"), Help(draws=True, graph=True)),
    **dict.fromkeys(("AdaGO", "AdaMuon", "Muon", "MuonClip", "NorMuon"), Help(marks=True)),
    "SpectralSphere": Help(matrices=True),
    **dict.fromkeys(("AdaShift", "Conda", "ScalableShampoo"), Help(objects=True)),
    **dict.fromkeys(("SCION", "SCIONLight"), Help(objects=True)),
    "MADGRAD": Help(shared=True),
    **dict.fromkeys(("EmoFact", "EmoLynx", "EmoNavi"), Help(again="loss", shared=True)),
    "A2Grad": Help(rateless=True),
    "AliG": Help(again="loss", rateless=True),
    "BSAM": Help(again="gradients", draws=True),
    **dict.fromkeys(("SAM", "LookSAM", "FriendlySAM"), Help(again="gradients", takes="class", base="SGD")),
    "WSAM": Help(closure=True, takes="model", base="SGD"),
    **dict.fromkeys(("Lookahead", "OrthoGrad"), Help(takes="optimizer")),
    "ScheduleFreeWrapper": Help(takes="optimizer", trains=True),
    "TRAC": Help(takes="optimizer", shared=True),
    "Magma": Help(takes="optimizer", draws=True),
    "FAdam": Help(float32_only=True),
}
"""All others are as any optimizer is."""

_NO_HELP = Help()


def help_for(cls: type[Optimizer]) -> Help:
    """What a loop does for a class."""
    return HELP.get(cls.__name__, _NO_HELP)


def carried(cls: type[Optimizer]) -> type[Optimizer]:
    """The class itself, or a subclass of its name that brings what a loop needs of it."""
    mixins = tuple(help_for(cls).mixins())
    if not mixins:
        return cls
    told = {
        "__doc__": cls.__doc__,
        "__module__": cls.__module__,
        "__signature__": _signature(cls, with_bases=help_for(cls).takes != "params"),
        "base_name": help_for(cls).base,
    }
    return type(cls.__name__, (*mixins, cls), told)


def _signature(cls: type[Optimizer], *, with_bases: bool) -> inspect.Signature:
    """All that a class takes by name, and what the optimizer within it takes."""
    classes = [cls, *((getattr(torch.optim, name) for name in BASES) if with_bases else ())]
    names = dict.fromkeys(name for one in classes for name in inspect.signature(one).parameters)
    return inspect.Signature([inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names])
