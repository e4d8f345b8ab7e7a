package sql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/huiyin/huiyin/generator/fault"
)

// A role that can write would be a way from the public side of an office into its
// database. Read only transactions hold only as long as the program is what it should
// be, so the role itself must not be able to.

// right is something that a role can do and must not.
type right struct {
	what string // for the office
	line string // what the DBA runs
}

// maxRights are named in an error; more are counted.
const maxRights = 5

// members are the roles as which the one that signed in can act, also where it would
// have to say SET ROLE first, each with the one of its own roles that leads there.
const members = `WITH me AS MATERIALIZED (
	SELECT r.oid, r.rolname, (SELECT d.rolname FROM pg_auth_members a JOIN pg_roles d ON d.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
		WHERE m.rolname = session_user AND pg_has_role(d.oid, r.oid, 'MEMBER') ORDER BY d.rolname <> r.rolname, 1 LIMIT 1) AS direct
	FROM pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER')) `

// Schemas of the system itself: what PUBLIC may do there is not the office's doing.
const notSystem = `n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'`

// checkRole refuses a role that can do more than read.
func (s *session) checkRole(ctx context.Context) error {
	me := quote(s.role)
	var found []right
	// add notes a right that comes through a role, and through which of the roles that
	// were given to the one that signed in. Where that is itself, line takes it away.
	add := func(what, role, direct, line string) {
		if role != s.role {
			if role != "" {
				what += " by way of the role " + role
			}
			if line = "REVOKE " + quote(direct) + " FROM " + me + ";"; direct == "" { // by owning the database
				line = "ALTER DATABASE " + quote(s.database) + " OWNER TO postgres;"
			}
		}
		found = append(found, right{what, line})
	}
	from := " FROM PUBLIC, " + me + ";"
	for _, q := range []struct {
		enough  bool // what is found here brings much else with it, which is not listed
		columns int
		sql     string
		row     func(v []string)
	}{
		{true, 7, `SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, '' FROM pg_roles WHERE rolname = session_user`,
			func(v []string) { attributes(v, add) }},
		{true, 7, members + `SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, direct FROM me JOIN pg_roles USING (oid, rolname) WHERE rolname <> session_user ORDER BY 1`,
			func(v []string) { attributes(v, add) }},
		{true, 2, members + `SELECT rolname, direct FROM me WHERE rolname IN ('pg_write_all_data', 'pg_read_all_data', 'pg_write_server_files', 'pg_read_server_files', 'pg_execute_server_program',
			'pg_signal_backend', 'pg_maintain', 'pg_create_subscription', 'pg_checkpoint') ORDER BY 1`,
			func(v []string) { add("member of "+v[0], "", v[1], "") }},
		{true, 2, members + `SELECT me.rolname, direct FROM me, pg_database d WHERE d.datname = current_database() AND d.datdba = me.oid`,
			func(v []string) {
				add("owner of the database", v[0], v[1], "ALTER DATABASE "+quote(s.database)+" OWNER TO postgres;")
			}},
		{false, 3, members + `SELECT DISTINCT ON (1) p, me.rolname, direct FROM me, unnest(ARRAY['CREATE', 'TEMPORARY']) p
			WHERE has_database_privilege(me.oid, current_database(), p) ORDER BY 1, me.rolname <> session_user, 2`,
			func(v []string) {
				add(v[0]+" in the database", v[1], v[2], "REVOKE "+v[0]+" ON DATABASE "+quote(s.database)+from)
			}},
		{false, 4, members + `SELECT DISTINCT ON (1) n.nspname, me.rolname, direct, n.nspowner = me.oid FROM me, pg_namespace n
			WHERE ` + notSystem + ` AND (has_schema_privilege(me.oid, n.oid, 'CREATE') OR n.nspowner = me.oid) ORDER BY 1, me.rolname <> session_user, 2`,
			func(v []string) {
				if v[3] == "t" {
					add("owner of the schema "+v[0], v[1], v[2], "ALTER SCHEMA "+quote(v[0])+" OWNER TO postgres;")
					return
				}
				add("CREATE in the schema "+v[0], v[1], v[2], "REVOKE CREATE ON SCHEMA "+quote(v[0])+from)
			}},
		{false, 7, members + `, found AS (
			SELECT n.nspname, c.relname, c.relkind, p.p, me.rolname, direct, c.relowner = me.oid AS owner FROM me, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
				unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) p(p)
			WHERE ` + notSystem + ` AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
				AND (c.relowner = me.oid OR has_table_privilege(me.oid, c.oid, p.p) OR p.p IN ('INSERT', 'UPDATE') AND has_any_column_privilege(me.oid, c.oid, p.p))
			UNION ALL
			SELECT n.nspname, c.relname, c.relkind, p.p, me.rolname, direct, c.relowner = me.oid FROM me, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, unnest(ARRAY['USAGE', 'UPDATE']) p(p)
			WHERE ` + notSystem + ` AND c.relkind = 'S' AND (c.relowner = me.oid OR has_sequence_privilege(me.oid, c.oid, p.p)))
			SELECT DISTINCT ON (1, 2, CASE WHEN owner THEN '' ELSE p END) nspname, relname, relkind, p, rolname, direct, owner FROM found
			ORDER BY 1, 2, CASE WHEN owner THEN '' ELSE p END, rolname <> session_user, rolname LIMIT 100`,
			func(v []string) {
				name := pgx.Identifier{v[0], v[1]}.Sanitize()
				kind := map[string]string{"v": "VIEW", "m": "MATERIALIZED VIEW", "f": "FOREIGN TABLE", "S": "SEQUENCE"}[v[2]]
				if kind == "" {
					kind = "TABLE"
				}
				if v[6] == "t" {
					add("owner of "+v[0]+"."+v[1], v[4], v[5], "ALTER "+kind+" "+name+" OWNER TO postgres;")
					return
				}
				if kind != "SEQUENCE" {
					kind = "TABLE" // GRANT and REVOKE know no other word
				}
				add(v[3]+" on "+v[0]+"."+v[1], v[4], v[5], "REVOKE "+v[3]+" ON "+kind+" "+name+from)
			}},
	} {
		if err := s.query(ctx, q.columns, q.sql, nil, func(v [][]byte) error {
			row := make([]string, len(v))
			for i := range v {
				row[i] = string(v[i])
			}
			q.row(row)
			return nil
		}); err != nil {
			return err
		}
		if len(found) > 0 && q.enough {
			break
		}
	}
	if len(found) == 0 {
		return nil
	}
	what, lines := list(found)
	return fault.Coded(fault.ExitConfig, "the database role "+s.role+" can do more than read: "+what,
		"the DBA makes a role that can only read (docs/sql.md), or runs: "+lines, nil)
}

// checkTables refuses a role that can read a table with a column that must not be in the
// view: what it can read, whoever has its password can. Tables of extensions are none of
// the office.
func (s *session) checkTables(ctx context.Context, more []string) error {
	var found []right
	tables := map[string]bool{}
	err := s.query(ctx, 5, members+`SELECT DISTINCT ON (1, 2, 3) n.nspname, c.relname, a.attname, me.rolname, direct
		FROM me, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE `+notSystem+` AND c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
			AND has_schema_privilege(me.oid, n.oid, 'USAGE') AND has_column_privilege(me.oid, c.oid, a.attnum, 'SELECT')
			AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
		ORDER BY 1, 2, 3, me.rolname <> session_user, 4`, nil, func(v [][]byte) error {
		schema, table, column, role, direct := string(v[0]), string(v[1]), string(v[2]), string(v[3]), string(v[4])
		word := forbidden(column, more)
		if word == "" || tables[schema+"."+table] {
			return nil
		}
		tables[schema+"."+table] = true
		r := right{what: "the column " + column + " of " + schema + "." + table}
		if role == s.role { // with the rights on its columns
			r.line = "REVOKE SELECT ON TABLE " + pgx.Identifier{schema, table}.Sanitize() + " FROM PUBLIC, " + quote(s.role) + ";"
		} else {
			r.what += " by way of the role " + role
			r.line = "REVOKE " + quote(direct) + " FROM " + quote(s.role) + ";"
		}
		found = append(found, r)
		return nil
	})
	if err != nil || len(found) == 0 {
		return err
	}
	what, lines := list(found)
	return fault.Coded(fault.ExitConfig, "the database role "+s.role+" can read what must not be in the view: "+what,
		"the DBA makes a role that can read the view alone (docs/sql.md), or runs: "+lines, nil)
}

// list writes rights, and the lines that take them away.
func list(found []right) (what, lines string) {
	var names, all []string
	for i, r := range found {
		if i == maxRights {
			names = append(names, fmt.Sprintf("%d more", len(found)-i))
			break
		}
		names = append(names, r.what)
		if !slices.Contains(all, r.line) {
			all = append(all, r.line)
		}
	}
	return strings.Join(names, ", "), strings.Join(all, " ")
}

// attributes notes what a role may do wherever it is.
func attributes(v []string, add func(what, role, direct, line string)) {
	for i, attribute := range []string{"SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS"} {
		if v[i+1] == "t" {
			add(attribute, v[0], v[6], "ALTER ROLE "+quote(v[0])+" NO"+attribute+";")
		}
	}
}

// quote writes a name as SQL.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
