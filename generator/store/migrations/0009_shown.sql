-- The as-of day (record.Day) of the batch with which the reply of a case was first
-- published, or 0. Of a store of before it is that of the event which made the case one
-- published in full.
ALTER TABLE cases ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
UPDATE cases AS c SET shown = coalesce(
  (SELECT e.day FROM versions v JOIN events e ON e.id = v.id AND e.n = v.n WHERE v.id = c.id AND v.body IS NULL ORDER BY v.n DESC LIMIT 1),
  (SELECT day FROM events e WHERE e.id = c.id AND e.n = 0), 0)
WHERE EXISTS (SELECT 1 FROM texts t WHERE t.id = c.id);
