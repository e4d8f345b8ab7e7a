package sql_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source/sql"
)

// Over the network the certificate is checked, name and all, unless the address says
// otherwise; and no error shows the address.
func TestConnect(t *testing.T) {
	d := newDatabase(t, office+cases(1))
	q := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(password)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := closed.Addr().(*net.TCPAddr).Port
	defer closed.Close() // takes connections, and says nothing
	pairs := func(more string) string {
		return fmt.Sprintf("user=%s dbname=%s password='%s' port=%d %s", d.name, d.name, q, d.s.Port(), more)
	}
	ca := d.s.CA()
	address := &url.URL{Scheme: "postgresql", User: url.UserPassword(d.name, password), Host: fmt.Sprintf("localhost:%d", d.s.Port()), Path: "/" + d.name, RawQuery: "sslrootcert=" + url.QueryEscape(ca)}
	for name, tt := range map[string]struct{ dsn, want string }{
		"verified":            {pairs("host=localhost sslrootcert=" + ca), ""},
		"verified, as URL":    {address.String(), ""},
		"without TLS":         {pairs("host=127.0.0.1 sslmode=disable"), ""},
		"not verified":        {pairs("host=127.0.0.1 sslmode=require"), ""},
		"authority alone":     {pairs("host=127.0.0.1 sslmode=verify-ca sslrootcert=" + ca), ""},
		"socket":              {d.socket(), ""},
		"socket, as URL":      {fmt.Sprintf("postgresql:///%s?host=%s&port=%d&user=%s", d.name, url.QueryEscape(d.s.Socket()), d.s.Port(), d.name), ""},
		"unknown authority":   {pairs("host=localhost"), "signed by an unknown authority"},
		"another name":        {pairs("host=127.0.0.1 sslrootcert=" + ca), "is for another name"},
		"unknown, CA alone":   {pairs("host=localhost sslmode=verify-ca"), "signed by an unknown authority"},
		"wrong password":      {strings.Replace(pairs("host=localhost sslrootcert="+ca), "pw-of", "secret-", 1), "does not let the role in"},
		"no such role":        {strings.Replace(pairs("host=localhost sslrootcert="+ca), "user=", "user=no_", 1), "does not let the role in"},
		"no such database":    {strings.Replace(pairs("host=localhost sslrootcert="+ca), "dbname=", "dbname=no_", 1), "no such database"},
		"not this database":   {strings.Replace(d.socket(), "dbname="+d.name, "dbname=template0", 1), "does not take a connection"},
		"no server":           {strings.Replace(d.socket(), "host=", "host=/nowhere", 1), "no database server listens"},
		"no host":             {pairs("host=huiyin.invalid"), "name of the database server is not known"},
		"silent":              {strings.Replace(pairs("host=127.0.0.1 sslmode=disable connect_timeout=1"), fmt.Sprint("port=", d.s.Port()), fmt.Sprint("port=", silent), 1), "no connection to the database"},
		"weaker by itself":    {pairs("host=localhost sslmode=prefer"), "sslmode that is not one of"},
		"options":             {pairs("host=localhost options='-c default_transaction_read_only=off'"), "sets what it may not"},
		"a parameter":         {pairs("host=localhost default_transaction_read_only=off"), "sets what it may not"},
		"a service":           {pairs("host=localhost service=x"), "sets what it may not"},
		"several hosts":       {pairs("host=localhost,127.0.0.1"), "names several hosts"},
		"no user":             {"postgresql://localhost/x", "names no user"},
		"no database":         {"postgresql://a:b@localhost", "names no dbname"},
		"nobody":              {"user=a dbname=b", "names no host"},
		"broken":              {"postgresql://a:" + password + "%zz@localhost/b", "cannot be read"},
		"not closed":          {"host='" + q, "cannot be read"},
		"behind the quote":    {"host='a'b", "cannot be read"},
		"backslash":           {`host=a\`, "cannot be read"},
		"twice":               {"host=a host=b", "cannot be read"},
		"twice, as URL":       {"postgresql://a:b@localhost/x?user=c", "cannot be read"},
		"a word":              {password, "cannot be read"},
		"port":                {pairs("host=localhost") + "x", "cannot be used"},
		"relative":            {pairs("host=localhost sslrootcert=ca.crt"), "sslrootcert that is no absolute path"},
		"no CA":               {pairs("host=localhost sslrootcert=/nowhere"), "cannot be used"},
		"timeout":             {pairs("host=localhost connect_timeout=0"), "connect_timeout that is out of bounds"},
		"key others read":     {pairs("host=localhost sslcert=" + ca + " sslkey=" + open(t, "key")), "others than its owner may read"},
		"certificate, no key": {pairs("host=localhost sslcert=" + ca), "cannot be used"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "port" {
				tt.dsn = strings.Replace(tt.dsn[:len(tt.dsn)-1], "port=", "port=x", 1)
			}
			g, err := fetch(t.Context(), d.at(sql.Options{}, tt.dsn), nil, nil)
			if tt.want != "" {
				hint := wantFault(t, err, tt.want)
				for _, secret := range []string{"secret-", password[:8], q, d.name + "'", "dbname=" + d.name, "nowhere", "huiyin.invalid"} {
					if strings.Contains(err.Error(), secret) || strings.Contains(hint, secret) {
						t.Errorf("the error shows the address: %v; %s", err, hint)
					}
				}
			} else if err != nil || len(g.items()) != 1 {
				t.Errorf("%d items, %v", len(g.items()), err)
			}
		})
	}
}

// relay passes on what two sides say, until the server has said so many bytes; from then
// on the line is open and dumb, or cut.
func relay(t *testing.T, to string, bytes int64, cut bool) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return // the test has ended
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				_ = client.Close()
				return
			}
			go func() { _, _ = io.Copy(server, client) }()
			go func() {
				_, _ = io.CopyN(client, server, bytes)
				if cut {
					_ = client.Close()
				}
				<-t.Context().Done()
				_ = errors.Join(client.Close(), server.Close())
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

// A line that falls silent or is cut, at whatever place, ends the fetch.
func TestLine(t *testing.T) {
	d := newDatabase(t, office+cases(500))
	q := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(password)
	for _, bytes := range []int64{0, 1, 100, 400, 1000, 2000, 10_000, 30_000} {
		for _, cut := range []bool{true, false} {
			if !cut && bytes > 100 && bytes < 10_000 {
				continue // each takes its time
			}
			port := relay(t, fmt.Sprintf("127.0.0.1:%d", d.s.Port()), bytes, cut)
			f := d.at(sql.Options{Timeout: time.Second, Page: 100}, fmt.Sprintf("host=127.0.0.1 sslmode=disable connect_timeout=1 port=%d user=%s dbname=%s password='%s'", port, d.name, d.name, q))
			_, err := fetch(t.Context(), f, nil, nil)
			if msg, _, _ := fault.Public(err); err == nil || !strings.Contains(msg, "connection to the database") {
				t.Errorf("after %d bytes, cut %v: %v", bytes, cut, err)
			}
		}
	}
}

// open makes a file that others may read.
func open(t *testing.T, name string) string {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// What the environment says to other programs has no say in the connection.
func TestEnvironment(t *testing.T) {
	d := newDatabase(t, office+cases(1))
	for k, v := range map[string]string{"PGHOST": "nowhere.invalid", "PGPORT": "1", "PGUSER": "postgres", "PGDATABASE": "template1", "PGSSLMODE": "disable", "PGOPTIONS": "-c default_transaction_read_only=off",
		"PGAPPNAME": "x", "PGTZ": "UTC", "PGSSLROOTCERT": "/nowhere", "PGSSLCERT": "/nowhere", "PGSSLKEY": "/nowhere", "PGREQUIREAUTH": "none", "PGCHANNELBINDING": "require", "PGSSLNEGOTIATION": "direct",
		"PGTARGETSESSIONATTRS": "standby", "PGCONNECT_TIMEOUT": "x"} {
		t.Setenv(k, v)
	}
	if g := d.all(d.feed(sql.Options{}), nil); len(g.items()) != 1 {
		t.Errorf("%q", g.items())
	}
	dsn := fmt.Sprintf("host=localhost port=%d user=%s dbname=%s password='%s'", d.s.Port(), d.name, d.name, strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(password))
	_, err := fetch(t.Context(), d.at(sql.Options{}, dsn), nil, nil)
	wantFault(t, err, "signed by an unknown authority") // TLS, checked, although PGSSLMODE says otherwise
	if g := d.all(d.at(sql.Options{}, dsn+" sslrootcert="+d.s.CA()), nil); len(g.items()) != 1 {
		t.Errorf("%q", g.items())
	}
}

// The session is as it should be, whatever the role has been given as its defaults.
func TestSession(t *testing.T) {
	d := newDatabase(t, office)
	d.exec(`CREATE FUNCTION raw.setting(text) RETURNS text LANGUAGE sql STABLE AS 'SELECT pg_catalog.current_setting($1)'; GRANT USAGE ON SCHEMA raw TO ROLE;
		DROP VIEW publish.pub_case_v1; CREATE VIEW publish.pub_case_v1 AS SELECT s AS case_no, raw.setting(s) AS title, '2026-11-01'::timestamptz AS updated_at
		FROM unnest(ARRAY['application_name', 'default_transaction_read_only', 'idle_in_transaction_session_timeout', 'lock_timeout', 'statement_timeout', 'transaction_isolation', 'transaction_read_only']) s; GRANT SELECT ON publish.pub_case_v1 TO ROLE;`)
	for _, s := range []string{"default_transaction_read_only = off", "statement_timeout = 0", "search_path = raw", "TimeZone = 'UTC'", "DateStyle = 'German'"} {
		d.exec("ALTER ROLE " + d.name + " SET " + s)
	}
	want := map[string]string{"application_name": "huiyin", "default_transaction_read_only": "on", "idle_in_transaction_session_timeout": "1min", "lock_timeout": "10s", "statement_timeout": "1min",
		"transaction_isolation": "repeatable read", "transaction_read_only": "on"}
	items := d.all(d.feed(sql.Options{}), nil).items()
	if len(items) != len(want) {
		t.Fatalf("%q", items)
	}
	for _, item := range items {
		if key := numbers([]string{item})[0]; !strings.Contains(item, `"title":"`+want[key]+`","updated_at":"2026-11-01T00:00:00+08:00"`) {
			t.Errorf("%s, want %s", item, want[key])
		}
	}
	// A view that writes gets nowhere.
	d.exec(`CREATE FUNCTION raw.writes() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN DELETE FROM raw.petition; RETURN ''; END $$;
		CREATE OR REPLACE VIEW publish.pub_case_v1 AS SELECT 'N1' AS case_no, raw.writes() AS title, '2026-11-01'::timestamptz AS updated_at`)
	_, err := fetch(t.Context(), d.feed(sql.Options{}), nil, nil)
	wantFault(t, err, "the view tries to write")
}

func TestSecret(t *testing.T) {
	d := newDatabase(t, office+cases(1))
	file := filepath.Join(t.TempDir(), "dsn")
	feed := func(o sql.Options) *sql.Feed {
		o.View = "publish.pub_case_v1"
		f, err := sql.New(o, func(string) string { return "" }, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	_, err := fetch(t.Context(), feed(sql.Options{DSNFile: file}), nil, nil)
	wantFault(t, err, "cannot be read")
	for _, tt := range []struct {
		text string
		mode os.FileMode
		want string
	}{
		{d.socket() + "\n", 0o600, ""},
		{d.socket(), 0o400, ""},
		{d.socket(), 0o640, "others than its owner may read"},
		{d.socket() + "\nmore=1", 0o600, "does not hold an address on one line"},
		{"\n", 0o600, "does not hold an address on one line"},
		{strings.Repeat(" ", 5000), 0o600, "does not hold an address on one line"},
	} {
		if err := os.RemoveAll(file); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(tt.text), tt.mode); err != nil {
			t.Fatal(err)
		}
		g, err := fetch(t.Context(), feed(sql.Options{DSNFile: file}), nil, nil)
		if tt.want != "" {
			wantFault(t, err, tt.want)
		} else if err != nil || len(g.items()) != 1 {
			t.Errorf("%v: %v", tt.mode, err)
		}
	}
	_, err = fetch(t.Context(), feed(sql.Options{DSNEnv: "NOTHING"}), nil, nil)
	wantFault(t, err, "variable NOTHING with the address of the database is empty")
}

func TestOptions(t *testing.T) {
	good := func() sql.Options { return sql.Options{DSNFile: "/etc/huiyin/dsn", View: "publish.pub_case_v1"} }
	for name, tt := range map[string]struct {
		set  func(*sql.Options)
		want string
	}{
		"good":               {func(*sql.Options) {}, ""},
		"no address":         {func(o *sql.Options) { o.DSNFile = "" }, "dsn_file"},
		"two addresses":      {func(o *sql.Options) { o.DSNEnv = "DSN" }, "dsn_env"},
		"the address itself": {func(o *sql.Options) { o.DSNFile, o.DSNEnv = "", "postgresql://a:"+password+"@b/c" }, "dsn_env"},
		"no view":            {func(o *sql.Options) { o.View = "" }, "view"},
		"no schema":          {func(o *sql.Options) { o.View = "pub_case_v1" }, "view"},
		"two schemas":        {func(o *sql.Options) { o.View = "a.b.c" }, "view"},
		"long":               {func(o *sql.Options) { o.Key = strings.Repeat("字", 22) }, "key"},
		"zero byte":          {func(o *sql.Options) { o.UpdatedAt = "a\x00" }, "updated_at"},
		"empty column":       {func(o *sql.Options) { o.Columns = []string{""} }, "columns"},
		"twice":              {func(o *sql.Options) { o.AllowColumns = []string{"a", "a"} }, "allow_columns"},
		"key is updated_at":  {func(o *sql.Options) { o.Key = "updated_at" }, "key"},
		"forbidden nothing":  {func(o *sql.Options) { o.Forbidden = []string{"_"} }, "forbidden"},
		"forbidden letter":   {func(o *sql.Options) { o.Forbidden = []string{"x"} }, "forbidden"},
		"forbidden sign":     {func(o *sql.Options) { o.Forbidden = []string{"编"} }, ""},
		"page":               {func(o *sql.Options) { o.Page = 10001 }, "page"},
		"negative page":      {func(o *sql.Options) { o.Page = -1 }, "page"},
		"overlap":            {func(o *sql.Options) { o.Overlap = 59 * time.Second }, "overlap"},
		"timeout":            {func(o *sql.Options) { o.Timeout = 1 }, "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			o := good()
			tt.set(&o)
			_, err := sql.New(o, nil, nil)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantFault(t, err, "setting "+tt.want+" of a feed from a database")
		})
	}
}
