package open311

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/generator/source"
)

func TestDecode(t *testing.T) {
	files, err := filepath.Glob("testdata/decode/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil || len(a.Files) != 2 {
				t.Fatal(err)
			}
			d := requestDecoder()
			items, err := d.decode(a.Files[0].Data)
			var b strings.Builder
			for _, it := range items {
				fmt.Fprintf(&b, "%s\n", it.json)
			}
			if d.personal > 0 {
				fmt.Fprintf(&b, "personal: %d\n", d.personal)
			}
			if d.flagged > 0 {
				fmt.Fprintf(&b, "flagged: %d\n", d.flagged)
			}
			if diff := cmp.Diff(string(a.Files[1].Data), b.String()); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// What holds nothing is an empty list.
func TestDecodeNothing(t *testing.T) {
	for _, body := range []string{
		"", " \r\n", "\ufeff", "[]", "{}", "null", "[[]]", `{"service_requests":[]}`, `{"service_requests":null}`, `{"requests":[{"request":[]}]}`,
		"<service_requests/>", "<service_requests></service_requests>", "<?xml version='1.0'?>\n<service_requests>\n</service_requests>\n", "<service_requests><request/></service_requests>",
		`[{"service_code":null}]`,
	} {
		if items, err := requestDecoder().decode([]byte(body)); err != nil || len(items) > 0 {
			t.Errorf("%s: %d items, %v", body, len(items), err)
		}
	}
	if items, err := serviceDecoder().decode([]byte("<services></services>")); err != nil || len(items) > 0 {
		t.Errorf("no services: %d items, %v", len(items), err)
	}
}

// What is no list of requests is an error that shows nothing of it.
func TestDecodeRefuses(t *testing.T) {
	deep := strings.Repeat("<notes>", maxDepth) + strings.Repeat("</notes>", maxDepth)
	for name, body := range map[string]string{
		"a word":               `"secret"`,
		"a number":             "13812345678",
		"true":                 "true",
		"another object":       `{"secret":1}`,
		"another list":         `["secret"]`,
		"an error":             `[{"code":404,"description":"secret"}]`,
		"errors":               `{"errors":[{"code":404,"description":"secret"}]}`,
		"half":                 `[{"service_request_id":"secr`,
		"more behind":          `[] secret`,
		"a name twice":         `[{"service_request_id":"1","service_request_id":"secret"}]`,
		"no UTF-8":             "[{\"service_request_id\":\"\xff\"}]",
		"a control character":  "[{\"service_request_id\":\"\x01\"}]",
		"deep":                 strings.Repeat("[", 5000),
		"many values":          "[" + strings.Repeat("0,", maxParts) + "0]",
		"a page":               "<html><body><p>secret</body></html>",
		"a page of today":      "<!DOCTYPE html><html></html>",
		"a document type":      `<!DOCTYPE a [<!ENTITY e "secret">]><service_requests>&e;</service_requests>`,
		"a type inside":        `<service_requests><!ENTITY e "secret"></service_requests>`,
		"an unknown entity":    "<service_requests><request><service_code>&secret;</service_code></request></service_requests>",
		"XML errors":           "<errors><error><code>404</code><description>secret</description></error></errors>",
		"XML text":             "<service_requests>secret</service_requests>",
		"half XML":             "<service_requests><request><service_code>secret",
		"two roots":            "<service_requests/><service_requests/>",
		"text behind XML":      "<service_requests/>secret",
		"deep XML":             "<service_requests><request><service_code>1</service_code>" + deep + "</request></service_requests>",
		"many elements":        "<service_requests>" + strings.Repeat("<a/>", maxParts) + "</service_requests>",
		"many attributes":      "<service_requests" + strings.Repeat(` a=""`, maxParts) + "/>",
		"XML of no UTF-8":      "<?xml version='1.0' encoding='ISO-8859-1'?><service_requests/>",
		"XML with broken UTF8": "<service_requests>\xff</service_requests>",
		"a tag that is open":   "<",
		"large":                `["` + strings.Repeat("a", maxBody) + `"]`,
	} {
		items, err := requestDecoder().decode([]byte(body))
		if err == nil || len(items) > 0 || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "138") {
			t.Errorf("%s: %d items, %v", name, len(items), err)
		}
	}
}

func TestPersonal(t *testing.T) {
	for name, want := range map[string]bool{
		"requestor_name": true, "name": true, "Name": true, "first-name": true, "e_mail": true, "EMAIL_ADDRESS": true, "phone": true, "device_id": true, "accountId": true,
		"service_name": false, "agency_responsible": false, "status_notes": false, "address": false, "media_url": false, "service_request_id": false, "description": false,
	} {
		if personal(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// What was delivered is remembered for the latest day for which it came.
func TestSeen(t *testing.T) {
	s := seen{}
	a, b := item{id: "1", json: []byte(`{"a":1}`)}, item{id: "1", json: []byte(`{"a":2}`)}
	none := item{json: []byte(`{"a":1}`)}
	for i, step := range []struct {
		it   item
		day  int64
		want bool
	}{{a, 5, true}, {a, 3, false}, {b, 4, true}, {a, 2, true}, {none, 1, true}, {none, 1, false}} {
		if got := s.fresh(step.it, step.day); got != step.want {
			t.Errorf("step %d: %v", i, got)
		}
	}
	if day := s[hash([]byte("1"))].day; day != 5 || len(s) != 2 {
		t.Errorf("day %d of %d", day, len(s))
	}
}

func TestAddGap(t *testing.T) {
	var list []gap
	for _, g := range []gap{{span{10, 20}, fails}, {span{40, 50}, fails}, {span{20, 30}, fails}, {span{30, 40}, tooMuch}, {span{5, 12}, fails}, {span{50, 60}, fails}} {
		list = addGap(list, g)
	}
	want := []gap{{span{5, 30}, fails}, {span{30, 40}, tooMuch}, {span{40, 60}, fails}}
	if diff := cmp.Diff(want, list, cmp.AllowUnexported(gap{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	list = nil
	for i := range int64(1000) {
		list = addGap(list, gap{span{i * 100, i*100 + 1 + i%7}, fails})
	}
	if len(list) != maxGaps || list[0].From != 0 || list[len(list)-1].To < 99_900 {
		t.Errorf("%d gaps from %d to %d", len(list), list[0].From, list[len(list)-1].To)
	}
	for i := range int64(1000) {
		at := i * 100
		if !within(list, at) {
			t.Errorf("%d is in no gap any more", at)
		}
	}
}

func within(list []gap, at int64) bool {
	for _, g := range list {
		if g.From <= at && at < g.To {
			return true
		}
	}
	return false
}

// Whatever a server sends, what comes out is JSON in one form that holds no name of a
// person, and nothing of it is in an error.
func fuzz(t *testing.T, body []byte) {
	d := requestDecoder()
	items, err := d.decode(body)
	if err != nil {
		if len(items) > 0 || !errors.Is(err, errXML) && !errors.Is(err, errLarge) && !errors.Is(err, errAnswer) && !strings.HasPrefix(err.Error(), "broken JSON") {
			t.Fatal(err)
		}
		return
	}
	for _, it := range items {
		if !json.Valid(it.json) {
			t.Fatalf("no JSON: %q", it.json)
		}
		n, err := source.ParseJSON(it.json)
		if err != nil {
			t.Fatalf("%v: %q", err, it.json)
		}
		evened(t, &n)
		if it.id == "" && text(&n, "service_code") == "" && text(&n, requested) == "" {
			continue // told to be an item by a member that was empty
		}
		again, err := requestDecoder().decode(it.json)
		if err != nil || len(again) != 1 {
			t.Fatalf("read again: %d, %v: %q", len(again), err, it.json)
		}
		first, second := own(it.json), own(again[0].json)
		if first != second || again[0].id != it.id || again[0].when != it.when || again[0].day != it.day {
			t.Fatalf("read again:\n%s\n%s", first, second)
		}
	}
}

// own returns an item without what was added here.
func own(text []byte) string {
	n, err := source.ParseJSON(text)
	if err != nil {
		return err.Error()
	}
	var v source.Node
	v.Kind = source.Object
	for i, name := range n.Names {
		if name != flags && name != otherAgencies {
			v.Names, v.Items = append(v.Names, name), append(v.Items, n.Items[i])
		}
	}
	return string(appendJSON(nil, &v))
}

func evened(t *testing.T, n *source.Node) {
	switch n.Kind {
	case source.String:
		if n.Text == "" || strings.TrimSpace(n.Text) != n.Text || strings.Contains(n.Text, "\r") {
			t.Fatalf("a text that is not evened: %q", n.Text)
		}
	case source.Array, source.Object:
		if len(n.Items) == 0 {
			t.Fatal("an empty list or object")
		}
		for i := range n.Items {
			if n.Kind == source.Object && (personal(n.Names[i]) || i > 0 && n.Names[i-1] >= n.Names[i]) {
				t.Fatalf("the member %q", n.Names[i])
			}
			evened(t, &n.Items[i])
		}
	default:
		t.Fatalf("a value of kind %d", n.Kind)
	}
}

func FuzzJSON(f *testing.F) {
	seeds(f)
	f.Add([]byte(`[{"service_code":null,"":0}]`))
	f.Add([]byte(`{"service_requests":{"request":{"service_code":001,"as":{"a":[{"a":[1]}]},"xs":[[{"x":1}]]}}}`))
	f.Fuzz(fuzz)
}

func FuzzXML(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) == 0 || body[0] != '<' {
			body = append([]byte("<service_requests><request><service_request_id>1</service_request_id>"), body...)
			body = append(body, "</request></service_requests>"...)
		}
		fuzz(t, body)
	})
}

func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/decode/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no files in testdata", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(a.Files[0].Data)
	}
	f.Add([]byte("<notes><note>1</note><note>2</note></notes><name>x</name>"))
}

// A state that was tampered with is refused or walked, and never a panic.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"format":1,"asked":"x","since":1,"end":2,"missing":[{"from":1,"to":2,"why":"fails"}],"seen":{"20000":"AAAAAAAAAAAAAAAAAAAAAA=="},"walk":{"to":9,"next":3,"pending":[{"from":1,"to":2}],"page":2,"size":4}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		st, err := readState(b)
		if err != nil || st == nil {
			return
		}
		text, err := st.encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := readState(text)
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if second, err := again.encode(); err != nil || string(second) != string(text) {
			t.Fatalf("%v:\n%s\n%s", err, text, second)
		}
	})
}
