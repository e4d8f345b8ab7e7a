package intake

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
)

// MaxNote is the longest note of [DB.KeepNote], in bytes.
const MaxNote = 16 << 10

// NoteSum returns the keyed hash by which an audit can name a note, in hexadecimal. A text
// that is no note is an error.
func (d *DB) NoteSum(text string) (sum string, err error) {
	if text == "" || len(text) > MaxNote || !utf8.ValidString(text) {
		return "", fault.New(fmt.Sprintf("a note is text of at most %d bytes", MaxNote), "say it in fewer words, in UTF-8")
	}
	return hex.EncodeToString(d.seal.content([]byte("note " + text))), nil
}

// KeepNote seals the note of a person on what she did and returns its [DB.NoteSum]. A note
// stays inside: it may say why a case must not be public, and is published nowhere. The same
// note twice is kept once. Where another process is writing to the intake and goes on with
// it, that is an error with the exit code [fault.ExitBusy].
func (d *DB) KeepNote(ctx context.Context, text string) (sum string, err error) {
	if sum, err = d.NoteSum(text); err != nil {
		return "", err
	}
	mac, err := macBytes(sum)
	if err != nil {
		return "", err
	}
	sealed, err := d.seal.seal([]byte(text), bound("note", mac, ""))
	if err != nil {
		return "", err
	}
	err = d.file.TryWrite(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO notes (sum, sealed) VALUES (?, ?) ON CONFLICT DO NOTHING`, mac, sealed)
		return err
	})
	return sum, err
}

// KeptNote returns a note by its keyed hash. ok is false where there is none.
func (d *DB) KeptNote(ctx context.Context, sum string) (text string, ok bool, err error) {
	mac, err := macBytes(sum)
	if err != nil {
		return "", false, err
	}
	var sealed []byte
	err = d.reader.QueryRowContext(ctx, `SELECT sealed FROM notes WHERE sum = ?`, mac).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, d.explain(err)
	}
	plain, err := d.seal.open(sealed, bound("note", mac, ""))
	return string(plain), err == nil, err
}
