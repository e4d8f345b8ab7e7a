package sqlitefile_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/sqlitefile"
)

var ctx = context.Background()

// kind is a kind of file whose schema has the given scripts.
func kind(scripts ...string) sqlitefile.Kind {
	files := fstest.MapFS{}
	for i, s := range scripts {
		files["migrations/000"+string(rune('1'+i))+"_step.sql"] = &fstest.MapFile{Data: []byte(s)}
	}
	return sqlitefile.Kind{Name: "a test", ID: 0x48597465, Migrations: files}
}

var words = kind(`CREATE TABLE words (word TEXT NOT NULL) STRICT`)

func open(t *testing.T, path string, k sqlitefile.Kind) *sqlitefile.File {
	t.Helper()
	f, err := sqlitefile.Open(ctx, path, k)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func add(f *sqlitefile.File, word string) error {
	return f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO words VALUES (?)`, word)
		return err
	})
}

func count(t *testing.T, f *sqlitefile.File) (n int) {
	t.Helper()
	if err := f.Reader.QueryRow(`SELECT count(*) FROM words`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// direct runs a script in the file as another program would.
func direct(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
}

// code returns the exit code of an error that a person can do something about,
// and -1 of any other.
func code(err error) int {
	var f *fault.Error
	if !errors.As(err, &f) || f.Msg == "" || f.Hint == "" {
		return -1
	}
	_, _, code := fault.Public(err)
	return code
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a file?with#signs.db")
	f := open(t, path, words)
	if err := add(f, "one"); err != nil {
		t.Fatal(err)
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "application_id": "1213822053", "user_version": "1"} {
		var got string
		if err := f.Writer.QueryRow(`PRAGMA ` + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %s, %v; want %s", pragma, got, err, want)
		}
	}
	if _, err := f.Reader.Exec(`DELETE FROM words`); err == nil {
		t.Error("a reader has written")
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", filepath.Base(name), info.Mode(), err)
		}
	}
}

func TestMigrations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	f := open(t, path, words)
	if err := add(f, "one"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	const second = `ALTER TABLE words ADD COLUMN n INTEGER NOT NULL DEFAULT 7`
	const first = `CREATE TABLE words (word TEXT NOT NULL) STRICT`
	// A step that fails undoes those before it.
	if _, err := sqlitefile.Open(ctx, path, kind(first, second, `CREATE TABLE words (x)`)); err == nil {
		t.Error("a migration that fails was taken")
	}
	f = open(t, path, kind(first, second))
	var n int
	if err := f.Reader.QueryRow(`SELECT n FROM words WHERE word = 'one'`).Scan(&n); err != nil || n != 7 {
		t.Errorf("%d, %v", n, err)
	}
	f.Close()
	if _, err := sqlitefile.Open(ctx, path, words); code(err) != 1 {
		t.Errorf("an older program opened it: %v", err)
	}
	gap := sqlitefile.Kind{Name: "a test", ID: 1, Migrations: fstest.MapFS{"migrations/0002_b.sql": {Data: []byte(first)}}}
	if _, err := sqlitefile.Open(ctx, filepath.Join(t.TempDir(), "y.db"), gap); err == nil {
		t.Error("a migration was left out and nobody noticed")
	}
}

func TestRefusesOtherFiles(t *testing.T) {
	dir := t.TempDir()
	for name, script := range map[string]string{
		"of another program":  `CREATE TABLE x (y)`,
		"of a newer schema":   `PRAGMA application_id = 0x48597465; PRAGMA user_version = 999`,
		"of another kind":     `PRAGMA application_id = 0x4859696e; PRAGMA user_version = 1`,
		"with nothing but id": `PRAGMA user_version = 3`,
	} {
		path := filepath.Join(dir, name)
		direct(t, path, script)
		if _, err := sqlitefile.Open(ctx, path, words); code(err) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	path := filepath.Join(dir, "garbage")
	if err := os.WriteFile(path, bytes.Repeat([]byte("garbage "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlitefile.Open(ctx, path, words); code(err) != fault.ExitDamaged {
		t.Errorf("garbage: %v", err)
	}
	if _, err := sqlitefile.Open(ctx, filepath.Join(dir, "no", "such", "folder"), words); code(err) != 1 {
		t.Errorf("no folder: %v", err)
	}
}

func TestWrite(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "x.db"), words)
	insert := func(ctx context.Context, tx *sql.Tx) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO words VALUES ('x')`); err != nil {
			t.Fatal(err)
		}
	}
	failed := errors.New("made up")
	if err := f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { insert(ctx, tx); return failed }); !errors.Is(err, failed) {
		t.Errorf("failed: %v", err)
	}
	func() {
		defer func() { recover() }()
		f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { insert(ctx, tx); panic("made up") })
	}()
	ending, end := context.WithCancel(ctx)
	if err := f.Write(ending, func(ctx context.Context, tx *sql.Tx) error { insert(ctx, tx); end(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if n := count(t, f); n != 0 {
		t.Errorf("%d rows of transactions that failed", n)
	}
	if err := add(f, "x"); err != nil || count(t, f) != 1 {
		t.Errorf("after them: %v", err)
	}
}

// TestFullDisk limits the pages of the file, which SQLite reports as it does a
// full disk.
func TestFullDisk(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "x.db"), words)
	if _, err := f.Writer.Exec(`PRAGMA max_page_count = 10`); err != nil {
		t.Fatal(err)
	}
	if err := add(f, string(bytes.Repeat([]byte("x"), 1<<20))); code(err) != fault.ExitNoSpace {
		t.Errorf("%v", err)
	}
	if err := add(f, "x"); err != nil || count(t, f) != 1 {
		t.Errorf("after it: %v", err)
	}
}

// TestLocked has another connection hold the write lock.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	f := open(t, path, words)
	if _, err := f.Writer.Exec(`PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	if err := add(f, "x"); code(err) != fault.ExitBusy {
		t.Errorf("%v", err)
	}
	open(t, path, words) // which does not write
}

func TestExplain(t *testing.T) {
	said := fault.New("said", "before")
	for _, tt := range []struct {
		err  error
		code int
	}{
		{fs.ErrPermission, 1}, {fs.ErrNotExist, 1}, {said, 1}, {errors.New("a defect"), -1},
	} {
		got := sqlitefile.Explain(tt.err, "x.db")
		if code(got) != tt.code || !errors.Is(got, tt.err) {
			t.Errorf("%v: %v", tt.err, got)
		}
	}
	if sqlitefile.Explain(nil, "x.db") != nil {
		t.Error("no error was explained")
	}
}
