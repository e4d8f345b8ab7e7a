package open311_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/drop"
	"github.com/huiyin/huiyin/generator/source/open311"
	"github.com/huiyin/huiyin/generator/source/spool"
)

var block = regexp.MustCompile("(?ms)^```(\\w+) (\\S+)\n(.*?)^```$")

// The example of docs/open311.md: what the server answers becomes the page that stands
// there, and the mapping makes of it what stands there.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile("../../../docs/open311.md")
	if err != nil {
		t.Fatal(err)
	}
	part := map[string]string{}
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		part[m[2]] = m[3]
	}
	inbox := t.TempDir()
	server := doer(func(address string) (int, []byte, error) {
		for name, body := range part {
			if strings.Contains(address, "/v2/"+name) {
				return 200, []byte(body), nil
			}
		}
		return 404, nil, nil
	})
	today := func() time.Time { return time.Date(2026, 10, 6, 8, 0, 0, 0, now.Location()) }
	o := open311.Options{Endpoint: "https://open311.example.gov/v2"}
	services, err := open311.NewServices(o, server, today)
	if err != nil {
		t.Fatal(err)
	}
	o.Since = "2026-10-01"
	streets, err := open311.NewRequests(o, server, today)
	if err != nil {
		t.Fatal(err)
	}
	for name, feed := range map[string]spool.Feed{"services": services, "streets": streets} {
		s, err := spool.New(nil, inbox, name)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := s.Fetch(t.Context(), feed, "2026-10-06"); err != nil || r.Items != 2 {
			t.Fatal(r, err)
		}
	}
	page, err := os.ReadFile(filepath.Join(inbox, "feeds/streets/2026-10-06.000001.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(part["page"], string(page)); diff != "" {
		t.Errorf("the page (-guide +kept):\n%s", diff)
	}
	if diff := cmp.Diff(strings.Split(part["want"], "\n"), strings.Split(read(t, inbox, part["mapping"]), "\n")); diff != "" {
		t.Errorf("the records (-guide +read):\n%s", diff)
	}
}

// read reads an inbox with a mapping and writes down what comes out.
func read(t *testing.T, inbox, mapping string) string {
	t.Helper()
	m, err := source.DecodeMapping([]byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	d, err := drop.New(inbox, m)
	if err != nil {
		t.Fatal(err)
	}
	batches, err := d.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, batch := range batches {
		fmt.Fprintf(&b, "batch %s as of %s\n", batch.Name, batch.AsOf)
		err := d.Read(t.Context(), batch, func(r source.Raw) error {
			fmt.Fprintf(&b, "  %s %s\n", r.Kind, r.Key)
			for _, f := range slices.Sorted(maps.Keys(r.Fields)) {
				fmt.Fprintf(&b, "    %s\n", strings.TrimSpace(f+": "+r.Fields[f]))
			}
			return nil
		}, func(x source.Rejected) { fmt.Fprintf(&b, "  set aside %s:%d %s\n", x.File, x.Row, x.Code) })
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// Every option is documented.
func TestOptionsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../../docs/open311.md")
	if err != nil {
		t.Fatal(err)
	}
	typ := reflect.TypeFor[open311.Options]()
	for i := range typ.NumField() {
		if key := typ.Field(i).Tag.Get("yaml"); key == "" || !strings.Contains(string(text), "| `"+key+"` |") {
			t.Errorf("%s is not documented", typ.Field(i).Name)
		}
	}
}
