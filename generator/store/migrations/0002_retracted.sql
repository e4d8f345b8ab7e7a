-- The cases whose texts were published until their writers took consent back. n
-- is how many events the case had by then, so that each time is another.
CREATE TABLE retracted (
  id INTEGER PRIMARY KEY REFERENCES cases(id),
  n  INTEGER NOT NULL
) STRICT;
