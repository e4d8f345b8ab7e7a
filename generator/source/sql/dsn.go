package sql

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/huiyin/huiyin/generator/fault"
)

// maxDSN is the longest address in bytes.
const maxDSN = 4096

// secret reads the address of the database. No error holds any of it.
func (f *Feed) secret() (string, error) {
	if f.o.DSNEnv != "" {
		s := strings.TrimSpace(f.env(f.o.DSNEnv))
		if s == "" {
			return "", fault.Coded(fault.ExitConfig, "the variable "+f.o.DSNEnv+" with the address of the database is empty",
				"set it for the process that fetches, or name a file in dsn_file", nil)
		}
		return s, nil
	}
	path := f.o.DSNFile
	text, err := private(path)
	if err != nil {
		return "", err
	}
	s := strings.TrimSpace(text)
	if s == "" || len(text) > maxDSN || strings.ContainsAny(s, "\r\n") {
		return "", fault.Coded(fault.ExitConfig, "the file "+path+" does not hold an address on one line", "put the address of the database into it, and nothing else", nil)
	}
	return s, nil
}

// private reads a file that nobody but its owner may read.
func private(path string) (string, error) {
	unreadable := func(err error) error {
		return fault.Coded(fault.ExitConfig, "the file "+path+" cannot be read", "check its name and permissions", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return "", unreadable(err)
	}
	defer file.Close() // only read: nothing can be lost
	info, err := file.Stat()
	if err != nil {
		return "", unreadable(err)
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return "", fault.Coded(fault.ExitConfig, "others than its owner may read the file "+path, "run: chmod 600 "+path, nil)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxDSN+1))
	if err != nil {
		return "", unreadable(err)
	}
	return string(text), nil
}

// keys are what an address may set. Everything else is set here, or would weaken what
// is: options could switch off read only.
var keys = []string{"host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "channel_binding", "require_auth"}

// badDSN is a mistake in the address. It names a key at most, because whatever stands
// in an address that is broken may be the password.
func badDSN(what, hint string) error {
	return fault.Coded(fault.ExitConfig, "the address of the database "+what, hint, nil)
}

const dsnHint = "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for an @ in the password; or host=… dbname=… user=… password=…; docs/sql.md lists what may stand in it"

// connection makes of an address the settings of a connection.
func (f *Feed) connection(dsn string) (*pgconn.Config, error) {
	set, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	for _, k := range []string{"host", "dbname", "user"} {
		if set[k] == "" {
			return nil, badDSN("names no "+k, dsnHint)
		}
	}
	if strings.Contains(set["host"], ",") {
		return nil, badDSN("names several hosts", "name one: two servers may stand at different times, and rows would be missed")
	}
	unix := strings.HasPrefix(set["host"], "/")
	switch mode := set["sslmode"]; {
	case mode == "":
		set["sslmode"] = "verify-full"
	case !slices.Contains([]string{"disable", "require", "verify-ca", "verify-full"}, mode):
		return nil, badDSN("has an sslmode that is not one of verify-full, verify-ca, require, disable", "leave it away for verify-full; allow and prefer would promise what they do not keep")
	}
	for _, k := range []string{"sslrootcert", "sslcert", "sslkey"} {
		if p := set[k]; p != "" && !filepath.IsAbs(p) && !(k == "sslrootcert" && p == "system") {
			return nil, badDSN("has an "+k+" that is no absolute path", "write the whole path, beginning with /")
		}
	}
	if set["sslkey"] != "" && !unix {
		if _, err := private(set["sslkey"]); err != nil {
			return nil, err
		}
	}
	if set["connect_timeout"] == "" {
		set["connect_timeout"] = "10"
	}
	if n, err := strconv.Atoi(set["connect_timeout"]); err != nil || n < 1 || n > 300 {
		return nil, badDSN("has a connect_timeout that is out of bounds", "from 1 to 300 seconds")
	}
	// Every key is written, so that no variable of the environment and no file of the
	// home folder has a say.
	all := map[string]string{"passfile": "", "target_session_attrs": "any", "sslsni": "1", "sslnegotiation": "", "sslcertmode": "allow", "sslpassword": "",
		"min_protocol_version": "3.0", "max_protocol_version": "3.0", "krbsrvname": "", "krbspn": "", "port": "5432"}
	for _, k := range keys {
		if v := set[k]; v != "" || all[k] == "" {
			all[k] = v
		}
	}
	var b strings.Builder
	for k, v := range all {
		fmt.Fprintf(&b, "%s='%s' ", k, strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(v))
	}
	c, err := pgconn.ParseConfig(b.String())
	if err != nil { // whose text holds parts of the address
		return nil, badDSN("cannot be used", "check the port, and that sslrootcert, sslcert and sslkey name readable PEM files; "+dsnHint)
	}
	millis := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	c.RuntimeParams = map[string]string{
		"application_name":                    "huiyin",
		"default_transaction_read_only":       "on",
		"default_transaction_isolation":       "repeatable read",
		"statement_timeout":                   millis(f.o.Timeout),
		"lock_timeout":                        millis(f.o.Timeout / 6),
		"idle_in_transaction_session_timeout": millis(f.o.Timeout),
		"search_path":                         "pg_catalog", // nothing that others made can stand in for a function
		"client_encoding":                     "UTF8",
		"DateStyle":                           "ISO, YMD",
		"TimeZone":                            zone,
		"extra_float_digits":                  "1", // the shortest digits that mean the same number
	}
	c.MaxProtocolMessageBodyLen = maxRow
	c.Fallbacks = nil
	return c, nil
}

// zone is UTC+8, in which the office reads its times, as POSIX writes it: no server
// lacks it.
const zone = "<+08>-8"

// parseDSN takes an address apart.
func parseDSN(dsn string) (map[string]string, error) {
	var set map[string]string
	var err error
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		set, err = parseURL(dsn)
	} else {
		set, err = parsePairs(dsn)
	}
	if err != nil {
		return nil, badDSN("cannot be read", dsnHint)
	}
	for k, v := range set {
		if !slices.Contains(keys, k) {
			return nil, badDSN("sets what it may not", "these may be set: "+strings.Join(keys, ", "))
		}
		if strings.ContainsRune(v, 0) {
			return nil, badDSN("cannot be read", dsnHint)
		}
	}
	return set, nil
}

var errDSN = errors.New("broken address")

// parseURL reads postgresql://user:password@host:port/database?key=value.
func parseURL(dsn string) (map[string]string, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Fragment != "" || u.Opaque != "" {
		return nil, errDSN
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, errDSN
	}
	set := map[string]string{}
	put := func(k, v string) {
		if _, twice := set[k]; twice {
			err = errDSN
		}
		set[k] = v
	}
	for k, v := range query {
		if len(v) != 1 {
			return nil, errDSN
		}
		put(k, v[0])
	}
	if u.User != nil {
		put("user", u.User.Username())
		if p, ok := u.User.Password(); ok {
			put("password", p)
		}
	}
	if h := u.Hostname(); h != "" {
		put("host", h)
	}
	if p := u.Port(); p != "" {
		put("port", p)
	}
	if d := strings.TrimPrefix(u.Path, "/"); d != "" {
		put("dbname", d)
	}
	return set, err
}

// parsePairs reads key=value pairs parted by blanks; a value with blanks stands in
// single quotes, and a backslash takes the next character as it is.
func parsePairs(dsn string) (map[string]string, error) {
	set := map[string]string{}
	for s := strings.TrimLeft(dsn, " \t"); s != ""; s = strings.TrimLeft(s, " \t") {
		k, rest, ok := strings.Cut(s, "=")
		k = strings.TrimSpace(k)
		if _, twice := set[k]; !ok || k == "" || twice || strings.ContainsAny(k, " \t'\\") {
			return nil, errDSN
		}
		rest = strings.TrimLeft(rest, " \t")
		quoted := strings.HasPrefix(rest, "'")
		if quoted {
			rest = rest[1:]
		}
		var v strings.Builder
		i := 0
		for ; i < len(rest); i++ {
			switch c := rest[i]; {
			case c == '\\' && i+1 < len(rest):
				i++
				v.WriteByte(rest[i])
				continue
			case c == '\'' && !quoted, c == '\\':
				return nil, errDSN
			case !quoted && (c == ' ' || c == '\t'), quoted && c == '\'':
			default:
				v.WriteByte(c)
				continue
			}
			break
		}
		if quoted {
			if i == len(rest) {
				return nil, errDSN
			}
			i++
			if i < len(rest) && rest[i] != ' ' && rest[i] != '\t' {
				return nil, errDSN
			}
		}
		set[k], s = v.String(), rest[i:]
	}
	return set, nil
}
