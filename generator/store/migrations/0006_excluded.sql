-- How many cases that accuse an official a release has counted, by the last month
-- (record.Month) of each span.
CREATE TABLE excluded (
  until INTEGER PRIMARY KEY,
  n     INTEGER NOT NULL
) STRICT;
