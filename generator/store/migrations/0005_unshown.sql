-- The cases whose texts have never been in a release. What a store of before holds
-- is not among them: nobody can say that it has not been.
CREATE TABLE unshown (
  id INTEGER PRIMARY KEY REFERENCES cases(id)
) STRICT;
