-- The cases that were merged into a case, to find those of which it has to be looked at
-- again what they were merged into when that case is merged itself.
CREATE INDEX links_merged ON links(target) WHERE what = 'merged' AND target > 0;
