-- What persons of the office have stated about cases, as the intake has told it.
CREATE TABLE statements (
  n      INTEGER PRIMARY KEY AUTOINCREMENT,
  id     TEXT NOT NULL UNIQUE, -- as the intake names it
  mac    BLOB NOT NULL,        -- keyed hash of the source key of the case
  act    TEXT NOT NULL,
  target INTEGER NOT NULL,     -- case that it was merged into, or 0
  at     TEXT NOT NULL,
  by     TEXT NOT NULL,
  origin TEXT NOT NULL,
  reason TEXT NOT NULL,
  note   TEXT NOT NULL,
  seq    INTEGER NOT NULL      -- its act in the audit; 0: the batch that brings it is not stored yet
) STRICT;
CREATE INDEX statements_open ON statements(n) WHERE seq = 0;

-- Cases of which a correction has hidden what was published, and is lost: the journal names
-- one that the store does not know, or the store knows one that the intake does not, because
-- an older copy was put back. Of what is delivered their rows alone are published until they
-- are corrected once more for a reason that hides.
CREATE TABLE uncorrected (
  mac BLOB PRIMARY KEY -- keyed hash of the source key
) STRICT, WITHOUT ROWID;
