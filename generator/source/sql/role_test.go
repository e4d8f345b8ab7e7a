package sql_test

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source/sql"
)

// The role is refused for each thing that it can do beside reading, the error names it,
// and with the lines that the hint tells the DBA to run it is accepted.
func TestRoleThatCanDoMore(t *testing.T) {
	d := newDatabase(t, office+cases(1)+`CREATE SEQUENCE raw.numbers; CREATE TABLE raw.part (n int) PARTITION BY RANGE (n);
		CREATE MATERIALIZED VIEW raw.kept AS SELECT 1 AS n; CREATE VIEW raw.simple AS SELECT case_no FROM raw.petition;`)
	me := d.name
	group, top := me+"_group", me+"_top"
	d.exec("CREATE ROLE " + group + "; CREATE ROLE " + top)
	d.exec("ALTER ROLE " + me + " NOINHERIT") // a right that needs SET ROLE is one as well
	for name, tt := range map[string]struct {
		give, want string
	}{
		"superuser":         {"ALTER ROLE ME SUPERUSER", "SUPERUSER"},
		"createrole":        {"ALTER ROLE ME CREATEROLE", "CREATEROLE"},
		"createdb":          {"ALTER ROLE ME CREATEDB", "CREATEDB"},
		"replication":       {"ALTER ROLE ME REPLICATION", "REPLICATION"},
		"bypassrls":         {"ALTER ROLE ME BYPASSRLS", "BYPASSRLS"},
		"two attributes":    {"ALTER ROLE ME CREATEDB BYPASSRLS", "CREATEDB, BYPASSRLS"},
		"two groups":        {"ALTER ROLE GROUP CREATEDB; GRANT GROUP TO TOP; GRANT TOP TO ME", "CREATEDB by way of the role GROUP"},
		"own database":      {"ALTER DATABASE ME OWNER TO ME", "owner of the database"},
		"of a group":        {"ALTER ROLE GROUP CREATEDB; GRANT GROUP TO ME", "CREATEDB by way of the role GROUP"},
		"writes all":        {"GRANT pg_write_all_data TO ME", "member of pg_write_all_data"},
		"reads all":         {"GRANT pg_read_all_data TO ME", "member of pg_read_all_data"},
		"runs programs":     {"GRANT pg_execute_server_program TO ME", "member of pg_execute_server_program"},
		"by a group":        {"GRANT pg_write_all_data TO GROUP; GRANT GROUP TO ME", "member of pg_write_all_data"},
		"create":            {"GRANT CREATE ON DATABASE ME TO ME", "CREATE in the database"},
		"temp":              {"GRANT TEMP ON DATABASE ME TO PUBLIC", "TEMPORARY in the database"},
		"schema":            {"GRANT CREATE ON SCHEMA public TO PUBLIC", "CREATE in the schema public"},
		"own schema":        {"ALTER SCHEMA publish OWNER TO ME", "owner of the schema publish"},
		"insert":            {"GRANT INSERT ON raw.petition TO ME", "INSERT on raw.petition"},
		"update":            {"GRANT UPDATE ON raw.part TO PUBLIC", "UPDATE on raw.part"},
		"delete":            {"GRANT DELETE ON raw.simple TO ME", "DELETE on raw.simple"},
		"truncate":          {"GRANT TRUNCATE ON raw.petition TO ME", "TRUNCATE on raw.petition"},
		"trigger":           {"GRANT TRIGGER ON raw.petition TO ME", "TRIGGER on raw.petition"},
		"insert a column":   {"GRANT INSERT (title) ON raw.petition TO ME", "INSERT on raw.petition"},
		"update a column":   {"GRANT UPDATE (title) ON raw.petition TO PUBLIC", "UPDATE on raw.petition"},
		"update the view":   {"GRANT UPDATE ON publish.pub_case_v1 TO ME", "UPDATE on publish.pub_case_v1"},
		"insert by a group": {"GRANT INSERT ON raw.petition TO GROUP; GRANT GROUP TO ME", "INSERT on raw.petition by way of the role GROUP"},
		"own table":         {"ALTER TABLE raw.part OWNER TO ME", "owner of raw.part"},
		"own view":          {"ALTER VIEW raw.simple OWNER TO ME", "owner of raw.simple"},
		"own kept":          {"ALTER MATERIALIZED VIEW raw.kept OWNER TO ME", "owner of raw.kept"},
		"sequence":          {"GRANT USAGE ON SEQUENCE raw.numbers TO ME", "USAGE on raw.numbers"},
		"own sequence":      {"ALTER SEQUENCE raw.numbers OWNER TO ME", "owner of raw.numbers"},
		"many":              {"GRANT ALL ON raw.petition, raw.simple TO ME", "5 more"},
	} {
		t.Run(name, func(t *testing.T) {
			spell := strings.NewReplacer("ME", me, "GROUP", group, "TOP", top)
			d.exec(spell.Replace(tt.give))
			_, err := fetch(t.Context(), d.feed(sql.Options{}), nil, nil)
			hint := wantFault(t, err, "the database role "+me+" can do more than read: ")
			wantFault(t, err, spell.Replace(tt.want))
			if _, _, code := fault.Public(err); code != fault.ExitConfig {
				t.Errorf("exit code %d", code)
			}
			for range 3 { // an error names five rights at most, and of a superuser the one
				_, lines, ok := strings.Cut(hint, " runs: ")
				if !ok {
					t.Errorf("the hint has no lines: %s", hint)
					break
				}
				d.exec(lines)
				d.exec("GRANT CONNECT ON DATABASE " + me + " TO " + me) // lost with being the owner
				if _, err = fetch(t.Context(), d.feed(sql.Options{}), nil, nil); err == nil {
					break
				}
				_, hint, _ = fault.Public(err)
			}
			if err != nil {
				t.Errorf("after the lines of the hint: %v", err)
			}
			// What belongs to others has been left alone.
			d.exec("ALTER ROLE " + group + " NOCREATEDB; GRANT USAGE ON SCHEMA publish TO " + me + "; REVOKE pg_write_all_data FROM " + group)
			d.exec("REVOKE ALL ON ALL TABLES IN SCHEMA raw FROM " + group)
		})
	}
}

// The role is refused where it can read a table with what must not be in the view, of which
// the view itself shows nothing. What an office has beside it may be read.
func TestRoleThatCanReadMore(t *testing.T) {
	d := newDatabase(t, office+cases(1)+`CREATE TABLE raw.writer (case_no text, mobile text, note text); CREATE TABLE raw.unit (id text, title text);`)
	me := d.name
	group := me + "_readers"
	d.exec("CREATE ROLE " + group + "; ALTER ROLE " + me + " NOINHERIT")
	for name, tt := range map[string]struct{ give, want string }{
		"a table":           {"GRANT SELECT ON raw.writer TO ME", "the column mobile of raw.writer"},
		"a column":          {"GRANT SELECT (mobile) ON raw.writer TO PUBLIC", "the column mobile of raw.writer"},
		"a group":           {"GRANT USAGE ON SCHEMA raw TO GROUP; GRANT SELECT ON raw.writer TO GROUP; GRANT GROUP TO ME", "the column mobile of raw.writer by way of the role GROUP"},
		"nothing of people": {"GRANT SELECT ON raw.unit TO ME; GRANT SELECT (case_no, note) ON raw.writer TO ME", ""},
	} {
		t.Run(name, func(t *testing.T) {
			spell := strings.NewReplacer("ME", me, "GROUP", group)
			if name != "a group" {
				d.exec("GRANT USAGE ON SCHEMA raw TO " + me)
			}
			d.exec(spell.Replace(tt.give))
			_, err := fetch(t.Context(), d.feed(sql.Options{}), nil, nil)
			if tt.want != "" {
				hint := wantFault(t, err, "the database role "+me+" can read what must not be in the view: ")
				wantFault(t, err, spell.Replace(tt.want))
				_, lines, _ := strings.Cut(hint, " runs: ")
				d.exec(lines)
				_, err = fetch(t.Context(), d.feed(sql.Options{}), nil, nil)
			}
			if err != nil {
				t.Errorf("nothing is wrong: %v", err)
			}
			d.exec("REVOKE ALL ON SCHEMA raw FROM " + me + ", " + group + "; REVOKE ALL ON ALL TABLES IN SCHEMA raw FROM PUBLIC, " + me + ", " + group)
		})
	}
}
