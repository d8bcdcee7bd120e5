"""What the optimizers of a config keep, seen in the first steps of a run of it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.checkpoint_file.forms import form_of, is_same
from optiscope.engine.loop.optimizer_state import names_of
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.lr_schedulers import Unknown
from optiscope.engine.recipe.optimizers.places import places_of, with_groups_of

STEPS = 3
"""Steps that are looked at: all forms that classes known to us take show in the first two."""

SET_BY_SCHEDULERS = frozenset({"initial_lr", "max_lr", "min_lr", "max_momentum", "base_momentum", "swa_lr"})
"""What schedulers put into param groups beside what they move."""

_REST = frozenset({"state", "param_groups"})


@dataclass(slots=True)
class Seen:
    """One value of a state dict, as it was step after step.

    Attributes:
        forms: The forms that it had.
        plain: What it was, where it was no tensor, list or dict.
        moved: Whether it changed, other than by the schedule.
        first: Its first value.
        climb: The most that a whole number grew by in a step.
        low: The least that a whole number was.
        always: Whether it was there each time that its dict was.
    """

    first: Any
    forms: set[Hashable] = field(default_factory=set)
    plain: list[Any] = field(default_factory=list)
    moved: bool = False
    climb: int = 1
    low: int = 0
    always: bool = True
    _last: Any = None

    def note(self, value: Any, scheduled: Any) -> None:
        """See it again; ``scheduled`` is what it would be if nothing but the schedule moved it."""
        self.forms.add(form_of(value))
        if isinstance(value, Tensor | list | dict):
            self.moved = True
            return
        self.moved |= not is_same(scheduled, value)
        if not self.knows(value):
            self.plain.append(value)
        if type(value) is int:
            self.low = min(self.low, value)
            self.climb = max(self.climb, value - (self._last if type(self._last) is int else 0))
        self._last = value

    @property
    def first_count(self) -> int:
        """Where it counts from."""
        return self.first if self.always and type(self.first) is int else 0

    def knows(self, value: Any) -> bool:
        """Whether it had this very value."""
        return any(is_same(known, value) for known in self.plain)


Keys = dict[Any, Seen]


@dataclass(slots=True)
class Kept:
    """What one optimizer keeps.

    Attributes:
        groups: Of each param group.
        state: Of each parameter, by its name.
        bare: Whether a parameter's state was seen to be there and empty.
        top: At the top of its state dict, beside ``state`` and ``param_groups``.
    """

    groups: list[Keys]
    state: dict[str, Keys]
    top: Keys
    bare: bool = False


class _Followed(Training):
    """A run with a twin that takes no steps, and whose schedulers are called as its own are."""

    twin: Training

    def schedule(self, step: int, loss: float | Unknown | None = None) -> None:
        """Call the schedulers of both."""
        self.twin.schedule(step, loss)
        super().schedule(step, loss)


def kept_by(config: RunConfig, step: int) -> list[Kept]:
    """What each optimizer of a run keeps by ``step``: seen by training it, with nothing frozen."""
    later = config.optimizer
    config = config.model_copy(
        update={
            "freeze": (),
            "hyperparameter_schedules": (),
            "optimizer": with_groups_of(config.optimizer, step),
        }
    )
    scheduled = Training(config)
    training = _Followed(config)
    training.twin = scheduled
    kept = [Kept([{} for _ in optimizer.param_groups], {}, {}) for optimizer in training.optimizers]
    _note(training, scheduled, kept)
    for place in places_of(later):
        if place.from_step and place.from_step < max(step, 1):
            _let_go(kept[place.optimizer].groups[place.position])
    recorder = training.recorder(1)
    searches = isinstance(training.optimizers[0], torch.optim.LBFGS)
    for _ in range(min(step, STEPS if not searches else 0)):
        try:
            training.train_step(recorder)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a run may fail early, and what was seen before it did is seen
            break
        _note(training, scheduled, kept)
    return kept


def _let_go(keys: Keys) -> None:
    """What schedulers set when they are made is not there in a group that is added later."""
    for key in SET_BY_SCHEDULERS & keys.keys():
        keys[key].always = False


def _note(training: Training, scheduled: Training, kept: list[Kept]) -> None:
    pairs = zip(training.optimizers, scheduled.optimizers, names_of(training), kept, strict=True)
    for optimizer, twin, names, seen in pairs:
        _note_one(optimizer, twin, names, seen)


def _note_one(optimizer: Optimizer, twin: Optimizer, names: list[str], kept: Kept) -> None:
    found = optimizer.state_dict()
    for group, twin_group, keys in zip(found["param_groups"], twin.param_groups, kept.groups, strict=True):
        _note_keys({k: v for k, v in group.items() if k != "params"}, keys, twin_group)
    for index, state in found["state"].items():
        kept.bare |= not state
        _note_keys(state, kept.state.setdefault(names[index], {}), None)
    _note_keys({key: value for key, value in found.items() if key not in _REST}, kept.top, None)


def _note_keys(found: Mapping[str, Any], keys: Keys, scheduled: Mapping[str, Any] | None) -> None:
    is_first = not keys
    for key, value in found.items():
        seen = keys.setdefault(key, Seen(value, always=is_first))
        seen.note(value, seen.first if scheduled is None else scheduled.get(key, seen.first))
    for key in keys.keys() - found.keys():
        keys[key].always = False
