package record

// EventKind is what happened to a published case (公开记录事件).
type EventKind string

// The kinds of event. An update makes an unknown field known or moves the
// status on; a correction changes a published text or date.
const (
	EventPublish   EventKind = "publish"
	EventUpdate    EventKind = "update"
	EventCorrect   EventKind = "correct"
	EventWithdraw  EventKind = "withdraw"
	EventReinstate EventKind = "reinstate"
	EventMerge     EventKind = "merge"
	EventPolicy    EventKind = "policy"
)

// Event is one public event of a case. Day is the as-of day of the batch, or
// the day of the decision, that caused it.
type Event struct {
	Number CaseNumber `json:"number"`
	Kind   EventKind  `json:"kind"`
	Day    Day        `json:"day"`
	Reason Reason     `json:"reason,omitempty"`
	Into   CaseNumber `json:"into,omitempty"` // of a merge
}

// Tombstone is what remains of a withdrawn case.
type Tombstone struct {
	Number CaseNumber `json:"number"`
	Unit   UnitID     `json:"unit,omitempty"`
	Reason string     `json:"reason"` // [Reason.Public]
	Day    Day        `json:"day"`
}

// Withdrawal asks that a case be withdrawn, as an upstream tombstone or a
// decision of the office does.
type Withdrawal struct {
	Reason Reason `json:"reason"`
	Day    Day    `json:"day"` // zero: the as-of day of the batch
}
