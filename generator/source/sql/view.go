package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/huiyin/huiyin/generator/fault"
)

// column is a column of the view that is taken.
type column struct {
	name  string
	typ   string // as the server names it
	kind  kind
	array bool
}

// view is what is read, and how.
type view struct {
	columns []column
	print   string // changes with the database, the columns, their types, and what of the settings says what is read
}

// refuse is a view that is not as it should be.
func (f *Feed) refuse(what, hint string) error {
	return fault.Coded(fault.ExitConfig, "the view "+f.o.View+" "+what, hint, nil)
}

// view looks at the view and refuses it where it shows what it must not, or is not fit
// to be read in pages.
func (f *Feed) view(ctx context.Context, s *session) (view, error) {
	schema, name := f.o.viewName()
	me, full := quote(s.role), pgx.Identifier{schema, name}.Sanitize()
	var oid, relkind string
	var usage bool
	err := s.query(ctx, 3, `SELECT c.oid, c.relkind, has_schema_privilege(n.oid, 'USAGE') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
		[]string{schema, name}, func(v [][]byte) error {
			oid, relkind, usage = string(v[0]), string(v[1]), string(v[2]) == "t"
			return nil
		})
	switch {
	case err != nil:
		return view{}, err
	case oid == "":
		return view{}, f.refuse("is not there", "check view in the settings, with its schema and its capitals; docs/sql.md shows how the DBA makes it")
	case relkind != "v" && relkind != "m":
		return view{}, f.refuse("is no view", "a table shows every column that it has, also those to come: the DBA makes a view of what may be published (docs/sql.md)")
	case !usage:
		return view{}, f.refuse("may not be read", "the DBA runs: GRANT USAGE ON SCHEMA "+quote(schema)+" TO "+me+"; GRANT SELECT ON "+full+" TO "+me+";")
	}
	all, err := s.columns(ctx, oid)
	if err != nil {
		return view{}, err
	}
	if len(all) == 0 {
		return view{}, f.refuse("may not be read", "the DBA runs: GRANT SELECT ON "+full+" TO "+me+";")
	}
	find := func(name string) (column, bool) {
		i := slices.IndexFunc(all, func(c column) bool { return c.name == name })
		if i < 0 {
			return column{}, false
		}
		return all[i], true
	}
	for _, c := range all {
		if w := forbidden(c.name, f.o.Forbidden); w != "" && !slices.Contains(f.o.AllowColumns, c.name) {
			return view{}, f.refuse(fmt.Sprintf("shows the column %s, whose name holds %q", c.name, w),
				"if citizens' data stand in it, the DBA makes the view without it; if not, name it under allow_columns")
		}
	}
	for _, l := range []struct {
		key   string
		names []string
	}{{"columns", f.o.Columns}, {"allow_columns", f.o.AllowColumns}} {
		for _, name := range l.names {
			if _, ok := find(name); !ok {
				return view{}, wrong(l.key, "names "+name+", which the view does not have or the role may not read", "check its spelling and capitals against the view")
			}
		}
	}
	updated, ok := find(f.o.UpdatedAt)
	if !ok {
		return view{}, f.refuse("has no column "+f.o.UpdatedAt, "the DBA adds the time of the last change to it, as timestamptz; or set updated_at to the column that has it")
	}
	if updated.kind != kindTime || updated.array {
		return view{}, f.refuse("has the column "+f.o.UpdatedAt+" as "+updated.typ, "it must be timestamp with time zone; in the view: "+quote(f.o.UpdatedAt)+" AT TIME ZONE 'Asia/Shanghai'")
	}
	key, ok := find(f.o.Key)
	if !ok {
		return view{}, f.refuse("has no column "+f.o.Key, "set key to the column with the number of the case")
	}
	if !key.isKey() {
		return view{}, f.refuse("has the key "+f.o.Key+" as "+key.typ, "a key is text, a whole number or a uuid")
	}
	var v view
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %q %q %q", s.address, f.o.View, f.o.Key, f.o.UpdatedAt)
	for _, c := range all {
		if len(f.o.Columns) > 0 && !slices.Contains(append([]string{f.o.Key, f.o.UpdatedAt, withdrawnAt}, f.o.Columns...), c.name) {
			continue
		}
		if c.kind == kindNone {
			return view{}, f.refuse("has the column "+c.name+" of the type "+c.typ+", which cannot be taken", "the DBA leaves it out or turns it into text; or name the columns that are wanted under columns")
		}
		v.columns = append(v.columns, c)
		fmt.Fprintf(sum, " %q %q", c.name, c.typ)
	}
	v.print = hex.EncodeToString(sum.Sum(nil)[:16])
	return v, nil
}

// columns returns the columns of a view that the role may read, in their order.
func (s *session) columns(ctx context.Context, oid string) ([]column, error) {
	var list []column
	err := s.query(ctx, 6, `WITH RECURSIVE base(attnum, typ) AS (
			SELECT attnum, atttypid FROM pg_attribute WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'SELECT')
			UNION ALL
			SELECT b.attnum, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.typ WHERE t.typtype = 'd')
		SELECT a.attname, format_type(a.atttypid, a.atttypmod), e.oid IS NOT NULL, coalesce(e.oid, t.oid), coalesce(e.typcategory, t.typcategory), coalesce(e.typtype, t.typtype)
		FROM base b JOIN pg_attribute a ON a.attrelid = $1::oid AND a.attnum = b.attnum JOIN pg_type t ON t.oid = b.typ AND t.typtype <> 'd'
		LEFT JOIN pg_type e ON e.typarray = t.oid ORDER BY a.attnum`,
		[]string{oid}, func(v [][]byte) error {
			base, err := strconv.ParseUint(string(v[3]), 10, 32)
			if err != nil {
				return err
			}
			list = append(list, column{name: string(v[0]), typ: string(v[1]), array: string(v[2]) == "t", kind: kindOf(uint32(base), string(v[4]), string(v[5]))})
			return nil
		})
	return list, err
}

// isKey reports whether the column can tell rows from another.
func (c column) isKey() bool {
	return !c.array && (c.kind == kindText || c.kind == kindPadded || c.kind == kindWhole)
}

// checkRows refuses a view of which a row would never be reached. It returns the time
// of the server, and how many rows lie in the future.
func (f *Feed) checkRows(ctx context.Context, s *session) (now, future int64, err error) {
	schema, name := f.o.viewName()
	u, k := quote(f.o.UpdatedAt), quote(f.o.Key)
	var counts [4]int64
	err = s.query(ctx, 5, `SELECT now(), count(*) FILTER (WHERE `+u+` IS NULL), count(*) FILTER (WHERE NOT isfinite(`+u+`) OR `+u+` < '0001-01-02'::timestamptz OR `+u+` > '9999-12-30'::timestamptz),
		count(*) FILTER (WHERE `+k+` IS NULL OR `+k+`::text = ''), count(*) FILTER (WHERE `+u+` > now() + interval '5 minutes') FROM `+pgx.Identifier{schema, name}.Sanitize(),
		nil, func(v [][]byte) (err error) {
			if now, err = micros(v[0]); err != nil {
				return err
			}
			for i := range counts {
				if counts[i], err = strconv.ParseInt(string(v[i+1]), 10, 64); err != nil {
					return err
				}
			}
			return nil
		})
	switch {
	case err != nil:
		return 0, 0, err
	case counts[0] > 0:
		return 0, 0, f.refuse(fmt.Sprintf("has %d rows without %s", counts[0], f.o.UpdatedAt), "they would never be fetched; the DBA gives the column a value in every row: coalesce("+u+", time of receipt)")
	case counts[1] > 0:
		return 0, 0, f.refuse(fmt.Sprintf("has %d rows whose %s is no time of the calendar", counts[1], f.o.UpdatedAt), "the DBA mends them; infinity is no time of a change")
	case counts[2] > 0:
		return 0, 0, f.refuse(fmt.Sprintf("has %d rows without %s", counts[2], f.o.Key), "the DBA leaves them out of the view, or gives them a number")
	}
	return now, counts[3], nil
}

// names writes the columns for SELECT.
func (v view) names() string {
	var list []string
	for _, c := range v.columns {
		list = append(list, quote(c.name))
	}
	return strings.Join(list, ", ")
}
