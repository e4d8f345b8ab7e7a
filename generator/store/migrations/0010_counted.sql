-- A stamp for each month of case numbers (yymm), another one after each change of a
-- row: what was counted of the rows holds while it is the same.
CREATE TABLE stamps (
  month INTEGER PRIMARY KEY,
  n     INTEGER NOT NULL
) STRICT;
INSERT INTO stamps SELECT DISTINCT id / 1000000000, 1 FROM cases;
CREATE TRIGGER stamp_insert AFTER INSERT ON cases BEGIN
  INSERT INTO stamps VALUES (new.id / 1000000000, 1) ON CONFLICT (month) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER stamp_update AFTER UPDATE ON cases BEGIN
  UPDATE stamps SET n = n + 1 WHERE month IN (old.id / 1000000000, new.id / 1000000000);
END;
CREATE TRIGGER stamp_delete AFTER DELETE ON cases BEGIN
  UPDATE stamps SET n = n + 1 WHERE month = old.id / 1000000000;
END;

-- What was counted of the cases of a month, at the stamp it then had. basis is all else
-- that it rests on, in one hash.
CREATE TABLE counted (
  month INTEGER PRIMARY KEY,
  stamp INTEGER NOT NULL,
  basis BLOB NOT NULL,
  body  BLOB NOT NULL
) STRICT;

-- The figures of a release by period, as they were published. Those that two releases
-- have in common are there once: print is the hash of all that they were made from.
CREATE TABLE figure_bodies (
  id       INTEGER PRIMARY KEY,
  print    BLOB NOT NULL UNIQUE,
  measures TEXT NOT NULL, -- those that occur, joined with spaces
  body     BLOB NOT NULL
) STRICT;
CREATE TABLE figure_releases (
  release INTEGER PRIMARY KEY,
  month   INTEGER NOT NULL, -- that of the cut-off, yyyymm
  cutoff  INTEGER NOT NULL  -- record.Day
) STRICT;
CREATE TABLE figure_parts (
  release INTEGER NOT NULL REFERENCES figure_releases(release),
  period  TEXT NOT NULL,
  body    INTEGER NOT NULL REFERENCES figure_bodies(id),
  PRIMARY KEY (release, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_parts_body ON figure_parts(body);
DROP TABLE figure_sets;
