CREATE TABLE meta (
  k TEXT PRIMARY KEY,
  v INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('journal', 0);

-- Chain of hashes over every change that readers can see, in one row.
CREATE TABLE state (
  hash BLOB NOT NULL
) STRICT;
INSERT INTO state VALUES (zeroblob(32));

-- The policies of the gate that any case was ever cleared by.
CREATE TABLE policies (
  id   INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE batches (
  id        INTEGER PRIMARY KEY,
  digest    BLOB NOT NULL UNIQUE,
  name      TEXT NOT NULL,
  asof      INTEGER NOT NULL, -- record.Day
  stored_at INTEGER NOT NULL  -- Unix seconds
) STRICT;
CREATE INDEX batches_asof ON batches(asof);

-- The last running number given in a month; month is yymm, as in a number.
CREATE TABLE counters (
  month INTEGER PRIMARY KEY,
  last  INTEGER NOT NULL
) STRICT;

-- id is yymm * 1,000,000,000 + running number, so that numbers sort as rows.
CREATE TABLE cases (
  id      INTEGER PRIMARY KEY,
  mac     BLOB NOT NULL UNIQUE,       -- keyed hash of the source key
  changes INTEGER NOT NULL DEFAULT 0, -- events after the first, and the latest
  changed INTEGER NOT NULL DEFAULT 0, -- record.Day of one of them
  policy  INTEGER NOT NULL REFERENCES policies(id),
  fact    BLOB NOT NULL               -- see codec.go
) STRICT;

-- Question and reply of the cases that are published in full.
CREATE TABLE texts (
  id   INTEGER PRIMARY KEY REFERENCES cases(id),
  body BLOB NOT NULL
) STRICT;

-- What was published of a case before its n-th event.
CREATE TABLE versions (
  id     INTEGER NOT NULL REFERENCES cases(id),
  n      INTEGER NOT NULL,
  reason TEXT NOT NULL,
  policy INTEGER NOT NULL REFERENCES policies(id),
  fact   BLOB NOT NULL,
  body   BLOB,
  PRIMARY KEY (id, n)
) STRICT;

CREATE TABLE events (
  id     INTEGER NOT NULL REFERENCES cases(id),
  n      INTEGER NOT NULL, -- from 0
  kind   TEXT NOT NULL,
  day    INTEGER NOT NULL,
  reason TEXT NOT NULL,
  target INTEGER NOT NULL, -- case that it was merged into, or 0
  batch  INTEGER NOT NULL,
  PRIMARY KEY (id, n)
) STRICT, WITHOUT ROWID;

-- The cases that a case repeats or was merged into. target is 0 until the other
-- case is in the store.
CREATE TABLE links (
  id     INTEGER NOT NULL REFERENCES cases(id),
  what   TEXT NOT NULL, -- repeat or merged
  mac    BLOB NOT NULL,
  target INTEGER NOT NULL,
  PRIMARY KEY (id, what)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_open ON links(mac) WHERE target = 0;

CREATE TABLE tombstones (
  id     INTEGER PRIMARY KEY REFERENCES cases(id),
  unit   TEXT NOT NULL,
  reason TEXT NOT NULL,
  day    INTEGER NOT NULL
) STRICT;

-- Withdrawn upstream before they ever had a number: they never get one.
CREATE TABLE denied (
  mac    BLOB PRIMARY KEY,
  reason TEXT NOT NULL,
  day    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE registers (
  kind    TEXT NOT NULL, -- unit, area, topic, channel or assessment
  id      TEXT NOT NULL,
  derived INTEGER NOT NULL,
  asof    INTEGER NOT NULL,
  entry   TEXT NOT NULL, -- JSON
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE figures (
  release INTEGER NOT NULL,
  measure TEXT NOT NULL,
  version INTEGER NOT NULL,
  dim     TEXT NOT NULL,
  scope   TEXT NOT NULL,
  period  TEXT NOT NULL,
  cutoff  INTEGER NOT NULL,
  num     INTEGER NOT NULL,
  den     INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  PRIMARY KEY (release, measure, version, dim, scope, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE publishes (
  release INTEGER PRIMARY KEY,
  entry   TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE cursors (
  source TEXT PRIMARY KEY,
  cursor BLOB NOT NULL
) STRICT, WITHOUT ROWID;
