-- Tables of the writers of a year's cases, as first cleared: a later one would give
-- away by its difference what the first one hides.
CREATE TABLE people (
  year      INTEGER NOT NULL,
  attribute TEXT NOT NULL,
  entry     TEXT NOT NULL, -- JSON
  PRIMARY KEY (year, attribute)
) STRICT, WITHOUT ROWID;
