"""A call of the wire, told once for scripts that wait and for those that await."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from inspect import Parameter, signature
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, Protocol, TypeVar, get_args

import httpx

from optiscope.client.lines import json_of

T = TypeVar("T")
P = ParamSpec("P")


class Request(NamedTuple):
    """A stream that is asked for."""

    method: str
    path: str
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """What is asked, and how the answer is read.

    Attributes:
        accepts: The status of an answer that is no refusal, though it is an error.
    """

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    more: Mapping[str, Any] = field(default_factory=dict)
    accepts: int | None = None


class Asks(Protocol):
    """A client that waits."""

    def ask(self, call: Call[T]) -> T:
        """The answer to a call."""


class AsksAsync(Protocol):
    """One that is awaited."""

    async def ask(self, call: Call[T]) -> T:
        """The answer to a call."""


def waits(call: Callable[P, Call[T]]) -> Callable[Concatenate[Asks, P], T]:
    """A call as a method of a client that waits."""

    @wraps(call)
    def method(self: Asks, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.ask(call(*args, **kwargs))

    _tell_signature(method, call)
    return method


def awaits(call: Callable[P, Call[T]]) -> Callable[Concatenate[AsksAsync, P], Awaitable[T]]:
    """A call as a method of one that is awaited."""

    @wraps(call)
    async def method(self: AsksAsync, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.ask(call(*args, **kwargs))

    _tell_signature(method, call)
    return method


def _tell_signature(method: Callable[..., Any], call: Callable[..., Any]) -> None:
    """Let ``help`` show what a method takes and answers: all arguments of the call, after ``self``."""
    told = signature(call)
    parameters = [Parameter("self", Parameter.POSITIONAL_ONLY), *told.parameters.values()]
    (answer,) = get_args(told.return_annotation)
    vars(method)["__signature__"] = told.replace(parameters=parameters, return_annotation=answer)


def document(response: httpx.Response) -> Any:
    """An answer that is JSON."""
    return json_of(response, response.content)


def content(response: httpx.Response) -> bytes:
    """An answer that is a file."""
    return response.content


def nothing(_: httpx.Response) -> None:
    """An answer that says nothing."""
