"""Freezing: ``requires_grad_(False)`` and ``.grad = None``, at the steps that the rules name.

A frozen layer still takes part in the chain rule: gradient flows through it to the layers before. What is
taken for freezing does something else, see :mod:`optiscope.engine.recipe.taken_for_freezing`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from torch import nn

from optiscope.engine.core.config import FreezeConfig
from optiscope.engine.core.errors import MOST_TOLD, ConfigError, FieldProblem, refusals
from optiscope.engine.core.words import say
from optiscope.engine.recipe.parameters import resolve_names
from optiscope.engine.recipe.taken_for_freezing import TakenForFreezing


class Freezing:
    """The freeze rules of one run over one model.

    Raises:
        ConfigError: If a rule names no parameter, or if at some step no parameter would be left to train.
    """

    def __init__(
        self, model: nn.Module, rules: Sequence[FreezeConfig], steps: int, pointer: str = "/freeze"
    ) -> None:
        self._params = dict(model.named_parameters())
        places = {f"{pointer}/{i}/params": rule for i, rule in enumerate(rules)}
        if problems := list(islice(self._unknown(places), MOST_TOLD)):
            raise ConfigError(problems)
        self._rules = [
            (rule, frozenset(resolve_names(rule.params, self._params, where)))
            for where, rule in places.items()
            if rule.by == "requires_grad"
        ]
        self._taken = TakenForFreezing(model, places)
        self._edges = frozenset(_edges(rules))
        for step in sorted(self._edges):
            if step < steps and len(self.frozen(step)) == len(self._params):
                raise ConfigError.at(pointer, say("every_parameter_frozen", step=step))

    def _unknown(self, places: Mapping[str, FreezeConfig]) -> Iterator[FieldProblem]:
        for where, rule in places.items():
            yield from refusals(resolve_names, rule.params, self._params, where)

    def frozen(self, step: int) -> dict[str, bool]:
        """What is frozen once ``step`` steps are done, and whether to clear its ``.grad``."""
        frozen: dict[str, bool] = {}
        for rule, names in self._rules:
            if rule.holds(step):
                for name in names:
                    frozen[name] = frozen.get(name, False) or rule.clear_grad
        return frozen

    def apply(self, step: int, *, resumed: bool = False) -> None:
        """Freeze and unfreeze for the next step; cheap where nothing changes.

        Args:
            step: Steps done so far.
            resumed: Whether the model was just rebuilt, and must be brought to this step.
        """
        if step not in self._edges and not resumed:
            return
        frozen = self.frozen(step)
        for name, param in self._params.items():
            param.requires_grad_(name not in frozen)
            if frozen.get(name, False):
                param.grad = None
        self._taken.apply(step)


def _edges(rules: Iterable[FreezeConfig]) -> Iterable[int]:
    for rule in rules:
        yield rule.from_step
        if rule.to_step is not None:
            yield rule.to_step
