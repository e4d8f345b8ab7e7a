-- Review records: what was decided about a record, by which rule or by whom, on
-- what basis. They are only added to, and erased when they are older than the day in
-- meta 'reviews_before'.
CREATE TABLE reviews (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  head     INTEGER REFERENCES heads(id), -- NULL: about the rules themselves
  at       INTEGER NOT NULL, -- Unix seconds
  asof     TEXT NOT NULL,    -- as-of day of the batch, or '' for a person's decision
  by       TEXT NOT NULL,    -- name as stated, or '' for the rules of the gate
  decision TEXT NOT NULL,
  reasons  TEXT NOT NULL,    -- codes, comma-separated
  basis    TEXT NOT NULL,    -- a person's reason, in her words, or ''
  policy   BLOB NOT NULL,    -- hash of the rules in force
  before   BLOB NOT NULL,    -- keyed hash of what was received
  after    BLOB NOT NULL     -- keyed hash of what came out, or empty
) STRICT;
CREATE INDEX reviews_head ON reviews(head, id);
CREATE INDEX reviews_at ON reviews(at);
CREATE TRIGGER reviews_stand BEFORE UPDATE ON reviews BEGIN
  SELECT RAISE(ABORT, 'review records are only added to');
END;
CREATE TRIGGER reviews_new BEFORE INSERT ON reviews WHEN EXISTS (SELECT 1 FROM reviews WHERE id = NEW.id) BEGIN
  SELECT RAISE(ABORT, 'review records are only added to');
END;
CREATE TRIGGER reviews_stay BEFORE DELETE ON reviews
WHEN OLD.at >= coalesce((SELECT CAST(CAST(v AS TEXT) AS INTEGER) FROM meta WHERE k = 'reviews_before'), 0) BEGIN
  SELECT RAISE(ABORT, 'review records are kept for three years');
END;

-- The decision of a person that is in force for a record. It counts for the
-- content that it was made about.
CREATE TABLE decisions (
  head    INTEGER PRIMARY KEY REFERENCES heads(id),
  content BLOB NOT NULL,
  accept  INTEGER NOT NULL,
  reasons TEXT NOT NULL -- those that were accepted, comma-separated
) STRICT;

-- Keyed hashes of what was masked in a record.
CREATE TABLE masked (
  head  INTEGER NOT NULL REFERENCES heads(id),
  type  TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (head, type, value)
) STRICT, WITHOUT ROWID;

ALTER TABLE queue ADD COLUMN sample INTEGER NOT NULL DEFAULT 0; -- published masked, and drawn to be looked at
