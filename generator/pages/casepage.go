package pages

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// casePage is the parameters of the layouts case, stub and tombstone. Days are
// written 2006-01-02; an empty value is not known. The page stands once, in the
// office's language, with the labels of both.
type casePage struct {
	head
	Number string `json:"number"`
	Cite   string `json:"cite"` // absolute address
	Prev   *link  `json:"prev,omitempty"`
	Next   *link  `json:"next,omitempty"`

	Unit    link  `json:"unit"`
	Area    link  `json:"area"`
	Channel link  `json:"channel"`
	Month   link  `json:"month"`
	Topic   *link `json:"topic,omitempty"`

	Status       string   `json:"status,omitempty"`
	Reason       string   `json:"reason,omitempty"` // why not in full: a stub reason, or a public reason of withdrawal
	Withdrawn    string   `json:"withdrawn,omitempty"`
	Received     string   `json:"received,omitempty"`
	Dispatched   string   `json:"dispatched,omitempty"`
	Due          string   `json:"due,omitempty"`
	DueHow       []inWord `json:"due_how,omitempty"` // how the due day was found; where the site has rules
	Replied      string   `json:"replied,omitempty"`
	Closed       string   `json:"closed,omitempty"`
	Days         string   `json:"days,omitempty"`
	OnTime       string   `json:"on_time,omitempty"` // yes, no
	CloseDays    string   `json:"close_days,omitempty"`
	ClosedOnTime string   `json:"closed_on_time,omitempty"`
	Answered     string   `json:"answered,omitempty"`
	Flags        []string `json:"flags,omitempty"`

	Kind          string `json:"kind,omitempty"`
	Addressee     string `json:"addressee,omitempty"`
	CoUnits       []link `json:"co_units,omitempty"`
	Against       *link  `json:"against,omitempty"`
	RepeatOf      *link  `json:"repeat_of,omitempty"`
	MergedInto    *link  `json:"merged_into,omitempty"`
	Moved         *link  `json:"moved,omitempty"` // the page that this one leads on to
	MovedURL      string `json:"moved_url,omitempty"`
	QuestionHTML  string `json:"question_html,omitempty"`
	ReplyHTML     string `json:"reply_html,omitempty"`
	ReplyUnit     link   `json:"reply_unit"`
	Spokesman     string `json:"spokesman,omitempty"`
	Outcome       string `json:"outcome,omitempty"`
	OutcomeReason string `json:"outcome_reason,omitempty"`
	OnSite        string `json:"on_site,omitempty"`
	RatingScale   string `json:"rating_scale,omitempty"`
	RatingLevel   string `json:"rating_level,omitempty"` // with RatingScale
	RatingSource  string `json:"rating_source,omitempty"`
	Reopened      string `json:"reopened,omitempty"`
	Steps         []step `json:"steps,omitempty"`

	Files         []fileLink `json:"files,omitempty"`
	FilesWithheld string     `json:"files_withheld,omitempty"` // how many more came and are not published

	Promises  []promiseRow `json:"promises,omitempty"`
	History   []event      `json:"history,omitempty"`
	Corrected bool         `json:"corrected,omitempty"` // something of it was corrected
}

// event is one line of the public history: on which day something happened to
// what is published of the case, a word of the theme's event labels, and where a person of
// the office has said why, the reason as it is public. What stood there before is not said,
// nor how much of it.
type event struct {
	Day    string `json:"day"`
	What   string `json:"what"`
	Reason string `json:"reason,omitempty"`
}

// inWord is a text in one language.
type inWord struct {
	Lang string `json:"lang"`
	Text string `json:"text"`
}

// dueHow says, in each language, how the due day of a row was found, or why there is
// none.
func (p *planner) dueHow(r *record.Row) (all []inWord) {
	if p.Deadlines == nil {
		return nil
	}
	for _, lang := range p.Langs {
		words := p.Labels[lang]
		said := words["deadline.delivered"]
		if !r.Due.Known() || r.DueRule != "" {
			said = p.Deadlines.Due(r).Explain(words, lang)
		}
		all = append(all, inWord{lang, record.Plain(said)})
	}
	return all
}

// step is one line of the timeline. What is a word of the theme's step labels,
// or else the office's own word.
type step struct {
	Day  string `json:"day"`
	What string `json:"what"`
	From string `json:"from,omitempty"`
	Unit string `json:"unit,omitempty"`
	Text string `json:"text,omitempty"`

	order record.Day
}

var caseLayouts = []string{"case", "moved", "stub", "tombstone"}

// casePages makes the partitions of case pages, stubs and tombstones: the cases
// of a month, [record.PartitionSize] running numbers each.
func (p *planner) casePages() []Partition {
	parts := make([]Partition, len(p.buckets))
	for i := range p.buckets {
		b := &p.buckets[i]
		key := fmt.Sprintf("case/%s/%04d", b.month.Short(), b.n)
		f := p.finger(key)
		f.str(string(p.neighbour(b.first, -1)), string(p.neighbour(b.end-1, +1)))
		f = append(f, b.print...)
		p.printMerged(&f, b)
		if p.Deadlines != nil {
			f.str("deadlines") // of a case with a due day of the office's the facts say nothing else
		}
		parts[i] = Partition{Key: key, Fingerprint: f.done(), Layouts: caseLayouts, Make: func(ctx context.Context) (Content, error) {
			return p.makeCases(ctx, b)
		}}
		b.print = nil
	}
	return parts
}

// mergedInto returns the case that counts for one which was merged into n: n, or where
// that was merged into another itself, the last of them. It is "" where there is none, or
// where it is withdrawn: then there is nothing to lead on to.
func (p *planner) mergedInto(n record.CaseNumber) record.CaseNumber {
	for range len(p.lines) {
		i, ok := slices.BinarySearchFunc(p.lines, n, func(l line, n record.CaseNumber) int { return numbersInOrder(l.number, n) })
		if n == "" || !ok || p.lines[i].prom == record.Withdrawn {
			return ""
		}
		if p.lines[i].mergedInto == "" {
			return n
		}
		n = p.lines[i].mergedInto
	}
	return ""
}

// printMerged adds where the pages of a bucket lead on to.
func (p *planner) printMerged(f *finger, b *bucket) {
	for _, l := range p.lines[b.first:b.end] {
		if l.mergedInto != "" {
			f.str(string(p.mergedInto(l.mergedInto)))
		}
	}
}

// neighbour returns the number of the next case in the given direction that has
// a page to read, which does not lead on to another, and lies in the same month, or "".
func (p *planner) neighbour(i, step int) record.CaseNumber {
	m := p.lines[i].number.Month()
	for i += step; i >= 0 && i < len(p.lines) && p.lines[i].number.Month() == m; i += step {
		if l := &p.lines[i]; l.prom != record.Withdrawn && (l.prom == record.Full || p.mergedInto(l.mergedInto) == "") {
			return p.lines[i].number
		}
	}
	return ""
}

func (p *planner) makeCases(ctx context.Context, b *bucket) (Content, error) {
	from := record.NewCaseNumber(b.month, b.n*record.PartitionSize+1)
	to := record.NewCaseNumber(b.month, (b.n+1)*record.PartitionSize)
	events := map[record.CaseNumber][]record.Event{}
	for e, err := range p.reader.Events(ctx, from, to) {
		if err != nil {
			return Content{}, fmt.Errorf("read events of %s bucket %d: %w", b.month, b.n, err)
		}
		events[e.Number] = append(events[e.Number], e)
	}
	pages := make([]Page, 0, b.end-b.first)
	i := b.first
	for c, err := range p.reader.Cases(ctx, from, to) {
		if err != nil {
			return Content{}, fmt.Errorf("read cases of %s bucket %d: %w", b.month, b.n, err)
		}
		if i >= b.end || p.lines[i].number != c.Number {
			return Content{}, fmt.Errorf("cases of %s bucket %d changed since they were planned", b.month, b.n)
		}
		pages = append(pages, p.casePage(&c, events[c.Number], p.neighbour(i, -1), p.neighbour(i, +1)))
		i++
	}
	if i != b.end {
		return Content{}, fmt.Errorf("cases of %s bucket %d changed since they were planned", b.month, b.n)
	}
	return Content{Pages: pages}, nil
}

// casePage makes the page of one case.
func (p *planner) casePage(c *record.Case, events []record.Event, prev, next record.CaseNumber) Page {
	lang := p.Langs[0]
	words := p.Labels[lang]
	path := record.CasePath(c.Number)
	v := &casePage{
		Number: string(c.Number), Cite: p.url(path), Prev: caseLink(prev), Next: caseLink(next),
		Unit: p.unitLink(lang, c.Unit), Area: p.areaLink(lang, c.Area), Channel: p.channelLink(lang, c.Channel), Month: p.monthLink(lang, c.Number.Month()),
	}
	v.Crumbs = []link{p.home(lang)}
	if a := p.areaPath(c.Area); len(a) > 0 {
		v.Crumbs = append(v.Crumbs, p.areaLink(lang, a[0]))
	}
	page := Page{Path: path, Lang: lang, Params: v}
	if c.Prominence == record.Withdrawn {
		t := p.tombstones[c.Number]
		page.Layout, page.Title = "tombstone", words.say("title.tombstone", "number", string(c.Number))
		v.Unit = p.unitLink(lang, cmp.Or(t.Unit, c.Unit))
		v.Reason, v.Withdrawn, v.NoIndex = t.Reason, t.Day.String(), true
		return page
	}
	if c.Unit != "" {
		v.Crumbs = append(v.Crumbs, v.Unit)
	}
	page.Shows = []record.CaseNumber{c.Number}
	v.Status = string(c.Status)
	v.Received, v.Dispatched, v.Due = c.Received.String(), c.Dispatched.String(), c.Due.String()
	v.DueHow = p.dueHow(&c.Row)
	v.Replied, v.Closed = c.RepliedOn.String(), c.ClosedOn.String()
	v.Days, v.OnTime, v.CloseDays, v.ClosedOnTime = c.Days.String(), c.OnTime.String(), c.CloseDays.String(), c.ClosedOnTime.String()
	v.Answered = c.Answered.String()
	for _, f := range c.Flags {
		v.Flags = append(v.Flags, string(f))
	}
	v.Steps = p.steps(c)
	if p.mergedInto(c.MergedInto) != "" {
		v.MergedInto = caseLink(c.MergedInto)
	}
	v.fillHistory(events)
	v.Column, v.ColumnType = words.say("column.cases"), words.say("column.type_cases")
	if to := p.mergedInto(c.MergedInto); c.Prominence != record.Full && to != "" {
		// Until the page is made again, one that leads on to a withdrawn case is not there.
		page.Layout, page.Title = "moved", words.say("title.moved", "number", string(c.Number), "into", string(to))
		page.Moved, page.Shows = to, append(page.Shows, to)
		v.Moved, v.MovedURL, v.Reason = caseLink(to), p.url(record.CasePath(to)), string(record.MergedInto)
		return page
	}
	if c.Prominence != record.Full {
		page.Layout, page.Title = "stub", words.say("title.stub", "number", string(c.Number))
		v.Reason = string(c.StubReason)
		v.Description = words.say("desc.stub", "number", string(c.Number), "unit", v.Unit.Name)
		v.NoIndex = true
		return page
	}
	page.Layout, page.Title = "case", cmp.Or(record.Plain(c.Title), words.say("title.case", "number", string(c.Number)))
	p.fillCase(v, c)
	v.Description = cmp.Or(excerpt(c.Question, 110), page.Title)
	v.OGType = "article"
	v.PubDate = cmp.Or(c.RepliedOn, c.ClosedOn, c.Received).String() + " 00:00"
	v.Source = v.Unit.Name
	v.JSONLD = p.caseJSONLD(page.Title, v, c)
	page.Doc = searchDoc(page.Title, c)
	return page
}

// fillCase adds what only a case published in full shows.
func (p *planner) fillCase(v *casePage, c *record.Case) {
	lang := p.Langs[0]
	if c.Topic != "" {
		t := p.topicLink(lang, c.Topic)
		v.Topic = &t
	}
	v.Kind, v.Addressee = string(c.Kind), record.Plain(c.Addressee)
	for _, u := range c.CoUnits {
		v.CoUnits = append(v.CoUnits, p.unitLink(lang, u))
	}
	if c.Against != "" {
		l := p.unitLink(lang, c.Against)
		v.Against = &l
	}
	v.RepeatOf = caseLink(c.RepeatOf)
	v.Promises = p.casePromises(c.Number)
	v.QuestionHTML, v.ReplyHTML = paragraphs(c.Question), paragraphs(c.Reply.Text)
	v.ReplyUnit, v.Spokesman = p.unitLink(lang, cmp.Or(c.Reply.Unit, c.Unit)), record.Plain(c.Reply.Spokesman)
	v.Outcome, v.OutcomeReason, v.OnSite = string(c.Outcome), record.Plain(c.OutcomeReason), c.OnSite.String()
	if c.Rating.Level > 0 {
		v.RatingScale, v.RatingLevel, v.RatingSource = string(c.Rating.Scale), "l"+itoa(int(c.Rating.Level)), string(c.Rating.Source)
	}
	v.Reopened = c.Reopened.String()
	v.Files = fileLinks(c)
	if c.FilesWithheld > 0 {
		v.FilesWithheld = itoa(c.FilesWithheld)
	}
}

// fillHistory adds the public history, several events of one kind on one day as
// one. That a text came back after a reinstatement is no update to readers: the line of
// the reinstatement says it. A withdrawn case has a tombstone instead.
func (v *casePage) fillHistory(events []record.Event) {
	for i, e := range events {
		if e.Kind == record.EventUpdate && i > 0 && events[i-1].Kind == record.EventReinstate {
			continue
		}
		line := event{Day: e.Day.String(), What: string(e.Kind)}
		if e.Kind == record.EventCorrect || e.Kind == record.EventMerge {
			line.Reason = e.Reason.Public()
		}
		if n := len(v.History); n == 0 || v.History[n-1] != line {
			v.History = append(v.History, line)
		}
		v.Corrected = v.Corrected || e.Kind == record.EventCorrect
	}
}

// steps is the timeline of a case: its days, what the office delivered as its
// timeline, and its moves between units.
func (p *planner) steps(c *record.Case) []step {
	var steps []step
	add := func(d record.Day, s step) {
		if d.Known() {
			s.Day, s.order = d.String(), d
			steps = append(steps, s)
		}
	}
	name := func(id record.UnitID) string {
		if id == "" {
			return ""
		}
		return p.unitLink(p.Langs[0], id).Name
	}
	add(c.Received, step{What: "received"})
	add(c.Dispatched, step{What: "dispatched", Unit: name(c.Unit)})
	for _, d := range c.Dispatches {
		what := "transferred"
		if d.Returned {
			what = "returned"
		}
		add(d.Day, step{What: what, From: name(d.From), Unit: name(d.To), Text: record.Plain(d.Reason)})
	}
	for _, s := range c.Timeline {
		add(s.Day, step{What: record.Plain(s.What), Unit: name(s.Unit), Text: record.Plain(s.Text)})
	}
	for _, s := range c.Supervisions {
		add(s.Day, step{What: "supervised", Unit: name(s.By), Text: record.Plain(s.What)})
	}
	add(c.FirstResponse, step{What: "first-response"})
	add(c.RepliedOn, step{What: "replied"})
	add(c.ClosedOn, step{What: "closed"})
	add(c.ResolvedOn, step{What: "resolved"})
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.order, b.order) })
	return steps
}

// caseJSONLD describes a question and its reply. The writer of the question is
// not named, not even as anonymous.
func (p *planner) caseJSONLD(title string, v *casePage, c *record.Case) string {
	question := map[string]any{
		"@type": "Question", "name": title, "text": cmp.Or(excerpt(c.Question, 300), title),
		"dateCreated": c.Received.String(), "answerCount": 0,
	}
	if c.Reply.Text != "" {
		answer := map[string]any{
			"@type": "Answer", "text": excerpt(c.Reply.Text, 300), "url": v.Cite,
			"author": p.organization(cmp.Or(c.Reply.Unit, c.Unit)),
		}
		if c.RepliedOn.Known() {
			answer["dateCreated"] = c.RepliedOn.String()
		}
		question["answerCount"], question["acceptedAnswer"] = 1, answer
	}
	return jsonld(map[string]any{
		"@context": "https://schema.org",
		"@graph": []any{
			map[string]any{"@type": "QAPage", "url": v.Cite, "inLanguage": p.Langs[0], "identifier": v.Number, "isAccessibleForFree": true, "mainEntity": question},
			p.crumbsJSONLD(v.Crumbs),
		},
	})
}

// organization is a unit for search engines.
func (p *planner) organization(id record.UnitID) map[string]any {
	l := p.unitLink(p.Langs[0], id)
	o := map[string]any{"@type": "GovernmentOrganization", "name": l.Name}
	if l.Path != "" {
		o["url"] = p.url(l.Path)
	}
	return o
}

func caseLink(n record.CaseNumber) *link {
	if n == "" {
		return nil
	}
	return &link{Name: string(n), Path: record.CasePath(n)}
}
