-- The reasons that a person accepted of the same content before the decision that is
-- in force, comma-separated.
ALTER TABLE decisions ADD COLUMN accepted TEXT NOT NULL DEFAULT '';
