-- When each entry of the timetable last fired. All times are milliseconds since 1970.
CREATE TABLE entries (
  name  TEXT PRIMARY KEY,
  fired INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may do the work that bears the name. A free lease has no holder. The fence grows
-- with every taking.
CREATE TABLE leases (
  name   TEXT PRIMARY KEY,
  host   TEXT NOT NULL,
  holder TEXT NOT NULL,
  until  INTEGER NOT NULL,
  fence  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is to be done, is being done and was done. No number is given twice.
CREATE TABLE runs (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  entry    TEXT NOT NULL, -- empty: requested
  kind     TEXT NOT NULL,
  args     TEXT NOT NULL, -- JSON object
  due      INTEGER NOT NULL,
  missed   INTEGER NOT NULL,
  ready    INTEGER NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('queued', 'waiting', 'running', 'done', 'failed')),
  attempt  INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  died     INTEGER NOT NULL DEFAULT 0,
  ended    INTEGER NOT NULL DEFAULT 0,
  lease    TEXT NOT NULL DEFAULT '',
  fence    INTEGER NOT NULL DEFAULT 0,
  host     TEXT NOT NULL DEFAULT '',
  holder   TEXT NOT NULL DEFAULT '',
  started  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX runs_open ON runs (id) WHERE state IN ('queued', 'waiting', 'running');

-- Two attempts under one lease never go on at the same time.
CREATE UNIQUE INDEX runs_alone ON runs (lease) WHERE state = 'running';

-- The journal: one line an attempt, and notices of the timetable itself.
CREATE TABLE attempts (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  run     INTEGER NOT NULL, -- 0: a notice
  entry   TEXT NOT NULL,
  kind    TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  due     INTEGER NOT NULL,
  missed  INTEGER NOT NULL,
  started INTEGER NOT NULL,
  ended   INTEGER NOT NULL,
  outcome TEXT NOT NULL, -- empty: it is going on
  final   INTEGER NOT NULL,
  text    TEXT NOT NULL,
  hint    TEXT NOT NULL,
  counts  TEXT NOT NULL
) STRICT;

CREATE INDEX attempts_run ON attempts (run);
CREATE INDEX attempts_entry ON attempts (entry, id);

CREATE TABLE requests (
  n       INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they came
  id      TEXT NOT NULL UNIQUE,
  kind    TEXT NOT NULL,
  scope   TEXT NOT NULL,
  by      TEXT NOT NULL,
  at      INTEGER NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  run     INTEGER NOT NULL DEFAULT 0,
  release INTEGER NOT NULL DEFAULT 0,
  reason  TEXT NOT NULL DEFAULT '',
  ended   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX requests_open ON requests (kind, state) WHERE state IN ('queued', 'running');
CREATE INDEX requests_run ON requests (run);
