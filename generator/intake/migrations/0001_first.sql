CREATE TABLE meta (
  k TEXT PRIMARY KEY,
  v BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  id          INTEGER PRIMARY KEY,
  digest      BLOB NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  asof        TEXT NOT NULL,
  rows        INTEGER NOT NULL,
  finished    INTEGER NOT NULL,
  received_at INTEGER NOT NULL -- Unix seconds
) STRICT;

-- One row for each key that was ever received.
CREATE TABLE heads (
  id       INTEGER PRIMARY KEY,
  mac      BLOB NOT NULL UNIQUE, -- keyed hash of kind and source key
  kind     INTEGER NOT NULL,     -- index in the order in which kinds are handed out
  key      BLOB NOT NULL,        -- sealed: source key
  received TEXT NOT NULL,        -- day of receipt, or ''
  dirty    INTEGER NOT NULL,     -- 1: something changed that the store has not seen
  state    INTEGER NOT NULL,
  gone     INTEGER NOT NULL,     -- 1: an upstream tombstone was received once
  changed  INTEGER NOT NULL,     -- Unix seconds of the last new version
  number   BLOB,                 -- sealed: public number
  counted  BLOB,                 -- sealed: what the aggregates hold of this case
  rest     BLOB                  -- sealed: fields kept when the versions were pruned
) STRICT;
CREATE INDEX heads_dirty ON heads(id) WHERE dirty = 1;
CREATE INDEX heads_waiting ON heads(id) WHERE state = 1;

CREATE TABLE versions (
  id         INTEGER PRIMARY KEY,
  head       INTEGER NOT NULL REFERENCES heads(id),
  stream     TEXT NOT NULL,
  asof       TEXT NOT NULL,    -- first as-of day that brought this content
  last       TEXT NOT NULL,    -- last one
  last_batch INTEGER NOT NULL, -- last batch that brought it
  content    BLOB NOT NULL,    -- keyed hash of the content
  sealed     BLOB              -- NULL once pruned
) STRICT;
CREATE INDEX versions_head ON versions(head);

-- The highest public number given in each month, which outlives a lost store.
CREATE TABLE highest (
  month  TEXT PRIMARY KEY, -- the first part of a number
  number TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE queue (
  head     INTEGER PRIMARY KEY REFERENCES heads(id),
  reasons  TEXT NOT NULL, -- codes, comma-separated
  findings TEXT NOT NULL, -- JSON object of counts by type
  since    TEXT NOT NULL
) STRICT;

CREATE TABLE excluded (
  head  INTEGER PRIMARY KEY REFERENCES heads(id),
  month TEXT NOT NULL
) STRICT;

CREATE TABLE aggregates (
  month  TEXT NOT NULL,
  field  TEXT NOT NULL,
  bucket TEXT NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (month, field, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  id     INTEGER PRIMARY KEY,
  batch  TEXT NOT NULL,
  asof   TEXT NOT NULL,
  scope  TEXT NOT NULL, -- file, row or value
  file   TEXT NOT NULL,
  sheet  TEXT NOT NULL,
  row    INTEGER NOT NULL,
  col    TEXT NOT NULL,
  code   TEXT NOT NULL,
  reason TEXT NOT NULL,
  hint   TEXT NOT NULL
) STRICT;
CREATE INDEX quarantine_batch ON quarantine(batch);
