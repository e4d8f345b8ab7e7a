package demo

import "testing"

func TestSmoke(t *testing.T) {
	p, err := Write("/tmp/demo1", Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", p.Counts)
}
