package sql_test

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/drop"
	"github.com/huiyin/huiyin/generator/source/spool"
	"github.com/huiyin/huiyin/generator/source/sql"
)

const guide = "../../../docs/sql.md"

// blocks returns the named blocks of the guide.
func blocks(t *testing.T) (string, map[string]string) {
	t.Helper()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, b := range regexp.MustCompile("(?ms)^```(\\w+) (\\S+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		m[b[2]] = b[3]
	}
	return string(text), m
}

// What docs/sql.md tells the DBA to run makes a view and a role that are taken, and
// what it says of the configuration and the mapping brings what it says comes out.
func TestGuide(t *testing.T) {
	text, block := blocks(t)
	d := newDatabase(t, "")
	// The names of the guide are those of the test: roles are of the whole server.
	spell := strings.NewReplacer("DATABASE petition", "DATABASE "+d.name, "ROLE huiyin", "ROLE "+d.name+"_guide", "TO huiyin", "TO "+d.name+"_guide", "FROM huiyin", "FROM "+d.name+"_guide", ", huiyin", ", "+d.name+"_guide")
	d.exec("GRANT TEMPORARY ON DATABASE " + d.name + " TO PUBLIC; GRANT CREATE ON SCHEMA public TO PUBLIC") // as older servers are
	for _, name := range []string{"tables", "view", "trigger", "index", "role", "rows"} {
		if block[name] == "" {
			t.Fatalf("the guide has no %s", name)
		}
		d.exec(spell.Replace(block[name]))
	}
	var o struct {
		Name, Kind  string
		sql.Options `yaml:",inline"`
	}
	if err := yaml.UnmarshalWithOptions([]byte(block["feed"]), &o, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	dsn := strings.Replace(d.socket(), "user="+d.name, "user="+d.name+"_guide", 1)
	o.DSNFile = t.TempDir() + "/" + o.DSNFile
	if err := os.WriteFile(o.DSNFile, []byte(dsn), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := sql.New(o.Options, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	inbox := t.TempDir()
	s, err := spool.New(nil, inbox, o.Name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Fetch(t.Context(), f, "2026-11-28"); err != nil {
		t.Fatal(err)
	}
	mapping, err := source.DecodeMapping([]byte(block["mapping"]))
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := drop.New(inbox, mapping)
	if err != nil {
		t.Fatal(err)
	}
	batches, err := inputs.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, batch := range batches {
		if err := inputs.Read(t.Context(), batch, func(r source.Raw) error {
			if r.Kind != source.Case {
				return nil
			}
			if b.WriteString(r.Key); r.Gone {
				b.WriteString(" gone")
			} else {
				for _, field := range []string{"received", "replied", "title", "reply"} {
					fmt.Fprintf(&b, " %s=%s", field, r.Fields[field])
				}
			}
			b.WriteByte('\n')
			return nil
		}, func(x source.Rejected) { t.Errorf("set aside: %+v", x) }); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(block["want"], b.String()); diff != "" {
		t.Errorf("the guide says something else (-guide +got):\n%s", diff)
	}

	// The lines against what is refused can be run as they stand.
	d.exec("CREATE SEQUENCE office.numbers; CREATE ROLE staff; CREATE ROLE huiyin; GRANT pg_write_all_data, staff TO huiyin")
	t.Cleanup(func() { d.exec("DROP OWNED BY huiyin; DROP ROLE huiyin; DROP ROLE staff") })
	lines := regexp.MustCompile("(?m)^\\| .* \\| `([A-Z].*?;)`").FindAllStringSubmatch(text, -1)
	if len(lines) != 10 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		d.exec(strings.ReplaceAll(line[1], "DATABASE petition", "DATABASE "+d.name))
	}
}

// No setting is missing from the guide, with its default.
func TestGuideIsWhole(t *testing.T) {
	text, _ := blocks(t)
	for _, f := range reflect.VisibleFields(reflect.TypeFor[sql.Options]()) {
		if key := f.Tag.Get("yaml"); key == "" || !strings.Contains(text, "\n| `"+key+"` | ") {
			t.Errorf("the guide says nothing of %s", f.Name)
		}
	}
	var o sql.Options
	err := yaml.UnmarshalWithOptions([]byte("{dsn_env: A, view: a.b, key: k, updated_at: u, columns: [c], page: 5, overlap: 15m, timeout: 90s, forbidden: [工号], allow_columns: [unit_name]}"), &o, yaml.Strict())
	if err != nil || o.Overlap.Minutes() != 15 || o.Timeout.Seconds() != 90 || !slices.Equal(o.Forbidden, []string{"工号"}) {
		t.Errorf("%+v, %v", o, err)
	}
}
