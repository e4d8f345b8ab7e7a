package sql_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/sql"
	"github.com/huiyin/huiyin/generator/source/sql/sqltest"
)

var (
	once   sync.Once
	shared *sqltest.Server
	failed error
	number int // of databases that were made; tests run one after another
)

func TestMain(m *testing.M) {
	code := m.Run()
	if shared != nil {
		if err := shared.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// database is an empty database, a role that can only read, and a view.
type database struct {
	t    *testing.T
	s    *sqltest.Server
	name string // of the database, and of the role
	conn *pgconn.PgConn
}

const password = "pw-of-'\\-a test"

// office is what an office has, and what the view makes of it.
const office = `
CREATE SCHEMA raw;
CREATE TABLE raw.petition (case_no text COLLATE "und-x-icu" PRIMARY KEY, citizen text, title text, updated_at timestamptz NOT NULL DEFAULT now(), withdrawn_at timestamptz);
CREATE INDEX ON raw.petition (updated_at, (case_no::text) COLLATE "C");
CREATE SCHEMA publish;
CREATE VIEW publish.pub_case_v1 AS SELECT case_no, title, updated_at, withdrawn_at FROM raw.petition;
GRANT USAGE ON SCHEMA publish TO ROLE;
GRANT SELECT ON publish.pub_case_v1 TO ROLE;
`

// newDatabase makes a database; ROLE in setup stands for the role.
func newDatabase(t *testing.T, setup string) *database {
	t.Helper()
	once.Do(func() { shared, failed = sqltest.Start(time.Now()) })
	if failed != nil {
		t.Fatal(failed)
	}
	number++
	d := &database{t: t, s: shared, name: fmt.Sprintf("t%d", number)}
	if err := shared.Database(t.Context(), d.name, password); err != nil {
		t.Fatal(err)
	}
	d.reconnect()
	t.Cleanup(func() { _ = d.conn.Close(context.Background()) })
	d.exec(setup)
	return d
}

func (d *database) reconnect() {
	d.t.Helper()
	conn, err := d.s.Connect(context.Background(), d.name)
	if err != nil {
		d.t.Fatal(err)
	}
	d.conn = conn
}

// exec runs statements as the superuser; ROLE stands for the role.
func (d *database) exec(q string) {
	d.t.Helper()
	q = roleWord.ReplaceAllString(q, d.name+";")
	if _, err := d.conn.Exec(context.Background(), q).ReadAll(); err != nil {
		d.t.Fatalf("%s: %v", q, err)
	}
}

var roleWord = regexp.MustCompile(`\bROLE;`)

// socket is the address over the socket of the machine.
func (d *database) socket() string { return d.s.Address(d.name) }

// feed returns the feed of the view over the socket.
func (d *database) feed(o sql.Options) *sql.Feed {
	d.t.Helper()
	return d.at(o, d.socket())
}

func (d *database) at(o sql.Options, dsn string) *sql.Feed {
	d.t.Helper()
	if o.View == "" {
		o.View = "publish.pub_case_v1"
	}
	o.DSNEnv = "DSN"
	f, err := sql.New(o, func(name string) string { return map[string]string{"DSN": dsn}[name] }, time.Now)
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}

// got is what a fetch has brought.
type got struct {
	pages   [][]string
	state   []byte // of the last page, or of the walk when it came to its end
	restart int
	walk    source.Walk
}

// items are those of all pages, in their order.
func (g got) items() []string { return slices.Concat(g.pages...) }

// fetch takes all that the feed hands over; each runs behind every page.
func fetch(ctx context.Context, f *sql.Feed, state []byte, each func(n int) error) (got, error) {
	g := got{state: state}
	walk, err := f.Fetch(ctx, state, func(p source.Page) error {
		var items []string
		for _, item := range p.Items {
			items = append(items, string(item))
		}
		if p.Restart {
			g.restart++
		}
		g.pages, g.state = append(g.pages, items), p.State
		if each != nil {
			return each(len(g.pages))
		}
		return nil
	})
	if err == nil {
		g.state, g.walk = walk.State, walk
	}
	return g, err
}

// all fetches to the end.
func (d *database) all(f *sql.Feed, state []byte) got {
	d.t.Helper()
	g, err := fetch(d.t.Context(), f, state, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return g
}
