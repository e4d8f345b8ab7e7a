package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
)

func TestPublic(t *testing.T) {
	cause := errors.New("made up")
	for _, tt := range []struct {
		name      string
		err       error
		msg, hint string
		code      int
	}{
		{"with a code", fault.Coded(fault.ExitBusy, "it is busy", "wait", cause), "it is busy", "wait", 4},
		{"without a code", fault.Wrap(cause, "it is broken", "mend it"), "it is broken", "mend it", 1},
		{"within others", fmt.Errorf("a: %w", errors.Join(cause, fault.New("it is broken", "mend it"))), "it is broken", "mend it", 1},
		{"the outermost counts", fault.Wrap(fault.Coded(fault.ExitDamaged, "inner", "x", nil), "outer", "y"), "outer", "y", 1},
		{"no text for the public", cause, "internal error", "run the command again; if it fails again, report it with the log", 1},
	} {
		if msg, hint, code := fault.Public(tt.err); msg != tt.msg || hint != tt.hint || code != tt.code {
			t.Errorf("%s: %q, %q, %d", tt.name, msg, hint, code)
		}
	}
	if err := fault.Wrap(cause, "it is broken", "mend it"); !errors.Is(err, cause) || err.Error() != "it is broken: made up" {
		t.Errorf("the cause is lost: %v", err)
	}
	if err := fault.Wrap(nil, "it is broken", "mend it"); err != nil {
		t.Errorf("an error of nothing: %v", err)
	}
}
