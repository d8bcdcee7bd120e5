"""What a closure shows of the loss around a step: where it rises, how it is curved, what it looks like."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import torch
from torch import Tensor

from optiscope.engine.core.words import Said, say, why
from optiscope.watching.asked import one_of, whole
from optiscope.watching.critical import critical
from optiscope.watching.lanczos import top_eigenvalue
from optiscope.watching.passes import Passes
from optiscope.watching.rows import Seen
from optiscope.watching.surface import Plane, random_surface, update_surface

MOST_SURFACES = 64
LEAST_RESOLUTION, MOST_RESOLUTION = 3, 51
CRITICAL_EVERY = 128
"""The usual distance of the steps with the critical rate, about."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is looked at, and when.

    Attributes:
        surfaces_at: The steps with a surface and the largest eigenvalue.
        plane: What a surface lies along.
        resolution: Points along each of its axes.
        critical_every: The distance of the steps with the critical rate; None for the usual one.
    """

    surfaces_at: frozenset[int]
    plane: Plane
    resolution: int
    critical_every: int | None

    def __post_init__(self) -> None:
        if len(self.surfaces_at) > MOST_SURFACES:
            raise ValueError(f"surfaces_at names {len(self.surfaces_at)} steps, at most {MOST_SURFACES}")
        one_of("surface", self.plane, get_args(Plane))
        if self.plane == "update" and 0 in self.surfaces_at:
            raise ValueError('before step 0 there is no update: surface="random", or no 0 in surfaces_at')
        whole("resolution", self.resolution, LEAST_RESOLUTION, MOST_RESOLUTION)
        if self.critical_every is not None:
            whole("critical_every", self.critical_every, 1)

    def at_records(self, every: int) -> "Around":
        """The same with the critical rate at records, which have that distance.

        The usual distance is theirs, doubled as often as it takes: when the past is thinned to every second
        record again and again, what has such a distance stays as long as anything.
        """
        usual = every * 2 ** max(math.ceil(math.log2(CRITICAL_EVERY / every)), 0)
        wanted = usual if self.critical_every is None else -(-self.critical_every // every) * every
        return replace(self, critical_every=wanted)


class Landscape:
    """Looks around at some steps of the first optimizer.

    Args:
        passes: Evaluate the closure.
        around: What is looked at, and when.
        is_alone: Whether one process trains. Of several, a pass of one alone would wait for the others for
            ever, so nothing is looked at, and that is said.

    Attributes:
        taken: Steps that were taken before the first one.
    """

    def __init__(self, passes: Passes, around: Around, *, is_alone: bool) -> None:
        self._passes = passes
        self._around = around
        self.taken = 0
        self._factor: float | None = None
        self._is_first = True
        self._before: list[Tensor] | None = None
        self._is_on = is_alone
        self._has_hessian = True
        self.trouble: Said | None = None if is_alone else say("watch_closure_alone")

    def document(self) -> dict[str, object]:
        """What is looked at, as it stands in the source of a run."""
        around = self._around
        return {"plane": around.plane, "resolution": around.resolution, "at": sorted(around.surfaces_at)}

    def has_surface(self, raw: int) -> bool:
        """Whether a step has a surface, and so is a record."""
        return self._is_on and self.taken + raw in self._around.surfaces_at

    def initial(self) -> Seen | None:
        """What there is before the first step, if it is to be looked at."""
        return self._looked(0, None) if self.has_surface(0) else None

    def before_step(self, raw: int) -> None:
        """Keep where a step begins that is looked at; called at records."""
        every = self._around.critical_every
        is_due = self._is_first or (every is not None and not (self.taken + raw) % every)
        if self._is_on and (is_due or self.has_surface(raw)):
            self._before = [param.clone() for param in self._passes.parameters()]

    def after_step(self, raw: int, lr: float) -> Seen | None:
        """Look around, if this step is one to be looked at."""
        before, self._before = self._before, None
        if before is None:
            return None
        self._is_first = False
        return self._looked(raw, before, lr)

    def _looked(self, raw: int, before: Sequence[Tensor] | None, lr: float = math.nan) -> Seen | None:
        """What was seen; whatever goes wrong is told, and then nothing is looked at any more."""
        begun = self._passes.count
        seen = Seen()
        try:
            with self._passes.open():
                after = [param.clone() for param in self._passes.parameters()]
                update = [] if before is None else [a - b for a, b in zip(after, before, strict=True)]
                if before is not None and any(bool(part.any()) for part in update):
                    self._look_along(seen, before, update, lr)
                if self.has_surface(raw):
                    self._look_around(seen, before, after, update)
        except Exception as error:  # noqa: BLE001 - the closure is anybody's, and the loop goes on
            self._is_on, self.trouble = False, say("watch_closure_failed", why=why(error))
        seen.numbers["passes"] = float(self._passes.count - begun)
        return seen

    def _look_along(self, seen: Seen, before: Sequence[Tensor], update: Sequence[Tensor], lr: float) -> None:
        """The critical rate; of a step that mixed precision skipped there is none."""

        def loss(factor: float) -> float:
            point = [b.add(u, alpha=factor) for b, u in zip(before, update, strict=True)]
            return float(self._passes.loss(point))

        found = critical(loss, self._factor)
        if found is None:
            return
        middle = found.middle
        if middle == math.inf:
            self._passes.gradient(before)  # there has to be one
        self._factor = middle if 0 < middle < math.inf else None
        rate = middle * lr
        seen.bracket = (found.low * lr, found.high * lr)
        seen.numbers["critical_rate"] = rate
        seen.numbers["critical_sharpness"] = 2 / rate if rate else math.inf

    def _look_around(
        self, seen: Seen, before: Sequence[Tensor] | None, after: Sequence[Tensor], update: Sequence[Tensor]
    ) -> None:
        """The surface, and the largest eigenvalue after the step."""
        loss, points = self._passes.loss, self._around.resolution
        if self._around.plane == "random":
            seen.surface = random_surface(loss, before, after, points)
        elif before is not None and seen.bracket is not None:
            far = self._factor or 1.0
            gradient = self._passes.gradient(before)
            seen.surface = update_surface(loss, before, update, gradient, far, points)
        if self._has_hessian:
            self._look_at_curvature(seen, after)

    def _look_at_curvature(self, seen: Seen, after: Sequence[Tensor]) -> None:
        """The largest eigenvalue; not every function that torch has can be differentiated twice."""
        generator = torch.Generator().manual_seed(0)
        start = [torch.randn(a.shape, generator=generator).to(a.device, a.dtype) for a in after]
        try:
            found = top_eigenvalue(self._passes.hessian(after), start)
        except RuntimeError as error:
            self._has_hessian, self.trouble = False, say("watch_no_hessian", why=why(error))
            return
        seen.numbers["top_eigenvalue"] = found.value
        seen.numbers["eigenvalue_residual"] = found.residual
