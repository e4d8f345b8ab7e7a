// Package intake keeps what an office delivered, as it was delivered: every
// received version sealed, joined by key, with the queue of what a person must
// look at and the pairing of the office's own numbers with the public ones.
//
// It lives in one SQLite file of its own, left of the gate. Whoever reads that
// file without the key learns keyed hashes, days, states and counts: keys,
// texts, numbers and pairings are sealed with AES-256-GCM under keys derived
// from the key file. Nothing in the file is fit to publish.
//
// A batch goes through in two transactions, with the store's own between them:
//
//	Receive   seals the rows of the batch and marks what changed as pending
//	Pending, Load   give what is pending, joined, to the gate
//	Finish    notes what became of it, and the public numbers
//
// Whatever a crash leaves undone stays pending and is given out again.
//
// # Order of deliveries
//
// Each row belongs to a stream, the input of the mapping that it came from.
// Within a stream the version with the later as-of day counts, and of equal
// days the one received later: an export that arrives late with an older as-of
// day never overwrites a newer one, it only fills in fields that no newer
// version of its stream carried. Between streams the one whose present content
// is newest counts, field by field.
//
// # What the office states
//
// A person of the office may correct a case, or say that it was merged into another
// ([DB.State]). What is stated is kept beside the versions that were delivered, not among
// them: it stands before every delivery until it is taken back, is no news to the cut-off,
// and stays when the delivered versions are pruned.
package intake
