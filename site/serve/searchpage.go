package serve

import (
	"bytes"
	"context"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// results is what the layout results.html shows: either Trouble, or an answer.
type results struct {
	L        *searchWords
	Q        string
	MaxRunes int     // of a query
	Before   string  // what comes before the title of the page
	Title    string  // of the page, whole
	Said     string  // for those who listen to the page
	Kept     []param // of the search, beside what the form has fields for

	Trouble, Advice string
	Ways            []choice

	Tabs, Chips      []choice
	Unfiltered       string // address
	Sum              count
	Scope            string
	Notes            []string
	Number           string // a case number in the query
	NumberAt         string // its address; empty where there is no such case
	Lacks            string // says that no case has the number
	Offers, Synonyms []choice
	Nothing          bool
	Unfilter         *choice
	Words            []choice
	Instead          *choice
	InsteadHits      []hit
	Sorts            []choice
	Hits             []hit
	First            int // number of the first hit
	Pager            []choice
	Prev, Next       string
	Exports          []choice
	Permanent        string
	Groups           []group
	From, To         string
	Sizes            []choice
}

// param is one parameter of an address.
type param struct{ Name, Value string }

// choice is a link to another search.
type choice struct {
	Href string // empty: there is nothing behind it
	Name named
	N    string // hits
	Here bool   // it is what is shown, or what has been chosen
	Mark string // what tells several links of the same kind apart
	Save bool   // it is a file to be kept
}

// named is a text, and its language where that is not the page's.
type named struct{ Text, Lang string }

// count is a sentence with a number.
type count struct{ Before, Number, After string }

// String returns the sentence.
func (c count) String() string { return c.Before + c.Number + c.After }

// hit is one case that was found.
type hit struct {
	Href       string
	Title, Cut template.HTML // marked by package search, which escapes
	Own        string        // their language where that is not the page's
	Status     *named
	Unit, Area *named
	Number     string
	When, Days string
	Crossing   string
}

// group is a facet, with its trees written as a list.
type group struct {
	Field, Name string
	Values      []facetLine
	More        *choice // shows all of it, or no longer all of it
}

// facetLine is one value of a facet.
type facetLine struct {
	choice
	Depth int // 0 to 3
}

// page answers search and search.html, or the part of it that changes.
func (q *query) page(ctx context.Context, tag string, req search.Request, v pageParams, s *search.Searcher) {
	if q.same(tag) {
		return
	}
	a, err := s.Search(ctx, req)
	if err != nil {
		q.fail(err)
		return
	}
	q.sendPage(http.StatusOK, tag, cacheShort, q.results(&a, v), v.fragment)
}

// troublePage answers a request that cannot be answered with a page. What was
// typed stays in its box, for the next try, and so do the filters.
func (q *query) troublePage(t trouble) {
	l := wordsIn(q.frame.lang)
	asked := q.r.URL.Query() // what of it can be decoded
	p := &results{
		L: l, Q: firstRunes(search.Clean(asked.Get("q")), search.MaxRunes), MaxRunes: search.MaxRunes, Title: q.frame.fullTitle(""),
		Trouble: t.text.In(q.frame.lang),
	}
	asked.Del("q")
	dropAdded(asked)
	if r, err := search.ParseRequest(asked, fragmentParam, allParam); err == nil {
		p.Kept = kept(r, "q", "page")
	}
	p.Said = p.Trouble
	if t.status == http.StatusServiceUnavailable {
		p.Advice, p.Ways = l.DownAdvice, l.ways()
	}
	q.sendPage(t.status, "", cacheNever, p, q.fragment())
}

// ways are the listings, which work without a search.
func (l *searchWords) ways() []choice {
	return []choice{
		{Href: "areas.html", Name: named{Text: l.Areas}},
		{Href: "units.html", Name: named{Text: l.Units}},
		{Href: "topics.html", Name: named{Text: l.Topics}},
		{Href: "months.html", Name: named{Text: l.Months}},
		{Href: "channels.html", Name: named{Text: l.Channels}},
	}
}

// sendPage sends results in their frame, or alone.
func (q *query) sendPage(status int, tag, cache string, p *results, fragment bool) {
	name := "whole"
	if fragment {
		name = "found"
	}
	var b bytes.Buffer
	if err := q.s.layout.ExecuteTemplate(&b, name, p); err != nil {
		q.broken(q.w, q.r, err) // the layout does not fit the values: a defect
		return
	}
	body := b.Bytes()
	if !fragment {
		body = q.frame.page(p.Before, body)
	}
	sendMade(q.w, q.r, made{status: status, contentType: contentTypes[".html"], tag: tag, cache: cache, body: body})
}

// href is the address of a search, from the search page.
func href(r search.Request) string { return address(searchPage, r.Encode()) }

func address(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// Every link to a choice holds the whole search. These are the bytes that such
// links may take on one page, and those of a link beside the search: thousands of
// links of a search as people make it, and some dozens of one with all that an
// address has room for.
const (
	linksBytes = 1 << 20
	linkBytes  = 200
)

// results makes an answer ready for the layout.
func (q *query) results(a *search.Answer, v pageParams) *results {
	l, r := wordsIn(q.frame.lang), a.Request
	p := &results{
		L: l, Q: r.Q, MaxRunes: search.MaxRunes, Kept: kept(r, "q", "from", "to", "page"), Unfiltered: href(r.Unfiltered()),
		Sum: l.sum(a.Total, a.Exact, a.Browse && !r.Filtered() && r.Type == ""), Scope: l.scope(a.Index),
		Nothing: a.Total == 0, First: (a.Page-1)*r.PerPage + 1, Permanent: href(r),
		Hits: q.hits(a.Hits), Sorts: q.sorts(a),
	}
	links := linksBytes / (len(p.Permanent) + linkBytes)
	p.Before = titleOf(l, a)
	p.Title = q.frame.fullTitle(p.Before)
	p.say(p.Sum.String())
	values := r.Values()
	p.From, p.To = values.Get("from"), values.Get("to")
	for _, t := range a.Tabs {
		p.Tabs = append(p.Tabs, choice{Href: href(t.Request), Name: q.named(t.Name), N: thousands(t.N), Here: t.Chosen})
	}
	for _, c := range a.Chosen[:min(links, len(a.Chosen))] {
		name := search.FieldName(c.Field).In(q.frame.lang) + l.Colon + c.Name.In(q.frame.lang)
		p.Chips = append(p.Chips, choice{Href: href(c.Without), Name: named{Text: name}})
	}
	p.Groups = q.groups(a, v, links-len(p.Chips))
	for _, n := range a.Notes {
		text := n.Text.In(q.frame.lang)
		p.Notes = append(p.Notes, text)
		p.say(text)
	}
	q.helps(p, a)
	if a.Number != "" {
		p.Number, p.Lacks = a.Number, l.lacks(a.Number)
		if _, state := q.view.Lookup(a.NumberPath); state != release.Missing {
			p.NumberAt = q.frame.root + a.NumberPath
			p.Nothing = false // the case is what was looked for
		}
	}
	if a.Page > a.Pages && a.Total > 0 {
		p.Notes = append(p.Notes, l.after(a.Pages))
	}
	if a.Pages > 1 {
		p.Pager = pager(l, a)
	}
	if a.Prev != nil {
		p.Prev = href(*a.Prev)
	}
	if a.Next != nil {
		p.Next = href(*a.Next)
	}
	if a.Total > 0 {
		// Exports hold every hit in an order of their own.
		every := r.Order("")
		every.PerPage = 0
		p.Exports = []choice{
			{Href: address(asCSV, every.Encode()), Name: named{Text: l.CSV}, Save: true},
			{Href: address(asJSONL, every.Encode()), Name: named{Text: l.JSONL}, Save: true},
			{Href: address(asAtom, every.Encode()), Name: named{Text: l.Atom}},
		}
	}
	if a.Total > search.DefaultPerPage {
		for _, n := range []int{20, 50, 100} {
			size := r.At(1)
			size.PerPage = n
			p.Sizes = append(p.Sizes, choice{Href: href(size), Name: named{Text: strconv.Itoa(n)}, Here: n == r.PerPage})
		}
	}
	return p
}

// say adds a sentence to what is said.
func (p *results) say(sentence string) {
	if p.Said != "" {
		p.Said += p.L.Gap
	}
	p.Said += strings.TrimRight(sentence, "。.") + p.L.Stop
}

// helps fills in what leads on.
func (q *query) helps(p *results, a *search.Answer) {
	l := p.L
	for _, o := range a.Suggestions {
		p.Offers = append(p.Offers, q.offer(l, o))
	}
	for _, o := range a.Synonyms {
		p.Synonyms = append(p.Synonyms, q.offer(l, o))
	}
	if len(p.Offers) > 0 {
		p.say(l.DidYouMean + p.Offers[0].Name.Text)
	}
	if i := a.Instead; i != nil {
		p.Instead = &choice{Href: href(i.Request), Name: named{Text: strings.Join(i.Terms, " ")}, N: l.count(i.Total, i.Exact)}
		p.InsteadHits = q.hits(i.Hits)
		p.say(l.Instead + p.Instead.Name.Text + l.Comma + p.Instead.N)
	}
	if a.Help == nil {
		return
	}
	if o := a.Help.Unfiltered; o != nil {
		p.Unfilter = &choice{Href: href(o.Request), Name: named{Text: l.Unfiltered}, N: l.count(o.Total, o.Exact)}
	}
	for _, w := range a.Help.Words {
		c := choice{Name: named{Text: l.quote(cutRunes(w.Word, 30))}, N: l.count(w.Total, w.Exact)}
		if w.Total > 0 {
			c.Href = href(a.Request.Unfiltered().Tab("").Ask(w.Word))
		}
		p.Words = append(p.Words, c)
	}
}

// offer is a link to another search that has hits.
func (q *query) offer(l *searchWords, o search.Offer) choice {
	name := o.With
	if name == "" {
		name = o.Request.Q
	}
	return choice{Href: href(o.Request), Name: named{Text: cutRunes(name, 40)}, N: l.count(o.Total, o.Exact)}
}

// kept returns the parameters but for some: those for which the form has fields
// of its own, and the page, since a search from the form begins on the first.
func kept(r search.Request, but ...string) []param {
	values := r.Values()
	var all []param
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(but, name) {
			continue
		}
		for _, value := range values[name] {
			all = append(all, param{name, value})
		}
	}
	return all
}

// titleOf is what comes before the title of the page: the query and the page.
func titleOf(l *searchWords, a *search.Answer) string {
	title := cutRunes(a.Request.Q, 60)
	if a.Page > 1 {
		title = strings.TrimLeft(title+" "+l.page(a.Page), " ")
	}
	return title
}

// named returns a label in the language of the page and, where it has none in
// that, says which it is in.
func (q *query) named(l search.Label) named {
	n := named{Text: l.In(q.frame.lang)}
	if q.frame.own != "" && n.Text == l.ZH && strings.ContainsFunc(n.Text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		n.Lang = q.frame.own
	}
	return n
}

// value returns the name of a value; nil for none.
func (q *query) value(v search.Named) *named {
	if v.ID == "" {
		return nil
	}
	n := q.named(v.Name)
	return &n
}

// hits makes cases ready for the layout.
func (q *query) hits(all []search.AnswerHit) []hit {
	l := wordsIn(q.frame.lang)
	shown := make([]hit, len(all))
	for i, a := range all {
		h := hit{
			Href: q.frame.root + a.Path, Title: a.Title, Cut: a.Snippet, Own: q.frame.own, Number: a.ID,
			Status: q.value(a.Status), Unit: q.value(a.Unit), Area: q.value(a.Area),
		}
		if h.Title == "" {
			h.Title = template.HTML(template.HTMLEscapeString(l.NoText))
		}
		switch {
		case a.Replied != "":
			h.When = l.Replied + " " + a.Replied
		case a.Received != "":
			h.When = l.Received + " " + a.Received
		}
		if a.Crossing {
			h.Crossing = l.Crossing
		}
		if a.Days >= 0 {
			h.Days = l.days(a.Days)
		}
		shown[i] = h
	}
	return shown
}

// sorts are the orders. Without words there is no title to come first.
func (q *query) sorts(a *search.Answer) []choice {
	if a.Total < 2 {
		return nil
	}
	l, r := wordsIn(q.frame.lang), a.Request
	at := func(sort, name string, here bool) choice {
		return choice{Href: href(r.Order(sort)), Name: named{Text: name}, Here: here}
	}
	if len(a.Terms) == 0 {
		return []choice{
			at("", l.Newest, r.Sort == "" || r.Sort == "newest"), at("oldest", l.Oldest, r.Sort == "oldest"), at("wait", l.Wait, r.Sort == "wait"),
		}
	}
	return []choice{
		at("", l.BestFirst, r.Sort == ""), at("newest", l.Newest, r.Sort == "newest"),
		at("oldest", l.Oldest, r.Sort == "oldest"), at("wait", l.Wait, r.Sort == "wait"),
	}
}

// pager links the first page, the last, and those around the one that is shown.
// Where pages are left out stands a choice without a name.
func pager(l *searchWords, a *search.Answer) []choice {
	const around = 2
	var all []choice
	last := 0
	for n := 1; n <= a.Pages; n++ {
		if n > 1 && n < a.Pages && (n < a.Page-around || n > a.Page+around) {
			continue
		}
		if n > last+1 {
			all = append(all, choice{})
		}
		all = append(all, choice{Href: href(a.Request.At(n)), Name: named{Text: thousands(n)}, Here: n == a.Page, Mark: l.page(n)})
		last = n
	}
	return all
}

// manyValues is how many values of a facet are shown before one asks for all.
const manyValues = 10

// groups makes the facets, with at most so many links to values.
func (q *query) groups(a *search.Answer, v pageParams, links int) []group {
	l := wordsIn(q.frame.lang)
	var all []group
	for _, f := range a.Facets {
		g := group{Field: f.Field, Name: f.Name.In(q.frame.lang)}
		whole := v.all == f.Field
		b := facetLines{query: q, whole: whole, links: links}
		b.add(f.Values, 0)
		g.Values = b.lines
		links -= len(b.lines)
		more := a.Request.Values()
		switch {
		case whole:
			g.More = &choice{Href: address(searchPage, more.Encode()), Name: named{Text: l.Fewer}}
		case b.left > 0:
			more.Set(allParam, f.Field)
			g.More = &choice{Href: address(searchPage, more.Encode()), Name: named{Text: l.more(b.left + len(b.lines))}}
		}
		all = append(all, g)
	}
	return all
}

// facetLines writes the tree of a facet as a list.
type facetLines struct {
	*query
	whole bool // with everything that is in the tree
	links int  // most lines
	lines []facetLine
	left  int // values that are not in lines
}

// add appends the first values of one level and whatever is chosen. What lies
// below a value is shown when something there or the value itself is chosen,
// and where there is but one value to begin with. What has no place any more is
// left out.
func (b *facetLines) add(values []search.FacetValue, depth int) {
	for i, v := range values {
		if len(b.lines) >= b.links || !b.whole && i >= manyValues && !v.Chosen && !v.Within {
			b.left += size(v)
			continue
		}
		b.lines = append(b.lines, facetLine{choice{Href: href(v.Toggle()), Name: b.named(v.Name), N: thousands(v.N), Here: v.Chosen}, min(depth, 3)})
		if b.whole || v.Chosen || v.Within || depth == 0 && len(values) == 1 {
			b.add(v.Children, depth+1)
			continue
		}
		for _, c := range v.Children {
			b.left += size(c)
		}
	}
}

// size is the number of values in a tree.
func size(v search.FacetValue) int {
	n := 1
	for _, c := range v.Children {
		n += size(c)
	}
	return n
}

// firstRunes returns the first runes of a text.
func firstRunes(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}

// cutRunes returns the first runes of a text, with an ellipsis if there are
// more.
func cutRunes(s string, most int) string {
	if first := firstRunes(s, most); len(first) < len(s) {
		return first + "…"
	}
	return s
}
