package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// desk is a folder in which a clerk runs commands, on a day that the test sets.
type desk struct {
	*testing.T
	dir string
	day time.Time
}

func newDesk(t *testing.T) *desk {
	return &desk{T: t, dir: t.TempDir(), day: time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)}
}

// do runs a command, which must end with code, and returns what it says.
func (d *desk) do(code int, args ...string) string {
	d.Helper()
	var out, errs bytes.Buffer
	a := standard()
	a.out, a.err, a.now = &out, &errs, func() time.Time { return d.day }
	a.giveWay = giveWay{every: time.Millisecond}
	a.rand = strings.NewReader(strings.Repeat("not random, so that it can be told again. ", 100))
	if got := run(d.Context(), append([]string{"--config", d.at("huiyin.yaml")}, args...), a); got != code {
		d.Fatalf("huiyin %v: exit code %d\n%s%s", args, got, out.String(), errs.String())
	}
	return out.String() + errs.String()
}

func (d *desk) at(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) write(name, text string) {
	d.Helper()
	if err := os.WriteFile(d.at(name), []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) read(name string) string {
	d.Helper()
	b, err := os.ReadFile(d.at(name))
	if err != nil {
		d.Fatal(err)
	}
	return string(b)
}

// says reports which of the texts are not in what was got.
func (d *desk) says(got string, want ...string) {
	d.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			d.Errorf("%q is not in\n%s", w, got)
		}
	}
}
