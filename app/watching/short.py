"""The recorder of a small loop, where each call of Python counts."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from torch import is_autocast_enabled
from torch.optim import Optimizer

from optiscope.watching.layers import Watched
from optiscope.watching.noticing import BETWEEN_LOOKS, FIRST_LOOKS
from optiscope.watching.recorder import SAID, Plan, Recorder, Take
from optiscope.watching.rows import Row
from optiscope.watching.scaling import is_told
from optiscope.watching.whole import Whole


def is_short(watched: Watched, plan: Plan) -> bool:
    """Whether every step of one optimizer is recorded whole, and no scaler has it skip some."""
    return (
        len(watched.optimizers) == 1
        and plan.every == 1
        and plan.by_layer is None
        and bool(plan.whole)
        and not is_told(watched.optimizers[0])
    )


class ShortRecorder(Recorder):
    """Records the same in fewer calls; without a scaler and without a closure of its own."""

    def __init__(
        self,
        watched: Watched,
        plan: Plan,
        schedulers: Sequence[Any],
        take: Take,
        fail: Callable[[Exception], None],
    ) -> None:
        super().__init__(watched, plan, schedulers, None, take, fail)
        self._all = self._whole or Whole(plan.whole, watched)
        self._gradients = self._notices.gradients_of(self._first)
        self._key = id(self._first)
        first = watched.groups[0]
        keys = [key for key in SAID if key in first] or ["params"]
        self._rates_of = itemgetter(keys[0], *keys)  # a tuple, whatever there is
        self._has_lr = keys[0] == "lr"
        self._last: list[Any] | None = None

    def _before(self, optimizer: Optimizer, has_closure: bool) -> None:  # noqa: FBT001 - a callback
        if has_closure:
            super()._before(optimizer, has_closure)
            self._last = None
            return
        held = self._gradients.held
        if (held is not None and held[0].grad is held[1]) or any(
            map(is_autocast_enabled, self._notices.devices)
        ):
            self._notices.before_step(optimizer, has_closure=False)
        said = [*map(self._rates_of, optimizer.param_groups)]
        if said != self._last:
            self._note_rates(said)
        self._grads[self._key] = self._all.grads(optimizer)

    def _note_rates(self, said: list[Any]) -> None:
        """Look at the groups anew; where a scheduler moved their rates alone, at these."""
        last = self._last
        self._last = said
        if last is not None and self._has_lr and [one[2:] for one in said] == [one[2:] for one in last]:
            rates = tuple([one[0] for one in said])
            if set(map(type, rates)) == {float}:
                self._rates = self._rates._replace(lr=rates)
                self._said = []  # what was compared with is no longer what was said last
                return
        self._rates = self._rates_now()
        if self._said is None:
            self._last = None

    def _after(self, optimizer: Optimizer) -> None:
        found = self._grads.pop(self._key, None)
        if found is None:  # a closure that was not called
            super()._after(optimizer)
            return
        raw = self._raw = self._raw + 1
        if raw <= FIRST_LOOKS or not raw % BETWEEN_LOOKS:
            self._notices.look_at_state()
        about = self._circumstances(found[1])
        self._keep(Row(raw, self._losses, about, self._all.after(), [found[0]]))
        self._losses = []
        self._gradients.after_step()
