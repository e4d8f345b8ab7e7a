-- The figures of a release as they were published, packed: a row each would be some
-- hundred thousand rows a day. month is that of the cut-off, yyyymm.
CREATE TABLE figure_sets (
  release INTEGER PRIMARY KEY,
  month   INTEGER NOT NULL,
  body    BLOB NOT NULL
) STRICT;
DROP TABLE figures;
