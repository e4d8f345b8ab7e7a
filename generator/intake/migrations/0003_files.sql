-- How many files of a published case wait for a person.
ALTER TABLE queue ADD COLUMN files INTEGER NOT NULL DEFAULT 0;

-- The decisions of a person about single files that are in force. Each counts for the
-- file as it was made anew, wherever in the case it stands.
CREATE TABLE file_decisions (
  head    INTEGER NOT NULL REFERENCES heads(id),
  content BLOB NOT NULL,    -- keyed hash of the file as it was made anew
  accept  INTEGER NOT NULL,
  reasons TEXT NOT NULL,    -- for which it was held, comma-separated
  PRIMARY KEY (head, content)
) STRICT, WITHOUT ROWID;
