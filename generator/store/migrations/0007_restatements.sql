-- Figures that were published and are another since: each as JSON, by the release
-- that showed the new one.
CREATE TABLE restatements (
  release INTEGER NOT NULL,
  n       INTEGER NOT NULL,
  entry   TEXT NOT NULL, -- JSON
  PRIMARY KEY (release, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_batch ON events(batch) WHERE n > 0;
