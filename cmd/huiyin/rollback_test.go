package main

import (
	"testing"

	"github.com/huiyin/huiyin/site/durable"
)

// While a rollback waits for huiyin run, that one publishes: the act says which release was
// given up, and not the one that was shown when the command began.
func TestRollbackSaysWhatWasShown(t *testing.T) {
	w := newAtWork(t)
	w.end()
	w.do(0, "publish")
	w.do(0, "withdraw", "2610-000001", "--reason", "error", "--by", "王")
	w.do(0, "publish")
	w.says(w.do(0, "rollback", "2", "--by", "王"), "release 2 is shown again (it was 2)")
	w.acts("withdraw", "prove") // to show what is shown is no act

	w.begin()
	publishing, err := durable.OS{}.Lock(t.Context(), w.at("state/releases/publish.lock"), false)
	if err != nil {
		t.Fatal(err)
	}
	code, said := w.waits(func() {
		if err := publishing.Close(); err != nil {
			t.Error(err)
		}
		w.do(0, "withdraw", "2610-000002", "--reason", "error", "--by", "王")
		w.do(0, "publish")
	}, "rollback", "2", "--by", "王", "--reason", "核对")
	if code != 0 {
		t.Fatalf("code %d\n%s", code, said)
	}
	w.says(said, "release 2 is shown again (it was 3)")
	w.acts("withdraw", "prove", "rollback")
	w.says(w.do(0, "audit", "--last", "1"), "from release 3 to release 2", "核对")

	w.says(w.do(2, "rollback", "1", "--by", "王\n李"), "not plain text in one line")
	w.acts("rollback")
	w.says(w.do(1, "rollback", "9"), "release 9 is not kept")
	w.acts("withdraw", "prove", "rollback")
}
