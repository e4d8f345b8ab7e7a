package intake

import (
	"context"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/sqlitefile"
)

// DB is an open intake. Its methods are safe for concurrent use; those that
// write wait for each other.
type DB struct {
	file   *sqlitefile.File
	reader *sql.DB // of file
	seal   *sealer
	now    func() time.Time
}

//go:embed migrations/*.sql
var migrations embed.FS

// fileKind marks the file as an intake: "HYin".
func fileKind() sqlitefile.Kind {
	return sqlitefile.Kind{Name: "an intake", ID: 0x4859696e, Migrations: migrations}
}

// Options are what an intake needs from outside.
type Options struct {
	Random io.Reader        // source of nonces, fit for secrets
	Now    func() time.Time // when a version was received, for [DB.Prune]
}

// Open opens the intake at path and makes it when there is none. It refuses a
// file that was sealed with another key, one of another program, and one of a
// newer schema.
func Open(path string, k Key, o Options) (*DB, error) {
	if !k.ok || o.Random == nil || o.Now == nil {
		return nil, errors.New("intake: a key, a source of random bytes and a clock are needed")
	}
	s, err := newSealer(k, o.Random)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	file, err := sqlitefile.Open(ctx, path, fileKind())
	if err != nil {
		s.close()
		return nil, err
	}
	d := &DB{file: file, reader: file.Reader, seal: s, now: o.Now}
	if err := d.checkKey(ctx); err != nil {
		return nil, errors.Join(d.explain(err), d.Close())
	}
	return d, nil
}

// Close closes the intake.
func (d *DB) Close() error {
	d.seal.close()
	return d.file.Close()
}

// checkKey compares the key with the one that the file was made with.
func (d *DB) checkKey(ctx context.Context) error {
	want := d.seal.content([]byte("the key of this intake"))
	var have []byte
	err := d.reader.QueryRowContext(ctx, `SELECT v FROM meta WHERE k = 'key'`).Scan(&have)
	if errors.Is(err, sql.ErrNoRows) {
		have = want
		_, err = d.file.Writer.ExecContext(ctx, `INSERT INTO meta VALUES ('key', ?)`, want)
	}
	if err != nil {
		return err
	}
	if string(have) != string(want) {
		return fault.New(d.file.Path+" was sealed with another key", "use the key file that was made with this installation")
	}
	return nil
}

func (d *DB) explain(err error) error { return d.file.Explain(err) }

func (d *DB) write(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	return d.file.Write(ctx, do)
}

// kinds lists the kinds in the order in which they are handed on: what cases
// point to comes first. Their places are kept in the file, so that new ones come last.
var kinds = [...]source.Kind{source.Area, source.Unit, source.Topic, source.Channel, source.Assessment, source.Case, source.Accountability}

// caseKind is the index of cases in kinds.
const caseKind = 5

func kindIndex(k source.Kind) (int, error) {
	for i := range kinds {
		if kinds[i] == k {
			return i, nil
		}
	}
	return 0, fmt.Errorf("intake: a kind of record that it does not know")
}

// macBytes returns a keyed hash as bytes.
func macBytes(mac string) ([]byte, error) {
	b, err := hex.DecodeString(mac)
	if err != nil || len(b) < 16 {
		return nil, errors.New("intake: a keyed hash is not hexadecimal or too short")
	}
	return b, nil
}
