-- The tables are River's own, by its own migrations. This one marks the file as ours.
SELECT 1;
