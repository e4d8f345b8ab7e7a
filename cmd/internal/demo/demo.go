package demo

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// Options say what is made up. The zero Options are those of huiyin demo.
type Options struct {
	Cases  int        // cases that get a public number; default 2000
	Seed   uint64     // of every choice
	End    record.Day // last day, to the end of which all is known; default 2026-10-31
	Months int        // months of receipt, the last being that of End; default 3; of more than 12, all but the last 3 are exported as one file a month
	Units  int        // at least so many units; default as many as the city has offices, which is 90

	// Plain writes, for measuring, one JSON Lines file a day in which every case
	// stands once, with about 650 characters of text and nothing unusual.
	Plain bool
}

func (o Options) withDefaults() (Options, error) {
	if o.Cases == 0 {
		o.Cases = 2000
	}
	if o.End == 0 {
		o.End = record.Date(2026, time.October, 31)
	}
	if o.Months == 0 {
		o.Months = 3
	}
	if o.Cases < 0 || o.Cases > 20_000_000 || o.Months < 0 || o.Months > 120 || !o.End.Known() || o.End.Month().Year() < 2000 || o.Units < 0 || o.Units > 20_000 {
		return o, fmt.Errorf("a made-up city has 1 to 20,000,000 cases, 1 to 120 months from the year 2000 on, and at most 20,000 units")
	}
	return o, nil
}

// Plan says what was written and how it is to be taken.
type Plan struct {
	Site    Site
	Mapping string              // the section "sources" of the configuration, as YAML, without its key
	Lines   map[string][]string // public telephone lines by unit identifier, for the gate

	// Files, by their names beside the configuration, are the rules and holiday notices
	// by which cases are due that come without a due day; Deadlines is the section of the
	// configuration that names them, as YAML, without its key. Empty where there are none.
	Files     map[string]string
	Deadlines string

	Steps  []Step // one a month, in order
	Counts Counts

	dir string
}

// Site is the identity of the made-up site.
type Site struct {
	Name, NameEN, BaseURL        string
	Organiser, Operator, Contact string
}

// Step is one month: its files are delivered, pulled and published before those
// of the next.
type Step struct {
	Day   record.Day // last day of the month, or [Options.End]
	Files []string   // base names, in the order of their as-of days
}

// Counts are what the files hold, counted while they were written. A case
// stands in several files; each count but Rows, Repeated and Broken is of cases
// as they stand at the end.
type Counts struct {
	Cases       int // that get a public number
	Accusations int // that get none
	Rows        int // of cases and accusations in all files, repeated ones included, broken ones not
	Repeated    int // rows delivered again without a change
	Broken      int // rows that cannot be read
	Replied     int // with a reply, those withdrawn later included
	Closed      int
	Rated       int
	Merged      int
	Declined    int
	Corrected   int
	Withdrawn   int
	NoConsent   int // consent refused or not given
	Hostile     int
	Personal    int // with planted personal data
	Contrary    int // whose status and dates contradict each other
	Redated     int // whose day of reply was put right later
	Resolved    int // with a citizen's confirmation
	Returned    int // sent back by the unit to which they were sent first
	Supervised  int // of which a unit was asked to hurry
	Led         int // of one of the kinds that leaders handle themselves
}

// The folders below the installation. Write fills the first, [Plan.Deliver]
// moves a month's files to the second, which the mapping names.
const (
	outbox = "outbox"
	inbox  = "inbox"
)

// Write makes up the city and writes its registers and daily exports below dir,
// a folder a month, without delivering them. It reads no clock and uses no
// memory beyond about 200 bytes a case.
func Write(dir string, o Options) (Plan, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Plan{}, err
	}
	b, err := loadBank()
	if err != nil {
		return Plan{}, err
	}
	end := o.End.Month()
	s := span{(end - record.Month(o.Months-1)).First(), o.End}
	merger := max(s.first, (end-1).First()) - 1
	c := newCity(o.Units, merger)
	w := &writer{Options: o, dir: dir, city: c, bank: b, text: composer{seed: o.Seed, city: c, bank: b, plain: o.Plain}}
	r := newRand(o.Seed)
	w.messages = makeMessages(r, c, b, o.Cases, s, o.Plain)
	w.plan = Plan{Site: site, Mapping: mappingText(o.Plain), Lines: c.lines(), dir: dir}

	if !o.Plain {
		w.plan.Files, w.plan.Deadlines = officeSettings(s.first.Time().Year(), s.last.Time().Year())
	}
	if err := w.month(s.first.Month(), func() error { return w.registers(s.first - 1) }); err != nil {
		return Plan{}, err
	}
	w.apart()
	days := w.schedule(r, s)
	for m := s.first.Month(); m <= end; m++ {
		err := w.month(m, func() error {
			if m.First() == merger+1 && m > s.first.Month() {
				if err := w.unitRegister(m.First()); err != nil {
					return err
				}
			}
			for d := m.First(); d <= min(m.Last(), o.End); d++ {
				if err := w.day(r, d, days[d-s.first]); err != nil {
					return err
				}
			}
			return w.office(m, s)
		})
		if err != nil {
			return Plan{}, err
		}
	}
	w.count()
	return w.plan, nil
}

// Deliver moves the files of the i-th step into the folder that the mapping
// reads. A step that was delivered already is not an error.
func (p *Plan) Deliver(i int) error {
	step := p.Steps[i]
	to := filepath.Join(p.dir, inbox)
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	from := filepath.Join(p.dir, outbox, step.Day.Month().String())
	for _, f := range step.Files {
		err := os.Rename(filepath.Join(from, f), filepath.Join(to, f))
		if _, there := os.Stat(filepath.Join(to, f)); err != nil && there != nil {
			return err
		}
	}
	os.Remove(from)
	os.Remove(filepath.Join(p.dir, outbox)) // when it is empty
	return nil
}

// newRand returns the source of every choice but the texts'.
func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// site is who publishes. The name says that it is a demonstration.
var site = Site{
	Name: cityName + "群众诉求公开（演示）", NameEN: "Yunlan Public Requests (demonstration)",
	BaseURL:   "https://www.yunlan.example/huiyin/",
	Organiser: cityName + "人民政府办公室（虚构）", Operator: cityName + "政务服务和数据局（虚构）", Contact: areaDial + "-5550101",
}

// writer writes the files of one city.
type writer struct {
	Options
	dir      string
	city     *city
	bank     *bank
	text     composer
	messages []message
	plan     Plan
	folder   string // of the month being written
}

// month runs write with the folder of month m; what it writes belongs to that
// month's step.
func (w *writer) month(m record.Month, write func() error) error {
	w.folder = filepath.Join(w.dir, outbox, m.String())
	if err := os.MkdirAll(w.folder, 0o755); err != nil {
		return err
	}
	if n := len(w.plan.Steps); n == 0 || w.plan.Steps[n-1].Day.Month() != m {
		w.plan.Steps = append(w.plan.Steps, Step{Day: min(m.Last(), w.End)})
	}
	return write()
}

// file writes one file of the current month.
func (w *writer) file(name string, write func(io.Writer) error) error {
	f, err := os.Create(filepath.Join(w.folder, name))
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<16)
	if err = write(b); err == nil {
		err = b.Flush()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	step := &w.plan.Steps[len(w.plan.Steps)-1]
	step.Files = append(step.Files, name)
	return err
}

// schedule returns, for each day, the messages that its exports hold, in order.
// Now and then a message is delivered the day after without a change, and the
// office of the mailboxes sends nothing on one day, the holiday.
func (w *writer) schedule(r *rand.Rand, s span) [][]int32 {
	days := make([][]int32, s.last-s.first+1)
	quiet := w.quietDay()
	var on []record.Day
	for i := range w.messages {
		m := &w.messages[i]
		on = w.deliveries(m, on)
		for j := range on {
			on[j] = w.exported(on[j])
		}
		on = slices.Compact(on)
		last := len(on) - 1
		if !w.Plain && r.IntN(150) == 0 && on[last] < w.End && m.gone == 0 {
			on = append(on, w.exported(on[last]+1))
			w.plan.Counts.Repeated++
		}
		for _, d := range on {
			if d == quiet && seriesOf(m.channel) == "mailbox" {
				if d++; slices.Contains(on, d) {
					continue
				}
			}
			days[d-s.first] = append(days[d-s.first], int32(i))
		}
	}
	return days
}

// exported returns the day whose export has what happened on day d: d itself, or
// in all but the last three months of a long span the last day of its month.
func (w *writer) exported(d record.Day) record.Day {
	if w.Plain || w.Months <= 12 || d.Month() > w.End.Month()-3 {
		return d
	}
	return d.Month().Last()
}

// apart sees to it that no message is withdrawn in the export in which it stands
// for the first time.
func (w *writer) apart() {
	for i := range w.messages {
		m := &w.messages[i]
		if first := w.exported(m.received.day()); m.gone > 0 && w.exported(m.gone) == first {
			m.gone = first + 1
		}
	}
}

// quietDay is the third of the last month, on which the mailboxes' office
// reports in words that there is nothing to report.
func (w *writer) quietDay() record.Day {
	if d := w.End.Month().First() + 2; d < w.End && !w.Plain {
		return d
	}
	return 0
}

// day writes the exports of one day.
func (w *writer) day(r *rand.Rand, d record.Day, messages []int32) error {
	if w.exported(d) != d {
		return nil
	}
	series := map[string][]row{}
	for _, i := range messages {
		m := &w.messages[i]
		v := w.show(m, d)
		w.fill(&v, d)
		w.plan.Counts.Rows++
		name := seriesOf(m.channel)
		if w.Plain {
			name = "web"
		}
		series[name] = append(series[name], v)
		if !w.Plain && r.IntN(100) == 0 { // as it happens in exports: the row stands there twice
			series[name] = append(series[name], v)
			w.plan.Counts.Rows++
			w.plan.Counts.Repeated++
		}
	}
	stamp := d.Time().Format("20060102")
	if w.Plain {
		if len(series["web"]) == 0 {
			return nil
		}
		return w.file("cases-"+stamp+".jsonl", func(out io.Writer) error { return w.writeLines(out, series["web"], nil) })
	}
	first := w.quietDay() == d // the day of the month on which rows are broken
	var brokenCells [][]string
	if rows := series["hotline"]; first && len(rows) > 0 {
		brokenCells = w.brokenRows(&rows[0])
	}
	var brokenLines []string
	if first {
		brokenLines = []string{`{"xjbh":"W26000000000","qd":"web","lx":"咨询","tjsj":"2026-`}
	}
	w.plan.Counts.Broken += len(brokenCells) + len(brokenLines)
	if err := w.file("hotline-"+stamp+".csv", func(out io.Writer) error { return w.writeHotline(out, d, series["hotline"], brokenCells) }); err != nil {
		return err
	}
	if err := w.file("mailbox-"+stamp+".xlsx", func(out io.Writer) error { return w.writeMailbox(out, d, series["mailbox"]) }); err != nil {
		return err
	}
	if len(series["web"])+len(brokenLines) == 0 {
		return nil
	}
	return w.file("web-"+stamp+".jsonl", func(out io.Writer) error { return w.writeLines(out, series["web"], brokenLines) })
}

// brokenRows returns two rows that no case can be made of: a number that Excel
// has ruined, and a time of receipt that is none.
func (w *writer) brokenRows(like *row) [][]string {
	ruined := w.hotlineCells(like)
	ruined[0] = "2.02610E+16"
	undated := w.hotlineCells(like)
	undated[0] = "20261003033999999"
	undated[3] = "2026-13-45 25:61:00"
	return [][]string{ruined, undated}
}

// count fills in how the cases stand at the end.
func (w *writer) count() {
	n := &w.plan.Counts
	add := func(to *int, yes bool) {
		if yes {
			*to++
		}
	}
	for i := range w.messages {
		m := &w.messages[i]
		v := w.show(m, w.End)
		if m.accuses {
			n.Accusations++
			continue
		}
		n.Cases++
		add(&n.Replied, v.replied > 0)
		add(&n.Closed, v.closed > 0)
		add(&n.Rated, m.rating > 0 && v.closed > 0 && m.closed.day() <= w.End)
		add(&n.Merged, v.status == "merged")
		add(&n.Declined, v.status == "declined")
		add(&n.Corrected, m.corrected > 0 && m.corrected <= w.End)
		add(&n.Withdrawn, v.status == "gone")
		add(&n.NoConsent, m.consent != 2)
		add(&n.Hostile, m.hostile > 0)
		add(&n.Personal, m.personal > 0)
		add(&n.Contrary, m.odd > 0)
		add(&n.Redated, m.redated > 0 && m.redated <= w.End)
		add(&n.Resolved, v.resolved > 0)
		add(&n.Returned, v.sentBack > 0)
		add(&n.Supervised, v.supervised)
		add(&n.Led, m.leader > 0)
	}
}
