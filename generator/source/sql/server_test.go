package sql_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/sql"
)

// server is a PostgreSQL server of our own in a temporary folder: with a socket for the
// superuser, and a port that wants a password and offers TLS.
type server struct {
	dir, bin string
	port     int
	attr     *syscall.SysProcAttr
	uid, gid int
	stop     chan struct{}
	ended    chan error
}

var (
	once    sync.Once
	shared  *server
	sharedE error
	number  int // of databases that were made; tests run one after another
)

func TestMain(m *testing.M) {
	code := m.Run()
	if shared != nil {
		_ = shared.kill(syscall.SIGQUIT) // the folder goes with it
		_ = os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// newest returns the programs of the newest server that is installed.
func newest() (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.SortFunc(dirs, func(a, b string) int {
		n := func(s string) int { v, _ := strconv.Atoi(strings.Split(s, "/")[4]); return v }
		return n(a) - n(b)
	})
	if len(dirs) > 0 {
		return filepath.Dir(dirs[len(dirs)-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errors.New("PostgreSQL is missing, and these tests are nothing without: apt-get install postgresql-15")
	}
	return filepath.Dir(path), nil
}

func newServer() (*server, error) {
	bin, err := newest()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "huiyin-sql-")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, bin: bin, uid: os.Getuid(), gid: os.Getgid(), attr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}}
	if s.uid == 0 { // the server does not run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			return s, err
		}
		s.uid, _ = strconv.Atoi(u.Uid)
		s.gid, _ = strconv.Atoi(u.Gid)
		s.attr.Credential = &syscall.Credential{Uid: uint32(s.uid), Gid: uint32(s.gid)}
	}
	if err := os.Chown(dir, s.uid, s.gid); err != nil {
		return s, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", s.at("data"), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
	initdb.SysProcAttr, initdb.Dir, initdb.Env = &syscall.SysProcAttr{Credential: s.attr.Credential}, dir, []string{"LC_ALL=C.UTF-8"}
	if out, err := initdb.CombinedOutput(); err != nil {
		return s, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if err := s.certificates(); err != nil {
		return s, err
	}
	if err := s.write("data/pg_hba.conf", "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"); err != nil {
		return s, err
	}
	for range 5 { // somebody else may take the port in between
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return s, err
		}
		s.port = l.Addr().(*net.TCPAddr).Port
		_ = l.Close()
		if err = s.run(); err == nil {
			return s, nil
		}
		sharedE = err
	}
	return s, sharedE
}

func (s *server) at(name string) string { return filepath.Join(s.dir, name) }

// write writes a file that belongs to the server.
func (s *server) write(name, text string) error {
	if err := os.WriteFile(s.at(name), []byte(text), 0o600); err != nil {
		return err
	}
	return os.Chown(s.at(name), s.uid, s.gid)
}

// certificates makes an authority, and what it has signed for localhost.
func (s *server) certificates() error {
	from, to := time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority of a test"}, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "database of a test"}, NotBefore: from, NotAfter: to,
		DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return err
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return errors.Join(s.write("ca.crt", text("CERTIFICATE", caDER)), s.write("data/server.crt", text("CERTIFICATE", der)), s.write("data/server.key", text("PRIVATE KEY", keyDER)))
}

// run starts the server and waits until it answers. The thread that starts it stays, so
// that the server ends with this program, however it ends.
func (s *server) run() error {
	s.stop, s.ended = make(chan struct{}), make(chan error, 1)
	log, err := os.OpenFile(s.at("log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), "-D", s.at("data"), "-k", s.dir, "-p", strconv.Itoa(s.port), "-c", "listen_addresses=127.0.0.1",
		"-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "ssl=on", "-c", "password_encryption=scram-sha-256", "-c", "max_connections=20", "-c", "jit=off", "-c", "TimeZone=Asia/Shanghai")
	cmd.SysProcAttr, cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = s.attr, s.dir, log, log, []string{"LC_ALL=C.UTF-8"}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			go func() { s.ended <- cmd.Wait() }()
			<-s.stop
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	pid := cmd.Process.Pid
	for deadline := time.Now().Add(time.Minute); ; {
		conn, err := s.admin("postgres")
		if err == nil {
			return conn.Close(context.Background())
		}
		select {
		case err := <-s.ended:
			text, _ := os.ReadFile(s.at("log"))
			return fmt.Errorf("the server ended: %w\n%s", err, text)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return errors.Join(err, syscall.Kill(pid, syscall.SIGQUIT))
		}
	}
}

// kill ends the server and waits until it has ended. SIGQUIT is as if the power had
// failed: it comes up again by recovery.
func (s *server) kill(sig syscall.Signal) error {
	text, err := os.ReadFile(s.at("data/postmaster.pid"))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, sig); err != nil {
		return err
	}
	<-s.ended
	close(s.stop)
	return nil
}

// admin connects as the superuser.
func (s *server) admin(database string) (*pgconn.PgConn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return pgconn.Connect(ctx, fmt.Sprintf("host=%s port=%d user=postgres dbname=%s sslmode=disable", s.dir, s.port, database))
}

// database is an empty database, a role that can only read, and a view.
type database struct {
	t    *testing.T
	s    *server
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
	once.Do(func() { shared, sharedE = newServer() })
	if sharedE != nil && (shared == nil || shared.ended == nil) {
		t.Fatal(sharedE)
	}
	number++
	d := &database{t: t, s: shared, name: fmt.Sprintf("t%d", number)}
	conn, err := shared.admin("postgres")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, q := range []string{
		"CREATE ROLE " + d.name + " LOGIN PASSWORD '" + strings.ReplaceAll(password, "'", "''") + "'",
		"CREATE DATABASE " + d.name,
		"REVOKE ALL ON DATABASE " + d.name + " FROM PUBLIC",
		"GRANT CONNECT ON DATABASE " + d.name + " TO " + d.name,
	} {
		if _, err := conn.Exec(t.Context(), q).ReadAll(); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	d.reconnect()
	t.Cleanup(func() { _ = d.conn.Close(context.Background()) })
	d.exec(setup)
	return d
}

func (d *database) reconnect() {
	d.t.Helper()
	conn, err := d.s.admin(d.name)
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
func (d *database) socket() string {
	return fmt.Sprintf("host=%s port=%d user=%s dbname=%s", d.s.dir, d.s.port, d.name, d.name)
}

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
