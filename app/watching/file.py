"""A run in a file, ``*.optiscope``: its events as lines, readable up to the last whole one at any moment."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended
from optiscope.watching.events import MOST_LINE_BYTES, Beginning, event_of, line_of
from optiscope.watching.thinning import PAST, strides, thinned

MOST_BYTES = 2**25
"""The size that a file is kept to, by thinning what is long past."""

_GROUP_BYTES = 2**21
"""So much of the past is thinned together."""

_BEGINS = b'{"event":'
"""So begins every recording."""

_RECENT = 0.25
"""The part of a full file that keeps every record."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds that is gone on with: where its last whole block ends, and the step of that."""

    beginning: Beginning
    end: int
    step: int


class RunFile:
    """Writes a run into a file.

    Args:
        path: The file; what is there is replaced, unless it was found and is gone on with.
        beginning: How the run begins.
        found: What is gone on with.
        most_bytes: The size that it is kept to.

    Raises:
        FileExistsError: If something is there that is no recording.
        ValueError: If what was found is a run of another model.
    """

    trouble: Said | None = None

    def __init__(
        self, path: Path, beginning: Beginning, found: Found | None, most_bytes: int = MOST_BYTES
    ) -> None:
        _require_own(path, beginning, found)
        self._path = path
        self._most_bytes = most_bytes
        self._stride = 1
        self._last = -1 if found is None else found.step
        self._file: BinaryIO = path.open("wb" if found is None else "r+b")
        if found is None:
            self._put([line_of(beginning)])
        else:
            self._file.truncate(found.end)
            self._file.seek(found.end)

    def write(self, blocks: Sequence[Block]) -> None:
        """Write blocks; records that are there already are left out."""
        new = [part for block in blocks if len(part := block.since(self._last + 1))]
        if not new:
            return
        self._last = new[-1].steps[-1]
        self._put(map(line_of, new))
        if self._file.tell() > self._most_bytes:
            self._thin()

    def tick(self) -> None:
        """Nothing is late."""

    def end(self, ended: Ended) -> None:
        """Write the end, and close the file."""
        self._put([line_of(ended)])
        self._file.close()

    def _put(self, lines: Iterable[bytes]) -> None:
        self._file.writelines(lines)
        self._file.flush()

    def _thin(self) -> None:
        """Write the file anew, with fewer records of the past, and put that in its place."""
        part = self._path.with_name(f"{self._path.name}.part")
        recent = _recent_bytes(self._path, self._file.tell())
        for stride in strides(self._stride, lambda: self._file.tell() - recent <= PAST * self._most_bytes):
            self._stride, past = stride, self._file.tell() - recent
            with part.open("wb") as file:
                file.writelines(_thinned_lines(self._path, stride, past))
            self._file.close()
            part.replace(self._path)
            self._file = self._path.open("ab")


def _require_own(path: Path, beginning: Beginning, found: Found | None) -> None:
    """Nothing that somebody else has written is replaced, and no run is mixed with one of another model."""
    if found is not None and _model(found.beginning) != _model(beginning):
        raise ValueError(
            f"{path} holds a run of another model: choose another file, or resume=False to replace it"
        )
    if found is None and path.is_file():
        with path.open("rb") as file:
            begun = file.read(len(_BEGINS))
        if not _BEGINS.startswith(begun):
            raise FileExistsError(f"{path} is there and is no recording: choose another file")


def _model(beginning: Beginning) -> tuple[set[str], int]:
    """What tells models apart: the names of their parameters, and how many numbers these hold."""
    layers = beginning.layers
    return {name for layer in layers for name in layer["parameters"]}, sum(layer["numel"] for layer in layers)


def _recent_bytes(path: Path, size: int) -> int:
    """The bytes of the last lines of a file, among them the one that its recent part begins in."""
    at = 0
    for line in lines_of(path):
        if at + len(line) > (1 - _RECENT) * size:
            break
        at += len(line)
    return size - at


def _thinned_lines(path: Path, stride: int, past: int) -> Iterator[bytes]:
    """The lines of a file, with the blocks of its first bytes thinned; the last line is behind these."""
    group: list[Block] = []
    nbytes = at = 0
    for number, line in enumerate(lines_of(path), 1):
        at += len(line)
        event = event_of(line, number) if at <= past else None
        if isinstance(event, Block):
            group.append(event)
            nbytes += event.nbytes()
        else:
            yield from map(line_of, thinned(group, stride))
            group, nbytes = [], 0
            yield line
        if nbytes > _GROUP_BYTES:
            yield from map(line_of, thinned(group, stride))
            group, nbytes = [], 0


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file that are whole."""
    with path.open("rb") as file:
        while (line := file.readline(MOST_LINE_BYTES + 2)).endswith(b"\n"):
            yield line


def recording_in(path: Path) -> tuple[Beginning, list[Block], Ended | None]:
    """How the run of a file begins, its records, and its end if it has come to one.

    Raises:
        ConfigError: If it is no recording.
    """
    lines = lines_of(path)
    first = next(lines, b"")
    beginning = event_of(first, 1) if first.startswith(b"{") else None
    if not isinstance(beginning, Beginning):
        raise ConfigError.at("/lines/1", say("no_recording"))
    found = [event_of(line, number) for number, line in enumerate(lines, 2)]
    ended = next((event for event in found if isinstance(event, Ended)), None)
    return beginning, [event for event in found if isinstance(event, Block)], ended


def found_in(path: Path) -> Found | None:
    """What a file holds that can be gone on with; None if it is no file of ours.

    What is behind its last whole block, and its end, are left out.
    """
    lines = lines_of(path) if path.is_file() else iter(())
    try:
        first = next(lines, b"")
        beginning = event_of(first, 1)
        if not isinstance(beginning, Beginning):
            return None
        end, step = len(first), -1
        for number, line in enumerate(lines, 2):
            event = event_of(line, number)
            if not isinstance(event, Block):
                break
            end, step = end + len(line), event.steps[-1]
    except ConfigError:
        return None
    return Found(beginning, end, step)
