// Package assesstest runs the lines of Python that docs/assessment.md prints, as somebody
// does who has nothing but the published files. So a page of docs whose lines no longer give
// what the site says fails a test, whichever of the two was changed.
package assesstest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Lines returns the one block of code of a page of docs, given by its path, that holds a text.
func Lines(t testing.TB, page, holding string) string {
	t.Helper()
	doc, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for block := range strings.SplitSeq(string(doc), "\n\n") {
		if strings.HasPrefix(block, "    ") && strings.Contains(block, holding) {
			found = append(found, strings.ReplaceAll(strings.TrimPrefix(block, "    "), "\n    ", "\n")+"\n")
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s: %d blocks of code hold %q", page, len(found), holding)
	}
	return found[0]
}

// Set gives a line that sets variables other values: the line that begins with the names.
func Set(t testing.TB, lines, names, values string) string {
	t.Helper()
	line := regexp.MustCompile("(?m)^" + regexp.QuoteMeta(names) + " = .*$")
	if n := len(line.FindAllString(lines, -1)); n != 1 {
		t.Fatalf("%d lines set %q", n, names)
	}
	return line.ReplaceAllLiteralString(lines, names+" = "+values)
}

// Run runs lines of Python beside the given files and returns what they print.
func Run(t testing.TB, lines string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "python3", "-c", lines)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "PYTHONUTF8=1")
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3, which runs the lines that docs print: %v\n%s", err, errs.String())
	}
	return string(out)
}
