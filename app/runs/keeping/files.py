"""What a worker is asked to make of recorded runs: a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import Parts
from optiscope.engine.lens.held_out import with_held_out_loss
from optiscope.engine.loop.checkpoint import Ended
from optiscope.export.about import About, Recorded
from optiscope.export.files import SUFFIXES, WRITERS, Format
from optiscope.export.json_lines import spelled
from optiscope.records import Block
from optiscope.runs.keeping.codec import decode_blocks


@dataclass(frozen=True, slots=True)
class ToldRun:
    """A run on its way to a worker.

    Attributes:
        about: What a file says of it.
        pieces: Its records as bytes.
        held_out: Whether their loss on held-out samples is to be a column.
    """

    about: About
    pieces: Sequence[bytes]
    held_out: bool = False


def told_end(ended: Ended | None) -> dict[str, Any] | None:
    """The end of a run as a file says it."""
    if ended is None:
        return None
    said = {"reason": str(ended.reason), "step": ended.step, "detail": ended.detail}
    return said | {"end_loss": spelled(ended.end_loss)}


def file_of(runs: Sequence[ToldRun], kind: Format) -> Parts[bytes]:
    """One run as a file; several as a zip of their files.

    Raises:
        ExportError: If what writes such files is not installed.
    """
    with TemporaryDirectory() as folder:
        paths = []
        for number, run in enumerate(runs):
            path = Path(folder) / (_stem(run.about.name, number, len(runs)) + SUFFIXES[kind])
            WRITERS[path.suffix]((yield from _recorded(run)), path)
            paths.append(path)
            yield
        if len(paths) == 1:
            return paths[0].read_bytes()
        together = Path(folder) / "together"
        with ZipFile(together, "w", ZIP_DEFLATED) as archive:
            for path in paths:
                _put(archive, path)
                yield
        return together.read_bytes()


def _put(archive: ZipFile, path: Path) -> None:
    """A file, or what is in one that is itself a zip."""
    if path.suffix != ".zip":
        archive.write(path, path.name)
        return
    with ZipFile(path) as inner:
        for name in inner.namelist():
            archive.writestr(f"runs/{name}", inner.read(name))


def _stem(name: str, number: int, count: int) -> str:
    """A name that any disk takes."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:80] or "run"
    return plain if count == 1 else f"{number}-{plain}"


def _recorded(run: ToldRun) -> Parts[Recorded]:
    blocks = [block for piece in run.pieces for block in decode_blocks(piece)]
    if run.held_out and blocks and run.about.config is not None:
        blocks = yield from with_held_out_loss(RunConfig.model_validate(run.about.config), blocks)
    return Recorded(run.about, [Block(b.first, len(b), b.columns(), b.every) for b in blocks])
