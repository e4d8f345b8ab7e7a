-- Requests of acts of persons, for which nothing has to be fetched.
ALTER TABLE requests ADD COLUMN act INTEGER NOT NULL DEFAULT 0;
