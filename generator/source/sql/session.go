package sql

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/huiyin/huiyin/generator/fault"
)

// session is one connection, which can only read.
type session struct {
	conn     *pgconn.PgConn
	role     string // who has signed in
	database string
	address  string        // host, port and name of the database, as they were asked for
	patience time.Duration // for one statement
}

// minVersion is the oldest server that is read: PostgreSQL 12.
const minVersion = 120_000

// connect opens a session and makes sure that it is as was asked.
func (f *Feed) connect(ctx context.Context) (*session, error) {
	dsn, err := f.secret()
	if err != nil {
		return nil, err
	}
	c, err := f.connection(dsn)
	if err != nil {
		return nil, err
	}
	conn, err := pgconn.ConnectConfig(ctx, c)
	if err != nil {
		return nil, connectFailure(ctx, err)
	}
	// The server breaks off what takes longer than the timeout; one that does not, or a
	// line on which nothing comes any more, is given up after twice that.
	s := &session{conn: conn, address: fmt.Sprintf("%q %d %q", c.Host, c.Port, c.Database), patience: 2 * f.o.Timeout}
	if err := s.greet(ctx); err != nil {
		s.close(ctx)
		return nil, failure(ctx, err)
	}
	return s, nil
}

// close ends the session; a server that does not answer is not waited for.
func (s *session) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_ = s.conn.Close(ctx) // nothing was written that could be lost
}

// greet looks at the server and at what of the settings it has taken.
func (s *session) greet(ctx context.Context) error {
	var version int
	var readOnly bool
	err := s.query(ctx, 4, `SELECT current_setting('server_version_num'), session_user, current_database(),
		current_setting('default_transaction_read_only') = 'on' AND current_setting('search_path') = 'pg_catalog'
			AND current_setting('statement_timeout') <> '0' AND current_setting('lock_timeout') <> '0' AND current_setting('TimeZone') = $1`,
		[]string{zone}, func(v [][]byte) error {
			version, _ = strconv.Atoi(string(v[0])) // 0 is too old
			s.role, s.database, readOnly = string(v[1]), string(v[2]), string(v[3]) == "t"
			return nil
		})
	if err != nil {
		return err
	}
	if err := checkVersion(version); err != nil {
		return err
	}
	if !readOnly {
		return fault.Coded(fault.ExitConfig, "the session did not become read only", "name the server itself and no connection pooler in the address: read only and the time limits must hold for the whole session", nil)
	}
	return nil
}

// checkVersion refuses servers that are too old, by the number that they state.
func checkVersion(n int) error {
	if n < minVersion {
		return fault.Coded(fault.ExitConfig, fmt.Sprintf("the database server is PostgreSQL %d", n/10_000), "PostgreSQL 12 or newer is needed", nil)
	}
	return nil
}

// query hands every row of a statement to each, as many values as there are columns, as
// the server writes them; nil is null. They are only valid until each returns.
func (s *session) query(ctx context.Context, columns int, sql string, args []string, each func([][]byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	params := make([][]byte, len(args))
	for i, a := range args {
		params[i] = []byte(a)
	}
	r := s.conn.ExecParams(ctx, sql, params, nil, nil, nil)
	for r.NextRow() {
		err := errAnswer
		if len(r.Values()) == columns {
			err = each(r.Values())
		}
		if err != nil {
			_, _ = r.Close() // the rest is of no use
			return err
		}
	}
	_, err := r.Close()
	return err
}

var errAnswer = fault.New("the database sent other columns than it was asked for", "fetch again; if it comes again, ask the DBA what stands between here and the server")

// look runs f on one snapshot of the database. The transaction is over before anything
// is done with what was read: an open one would hold back the clearing of dead rows.
func (s *session) look(ctx context.Context, f func() error) error {
	if err := s.query(ctx, 0, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", nil, nil); err != nil {
		return err
	}
	if err := f(); err != nil {
		if !s.conn.IsClosed() {
			_ = s.query(ctx, 0, "ROLLBACK", nil, nil) // err says more
		}
		return err
	}
	return s.query(ctx, 0, "COMMIT", nil, nil)
}
