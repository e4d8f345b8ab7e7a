package search

import (
	"context"
	"html/template"
	"maps"
	"slices"
	"strings"
)

// Crosser tells whether the words of a text meet within one of its stretches,
// so that what was found there is no word: 和服 in 产品和服务. Start and end are
// in bytes, on rune boundaries. It is safe for concurrent use.
type Crosser interface {
	Crossing(text string, start, end int) bool
}

// Suggester returns words that may have been meant by one that is rarely or
// never found, best first. Whether they are found is checked by the Searcher, so
// it need not know. It is safe for concurrent use.
type Suggester interface {
	Suggest(word string) []string
}

// Questioner returns the words that carry the meaning of a question such as
// 公积金怎么提取, those first that say the most, and false when it is none. It is
// safe for concurrent use.
type Questioner interface {
	Question(q string) ([]string, bool)
}

// Synonymer returns other names of what a word names: 住房和城乡建设局 for 住建局.
// It is safe for concurrent use.
type Synonymer interface {
	Expand(word string) []string
}

// SearcherOptions is what a Searcher may have. All can be left out.
type SearcherOptions struct {
	Release    int // the release that the site shows; zero: that of the vocabulary
	Crosser    Crosser
	Suggester  Suggester
	Questioner Questioner
	Synonymer  Synonymer
	Path       func(typ, id string) string // address of a document's page; nil: case/ID.html
	Hide       func() []string             // IDs that are withdrawn and may still be in the index; nil: none
	Facets     []string                    // keyword fields that are counted; nil: all that readers filter by

	// Stats returns the state of the index, where the caller knows it already;
	// nil: the engine is asked with each search.
	Stats func(context.Context) (Stats, error)
}

// Searcher answers requests from an engine, with everything that is the same
// for all engines. It is cheap to make, so one is made for each release. It is
// safe for concurrent use.
//
// # Crossing hits
//
// Where the order is that of titles, a hit of which one word is found only
// where other words meet goes behind the others, but not beyond the first
// crossingWindow hits: there the order is the engine's. Quotations are meant as
// they stand and never cross. Totals, facets and exports are not touched by it.
type Searcher struct {
	engine     Engine
	vocabulary *Vocabulary
	o          SearcherOptions
}

// crossingWindow is how many of the first hits are put in order by whether they
// cross.
const crossingWindow = 200

// NewSearcher returns a searcher over an engine. v may be nil: values are then
// called by their identifiers.
func NewSearcher(e Engine, v *Vocabulary, o SearcherOptions) *Searcher {
	if o.Facets == nil {
		o.Facets = filterFields()
	}
	if o.Release == 0 && v != nil {
		o.Release = v.Release
	}
	if o.Path == nil {
		o.Path = func(_, id string) string { return "case/" + id + ".html" }
	}
	if o.Stats == nil {
		o.Stats = e.Stats
	}
	return &Searcher{engine: e, vocabulary: v, o: o}
}

// plan is a request as an engine is asked it. It belongs to one goroutine.
type plan struct {
	Parsed
	request Request // with page and per_page filled in
	query   Query   // without Facets, Offset and Limit
	none    bool    // no document can be a hit
	marker  *marker
}

// plan understands a request.
func (s *Searcher) plan(r Request) (*plan, error) {
	r.Page, r.PerPage = r.page(), r.perPage()
	if r.Page > MaxWindow/r.PerPage {
		return nil, errPageTooFar()
	}
	parsed, err := Parse(r.Q, s.vocabulary)
	if err != nil {
		return nil, err
	}
	p := &plan{Parsed: parsed, request: r}
	p.query = Query{Not: p.Not, Fields: p.Fields, Sort: engineSort(r.Sort)}
	for _, t := range p.Terms {
		p.query.Terms = append(p.query.Terms, t.Text)
	}
	if s.o.Hide != nil {
		p.query.Hide = s.o.Hide()
	}
	p.marker = newMarker(p.query.Terms)
	if r.Q != "" && len(p.Terms)+len(p.Filters) == 0 && !r.Filtered() {
		p.none = true
		switch {
		case len(p.Not) > 0:
			p.Notes = append(p.Notes, noteOnlyNot())
		case p.Number == "":
			p.Notes = append(p.Notes, noteNoTerms())
		}
	}
	s.addFilters(p)
	return p, nil
}

// engineSort returns the order as engines call it.
func engineSort(sort string) string {
	switch sort {
	case "newest":
		return "-" + FieldReplied
	case "oldest":
		return FieldReplied
	case "wait":
		return "-" + FieldDays
	}
	return ""
}

// addFilters gives the query the filters of the request and those that stand in
// its words. Both must hold, so on one field only what they share remains.
func (s *Searcher) addFilters(p *plan) {
	r := p.request
	in := map[string][]string{}
	for field, ids := range r.Filters {
		in[field] = s.vocabulary.expand(field, ids)
	}
	typed := map[string][]string{}
	for _, c := range p.Filters {
		typed[c.Field] = append(typed[c.Field], c.IDs...)
	}
	for _, field := range filterFields() {
		words, ok := typed[field]
		if !ok {
			continue
		}
		words = s.vocabulary.expand(field, words)
		if len(words) == 0 { // a note says so already
			p.none = true
			continue
		}
		if chosen, both := in[field]; both {
			words = slices.DeleteFunc(words, func(id string) bool { return !slices.Contains(chosen, id) })
			if len(words) == 0 {
				p.none = true
				p.Notes = append(p.Notes, noteContradicts(field))
			}
		}
		in[field] = words
	}
	if r.Type != "" {
		in[FieldType] = []string{r.Type}
	}
	for _, field := range slices.Sorted(maps.Keys(in)) {
		if len(in[field]) > 0 {
			p.query.Filters = append(p.query.Filters, Filter{Field: field, In: in[field]})
		}
	}
	if r.From != 0 || r.To != 0 {
		f := Filter{Field: FieldReplied}
		if r.From != 0 {
			f.Min = &r.From
		}
		if r.To != 0 {
			f.Max = &r.To
		}
		p.query.Filters = append(p.query.Filters, f)
	}
}

// Search answers one page. Its error is a [*RequestError] when the reader can
// mend it, else one of the engine (see [ErrNoIndex] and [ErrUnavailable]).
func (s *Searcher) Search(ctx context.Context, r Request) (Answer, error) {
	p, err := s.plan(r)
	if err != nil {
		return Answer{}, err
	}
	state, err := s.State(ctx)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		Request: p.request, Index: state, Exact: true, Terms: p.query.Terms, Browse: p.request.Q == "",
		Number: p.Number, Chosen: s.chosen(p), Notes: p.Notes, Page: p.request.Page, Pages: 1,
	}
	if p.Number != "" {
		a.NumberPath = s.o.Path(TypeCase, p.Number)
	}
	if !p.none {
		res, err := s.fetch(ctx, p, append([]string{FieldType}, s.o.Facets...))
		if err != nil {
			return Answer{}, err
		}
		a.Total, a.Exact = res.Total, res.Exact
		a.Hits = s.show(p, res.page)
		a.Facets, a.Tabs = s.facets(p, res.Facets), s.tabs(p.request, res.Facets[FieldType])
		if res.moved {
			a.Notes = append(a.Notes, noteCrossing())
		}
		if !res.Exact {
			a.Notes = append(a.Notes, noteEstimate())
		}
	}
	a.turn()
	if err := s.help(ctx, p, &a); err != nil {
		return Answer{}, err
	}
	return a, nil
}

// turn fills in the pages before and after.
func (a *Answer) turn() {
	per := a.Request.PerPage
	a.Pages = max(1, min((a.Total+per-1)/per, MaxWindow/per))
	if a.Total > MaxWindow {
		a.Notes = append(a.Notes, noteWindow())
	}
	if a.Page > 1 {
		prev := a.Request.At(min(a.Page-1, a.Pages))
		a.Prev = &prev
	}
	if a.Page < a.Pages {
		next := a.Request.At(a.Page + 1)
		a.Next = &next
	}
}

// fetched is what the engine found, with the hits of one page.
type fetched struct {
	Result
	page  []found
	moved bool // crossing hits went behind others
}

// found is one hit and whether it crosses.
type found struct {
	Hit
	crossing bool
}

// fetch asks the engine for one page. For the first pages it fetches somewhat
// more than a page, so that crossing hits have something to go behind, and only
// if too many of them cross the whole window.
func (s *Searcher) fetch(ctx context.Context, p *plan, facets []string) (fetched, error) {
	q := p.query
	per := p.request.PerPage
	offset := (p.request.Page - 1) * per
	end := offset + per
	crossable := s.o.Crosser != nil && slices.ContainsFunc(p.Terms, canCross)
	ordered := crossable && p.request.Sort == "" && offset < crossingWindow

	q.Facets, q.Offset, q.Limit = facets, offset, per
	if ordered {
		q.Offset, q.Limit = 0, max(end, min(end+per, crossingWindow))
	}
	res, err := s.engine.Search(ctx, q)
	if err != nil {
		return fetched{}, err
	}
	f := fetched{Result: res, page: s.judge(p, res.Hits, crossable)}
	if !ordered {
		return f, nil
	}
	straight := 0
	for _, h := range f.page {
		if !h.crossing {
			straight++
		}
	}
	if straight < end && q.Limit < crossingWindow && len(res.Hits) == q.Limit {
		q.Facets, q.Limit = nil, crossingWindow
		more, err := s.engine.Search(ctx, q)
		if err != nil {
			return fetched{}, err
		}
		// Facets and total are of the first answer, and so one moment's.
		f.page = s.judge(p, more.Hits, crossable)
	}
	head := f.page[:min(len(f.page), crossingWindow)]
	cross := false
	for _, h := range head {
		f.moved = f.moved || cross && !h.crossing
		cross = cross || h.crossing
	}
	slices.SortStableFunc(head, func(a, b found) int {
		switch {
		case a.crossing == b.crossing:
			return 0
		case a.crossing:
			return 1
		}
		return -1
	})
	f.page = f.page[min(offset, len(f.page)):min(end, len(f.page))]
	return f, nil
}

// canCross reports whether words can meet within a term.
func canCross(t Term) bool { return !t.Quoted && len(Units(t.Text)) > 1 }

// judge says of each hit whether it crosses: whether one of the words is found
// only where other words meet.
func (s *Searcher) judge(p *plan, hits []Hit, crossable bool) []found {
	all := make([]found, len(hits))
	for i, h := range hits {
		all[i] = found{Hit: h, crossing: crossable && s.crosses(p, h)}
	}
	return all
}

func (s *Searcher) crosses(p *plan, h Hit) bool {
	const (
		unseen = iota
		onlyCrossing
		word
	)
	state := make([]int, len(p.Terms))
	for _, field := range []string{FieldTitle, FieldQuestion, FieldReply} {
		text := h.Text[field]
		for _, m := range p.markerOf(field).find(text) {
			if state[m.term] == word || !canCross(p.Terms[m.term]) {
				continue
			}
			if s.o.Crosser.Crossing(text, m.start, m.end) {
				state[m.term] = onlyCrossing
			} else {
				state[m.term] = word
			}
		}
	}
	return slices.Contains(state, onlyCrossing)
}

// show makes hits ready to be shown.
func (s *Searcher) show(p *plan, hits []found) []AnswerHit {
	shown := make([]AnswerHit, len(hits))
	for i, h := range hits {
		a := s.document(h.Doc)
		a.Crossing = h.crossing
		a.Title = p.markerOf(FieldTitle).highlight(h.Text[FieldTitle])
		a.Snippet, a.SnippetOf = p.snippet(h.Doc)
		shown[i] = a
	}
	return shown
}

// markerOf returns what marks the words of the query in a text: nothing where
// they are not sought in it.
func (p *plan) markerOf(field string) *marker {
	if len(p.Fields) > 0 && !slices.Contains(p.Fields, field) {
		return &marker{}
	}
	return p.marker
}

// snippet returns the snippet of the text that holds the most of the words, of
// several the first. The title has a place of its own.
func (p *plan) snippet(d Doc) (template.HTML, string) {
	var best template.HTML
	field, most := "", -1
	for _, name := range []string{FieldQuestion, FieldReply} {
		if d.Text[name] == "" {
			continue
		}
		if html, n := p.markerOf(name).snippet(d.Text[name], SnippetRunes); n > most {
			best, field, most = html, name, n
		}
	}
	return best, field
}

// document returns a hit with everything but the marked texts.
func (s *Searcher) document(d Doc) AnswerHit {
	a := AnswerHit{Doc: d, Path: s.o.Path(d.Keyword[FieldType], d.ID), Days: -1}
	for _, f := range []struct {
		field string
		named *Named
	}{
		{FieldType, &a.Type}, {FieldUnit, &a.Unit}, {FieldArea, &a.Area}, {FieldTopic, &a.Topic},
		{FieldChannel, &a.Channel}, {FieldKind, &a.Kind}, {FieldStatus, &a.Status}, {FieldRating, &a.Rating},
	} {
		if id := d.Keyword[f.field]; id != "" {
			*f.named = Named{ID: id, Name: s.vocabulary.Name(f.field, id)}
		}
	}
	a.Received, a.Replied = formatDay(d.Number[FieldReceived]), formatDay(d.Number[FieldReplied])
	if days, ok := d.Number[FieldDays]; ok && days >= 0 {
		a.Days = days
	}
	return a
}

// chosen lists the filters in force: those of the request, then those that
// stand in its query.
func (s *Searcher) chosen(p *plan) []Chosen {
	all := s.chosenFilters(p.request)
	for _, c := range p.Filters {
		name := Label{ZH: Clean(c.Word)}
		if len(c.IDs) == 1 {
			name = s.vocabulary.Name(c.Field, c.IDs[0])
		}
		all = append(all, Chosen{c.Field, name, p.request.Ask(p.without(func(o Choice) bool { return o.start == c.start }))})
	}
	return all
}

func (s *Searcher) chosenFilters(r Request) []Chosen {
	var all []Chosen
	for _, field := range filterFields() {
		for _, id := range r.Filters[field] {
			all = append(all, Chosen{field, s.vocabulary.Name(field, id), r.Without(field, id)})
		}
	}
	if r.From != 0 || r.To != 0 {
		without := r.At(1)
		without.From, without.To = 0, 0
		all = append(all, Chosen{FieldReplied, rangeName(r.From, r.To), without})
	}
	return all
}

// rangeName prints days, of which one may be open.
func rangeName(from, to int64) Label {
	a, b := formatDay(from), formatDay(to)
	switch {
	case a == "":
		return Label{b + " 以前", "up to " + b}
	case b == "":
		return Label{a + " 以后", "from " + a}
	}
	return Label{a + " 至 " + b, a + " to " + b}
}

// Each calls f once for every hit of a request, however many, in the order of
// their numbers, the last first. Page, order and helps play no part, and nothing
// is marked: Title, Snippet and Crossing are empty. An error of f ends it.
func (s *Searcher) Each(ctx context.Context, r Request, f func(AnswerHit) error) error {
	p, err := s.plan(r.At(1))
	if err != nil || p.none {
		return err
	}
	q := p.query
	q.Sort = ""
	return s.engine.Each(ctx, q, func(h Hit) error { return f(s.document(h.Doc)) })
}

// count returns the number of hits of a request.
func (s *Searcher) count(ctx context.Context, r Request) (total int, exact bool, err error) {
	p, err := s.plan(r.At(1))
	if err != nil {
		return 0, true, err
	}
	if p.none {
		return 0, true, nil
	}
	res, err := s.engine.Search(ctx, p.query)
	return res.Total, res.Exact, err
}

// State returns what the index shows. Its error is also the health check.
func (s *Searcher) State(ctx context.Context) (IndexState, error) {
	stats, err := s.o.Stats(ctx)
	if err != nil {
		return IndexState{}, err
	}
	state := IndexState{Docs: stats.Docs}
	mark, err := ParseMark(stats.Mark)
	if err != nil {
		// Of an index with another mark nothing is known but its documents.
		state.Behind = true
	} else {
		state.Release, state.Cutoff = mark.Release, mark.Cutoff
		state.Behind = len(mark.Toward) > 0 || s.o.Release != 0 && mark.Release != s.o.Release
	}
	if state.Behind && s.vocabulary != nil {
		state.Missing = max(0, s.vocabulary.Docs-stats.Docs)
	}
	return state, nil
}

// without returns the query without some of its filters. A month that has its
// year from another filter goes with it.
func (p *plan) without(drop func(Choice) bool) string {
	year := slices.ContainsFunc(p.Filters, func(c Choice) bool { return c.Field == FieldYear && drop(c) })
	var b strings.Builder
	at := 0
	for _, c := range p.Filters {
		if drop(c) || year && c.borrows {
			b.WriteString(p.request.Q[at:c.start] + " ")
			at = c.end
		}
	}
	return canonicalQuery(b.String() + p.request.Q[at:])
}
