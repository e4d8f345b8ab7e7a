package demo

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/huiyin/huiyin/generator/record"
)

func write(t *testing.T, o Options) (string, Plan) {
	t.Helper()
	dir := t.TempDir()
	p, err := Write(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, p
}

// digests returns the hash of every file below dir.
func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		sums[name] = fmt.Sprintf("%x", sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func TestSameOptionsSameBytes(t *testing.T) {
	for _, o := range []Options{{Cases: 300, Seed: 7}, {Cases: 300, Seed: 7, Plain: true, Units: 200}} {
		dir, plan := write(t, o)
		want := digests(t, dir)
		zone, procs := time.Local, runtime.GOMAXPROCS(1)
		time.Local = time.FixedZone("far", -11*3600)
		dir2, plan2 := write(t, o)
		time.Local = zone
		runtime.GOMAXPROCS(procs)
		if diff := cmp.Diff(want, digests(t, dir2)); diff != "" {
			t.Errorf("%+v: files differ:\n%s", o, diff)
		}
		plan.dir, plan2.dir = "", ""
		if diff := cmp.Diff(plan, plan2, cmp.AllowUnexported(Plan{})); diff != "" {
			t.Errorf("%+v: plans differ:\n%s", o, diff)
		}
		o.Seed++
		other, _ := write(t, o)
		if cmp.Equal(want, digests(t, other)) {
			t.Errorf("%+v: the seed changes nothing", o)
		}
	}
}

// A workbook must not hold the time at which it was written.
func TestWorkbookHoldsNoClock(t *testing.T) {
	dir, _ := write(t, Options{Cases: 100})
	z, err := zip.OpenReader(filepath.Join(dir, "outbox/2026-10/mailbox-20261015.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if f.Modified.Year() > 2000 {
			t.Errorf("%s was written on %s", f.Name, f.Modified)
		}
	}
}

// seen is what an independent reader of the files learns of one case.
type seen struct {
	status                                           string
	replied, closed, rated, accuses, noYes, resolved bool
	returned, supervised, led                        bool
}

// read reads the delivered files in the order of their days, with other code
// than that which wrote them, and returns the last state of each case.
func read(t *testing.T, dir string) (cases map[string]seen, rows, broken int) {
	t.Helper()
	cases = map[string]seen{}
	take := func(cell func(...string) string) {
		key := cell("工单编号", "信件编号", "xjbh")
		if received := cell("受理时间", "来信时间", "tjsj"); strings.Contains(key, "E+") || strings.Contains(received, "-13-") {
			broken++
			return
		}
		rows++
		status := cell("工单状态", "办理状态", "zt")
		if status == "撤下公开" || status == "90" {
			s := cases[key]
			s.status = "gone"
			cases[key] = s
			return
		}
		cases[key] = seen{
			status:   status,
			replied:  cell("答复时间", "回复时间", "hfsj") != "",
			closed:   cell("办结时间", "bjsj") != "",
			resolved: cell("确认解决时间", "qrsj") != "",
			returned: cell("退单时间") != "" || strings.Contains(cell("lz"), "th:是"), supervised: cell("督办时间") != "", led: cell("领导包案类别") != "",
			rated:   cell("满意度", "pj") != "",
			accuses: cell("诉求类别", "来信类型", "lx") == "检举控告",
			noYes:   !slices.Contains([]string{"是", "同意", "true"}, cell("是否公开", "是否同意公开", "gk")),
		}
	}
	table := func(rows [][]string, header int) {
		for _, r := range rows[min(header+1, len(rows)):] {
			if len(r) == 0 || strings.HasPrefix(r[0], "合计") || strings.HasPrefix(r[0], "注") || strings.HasPrefix(r[0], "2026年") {
				continue
			}
			take(func(names ...string) string {
				for _, n := range names {
					if i := slices.Index(rows[header], n); i >= 0 && i < len(r) {
						return r[i]
					}
				}
				return ""
			})
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "inbox/*-2026*"))
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(files, func(a, b string) int { // by day
		day := func(p string) string { _, d, _ := strings.Cut(filepath.Base(p), "-"); return d }
		return strings.Compare(day(a), day(b))
	})
	for _, path := range files {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch name := filepath.Base(path); {
		case strings.HasPrefix(name, "hotline-"):
			text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(body)
			if err != nil {
				t.Fatal(err)
			}
			all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			table(all, 1)
		case strings.HasPrefix(name, "mailbox-"):
			f, err := excelize.OpenReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			all, err := f.GetRows("信件办理情况")
			if err != nil {
				t.Fatal(err)
			}
			if len(all) > 2 {
				table(all, 1)
			}
		case strings.HasPrefix(name, "web-"), strings.HasPrefix(name, "cases-"):
			for line := range strings.Lines(string(body)) {
				var v map[string]any
				if json.Unmarshal([]byte(line), &v) != nil {
					broken++
					continue
				}
				take(func(names ...string) string {
					for _, n := range names {
						if x, ok := v[n]; ok && x != nil {
							return fmt.Sprint(x)
						}
					}
					return ""
				})
			}
		}
	}
	return cases, rows, broken
}

// TestCounts reads the files back and compares with what Write says it wrote.
func TestCounts(t *testing.T) {
	for _, o := range []Options{{Cases: 2000}, {Cases: 500, Seed: 3, Months: 2, End: record.Date(2027, 2, 20)}, {Cases: 400, Plain: true}} {
		dir, p := write(t, o)
		var days []string
		for i := range p.Steps {
			days = append(days, p.Steps[i].Day.String())
			if err := p.Deliver(i); err != nil {
				t.Fatal(err)
			}
			if err := p.Deliver(i); err != nil {
				t.Errorf("delivering a second time: %v", err)
			}
		}
		if o.Months == 2 {
			if diff := cmp.Diff([]string{"2027-01-31", "2027-02-20"}, days); diff != "" {
				t.Error(diff)
			}
			continue // its files are of 2027, which read does not look for
		}
		if diff := cmp.Diff([]string{"2026-08-31", "2026-09-30", "2026-10-31"}, days); diff != "" {
			t.Error(diff)
		}
		if _, err := os.Stat(filepath.Join(dir, "outbox")); err == nil {
			t.Error("something is left in the outbox")
		}
		cases, rows, broken := read(t, dir)
		got := Counts{Rows: rows, Broken: broken, Repeated: p.Counts.Repeated, Corrected: p.Counts.Corrected,
			Hostile: p.Counts.Hostile, Personal: p.Counts.Personal, Contrary: p.Counts.Contrary, Redated: p.Counts.Redated}
		for _, s := range cases {
			if s.accuses {
				got.Accusations++
				continue
			}
			got.Cases++
			for to, yes := range map[*int]bool{&got.Replied: s.replied, &got.Closed: s.closed, &got.Rated: s.rated, &got.NoConsent: s.noYes, &got.Resolved: s.resolved,
				&got.Returned: s.returned, &got.Supervised: s.supervised, &got.Led: s.led,
				&got.Merged: s.status == "已并单" || s.status == "60", &got.Declined: s.status == "不予受理" || s.status == "50", &got.Withdrawn: s.status == "gone"} {
				if yes {
					*to++
				}
			}
		}
		if diff := cmp.Diff(p.Counts, got); diff != "" {
			t.Errorf("%+v (-said +read):\n%s", o, diff)
		}
		if got.Cases != o.Cases {
			t.Errorf("%d cases were asked for, %d are there", o.Cases, got.Cases)
		}
	}
}

// The default city shows everything that a visitor ought to see.
func TestDefaultCityHasEverything(t *testing.T) {
	_, p := write(t, Options{})
	n := p.Counts
	for what, count := range map[string]int{"accusations": n.Accusations, "repeated": n.Repeated, "broken": n.Broken, "merged": n.Merged,
		"declined": n.Declined, "corrected": n.Corrected, "withdrawn": n.Withdrawn, "no consent": n.NoConsent, "hostile": n.Hostile,
		"personal": n.Personal, "contrary": n.Contrary, "redated": n.Redated,
		"returned": n.Returned, "supervised": n.Supervised, "kinds of leaders": n.Led} {
		if count < 3 {
			t.Errorf("%s: only %d", what, count)
		}
	}
	if 100*n.Replied < 80*n.Cases || n.Replied > n.Cases-20 || 100*n.Rated < 20*n.Cases || 100*n.Rated > 60*n.Cases {
		t.Errorf("not believable: %+v", n)
	}
}

func TestMergedUnit(t *testing.T) {
	dir, _ := write(t, Options{Cases: 50})
	row := func(file string) string {
		b, err := os.ReadFile(filepath.Join(dir, "outbox", file))
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(b)) {
			if strings.HasPrefix(l, mergedUnit+",") {
				return l
			}
		}
		return ""
	}
	before, after := row("2026-08/units-20260731.csv"), row("2026-09/units-20260901.csv")
	if before == "" || strings.Contains(before, "2026-08-31") {
		t.Errorf("before the merger: %q", before)
	}
	if !strings.Contains(after, "2026-08-31") || !strings.Contains(after, mergedInto) {
		t.Errorf("after the merger: %q", after)
	}
}

func TestUnits(t *testing.T) {
	c := newCity(930, 0)
	if len(c.units) != 930 || len(c.byID) != 930 {
		t.Errorf("%d units with %d identifiers", len(c.units), len(c.byID))
	}
	names := map[string]bool{}
	for _, u := range newCity(0, 0).units {
		for _, n := range []string{u.name, u.short} {
			if names[n] && n != u.name {
				t.Errorf("%s names two units", n)
			}
			names[n] = true
		}
		if !record.ValidID(u.id) || u.en == "" || u.level < 2 || u.level > 4 {
			t.Errorf("unit %+v", u)
		}
		if c.byID[u.id] == nil || u.parent != "" && c.byID[u.parent] == nil {
			t.Errorf("unit %s is below %q", u.id, u.parent)
		}
	}
	if n := len(newCity(0, 0).units); n != officeCount {
		t.Errorf("the city has %d offices; the comment of Options says %d", n, officeCount)
	}
}

// officeCount is what the comment of Options says.
const officeCount = 90

func TestOptionsOutOfRange(t *testing.T) {
	for _, o := range []Options{{Cases: -1}, {Months: 200}, {Units: 1_000_000}, {End: 5}} {
		if _, err := Write(t.TempDir(), o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

func TestWriteSaysWhatFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(file, Options{Cases: 10}); err == nil {
		t.Error("a file is taken for a folder")
	}
}

func BenchmarkPlain(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		if _, err := Write(dir, Options{Cases: 10_000, Plain: true, Units: 930}); err != nil {
			b.Fatal(err)
		}
	}
}
