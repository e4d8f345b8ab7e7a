package pages

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/assess/moves"
	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// line is what lists show of a case: one for each case, so it is kept small.
type line struct {
	number   record.CaseNumber
	title    string
	unit     record.UnitID
	topic    record.TopicID
	area     record.AreaCode
	channel  record.ChannelID
	origin   record.Origin
	status   record.Status
	reason   record.StubReason
	prom     record.Prominence
	received record.Day
	replied  record.Day
	closed   record.Day
	changed  record.Day // the latest correction or update
	shown    record.Day // see [record.Fact.Shown]
	days     record.Count
	onTime   record.Tri

	// For the rows of the data files.
	dispatched, due, first, resolved record.Day
	answered, finished, closedOnTime record.Tri
	mergedInto                       record.CaseNumber
	closeDays                        record.Count
	dueRule                          string
	flags                            []record.Flag
}

// latest is the number of cases that a page of a unit or area shows, and
// feedSize that of a feed.
const (
	latest   = 10
	feedSize = 50
)

// scopeLines is what is known of one unit, area, topic or channel.
type scopeLines struct {
	facts  digest  // of its own cases
	tree   digest  // and of those of all below it; areas and topics only
	all    []int32 // its cases, in number order; units only
	recent []int32 // its latest replies, of cases published in full, newest first, at most feedSize
	fresh  []int32 // the same by the day of the latest change; of everyone, units and areas
}

// bucket is one partition of case pages: the cases of one month whose numbers
// lie in one span of [record.PartitionSize].
type bucket struct {
	month record.Month
	n     int
	print finger
	first int // index of its first line
	end   int
}

// planner is what one plan is made from. It does not change once it is made.
type planner struct {
	Options
	reader Reader
	book   Book
	cutoff record.Day
	cols   []column            // what tables of units, months and the like print
	more   []column            // further measures of which the installation delivers something
	base   [32]byte            // of what every partition depends on
	themes map[string][32]byte // by layouts, joined with spaces

	units      map[record.UnitID]record.Unit
	areas      map[record.AreaCode]record.Area
	topics     map[record.TopicID]record.Topic
	channels   map[record.ChannelID]record.Channel
	register   record.Register
	inArea     map[record.AreaCode][]record.UnitID   // units of the area itself
	subAreas   map[record.AreaCode][]record.AreaCode // "" holds the roots
	subTopics  map[record.TopicID][]record.TopicID
	tombstones map[record.CaseNumber]record.Tombstone
	taken      []opendata.Takedown     // the log of takedowns, oldest first
	promised   promised                // the commitments that replies made
	assessed   []record.Assessment     // as delivered
	drawn      []*sample.Checker       // of assessed; nil where it has no sample
	measured   []record.Accountability // what was done about units, the latest first
	standing   map[record.UnitID]standing
	former                                            // which units have taken the place of which
	first      map[record.Period]*record.FirstRanking // rankings as they were first published

	takenCounts []opendata.TakedownCount

	moves  *moves.Counter             // of the twelve months to the cut-off, by unit
	notes  noteFacts                  // what notes on the data depend on beside the cases of a unit
	counts map[record.UnitID]*noteBox // the notes of each unit, and of cases of no unit

	lines     []line
	buckets   []bucket
	files     []fileGroup
	months    []monthSpan
	everyone  scopeLines
	byUnit    map[record.UnitID]*scopeLines
	byArea    map[record.AreaCode]*scopeLines // facts: the area's own; recent: with all below it
	byTopic   map[record.TopicID]*scopeLines
	byChannel map[record.ChannelID]*scopeLines
	byMonth   map[record.Month]*scopeLines // by month of receipt, as figures count
	regPrint  digest
	addressed map[string]string // words of the posts that cases are addressed to, by [record.PostID]
}

// monthSpan is the lines whose numbers name one month.
type monthSpan struct {
	month      record.Month
	first, end int
	facts      digest
}

func newPlanner(ctx context.Context, r Reader, b Book, o Options) (*planner, error) {
	p := &planner{Options: o, reader: r, book: b, cutoff: b.Cutoff(), themes: map[string][32]byte{}}
	p.chooseColumns()
	p.sumBase()
	err := p.readRegister(ctx)
	if err != nil {
		return nil, fmt.Errorf("plan pages: read register: %w", err)
	}
	if p.assessed, err = r.Assessments(ctx); err != nil {
		return nil, fmt.Errorf("plan pages: read assessments: %w", err)
	}
	if p.measured, err = r.Accountability(ctx); err != nil {
		return nil, fmt.Errorf("plan pages: read accountability: %w", err)
	}
	slices.SortStableFunc(p.measured, func(a, b record.Accountability) int { return cmp.Compare(b.Day, a.Day) })
	stones, err := r.Tombstones(ctx)
	if err != nil {
		return nil, fmt.Errorf("plan pages: read tombstones: %w", err)
	}
	p.tombstones = make(map[record.CaseNumber]record.Tombstone, len(stones))
	for _, t := range stones {
		p.tombstones[t.Number] = t
	}
	if err := p.readPromises(ctx); err != nil {
		return nil, fmt.Errorf("plan pages: read commitments: %w", err)
	}
	if err := p.readFacts(ctx); err != nil {
		return nil, fmt.Errorf("plan pages: read facts: %w", err)
	}
	if err := p.readTakedowns(ctx); err != nil {
		return nil, fmt.Errorf("plan pages: read takedowns: %w", err)
	}
	p.sumTrees()
	p.findRecent()
	p.first = map[record.Period]*record.FirstRanking{}
	for i := range o.FirstRankings {
		p.first[o.FirstRankings[i].Period] = &o.FirstRankings[i]
	}
	p.follow()
	p.standing = p.standings()
	return p, nil
}

// sumBase makes the hash of what every partition depends on.
func (p *planner) sumBase() {
	var base finger
	base.str(p.BaseURL, p.Version, p.Tag)
	base.str(p.Langs...)
	site := p.SiteParams()
	for _, k := range slices.Sorted(maps.Keys(site)) {
		base.str(k, site[k])
	}
	for _, lang := range p.Langs {
		base.str(p.Labels[lang].flat()...)
	}
	p.base = base.done()
}

// theme returns the theme's hash for layouts, asking for each set once.
func (p *planner) theme(layouts []string) ([32]byte, error) {
	key := strings.Join(layouts, " ")
	sum, ok := p.themes[key]
	if !ok {
		var err error
		if sum, err = p.Theme(layouts); err != nil {
			return sum, err
		}
		p.themes[key] = sum
	}
	return sum, nil
}

// finger returns the beginning of a partition's fingerprint: what every
// partition depends on, and the partition's key.
func (p *planner) finger(key string) finger {
	f := make(finger, 0, 1024)
	f.sum(p.base)
	f.str(key)
	return f
}

func (p *planner) readRegister(ctx context.Context) error {
	reg, err := p.reader.Register(ctx)
	if err != nil {
		return err
	}
	p.register = reg
	p.indexRegister()
	return nil
}

// indexRegister makes the maps of the register's entries, and what is counted of
// each, keeping counts that are there.
func (p *planner) indexRegister() {
	reg := p.register
	byUnit, byArea, byTopic, byChannel := p.byUnit, p.byArea, p.byTopic, p.byChannel
	p.units, p.areas = map[record.UnitID]record.Unit{}, map[record.AreaCode]record.Area{}
	p.topics, p.channels = map[record.TopicID]record.Topic{}, map[record.ChannelID]record.Channel{}
	p.inArea, p.subAreas, p.subTopics = map[record.AreaCode][]record.UnitID{}, map[record.AreaCode][]record.AreaCode{}, map[record.TopicID][]record.TopicID{}
	p.byUnit, p.byArea = map[record.UnitID]*scopeLines{}, map[record.AreaCode]*scopeLines{}
	p.byTopic, p.byChannel = map[record.TopicID]*scopeLines{}, map[record.ChannelID]*scopeLines{}
	for _, a := range reg.Areas {
		p.areas[a.Code], p.byArea[a.Code] = a, counted(byArea, a.Code)
	}
	for _, t := range reg.Topics {
		p.topics[t.ID], p.byTopic[t.ID] = t, counted(byTopic, t.ID)
	}
	for _, c := range reg.Channels {
		p.channels[c.ID], p.byChannel[c.ID] = c, counted(byChannel, c.ID)
	}
	for _, u := range reg.Units {
		p.units[u.ID], p.byUnit[u.ID] = u, counted(byUnit, u.ID)
		p.inArea[u.Area] = append(p.inArea[u.Area], u.ID)
	}
	for _, a := range reg.Areas {
		parent := above(a.Code, a.Parent, p.areaPath)
		p.subAreas[parent] = append(p.subAreas[parent], a.Code)
	}
	for _, t := range reg.Topics {
		parent := above(t.ID, t.Parent, p.topicPath)
		p.subTopics[parent] = append(p.subTopics[parent], t.ID)
	}
}

// counted returns what is counted of an entry, or a new place to count.
func counted[ID comparable](have map[ID]*scopeLines, id ID) *scopeLines {
	if s := have[id]; s != nil {
		return s
	}
	return new(scopeLines)
}

// sumTrees gives each area and topic the digest of all that it counts, and makes
// the digest of the register. The day of a unit's last reply is left out of it:
// pages take that from the cases, and it would change all of them.
func (p *planner) sumTrees() {
	for _, a := range p.register.Areas {
		for _, c := range p.areaPath(a.Code) {
			p.byArea[c].tree.fold(p.byArea[a.Code].facts)
		}
	}
	for _, t := range p.register.Topics {
		for _, c := range p.topicPath(t.ID) {
			p.byTopic[c].tree.fold(p.byTopic[t.ID].facts)
		}
	}
	reg := p.register
	reg.Units = slices.Clone(reg.Units)
	for i := range reg.Units {
		reg.Units[i].LastReply = 0
	}
	b, err := json.Marshal(reg)
	if err != nil {
		panic("pages: the register does not marshal: " + err.Error())
	}
	p.regPrint = sha256.Sum256(b)
}

// areaPath returns the area and its ancestors, the area first.
func (p *planner) areaPath(code record.AreaCode) []record.AreaCode {
	return upward(code, func(c record.AreaCode) (record.AreaCode, bool) {
		a, ok := p.areas[c]
		return a.Parent, ok
	})
}

// topicPath is [planner.areaPath] for topics.
func (p *planner) topicPath(id record.TopicID) []record.TopicID {
	return upward(id, func(t record.TopicID) (record.TopicID, bool) {
		topic, ok := p.topics[t]
		return topic.Parent, ok
	})
}

// unitPath is [planner.areaPath] for units.
func (p *planner) unitPath(id record.UnitID) []record.UnitID {
	return upward(id, func(u record.UnitID) (record.UnitID, bool) {
		unit, ok := p.units[u]
		return unit.Parent, ok
	})
}

// upward returns an entry of a register and what lies above it, the entry first;
// nothing for what the register does not have. Entries that go round in a circle
// end where they began.
func upward[ID comparable](id ID, parent func(ID) (ID, bool)) []ID {
	var path []ID
	for {
		next, ok := parent(id)
		if !ok || slices.Contains(path, id) {
			return path
		}
		path = append(path, id)
		id = next
	}
}

// above returns the parent of an entry, or the zero ID for an entry at the top: its
// parent is not in the register, or lies below the entry itself.
func above[ID comparable](id, parent ID, path func(ID) []ID) ID {
	if up := path(parent); len(up) > 0 && !slices.Contains(up, id) {
		return parent
	}
	var none ID
	return none
}

// readFacts makes the lines and buckets and the digests of the scopes, in one
// pass, and drops from the register what no fact names.
func (p *planner) readFacts(ctx context.Context) error {
	words := map[string]string{} // one copy of each word, whatever the reader allocates
	intern := func(s string) string {
		w, ok := words[s]
		if !ok {
			w = s
			words[s] = s
		}
		return w
	}
	p.byMonth = map[record.Month]*scopeLines{}
	p.addressed = map[string]string{}
	numbered := map[record.Month]*digest{}
	named := newNamed()
	p.moves = moves.NewCounter(p.cutoff)
	// Lines that grow one by one would be there twice.
	if all, ok := p.book.Set(record.Scope{Dim: record.ByAll}, record.AllTime); ok {
		p.lines = make([]line, 0, all.Received)
	}
	p.startChecks()
	for f, err := range p.reader.Facts(ctx) {
		if err != nil {
			return err
		}
		for _, c := range p.drawn {
			if c != nil {
				c.Add(&f)
			}
		}
		named.add(&f)
		if f.Prominence == record.Full && f.Addressee != "" {
			p.addressed[record.PostID(f.Addressee)] = f.Addressee
		}
		i := len(p.lines)
		if i > 0 && !before(p.lines[i-1].number, f.Number) {
			return fmt.Errorf("cases out of order: %s after %s", f.Number, p.lines[i-1].number)
		}
		l := line{
			number: f.Number, title: f.Title, prom: record.Prominence(intern(string(f.Prominence))), reason: record.StubReason(intern(string(f.StubReason))),
			unit: record.UnitID(intern(string(f.Unit))), area: record.AreaCode(intern(string(f.Area))), topic: record.TopicID(intern(string(f.Topic))), channel: record.ChannelID(intern(string(f.Channel))), origin: record.Origin(intern(string(f.Origin))),
			status: record.Status(intern(string(f.Status))), received: f.Received, replied: f.RepliedOn, closed: f.ClosedOn, changed: f.Changed, shown: f.Shown, days: f.Days, onTime: f.OnTime,
			dispatched: f.Dispatched, due: f.Due, first: f.FirstResponse, resolved: f.ResolvedOn,
			answered: f.Answered, finished: f.Finished, mergedInto: f.MergedInto, closedOnTime: f.ClosedOnTime, closeDays: f.CloseDays, flags: f.Flags, dueRule: intern(f.DueRule),
		}
		p.lines = append(p.lines, l)
		p.notes.add(&f)
		p.addMoves(&f)
		p.addToBucket(i, &f)
		p.addFiles(&f)
		p.everyone.facts.add(&f.Hash)
		month := f.Number.Month()
		if numbered[month] == nil {
			numbered[month] = new(digest)
		}
		numbered[month].add(&f.Hash)
		if s := p.byUnit[f.Unit]; s != nil {
			s.facts.add(&f.Hash)
			s.all = append(s.all, int32(i))
		} else {
			p.notes.nobody.facts.add(&f.Hash)
			p.notes.nobody.all = append(p.notes.nobody.all, int32(i))
		}
		if s := p.byArea[f.Area]; s != nil {
			s.facts.add(&f.Hash)
		}
		if s := p.byChannel[f.Channel]; s != nil {
			s.facts.add(&f.Hash)
		}
		if s := p.byTopic[f.Topic]; s != nil && f.Prominence == record.Full {
			s.facts.add(&f.Hash)
		}
		m := f.Received.Month()
		if p.byMonth[m] == nil {
			p.byMonth[m] = new(scopeLines)
		}
		p.byMonth[m].facts.add(&f.Hash)
	}
	p.closeBucket()
	for i, l := range p.lines {
		m := l.number.Month()
		if n := len(p.months); n == 0 || p.months[n-1].month != m {
			p.months = append(p.months, monthSpan{month: m, first: i})
		}
		p.months[len(p.months)-1].end = i + 1
	}
	for i := range p.months {
		p.months[i].facts = *numbered[p.months[i].month]
	}
	p.forgetUnnamed(&named)
	return nil
}

func before(a, b record.CaseNumber) bool {
	return numbersInOrder(a, b) < 0
}

func numbersInOrder(a, b record.CaseNumber) int {
	return cmp.Or(cmp.Compare(a.Month(), b.Month()), cmp.Compare(a.Running(), b.Running()))
}

// closeBucket puts the hash of what the last bucket is made from in its place, which of
// a million cases would be as much as all their lines, and returns the room of it.
func (p *planner) closeBucket() finger {
	if len(p.buckets) == 0 {
		return nil
	}
	b := &p.buckets[len(p.buckets)-1]
	room, sum := b.print, b.print.done()
	b.print = sum[:]
	return room[:0]
}

// addToBucket adds the fact to the bucket of its number, with its history and the
// names that its page prints.
func (p *planner) addToBucket(i int, f *record.Fact) {
	m, n := f.Number.Month(), f.Number.Bucket()
	if k := len(p.buckets); k == 0 || p.buckets[k-1].month != m || p.buckets[k-1].n != n {
		p.buckets = append(p.buckets, bucket{month: m, n: n, first: i, print: p.closeBucket()})
	}
	b := &p.buckets[len(p.buckets)-1]
	b.end = i + 1
	b.print.str(string(f.Number))
	b.print = append(b.print, f.Hash[:]...)
	b.print.num(int64(f.Changes))
	b.print.num(int64(f.Changed))
	if f.Prominence == record.Withdrawn {
		t := p.tombstones[f.Number]
		b.print.str(t.Reason)
		b.print.num(int64(t.Day))
		p.printUnit(&b.print, t.Unit)
	}
	p.printPromises(&b.print, p.promised.byCase[f.Number])
	p.printUnit(&b.print, f.Unit, f.Against, f.Reply.Unit)
	p.printUnit(&b.print, f.CoUnits...)
	for _, d := range f.Dispatches {
		p.printUnit(&b.print, d.From, d.To)
	}
	for _, s := range f.Supervisions {
		p.printUnit(&b.print, s.By)
	}
	for _, s := range f.Timeline {
		p.printUnit(&b.print, s.Unit)
	}
	for _, c := range p.areaPath(f.Area) {
		b.print.str(p.areas[c].Name)
	}
	b.print.str(p.topics[f.Topic].Name, p.channels[f.Channel].Name)
}

func (p *planner) printUnit(f *finger, ids ...record.UnitID) {
	for _, id := range ids {
		f.str(p.units[id].Name)
	}
}

// findRecent gives each scope its latest cases of those published in full, newest
// first: by day of reply for lists, by day of the latest change for feeds, and
// then by number.
func (p *planner) findRecent() {
	for _, i := range p.newest((*line).news) {
		l := &p.lines[i]
		push(&p.everyone.recent, i)
		if s := p.byUnit[l.unit]; s != nil {
			push(&s.recent, i)
		}
		for _, c := range p.areaPath(l.area) {
			push(&p.byArea[c].recent, i)
		}
		for _, t := range p.topicPath(l.topic) {
			push(&p.byTopic[t].recent, i)
		}
		if s := p.byChannel[l.channel]; s != nil {
			push(&s.recent, i)
		}
		push(&p.byMonth[l.received.Month()].recent, i)
	}
	for _, i := range p.newest((*line).updated) {
		l := &p.lines[i]
		push(&p.everyone.fresh, i)
		if s := p.byUnit[l.unit]; s != nil {
			push(&s.fresh, i)
		}
		for _, c := range p.areaPath(l.area) {
			push(&p.byArea[c].fresh, i)
		}
	}
}

// newest returns the cases published in full, those of the latest day first and
// of one day the highest number first.
func (p *planner) newest(day func(*line) record.Day) []int32 {
	// Numbers are sorted much faster than lines are compared: the day, which is never
	// before 1970, and below it the line.
	var keys []uint64
	for i := range p.lines {
		if l := &p.lines[i]; l.prom == record.Full {
			keys = append(keys, uint64(max(day(l), 0))<<32|uint64(i))
		}
	}
	slices.Sort(keys)
	order := make([]int32, len(keys))
	for i, k := range keys {
		order[len(keys)-1-i] = int32(uint32(k))
	}
	return order
}

// push adds to a list that holds no more than the longest one that is shown.
func push(list *[]int32, i int32) {
	if len(*list) < feedSize {
		*list = append(*list, i)
	}
}

// news is the day on which the office last said something about the case.
func (l *line) news() record.Day {
	for _, d := range []record.Day{l.replied, l.closed} {
		if d.Known() {
			return d
		}
	}
	return l.received
}

// updated is the day on which what is published of the case last changed, or the
// day of its news when it never has.
func (l *line) updated() record.Day { return max(l.news(), l.changed) }
