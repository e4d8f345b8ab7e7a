package sql_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source/sql"
)

// A view is refused for what it shows or lacks, and the error names the column.
func TestViewRefused(t *testing.T) {
	d := newDatabase(t, `CREATE SCHEMA v; GRANT USAGE ON SCHEMA v TO ROLE; CREATE SCHEMA closed; CREATE TYPE v.pair AS (a int, b int);`)
	const good = `'N1'::text AS case_no, '2026-11-01'::timestamptz AS updated_at`
	for name, tt := range map[string]struct {
		view string // the columns, or the whole statement
		o    sql.Options
		want string
	}{
		"a person's name":    {view: good + `, 'x' AS 来信人姓名`, want: `column 来信人姓名, whose name holds "姓名"`},
		"of the operator":    {view: good + `, 'x' AS 员工工号`, o: sql.Options{Forbidden: []string{"工号"}}, want: `column 员工工号, whose name holds "工号"`},
		"not even wanted":    {view: good + `, 'x' AS title, 'x' AS phone`, o: sql.Options{Columns: []string{"title"}}, want: `column phone, whose name holds "phone"`},
		"another is allowed": {view: good + `, 'x' AS unit_name, 'x' AS user_name`, o: sql.Options{AllowColumns: []string{"unit_name"}}, want: `column user_name`},
		"allowed by case":    {view: good + `, 'x' AS "Unit_Name"`, o: sql.Options{AllowColumns: []string{"unit_name"}}, want: `column Unit_Name`},
		"allowed, not there": {view: good, o: sql.Options{AllowColumns: []string{"unit_name"}}, want: `setting allow_columns of a feed from a database: names unit_name, which the view does not have`},
		"wanted, not there":  {view: good, o: sql.Options{Columns: []string{"titel"}}, want: `setting columns of a feed from a database: names titel`},
		"no updated_at":      {view: `'N1'::text AS case_no`, want: `has no column updated_at`},
		"another name":       {view: good, o: sql.Options{UpdatedAt: "changed"}, want: `has no column changed`},
		"a day":              {view: `'N1'::text AS case_no, DATE '2026-11-01' AS updated_at`, want: `column updated_at as date`},
		"without zone":       {view: `'N1'::text AS case_no, TIMESTAMP '2026-11-01' AS updated_at`, want: `column updated_at as timestamp without time zone`},
		"a text":             {view: `'N1'::text AS case_no, '2026-11-01'::text AS updated_at`, want: `column updated_at as text`},
		"an array":           {view: `'N1'::text AS case_no, ARRAY[now()] AS updated_at`, want: `column updated_at as timestamp with time zone[]`},
		"never changed":      {view: `'N1'::text AS case_no, NULL::timestamptz AS updated_at`, want: `has 1 rows without updated_at`},
		"infinity":           {view: `'N1'::text AS case_no, 'infinity'::timestamptz AS updated_at`, want: `has 1 rows whose updated_at is no time`},
		"before Christ":      {view: `'N1'::text AS case_no, '0044-03-15 BC'::timestamptz AS updated_at`, want: `has 1 rows whose updated_at is no time`},
		"beyond":             {view: `'N1'::text AS case_no, '10000-03-15'::timestamptz AS updated_at`, want: `has 1 rows whose updated_at is no time`},
		"no key":             {view: `'2026-11-01'::timestamptz AS updated_at`, want: `has no column case_no`},
		"a null key":         {view: `n::text AS case_no, now() AS updated_at FROM (VALUES (1), (NULL)) v(n)`, want: `has 1 rows without case_no`},
		"an empty key":       {view: `n AS case_no, now() AS updated_at FROM (VALUES ('a'), ('')) v(n)`, want: `has 1 rows without case_no`},
		"a fraction as key":  {view: `1.5 AS case_no, now() AS updated_at`, want: `key case_no as numeric`},
		"the same key twice": {view: `'N1'::text AS case_no, now() - n * interval '1 h' AS updated_at FROM generate_series(1, 2) n`, want: `more than one row of the same case_no`},
		"twice at a border":  {view: `'N' || n / 2 AS case_no, now() - interval '1 h' AS updated_at FROM generate_series(2, 4) n`, o: sql.Options{Page: 1}, want: `more than one row of the same case_no`},
		"bytes":              {view: good + `, '\x00'::bytea AS scan`, want: `column scan of the type bytea`},
		"geometry":           {view: good + `, point(1, 2) AS place`, want: `column place of the type point`},
		"machines":           {view: good + `, '10.0.0.1'::inet AS host`, want: `column host of the type inet`},
		"a row":              {view: good + `, ROW(1, 2)::v.pair AS r`, want: `column r of the type v.pair`},
		"a range":            {view: good + `, '[1,2)'::int4range AS r`, want: `column r of the type int4range`},
		"a vector":           {view: good + `, '1 2'::int2vector AS r`, want: `column r of the type int2vector`},
		"an interval":        {view: good + `, interval '1 day' AS days`, want: `column days of the type interval`},
		"money":              {view: good + `, 1::money AS fee`, want: `column fee of the type money`},
		"no view":            {view: `CREATE TABLE v.t AS SELECT ` + good + `; GRANT SELECT ON v.t TO ROLE;`, o: sql.Options{View: "v.t"}, want: `is no view`},
		"not there":          {view: `SELECT 1`, o: sql.Options{View: "v.nothing"}, want: `is not there`},
		"capitals":           {view: good, o: sql.Options{View: "v.C"}, want: `is not there`},
		"not granted":        {view: `CREATE VIEW v.secret AS SELECT ` + good, o: sql.Options{View: "v.secret"}, want: `may not be read`},
		"schema not granted": {view: `CREATE VIEW closed.c AS SELECT ` + good + `; GRANT SELECT ON closed.c TO ROLE;`, o: sql.Options{View: "closed.c"}, want: `may not be read`},
		"broken by a row":    {view: `n AS case_no, now() - interval '1 h' AS updated_at, (n || ' 13812345678')::int AS v FROM (VALUES ('a')) v(n)`, want: `fails at one of its rows`},
	} {
		t.Run(name, func(t *testing.T) {
			if o := &tt.o; o.View == "" {
				o.View = "v.c"
			}
			d.exec(`DROP VIEW IF EXISTS v.c`)
			if strings.HasPrefix(tt.view, "CREATE ") || strings.HasPrefix(tt.view, "SELECT ") {
				d.exec(tt.view)
			} else {
				d.exec(`CREATE VIEW v.c AS SELECT ` + tt.view + `; GRANT SELECT ON v.c TO ROLE;`)
			}
			_, err := fetch(t.Context(), d.feed(tt.o), nil, nil)
			hint := wantFault(t, err, tt.want)
			if strings.Contains(err.Error()+hint, "13812345678") {
				t.Errorf("the error shows a value: %v", err)
			}
		})
	}
}

// What a view may be.
func TestViewTaken(t *testing.T) {
	d := newDatabase(t, `CREATE SCHEMA v; GRANT USAGE ON SCHEMA v TO ROLE;
		CREATE TYPE v.status AS ENUM ('办理中', '已办结'); CREATE DOMAIN v.code AS v.status; CREATE DOMAIN v.number AS numeric(20,2); CREATE EXTENSION citext;`)
	for name, tt := range map[string]struct {
		view string
		o    sql.Options
		want []string
	}{
		"types": {
			view: `'N1'::varchar(9) AS case_no, '2026-11-01 08:00:00.000001+08'::timestamptz AS updated_at, '2026-11-02'::date AS day, 'infinity'::date AS never, '2026-11-01 08:00:00'::timestamp AS local,
				'08:30'::time AS clock, true AS open, NULL::boolean AS unknown, 9007199254740993::int8 AS big, 12345678901234567890.10::numeric AS num, 'NaN'::numeric AS nan, 1.5::float4 AS f4, 1e300::float8 AS f8, '-Infinity'::float8 AS inf,
				'ab'::char(5) AS padded, '已办结'::v.status AS status, '办理中'::v.code AS code, 1::v.number AS number, 'Ab'::citext AS ci, '{"a": [1, "x"]}'::jsonb AS doc, '{"b" : 1.50}'::json AS raw,
				'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid AS id, ARRAY['a', NULL, 'b"c', 'd,e', 'NULL', ''] AS list, '[0:1]={1,2}'::int[] AS based, ARRAY[[1,2],[3,4]] AS grid, ARRAY[]::text[] AS none,
				ARRAY['2026-11-01 08:00+08'::timestamptz] AS times, ARRAY['{"a":1}'::jsonb] AS docs, ARRAY['已办结'::v.status] AS states`,
			want: []string{`{"case_no":"N1","updated_at":"2026-11-01T08:00:00.000001+08:00","day":"2026-11-02","never":"infinity","local":"2026-11-01T08:00:00","clock":"08:30:00","open":true,"unknown":null,"big":9007199254740993,` +
				`"num":12345678901234567890.10,"nan":null,"f4":1.5,"f8":1e+300,"inf":"-Infinity","padded":"ab","status":"已办结","code":"办理中","number":1.00,"ci":"Ab","doc":{"a":[1,"x"]},"raw":{"b":1.50},` +
				`"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","list":["a",null,"b\"c","d,e","NULL",""],"based":[1,2],"grid":[[1,2],[3,4]],"none":[],"times":["2026-11-01T08:00:00+08:00"],"docs":[{"a":1}],"states":["已办结"]}`},
		},
		"names": {
			view: `7 AS "编 号"";--", '2026-11-01'::timestamptz AS "Updated At", 'x' AS "标题""'\"`,
			o:    sql.Options{Key: `编 号";--`, UpdatedAt: "Updated At"},
			want: []string{`{"编 号\";--":7,"Updated At":"2026-11-01T00:00:00+08:00","标题\"'\\":"x"}`},
		},
		"numbers as keys": {
			view: `n AS case_no, '2026-11-01'::timestamptz AS updated_at FROM unnest(ARRAY[10, 9, 100]::int8[]) n`, o: sql.Options{Page: 1},
			want: []string{`{"case_no":10,"updated_at":"2026-11-01T00:00:00+08:00"}`, `{"case_no":100,"updated_at":"2026-11-01T00:00:00+08:00"}`, `{"case_no":9,"updated_at":"2026-11-01T00:00:00+08:00"}`},
		},
		"some columns": {
			view: `'N1' AS case_no, 'a' AS title, 'b' AS more, '\x00'::bytea AS scan, '2026-11-01'::timestamptz AS updated_at, NULL::date AS withdrawn_at`, o: sql.Options{Columns: []string{"title"}},
			want: []string{`{"case_no":"N1","title":"a","updated_at":"2026-11-01T00:00:00+08:00","withdrawn_at":null}`},
		},
		"harmless names": {
			view: `'N1' AS case_no, '2026-11-01'::timestamptz AS updated_at, '城管局' AS unit_name, '某街道' AS 单位地址, '书记信箱' AS addressee`, o: sql.Options{AllowColumns: []string{"unit_name", "单位地址"}},
			want: []string{`{"case_no":"N1","updated_at":"2026-11-01T00:00:00+08:00","unit_name":"城管局","单位地址":"某街道","addressee":"书记信箱"}`},
		},
		"kept": {
			view: `CREATE MATERIALIZED VIEW v.kept AS SELECT 'N1' AS case_no, '2026-11-01'::timestamptz AS updated_at; GRANT SELECT ON v.kept TO ROLE;`, o: sql.Options{View: "v.kept"},
			want: []string{`{"case_no":"N1","updated_at":"2026-11-01T00:00:00+08:00"}`},
		},
		"granted by column": { // what the role may not read it does not see
			view: `CREATE VIEW v.part AS SELECT 'N1' AS case_no, '张三' AS citizen_name, '2026-11-01'::timestamptz AS updated_at; GRANT SELECT (case_no, updated_at) ON v.part TO ROLE;`, o: sql.Options{View: "v.part"},
			want: []string{`{"case_no":"N1","updated_at":"2026-11-01T00:00:00+08:00"}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.o.View == "" {
				tt.o.View = "v.c"
				d.exec(`DROP VIEW IF EXISTS v.c; CREATE VIEW v.c AS SELECT ` + tt.view + `; GRANT SELECT ON v.c TO ROLE;`)
			} else {
				d.exec(tt.view)
			}
			g := d.all(d.feed(tt.o), nil)
			if diff := cmp.Diff(tt.want, g.items()); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
		})
	}
}
