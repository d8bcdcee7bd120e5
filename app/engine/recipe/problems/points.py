"""A dataset that a run brings with it: points and a target for each, as a problem."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

import torch
from torch import Generator, Tensor

from optiscope.engine.core.config import DataPointsConfig, ProblemConfig
from optiscope.engine.core.errors import MOST_TOLD, ConfigError, FieldProblem
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import rounded, say
from optiscope.engine.recipe.problems import iris
from optiscope.engine.recipe.problems.datasets import BCE, MSE, Bounds, DatasetInfo, DatasetProblem
from optiscope.engine.recipe.problems.suggestion import Suggestion

_MARGIN = 0.1
"""Of the range of a feature, at each side of the window that shows it."""

_LOSSES = {"mse_loss": MSE, "binary_cross_entropy_with_logits": BCE}
_LABELS = frozenset({0.0, 1.0})


def split(n: int, held_out: float, seed: int) -> tuple[Tensor, Tensor]:
    """The rows that are trained on and those that are held out, both in their own order."""
    order = torch.randperm(n, generator=Generator().manual_seed(seed))
    count = int(n * held_out)
    return order[count:].sort().values, order[:count].sort().values


def standardized(x: Tensor, trained: Tensor) -> Tensor:
    """Features as the rows that are trained on have mean 0 and standard deviation 1; a constant has 0."""
    differs = trained.amax(0) > trained.amin(0)
    return (x - trained.mean(0)) / torch.where(differs, trained.std(0, correction=0), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsInfo(DatasetInfo):
    """The problem whose data are written in the config.

    Attributes:
        points: They.
        seed: Decides which are held out.
    """

    points: DataPointsConfig
    seed: int = 0

    @property
    def inputs(self) -> int:
        """How many features a point has."""
        return len(self.points.x[0])

    @property
    def holds_out(self) -> bool:
        """Whether there are points that are not trained on."""
        return int(len(self.points.x) * self.points.held_out) > 0

    @property
    def option_defaults(self) -> dict[str, Any]:
        """What ``points`` and ``seed`` are unless given."""
        return {"points": self.points.model_dump(mode="json"), "seed": self.seed}

    def complete(self, config: ProblemConfig, limits: Limits = UNLIMITED) -> ProblemConfig:
        """``config`` with the options that were left out, and with the loss that its targets ask for.

        Raises:
            ConfigError: If an option of other problems is given, or the points are no dataset.
        """
        points = config.points or self.points
        problems = [
            FieldProblem(f"/problem/{option}", say("dataset_without", problem=self.name, option=option))
            for option in ("samples", "noise", "expression", "bounds")
            if getattr(config, option) is not None
        ]
        problems += islice(_problems(points, limits.max_abs_parameter), MOST_TOLD)
        if problems:
            raise ConfigError(problems)
        loss = points.loss or _loss_of(points)
        seed = self.seed if config.seed is None else config.seed
        return config.model_copy(update={"points": points.model_copy(update={"loss": loss}), "seed": seed})

    def of(self, config: ProblemConfig, limits: Limits = UNLIMITED) -> "PointsInfo":
        """The dataset that is written in a config."""
        config = self.complete(config, limits)
        assert config.points is not None  # noqa: S101 - completed
        assert config.points.loss is not None  # noqa: S101 - completed
        return replace(
            self,
            points=config.points,
            seed=config.seed or 0,
            loss=_LOSSES[config.points.loss],
            bounds=_window(config.points, config.seed or 0),
        )

    def build(self, config: ProblemConfig, dtype: torch.dtype, limits: Limits = UNLIMITED) -> DatasetProblem:
        """Training and held-out points, float64 rounded to ``dtype``."""
        info = self.of(config, limits)
        points = info.points
        x, y = (torch.tensor(values, dtype=torch.float64) for values in (points.x, points.y))
        trained, held_out = split(len(x), points.held_out, info.seed)
        if not len(held_out):
            held_out = trained
        if points.standardize:
            x = standardized(x, x[trained])
        x, y = x.to(dtype), y[:, None].to(dtype)
        return DatasetProblem(info, x[trained], y[trained], x[held_out], y[held_out])


def _problems(points: DataPointsConfig, most: float) -> Iterator[FieldProblem]:
    """What keeps points from being a dataset."""
    features = len(points.x[0])
    for i, row in enumerate(points.x):
        if len(row) != features:
            yield FieldProblem(
                f"/problem/points/x/{i}",
                say("features_differ", field=f"x[{i}]", count=len(row), expected=features),
            )
        for k, value in enumerate(row):
            if not abs(value) <= most:
                yield _beyond(f"/problem/points/x/{i}/{k}", f"x[{i}][{k}]", value, most)
    if len(points.y) != len(points.x):
        yield FieldProblem(
            "/problem/points/y", say("targets_differ", count=len(points.y), points=len(points.x))
        )
    for i, value in enumerate(points.y):
        if points.loss == "binary_cross_entropy_with_logits" and value not in _LABELS:
            yield FieldProblem(
                f"/problem/points/y/{i}", say("no_label", field=f"y[{i}]", value=rounded(value))
            )
        elif not abs(value) <= most:
            yield _beyond(f"/problem/points/y/{i}", f"y[{i}]", value, most)


def _beyond(pointer: str, field: str, value: float, most: float) -> FieldProblem:
    return FieldProblem(pointer, say("between", field=field, low=-most, high=most, value=rounded(value)))


def _loss_of(points: DataPointsConfig) -> str:
    return "binary_cross_entropy_with_logits" if set(points.y) == _LABELS else "mse_loss"


def _window(points: DataPointsConfig, seed: int) -> Bounds:
    """What holds the first two features of all points, or a single one and the targets."""
    x, y = (torch.tensor(values, dtype=torch.float64) for values in (points.x, points.y))
    if points.standardize:
        x = standardized(x, x[split(len(x), points.held_out, seed)[0]])
    columns = [x[:, 0], x[:, 1] if x.shape[1] > 1 else y]
    left, bottom = (_range(column) for column in columns)
    return left, bottom


def _range(values: Tensor) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


_IRIS = DataPointsConfig(
    x=iris.X, y=iris.Y, loss="binary_cross_entropy_with_logits", held_out=0.25, standardize=True
)

POINTS: Final = PointsInfo(
    name="points",
    title="Your own points",
    description=(
        "Any points and labels, or values, that you bring; until then, petals of two species of iris, which "
        "overlap."
    ),
    points=_IRIS,
    loss=BCE,
    bounds=_window(_IRIS, 0),
    citation=iris.CITATION,
    suggestion=Suggestion(
        model={"hidden": [4, 4], "activation": "relu", "seed": 33},
        sgd=0.5,
        momentum=0.2,
        adam=0.05,
        adamw=0.05,
        decay=0.02,
    ),
)
