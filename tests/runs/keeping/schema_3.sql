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
