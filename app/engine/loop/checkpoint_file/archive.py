"""The archive of a file and the tree in it, looked at before anything is built."""

import io
import zipfile
from typing import Any

import torch

from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint_file.instructions import check_instructions
from optiscope.engine.loop.checkpoint_file.misfits import CheckpointFileError

_MAX_ENTRIES = 4096
_PICKLE = "data.pkl"


def loaded(data: bytes, limits: Limits) -> Any:
    """The tree in a file.

    Raises:
        CheckpointFileError: If the archive is damaged, compressed or too large, or is not one of tensors and
            plain values alone.
    """
    archive = repacked(data, limits.max_upload_bytes)
    return torch.load(io.BytesIO(archive), map_location="cpu", weights_only=True)


def repacked(data: bytes, bound: int) -> bytes:
    """The archive written anew: entries stored, each once, each with the checksum that it came with.

    ``torch.load`` reads archives with another library, does not check their sums, and unpacks what is
    compressed to any size; after this there is nothing left to disagree about.

    Raises:
        CheckpointFileError: If the archive is damaged, compressed or too large, or its pickle holds what no
            checkpoint does.
    """
    if len(data) > bound:
        raise CheckpointFileError(say("file_too_large", bound=bound, value=len(data)))
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w") as copy:
            entries = archive.infolist()
            _check_entries(entries, bound)
            _check_pickle(archive, entries)
            for entry in entries:
                copy.writestr(zipfile.ZipInfo(entry.filename), archive.read(entry))
    except CheckpointFileError:
        raise
    except Exception as error:
        raise CheckpointFileError(say("file_no_archive", why=str(error))) from error
    return buffer.getvalue()


def _check_entries(entries: list[zipfile.ZipInfo], bound: int) -> None:
    if len(entries) > _MAX_ENTRIES:
        raise CheckpointFileError(say("file_of_many_entries", bound=_MAX_ENTRIES, value=len(entries)))
    if len({entry.filename for entry in entries}) < len(entries):
        raise CheckpointFileError(say("file_entries_twice"))
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise CheckpointFileError(say("file_compressed"))
    total = sum(entry.file_size for entry in entries)
    if total > bound:
        raise CheckpointFileError(say("file_holds_too_much", bound=bound, value=total))


def _check_pickle(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse a pickle that asks for more than the numbers in the archive."""
    pickles = [entry for entry in entries if entry.filename.endswith(f"/{_PICKLE}")]
    if len(pickles) != 1:
        raise CheckpointFileError(say("file_pickles", name=_PICKLE, value=len(pickles)))
    folder = pickles[0].filename.removesuffix(_PICKLE) + "data/"
    sizes = {
        entry.filename.removeprefix(folder): entry.file_size
        for entry in entries
        if entry.filename.startswith(folder)
    }
    check_instructions(archive.read(pickles[0]), sizes)
