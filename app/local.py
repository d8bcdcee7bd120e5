"""Runs without a server: ``train`` and ``compare`` them, ``sweep`` and ``race`` many, ``lint`` a recipe."""

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError

from optiscope import lr_range, racing
from optiscope.engine.advice import linter
from optiscope.engine.advice.linter import LintWarning
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.limits import in_context
from optiscope.engine.core.words import say
from optiscope.engine.loop import block as loop
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.loop.refusing import parse_config, refused
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.judging import plan_of
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.records import Block, Ended, Run
from optiscope.runs.description import Description, describe
from optiscope.runs.local_sweeping import Known, known_here, sweep_here
from optiscope.runs.speeds import Speeds
from optiscope.runs.sweeping import SweepEnded, started, ways_of
from optiscope.settings import Settings
from optiscope.swept import Sweep

Config = RunConfig | Mapping[str, Any] | str | bytes
"""A run to train: a RunConfig, the same as a mapping, or as a JSON text."""


def train(config: Config) -> Run:
    """Train one run to its end, here and now.

    It has the records of ``POST /api/train``, bit for bit, however torch is set up in this program.

    Args:
        config: What to train. In a mapping, numbers and lists may be NumPy's or tensors.

    Raises:
        ConfigError: If it cannot be run; ``problems`` names every field.

    Example:
        >>> from optiscope import train
        >>> run = train({"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 20})
        >>> run.ended.detail, run.loss.shape, run.params["fc1.weight"].shape
        ('completed all 20 steps', (21,), (21, 2, 2))
        >>> [record.step for record in run if record.loss == min(run.loss)]
        [20]
    """
    (run,) = _train({"": config})
    return run


def compare(configs: Iterable[Config]) -> list[Run]:
    """Train several runs, each to its end; those that can go in lockstep share what is common to them.

    Args:
        configs: What to train, see :func:`train`.

    Returns:
        The runs in the same order, each with the records that it has alone.

    Raises:
        ConfigError: If one of them cannot be run; the pointers of ``problems`` begin with its place, as in
            ``/1/optimizer/name``.

    Example:
        >>> from optiscope import compare
        >>> names = ["SGD", "Adam"]
        >>> runs = compare({"problem": {"name": "moons"}, "optimizer": {"name": n}} for n in names)
        >>> [len(run) for run in runs]
        [301, 301]
    """
    if isinstance(configs, RunConfig | Mapping | str | bytes):
        raise TypeError("compare takes several configs; train takes one")
    return _train({f"/{index}": config for index, config in enumerate(configs)})


def lint(config: Config) -> list[LintWarning]:
    """What is likely not meant in a recipe, whose first steps are tried; the same as ``POST /api/lint`` says.

    Args:
        config: What to look at, see :func:`train`.

    Returns:
        A warning each: ``code``, ``pointer`` and ``detail``; nothing, if the recipe is sound.

    Raises:
        ConfigError: If it cannot be run; ``problems`` names every field.

    Example:
        >>> from optiscope import lint
        >>> optimizer = {"name": "Adam", "hyperparameters": {"lr": 1e-10}}
        >>> [warning.code for warning in lint({"problem": {"name": "moons"}, "optimizer": optimizer})]
        ['updates_lost']
    """
    with plain_torch():
        return linter.lint(_parsed(config))


def sweep(
    config: Mapping[str, Any] | str | bytes, *, workers: int = 1, scheduler: str | None = None
) -> Sweep:
    """Train a run along one to three axes, for several optimizers and seeds, as ``POST /api/sweeps`` does.

    Args:
        config: The body of that call: ``run``, ``axes``, ``optimizers``, ``seeds``, ``target``, ``exact``; as
            a mapping, in which numbers and lists may be NumPy's or tensors, or as a JSON text.
        workers: How many processes train: 1 is this one, each further one takes seconds to start, 0 stands
            for one for each core.
        scheduler: The address of a Dask scheduler whose workers train instead, as ``tcp://10.0.0.5:8786``;
            it takes ``pip install distributed``, and Optiscope on each of its machines.

    Returns:
        The sweep; its cells are trained as they are iterated, or when all of them are asked for.

    Raises:
        ConfigError: If it cannot be run, or is more than ``OPTISCOPE_MAX_SWEEP_…`` allow; ``problems`` names
            every field.
        OptiscopeError: If the scheduler cannot be used.

    Example:
        >>> from optiscope import sweep
        >>> lr = {"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]}
        >>> run = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 20}
        >>> found = sweep({"run": run, "axes": [lr], "seeds": [0, 1, 2]})
        >>> found.shape, found.columns["end_loss"].shape
        ((2, 3), (2, 3))
        >>> found.summary[0]["best"]["values"]
        {'/optimizer/hyperparameters/lr': 0.1}
    """
    options = Settings(workers=workers, scheduler=scheduler)
    plan = _planned(config, options)
    events = sweep_here(plan, options)
    known: Any = next(events)
    return Sweep(_started(plan, known), plan.sweep.seeds, _events(events))


def plan_sweep(
    config: Mapping[str, Any] | str | bytes, *, workers: int = 1, scheduler: str | None = None
) -> dict[str, Any]:
    """What a sweep comes to, without training any of it.

    Args:
        config: As for :func:`sweep`.
        workers: How many processes would train it.
        scheduler: The Dask scheduler whose workers would, if any.

    Returns:
        ``shape``, ``axes`` with their values, ``members``, and ``ways``: how many members are trained how, in
        about how many ``seconds``, and why no faster.

    Raises:
        ConfigError: If it cannot be run or is too much; ``problems`` names every field.

    Example:
        >>> from optiscope import plan_sweep
        >>> lr = {"path": "/optimizer/hyperparameters/lr", "from": 0.001, "to": 1, "count": 4, "scale": "log"}
        >>> run = {"problem": {"name": "moons"}, "optimizer": {"name": "LBFGS"}, "steps": 20}
        >>> found = plan_sweep({"run": run, "axes": [lr]})
        >>> found["members"], found["ways"][0]["way"], found["ways"][0]["because"]
        (4, 'one by one', 'LBFGS has no kernel')
    """
    options = Settings(workers=workers, scheduler=scheduler)
    plan = _planned(config, options)
    return _started(plan, known_here(plan, options))


def lr_range_test(
    config: Config,
    *,
    seeds: Sequence[int] = lr_range.SEEDS,
    between: tuple[float, float] = lr_range.BETWEEN,
    count: int = lr_range.COUNT,
    workers: int = 1,
    scheduler: str | None = None,
) -> lr_range.LRRange:
    """Look for a learning rate among real runs of the same budget, and by the classic ramp of one run.

    Args:
        config: The run whose rate is looked for; its own rate does not matter, its steps are the budget.
        seeds: Of the network; a test function has none, and so goes without.
        between: The smallest and the largest rate to try.
        count: How many rates, in equal ratios.
        workers: How many processes train, see :func:`sweep`.
        scheduler: The Dask scheduler whose workers train instead; the one run of the ramp is trained here.

    Returns:
        ``lr``, the middle of the rates that are good; ``between`` which they lie, ``best``, from which on
        runs diverge, the ``medians`` of all ``rates``, the ``ramp`` with its curve and its own rate, and
        ``why`` in sentences.

    Raises:
        ConfigError: If it cannot be run; ``problems`` names every field.
        NoRateError: If no rate of the range ends lower than where it began.
        OptiscopeError: If the scheduler cannot be used.

    Example:
        >>> from optiscope import lr_range_test
        >>> run = {"problem": {"name": "quadratic-bowl"}, "optimizer": {"name": "SGD"}, "steps": 30}
        >>> found = lr_range_test(run, between=(0.001, 1), count=13)
        >>> found.between[0] <= found.lr <= found.between[1]
        True
    """
    run, networks = searched(config, seeds)
    return lr_range.lr_range_test(
        lambda asked: sweep(asked, workers=workers, scheduler=scheduler), train, run, networks, between, count
    )


def searched(config: Config, seeds: Sequence[int]) -> tuple[dict[str, Any], Sequence[int] | None]:
    """The run of a range test as JSON, and the seeds of its networks; a test function has none.

    Raises:
        ConfigError: If it cannot be run; ``problems`` names every field.
    """
    parsed = _parsed(config)
    is_function = PROBLEMS.resolve(parsed.problem.name, "/problem/name").kind == "function"
    return parsed.model_dump(mode="json"), None if is_function else seeds


def race(
    config: Mapping[str, Any] | str | bytes,
    judge_seeds: Sequence[int],
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> racing.Race:
    """A fair race: tune every optimizer of a sweep on its seeds, and judge each at its best cell on others.

    All have the same number of runs to be tuned with. A difference is told by the sign test over the judging
    seeds, exact, for all pairs together.

    Args:
        config: The sweep that tunes, see :func:`sweep`; it has ``seeds``.
        judge_seeds: Those to judge on; none of the others.
        workers: How many processes train, as there.
        scheduler: The Dask scheduler whose workers train instead, as there.

    Returns:
        The race: ``judged``, each optimizer with its ``losses`` [judging seeds] and their ``band``;
        ``differences`` of each pair in words; ``ranking``, ``runs`` and ``steps`` of the budget, ``tuning``.

    Raises:
        ConfigError: If the sweep cannot be run; ``problems`` names every field.
        ValueError: If there are no seeds of one kind, or one is of both.
        OptiscopeError: If the scheduler cannot be used.

    Example:
        >>> from optiscope import race
        >>> found = race(
        ...     {
        ...         "run": {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 30},
        ...         "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.001, 0.01, 0.1]}],
        ...         "optimizers": [{"name": "SGD"}, {"name": "Adam"}],
        ...         "seeds": [0, 1, 2],
        ...     },
        ...     judge_seeds=range(10, 18),
        ... )
        >>> found.runs, found.steps, found.judged[found.ranking[0]].name
        (9, 270, 'Adam')
        >>> print(found.differences[0].detail)
        Adam ends lower than SGD on 8 of 8 seeds: more than chance, which does so in 0.0078 of races
    """
    return racing.race(
        lambda asked: sweep(asked, workers=workers, scheduler=scheduler), _document(config), judge_seeds
    )


def _document(config: Mapping[str, Any] | str | bytes) -> Mapping[str, Any]:
    """A sweep as a mapping; a text that is none is refused."""
    if isinstance(config, Mapping):
        return config
    _parsed_sweep(config, Settings())
    document: dict[str, Any] = json.loads(config)
    return document


def _planned(config: Mapping[str, Any] | str | bytes, options: Settings) -> Plan:
    text = config if isinstance(config, str | bytes) else json.dumps(config, default=_plain)
    with plain_torch():
        return plan_of(_parsed_sweep(text, options), options.limits)


def _parsed_sweep(text: str | bytes, options: Settings) -> SweepConfig:
    try:
        return SweepConfig.model_validate_json(text, context=in_context(options.limits))
    except ValidationError as error:
        raise refused(error, text, SweepConfig, options.limits) from None


def _started(plan: Plan, known: Known) -> dict[str, Any]:
    """The first event of a sweep."""
    ways = [
        {
            "members": taken.members,
            "way": str(taken.way),
            "seconds": taken.seconds,
            "because": taken.because and str(taken.because),
        }
        for taken in ways_of(plan, known.outlooks, Speeds(), known.workers, say("way_small"))
    ]
    return started(plan, ways)


def _events(events: Generator[Known | Cells | SweepEnded]) -> Generator[dict[str, Any]]:
    """The others."""
    with closing(events):
        for event in events:
            if isinstance(event, Cells):
                yield {"event": "cells", **event.columns()}
            elif isinstance(event, SweepEnded):
                summary = [asdict(entry) for entry in event.summary or ()]
                end = {"reason": event.reason, "detail": str(event.said), "summary": summary}
                yield {"event": "sweep_ended", **end}


def _train(configs: Mapping[str, Config]) -> list[Run]:
    with plain_torch():
        runs = described(configs)
        advanced = advance_together([run.config for run in runs])
    return [_run(*one) for one in zip(runs, advanced, strict=True)]


def described(configs: Mapping[str, Config]) -> list[Description]:
    """The runs, or everything that is wrong with any of them, whether they can be read or not."""
    runs: list[Description] = []
    problems: list[FieldProblem] = []
    for pointer, config in configs.items():
        try:
            runs.append(describe(_parsed(config)))
        except ConfigError as error:
            problems += [problem.under(pointer) for problem in error.problems]
    if problems:
        raise ConfigError(problems)
    return runs


def _parsed(config: Config) -> RunConfig:
    if isinstance(config, RunConfig):
        return config
    return parse_config(config if isinstance(config, str | bytes) else json.dumps(config, default=_plain))


def _plain(value: Any) -> Any:
    """A mapping, an array, a tensor or one of their numbers as JSON has it."""
    if isinstance(value, Mapping):
        return dict(value)
    try:
        return value.tolist()
    except AttributeError:
        raise TypeError(f"a config holds what JSON can, not {type(value).__name__}") from None


def _run(described: Description, advanced: tuple[Sequence[loop.Block], Checkpoint]) -> Run:
    blocks, reached = advanced
    end = reached.ended
    assert end is not None  # noqa: S101 - it went there
    return Run(
        config=described.config.model_dump(mode="json"),
        ended=Ended(str(end.reason), end.step, end.detail, end.end_loss),
        blocks=tuple(Block(block.first, len(block), block.columns(), block.every) for block in blocks),
    )
