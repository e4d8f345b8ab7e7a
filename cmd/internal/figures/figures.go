// Package figures prints what a measuring command finds, and puts it into a
// document in the place of what the last run has left there.
package figures

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Printer prints figures and remembers them. Its methods are called by one
// goroutine at a time.
type Printer struct {
	Out     io.Writer
	printed strings.Builder
}

// Print prints as fmt.Printf does.
func (p *Printer) Print(format string, args ...any) {
	fmt.Fprintf(p.Out, format, args...)
	fmt.Fprintf(&p.printed, format, args...)
}

// Keep puts what was printed into a document, between a line "<!-- RUN -->",
// where run says which command with which sizes, and the next "<!-- end -->".
// It is an error when the document has no such lines.
func (p *Printer) Keep(document, run string) error {
	text, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	begin, end := "<!-- "+run+" -->\n", "<!-- end -->\n"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ended := strings.Cut(rest, end)
	if !ok || !ended {
		return fmt.Errorf("%s has no place for these figures: lines %q and %q", document, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(document, []byte(head+begin+p.printed.String()+end+tail), 0o644)
}
