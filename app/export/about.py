"""What a file says of its run besides the records, and reading that back."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from optiscope import __version__
from optiscope.export.choosing import KEY, ExportError, optional
from optiscope.export.event_parts import text_in
from optiscope.export.table import Table
from optiscope.records import Block

_PARTS = ("name", "id", "config", "source", "ended")

_MOST_HEAD_BYTES = 100_000_000
"""The most that safetensors itself reads of one."""


@dataclass(frozen=True, slots=True)
class About:
    """A run without its records.

    Attributes:
        name: What a person calls it.
        config: As JSON; None of a run that is not ours.
        ended: ``reason``, ``step``, ``detail`` and ``end_loss``; None of a run that may go on.
        id: Of a kept run.
        source: Where a run comes from that is not ours.
    """

    name: str
    config: Mapping[str, Any] | None
    ended: Mapping[str, Any] | None
    id: str | None = None
    source: Mapping[str, Any] | None = None

    def text(self) -> str:
        """All of it as JSON, with the versions that wrote it."""
        told = {part: getattr(self, part) for part in _PARTS} | {"versions": versions()}
        return json.dumps(told, ensure_ascii=False)


@dataclass(frozen=True)
class Recorded:
    """A run as far as it was recorded."""

    about: About
    blocks: Sequence[Block] = field(repr=False)

    @cached_property
    def table(self) -> Table:
        """Its records as columns."""
        return Table.of(self.blocks)


def versions() -> dict[str, str]:
    """Those that the numbers of a run depend on."""
    return {"optiscope": __version__} | {name: metadata.version(name) for name in ("numpy", "torch")}


def about_of(path: Path) -> dict[str, Any]:
    """What a file says of its run: its name, config, end and versions.

    Raises:
        ExportError: If it says nothing, or is no such file.
    """
    with refused_as(f"{path.name} does not say what run it holds"):
        told = json.loads(_READERS[path.suffix](path))
        return {part: told[part] for part in (*_PARTS, "versions")}


@contextmanager
def refused_as(said: str) -> Iterator[None]:
    """Whatever libraries raise of a file that is none of ours, or damaged, is told so."""
    try:
        yield
    except ExportError:
        raise
    except Exception as error:
        raise ExportError(said) from error


def _of_npz(path: Path) -> str:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return str(arrays[KEY])


def _of_safetensors(path: Path) -> str:
    with path.open("rb") as file:
        head = json.loads(file.read(min(int.from_bytes(file.read(8), "little"), _MOST_HEAD_BYTES)))
    return str(head["__metadata__"][KEY])


def _of_parquet(path: Path) -> str:
    schema = optional("pyarrow.parquet").read_schema(path)
    return str((schema.metadata or {})[KEY.encode()], "utf-8")


def _of_csv(path: Path) -> str:
    csv.field_size_limit(_MOST_HEAD_BYTES)
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.DictReader(file))[KEY]


def _of_tensorboard(path: Path) -> str:
    with ZipFile(path) as archive:
        return text_in(archive.read(archive.namelist()[0]))


def _of_jsonl(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        told, *others = map(json.loads, file)
    ended = others[-1] if others and others[-1]["event"] == "run_ended" else None
    return json.dumps(
        {
            "name": told.get("name"),
            "id": told.get("id"),
            "config": told["config"],
            "source": told.get("source"),
            "ended": ended and {part: ended[part] for part in ("reason", "step", "detail", "end_loss")},
            "versions": told.get("versions", {"torch": told["torch"]}),
        }
    )


_READERS = {
    ".csv": _of_csv,
    ".zip": _of_tensorboard,
    ".npz": _of_npz,
    ".safetensors": _of_safetensors,
    ".parquet": _of_parquet,
    ".jsonl": _of_jsonl,
}
