"""What rules look at: the config, the run that it builds, its schedule, and how a probing run went."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from optiscope.engine.advice.linter.probe import Probe, probe
from optiscope.engine.advice.linter.trials import decay_alone
from optiscope.engine.advice.schedules import Schedule, Values, known_steps, preview
from optiscope.engine.core.config import OptimizerConfig, RunConfig
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.optimizers import OPTIMIZERS, OptimizerInfo, build_optimizers
from optiscope.engine.recipe.optimizers.places import LaterGroups, places_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """One optimizer of a run, and where it stands in the config."""

    info: OptimizerInfo
    config: OptimizerConfig
    pointer: str

    def values(self, name: str) -> Iterator[tuple[str, Any]]:
        """What a hyperparameter is, with its pointer: for the optimizer, then where a group has its own."""
        default = next((h.default for h in self.info.hyperparameters if h.name == name), None)
        if default is not None or name in self.config.hyperparameters:
            yield self.at(name), self.config.hyperparameters.get(name, default)
        for i, group in enumerate(self.config.param_groups or ()):
            if name in group.hyperparameters:
                yield self.at(name, i), group.hyperparameters[name]

    def value(self, name: str) -> Any:
        """What a hyperparameter is for the optimizer; None if it has no such one."""
        return next((value for _, value in self.values(name)), None)

    def at(self, name: str, group: int | None = None) -> str:
        """Where a hyperparameter stands: for the optimizer, or for a group if that has its own."""
        groups = self.config.param_groups or ()
        if group is not None and group < len(groups) and name in groups[group].hyperparameters:
            return f"{self.pointer}/param_groups/{group}/{name}"
        return f"{self.pointer}/hyperparameters/{name}"


@dataclass(frozen=True, slots=True)
class Group:
    """One param group of a run, as torch has it before the first step.

    Attributes:
        index: Its column in the rates.
        chosen: The optimizer that it belongs to.
        place: Its place among the groups of that optimizer.
        values: Its hyperparameters.
        params: The names of its parameters.
        from_step: After how many steps it is added.
    """

    index: int
    chosen: Chosen
    place: int
    values: dict[str, Any]
    params: tuple[str, ...]
    from_step: int = 0

    def at(self, name: str) -> str:
        """Where one of its hyperparameters stands in the config."""
        return self.chosen.at(name, self.place)


class Facts:
    """One run under the linter, before its first step.

    Attributes:
        config: The run.
        training: All that it is made of.
        tried: How its first steps went; None where nobody has tried.
        optimizers: Its optimizers.
    """

    def __init__(
        self, training: Training, tried: Probe | None = None, schedule: Schedule | None = None
    ) -> None:
        self.config = config = training.config
        self.training = training
        self.tried = tried
        self._schedule = schedule
        self._probes: dict[tuple[str, int], Probe] = {}
        self.optimizers = [
            Chosen(OPTIMIZERS[chosen.name], chosen, pointer)
            for chosen, pointer in (
                (config.optimizer, "/optimizer"),
                (config.optimizer.rest, "/optimizer/rest"),
            )
            if chosen is not None
        ]

    @property
    def probe(self) -> Probe:
        """How its first steps went, for rules of the probe."""
        assert self.tried is not None  # noqa: S101 - they are not asked without one
        return self.tried

    def probe_of(self, config: RunConfig, most: int) -> Probe:
        """How the first steps of a run much like this one go: tried once, however many rules ask.

        Args:
            config: The run, of the same effort.
            most: No more steps than so many.
        """
        if config == self.config and self.probe.steps <= most:
            return self.probe
        key = config.canonical(), most
        if key not in self._probes:
            self._probes[key] = probe(config, self.training, most)
        return self._probes[key]

    @property
    def names(self) -> list[str]:
        """The parameters of the model."""
        return [name for name, _ in self.training.model.named_parameters()]

    @cached_property
    def groups(self) -> list[Group]:
        """The param groups, each in its column of the rates: what is added later behind the others."""
        named = (*self.training.model.named_parameters(), *self.training.replaced.items())
        names = {id(param): name for name, param in named}
        later = build_optimizers(self.training.model, self.config.optimizer)
        LaterGroups(self.training.model, later, self.config.optimizer).add_all()
        found: list[Group] = []
        for place in places_of(self.config.optimizer):
            there = later if place.from_step else self.training.optimizers
            group = there[place.optimizer].param_groups[place.position]
            values = {"initial_lr": group["lr"]} | {k: v for k, v in group.items() if k != "params"}
            params = tuple(names[id(param)] for param in group["params"])
            chosen = self.optimizers[place.optimizer]
            found.append(Group(len(found), chosen, place.number, values, params, place.from_step))
        return found

    @property
    def uses_minibatches(self) -> bool:
        """Whether a step sees only some of the samples."""
        size = self.config.batch_size
        return size is not None and size < self.training.problem.samples

    @property
    def previewed_steps(self) -> int:
        """How far a schedule is looked at at once: a very long run has to do with its beginning."""
        return min(self.config.steps, self.training.limits.max_linted_steps)

    @cached_property
    def schedule(self) -> Schedule | None:
        """What each of the previewed steps would use; None if nothing is scheduled or only a run can tell."""
        known = min(known_steps(self.config), self.previewed_steps)
        if self.config.lr_scheduler is None or not known:
            return None
        return self.drawn(steps=known) if self._schedule is None else self._complete(self._schedule)

    def drawn(self, **changes: Any) -> Schedule:
        """The schedule of the run with other fields, as complete as its own."""
        return self._complete(preview(self.config.model_copy(update=changes), with_get_lr=False))

    def _complete(self, schedule: Schedule) -> Schedule:
        return replace(schedule, lr=self._as_if_there(schedule.lr))

    @cached_property
    def rates(self) -> Values:
        """[groups, n] the rates that are known: the schedule's, the probe's, or those that stay."""
        if self.schedule is not None and self.schedule.lr.size:
            return self.schedule.lr
        if self.config.lr_scheduler is not None and self.tried is not None:
            return self._as_if_there(self.tried.lr[1:].T)
        return np.array([[group.values["lr"]] for group in self.groups], dtype=np.float64)

    def _as_if_there(self, rates: Values) -> Values:
        """[groups, n] with the first rate of a group before it is added, too."""
        known = np.full((len(self.groups), rates.shape[1]), np.nan)
        known[: len(rates)] = rates
        for group in self.groups:
            if group.from_step:
                begun = known[group.index, group.from_step :][:1]
                known[group.index, : group.from_step] = begun[0] if begun.size else group.values["lr"]
        return known

    @property
    def knows_all_rates(self) -> bool:
        """Whether ``rates`` are those of the whole run."""
        if self.config.lr_scheduler is None:
            return True
        return len(self.rates[0]) >= self.config.steps

    @cached_property
    def decay_alone(self) -> Values | None:
        """What decay does to each parameter in a step at the highest rate, as a factor, seen in a trial."""
        if self.tried is None or not any(_decays(group.values.get("weight_decay")) for group in self.groups):
            return None
        return decay_alone(self.config, [float(rate) for rate in self.rates.max(axis=1)])


def _decays(value: Any) -> bool:
    return isinstance(value, int | float) and value > 0
