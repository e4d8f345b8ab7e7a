-- What persons and tokens did, in order, each row with the hash of it and of all rows
-- before it. A row is never changed and never removed.
CREATE TABLE audit (
	seq    INTEGER PRIMARY KEY CHECK (seq > 0),
	at     TEXT NOT NULL, -- UTC, RFC 3339 with nanoseconds
	by     TEXT NOT NULL, -- who, as stated
	origin TEXT NOT NULL, -- from where
	act    TEXT NOT NULL,
	target TEXT NOT NULL,
	reason TEXT NOT NULL,
	before TEXT NOT NULL, -- SHA-256 in hexadecimal, or ''
	after  TEXT NOT NULL,
	note   TEXT NOT NULL, -- SHA-256 in hexadecimal of a note that is kept elsewhere, or ''
	sum    BLOB NOT NULL CHECK (length(sum) = 32)
) STRICT;
