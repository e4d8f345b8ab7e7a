package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// appendAttachments writes the list of a fact, and behind it how many files are not
// published. Both stand last and only where there is something to say, so that the
// facts of cases without files are what they always were.
func appendAttachments(b []byte, list []record.Attachment, withheld int) []byte {
	if len(list) == 0 && withheld == 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, a := range list {
		b = appendString(appendString(appendString(b, a.Name), a.Type), a.SHA256)
		b = binary.AppendUvarint(b, uint64(uint32(a.Size)))
	}
	if withheld > 0 {
		b = binary.AppendUvarint(b, uint64(uint32(withheld)))
	}
	return b
}

// attachments is the inverse of appendAttachments.
func (d *decoder) attachments() (list []record.Attachment, withheld int) {
	if d.bad || len(d.b) == 0 {
		return nil, 0
	}
	if n := d.count(4); n > 0 {
		list = make([]record.Attachment, n)
	}
	for i := range list {
		list[i] = record.Attachment{Name: d.word(), Type: d.word(), SHA256: d.text(), Size: int64(d.uint())}
	}
	if !d.bad && len(d.b) > 0 {
		if withheld = int(d.uint()); withheld == 0 {
			d.bad = true // zero is not written
		}
	} else if len(list) == 0 {
		d.bad = true // nothing is not written
	}
	return list, withheld
}

// setAttachments keeps of the bodies of a case those that now lists, and takes the
// new ones from the record that is put. A case that is not published in full has
// none.
func (b *batch) setAttachments(id int64, old, now *record.Case) error {
	if len(old.Attachments) == 0 && len(now.Attachments) == 0 {
		return nil
	}
	want := map[string]bool{}
	if now.Prominence == record.Full {
		for _, a := range now.Attachments {
			want[a.SHA256] = true
		}
	}
	have, err := b.attachmentHashes(id)
	if err != nil {
		return err
	}
	for hash := range have {
		if want[hash] {
			continue
		}
		sum, _ := hex.DecodeString(hash)
		if _, err := b.tx.ExecContext(b.ctx, `DELETE FROM attachments WHERE id = ? AND sha256 = ?`, id, sum); err != nil {
			return err
		}
	}
	for hash := range want {
		if have[hash] {
			continue
		}
		body := b.cleared.Body(hash)
		sum := sha256.Sum256(body)
		if hex.EncodeToString(sum[:]) != hash {
			return fmt.Errorf("store: case %s lists a file whose bytes did not come with it", numberOf(id))
		}
		if _, err := b.tx.ExecContext(b.ctx, `INSERT INTO attachments (id, sha256, body, text) VALUES (?, ?, ?, ?)`,
			id, sum[:], body, b.cleared.BodyText(hash)); err != nil {
			return err
		}
	}
	return nil
}

// keptAttachments returns those of old that now lists too.
func keptAttachments(old, now []record.Attachment) (list []record.Attachment) {
	for _, a := range old {
		if slices.Contains(now, a) {
			list = append(list, a)
		}
	}
	return list
}

// maskedAttachments returns now, with those of old in the place of files that show,
// under other rules, what was masked in them.
func (b *batch) maskedAttachments(id int64, old, now []record.Attachment) ([]record.Attachment, error) {
	list := slices.Clone(now)
	for i, a := range list {
		k := slices.IndexFunc(old, func(o record.Attachment) bool { return o.Name == a.Name && o.SHA256 != a.SHA256 })
		if k < 0 {
			continue
		}
		sum, _ := hex.DecodeString(old[k].SHA256)
		var was string
		if err := b.tx.QueryRowContext(b.ctx, `SELECT text FROM attachments WHERE id = ? AND sha256 = ?`, id, sum).Scan(&was); err != nil {
			return nil, fmt.Errorf("file of case %s: %w", numberOf(id), err)
		}
		if gate.Unmasks(was, b.cleared.BodyText(a.SHA256)) {
			list[i] = old[k]
		}
	}
	return list, nil
}

// attachmentHashes returns the hashes of the bodies that are kept of a case.
func (b *batch) attachmentHashes(id int64) (map[string]bool, error) {
	rows, err := b.tx.QueryContext(b.ctx, `SELECT sha256 FROM attachments WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	have := map[string]bool{}
	for rows.Next() {
		var sum []byte
		if err := rows.Scan(&sum); err != nil {
			return nil, err
		}
		have[hex.EncodeToString(sum)] = true
	}
	return have, rows.Err()
}

// Attachments yields the files of the cases with from <= number <= to that are
// published in full, in the order of the numbers and of each case's list.
func (d *DB) Attachments(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.AttachmentBody, error] {
	return func(yield func(record.AttachmentBody, error) bool) {
		// The list and the bodies come of one state, also beside a writer.
		err := d.snapshot(ctx, func(tx *sql.Tx) error {
			cases, err := casesWithFiles(ctx, tx, from, to)
			if err != nil {
				return err
			}
			for _, c := range cases {
				for _, a := range c.Attachments {
					f := record.AttachmentBody{Number: c.Number, Attachment: a}
					sum, _ := hex.DecodeString(a.SHA256)
					if err := tx.QueryRowContext(ctx, `SELECT body FROM attachments WHERE id = ? AND sha256 = ?`, idOf(c.Number), sum).Scan(&f.Body); err != nil {
						return fmt.Errorf("file of case %s: %w", c.Number, err)
					}
					if !yield(f, nil) {
						return errStop
					}
				}
			}
			return nil
		})
		if err != nil && err != errStop {
			yield(record.AttachmentBody{}, err)
		}
	}
}

// errStop ends a transaction whose reader has seen enough.
var errStop = fmt.Errorf("seen enough")

// casesWithFiles returns the facts of the cases in a span that have files.
func casesWithFiles(ctx context.Context, tx *sql.Tx, from, to record.CaseNumber) (list []record.Fact, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT c.id, c.fact FROM cases c
		WHERE c.id BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM attachments a WHERE a.id = c.id) ORDER BY c.id`, idOf(from), idOf(to))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	words := interner{}
	for rows.Next() {
		var id int64
		var blob sql.RawBytes
		if err := rows.Scan(&id, &blob); err != nil {
			return nil, err
		}
		f, err := decodeFact(blob, numberOf(id), words)
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", numberOf(id), err)
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// attachments checks that the bodies that are kept are those that the cases list,
// and that each is what its hash says.
func (f *fsck) attachments() error {
	kept := map[int64]map[string]int64{}
	err := f.each(`SELECT id, sha256, body FROM attachments ORDER BY id, sha256`, func(rows *sql.Rows) error {
		var id int64
		var sum, body sql.RawBytes
		if err := rows.Scan(&id, &sum, &body); err != nil {
			return err
		}
		if is := sha256.Sum256(body); string(is[:]) != string(sum) {
			f.problem("attachment", "a file of case %s is not what was stored", numberOf(id))
		}
		if kept[id] == nil {
			kept[id] = map[string]int64{}
		}
		kept[id][hex.EncodeToString(sum)] = int64(len(body))
		return nil
	})
	if err != nil {
		return err
	}
	words := interner{}
	return f.each(`SELECT id, fact FROM cases ORDER BY id`, func(rows *sql.Rows) error {
		var id int64
		var blob sql.RawBytes
		if err := rows.Scan(&id, &blob); err != nil {
			return err
		}
		c, err := decodeFact(blob, numberOf(id), words)
		if err != nil {
			return nil // said by another check
		}
		listed := map[string]bool{}
		for _, a := range c.Attachments {
			listed[a.SHA256] = true
			if size, ok := kept[id][a.SHA256]; !ok || size != a.Size {
				f.problem("attachment", "case %s lists a file that is not there", c.Number)
			}
		}
		for hash := range kept[id] {
			if !listed[hash] {
				f.problem("attachment", "there is a file of case %s that it does not list", c.Number)
			}
		}
		return nil
	})
}
