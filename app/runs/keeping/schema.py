"""The tables of the database of runs, and how those of an older version become these."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing

from optiscope.engine.core.words import say
from optiscope.runs.keeping.errors import StorageUnavailableError

APPLICATION = 0x4F505453
"""``PRAGMA application_id``: this file is Optiscope's."""

VERSION = 4
"""``PRAGMA user_version``: the schema below."""

SWEEPS = """
CREATE TABLE sweeps (
    serial      INTEGER PRIMARY KEY AUTOINCREMENT, -- order of creation; never used again
    id          TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    config      TEXT NOT NULL,              -- SweepConfig as JSON
    about       TEXT NOT NULL,              -- what a search looks through, in lower case
    shape       TEXT NOT NULL,              -- of its members, as JSON
    ways        TEXT NOT NULL,              -- as JSON: how they are trained
    state       TEXT NOT NULL CHECK (state IN ('running', 'paused', 'ended')),
    detail      TEXT NOT NULL,              -- why it is in this state, in one sentence
    created     REAL NOT NULL,              -- seconds since 1970, UTC
    updated     REAL NOT NULL,
    pinned      INTEGER NOT NULL DEFAULT 0,
    members     INTEGER NOT NULL,
    done        INTEGER NOT NULL DEFAULT 0, -- members whose cells are kept
    parts       INTEGER NOT NULL DEFAULT 0, -- what the next part of cells is called
    bytes       INTEGER NOT NULL DEFAULT 0, -- of cells
    summary     TEXT,                       -- as JSON, once all of them are done
    seal        INTEGER NOT NULL            -- optiscope.runs.keeping.seals
) STRICT;
CREATE INDEX sweeps_by_quota ON sweeps (state, pinned, bytes);

CREATE TABLE cells (
    sweep       INTEGER NOT NULL,           -- serial
    part        INTEGER NOT NULL,           -- in the order in which they came
    first       INTEGER NOT NULL,           -- position in the plan
    last        INTEGER NOT NULL,           -- the one behind the last
    data        BLOB NOT NULL,              -- optiscope.runs.keeping.sweeps.codec
    seal        INTEGER NOT NULL,
    PRIMARY KEY (sweep, part)
) STRICT;
"""

TABLES = f"""
CREATE TABLE runs (
    serial      INTEGER PRIMARY KEY AUTOINCREMENT, -- order of creation; never used again
    id          TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    config      TEXT,                       -- RunConfig as JSON, complete; NULL for a run that is not ours
    steps       INTEGER,                    -- of the config
    source      TEXT,                       -- as JSON: where a run comes from that is not ours
    about       TEXT NOT NULL,              -- what a search looks through, in lower case
    state       TEXT NOT NULL CHECK (state IN ('running', 'paused', 'ended', 'damaged')),
    detail      TEXT NOT NULL,              -- why it is in this state, in one sentence
    reason      TEXT,                       -- of its end
    version     INTEGER NOT NULL DEFAULT 1, -- changes that people made
    created     REAL NOT NULL,              -- seconds since 1970, UTC
    updated     REAL NOT NULL,
    pinned      INTEGER NOT NULL DEFAULT 0,
    first       INTEGER NOT NULL,           -- step of the first record
    step        INTEGER NOT NULL,           -- step of the last record
    bytes       INTEGER NOT NULL DEFAULT 0, -- of blocks and checkpoints
    result      TEXT,                       -- losses as JSON
    origin      TEXT,                       -- as JSON: the run, step and changes that it was forked from
    config_seal INTEGER,                    -- optiscope.runs.keeping.seals; NULL in rows of older versions
    seal        INTEGER,
    CHECK ((config IS NULL) = (steps IS NULL) AND (config IS NULL) <> (source IS NULL))
) STRICT;
CREATE INDEX runs_by_quota ON runs (state, pinned, bytes); -- all that totals need, without the rows

CREATE TABLE blocks (
    run         INTEGER NOT NULL,           -- serial
    first       INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    data        BLOB NOT NULL,              -- optiscope.runs.keeping.codec
    seal        INTEGER,
    PRIMARY KEY (run, last)
) STRICT;

CREATE TABLE checkpoints (
    run         INTEGER NOT NULL,           -- serial
    step        INTEGER NOT NULL,
    data        BLOB NOT NULL,              -- Checkpoint.to_bytes
    seal        INTEGER,
    PRIMARY KEY (run, step)
) STRICT;

CREATE TABLE deleted (
    run         INTEGER PRIMARY KEY         -- serial; its blocks and checkpoints are to be cleared away
) STRICT;

CREATE TABLE pruned (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    at          REAL NOT NULL,
    detail      TEXT NOT NULL
) STRICT;
{SWEEPS}"""

MIGRATIONS: Mapping[int, str] = {
    1: """
DROP INDEX runs_by_state;
CREATE INDEX runs_by_quota ON runs (state, pinned, bytes);
CREATE TABLE deleted (run INTEGER PRIMARY KEY) STRICT;
INSERT INTO deleted
    SELECT run FROM (SELECT run FROM blocks UNION SELECT run FROM checkpoints)
    WHERE run NOT IN (SELECT serial FROM runs);
""",
    2: """
ALTER TABLE runs RENAME TO older_runs;
DROP INDEX runs_by_quota;
CREATE TABLE runs (
    serial      INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    config      TEXT,
    steps       INTEGER,
    source      TEXT,
    about       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('running', 'paused', 'ended', 'damaged')),
    detail      TEXT NOT NULL,
    reason      TEXT,
    version     INTEGER NOT NULL DEFAULT 1,
    created     REAL NOT NULL,
    updated     REAL NOT NULL,
    pinned      INTEGER NOT NULL DEFAULT 0,
    first       INTEGER NOT NULL,
    step        INTEGER NOT NULL,
    bytes       INTEGER NOT NULL DEFAULT 0,
    result      TEXT,
    origin      TEXT,
    config_seal INTEGER,
    seal        INTEGER,
    CHECK ((config IS NULL) = (steps IS NULL) AND (config IS NULL) <> (source IS NULL))
) STRICT;
CREATE INDEX runs_by_quota ON runs (state, pinned, bytes);
INSERT INTO runs (serial, id, name, config, steps, about, state, detail, reason, version, created, updated,
        pinned, first, step, bytes, result, origin)
    SELECT serial, id, name, config, steps, about, state, detail, reason, version, created, updated, pinned,
        first, step, bytes, result, origin FROM older_runs;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'older_runs')
    WHERE name = 'runs';
INSERT INTO sqlite_sequence SELECT 'runs', seq FROM sqlite_sequence
    WHERE name = 'older_runs' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'runs');
DROP TABLE older_runs;
ALTER TABLE blocks ADD COLUMN seal INTEGER;
ALTER TABLE checkpoints ADD COLUMN seal INTEGER;
""",
    3: """
CREATE TABLE sweeps (
    serial      INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    config      TEXT NOT NULL,
    about       TEXT NOT NULL,
    shape       TEXT NOT NULL,
    ways        TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('running', 'paused', 'ended')),
    detail      TEXT NOT NULL,
    created     REAL NOT NULL,
    updated     REAL NOT NULL,
    pinned      INTEGER NOT NULL DEFAULT 0,
    members     INTEGER NOT NULL,
    done        INTEGER NOT NULL DEFAULT 0,
    parts       INTEGER NOT NULL DEFAULT 0,
    bytes       INTEGER NOT NULL DEFAULT 0,
    summary     TEXT,
    seal        INTEGER NOT NULL
) STRICT;
CREATE INDEX sweeps_by_quota ON sweeps (state, pinned, bytes);

CREATE TABLE cells (
    sweep       INTEGER NOT NULL,
    part        INTEGER NOT NULL,
    first       INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    data        BLOB NOT NULL,
    seal        INTEGER NOT NULL,
    PRIMARY KEY (sweep, part)
) STRICT;
""",
}
"""What makes the next version out of each older one."""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables in a new file, or see that a file holds these; those of an older version are changed.

    Raises:
        StorageUnavailableError: If the file is another program's, or of a newer Optiscope.
        sqlite3.Error: If it cannot be read or written.
    """
    is_new = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if not is_new:
        require_ours(connection)
    version = _pragma(connection, "user_version")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    if is_new:
        _change(connection, f"{TABLES} PRAGMA application_id = {APPLICATION};", VERSION)
    else:
        for older in range(version, VERSION):
            _change(connection, MIGRATIONS[older], older + 1)
        require_columns(connection)


def require_ours(connection: sqlite3.Connection) -> None:
    """Refuse a file that is not a database of Optiscope's, up to this version.

    Raises:
        StorageUnavailableError: If it is another program's, or of a newer Optiscope.
    """
    if _pragma(connection, "application_id") != APPLICATION:
        raise StorageUnavailableError(say("database_foreign"))
    version = _pragma(connection, "user_version")
    if version > VERSION:
        raise StorageUnavailableError(say("database_newer", schema=version, known=VERSION))


def require_columns(connection: sqlite3.Connection) -> None:
    """Refuse a file of this version that tells of other columns: what it says of its tables is damaged.

    Raises:
        StorageUnavailableError: If it does.
    """
    with closing(sqlite3.connect(":memory:")) as whole:
        whole.executescript(TABLES)
        if _columns(connection) != _columns(whole):
            raise StorageUnavailableError(say("database_damaged"))


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    query = (
        "SELECT s.name, c.name FROM sqlite_schema AS s, pragma_table_info(s.name) AS c "
        "WHERE s.type = 'table' AND s.name NOT GLOB 'sqlite_*'"
    )
    return {(table, column) for table, column in connection.execute(query)}


def _change(connection: sqlite3.Connection, script: str, version: int) -> None:
    """All of a script or nothing: a crash in between leaves the file as it was."""
    connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {version}; COMMIT;")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
