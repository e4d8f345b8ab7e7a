package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test binary be the process that builds.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-build" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestRecord runs all of the benchmark on few cases. What it says of time means
// nothing; that nothing fails and nothing is missed does.
func TestRecord(t *testing.T) {
	record := filepath.Join(t.TempDir(), "figures.md")
	const before = "# Figures\n\n<!-- searchbench -cases 2000 -->\nold\n<!-- end -->\n\nMore.\n"
	if err := os.WriteFile(record, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := []string{"-cases", "2000", "-rounds", "3", "-span", "50ms", "-dir", dir, "-record", record}
	if err := run(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "# Figures\n\n<!-- searchbench -cases 2000 -->\n2000 cases, seed 1, ") ||
		!strings.HasSuffix(string(text), " |\n<!-- end -->\n\nMore.\n") || strings.Contains(string(text), "old") {
		t.Errorf("the record is not in its place:\n%s", text)
	}
	if !strings.Contains(string(text), "| recall 1.0000, precision 1.0000 of 144 questions ") {
		t.Errorf("recall and precision are not 1:\n%s", text)
	}
	for s := bufio.NewScanner(strings.NewReader(string(text))); s.Scan(); {
		if strings.HasPrefix(s.Text(), "|") && strings.Count(s.Text(), "|") != 6 {
			t.Errorf("a row has not five cells: %s", s.Text())
		}
	}
	// The index is used again, and other changes are made.
	if err := run(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), append(args, "-cases", "1999")); err == nil || !strings.Contains(err.Error(), "no place for these figures") {
		t.Errorf("a record without a place: %v", err)
	}
}
