-- Notes of persons on what they did, sealed: they may say what must not get out.
CREATE TABLE notes (
	sum    BLOB PRIMARY KEY, -- keyed hash, which the audit names
	sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
