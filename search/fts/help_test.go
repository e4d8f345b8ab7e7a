package fts

import "testing"

// opened opens an index for reading and writing, until the test ends.
func opened(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// reading opens an index for reading alone, until the test ends.
func reading(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := OpenReader(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}
