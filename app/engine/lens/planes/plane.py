"""A plane through parameter space, and the paths that it is laid through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.planes.configs import RecordConfig
from optiscope.engine.recipe.parameters import layer_of
from optiscope.engine.recipe.problems import Problem

_VALUES = 2**22  # of a portion


def portions_of(rows: Tensor, width: int | None = None) -> tuple[Tensor, ...]:
    """``rows`` of so many numbers, as many at a time as are soon gone through."""
    portions: tuple[Tensor, ...] = rows.split(max(1, _VALUES // (width or rows.shape[1])))
    return portions


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a plane.

    Attributes:
        said: What is drawn along it.
        variance_explained: Of a principal axis, the share along it, from 0 to 1, of the squared distances of
            all fitted records from the centre of the plane: of their variance, if that is their mean.
        curvature: ``dᵀHd / dᵀd`` of its direction d at the centre; None without a centre or a Hessian.
    """

    said: Said
    variance_explained: float | None = None
    curvature: float | None = None

    @property
    def label(self) -> str:
        """What is drawn along it, in English."""
        return str(self.said)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a person who looks at the surface should know.

    Attributes:
        said: One plain sentence.
        run: The number of the run that it is about, from 0, if it is about one.
    """

    said: Said
    run: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """``origin + a * basis[0] + b * basis[1]``, in float64.

    Attributes:
        origin: [parameters]
        basis: [2, parameters], linearly independent, not always orthogonal.
        axes: What the two directions are.
        centre: [parameters] what the plane is laid through; None where that is no point.
        reach: How far the surface should extend from the origin along each axis at least.
        notices: What had to be done differently.
        turn: The axes drawn along x and y, by their numbers, where they could be others (``TurnedConfig``).
    """

    origin: Tensor
    basis: Tensor
    axes: tuple[Axis, Axis]
    centre: Tensor | None = None
    reach: float = 0.0
    notices: tuple[Notice, ...] = ()
    turn: tuple[int, int] | None = None

    def at(self, xy: Tensor) -> Tensor:
        """The parameter vectors [k, parameters] at coordinates [k, 2]."""
        return torch.addmm(self.origin, xy, self.basis)

    def project(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Where the plane is nearest to each of ``points`` [k, parameters].

        Returns:
            Coordinates [k, 2] and distances [k]; NaN for a point that is not finite.
        """
        centred = points - self.origin
        xy = torch.linalg.solve(self.basis @ self.basis.T, self.basis @ centred.T).T
        distance = torch.linalg.vector_norm(centred - xy @ self.basis, dim=1)
        lost = ~points.isfinite().all(dim=1)
        return xy.masked_fill(lost.unsqueeze(1), torch.nan), distance.masked_fill(lost, torch.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What planes are laid through.

    Attributes:
        problem: What is minimised.
        model: The model at its initial parameters; gives names, shapes, activation and dtype.
        paths: [records, parameters] in float64 for each run.
        fitted: [records] for each run, which of them planes and ranges are fitted to; always the first.
        firsts: For each run the step of its first record; 0 unless it is a fork.
        limits: What a plane may cost.
    """

    problem: Problem
    model: nn.Module
    paths: Sequence[Tensor]
    fitted: Sequence[Tensor]
    firsts: Sequence[int]
    limits: Limits = UNLIMITED

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the runs, which says how much of a path is rounding."""
        return next(self.model.parameters()).dtype

    @property
    def ends(self) -> list[Tensor]:
        """The first and the last record [2, parameters] of each path that planes are fitted to."""
        found = []
        for path, fitted in zip(self.paths, self.fitted, strict=True):
            where = fitted.nonzero().flatten()
            found.append(path[where[[0, -1]]])
        return found

    def portions(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The records that planes are fitted to, path by path, a portion at a time.

        Yields:
            The first record [parameters] of the path, and some of its records [k, parameters].
        """
        for path, fitted in zip(self.paths, self.fitted, strict=True):
            for part, mask in zip(portions_of(path), portions_of(fitted, path.shape[1]), strict=True):
                yield path[0], part[mask]

    def record(self, at: RecordConfig, pointer: str) -> Tensor:
        """The parameters [parameters] of a record.

        Raises:
            ConfigError: If there is no such record, or it is not finite.
        """
        if at.run >= len(self.paths):
            said = say("less_than", field="run", bound=len(self.paths), value=at.run)
            raise ConfigError.at(f"{pointer}/run", said)
        path, first = self.paths[at.run], self.firsts[at.run]
        last = first + len(path) - 1
        if at.step == -1:
            return self.ends[at.run][-1]
        if at.step > last:
            said = say("at_most", field="step", bound=last, value=at.step)
            raise ConfigError.at(f"{pointer}/step", said)
        if at.step < first:
            said = say("at_least", field="step", bound=first, value=at.step)
            raise ConfigError.at(f"{pointer}/step", said)
        record = path[at.step - first]
        if not record.isfinite().all():
            raise ConfigError.at(f"{pointer}/step", say("diverged_by", run=at.run, step=at.step))
        return record

    def names_of(self, where: Tensor) -> list[str]:
        """The parameters that have an entry in ``where`` [parameters]; a layer's name for all of its own."""
        params = dict(self.model.named_parameters())
        parts = where.split([param.numel() for param in params.values()])
        chosen = [name for name, part in zip(params, parts, strict=True) if part.any()]
        others = {layer_of(name) for name in params if name not in chosen}
        return list(dict.fromkeys(name if layer_of(name) in others else layer_of(name) for name in chosen))

    def left_out(self, where: Tensor) -> tuple[Notice, ...]:
        """That a plane leaves out the parameters outside ``where`` [parameters], if there are any."""
        names = self.names_of(~where)
        return (Notice(say("plane_leaves_out", params=names)),) if names else ()

    def moved(self) -> Tensor:
        """Which entries [parameters] belong to a weight or bias that any run moves; all, if none is moved."""
        changed = torch.zeros(self.paths[0].shape[1], dtype=torch.bool)
        for first, records in self.portions():
            changed |= (records != first).any(dim=0)
        parts = changed.split([param.numel() for param in self.model.parameters()])
        moved = torch.cat([part.any().expand(len(part)) for part in parts])
        return moved if moved.any() else torch.ones_like(moved)
