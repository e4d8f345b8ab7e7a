-- What the ranking of a period said when it was first published, packed. It is never
-- replaced: a later release, a rollback or a withdrawal leaves it as it is.
CREATE TABLE first_rankings (
  period  TEXT PRIMARY KEY,
  release INTEGER NOT NULL,
  cutoff  INTEGER NOT NULL, -- record.Day
  body    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
