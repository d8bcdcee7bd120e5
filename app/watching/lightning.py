"""A callback for Lightning's ``Trainer`` that watches its loop: the extra ``lightning``."""

from collections.abc import Mapping
from typing import Any

from lightning.pytorch import Callback
from torch import Tensor

from optiscope.watching.watch import Watch, watch


class WatchCallback(Callback):  # type: ignore[misc]
    """Watches what ``trainer.fit`` does.

    Args:
        to: A file, or the address of a server.
        options: Those of :func:`optiscope.watch`.

    Attributes:
        watch: The watch, once training has begun.
    """

    def __init__(self, to: str, **options: Any) -> None:
        self._to = to
        self._options = options
        self._losses: list[Tensor] = []
        self._step = 0
        self.watch: Watch | None = None

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Begin to look."""
        optimizers = [getattr(optimizer, "optimizer", optimizer) for optimizer in trainer.optimizers]
        schedulers = [config.scheduler for config in trainer.lr_scheduler_configs]
        scaler = getattr(trainer.precision_plugin, "scaler", None)
        self.watch = watch(pl_module, optimizers, schedulers, to=self._to, scaler=scaler, **self._options)
        self._step = trainer.global_step

    def on_train_batch_end(
        self, trainer: Any, _pl_module: Any, outputs: Any, _batch: Any, _index: int, *_: Any
    ) -> None:
        """Say the loss of a step: the mean over the batches that it accumulated."""
        loss = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
        if isinstance(loss, Tensor):
            self._losses.append(loss.detach())
        if self.watch is None or trainer.global_step == self._step:
            return
        self._step = trainer.global_step
        if self._losses:
            share = trainer.accumulate_grad_batches / len(self._losses)  # each is divided by that already
            self.watch.loss(sum(self._losses[1:], self._losses[0]) * share)
        self._losses = []

    def on_validation_end(self, trainer: Any, _pl_module: Any) -> None:
        """Say what was measured."""
        for name, value in trainer.callback_metrics.items():
            if self.watch is not None and isinstance(value, Tensor):
                self.watch.log(str(name), value)

    def on_train_epoch_end(self, _trainer: Any, _pl_module: Any) -> None:
        """An epoch is over."""
        if self.watch is not None:
            self.watch.epoch()

    def on_train_end(self, _trainer: Any, _pl_module: Any) -> None:
        """Look no more."""
        if self.watch is not None:
            self.watch.close()

    def on_exception(self, _trainer: Any, _pl_module: Any, exception: BaseException) -> None:
        """The loop has failed: what was seen is kept."""
        if self.watch is not None:
            self.watch.__exit__(type(exception), exception, None)
