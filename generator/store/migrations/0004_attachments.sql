-- Bodies of the files of the cases that are published in full, as the gate made
-- them anew, and their texts as masked, by which it is seen whether other rules would
-- show more. Only those that the case lists now are kept.
CREATE TABLE attachments (
  id     INTEGER NOT NULL REFERENCES cases(id),
  sha256 BLOB NOT NULL,
  body   BLOB NOT NULL,
  text   TEXT NOT NULL,
  PRIMARY KEY (id, sha256)
) STRICT;
