-- The cases whose withdrawal was ever lifted, which are few.
CREATE INDEX events_reinstate ON events(id) WHERE kind = 'reinstate';
