// Package store keeps what may be published: cases that have passed the gate,
// with their numbers, versions, events and withdrawals, the registers they
// point into, and the figures of each release as they were published.
//
// It is one SQLite file, and beside it the journal of withdrawals, an
// append-only text file named "withdrawn.journal". The store takes
// records only as [gate.Cleared], and knows where a case came from only as a
// keyed hash.
//
// # Rules that hold after every transaction
//
//   - A number is given once, when a case or its stub is first stored. It never
//     changes and is never given again.
//   - A field that a delivery did not carry stays as it was cleared before, and
//     a case that a delivery does not mention stays as it is.
//   - A withdrawn case stays withdrawn, whatever is delivered later; its text is
//     erased from the row and from the versions.
//   - A withdrawal is in the journal, on the disk, before it is in the store. A
//     store that is older than its journal, as after a restore, catches up
//     before it takes anything else. While a batch is being stored, withdrawals and
//     acts are written to the journal alone, and the batch takes them over before it
//     commits: [DB.Gone] tells of them at once.
//   - Every case has events, the first of which published it.
//
// The order in which deliveries of different days arrive is settled before the
// gate, by the join of package intake; of the registers, which are not joined,
// an entry from a batch with an older as-of day never overwrites a newer one.
package store
