// Package sqltest starts a PostgreSQL server for tests, from the programs that Debian's
// package installs: real, empty, in a folder of its own, gone with the test program.
// Nothing of it is fit to keep data: it does not wait for the disk.
package sqltest

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
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Server is a running server. Its superuser postgres comes in over the socket without a
// password; over the network every role needs one, with or without TLS, and the
// certificate is for localhost. Its time zone is Asia/Shanghai.
//
// Run and Kill must not be called at the same time.
type Server struct {
	dir, bin string
	port     int
	attr     *syscall.SysProcAttr
	uid, gid int
	stop     chan struct{}
	ended    chan error
}

// patience is how long a server may take to start; the machine may be busy.
const patience = 2 * time.Minute

// Start makes a server and starts it. now is when its certificates begin to hold; they
// do so for a day. A server that is not installed is an error: a test is nothing
// without it, and says so.
func Start(now time.Time) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "huiyin-sql-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, uid: os.Getuid(), gid: os.Getgid(), attr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}}
	if err := s.prepare(now); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	for range 5 { // somebody else may take the port in between
		if s.port, err = freePort(); err != nil {
			break
		}
		if err = s.Run(); err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(err, os.RemoveAll(dir))
}

// programs returns the folder of the newest server that is installed.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // 0 is older than all
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errors.New("PostgreSQL is missing, and this test is nothing without: apt-get install postgresql-15")
	}
	return filepath.Dir(path), nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// prepare makes the cluster. As root it is made for the user postgres, because the
// server does not run as root.
func (s *Server) prepare(now time.Time) error {
	if s.uid == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return err
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		s.uid, s.gid = uid, gid
		s.attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	if err := os.Chown(s.dir, s.uid, s.gid); err != nil {
		return err
	}
	initdb := exec.Command(filepath.Join(s.bin, "initdb"), "-D", s.Path("data"), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
	initdb.SysProcAttr, initdb.Dir, initdb.Env = &syscall.SysProcAttr{Credential: s.attr.Credential}, s.dir, []string{"LC_ALL=C.UTF-8"}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return errors.Join(s.certificates(now), s.write("data/pg_hba.conf", "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"))
}

// Path returns the path of a file in the folder of the server.
func (s *Server) Path(name string) string { return filepath.Join(s.dir, name) }

// CA returns the path of the certificate of the authority that signed the server's.
func (s *Server) CA() string { return s.Path("ca.crt") }

// Socket returns the folder of the socket, which is the host of an address.
func (s *Server) Socket() string { return s.dir }

// Port returns the port, which is the same for the socket and on 127.0.0.1.
func (s *Server) Port() int { return s.port }

// write writes a file that belongs to the server.
func (s *Server) write(name, text string) error {
	if err := os.WriteFile(s.Path(name), []byte(text), 0o600); err != nil {
		return err
	}
	return os.Chown(s.Path(name), s.uid, s.gid)
}

// certificates makes an authority, and what it has signed for localhost.
func (s *Server) certificates(now time.Time) error {
	from, to := now.Add(-time.Hour), now.Add(24*time.Hour)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority of a test"}, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "database of a test"}, NotBefore: from, NotAfter: to,
		DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	caKey, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	key, err2 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	caDER, err1 := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	der, err2 := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	keyDER, err3 := x509.MarshalPKCS8PrivateKey(key)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return errors.Join(s.write("ca.crt", text("CERTIFICATE", caDER)), s.write("data/server.crt", text("CERTIFICATE", der)), s.write("data/server.key", text("PRIVATE KEY", keyDER)))
}

// Run starts a server that was killed, and waits until it answers. The thread that
// starts it stays, so that the server ends with this program, however that ends.
func (s *Server) Run() error {
	log, err := os.OpenFile(s.Path("log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() // the server has its own
	args := []string{"-D", s.Path("data"), "-k", s.dir, "-p", strconv.Itoa(s.port)}
	for _, set := range []string{"listen_addresses=127.0.0.1", "fsync=off", "shared_buffers=16MB", "ssl=on", "password_encryption=scram-sha-256", "max_connections=20", "jit=off", "TimeZone=Asia/Shanghai"} {
		args = append(args, "-c", set)
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), args...)
	cmd.SysProcAttr, cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = s.attr, s.dir, log, log, []string{"LC_ALL=C.UTF-8"}
	started, stop, ended := make(chan error), make(chan struct{}), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			go func() { ended <- cmd.Wait() }()
			<-stop
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	s.stop, s.ended = stop, ended
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := s.Connect(ctx, "postgres")
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case failed := <-ended:
			close(stop)
			text, _ := os.ReadFile(s.Path("log")) // the error says more than nothing
			return fmt.Errorf("the server ended: %w\n%s", failed, text)
		case <-ctx.Done():
			return errors.Join(err, s.Kill())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Kill ends the server as if the power had failed, so that it comes up by recovery, and
// waits until it has ended.
func (s *Server) Kill() error {
	text, err := os.ReadFile(s.Path("data/postmaster.pid"))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		return err
	}
	<-s.ended
	close(s.stop)
	return nil
}

// Close ends the server and removes all that it has.
func (s *Server) Close() error { return errors.Join(s.Kill(), os.RemoveAll(s.dir)) }

// Connect connects the superuser to a database.
func (s *Server) Connect(ctx context.Context, database string) (*pgconn.PgConn, error) {
	return pgconn.Connect(ctx, fmt.Sprintf("host=%s port=%d user=postgres dbname=%s sslmode=disable", s.dir, s.port, database))
}

// Exec runs statements in a database as the superuser.
func (s *Server) Exec(ctx context.Context, database, sql string) error {
	conn, err := s.Connect(ctx, database)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql).ReadAll()
	return errors.Join(err, conn.Close(ctx))
}

// Database makes a role that can sign in with the password and has no right beyond, and
// a database of the same name in which nobody else has any.
func (s *Server) Database(ctx context.Context, name, password string) error {
	for _, q := range []string{
		"CREATE ROLE " + name + " LOGIN PASSWORD '" + strings.ReplaceAll(password, "'", "''") + "'",
		"CREATE DATABASE " + name,
		"REVOKE ALL ON DATABASE " + name + " FROM PUBLIC",
		"GRANT CONNECT ON DATABASE " + name + " TO " + name,
	} {
		if err := s.Exec(ctx, "postgres", q); err != nil {
			return fmt.Errorf("%s: %w", strings.Fields(q)[0], err)
		}
	}
	return nil
}

// Address returns the address of a database for a role, over the socket.
func (s *Server) Address(name string) string {
	return fmt.Sprintf("host=%s port=%d user=%s dbname=%s", s.dir, s.port, name, name)
}
