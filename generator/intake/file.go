package intake

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
)

// FileDecision is what a person decides about one file of an entry.
type FileDecision struct {
	Content string   // keyed hash of the file as it was made anew, hexadecimal
	Reasons []string // for which it is held: codes
}

// FileReview is the decision of a person that is in force for a file.
type FileReview struct {
	Content string   // keyed hash of the file as it was made anew, hexadecimal
	Accept  bool     // publish it; false: leave it out
	Reasons []string // that were accepted
}

// The decisions of a person about a file. Their review records have the keyed hash of
// what was received of the case as what came in, and that of the file as it was made
// anew as what came out.
const (
	FileAccepted = "accept-file"
	FileRejected = "reject-file"
)

// decideFile notes the decision about one file of an entry.
func (d *DB) decideFile(ctx context.Context, tx *sql.Tx, item HeldItem, decision Decision, f FileDecision) error {
	content, err := hex.DecodeString(f.Content)
	if err != nil || len(content) == 0 {
		return errors.New("intake: the hash of a file is malformed")
	}
	word := FileRejected
	if decision.Accept {
		word = FileAccepted
	}
	reasons := strings.Join(f.Reasons, ",")
	if _, err := tx.ExecContext(ctx, `INSERT INTO reviews (head, at, asof, by, decision, reasons, basis, policy, before, after) VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, ?)`,
		item.head, d.now().Unix(), decision.By, word, reasons, decision.Basis, item.policy, item.before, content); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO file_decisions (head, content, accept, reasons) VALUES (?, ?, ?, ?)
		ON CONFLICT (head, content) DO UPDATE SET accept = excluded.accept, reasons = excluded.reasons`,
		item.head, content, decision.Accept, reasons)
	return err
}

// loadFileReviews hands on the decisions about files of the heads in ids, in the order
// of their hashes.
func (d *DB) loadFileReviews(ctx context.Context, in string, ids []any, add func(head int64, r FileReview)) error {
	rows, err := d.reader.QueryContext(ctx, `SELECT head, content, accept, reasons FROM file_decisions WHERE head IN (`+in+`) ORDER BY head, content`, ids...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var head int64
		var r FileReview
		var content []byte
		var reasons string
		if err := rows.Scan(&head, &content, &r.Accept, &reasons); err != nil {
			return err
		}
		r.Content = hex.EncodeToString(content)
		if r.Reasons = splitCodes(reasons); r.Reasons == nil {
			r.Reasons = []string{}
		}
		add(head, r)
	}
	return rows.Err()
}
