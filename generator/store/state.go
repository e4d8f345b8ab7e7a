package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// State names the content of the store: it changes with every transaction that
// changed what the methods from Register to Cutoff return, and equal states mean
// equal content, of another store or of one that was restored too. Figures,
// publishes and cursors do not count.
//
// It is the end of a chain of hashes over the changes, so that stores that took
// the same batches in the same order, with the same key, have the same states.
func (d *DB) State(ctx context.Context) (string, error) {
	var hash []byte
	err := d.reader.QueryRowContext(ctx, `SELECT hash FROM state`).Scan(&hash)
	return hex.EncodeToString(hash), d.explain(err)
}

// change notes something that readers see, for the next state.
func (b *batch) change(parts ...[]byte) {
	b.changed = true
	for _, p := range parts {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(p)))
		b.changes.Write(size[:])
		b.changes.Write(p)
	}
}

// chain moves the state on by what the batch has changed.
func (b *batch) chain() error {
	var hash []byte
	if err := b.tx.QueryRowContext(b.ctx, `SELECT hash FROM state`).Scan(&hash); err != nil {
		return err
	}
	next := sha256.Sum256(b.changes.Sum(hash))
	_, err := b.tx.ExecContext(b.ctx, `UPDATE state SET hash = ?`, next[:])
	return err
}
