// Package release keeps what is published: numbered releases that never change,
// each a list of packs, and an overlay of what has been withdrawn since.
//
// A pack is an ordinary ZIP file with the files of one partition of the site,
// named by its own hash and shared between releases ([PackWriter]). A release is
// a [Manifest] that names its packs. One small file says which release is
// current, and its replacement is the switch ([Txn]). Withdrawals go into the
// overlay, which every reader applies whichever release it reads, and then the
// packs of all kept releases are rewritten without the case ([Store.Withdraw]).
// docs/release-format.md describes every file.
//
// Readers ([View]) take no lock. They hold the packs of their release open, so
// nothing that is removed is missing to them, and they see a new release or
// withdrawal at the next [Store.Refresh]. Writers exclude each other over all
// processes: one publish or rollback at a time, one change of the overlay at a
// time. A withdrawal does not wait for a running publish, and what that publish
// had built in ignorance of it is put right before it is committed.
//
// A crash anywhere, a power cut too, leaves a whole old or a whole new release;
// what it left behind is cleared away by the next writer.
package release
