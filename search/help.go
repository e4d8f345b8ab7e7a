package search

import (
	"context"
	"slices"
	"strings"
)

// Bounds of the helps, so that one search never becomes many.
const (
	fewHits     = 3 // with fewer hits another word may have been meant
	maxExtra    = 10
	maxOffers   = 3
	maxPerWord  = 2
	maxCounted  = 4
	maxSynonyms = 3
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
		steps = []func(*Answer) error{h.unfiltered, h.instead, h.synonyms, h.words, h.suggest}
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

// replace returns the request with another word in the place of a term.
func (h *helper) replace(t Term, word string) Request {
	q := h.plan.request.Q
	if !t.Quoted && strings.ContainsAny(word, " 　") {
		word = `"` + word + `"`
	}
	return h.plan.request.Ask(q[:t.start] + word + q[t.end:])
}

func (h *helper) synonyms(a *Answer) error {
	if h.o.Synonymer == nil {
		return nil
	}
	for _, t := range h.plan.Terms {
		if t.Quoted {
			continue
		}
		others := h.o.Synonymer.Expand(t.Text)
		for _, word := range others[:min(len(others), maxPerWord)] {
			if len(a.Synonyms) == maxSynonyms || unitKey(word) == "" || unitKey(word) == unitKey(t.Text) {
				continue
			}
			o, ok, err := h.offer(Offer{Word: t.Text, With: word, Request: h.replace(t, word)}, 0)
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

// suggest offers other words. Where single words were counted, only for those
// that were not found at all.
func (h *helper) suggest(a *Answer) error {
	if h.o.Suggester == nil {
		return nil
	}
	for i, t := range h.plan.Terms {
		if a.Help != nil && i < len(a.Help.Words) && a.Help.Words[i].Total > 0 {
			continue
		}
		others := h.o.Suggester.Suggest(t.Text)
		for _, word := range others[:min(len(others), maxPerWord)] {
			if len(a.Suggestions) == maxOffers {
				return nil
			}
			if unitKey(word) == "" {
				continue
			}
			o, ok, err := h.offer(Offer{Word: t.Text, With: word, Request: h.replace(t, word)}, a.Total)
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
// question.
func (h *helper) instead(a *Answer) error {
	p := h.plan
	quoted := slices.ContainsFunc(p.Terms, func(t Term) bool { return t.Quoted })
	if h.o.Questioner == nil || quoted || len(p.Not)+len(p.Fields)+len(p.Filters) > 0 {
		return nil
	}
	words, ok := h.o.Questioner.Question(p.request.Q)
	if !ok || len(words) == 0 {
		return nil
	}
	r := p.request.Ask(strings.Join(words, " "))
	if h.asked[r.Encode()] {
		return nil
	}
	h.asked[r.Encode()] = true
	other, err := h.Searcher.plan(r)
	if err != nil || other.none || len(other.Terms) == 0 {
		return err
	}
	h.left--
	res, err := h.fetch(h.ctx, other, nil)
	if err != nil || res.Total == 0 {
		return err
	}
	a.Instead = &Instead{Terms: other.query.Terms, Request: r, Total: res.Total, Exact: res.Exact, Hits: h.show(other, res.page)}
	return nil
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
	o, ok, err := h.offer(Offer{Request: p.request.Unfiltered().Ask(p.strip())}, 0)
	if err != nil {
		return err
	}
	a.Help = &Help{}
	if ok {
		a.Help.Unfiltered = &o
	}
	return nil
}
