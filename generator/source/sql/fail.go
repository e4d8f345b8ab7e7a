package sql

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/huiyin/huiyin/generator/fault"
)

// failure turns what the driver or the server says into an error for the office. What
// they say themselves is not kept: the server quotes values of rows, and the driver the
// address.
func failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if h, ok := err.(handed); ok {
		return h.error
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var public *fault.Error
	if errors.As(err, &public) {
		return err
	}
	cause, again := plain(err), "fetching goes on from where it stopped at the next run"
	var pg *pgconn.PgError
	var tooLong *pgproto3.ExceededMaxBodyLenErr
	switch {
	case errors.As(err, &pg):
		class := (pg.Code + "  ")[:2]
		switch {
		case pg.Code == "57014":
			return fault.Wrap(cause, "the database broke off a statement that took too long", "add an index on updated_at and the key (docs/sql.md), or raise timeout; "+again)
		case pg.Code == "55P03":
			return fault.Wrap(cause, "the view was locked for too long", "ask the DBA what holds the lock, and fetch again when it has ended; "+again)
		case pg.Code == "42501":
			return fault.Wrap(cause, "the database role may not read what the view needs", "the DBA grants SELECT on the view to the role, and to the owner of the view what lies behind it; docs/sql.md has the lines")
		case pg.Code == "42P01" || pg.Code == "42703" || pg.Code == "42883":
			return fault.Wrap(cause, "the view, or something that it needs, is not there any more", "ask the DBA whether the view was changed; its functions must name their schemas; "+again)
		case pg.Code == "25006":
			return fault.Wrap(cause, "the view tries to write", "a view for huiyin must not call functions that write")
		case pg.Code == "53300":
			return fault.Wrap(cause, "the database has no free connection", "raise CONNECTION LIMIT of the role or max_connections; "+again)
		case class == "57" || class == "53" || class == "58" || class == "XX":
			return fault.Wrap(cause, "the database is shutting down, starting, or in trouble", "ask the DBA; "+again)
		case class == "22":
			return fault.Wrap(cause, "the view fails at one of its rows", "the DBA reads the whole view once with SELECT, and mends the conversion that fails; "+again)
		}
		return fault.Wrap(cause, "the database refused a statement", "its log says why, at the time of the run; "+again)
	case errors.As(err, &tooLong):
		return fault.Wrap(cause, fmt.Sprintf("a row of the view is larger than %d MiB", maxRow>>20), "keep long contents out of the view, or cut them there")
	}
	return fault.Wrap(cause, "the connection to the database was lost", "check the network and whether the server was restarted; "+again)
}

// connectFailure says why no connection came about.
func connectFailure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	cause := plain(err)
	var pg *pgconn.PgError
	var dns *net.DNSError
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &pg):
		switch pg.Code {
		case "28P01", "28000":
			return fault.Coded(fault.ExitConfig, "the database does not let the role in", "check user, password and database in the address, and pg_hba.conf on the server; the DBA sets a password with ALTER ROLE", cause)
		case "3D000":
			return fault.Coded(fault.ExitConfig, "there is no such database", "check the name of the database in the address", cause)
		case "42501":
			return fault.Coded(fault.ExitConfig, "the role may not connect to the database", "the DBA runs GRANT CONNECT ON DATABASE; docs/sql.md has the lines", cause)
		case "53300":
			return fault.Wrap(cause, "the database has no free connection", "raise CONNECTION LIMIT of the role or max_connections, or fetch at another time")
		case "08P01", "42704", "22023":
			return fault.Coded(fault.ExitConfig, "what answers does not take the settings of a session", "name the server itself and no connection pooler: read only and the time limits must hold for the whole session", cause)
		}
		return fault.Wrap(cause, "the database does not take a connection", "ask the DBA whether it is starting or shutting down, and fetch again")
	case errors.As(err, &host):
		return fault.Coded(fault.ExitConfig, "the certificate of the database server is for another name", "write the name that the certificate has as host of the address", cause)
	case errors.As(err, &authority):
		return fault.Coded(fault.ExitConfig, "the certificate of the database server is signed by an unknown authority", "name the file with the certificate of that authority in the address: sslrootcert=/etc/huiyin/db-ca.crt", cause)
	case errors.As(err, &invalid):
		return fault.Coded(fault.ExitConfig, "the certificate of the database server is not valid", "the DBA renews it; if it is valid, check the clock here", cause)
	case errors.As(err, &dns):
		return fault.Wrap(cause, "the name of the database server is not known", "check host in the address, and the name server of this machine")
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT):
		return fault.Wrap(cause, "no database server listens at the address", "check host and port of the address, and that the server runs")
	case strings.Contains(err.Error(), "refused TLS"):
		return fault.Coded(fault.ExitConfig, "the database server does not offer TLS", "the DBA sets ssl = on; only where the way to the server cannot be listened to, write sslmode=disable into the address", cause)
	}
	return fault.Wrap(cause, "no connection to the database came about", "check host and port of the address, the firewall, and that the server runs")
}

// plain is what of an error may stand in a log: codes and kinds, no text that others
// wrote.
func plain(err error) error {
	var pg *pgconn.PgError
	var errno syscall.Errno
	var network net.Error
	var x x509.CertificateInvalidError
	switch {
	case errors.As(err, &pg):
		return fmt.Errorf("SQLSTATE %.5s", pg.Code)
	case errors.As(err, &errno):
		return errno
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return errors.New("timed out")
	case errors.As(err, &x):
		return fmt.Errorf("certificate, reason %d", x.Reason)
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return fmt.Errorf("%T", err)
}
