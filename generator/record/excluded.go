package record

// Excluded is how many cases that accuse an official (检举控告) were received in a span
// of months, in the whole installation: all that is published of such cases.
type Excluded struct {
	From  Month `json:"from"` // unknown of the first span: it has no beginning
	Until Month `json:"until"`
	N     int64 `json:"n"`
}
