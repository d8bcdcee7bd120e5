"""The hooks of one optimizer: when a step begins and when it has been taken, whoever calls it how."""

import inspect
from collections.abc import Callable
from typing import Any

from torch.optim import Optimizer
from torch.optim import optimizer as torch_module

Closure = Callable[[], Any]
Arguments = tuple[tuple[Any, ...], dict[str, Any]]


class Hooks:
    """Tells of every step of an optimizer once, though a subclass that calls ``super().step()`` has two.

    Args:
        optimizer: The optimizer.
        before: Called before a step, with whether it has a closure.
        evaluated: Called after each pass of the closure, with what it returned.
        after: Called after a step.
        fail: Told of an error of any of these, which must not reach the loop.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        before: Callable[[Optimizer, bool], None],
        evaluated: Callable[[Optimizer, Any], None],
        after: Callable[[Optimizer], None],
        fail: Callable[[Exception], None],
    ) -> None:
        self._before = before
        self._evaluated = evaluated
        self._after = after
        self._fail = fail
        self._depth = 0
        self._handles = [
            optimizer.register_step_pre_hook(self._begin),
            optimizer.register_step_post_hook(self._end),
        ]

    def remove(self) -> None:
        """Leave the optimizer as it was."""
        for handle in self._handles:
            handle.remove()

    def _begin(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments | None:
        if self._depth:  # within another step, or after one that raised an error
            self._depth = _steps_under_way(optimizer) - 1
        self._depth += 1
        if self._depth > 1:
            return None
        if len(args) == 1 and not kwargs:  # most loops
            try:
                self._before(optimizer, False)
            except Exception as error:  # noqa: BLE001 - as in ``_guarded``, without a call
                self._fail(error)
            return None
        closure = kwargs.get("closure") or next((arg for arg in args[1:2] if callable(arg)), None)
        self._guarded(self._before, optimizer, closure is not None)
        return None if closure is None else _with_closure(args, kwargs, self._told(optimizer, closure))

    def _guarded(self, look: Callable[..., None], *arguments: Any) -> None:
        try:
            look(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the loop goes on
            self._fail(error)

    def _told(self, optimizer: Optimizer, closure: Closure) -> Closure:
        def told() -> Any:
            loss = closure()
            self._guarded(self._evaluated, optimizer, loss)
            return loss

        return told

    def _end(self, optimizer: Optimizer, _args: tuple[Any, ...], _kwargs: dict[str, Any]) -> None:
        self._depth -= self._depth > 0
        if not self._depth:
            try:
                self._after(optimizer)
            except Exception as error:  # noqa: BLE001 - as in ``_guarded``, without a call
                self._fail(error)


def _with_closure(args: tuple[Any, ...], kwargs: dict[str, Any], closure: Closure) -> Arguments:
    if kwargs.get("closure") is not None:
        return args, kwargs | {"closure": closure}
    return (args[0], closure, *args[2:]), kwargs


def _steps_under_way(optimizer: Optimizer) -> int:
    """How many calls of ``step()`` have not returned: torch's wrapper has a frame for each."""
    frame = inspect.currentframe()
    count = 0
    while frame is not None:
        code = frame.f_code
        if code.co_name == "wrapper" and code.co_filename == torch_module.__file__:
            arguments = frame.f_locals.get("args", ())
            count += bool(arguments) and arguments[0] is optimizer
        frame = frame.f_back
    return count
