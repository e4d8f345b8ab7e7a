// Package fault is the error that reaches a person: one text for her, saying
// what is wrong and what to do, and the cause apart from it, for the log.
package fault

import "errors"

// The exit codes of the programs. They are an interface: docs/operations.md
// lists them, and codes may be added but never change.
const (
	ExitFailure     = 1
	ExitUsage       = 2
	ExitPartial     = 3
	ExitBusy        = 4
	ExitConfig      = 5
	ExitDamaged     = 6
	ExitNoSpace     = 7
	ExitNothing     = 8
	ExitFound       = 9
	ExitInterrupted = 130
)

// Error is an error with a public text. Msg and Hint are shown to whoever runs
// the program and never hold citizen text, keys or secrets; Err is the cause
// and goes to the log only.
type Error struct {
	Msg  string // what is wrong: lower case, no full stop
	Hint string // what to do about it
	Err  error
	Code int // exit code of the program; zero: ExitFailure
}

// Error returns the message and the cause, for logs.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Msg
	}
	return e.Msg + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error with a message and a hint.
func New(msg, hint string) error { return &Error{Msg: msg, Hint: hint} }

// Wrap returns an error with a message, a hint and a cause. It returns nil when
// err is nil.
func Wrap(err error, msg, hint string) error {
	if err == nil {
		return nil
	}
	return &Error{Msg: msg, Hint: hint, Err: err}
}

// Coded returns err with an exit code.
func Coded(code int, msg, hint string, err error) error {
	return &Error{Msg: msg, Hint: hint, Err: err, Code: code}
}

// Public returns what may be shown of err: the message, the hint and the exit
// code of the outermost [Error] in its chain. An error that has none is a
// defect of the program or of the machine, and its text is not for the public.
func Public(err error) (msg, hint string, code int) {
	var e *Error
	if errors.As(err, &e) {
		code = e.Code
		if code == 0 {
			code = ExitFailure
		}
		return e.Msg, e.Hint, code
	}
	return "internal error", "run the command again; if it fails again, report it with the log", ExitFailure
}
