"""A callback for the ``Trainer`` of transformers that watches its loop: the extra ``huggingface``."""

from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback

from optiscope.watching.watch import Watch, watch


class WatchCallback(TrainerCallback):  # type: ignore[misc]
    """Watches what ``trainer.train`` does.

    The Trainer tells a loss every ``logging_steps``, the mean over them: with ``logging_steps=1`` each step
    has its own.

    Args:
        to: A file, or the address of a server.
        options: Those of :func:`optiscope.watch`.

    Attributes:
        watch: The watch, once training has begun.
    """

    def __init__(self, to: str, **options: Any) -> None:
        self._to = to
        self._options = options
        self.watch: Watch | None = None

    def on_train_begin(self, _args: Any, _state: Any, _control: Any, **now: Any) -> None:
        """Begin to look."""
        optimizer, scheduler = now["optimizer"], now["lr_scheduler"]
        self.watch = watch(now["model"], optimizer, scheduler, to=self._to, **self._options)

    def on_log(self, _args: Any, _state: Any, _control: Any, logs: Mapping[str, Any], **_now: Any) -> None:
        """Say what the Trainer tells: the loss, and all other numbers by their names."""
        for name, value in logs.items() if self.watch is not None else ():
            if self.watch is None or not isinstance(value, int | float):
                continue
            if name == "loss":
                self.watch.loss(value)
            else:
                self.watch.log(name, value)

    def on_epoch_end(self, _args: Any, _state: Any, _control: Any, **_now: Any) -> None:
        """An epoch is over."""
        if self.watch is not None:
            self.watch.epoch()

    def on_train_end(self, _args: Any, _state: Any, _control: Any, **_now: Any) -> None:
        """Look no more."""
        if self.watch is not None:
            self.watch.close()
