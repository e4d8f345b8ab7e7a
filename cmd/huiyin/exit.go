package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/huiyin/huiyin/generator/fault"
)

// exitMeaning says what each exit code means, in the words of
// docs/operations.md.
var exitMeaning = map[int]string{
	0:                     "done",
	fault.ExitFailure:     "failed; what was published before still stands",
	fault.ExitUsage:       "the command line is wrong",
	fault.ExitPartial:     "done, but not wholly: a file was refused, a page was set aside, or search or another copy is not level; the summary names it",
	fault.ExitBusy:        "another run is working on this installation",
	fault.ExitConfig:      "the configuration cannot be used",
	fault.ExitDamaged:     "something kept is damaged; see huiyin fsck",
	fault.ExitNoSpace:     "the disk is full; what was published before still stands",
	fault.ExitNothing:     "there is nothing published yet",
	fault.ExitFound:       "something personal was found: by gate check in what it was given, or by publish in the release, which was stopped",
	fault.ExitInterrupted: "interrupted; run the command again to go on",
}

func exitLine(code int) string { return fmt.Sprintf("  %3d  %s\n", code, exitMeaning[code]) }

// usage marks err as a mistake in the command line. A hint that it has stands, and
// nil stays nil.
func usage(err error) error {
	if err == nil {
		return nil
	}
	hint := "huiyin help COMMAND shows how it is used"
	var f *fault.Error
	if errors.As(err, &f) && f.Hint != "" {
		hint = f.Hint
	}
	return fault.Coded(fault.ExitUsage, err.Error(), hint, err)
}

// errPartial is the outcome of a command that did its work except for a part that
// its summary names.
var errPartial = fault.Coded(fault.ExitPartial, "done, but not everything could be taken", "the summary above names what was left out", nil)

// errFound is the outcome of a command that looked for personal data and found
// some, and has said where.
var errFound = fault.Coded(fault.ExitFound, "something personal was found", "the findings above say where", nil)

// reported is a failure that stands in the object that the command has written already.
type reported struct{ error }

func (r reported) Unwrap() error { return r.error }

// failure is the JSON object of a command that failed.
type failure struct {
	Error    string `json:"error"`
	Hint     string `json:"hint"`
	ExitCode int    `json:"exit_code"`
}

// fail writes err for a person and, with --json, for a program, and returns
// the exit code. The cause is for whoever looks after the machine: it is
// written with --verbose, and always where there is no text for the public.
func (a *app) fail(ctx context.Context, err error) int {
	msg, hint, code := fault.Public(err)
	if code == fault.ExitFailure && noSpace(err) {
		msg, hint, code = "the disk is full", "make room and run the command again; what was published before still stands", fault.ExitNoSpace
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		msg, hint, code = "interrupted", "run the command again; it goes on where it stopped", fault.ExitInterrupted
	}
	if err == errPartial || err == errFound {
		return code // and what there is to say has been said
	}
	a.tell(msg, hint, err)
	if a.json && !errors.As(err, new(reported)) {
		a.object(failure{Error: msg, Hint: hint, ExitCode: code})
	}
	return code
}

// complain writes what went wrong beside the work of a command, which ended well
// otherwise.
func (a *app) complain(err error) {
	msg, hint, _ := fault.Public(err)
	a.tell(msg, hint, err)
}

// tell writes a failure for a person.
func (a *app) tell(msg, hint string, err error) {
	fmt.Fprintf(a.err, "huiyin: %s\n", msg)
	if hint != "" {
		fmt.Fprintf(a.err, "huiyin: hint: %s\n", hint)
	}
	var f *fault.Error
	if a.verbose || !errors.As(err, &f) {
		fmt.Fprintf(a.err, "huiyin: cause: %v\n", err)
	}
}

// noSpace reports whether err comes from a disk, a quota or a limit of the
// system that leaves no room, wherever it was met.
func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// object writes v as the one JSON line of standard output.
func (a *app) object(v any) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		fmt.Fprintf(a.err, "huiyin: the result cannot be written as JSON\n")
		return
	}
	fmt.Fprint(a.out, b.String())
}

// say writes one line of a summary for a person. With --json or --quiet it
// writes nothing, so that standard output holds the object alone.
func (a *app) say(format string, args ...any) {
	if !a.json && !a.quiet {
		fmt.Fprintf(a.out, format+"\n", args...)
	}
}
