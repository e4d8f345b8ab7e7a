package record

import "time"

// Statement is what a person of the office has said about a case beside what the upstream
// delivers (更正、并单): which act it was, whose, and why. What it says of the case itself is
// sealed in the intake and goes through the gate like a delivery.
type Statement struct {
	ID     string // opaque; tells one statement from another
	MAC    string // keyed hash of the source key of the case, hexadecimal
	Act    StatementAct
	Into   CaseNumber // of a merge
	At     time.Time
	By     string // as stated, not proved
	Origin string // from where
	Reason Reason
	Note   string // keyed hash of a note that stays inside, or ""
}

// StatementAct is what a person of the office does by a statement.
type StatementAct string

// The acts.
const (
	ActCorrect     StatementAct = "correct"      // 更正
	ActUndoCorrect StatementAct = "undo correct" // 撤销更正
	ActMerge       StatementAct = "merge"        // 并单
	ActUndoMerge   StatementAct = "undo merge"   // 撤销并单
)

// Hides reports whether what was published before must not be seen any more when a case is
// corrected for r: neither the old text, nor the difference, nor how long it was.
func (r Reason) Hides() bool {
	switch r {
	case Privacy, ThirdParty, Court, Secret:
		return true
	}
	return false
}
