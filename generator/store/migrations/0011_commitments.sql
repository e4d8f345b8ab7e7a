-- What people have judged of the promises in replies, in order and for good. The
-- wording itself is not here: it is read from the reply while that is published, so
-- that nothing of it is left when the case is withdrawn.
CREATE TABLE commitment_acts (
  n       INTEGER PRIMARY KEY,
  id      INTEGER NOT NULL REFERENCES cases(id),
  code    TEXT NOT NULL,    -- names wording and reply
  act     TEXT NOT NULL,    -- accept, decline, take-back, replace, outcome
  new     TEXT NOT NULL,    -- of replace: the code from then on
  first   INTEGER NOT NULL, -- bytes of the reply: the wording
  last    INTEGER NOT NULL,
  time    INTEGER NOT NULL, -- bytes of the reply: the words of the time in it
  until   INTEGER NOT NULL,
  made    INTEGER NOT NULL, -- record.Day, as are the next ones
  due     INTEGER NOT NULL,
  keeping TEXT NOT NULL,    -- kept, partly, broken or empty
  day     INTEGER NOT NULL, -- of keeping
  shown   INTEGER NOT NULL, -- case that shows it, or 0
  by      TEXT NOT NULL,    -- as stated; never published
  stated  INTEGER NOT NULL  -- when
) STRICT;
CREATE INDEX commitment_acts_id ON commitment_acts(id);
CREATE TRIGGER commitment_acts_stay BEFORE UPDATE ON commitment_acts BEGIN
  SELECT RAISE(ABORT, 'what was judged of a promise is never changed');
END;
CREATE TRIGGER commitment_acts_last BEFORE DELETE ON commitment_acts BEGIN
  SELECT RAISE(ABORT, 'what was judged of a promise is never erased');
END;
