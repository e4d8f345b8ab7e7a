package sql

import (
	"context"
	"fmt"
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
	sql  string // what the DBA runs
}

// maxRights are named in an error; more are counted.
const maxRights = 5

// members are the roles as which the one that signed in can act, also where it would
// have to say SET ROLE first.
const members = `WITH me AS MATERIALIZED (SELECT oid, rolname FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')) `

// Schemas of the system itself: what PUBLIC may do there is not the office's doing.
const notSystem = `n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'`

// checkRole refuses a role that can do more than read.
func (s *session) checkRole(ctx context.Context) error {
	me := quote(s.role)
	var found []right
	add := func(what, sql string) { found = append(found, right{what, sql}) }
	for _, q := range []struct {
		sql string
		row func(v []string)
	}{
		{`SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles
			WHERE rolname = session_user OR NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AND pg_has_role(session_user, oid, 'MEMBER') ORDER BY rolname <> session_user, rolname`,
			func(v []string) {
				for i, attribute := range []string{"SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS"} {
					if v[i+1] != "t" {
						continue
					}
					if v[0] == s.role {
						add(attribute, "ALTER ROLE "+me+" NO"+attribute+";")
					} else {
						add(attribute+" by way of the role "+v[0], "REVOKE "+quote(v[0])+" FROM "+me+";")
					}
				}
			}},
		{members + `SELECT rolname FROM me WHERE rolname IN ('pg_write_all_data', 'pg_read_all_data', 'pg_write_server_files', 'pg_read_server_files', 'pg_execute_server_program',
			'pg_signal_backend', 'pg_maintain', 'pg_create_subscription', 'pg_checkpoint') ORDER BY 1`,
			func(v []string) { add("member of "+v[0], "REVOKE "+quote(v[0])+" FROM "+me+";") }},
		{members + `SELECT DISTINCT ON (1, 2) current_database(), p, me.rolname FROM me, unnest(ARRAY['CREATE', 'TEMPORARY']) p
			WHERE has_database_privilege(me.oid, current_database(), p) ORDER BY 1, 2, me.rolname <> session_user, 3`,
			func(v []string) {
				add(v[1]+" in the database"+by(v[2], s.role), "REVOKE "+v[1]+" ON DATABASE "+quote(v[0])+" FROM PUBLIC, "+grantees(v[2], s.role)+";")
			}},
		{members + `SELECT DISTINCT ON (1) n.nspname, me.rolname, n.nspowner = me.oid FROM me, pg_namespace n
			WHERE ` + notSystem + ` AND (has_schema_privilege(me.oid, n.oid, 'CREATE') OR n.nspowner = me.oid) ORDER BY 1, me.rolname <> session_user, 2`,
			func(v []string) {
				if v[2] == "t" {
					add("owner of the schema "+v[0]+by(v[1], s.role), "ALTER SCHEMA "+quote(v[0])+" OWNER TO postgres;")
					return
				}
				add("CREATE in the schema "+v[0]+by(v[1], s.role), "REVOKE CREATE ON SCHEMA "+quote(v[0])+" FROM PUBLIC, "+grantees(v[1], s.role)+";")
			}},
		{members + `, found AS (
			SELECT n.nspname, c.relname, c.relkind, p.p, me.rolname, c.relowner = me.oid AS owner FROM me, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
				unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) WITH ORDINALITY p(p, i)
			WHERE ` + notSystem + ` AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
				AND (c.relowner = me.oid OR has_table_privilege(me.oid, c.oid, p.p) OR p.p IN ('INSERT', 'UPDATE') AND has_any_column_privilege(me.oid, c.oid, p.p))
			UNION ALL
			SELECT n.nspname, c.relname, c.relkind, p.p, me.rolname, c.relowner = me.oid FROM me, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, unnest(ARRAY['USAGE', 'UPDATE']) p(p)
			WHERE ` + notSystem + ` AND c.relkind = 'S' AND (c.relowner = me.oid OR has_sequence_privilege(me.oid, c.oid, p.p)))
			SELECT DISTINCT ON (1, 2, CASE WHEN owner THEN '' ELSE p END) nspname, relname, relkind, p, rolname, owner FROM found
			ORDER BY 1, 2, CASE WHEN owner THEN '' ELSE p END, rolname <> session_user, rolname LIMIT 100`,
			func(v []string) {
				name := pgx.Identifier{v[0], v[1]}.Sanitize()
				kind := map[string]string{"v": "VIEW", "m": "MATERIALIZED VIEW", "f": "FOREIGN TABLE", "S": "SEQUENCE"}[v[2]]
				if kind == "" {
					kind = "TABLE"
				}
				if v[5] == "t" {
					add("owner of "+v[0]+"."+v[1]+by(v[4], s.role), "ALTER "+kind+" "+name+" OWNER TO postgres;")
					return
				}
				if kind != "SEQUENCE" {
					kind = "TABLE" // GRANT and REVOKE know no other word
				}
				add(v[3]+" on "+v[0]+"."+v[1]+by(v[4], s.role), "REVOKE "+v[3]+" ON "+kind+" "+name+" FROM PUBLIC, "+grantees(v[4], s.role)+";")
			}},
	} {
		if err := s.query(ctx, q.sql, nil, func(v [][]byte) error {
			row := make([]string, len(v))
			for i := range v {
				row[i] = string(v[i])
			}
			q.row(row)
			return nil
		}); err != nil {
			return err
		}
		if len(found) > 0 && strings.HasPrefix(found[0].what, "SUPERUSER") {
			break // can do all the rest
		}
	}
	if len(found) == 0 {
		return nil
	}
	var what, sql []string
	for i, r := range found {
		if i == maxRights {
			what = append(what, fmt.Sprintf("%d more", len(found)-i))
			break
		}
		what, sql = append(what, r.what), append(sql, r.sql)
	}
	return fault.Coded(fault.ExitConfig, "the database role "+s.role+" can do more than read: "+strings.Join(what, ", "),
		"the DBA makes a role that can only read (docs/sql.md), or runs: "+strings.Join(sql, " "), nil)
}

// by says through which other role a right comes.
func by(role, me string) string {
	if role == me {
		return ""
	}
	return " by way of the role " + role
}

// grantees are the roles from which a right has to be taken.
func grantees(role, me string) string {
	if role == me {
		return quote(me)
	}
	return quote(role) + ", " + quote(me)
}

// quote writes a name as SQL.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
