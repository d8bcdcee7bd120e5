"""What can go wrong with kept runs, as a tree. Each says one plain sentence, as data.

KeptRunError
├── UnknownRunError             there is no such run, or no longer
├── UnknownSweepError           there is no such sweep, or no longer
├── ConflictError               the run is not in the state, or not in the version, that the command is for
│   └── NoCheckpointError           no checkpoint is whole that it could go on from
├── BusyError                   as many runs are being trained as may be
└── StorageError
    ├── StorageFullError            no space is left; nothing was lost, and it goes on once there is some
    └── StorageUnavailableError     the database cannot be used: damaged, newer, read-only, in use elsewhere
        ├── StorageLockedError          another program holds it; it goes on once that lets go
        └── DamagedError                what is stored is not what was written
"""

from optiscope.engine.core.errors import SaidError
from optiscope.engine.core.words import say


class KeptRunError(SaidError):
    """The root of the errors of kept runs."""


class UnknownRunError(KeptRunError, LookupError):
    """There is no such run, or no longer."""

    def __init__(self, id_: str) -> None:
        super().__init__(say("unknown_run", id=id_[:40]))
        self.id = id_

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return UnknownRunError, (self.id,)


class UnknownSweepError(KeptRunError, LookupError):
    """There is no such sweep, or no longer."""

    def __init__(self, id_: str) -> None:
        super().__init__(say("unknown_sweep", id=id_[:40]))
        self.id = id_

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return UnknownSweepError, (self.id,)


class ConflictError(KeptRunError):
    """The run is not in the state, or not in the version, that the command is for."""


class BusyError(KeptRunError):
    """As many runs are being trained as may be."""


class NoCheckpointError(ConflictError):
    """No checkpoint is whole that the run could go on from."""


class StorageError(KeptRunError):
    """The database did not do what was asked."""


class StorageFullError(StorageError):
    """No space is left; nothing was lost, and it goes on once there is some."""


class StorageUnavailableError(StorageError):
    """The database cannot be used: damaged, newer, read-only, or in use elsewhere."""


class StorageLockedError(StorageUnavailableError):
    """Another program holds the database; it goes on once that lets go."""


class DamagedError(StorageUnavailableError):
    """What is stored is not what was written."""
