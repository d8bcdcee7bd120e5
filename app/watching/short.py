"""The recorder of a small loop, where each call of Python counts."""

from collections.abc import Callable, Sequence
from typing import Any

from torch import is_autocast_enabled
from torch.optim import Optimizer

from optiscope.watching.layers import Watched
from optiscope.watching.noticing import BETWEEN_LOOKS, FIRST_LOOKS
from optiscope.watching.recorder import Plan, Recorder, Take
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

    def _before(self, optimizer: Optimizer, has_closure: bool) -> None:  # noqa: FBT001 - a callback
        if has_closure:
            super()._before(optimizer, has_closure)
            return
        held = self._gradients.held
        if (held is not None and held[0].grad is held[1]) or any(
            map(is_autocast_enabled, self._notices.devices)
        ):
            self._notices.before_step(optimizer, has_closure=False)
        self._note_rates()
        self._grads[self._key] = self._all.grads(optimizer)

    def _after(self, optimizer: Optimizer) -> None:
        found = self._grads.pop(self._key, None)
        if found is None:  # a closure that was not called
            super()._after(optimizer)
            return
        raw = self._raw = self._raw + 1
        if raw <= FIRST_LOOKS or not raw % BETWEEN_LOOKS:
            self._notices.look_at_state()
        copy, layout = found
        self._keep(self._row(self._all.after(), (copy,), (layout,)))
        self._losses = []
        self._gradients.after_step()
