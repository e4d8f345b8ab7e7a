-- What persons of the office have stated about cases (更正、并单), beside what the upstream
-- delivers: it stands before every delivery until it is taken back, and is never pruned.
CREATE TABLE statements (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  head   INTEGER NOT NULL REFERENCES heads(id),
  at     INTEGER NOT NULL, -- Unix milliseconds
  by     TEXT NOT NULL,    -- name as stated
  origin TEXT NOT NULL,
  act    TEXT NOT NULL,
  reason TEXT NOT NULL,    -- word of the closed list
  fields TEXT NOT NULL,    -- names of those that it sets or takes back, comma-separated
  note   TEXT NOT NULL,    -- keyed hash of a note, or ''
  target TEXT NOT NULL,    -- public number of the case that it was merged into, or ''
  told   INTEGER NOT NULL, -- 1: the store has been told
  sealed BLOB              -- values of the fields; NULL: they are taken back
) STRICT;
CREATE INDEX statements_head ON statements(head, id);
CREATE INDEX statements_untold ON statements(head) WHERE told = 0;
