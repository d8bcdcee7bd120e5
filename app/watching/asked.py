"""What is asked of a watch, looked at before anything starts."""

import math
import os
import re
from collections.abc import Iterable
from numbers import Integral
from typing import Any
from urllib.parse import urlsplit

_ADDRESS = "http://127.0.0.1:8000"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"[\w.-]{2,}:\d{2,5}/?")
"""What is meant as an address, and would be the name of a file."""


def is_address(to: str | os.PathLike[str]) -> bool:
    """Whether a place is that of a server.

    Raises:
        TypeError: If it is no place.
        ValueError: If it is neither the name of a file nor the address of a server.
    """
    if not isinstance(to, str | os.PathLike):
        raise TypeError(f"to must be a file, or an address such as {_ADDRESS}, got {to!r}")
    if isinstance(to, os.PathLike):
        return False
    if _HOST_AND_PORT.fullmatch(to):
        raise ValueError(f'to must begin with http:// if it is an address: to="http://{to}"')
    if to and not _SCHEME.match(to):
        return False
    if not _is_of_a_server(to):
        raise ValueError(f"to must be a file, or an address such as {_ADDRESS}, got {to!r}")
    return True


def _is_of_a_server(to: str) -> bool:
    try:
        found = urlsplit(to)
        return found.scheme in {"http", "https"} and bool(found.hostname) and found.port != 0
    except ValueError:  # a port that is no number, or none that there is
        return False


def whole(name: str, value: Any, least: int, most: float = math.inf) -> int:
    """A whole number within bounds.

    Raises:
        ValueError: If it is no such number.
    """
    number = None if isinstance(value, bool) or not isinstance(value, Integral) else int(value)
    if number is None or not least <= number <= most:
        bounds = f"from {least} to {most}" if most < math.inf else f"of at least {least}"
        raise ValueError(f"{name} must be a whole number {bounds}, got {value!r}")
    return number


def steps(name: str, value: Any) -> frozenset[int]:
    """Steps, each from 0.

    Raises:
        TypeError: If they are not several.
        ValueError: If one is no step.
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be steps, such as [0, 100], got {value!r}")
    return frozenset(whole(f"a step of {name}", step, 0) for step in value)


def names(name: str, value: Any) -> None:
    """Nothing, if something is several names.

    Raises:
        TypeError: If it is one, or something else.
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f'{name} must be names, such as ["fc.weight"], got {value!r}')


def text(name: str, value: Any) -> None:
    """Nothing, if something is a text.

    Raises:
        TypeError: If it is something else.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, got {value!r}")


def one_of(name: str, value: Any, those: Iterable[str]) -> None:
    """Nothing, if a word is one of those.

    Raises:
        ValueError: If it is not.
    """
    if value not in those:
        raise ValueError(f"{name} must be {' or '.join(map(repr, those))}, got {value!r}")
