-- What identifiers of requests are made with, so that nobody guesses one: whoever knows
-- it may ask what became of the request.
CREATE TABLE secret (bytes BLOB NOT NULL) STRICT;
INSERT INTO secret VALUES (randomblob(32));
