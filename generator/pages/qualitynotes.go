package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/huiyin/huiyin/generator/assess/notes"
	"github.com/huiyin/huiyin/generator/assess/substance"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// Workdays counts working days for the lag between a reply and its publication.
type Workdays interface {
	notes.Workdays
	// Print names the holiday notices: it is another when they are.
	Print() string
}

// NoteKeeper keeps what was counted of a unit's texts, so that a unit that has not changed is
// not read again. Implementations must be safe for concurrent use.
type NoteKeeper interface {
	// Note returns what was kept under key with the same print, or nil.
	Note(ctx context.Context, key string, print [32]byte) ([]byte, error)
	// KeepNotes keeps notes, each in the place of what is there under its key.
	KeepNotes(ctx context.Context, all []record.Note) error
}

// noteFacts is what notes on the data depend on beside the cases of a unit.
type noteFacts struct {
	began      record.Day // the day with which the first reply was published
	repeats    bool       // whether a case of the installation is marked as a repeat
	supervised bool       // whether one carries a supervision
	nobody     scopeLines // the cases of no unit of the register: facts and all alone
}

func (n *noteFacts) add(f *record.Fact) {
	if f.Shown.Known() && (!n.began.Known() || f.Shown < n.began) {
		n.began = f.Shown
	}
	n.repeats = n.repeats || f.RepeatOf != ""
	n.supervised = n.supervised || len(f.Supervisions) > 0
}

// unitNotes is what is counted of the cases of a unit, or of the whole installation, that
// were received in the twelve months to the cut-off.
type unitNotes struct {
	*notes.Notes
	gone map[string]int64 // withdrawn, by the public reason
}

// noteBox holds the notes of one unit once they are counted.
type noteBox struct {
	sync.Mutex
	notes *notes.Notes
	fresh *record.Note // to be kept
}

// linesOf returns the cases of a unit; of "", those of no unit.
func (p *planner) linesOf(id record.UnitID) *scopeLines {
	if id == "" {
		return &p.notes.nobody
	}
	return p.byUnit[id]
}

// notesFinger adds to f all that notes on the data depend on beside the cases.
func (p *planner) notesFinger(f *finger) {
	f.str(p.Version, string(p.rolling()), strconv.Itoa(notes.Version))
	f.num(int64(p.cutoff))
	f.num(int64(p.notes.began))
	f.str(fmt.Sprint(p.notes.repeats, p.notes.supervised))
	if p.Workdays != nil {
		f.str(p.Workdays.Print())
	}
}

// noteFinger adds what the notes of one unit depend on.
func (p *planner) noteFinger(f *finger, id record.UnitID) {
	s := p.linesOf(id)
	f.str(string(id))
	f.sum(s.facts)
	for _, i := range s.all {
		l := &p.lines[i]
		f.num(int64(l.shown))
		f.num(int64(l.due)) // which rules may have found
		f.num(int64(l.onTime))
		if l.prom == record.Withdrawn {
			f.str(p.tombstones[l.number].Reason)
		}
	}
}

// notesOf counts the notes of a unit, once, or takes those that were kept.
func (p *planner) notesOf(ctx context.Context, id record.UnitID) (n unitNotes, err error) {
	n.gone = map[string]int64{}
	first, last, _ := p.rolling().Bounds()
	var at []int32
	for _, i := range p.linesOf(id).all {
		l := &p.lines[i]
		if l.received < first || l.received > last || l.received > p.cutoff {
			continue
		}
		at = append(at, i)
		if l.prom == record.Withdrawn {
			n.gone[p.tombstones[l.number].Reason]++
		}
	}
	box := p.counts[id]
	box.Lock()
	defer box.Unlock()
	if box.notes == nil {
		if box.notes, box.fresh, err = p.keptNotes(ctx, id, at); err != nil {
			return n, fmt.Errorf("notes on the data of %q: %w", id, err)
		}
	}
	n.Notes = box.notes
	return n, nil
}

// keptNotes returns the notes of a unit as they were kept, or counts them and returns
// them to be kept too.
func (p *planner) keptNotes(ctx context.Context, id record.UnitID, at []int32) (n *notes.Notes, fresh *record.Note, err error) {
	if p.Notes == nil {
		n, err = p.countNotes(ctx, at)
		return n, nil, err
	}
	f := finger{}
	p.notesFinger(&f)
	p.noteFinger(&f, id)
	print, key := f.done(), "notes/"+string(id)
	body, err := p.Notes.Note(ctx, key, print)
	if err != nil {
		return nil, nil, err
	}
	if body != nil {
		n = new(notes.Notes)
		return n, nil, json.Unmarshal(body, n)
	}
	if n, err = p.countNotes(ctx, at); err != nil {
		return nil, nil, err
	}
	body, err = json.Marshal(n)
	return n, &record.Note{Key: key, Print: print, Body: body}, err
}

func (p *planner) countNotes(ctx context.Context, at []int32) (*notes.Notes, error) {
	facts := make([]record.Fact, len(at))
	var numbers []record.CaseNumber
	var full []int
	for k, i := range at {
		l := &p.lines[i]
		facts[k] = record.Fact{Case: record.Case{Row: l.dataRow()}, Shown: l.shown}
		if l.prom == record.Full {
			numbers, full = append(numbers, l.number), append(full, k)
		}
	}
	cases, err := p.reader.CasesByNumber(ctx, numbers)
	if err != nil {
		return nil, err
	}
	for k, c := range cases {
		facts[full[k]].Case = c
	}
	o := notes.Options{Cutoff: p.cutoff, Began: p.notes.began, Supervised: p.notes.supervised}
	if p.Workdays != nil {
		o.Workdays = p.Workdays
	}
	return notes.Of(facts, o)
}

// allNotes adds up the notes of all units, and of the cases of none, and keeps those that
// are not kept yet, all at once.
func (p *planner) allNotes(ctx context.Context, each func(record.UnitID, unitNotes)) (sum unitNotes, err error) {
	sum = unitNotes{new(notes.Notes), map[string]int64{}}
	for _, id := range append(p.notedUnits(), "") {
		n, err := p.notesOf(ctx, id)
		if err != nil {
			return sum, err
		}
		sum.Add(n.Notes)
		for reason, k := range n.gone {
			sum.gone[reason] += k
		}
		if id != "" {
			each(id, n)
		}
	}
	return sum, p.keepNotes(ctx)
}

func (p *planner) keepNotes(ctx context.Context) error {
	var all []record.Note
	for _, id := range append(p.notedUnits(), "") {
		box := p.counts[id]
		box.Lock()
		if box.fresh != nil {
			all = append(all, *box.fresh)
			box.fresh = nil
		}
		box.Unlock()
	}
	if len(all) == 0 {
		return nil
	}
	return p.Notes.KeepNotes(ctx, all)
}

// notedUnits lists the units that have a page of notes, in the order of the register.
func (p *planner) notedUnits() (ids []record.UnitID) {
	for _, u := range p.register.Units {
		if p.noted(u.ID) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

// noted reports whether a unit has a page of notes: it is in charge of cases, or cases were
// moved from it or to it, as those of a centre that passes on all that it takes up.
func (p *planner) noted(id record.UnitID) bool {
	return len(p.byUnit[id].all) > 0 || p.moves.Of(id) != nil
}

// noteRows is every number of the notes of a unit, or of all with the empty one, as pages and files print
// them.
func (p *planner) noteRows(id record.UnitID, n unitNotes) (rows []opendata.QualityRow) {
	scope, period := record.Scope{Dim: record.ByUnit, ID: string(id)}, p.rolling()
	if id == "" {
		scope = record.Scope{Dim: record.ByAll}
	}
	set, _ := p.book.Set(scope, period)
	add := func(note opendata.Note, class string, r record.Rate, unknown int64) {
		rows = append(rows, opendata.QualityRow{Unit: id, Note: note, Class: class, Period: period, Cutoff: p.cutoff, Rate: r, Unknown: unknown})
	}
	one := func(note opendata.Note, num, den, unknown int64) {
		add(note, "", record.Rate{Num: num, Den: den}, unknown)
	}
	classes := func(note opendata.Note, names []string, of []int64, den int64) {
		for i, k := range of {
			if den > 0 {
				add(note, names[i], record.Rate{Num: k, Den: den}, 0)
			}
		}
	}
	one(opendata.NotePublished, set.Full, set.Received, 0)
	one(opendata.NoteExcluded, set.Received-set.Full, set.Received, 0)
	for _, r := range set.Reasons {
		if r.N > 0 {
			add(opendata.NoteExcluded, string(r.Reason), record.Rate{Num: r.N, Den: set.Received}, 0)
		}
	}
	one(opendata.NoteWithdrawn, set.Withdrawn, set.Received, 0)
	for _, reason := range slices.Sorted(maps.Keys(n.gone)) {
		add(opendata.NoteWithdrawn, reason, record.Rate{Num: n.gone[reason], Den: set.Received}, 0)
	}
	lag := n.Lag.Known()
	one(opendata.NoteShownSoon, n.Lag.WithinSoon(), lag, n.Lag.Unknown)
	classes(opendata.NoteShownSoon, notes.LagNames(), n.Lag.Bins(), lag)
	add(opendata.NoteShownMedian, "", n.Lag.Median(), n.Lag.Unknown)
	one(opendata.NoteShownBefore, n.Lag.Before, n.Lag.Before+lag+n.Lag.Unknown, 0)
	one(opendata.NoteAlike, n.Alike.Grouped, n.Alike.Looked, 0)
	one(opendata.NoteShort, n.Alike.TooShort, n.Alike.Looked, 0)
	one(opendata.NoteEmpty, n.NoSubstance(), n.Replies, 0)
	var rules []string
	for _, r := range substance.Rules() {
		rules = append(rules, string(r.ID))
	}
	classes(opendata.NoteEmpty, rules, n.Empty, n.Replies)
	if id == "" {
		right, missed := p.judged()
		add(opendata.NoteEmptyRight, "", right, 0)
		add(opendata.NoteEmptyMissed, "", missed, 0)
	}
	one(opendata.NotePromise, n.Promise, n.Replies, 0)
	one(opendata.NoteDueRule, n.Due.Rule, n.Due.Rule+n.Due.Delivered, n.Due.None)
	one(opendata.NoteLastDay, n.LastDay(), n.InTime, 0)
	classes(opendata.NoteLastDay, notes.BeforeNames(), n.Before[:], n.InTime)
	add(opendata.NoteRated, "", set.Rating.Coverage.Rate, set.Rating.Coverage.Unknown)
	for _, s := range set.Rating.Scales {
		var all int64
		for _, k := range s.Levels {
			all += k
		}
		for i, k := range s.Levels {
			add(opendata.NoteRated, string(s.Scale)+" "+itoa(i+1), record.Rate{Num: k, Den: all}, 0)
		}
	}
	add(opendata.NoteReopened, "", set.ReopenedOfClosed.Rate, set.ReopenedOfClosed.Unknown)
	r := &n.Repeats
	if p.notes.repeats {
		one(opendata.NoteRepeat, r.Delivered.N, r.Full, 0)
	} else {
		one(opendata.NoteRepeat, 0, 0, r.Full)
	}
	again := func(a *notes.Again, open, urged opendata.Note) {
		one(open, a.Unresolved, a.N-a.Unknown, a.Unknown)
		if a.Supervised < 0 {
			one(urged, 0, 0, a.Unresolved)
		} else {
			one(urged, a.Supervised, a.Unresolved, 0)
		}
	}
	again(&r.Delivered, opendata.NoteRepeatOpen, opendata.NoteRepeatUrged)
	one(opendata.NoteRuleRepeat, r.Proposed.N, r.Compared, r.Full-r.Compared)
	again(&r.Proposed, opendata.NoteRuleRepeatOpen, opendata.NoteRuleUrged)
	return rows
}

// judged is what people who read a sample said of the rules on substance: of the replies
// that a rule flags, how many say nothing indeed, and of the others, how many do too.
// What was judged of other rules than those of today is left out.
func (p *planner) judged() (right, missed record.Rate) {
	for _, j := range p.Judged {
		if j.Version != substance.Version {
			continue
		}
		r := &missed
		if j.Rule != "" {
			r = &right
		}
		r.Den++
		if j.Empty {
			r.Num++
		}
	}
	return right, missed
}

// noteCell prints a row.
func noteCell(r *opendata.QualityRow) cell {
	if r.Note == opendata.NoteShownMedian {
		switch {
		case r.Den == 2:
			c := cell{State: "days", Num: halves(r.Num)}
			if r.Unknown > 0 {
				c.Unknown = thousands(r.Unknown)
			}
			return c
		case r.Unknown > 0:
			return cell{State: "unknown"}
		}
		return cell{State: "none"}
	}
	return rateCell(record.Figure{Rate: r.Rate, Unknown: r.Unknown})
}
