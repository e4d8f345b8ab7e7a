package record

// Note is what was counted of something, as it is kept so that it need not be counted
// again. Print is the hash of all that it was counted from.
type Note struct {
	Key   string
	Print [32]byte
	Body  []byte
}

// Judged is what a person who read a published reply said of it: whether it says nothing
// of what was found or done.
type Judged struct {
	Number  CaseNumber `json:"number"`
	Rule    string     `json:"rule,omitempty"` // by which a program says so too
	Version int        `json:"version"`        // of the program's rules
	Empty   bool       `json:"empty"`          // the person says so
}
