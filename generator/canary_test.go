package generator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/release"
)

// valueOf returns the hash under which the gate of the office knows a datum.
func (o *office) valueOf(text, typ string) string {
	o.t.Helper()
	for _, f := range o.gate.Check(gate.Citizen, text, record.Date(2026, 11, 30)).Findings {
		if f.Type == typ {
			return f.Value
		}
	}
	o.t.Fatalf("no %s is found in the first place", typ)
	return ""
}

// withLine gives the first unit of a city a public line.
func withLine(city string) string {
	return strings.Replace(city, "unit:lamps ", "unit:lamps phones=0999-7654321 | ", 1)
}

// Whatever came past the gate stops the release before the switch: the error names
// the file and the kind, and the last release stands untouched.
func TestCanaryStopsTheRelease(t *testing.T) {
	const planted = "13812345678"
	short := map[string]bool{"in every page": true, "in a search document": true}
	for name, tt := range map[string]struct {
		plant func(*office)
		want  string // of the message
	}{
		"in a script": {
			func(o *office) {
				o.assets = append(o.assets, pages.File{Path: "assets/x.js", Body: []byte("const call = '" + planted + "'\n")})
			},
			"in one place: assets/x.js (mobile)",
		},
		"in the name of a file": {
			func(o *office) {
				o.assets = append(o.assets, pages.File{Path: "assets/" + planted + ".css", Body: []byte("body{}")})
			},
			"a file of partition assets (mobile)",
		},
		"in a picture that is text": {
			func(o *office) {
				o.assets = append(o.assets, pages.File{Path: "assets/x.svg", Body: []byte(`<svg><title>1&#51;8 1234 5678</title><path d="M138 1234 5678"/></svg>`)})
			},
			"in one place: assets/x.svg (mobile)",
		},
		"in a template": {
			func(o *office) {
				o.renderer.plant = map[string]string{"unit/lamps.html": "<p title='电话'>" + planted + "</p>"}
			},
			"in one place: unit/lamps.html (mobile)",
		},
		"in every page": {
			func(o *office) { o.renderer.plant = map[string]string{"": "<!-- " + planted + " -->"} },
			"and named no more than ten",
		},
		"in a search document": {
			func(o *office) { o.renderer.plantDoc = planted },
			"the search documents of partition case/2610/0001 (mobile)",
		},
		"another unit's line": {
			func(o *office) { o.renderer.plant = map[string]string{"unit/water.html": "<p>电话0999-7654321</p>"} },
			"in one place: unit/water.html (landline)",
		},
		"broken text": {
			func(o *office) { o.renderer.plant = map[string]string{"unit/lamps.html": "<p>\xff</p>"} },
			"in one place: unit/lamps.html (unread)",
		},
		"doubtful, and masked in some case": {
			func(o *office) {
				o.masked = append(o.masked, generator.Masked{Number: "2610-000002", Type: gate.Mobile, Value: o.valueOf(planted, gate.Mobile)})
				o.renderer.plant = map[string]string{"unit/lamps.html": "<p>一三八的一二三四的五六七八</p>"}
			},
			"in one place: unit/lamps.html (mobile)",
		},
		"a name beside its own case": {
			func(o *office) {
				o.masked = append(o.masked, generator.Masked{Number: "2610-000003", Type: gate.Person, Value: o.valueOf("我叫张伟明，请回电。", gate.Person)})
				o.renderer.plant = map[string]string{"case/2610-000003.html": "<p>我叫张伟明，请回电。</p>"}
			},
			"in one place: case/2610-000003.html (person)",
		},
	} {
		if testing.Short() && !short[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.pull("2026-11-02", withLine(city()))
			o.publish()
			before, journal := o.files(), o.journal()
			o.pull("2026-11-03", answered("K-0310", "lamps", "灯杆也换过了。"))
			tt.plant(o)
			o.renderer.changed = true

			_, err := o.generator().Publish(t.Context())

			msg, hint, code := fault.Public(err)
			if code != fault.ExitFound || hint == "" {
				t.Fatalf("code %d, hint %q: %v", code, hint, err)
			}
			if tt.want == "and named no more than ten" {
				if n := strings.Count(msg, "(mobile)"); n != 10 {
					t.Errorf("%d files are named", n)
				}
			} else if !strings.Contains(msg, tt.want) {
				t.Errorf("message %q, want %q", msg, tt.want)
			}
			for _, secret := range []string{planted, "7654321", "张伟明", "一三八"} {
				if strings.Contains(err.Error(), secret) {
					t.Error("the error holds what was found")
				}
			}
			if diff := cmp.Diff(before, o.files()); diff != "" {
				t.Errorf("files changed:\n%s", diff)
			}
			if diff := cmp.Diff(journal, o.journal()); diff != "" {
				t.Errorf("journal changed:\n%s", diff)
			}
			if s, err := o.generator().Status(t.Context()); err != nil || s.Release != 1 || s.UpToDate {
				t.Errorf("status %+v, %v", s, err)
			}

			// Once it is gone the release is made.
			o.assets, o.masked, o.renderer.plant, o.renderer.plantDoc = o.assets[:1], nil, nil, ""
			if r := o.publish(); r.Release != 2 || r.Leaks == nil || r.Leaks.Found != 0 {
				t.Errorf("afterwards: %+v", r)
			}
		})
	}
}

// What may stand there does.
func TestCanaryLetsPass(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", withLine(city()))
	o.masked = []generator.Masked{
		{Number: "2610-000003", Type: gate.Person, Value: o.valueOf("我叫张伟明，请回电。", gate.Person)},
	}
	o.renderer.plant = map[string]string{
		"unit/lamps.html":       "<p>电话0999-7654321</p>",                 // its own line
		"case/2610-000001.html": "<p>电话0999-7654321</p>",                 // that of its unit
		"about.html":            "<p>电话0999-7654321</p>",                 // a page of nobody
		"case/2610-000005.html": "<p>我叫张伟明，请回电。</p>",                     // the name of another case
		"case/2610-000007.html": "<p>一三八的一二三四的五六七八</p>",                  // doubtful, and nobody's
		"index.html":            "<p>138****5678 12345 0999-2223344</p>", // a mask, and the line of the site itself
	}
	o.contact = "值班室 0999-2223344"
	if r := o.publish(); r.Leaks.Files == 0 || r.Leaks.Candidates < 4 {
		t.Errorf("%+v", r.Leaks)
	}
}

// The report is of the release, not of the run: made at once or in steps, its
// counts are the same, and so are its bytes.
func TestLeakReport(t *testing.T) {
	const change = "K-0310"
	read := func(o *office) string {
		body, state := o.lookup(pages.LeaksDataPath)
		if state != release.Found {
			t.Fatalf("state %v", state)
		}
		return body
	}
	masked := func(o *office) {
		mobile := o.valueOf("13812345678", gate.Mobile)
		o.masked = []generator.Masked{
			{Number: "2610-000001", Type: gate.Mobile, Value: mobile}, {Number: "2610-000002", Type: gate.Mobile, Value: mobile},
			{Number: "2610-000321", Type: gate.Plate, Value: mobile}, // of a stub, which shows no text
			{Number: "", Type: gate.Plate, Value: mobile},            // of a case without a number
		}
	}
	stub := "K-9 unit=lamps | received=2026-10-06 | status=handling\n"
	steps := newOffice(t)
	masked(steps)
	steps.pull("2026-11-02", city()+stub)
	steps.publish()
	first := read(steps)
	steps.pull("2026-11-02", answered(change, "lamps", "灯杆也换过了。"))
	if r := steps.publish(); r.Partitions.Skipped == 0 {
		t.Fatal("nothing was taken over")
	}
	once := newOffice(t)
	masked(once)
	once.pull("2026-11-02", city()+stub)
	once.pull("2026-11-02", answered(change, "lamps", "灯杆也换过了。"))
	once.publish()
	if diff := cmp.Diff(read(once), read(steps)); diff != "" {
		t.Errorf("in steps (-once +steps):\n%s", diff)
	}
	var l pages.Leaks
	if err := json.Unmarshal([]byte(first), &l); err != nil {
		t.Fatal(err)
	}
	if l.Scan.Files == 0 || l.Scan.Texts == 0 {
		t.Error("nothing was looked through")
	}
	want := pages.Leaks{
		Cutoff: "2026-11-02", Policy: l.Policy, Scan: l.Scan, Masked: map[string]int64{"mobile": 2},
		Cases: pages.LeaksCases{Full: 320, Rows: map[record.StubReason]int64{record.NotAnswered: 1}},
	}
	if diff := cmp.Diff(want, l); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if _, state := steps.lookup(pages.LeaksPath); state != release.Found {
		t.Errorf("the page: state %v", state)
	}
}

// Under other rules what is taken over is looked through again.
func TestCanaryLooksAgain(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	strict := o.gate
	var err error
	o.gate, err = gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32), AllowLines: map[record.UnitID][]string{"lamps": {"0999-7654321"}}})
	if err != nil {
		t.Fatal(err)
	}
	o.renderer.plant = map[string]string{"case/2610-000001.html": "<p>请拨0999-7654321。</p>"}
	o.publish()
	o.renderer.plant, o.gate = nil, strict
	o.pull("2026-11-02", "unit:gas name=燃气公司 | area=990101\n")

	_, err = o.generator().Publish(t.Context())

	if msg, _, code := fault.Public(err); code != fault.ExitFound || !strings.Contains(msg, "in one place: case/2610-000001.html (landline)") {
		t.Errorf("code %d: %q: %v", code, msg, err)
	}
}

// A unit that gets another line does not stop what gave the former one, and
// nobody else may give it.
func TestCanaryKnowsFormerLines(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", withLine(city()))
	o.renderer.plant = map[string]string{"case/2610-000001.html": "<p>请拨0999-7654321。</p>"}
	o.publish()
	for i, line := range []string{"0999-7654399", "0999-7654388"} {
		o.pull("2026-11-03", "unit:lamps name=路灯管理处 | area=990101 | phones="+line+"\n")
		o.renderer.changed = true
		if r := o.publish(); r.Release != i+2 {
			t.Errorf("release %d", r.Release)
		}
	}
	o.renderer.plant = map[string]string{"case/2610-000002.html": "<p>请拨0999-7654321。</p>"}
	o.pull("2026-11-04", answered("K-0001", "water", "又修好了。"))
	if _, err := o.generator().Publish(t.Context()); err == nil {
		t.Error("the former line of another unit passes")
	}
}

// A title that ends in half a number and the number of the case behind it are no
// number; a number beside one of a case is.
func TestCanaryTakesNumbersOfCasesApart(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	o.renderer.plant = map[string]string{"index.html": "<p>多次拨打“0759-*****01”、“0759-，2610-000001，示例市”</p>"}
	o.publish()
	for i, text := range []string{"多次拨打“0759-*****01”、“0759-，2610-000999，示例市", "13812345678，2610-000001", "2610-000001 13812345678"} {
		o.renderer.plant = map[string]string{"index.html": "<p>" + text + "</p>"}
		o.pull("2026-11-02", answered("K-0001", "water", fmt.Sprintf("第 %d 次答复。", i)))
		o.renderer.changed = true
		if _, err := o.generator().Publish(t.Context()); err == nil {
			t.Errorf("%s passes", text)
		}
	}
}

// A digest may hold what reads as a number; a number between letters of another
// kind, or in a run of another length, is one.
func TestCanaryTakesDigestsApart(t *testing.T) {
	const line = "05723412345"
	digest := "e0a1b2c3d4f5a6b7c8d9eafbacbdcedfa1b2c3d4e56f" + line + "ab1c2d3e4" // 64 long
	o := newOffice(t)
	o.pull("2026-11-02", city())
	o.renderer.plant = map[string]string{"index.html": "<p>规则摘要：" + digest + "</p>"}
	o.publish()
	for i, text := range []string{digest[1:], strings.ToUpper(digest), "x" + digest, digest + " " + line} {
		o.renderer.plant = map[string]string{"index.html": "<p>" + text + "</p>"}
		o.pull("2026-11-02", answered("K-0001", "water", fmt.Sprintf("第 %d 次答复。", i)))
		o.renderer.changed = true
		if _, err := o.generator().Publish(t.Context()); err == nil {
			t.Errorf("text %d passes", i)
		}
	}
}

// Without a key there is no canary, and without a canary no release.
func TestNoReleaseWithoutCanary(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	o.gate = nil
	if _, err := o.generator().Publish(t.Context()); err == nil {
		t.Error("published")
	}
	if _, err := os.Stat(filepath.Join(o.dir, "releases", "current")); err == nil {
		t.Error("there is a release")
	}
}
