package search

import "io"

// PublicAnswer is the JSON of one page. Keys are never renamed and never change
// their meaning; there may be more of them in time.
type PublicAnswer struct {
	ExportHead
	Page    int                      `json:"page"`
	PerPage int                      `json:"per_page"`
	Pages   int                      `json:"pages"` // the last that can be turned to
	Next    *string                  `json:"next"`  // address of the next page of this JSON
	Prev    *string                  `json:"prev"`
	Number  *PublicNumber            `json:"number"` // a case number that stands in the query
	Hits    []PublicHit              `json:"hits"`
	Facets  map[string][]PublicCount `json:"facets"`
	Types   []PublicCount            `json:"types"`
	Notes   []PublicNote             `json:"notes"`
	// Other searches that have hits.
	Suggestions []PublicOffer  `json:"suggestions"`
	Synonyms    []PublicOffer  `json:"synonyms"`
	Instead     *PublicInstead `json:"instead"` // for a question without hits: those of its words
	Help        *PublicHelp    `json:"help"`    // only without hits
}

// PublicNumber is a case number in the query.
type PublicNumber struct {
	Number string `json:"number"`
	URL    string `json:"url"`
}

// PublicHit is one hit of a page. The HTML holds no element but mark.
type PublicHit struct {
	Number      string       `json:"number"`
	Type        string       `json:"type"`
	URL         string       `json:"url"`
	Title       string       `json:"title"`
	TitleHTML   string       `json:"title_html"`
	SnippetHTML string       `json:"snippet_html"`
	SnippetOf   string       `json:"snippet_of"` // title, question or reply
	Unit        *ExportValue `json:"unit"`
	Area        *ExportValue `json:"area"`
	Topic       *ExportValue `json:"topic"`
	Channel     *ExportValue `json:"channel"`
	Kind        *ExportValue `json:"kind"`
	Status      *ExportValue `json:"status"`
	Rating      *string      `json:"rating"`
	Received    *string      `json:"received"`
	Replied     *string      `json:"replied"`
	Days        *int64       `json:"days"`
	Crossing    bool         `json:"crossing"` // a word was found only where two other words meet
}

// PublicCount is a value of a facet; in trees the count includes what lies
// below.
type PublicCount struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
	Parent string `json:"parent,omitempty"`
	Count  int    `json:"count"`
	Chosen bool   `json:"chosen"`
}

// PublicNote is a [Note].
type PublicNote struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// PublicOffer is an [Offer].
type PublicOffer struct {
	Word  string `json:"word"`
	With  string `json:"with"`
	Q     string `json:"q"`
	Query string `json:"query"` // permanent link
	Total int    `json:"total"`
	Exact bool   `json:"exact"`
}

// PublicInstead is an [Instead].
type PublicInstead struct {
	Terms []string    `json:"terms"`
	Query string      `json:"query"`
	Total int         `json:"total"`
	Exact bool        `json:"exact"`
	Hits  []PublicHit `json:"hits"`
}

// PublicHelp is a [Help].
type PublicHelp struct {
	Words      []PublicWord `json:"words"`
	Unfiltered *PublicOffer `json:"unfiltered"`
}

// PublicWord is a [WordCount].
type PublicWord struct {
	Word  string `json:"word"`
	Total int    `json:"total"`
	Exact bool   `json:"exact"`
}

// WriteJSON writes an answer, one page, as the public interface gives it: see
// [PublicAnswer].
func WriteJSON(w io.Writer, a Answer, site Site) error { return lineEncoder(w).Encode(site.public(a)) }

// public returns an answer as the public interface gives it. Lists are empty and
// never null.
func (s Site) public(a Answer) PublicAnswer {
	p := PublicAnswer{
		ExportHead: s.head(a.Request, a.Index, a.Total, a.Exact),
		Page:       a.Page, PerPage: a.Request.perPage(), Pages: a.Pages, Next: s.turn(a.Next), Prev: s.turn(a.Prev),
		Hits: s.publicHits(a.Hits), Facets: map[string][]PublicCount{}, Types: []PublicCount{}, Notes: []PublicNote{},
		Suggestions: s.publicOffers(a.Suggestions), Synonyms: s.publicOffers(a.Synonyms),
	}
	if a.Number != "" {
		p.Number = &PublicNumber{a.Number, s.link(a.NumberPath)}
	}
	for _, f := range a.Facets {
		p.Facets[f.Field] = publicCounts(nil, f.Values, "")
	}
	for _, t := range a.Tabs {
		if t.Type != "" { // not the sum of all
			p.Types = append(p.Types, PublicCount{ID: t.Type, Name: t.Name.ZH, NameEN: t.Name.EN, Count: t.N, Chosen: t.Chosen})
		}
	}
	for _, n := range a.Notes {
		p.Notes = append(p.Notes, PublicNote{n.Code, n.Text.ZH, n.Text.EN})
	}
	if i := a.Instead; i != nil {
		p.Instead = &PublicInstead{Terms: i.Terms, Query: s.query("", i.Request), Total: i.Total, Exact: i.Exact, Hits: s.publicHits(i.Hits)}
	}
	if a.Help != nil {
		p.Help = &PublicHelp{Words: []PublicWord{}}
		for _, w := range a.Help.Words {
			p.Help.Words = append(p.Help.Words, PublicWord(w))
		}
		if o := a.Help.Unfiltered; o != nil {
			offer := s.publicOffer(*o)
			p.Help.Unfiltered = &offer
		}
	}
	return p
}

// turn returns the address of another page of the JSON.
func (s Site) turn(r *Request) *string {
	if r == nil {
		return nil
	}
	at := s.query(".json", *r)
	return &at
}

func (s Site) publicHits(hits []AnswerHit) []PublicHit {
	all := make([]PublicHit, len(hits))
	for i, h := range hits {
		e := s.exported(h)
		all[i] = PublicHit{
			Number: e.Number, Type: e.Type, URL: e.URL, Title: e.Title,
			TitleHTML: string(h.Title), SnippetHTML: string(h.Snippet), SnippetOf: h.SnippetOf,
			Unit: e.Unit, Area: e.Area, Topic: e.Topic, Channel: e.Channel, Kind: e.Kind, Status: e.Status, Rating: e.Rating,
			Received: e.Received, Replied: e.Replied, Days: e.Days, Crossing: h.Crossing,
		}
	}
	return all
}

// publicCounts appends the values of a facet, each before those below it.
func publicCounts(all []PublicCount, values []FacetValue, parent string) []PublicCount {
	for _, v := range values {
		all = append(all, PublicCount{ID: v.ID, Name: v.Name.ZH, NameEN: v.Name.EN, Parent: parent, Count: v.N, Chosen: v.Chosen})
		all = publicCounts(all, v.Children, v.ID)
	}
	return all
}

func (s Site) publicOffers(offers []Offer) []PublicOffer {
	all := make([]PublicOffer, len(offers))
	for i, o := range offers {
		all[i] = s.publicOffer(o)
	}
	return all
}

func (s Site) publicOffer(o Offer) PublicOffer {
	return PublicOffer{Word: o.Word, With: o.With, Q: o.Request.Q, Query: s.query("", o.Request), Total: o.Total, Exact: o.Exact}
}
