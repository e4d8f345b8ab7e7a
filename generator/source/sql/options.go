package sql

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
)

// Options are the settings of one feed.
type Options struct {
	// DSNFile is a file with the address of the database and how to sign in, on one
	// line: postgresql://huiyin:PASSWORD@db.example.gov.cn/petition, or the same as
	// host=… dbname=… user=… password=…. Readable by its owner only (mode 0600). Either it
	// or DSNEnv is required.
	DSNFile string `yaml:"dsn_file"`

	// DSNEnv is the name of an environment variable that holds the same.
	DSNEnv string `yaml:"dsn_env"`

	// View is the view that is read, with its schema: publish.pub_case_v1. Required.
	View string `yaml:"view"`

	// Key is the column that tells one row from another: text, a whole number or a
	// uuid, never null. Default: case_no.
	Key string `yaml:"key"`

	// UpdatedAt is the column with the time of the last change: timestamptz, never
	// null. Default: updated_at.
	UpdatedAt string `yaml:"updated_at"`

	// Columns are what is taken, beside the key, updated_at and withdrawn_at, which
	// always are. Default: every column that the role may read.
	Columns []string `yaml:"columns"`

	// Page is how many rows are read at once, from 1 to 10000; a page ends earlier at
	// 4 MiB. Default: 1000.
	Page int `yaml:"page"`

	// Overlap is how far before the newest row that was seen each walk begins to look
	// again, for changes that were committed late; in Go's notation, from 1m to 168h.
	// It is at least the longest time from updated_at to the moment at which the view
	// shows the change. The clocks here and there may be as far apart. Default: 10m.
	Overlap time.Duration `yaml:"overlap"`

	// Timeout is the longest time for one statement, in Go's notation, from 1s to 1h;
	// a sixth of it is the longest wait for a lock. Default: 1m.
	Timeout time.Duration `yaml:"timeout"`

	// Forbidden are further words that no name of a column may hold, such as 工号. They
	// are added to those of the package, which cannot be taken away.
	Forbidden []string `yaml:"forbidden"`

	// AllowColumns are columns that may be read although their names hold a forbidden
	// word, because no citizen's data stand in them: unit_name. Each is the whole name
	// of a column of the view.
	AllowColumns []string `yaml:"allow_columns"`
}

const (
	defaultKey       = "case_no"
	defaultUpdatedAt = "updated_at"
	withdrawnAt      = "withdrawn_at"

	defaultPage    = 1000
	maxPage        = 10_000
	defaultOverlap = 10 * time.Minute
	maxOverlap     = 7 * 24 * time.Hour
	defaultTimeout = time.Minute
	maxTimeout     = time.Hour

	maxName = 63 // bytes of a name in PostgreSQL
)

// wrong is a mistake in the settings.
func wrong(key, what, hint string) error {
	return fault.Coded(fault.ExitConfig, "setting "+key+" of a feed from a database: "+what, hint, nil)
}

// complete fills in the defaults and says what is wrong.
func (o Options) complete() (Options, error) {
	switch {
	case o.DSNFile == "" && o.DSNEnv == "":
		return o, wrong("dsn_file", "is missing", "write the address of the database with its password into a file of mode 0600 and name it here; docs/sql.md shows it")
	case o.DSNFile != "" && o.DSNEnv != "":
		return o, wrong("dsn_env", "stands beside dsn_file", "keep one of them")
	case strings.ContainsAny(o.DSNEnv, ":/= @"):
		return o, wrong("dsn_env", "is no name of a variable", "write the name of the variable that holds the address, not the address itself")
	}
	schema, view, ok := strings.Cut(o.View, ".")
	if !ok || badName(schema) || badName(view) || strings.Contains(view, ".") {
		return o, wrong("view", "is no view with its schema", "write it as publish.pub_case_v1")
	}
	if o.Key == "" {
		o.Key = defaultKey
	}
	if o.UpdatedAt == "" {
		o.UpdatedAt = defaultUpdatedAt
	}
	for _, l := range []struct {
		key   string
		names []string
	}{{"key", []string{o.Key}}, {"updated_at", []string{o.UpdatedAt}}, {"columns", o.Columns}, {"allow_columns", o.AllowColumns}} {
		seen := map[string]bool{}
		for _, name := range l.names {
			if badName(name) {
				return o, wrong(l.key, "has what is no name of a column", fmt.Sprintf("a name is as in the view, at most %d bytes", maxName))
			}
			if seen[name] {
				return o, wrong(l.key, "names "+name+" twice", "keep it once")
			}
			seen[name] = true
		}
	}
	if o.Key == o.UpdatedAt {
		return o, wrong("key", "is the same column as updated_at", "name the column with the number of the case")
	}
	for _, w := range o.Forbidden {
		if n := utf8.RuneCountInString(fold(w)); n == 0 || n == 1 && fold(w)[0] < utf8.RuneSelf {
			return o, wrong("forbidden", "has a word without letters, or of one letter", "write a word such as 工号 or badge")
		}
	}
	if o.Page == 0 {
		o.Page = defaultPage
	}
	if o.Overlap == 0 {
		o.Overlap = defaultOverlap
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	switch {
	case o.Page < 1 || o.Page > maxPage:
		return o, wrong("page", "is out of bounds", fmt.Sprintf("from 1 to %d rows", maxPage))
	case o.Overlap < time.Minute || o.Overlap > maxOverlap:
		return o, wrong("overlap", "is out of bounds", "from 1m to 168h, such as 10m")
	case o.Timeout < time.Second || o.Timeout > maxTimeout:
		return o, wrong("timeout", "is out of bounds", "from 1s to 1h, such as 1m")
	}
	return o, nil
}

// badName reports whether s cannot name a schema, view or column.
func badName(s string) bool {
	return s == "" || len(s) > maxName || strings.ContainsRune(s, 0) || !utf8.ValidString(s)
}

// viewName returns schema and view.
func (o Options) viewName() (schema, view string) {
	schema, view, _ = strings.Cut(o.View, ".")
	return schema, view
}
