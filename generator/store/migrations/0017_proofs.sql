-- What was found when every place was read again in which a withdrawn case could stand,
-- each beside the act that says who had it looked for, and when. The act holds the hash of
-- what was found. A row is never changed and never removed.
CREATE TABLE proofs (
	seq   INTEGER PRIMARY KEY REFERENCES audit(seq),
	id    INTEGER NOT NULL REFERENCES cases(id),
	found TEXT NOT NULL -- JSON: the places, and what was found there; nothing of the case but its number
) STRICT;
CREATE INDEX proofs_case ON proofs(id);

-- What the public log of takedowns lists, which is little of all events.
CREATE INDEX events_taken ON events(id, n) WHERE kind IN ('withdraw', 'reinstate', 'merge') OR kind = 'correct' AND reason <> '';
