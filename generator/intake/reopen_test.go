package intake_test

import "testing"

// What was never received, and what is no keyed hash, cannot be reopened; the scripts of
// the command show what can.
func TestReopenUnknown(t *testing.T) {
	db, _ := mustOpen(t)
	const mac = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	if err := db.Reopenable(ctx, mac); !isFault(err) {
		t.Errorf("%v", err)
	}
	if err := db.Reopen(ctx, mac, "王", "误撤"); !isFault(err) {
		t.Errorf("%v", err)
	}
	if err := db.Reopen(ctx, mac, "", "误撤"); !isFault(err) {
		t.Errorf("nobody reopens it: %v", err)
	}
	if err := db.Reopenable(ctx, "xyz"); err == nil {
		t.Error("a hash that is none is looked for")
	}
}
