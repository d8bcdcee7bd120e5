"""Rows of what a loop does, by the hooks of its optimizers. It only looks, and it waits for nothing."""

import operator
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.loop.recorder import momentum_of
from optiscope.watching.by_layer import ByLayer
from optiscope.watching.copies import Copy
from optiscope.watching.hooks import Hooks
from optiscope.watching.landscape import Landscape
from optiscope.watching.layers import Watched
from optiscope.watching.noticing import Notices
from optiscope.watching.rows import Circumstances, Layout, Measured, Number, Rates, Row, Seen, kept, parts_of
from optiscope.watching.scaling import Scaler, Skips, found_inf, grad_scale
from optiscope.watching.whole import Whole

ROWS = 512
"""Records that are handed on together, at most."""

ROW_BYTES = 2**20
"""Their size, about, at most."""

SECONDS = 1.0
"""How long a record waits for others, at most: what a killed script loses."""

Take = Callable[[list[Row], int], bool]
"""Takes rows of about so many bytes to be written; False if it has too many already."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is recorded of each step.

    Attributes:
        whole: The names of what is recorded whole.
        by_layer: How the rest is measured: ``full``, ``norms``, or not at all.
        every: The distance of records.
    """

    whole: Sequence[str]
    by_layer: str | None
    every: int


class Recorder:
    """Watches optimizers while they are stepped, and hands on what it saw.

    A record closes with a step of the first optimizer; what the others did since the last one belongs to it.

    Args:
        watched: What is watched.
        plan: What of it is recorded.
        schedulers: Whose counts are noted.
        scaler: What scales the loss in mixed precision.
        take: Where rows go.
        fail: Told of an error of the recorder's own, which must not reach the loop.
        landscape: Looks around at some steps, by a closure.
    """

    def __init__(  # noqa: PLR0913 - each is a part of its own
        self,
        watched: Watched,
        plan: Plan,
        schedulers: Sequence[Any],
        scaler: Scaler | None,
        take: Take,
        fail: Callable[[Exception], None],
        *,
        landscape: Landscape | None = None,
    ) -> None:
        self._watched = watched
        self._first = watched.optimizers[0]
        self._is_alone = len(watched.optimizers) == 1
        self._every = plan.every
        self._schedulers = schedulers
        self._skips = Skips(scaler)
        self._take = take
        self._fail = fail
        self._landscape = landscape
        self._seen: Seen | None = None
        self._whole = Whole(plan.whole, watched) if plan.whole else None
        self._measures = {
            id(optimizer): ByLayer(optimizer, watched, is_full=plan.by_layer == "full")
            for optimizer in watched.optimizers
            if plan.by_layer is not None
        }
        self._notices = Notices(watched.optimizers)
        self._rows: list[Row] = []
        self._waits_since = 0.0
        self._nbytes = 0
        self._raw = 0
        self.dropped = 0
        self._logged: dict[str, Number] = {}
        self._losses: list[Number] = []
        self._is_said_after: bool | None = None
        self._by_closure = False
        self.clip_norm: Number | None = None
        self.samples: int | None = None
        self.epoch: int | None = None
        self._grads: dict[int, tuple[Copy, Layout]] = {}
        self._measured: dict[int, Measured] = {}
        self._stepped: set[int] = set()
        self._seldom: set[int] = set()
        self._infs: list[Tensor] = []
        self._scale: Tensor | None = None
        self._params = list(watched.named.values())
        self._said_lr: list[Any] | None = None
        self._said: list[Any] | None = None
        self._trained: list[bool] = []
        self._about: Circumstances | None = None
        self._lr: tuple[Number, ...] = ()
        self._rates = Rates((), ())
        self._note_rates()
        self._hooks = [
            Hooks(optimizer, self._before, self._evaluated, self._after, fail)
            for optimizer in watched.optimizers
        ]

    def initial(self) -> None:
        """Record 0: what there is before the first step."""
        self._measured = {key: measure.initial() for key, measure in self._measures.items()}
        if self._landscape is not None:
            self._seen = self._landscape.initial()
        self._note(is_initial=True)
        self._losses = []

    def say_loss(self, loss: Number) -> None:
        """The loss of the step that comes next, or of the last one in a loop that says it behind its step."""
        if self._is_said_after is None:
            self._is_said_after = self._raw > 0
        if not self._is_said_after:
            self._losses.append(loss)
        elif self._rows and (row := self._rows[-1]).raw == self._raw:
            row.loss = loss if self._by_closure else _of_parts([*parts_of(row.loss), loss])
            self._by_closure = False

    def say_samples(self, count: int) -> None:
        """How many samples the loss that was said is of; they belong to the record that it belongs to."""
        self.samples = (self.samples or 0) + count
        if self._is_said_after and (row := self._closed) is not None:
            row.samples = self.samples

    def log(self, name: str, value: Number) -> None:
        """A number of the last record, if no step was taken since, or else of the next."""
        if (row := self._closed) is not None:
            row.logged = {**(row.logged or {}), name: value}
        else:
            self._logged[name] = value

    @property
    def _closed(self) -> Row | None:
        """The record of the step that was taken last, if there is one."""
        return self._rows[-1] if self._rows and self._rows[-1].raw == self._raw else None

    @property
    def steps(self) -> int:
        """How many steps of the first optimizer were seen."""
        return self._raw

    def remove_hooks(self) -> None:
        """Look no more, and leave nothing behind."""
        for hooks in self._hooks:
            hooks.remove()
        self._notices.close()

    def rest(self) -> list[Row]:
        """What was not handed on yet."""
        rows, self._rows = self._rows, []
        return rows

    def flush(self) -> None:
        """Hand on what there is, if it is taken; under pressure every second record is dropped."""
        if not self._rows:
            return
        if self._take(self._rows, self._nbytes):
            self._rows, self._nbytes = [], 0
        else:
            kept_rows = _thinned(self._rows)
            self.dropped += len(self._rows) - len(kept_rows)
            self._rows, self._nbytes = kept_rows, self._nbytes // 2
        self._waits_since = time.monotonic()

    def _before(self, optimizer: Optimizer, has_closure: bool) -> None:  # noqa: FBT001 - a callback
        if not self._begins(optimizer):
            return
        if id(optimizer) not in self._seldom:
            self._notices.before_step(optimizer, has_closure=has_closure)
        if optimizer is self._first:
            self._note_rates()
        if self._whole is not None and not has_closure:
            self._grads[id(optimizer)] = self._whole.grads(optimizer)
        if self._measures:
            self._measures[id(optimizer)].before_step(has_closure=has_closure)
        if self._landscape is not None and optimizer is self._first:
            self._landscape.before_step(self._raw + 1)

    def _begins(self, optimizer: Optimizer) -> bool:
        """Look at what scales the loss; whether the step is a record."""
        is_first = optimizer is self._first
        infinite = found_inf(optimizer)
        if infinite is not None and is_first:
            self._infs.append(infinite)
        elif is_first:
            self._skips.look()
        is_due = self._is_due(optimizer)
        if is_first and is_due:
            self._scale = grad_scale(optimizer)
        return is_due

    def _is_due(self, optimizer: Optimizer) -> bool:
        """Whether the step that is under way is a record, or may be the last before one."""
        if self._every == 1 or id(optimizer) in self._seldom:
            return True
        raw = self._raw + 1
        return not raw % self._every or (self._landscape is not None and self._landscape.has_surface(raw))

    def _evaluated(self, optimizer: Optimizer, loss: Any) -> None:
        """The first pass of a closure gives what the step begins with."""
        if not self._is_due(optimizer):
            return
        if self._whole is not None and id(optimizer) not in self._grads:
            self._grads[id(optimizer)] = self._whole.grads(optimizer)
        if loss is not None and not self._losses and optimizer is self._first:
            self._losses = [kept("the loss of the closure", loss)]
            self._by_closure = True

    def _after(self, optimizer: Optimizer) -> None:
        is_due = self._is_due(optimizer)
        self._stepped.add(id(optimizer))
        if is_due and self._measures:
            self._measured[id(optimizer)] = self._measures[id(optimizer)].after_step()
        self._notices.after_step(optimizer, is_due=is_due)
        if optimizer is self._first:
            self._raw += 1
            if is_due and self._landscape is not None:
                self._seen = self._landscape.after_step(self._raw, float(self._lr[0]))
            if is_due:
                self._look_for_seldom()
                self._note(is_initial=False)
            self._losses = []
        if self._every == 1 or not (self._raw + 1) % self._every:
            self._notices.note_gradients(optimizer)

    def _look_for_seldom(self) -> None:
        """From now on look at each step of another optimizer that had none at this record, but before it."""
        seen = {id(self._first), *self._measured, *self._grads}
        self._seldom |= self._stepped - seen
        self._stepped = set()

    def _note(self, *, is_initial: bool) -> None:
        after = None if self._whole is None else self._whole.after()
        grads = self._grads.values()
        row = self._row(after, [copy for copy, _ in grads], tuple([layout for _, layout in grads]))
        row.measured = list(self._measured.values())
        row.infs, row.scale, row.seen = self._infs, self._scale, self._seen
        row.is_initial = is_initial
        self._grads, self._measured, self._infs, self._seen = {}, {}, [], None
        self._nbytes += sum([found.values.nbytes for found in row.measured])
        self._keep(row)

    def _row(self, after: Copy | None, grads: Sequence[Copy], layouts: tuple[Layout, ...]) -> Row:
        """The record that closes, of these copies."""
        counts = tuple([int(scheduler.last_epoch) for scheduler in self._schedulers])
        about = self._circumstances(layouts)
        return Row(self._raw, _of_parts(self._losses), about, self._lr, counts, after, grads)

    def _keep(self, row: Row) -> None:
        """Have the record wait with others, with what was said of it."""
        row.samples = self.samples
        if self._logged:
            row.logged, self._logged = self._logged, {}
        if self.clip_norm is not None:
            row.clip_norm, self.clip_norm = self.clip_norm, None
        if row.about.after is not None:  # with the gradients, about
            self._nbytes += 2 * row.about.after.nbytes
        rows = self._rows
        if rows and (
            len(rows) >= ROWS or self._nbytes >= ROW_BYTES or time.monotonic() - self._waits_since > SECONDS
        ):
            self.flush()  # without this one, of which more may be said
        self._rows.append(row)

    def _circumstances(self, grads: tuple[Layout, ...]) -> Circumstances:
        """Those of the record that closes; where nothing has changed those of the one before."""
        trained = [*map(_IS_TRAINED, self._params)]
        after = None if self._whole is None else self._whole.layout
        about = self._about
        if (
            about is None
            or trained != self._trained
            or about.rates is not self._rates
            or about.noticed is not self._notices.counts
            or about.after is not after
            or about.grads != grads
            or about.skipped != self._skips.count
            or about.epoch != self.epoch
        ):
            frozen = tuple([not is_trained for is_trained in trained])
            skipped, noticed = self._skips.count, self._notices.counts
            about = Circumstances(self._rates, after, grads, frozen, skipped, self.epoch, noticed)
            self._about, self._trained = about, trained
        return about

    def _note_rates(self) -> None:
        """Note what the param groups say; where nothing has changed it is what they said before."""
        groups = self._first.param_groups if self._is_alone else self._watched.groups
        lr = [group.get("lr") for group in groups]
        if lr != self._said_lr:
            self._lr = (*map(_now, lr),)
            self._said_lr = None if any(map(_may_change, lr)) else lr
        said = [[*map(group.get, SAID)] for group in groups]
        if said != self._said:
            self._rates = Rates((*map(momentum_of, groups),), (*[_now(one[-1]) for one in said],))
            self._said = None if any(map(_may_change, chain.from_iterable(said))) else said


_IS_TRAINED = operator.attrgetter("requires_grad")

SAID = ("momentum", "betas", "weight_decay")
"""What is recorded of a param group beside its lr, by torch's keys."""


def _may_change(said: Any) -> bool:
    """Whether it may be changed in place, and so compares as what it was."""
    return isinstance(said, Tensor | list) or (isinstance(said, tuple) and any(map(_may_change, said)))


def _now(value: Any) -> Number:
    if value is None:
        return float("nan")
    return kept("a hyperparameter", value) if isinstance(value, Tensor) else value


def _of_parts(losses: list[Number]) -> Number | list[Number]:
    """What was said of a loss: a number, or several parts of it, or none."""
    return losses[0] if len(losses) == 1 else losses


def _thinned(rows: Sequence[Row]) -> list[Row]:
    """Every second row, which knows of the one before it what is counted."""
    for dropped, following in zip(rows[::2], rows[1::2], strict=False):
        following.infs = [*dropped.infs, *following.infs]
        following.logged = {**(dropped.logged or {}), **(following.logged or {})} or None
    last = rows[-1:] if len(rows) % 2 else []
    return [*rows[1::2], *last]
