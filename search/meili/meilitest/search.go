package meilitest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// searchRequest is what a search asks for.
type searchRequest struct {
	IndexUID                                     string
	Q                                            *string
	Offset, Limit, Page, HitsPerPage, CropLength *int
	AttributesToRetrieve, AttributesToCrop       []string
	AttributesToHighlight, AttributesToSearchOn  []string
	CropMarker, HighlightPreTag, MatchingStrategy,
	HighlightPostTag *string
	ShowMatchesPosition bool
	Filter              json.RawMessage
	Sort, Facets        []string
}

// strategies are the ways to leave out words of a query; frequency is not modelled.
var strategies = []string{"last", "all", "frequency"}

// searchShape lists what a search may have, in the server's order.
func searchShape() shape {
	on := func(name string, c check) field {
		return field{name: name, code: "invalid_search_" + kebab(name, "_"), check: orNull(c)}
	}
	strategy := func(path, code string, v any) *apiError {
		if v == "frequency" {
			return outside("The matching strategy `frequency`")
		}
		return oneOf(strategies...)(path, code, v)
	}
	return shape{
		on("q", text), on("offset", count), on("limit", count), on("page", count), on("hitsPerPage", count),
		on("attributesToRetrieve", list(text)), on("attributesToCrop", list(text)), on("cropLength", count), on("cropMarker", text),
		on("attributesToHighlight", list(text)), on("highlightPreTag", text), on("highlightPostTag", text), on("showMatchesPosition", boolean),
		on("filter", anything), on("sort", list(text)), on("distinct", unmodelled), on("facets", list(text)),
		on("matchingStrategy", strategy), on("attributesToSearchOn", list(text)), on("rankingScoreThreshold", unmodelled),
		on("locales", list(oneOf(locales...))), on("hybrid", unmodelled), on("vector", unmodelled), on("retrieveVectors", unmodelled),
		on("media", unmodelled), on("personalize", unmodelled), on("useNetwork", unmodelled),
		on("showRankingScore", unmodelled), on("showRankingScoreDetails", unmodelled), on("showPerformanceDetails", unmodelled),
	}
}

func (s *Server) searchPost(r *request) reply {
	var in searchRequest
	if e := r.decode(object(searchShape()), &in); e != nil {
		return fail(e)
	}
	return s.answer(r.params[0], in)
}

// searchGet turns the parameters into the body of a POST.
func (s *Server) searchGet(r *request) reply {
	var names []string
	for _, f := range searchShape() {
		names = append(names, f.name)
	}
	if e := r.onlyParams(names...); e != nil {
		return fail(e)
	}
	body := map[string]any{}
	for name := range r.query {
		v, e := searchParam(r.query, name)
		if e != nil {
			return fail(e)
		}
		body[name] = v
	}
	var in searchRequest
	if e := decodeBody(encode(body), object(searchShape()), &in); e != nil {
		return fail(e)
	}
	return s.answer(r.params[0], in)
}

// searchParam returns a parameter of a search by GET as a body has it.
func searchParam(q url.Values, name string) (any, *apiError) {
	v := q.Get(name)
	switch name {
	case "offset", "limit", "page", "hitsPerPage", "cropLength":
		n, err := strconv.ParseUint(v, 10, 63)
		if err != nil {
			return nil, refuse("invalid_search_"+kebab(name, "_"), fmt.Sprintf("Invalid value in parameter `%s`: could not parse `%s` as a positive integer", name, v))
		}
		return n, nil
	case "attributesToRetrieve", "attributesToCrop", "attributesToHighlight", "attributesToSearchOn", "sort", "facets", "locales":
		return strings.Split(v, ","), nil
	case "showMatchesPosition", "showRankingScore", "showRankingScoreDetails", "showPerformanceDetails", "retrieveVectors":
		if v != "true" && v != "false" {
			return nil, refuse("invalid_search_"+kebab(name, "_"), fmt.Sprintf("Invalid value in parameter `%s`: could not parse `%s` as a boolean, expected either `true` or `false`", name, v))
		}
		return v == "true", nil
	}
	return v, nil
}

func (s *Server) answer(uid string, in searchRequest) reply {
	out, e := s.search(uid, in)
	if e != nil {
		return fail(e)
	}
	out["requestUid"] = s.searchUID()
	return ok(out)
}

// searchUID is a new one for each request; the server's say the time as well.
func (s *Server) searchUID() string {
	s.searches++
	return fmt.Sprintf("00000000-0000-7000-8000-%012x", s.searches)
}

// search answers one query, but for the uid of the request.
func (s *Server) search(uid string, in searchRequest) (map[string]any, *apiError) {
	ix, e := s.find(uid)
	if e != nil {
		return nil, e
	}
	l, e := s.look(ix, in)
	if e != nil {
		return nil, e
	}
	facets, e := ix.facetsAsked(in.Facets)
	if e != nil {
		return nil, e
	}
	found := s.found(ix, l)
	out := map[string]any{"query": or(in.Q, ""), "processingTimeMs": 0}
	from, n := window(in, len(found), ix.settings.maxTotalHits, s.o.CapTotals, out)
	if in.Facets != nil {
		out["facetDistribution"], out["facetStats"] = ix.countFacets(facets, found)
	}
	hits := []map[string]any{}
	from = min(from, len(found))
	if n > 0 {
		s.rank(ix, l, found)
	}
	for _, h := range found[from:min(from+n, len(found))] {
		hits = append(hits, s.hit(ix, l, in, h.doc))
	}
	out["hits"] = hits
	return out, nil
}

// window writes the totals of an answer and returns which hits it shows. Hits
// beyond maxTotalHits are not to be had; the totals count them all the same,
// unless they are capped.
func window(in searchRequest, total, most int, capped bool, out map[string]any) (from, n int) {
	if capped {
		total = min(total, most)
	}
	if in.Page == nil && in.HitsPerPage == nil {
		from, n = or(in.Offset, 0), or(in.Limit, 20)
		out["offset"], out["limit"], out["estimatedTotalHits"] = from, n, total
	} else {
		page, size := or(in.Page, 1), or(in.HitsPerPage, 20)
		from, n = 0, 0 // page 0 has no hits
		if page > 0 {
			from, n = min(page-1, most)*min(size, most), size
		}
		pages := 0
		if size > 0 {
			pages = (total + size - 1) / size
		}
		out["page"], out["hitsPerPage"], out["totalPages"], out["totalHits"] = page, size, pages, total
	}
	from = min(from, most)
	return from, min(n, most-from)
}

func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// lookup is a query in the form in which documents are compared with it.
type lookup struct {
	want, not []sought
	all       bool // every term must match; otherwise the last ones may be missing
	in        scope
	filter    filter
	sort      order
	parsed    terms
}

// look prepares a query.
func (s *Server) look(ix *index, in searchRequest) (*lookup, *apiError) {
	l := &lookup{all: or(in.MatchingStrategy, "last") == "all"}
	var e *apiError
	if l.filter, e = ix.filter(in.Filter, "invalid_search_filter"); e != nil {
		return nil, e
	}
	if l.sort, e = ix.sorting(in.Sort, "invalid_search_sort"); e != nil {
		return nil, e
	}
	if len(in.Sort) > 0 && !slices.Contains(ix.settings.ranking, "sort") {
		return nil, refuse("invalid_search_sort", "Index `"+ix.uid+"`: You must specify where `sort` is listed in the rankingRules setting to use the sort parameter at search time.")
	}
	if l.in, e = ix.scopeOf(in.AttributesToSearchOn); e != nil {
		return nil, e
	}
	l.parsed = parseQuery(or(in.Q, ""), s.words, ix.settings.prefix)
	if len(l.parsed.want)+len(l.parsed.not) > 0 {
		// So that the words of every document have their numbers.
		for _, d := range ix.docs {
			if d != nil {
				s.wordsOf(ix, d)
			}
		}
	}
	l.want, l.not = s.seekAll(l.parsed.want), s.seekAll(l.parsed.not)
	return l, nil
}

// scopeOf checks the attributes to be searched. A field that no document has is
// no mistake if it is in the settings, and finds nothing.
func (ix *index) scopeOf(names []string) (scope, *apiError) {
	if names == nil || slices.Contains(names, "*") {
		return nil, nil
	}
	in := scope{}
	for _, name := range names {
		at := slices.Index(ix.fields, name)
		listed := slices.ContainsFunc(ix.settings.searchable, func(p string) bool { return p != "*" && matches(p, name) })
		if !listed && (at < 0 || ix.searchRank(name) < 0) {
			return nil, refuse("invalid_search_attributes_to_search_on", fmt.Sprintf("Index `%s`: Attribute `%s` is not searchable. Available searchable attributes are: `%s`.", ix.uid, name, ix.visible(ix.settings.searchable)))
		}
		if at >= 0 {
			in[int32(at)] = true
		}
	}
	return in, nil
}

// visible lists attributes as errors do: those that are displayed by name.
func (ix *index) visible(names []string) string {
	var shown []string
	hidden := false
	for _, name := range names {
		if name == "*" {
			shown = append(shown, ix.fields...)
		} else if ix.settings.shows(name) {
			shown = append(shown, name)
		} else {
			hidden = true
		}
	}
	slices.Sort(shown)
	shown = slices.Compact(shown)
	if hidden {
		shown = append(shown, "<..hidden-attributes>")
	}
	return strings.Join(shown, ", ")
}

// found returns the documents that match, in the order of their internal numbers.
func (s *Server) found(ix *index, l *lookup) []ranked {
	var out []ranked
	for _, d := range ix.docs {
		if d == nil {
			continue
		}
		words := 0
		if len(l.want)+len(l.not) > 0 {
			w := s.wordsOf(ix, d)
			for words < len(l.want) && w.holds(l.want[words], l.in) {
				words++
			}
			if len(l.want) > 0 && words == 0 || l.all && words < len(l.want) {
				continue
			}
			if slices.ContainsFunc(l.not, func(t sought) bool { return w.holds(t, l.in) }) {
				continue
			}
		}
		if l.filter.takes(d) {
			out = append(out, ranked{doc: d, words: words})
		}
	}
	return out
}

// facetSearch is refused where it is off, as it is in this project.
func (s *Server) facetSearch(r *request) reply {
	ix, e := s.find(r.params[0])
	if e != nil {
		return fail(e)
	}
	if ix.settings.facetSearch {
		return fail(outside("Facet search"))
	}
	return fail(refuse("facet_search_disabled", "The facet search is disabled for this index"))
}

func (s *Server) multiSearch(r *request) reply {
	var in multiRequest
	if e := r.decode(object(multiShape()), &in); e != nil {
		return fail(e)
	}
	if in.Federation != nil {
		return s.federated(r, in)
	}
	results := []map[string]any{}
	uid := s.searchUID()
	for i, q := range in.Queries {
		out, e := map[string]any(nil), (*apiError)(nil)
		switch {
		case q.FederationOptions != nil:
			e = outside("Federation options without a federation")
		case !r.allowed.allow(q.IndexUID):
			e = r.allowed.refuseIndex(q.IndexUID)
		default:
			out, e = s.search(q.IndexUID, q.searchRequest)
		}
		if e != nil {
			return failInside(i, e)
		}
		out["indexUid"], out["requestUid"] = q.IndexUID, uid
		results = append(results, out)
	}
	return ok(map[string]any{"results": results})
}

// failInside says in which of several searches something is wrong.
func failInside(i int, e *apiError) reply {
	inside := *e
	inside.Message = fmt.Sprintf("Inside `.queries[%d]`: %s", i, e.Message)
	if e.status() == 404 {
		return reply{status: 400, body: &inside}
	}
	return fail(&inside)
}
