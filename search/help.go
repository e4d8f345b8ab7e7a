package search

import (
	"context"
	"slices"
	"strings"
	"unicode"
)

// Bounds of the helps, so that one search never becomes many.
const (
	fewHits       = 3  // with fewer hits another word may have been meant
	maxExtra      = 12 // searches for helps of all kinds
	maxOffers     = 3  // suggestions that are shown
	maxCandidates = 6  // suggestions for one word that are counted
	maxCounted    = 4  // words that are counted alone
	maxSynonyms   = 4  // synonyms that are counted
)

// helper asks the engine for what may help on, within a budget.
type helper struct {
	*Searcher
	ctx   context.Context
	plan  *plan
	left  int
	asked map[string]bool // queries, so that none is offered twice
}

// help fills in suggestions, synonyms, the words of a question, and what may be
// wrong where nothing was found. They belong to the first page.
func (s *Searcher) help(ctx context.Context, p *plan, a *Answer) error {
	if a.Page > 1 || len(p.Terms) == 0 {
		return nil
	}
	h := &helper{Searcher: s, ctx: ctx, plan: p, left: maxExtra, asked: map[string]bool{p.request.Encode(): true}}
	steps := []func(*Answer) error{h.synonyms}
	if a.Total == 0 {
		steps = []func(*Answer) error{h.unfiltered, h.instead, h.words, h.synonyms, h.suggest}
	} else if a.Total < fewHits {
		steps = []func(*Answer) error{h.synonyms, h.suggest}
	}
	for _, step := range steps {
		if err := step(a); err != nil {
			return err
		}
	}
	return nil
}

// offer counts a request and reports whether it has more than n hits.
func (h *helper) offer(o Offer, n int) (Offer, bool, error) {
	key := o.Request.Encode()
	if h.left == 0 || h.asked[key] {
		return o, false, nil
	}
	h.asked[key] = true
	h.left--
	var err error
	o.Total, o.Exact, err = h.count(h.ctx, o.Request)
	return o, err == nil && o.Total > n, err
}

// replace returns the request with other words in the place of some terms, which
// are in the order of the query.
func (h *helper) replace(changes ...change) Request {
	q := h.plan.request.Q
	var b strings.Builder
	at := 0
	for _, c := range changes {
		word := c.word
		if !c.term.Quoted && strings.ContainsFunc(word, unicode.IsSpace) {
			word = `"` + word + `"`
		}
		b.WriteString(q[at:c.term.start] + word)
		at = c.term.end
	}
	return h.plan.request.Ask(b.String() + q[at:])
}

// change puts another word in the place of a term.
type change struct {
	term Term
	word string
}

// synonyms offers other names of the same office. A quotation is meant as it
// stands.
func (h *helper) synonyms(a *Answer) error {
	if h.o.Synonymer == nil {
		return nil
	}
	counted := 0
	for _, t := range h.plan.Terms {
		if t.Quoted {
			continue
		}
		for _, word := range others(t, h.o.Synonymer.Expand(t.Text), maxSynonyms) {
			if counted++; counted > maxSynonyms {
				return nil
			}
			o, ok, err := h.offer(Offer{Word: t.Text, With: word, Request: h.replace(change{t, word})}, 0)
			if err != nil {
				return err
			}
			if ok {
				a.Synonyms = append(a.Synonyms, o)
			}
		}
	}
	return nil
}

// others returns the first words that do not match the same as the term.
func others(t Term, words []string, most int) []string {
	var all []string
	for _, word := range words {
		if key := unitKey(word); key != "" && key != unitKey(t.Text) && len(all) < most {
			all = append(all, word)
		}
	}
	return all
}

// suggest offers other words, the best ones first. Where words were counted
// alone, only those that were not found need others. If there are several, all of
// them get their best other word while one after the other varies: as long as
// one word of a query is not found, the query is not.
func (h *helper) suggest(a *Answer) error {
	if h.o.Suggester == nil {
		return nil
	}
	var words [][]string
	var terms []Term
	for i, t := range h.plan.Terms {
		if a.Help != nil && (i >= len(a.Help.Words) || a.Help.Words[i].Total > 0) {
			continue
		}
		if w := others(t, h.o.Suggester.Suggest(t.Text), maxCandidates); len(w) > 0 {
			words, terms = append(words, w), append(terms, t)
		}
	}
	together := a.Help != nil && len(terms) > 1
	for rank := range maxCandidates {
		for i, t := range terms {
			if rank >= len(words[i]) || len(a.Suggestions) == maxOffers {
				continue
			}
			o := Offer{Word: t.Text, With: words[i][rank], Request: h.replace(change{t, words[i][rank]})}
			if together {
				changes := make([]change, len(terms))
				for j, other := range terms {
					changes[j] = change{other, words[j][0]}
				}
				changes[i].word = words[i][rank]
				o = Offer{Request: h.replace(changes...)}
			}
			o, ok, err := h.offer(o, a.Total)
			if err != nil {
				return err
			}
			if ok {
				a.Suggestions = append(a.Suggestions, o)
			}
		}
	}
	return nil
}

// instead answers a question by its words, where the query is nothing but a
// question. Where all of them together are not found, fewer are tried.
func (h *helper) instead(a *Answer) error {
	p := h.plan
	quoted := slices.ContainsFunc(p.Terms, func(t Term) bool { return t.Quoted })
	if h.o.Questioner == nil || quoted || len(p.Not)+len(p.Fields)+len(p.Filters) > 0 {
		return nil
	}
	words, ok := h.o.Questioner.Question(p.request.Q)
	if !ok {
		return nil
	}
	for n := len(words); n > 0; n /= 2 {
		found, err := h.ask(p.request.Ask(strings.Join(words[:n], " ")))
		if err != nil || found != nil {
			a.Instead = found
			return err
		}
	}
	return nil
}

// ask returns the first page of another search; nil if it has no hits.
func (h *helper) ask(r Request) (*Instead, error) {
	if h.left == 0 || h.asked[r.Encode()] {
		return nil, nil
	}
	h.asked[r.Encode()] = true
	p, err := h.Searcher.plan(r)
	if err != nil || p.none || len(p.Terms) == 0 {
		return nil, err
	}
	h.left--
	res, err := h.fetch(h.ctx, p, nil)
	if err != nil || res.Total == 0 {
		return nil, err
	}
	return &Instead{Terms: p.query.Terms, Request: r, Total: res.Total, Exact: res.Exact, Hits: h.show(p, res.page)}, nil
}

// words counts each word alone, without any filter.
func (h *helper) words(a *Answer) error {
	p := h.plan
	if len(p.Terms) == 1 && len(p.Not) == 0 && !p.request.Filtered() && len(p.Filters) == 0 && p.request.Type == "" {
		return nil // it was just counted
	}
	if a.Help == nil {
		a.Help = &Help{}
	}
	for _, t := range p.Terms[:min(len(p.Terms), maxCounted)] {
		if h.left == 0 {
			return nil
		}
		h.left--
		res, err := h.engine.Search(h.ctx, Query{Terms: []string{t.Text}, Fields: p.Fields, Hide: p.query.Hide})
		if err != nil {
			return err
		}
		a.Help.Words = append(a.Help.Words, WordCount{Word: t.Text, Total: res.Total, Exact: res.Exact})
	}
	return nil
}

// unfiltered offers the words without filters.
func (h *helper) unfiltered(a *Answer) error {
	p := h.plan
	if !p.request.Filtered() && len(p.Filters) == 0 {
		return nil
	}
	o, ok, err := h.offer(Offer{Request: p.request.Unfiltered().Ask(p.without(func(Choice) bool { return true }))}, 0)
	if err != nil {
		return err
	}
	a.Help = &Help{}
	if ok {
		a.Help.Unfiltered = &o
	}
	return nil
}
