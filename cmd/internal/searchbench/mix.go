package main

import "github.com/huiyin/huiyin/search"

// kind is one kind of question.
type kind struct {
	name string
	make func(*city) search.Query

	page   bool // counts for the page of the floors
	common bool // counts for the commonest words
}

// page completes a question to what the search page asks: the newest first, with
// three facets.
func page(q search.Query) search.Query {
	q.Sort, q.Limit, q.Facets = "-"+search.FieldReplied, 20, []string{search.FieldUnit, search.FieldArea, search.FieldYear}
	return q
}

func terms(t ...string) search.Query { return search.Query{Terms: t} }

// kinds are the kinds of questions. The shares of those of the page are equal.
// Words are drawn as they stand in the cases, but for the commonest.
func kinds(common []string) []kind {
	return []kind{
		{name: "word of 2 characters", page: true, make: func(c *city) search.Query { return page(terms(c.askedOf(2))) }},
		{name: "word of 3 characters", page: true, make: func(c *city) search.Query { return page(terms(c.askedOf(3))) }},
		{name: "word of 4 characters", page: true, make: func(c *city) search.Query { return page(terms(c.askedOf(4))) }},
		{name: "two words", page: true, make: func(c *city) search.Query { return page(terms(c.asked(), c.asked())) }},
		{name: "word, one unit, one year", page: true, make: func(c *city) search.Query {
			q := page(terms(c.askedOf(2)))
			q.Filters = []search.Filter{{Field: search.FieldUnit, In: []string{"u001"}}, {Field: search.FieldYear, In: []string{"2024"}}}
			return q
		}},
		{name: "word, title first", page: true, make: func(c *city) search.Query {
			q := page(terms(c.askedOf(2)))
			q.Sort = ""
			return q
		}},
		{name: "no word", page: true, make: func(*city) search.Query { return page(search.Query{}) }},
		// With the commonest, of which each stands in a tenth to nearly all of the cases.
		{name: "word drawn as it stands in cases", make: func(c *city) search.Query { return page(terms(c.word())) }},
		{name: "one character", make: func(c *city) search.Query { return page(terms(c.asked()[:3])) }},
		{name: "from hit 9,981 on", make: func(c *city) search.Query {
			q := page(terms(c.askedOf(2)))
			q.Offset = search.MaxWindow - q.Limit
			return q
		}},
		{name: "turn of phrase of 3 to 12 characters", common: true, make: func(c *city) search.Query { return page(terms(turns[c.rand.IntN(len(turns))])) }},
		{name: "word in over 5 % of cases", common: true, make: func(c *city) search.Query { return page(terms(common[c.rand.IntN(len(common))])) }},
	}
}
