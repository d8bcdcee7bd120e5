"""Passes of a closure at other parameters than the model's, which leave no trace in the loop.

The parameters themselves are never written: ``torch.func.functional_call`` puts other tensors in their
place for the time of a pass, and copies in that of buffers. What else a pass may change is put back.
"""

import copy
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from optiscope.watching.chances import Random

Closure = Callable[[], Tensor]
"""A forward pass: it returns a loss, without ``backward()``."""

Tensors = Sequence[Tensor]

_HOOKS = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")


class Passes:
    """Evaluates a loss, its gradient and its Hessian where it is asked to.

    Args:
        model: What the closure calls.
        closure: Its loss, of the same samples each time.

    Attributes:
        count: The passes so far, each forward pass as one.
    """

    def __init__(self, model: nn.Module, closure: Closure) -> None:
        self._model = model
        self._called = _Called(model, closure)
        self._random: Random | None = None
        self._names: list[str] = []
        self.count = 0

    def parameters(self) -> list[Tensor]:
        """What can be put elsewhere: all that is trained, as it is now."""
        named = {name: p for name, p in self._called.named_parameters() if _is_trained(p)}
        self._names = list(named)
        return [param.detach() for param in named.values()]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Whatever passes change meanwhile is put back: modes, attributes, hooks, random numbers.

        Hooks of the loop's own rest, since they have nothing to do with these passes; torch's, such as that
        of ``weight_norm``, do not.
        """
        self._random = Random(self._model)
        modules = [(module, _contents(module)) for module in self._model.modules()]
        for module, _ in modules:
            for kind in _HOOKS:
                module.__dict__[kind] = _of_torch(module.__dict__.get(kind, {}))
            if isinstance(module, nn.Embedding | nn.EmbeddingBag):
                module.sparse = False  # a sparse gradient has no derivative
        try:
            with _eager():
                yield
        finally:
            for module, contents in modules:
                _put_back(module, contents)
            self._random.put_back()

    def loss(self, point: Tensors) -> Tensor:
        """The loss at a point, in double precision; nobody has waited for it."""
        with torch.no_grad():
            return self._evaluated(point).detach().double()

    def gradient(self, point: Tensors) -> list[Tensor]:
        """The gradient at a point.

        Raises:
            ValueError: If the loss does not depend on the parameters.
        """
        return [part.detach() for part in self._differentiated(point, twice=False)[1]]

    def hessian(self, point: Tensors) -> Callable[[Tensors], list[Tensor]]:
        """Multiplies the Hessian at a point with a vector: one backward pass through the gradient each time.

        Raises:
            ValueError: If the loss does not depend on the parameters.
        """
        leaves, gradient = self._differentiated(point, twice=True)
        places = [place for place, part in enumerate(gradient) if part.requires_grad]
        outputs = [gradient[place] for place in places]

        def product(vector: Tensors) -> list[Tensor]:
            if not outputs:
                return [torch.zeros_like(part) for part in vector]
            along = [vector[place] for place in places]
            found = torch.autograd.grad(
                outputs, leaves, along, retain_graph=True, allow_unused=True, materialize_grads=True
            )
            return [part.detach() for part in found]

        return product

    def _differentiated(self, point: Tensors, *, twice: bool) -> tuple[list[Tensor], list[Tensor]]:
        """What is differentiated by, and the gradient."""
        leaves = [part.detach().clone().requires_grad_() for part in point]
        # A view of a leaf is not kept by autocast, as the leaf itself would be.
        with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH) if twice else nullcontext():
            loss = self._evaluated([leaf.view_as(leaf) for leaf in leaves])
            found: Sequence[Tensor | None] = (
                torch.autograd.grad(loss, leaves, create_graph=twice, allow_unused=True)
                if loss.requires_grad
                else ()
            )
            if all(part is None for part in found):
                raise ValueError("the loss of the closure does not depend on the parameters of the model")
            return leaves, [
                torch.zeros_like(leaf) if part is None else part
                for leaf, part in zip(leaves, found, strict=True)
            ]

    def _evaluated(self, point: Tensors) -> Tensor:
        assert self._random is not None  # noqa: S101 - it is open
        self._random.put_back()
        self.count += 1
        buffers = {name: buffer.clone() for name, buffer in self._called.named_buffers()}
        loss: Tensor = functional_call(
            self._called, {**buffers, **dict(zip(self._names, point, strict=True))}, ()
        )
        return loss


class _Called(nn.Module):
    """A closure as a module, so that the model's parameters can be exchanged while it runs."""

    def __init__(self, model: nn.Module, closure: Closure) -> None:
        super().__init__()
        self.model = model
        self._closure = closure

    def forward(self) -> Tensor:
        return self._closure()


def _is_trained(param: Tensor) -> bool:
    return param.requires_grad and param.is_floating_point()


def _of_torch(hooks: Mapping[int, Any]) -> "OrderedDict[int, Any]":
    return OrderedDict(
        (key, hook)
        for key, hook in hooks.items()
        if str(getattr(hook, "__module__", "")).startswith("torch.")
    )


_Contents = dict[str, tuple[Any, Any]]
"""Each attribute, and a copy of what is in it if it is a table or a list."""


def _contents(module: nn.Module) -> _Contents:
    kinds = (dict, list, set)
    held = module.__dict__.items()
    return {name: (value, copy.copy(value) if isinstance(value, kinds) else None) for name, value in held}


def _put_back(module: nn.Module, contents: _Contents) -> None:
    module.__dict__.clear()
    for name, (value, inner) in contents.items():
        module.__dict__[name] = value
        if inner is not None:
            value.clear()
            value.extend(inner) if isinstance(value, list) else value.update(inner)


def _eager() -> AbstractContextManager[Any]:
    """Nothing is compiled for these passes, and nothing of what was compiled is thrown away."""
    return torch.compiler.set_stance("force_eager") if "torch._dynamo" in sys.modules else nullcontext()
