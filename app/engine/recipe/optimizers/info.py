"""What is known of an optimizer: for people, for building one, and for advice."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from torch.optim import Optimizer

from optiscope.engine.core.formula import mathml
from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.core.words import Said
from optiscope.engine.recipe.declaring import with_defaults
from optiscope.engine.recipe.optimizers.ideas import Idea

Made = Literal["params", "optimizer", "class", "model"]
"""What a class is made of: parameters, an optimizer of them, parameters and the class of an optimizer, or a
model beside these."""

Again = Literal["gradients", "loss"]
"""What a closure gives to a step that has its gradients: new ones with their loss, or the loss alone."""

Generator = Literal["torch", "numpy"]

BASES = ("SGD", "Adam", "AdamW", "RMSprop")
"""The classes of torch.optim that others can be wrapped around."""


@dataclass(frozen=True, slots=True)
class OwnDecay:
    """How an optimizer lowers its rate by itself, beside any schedule.

    Attributes:
        by: The hyperparameter that sets it.
        share: The share of lr that is left at a step, from the values of a param group; complex where it is
            the root of a negative number.
    """

    by: str
    share: Callable[[Mapping[str, Any], int], float | complex]


@dataclass(frozen=True, slots=True)
class OwnRate:
    """A rate that an optimizer keeps itself, and that its steps have in place of the lr of their group.

    Attributes:
        key: Its key in the state, or in the param group.
        after: Whether a step uses what it leaves there; else it uses what it found.
        in_group: Whether it is kept in the param group; records have it under the group's first parameter.
        times_lr: Whether the lr of the group is multiplied by it.
    """

    key: str
    after: bool = False
    in_group: bool = False
    times_lr: bool = False


@dataclass(frozen=True, slots=True)
class OptimizerInfo:
    """One optimizer, described for people, for ``build_optimizers`` and for the linter.

    Attributes:
        name: The name in a RunConfig: torch's class name.
        cls: The class.
        summary: What it does, in one sentence.
        hyperparameters: Its keyword arguments; a default that is ``...`` is read from the signature.
        state: What it keeps per parameter: torch's key and its meaning.
        formula: The update in LaTeX, in the notation of torch's documentation.
        paper: Where it comes from.
        closure: Whether ``step`` must be given a closure.
        param_groups: Whether it takes more than one param group.
        matrices_only: Whether it takes 2-D parameters alone.
        unavailable: Why it cannot train a network here, or None.
        source: The module to import it from.
        scaled_l2: Whether weight_decay joins the gradient and is divided by the gradient's own size with it.
        decoupled_as: The class that decays the weights directly instead, if there is one.
        bounded_at_zero: Whether a gradient of 0 is no division by zero where eps is 0.
        shrinks_steps: Whether it divides by the root of all squared gradients so far.
        sizes_steps: Whether it finds the size of its steps itself, so that lr only scales them.
        history: The hyperparameters that say how many changes of parameters and gradients it remembers, in
            lists of its state, and how many a step adds.
        copies: How many tensors as large as a parameter it keeps for it, where that is not one a key.
        squares: How many square matrices it keeps for each dimension of a parameter.
        own_rate: The rate that it keeps itself, if it does.
        averages: The averages that it keeps, by their keys in the state, and the hyperparameter that says
            from which step on.
        own_decay: How it lowers its rate by itself.
        largest_rate: The largest rate that steps [n] use, whatever lr is.
        moves_without_rate: Whether its steps are still there when lr is gone.
        schedule_free: Whether an average inside it takes the place of a schedule.
        noise: What the noise of minibatches takes from it, if it needs the whole batch: the signs of
            gradients, or the curvature between them.
        idea: What it is built on, for lists.
        later: Keys of its groups or its state that it sets or changes by itself, but not in its first steps.
        made_of: What its constructor takes; ``base_optimizer`` and ``lr`` then say which optimizer.
        marks: The key that marks its param groups, if they are to be marked.
        draws: The global generators that it draws from; its hyperparameter ``seed`` is theirs.
        keeps_graph: Whether it differentiates the gradients once more, so that their graph is kept.
        again: What a closure gives to its step once there are gradients, if it needs one.
        float32_only: Whether it computes in float32 alone.
        trains: Whether it is told by ``train()`` that training begins.
        files: Whether a file of a checkpoint is taken back, which it must be possible to check.
        setup: The line that a script needs before it makes one, if there is one.
    """

    name: str
    cls: type[Optimizer]
    summary: str
    hyperparameters: tuple[Hyperparameter, ...]
    state: Mapping[str, str]
    formula: str
    paper: str
    closure: bool = False
    param_groups: bool = True
    matrices_only: bool = False
    unavailable: Said | str | None = None
    source: str = "torch.optim"
    scaled_l2: bool = False
    decoupled_as: str | None = None
    bounded_at_zero: bool = False
    shrinks_steps: bool = False
    sizes_steps: bool = False
    history: tuple[str, str] | None = None
    copies: int | None = None
    squares: int = 0
    own_rate: OwnRate | None = None
    averages: Mapping[str, str] = field(default_factory=dict)
    own_decay: OwnDecay | None = None
    largest_rate: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None
    moves_without_rate: bool = False
    schedule_free: bool = False
    noise: Literal["signs", "curvature"] | None = None
    idea: Idea = "other"
    later: tuple[str, ...] = ()
    made_of: Made = "params"
    marks: str | None = None
    draws: tuple[Generator, ...] = ()
    keeps_graph: bool = False
    again: Again | None = None
    float32_only: bool = False
    trains: bool = False
    files: bool = True
    setup: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hyperparameters", with_defaults(self.cls, self.hyperparameters))

    def takes(self, name: str) -> bool:
        """Whether it has such a hyperparameter."""
        return any(h.name == name for h in self.hyperparameters)

    @property
    def argument(self) -> str:
        """What a script calls its step with."""
        if self.again == "loss":
            return "lambda: loss.item()"
        return "closure" if self.closure or self.again else ""

    @property
    def momentum_key(self) -> str | None:
        """Where a group keeps what schedulers call momentum: ``momentum``, ``betas``, or nowhere."""
        return next(filter(self.takes, ("momentum", "betas")), None)

    def catalog(self) -> dict[str, Any]:
        """The entry of this optimizer in the catalog."""
        return {
            "name": self.name,
            "class": f"{self.source}.{self.cls.__name__}",
            "package": self.source.partition(".")[0],
            "idea": self.idea,
            "title": self.name,
            "summary": self.summary,
            "available": self.unavailable is None,
            "reason": None if self.unavailable is None else str(self.unavailable),
            "hyperparameters": [h.catalog() for h in self.hyperparameters],
            "state_keys": [{"key": key, "meaning": meaning} for key, meaning in self.state.items()],
            "formula": mathml(self.formula) if self.formula else "",
            "formula_text": self.formula,
            "paper": self.paper,
            "param_groups": self.param_groups,
            "closure": self.closure or self.again is not None,
            "matrices_only": self.matrices_only,
            "momentum_key": self.momentum_key,
            "own_rate": self.own_rate and asdict(self.own_rate),
        }
