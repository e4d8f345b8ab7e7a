package intake_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/intake"
)

func TestKeepNote(t *testing.T) {
	dir := t.TempDir()
	db, err := open(t, filepath.Join(dir, "intake.db"), newKey(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	const text = "made-up note\n当事人来电要求撤下"
	sum, err := db.KeepNote(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := db.KeepNote(t.Context(), text); err != nil || again != sum {
		t.Errorf("%s and %s, %v", sum, again, err)
	}
	if got, ok, err := db.KeptNote(t.Context(), sum); err != nil || !ok || got != text {
		t.Errorf("%t, %v", ok, err)
	}
	if _, ok, err := db.KeptNote(t.Context(), strings.Repeat("0", 32)); err != nil || ok {
		t.Errorf("a note that nobody wrote: %t, %v", ok, err)
	}
	for name, text := range map[string]string{"empty": "", "long": strings.Repeat("字", intake.MaxNote/3+1), "broken": "\xff"} {
		_, err := db.KeepNote(t.Context(), text)
		if msg, hint, _ := fault.Public(err); msg == "" || hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(filepath.Join(dir, f.Name())); err != nil || bytes.Contains(b, []byte("made-up note")) {
			t.Errorf("%s holds the note in plain words, %v", f.Name(), err)
		}
	}
}
