"""Space that is set aside, so that runs can still be deleted when the disk is full."""

from contextlib import suppress
from pathlib import Path

from optiscope.runs.keeping.opening import OWNER_ONLY

RESERVE_BYTES = 2**22
"""What a checkpoint of SQLite's log and the deletion of a run may need before they give space back."""


class Reserve:
    """A file that is given up when there is no other space, and made again once there is."""

    def __init__(self, path: Path, nbytes: int = RESERVE_BYTES) -> None:
        self._path = path
        self._nbytes = nbytes

    def fill(self) -> None:
        """Set the space aside, if it is not and there is some."""
        if self._path.exists():
            return
        try:
            self._path.touch(OWNER_ONLY)
            self._path.write_bytes(bytes(self._nbytes))
        except OSError:
            self.give_up()

    def give_up(self) -> None:
        """Let others have it."""
        with suppress(OSError):
            self._path.unlink()
