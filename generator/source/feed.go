package source

// Page is what an upstream that grows had in one answer.
type Page struct {
	// Items are the items of the answer, each one JSON value as it was received.
	Items [][]byte

	// State is where to go on from when the page is kept. It is opaque to whoever
	// keeps it, and holds no secret.
	State []byte

	// Restart says that what was fetched in this walk before the page is void: the
	// upstream has asked to be read from the beginning.
	Restart bool

	// Expired says of such a page that the upstream did not know any more the place to go
	// on from, and has said so: a rebuilt database, say.
	Expired bool
}

// Walk is one run through what an upstream has that is new, once it has come to its
// end.
type Walk struct {
	// AsOf is the day on which the upstream says that it stands, as 2006-01-02; "" where
	// it does not say.
	AsOf string

	// State is where the next walk begins.
	State []byte

	// Missing says in words for the office what could not be fetched, and will be asked
	// for again: such as a span of time at which the upstream fails. It holds nothing
	// that was received.
	Missing []string

	// Personal is how many members about persons were dropped from the answers when they
	// were read, before anything was kept. What they said nobody knows.
	Personal int64
}
