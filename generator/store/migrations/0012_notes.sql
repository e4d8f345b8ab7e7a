-- What was counted of the texts of a unit, and print, the hash of all that it was
-- counted from.
CREATE TABLE notes (
  k     TEXT PRIMARY KEY,
  print BLOB NOT NULL,
  body  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What people who read published replies said of them: whether they say nothing. rule
-- is that of the program which says so too, or empty, and version that of its rules.
CREATE TABLE judged (
  id      INTEGER NOT NULL REFERENCES cases(id),
  version INTEGER NOT NULL,
  rule    TEXT NOT NULL,
  empty   INTEGER NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;
