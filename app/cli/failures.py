"""How a command ends that cannot do what it was asked: in words, with 2 for a refused config, else with 1."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

FAILED = 1
REFUSED = 2


def give_up(reason: str, status: int = FAILED) -> NoReturn:
    """Say why on the error stream, and end."""
    typer.echo(reason, err=True)
    raise typer.Exit(status)


@contextmanager
def told_by_field() -> Iterator[None]:
    """A config that is refused is told as ``pointer: detail``, a line for each wrong field."""
    from optiscope.engine.core.errors import ConfigError

    try:
        yield
    except ConfigError as error:
        give_up("\n".join(f"{found.pointer or '/'}: {found.detail}" for found in error.problems), REFUSED)


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """What cannot be done is told as it says itself."""
    from optiscope.engine.core.errors import SaidError

    try:
        yield
    except SaidError as error:
        give_up(str(error))


@contextmanager
def told_by_file(path: Path, doing: str = "write") -> Iterator[None]:
    """A file that cannot be written, or read, is told in a sentence."""
    try:
        yield
    except OSError as error:
        give_up(f"cannot {doing} {path}: {error.strerror or error}")


@contextmanager
def until_closed() -> Iterator[None]:
    """End in peace when whoever reads standard output has seen enough, as ``head`` has."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def text_of(path: Path) -> bytes:
    """What is in a file; ``-`` is standard input."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        give_up(f"cannot read {path}: {error.strerror or error}")
