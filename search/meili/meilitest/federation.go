package meilitest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// multiRequest is several searches in one request. With Federation their hits
// become one list.
type multiRequest struct {
	Federation *federation
	Queries    []multiQuery
}

type multiQuery struct {
	searchRequest
	FederationOptions *struct{ Weight *float64 }
}

type federation struct {
	Limit, Offset, Page, HitsPerPage *int
	FacetsByIndex                    map[string][]string
}

// multiShape lists what a request for several searches may have.
func multiShape() shape {
	on := func(name string, c check) field {
		return field{name: name, code: "invalid_multi_search_" + kebab(name, "_"), check: orNull(c)}
	}
	one := append(shape{{name: "indexUid", code: "invalid_index_uid", check: uidCheck, must: true}}, searchShape()...)
	one = append(one, field{name: "federationOptions", code: "invalid_multi_search_federation_options", check: orNull(object(shape{
		on("weight", weight), on("remote", unmodelled), on("queryPosition", unmodelled),
	}))})
	return shape{
		{name: "queries", code: "invalid_multi_search_queries", check: list(object(one)), must: true},
		{name: "federation", code: "invalid_multi_search_federation", check: orNull(object(shape{
			on("limit", count), on("offset", count), on("page", count), on("hitsPerPage", count),
			on("facetsByIndex", mapOf(orNull(list(text)))), on("mergeFacets", unmodelled),
		}))},
	}
}

// weight accepts a number that is not negative.
func weight(path, code string, v any) *apiError {
	n, ok := v.(json.Number)
	if !ok {
		return wrongType(path, code, "a number", v)
	}
	if f, err := n.Float64(); err != nil || f < 0 {
		return refuse(code, fmt.Sprintf("Invalid value at `%s`: the value of `weight` is invalid, expected a positive float (>= 0.0).", path))
	}
	return nil
}

// merged is a hit of a federated search.
type merged struct {
	ranked
	ix    *index
	query int
	score float64 // weighted
}

// federated merges the hits of all queries. A document that several of them find
// stands once, where its best score puts it. The server's score says how well a
// document fits; the one of the double falls with the place among the hits of its
// own query, from 1 on.
func (s *Server) federated(r *request, in multiRequest) reply {
	var all []merged
	lookups := make([]*lookup, len(in.Queries))
	for i, q := range in.Queries {
		hits, l, e := s.federatedQuery(r, i, q)
		if e != nil {
			return failInside(i, e)
		}
		lookups[i] = l
		all = append(all, hits...)
	}
	slices.SortStableFunc(all, func(a, b merged) int { return cmp.Compare(b.score, a.score) })
	seen := map[*document]bool{}
	all = slices.DeleteFunc(all, func(m merged) bool {
		again := seen[m.doc]
		seen[m.doc] = true
		return again
	})

	f := in.Federation
	out := map[string]any{"processingTimeMs": 0, "requestUid": s.searchUID()}
	// The limits of single indexes do not bind the merged list.
	from, n := window(searchRequest{Limit: f.Limit, Offset: f.Offset, Page: f.Page, HitsPerPage: f.HitsPerPage}, len(all), len(all), false, out)
	hits := []map[string]any{}
	for _, m := range all[from : from+n] {
		hit := s.hit(m.ix, lookups[m.query], in.Queries[m.query].searchRequest, m.doc)
		hit["_federation"] = map[string]any{"indexUid": m.ix.uid, "queriesPosition": m.query, "weightedRankingScore": m.score}
		hits = append(hits, hit)
	}
	out["hits"] = hits
	if f.FacetsByIndex != nil {
		facets, e := s.facetsByIndex(f.FacetsByIndex, all)
		if e != nil {
			return fail(e)
		}
		out["facetsByIndex"] = facets
	}
	return ok(out)
}

// federatedQuery finds and scores the hits of one query.
func (s *Server) federatedQuery(r *request, i int, q multiQuery) ([]merged, *lookup, *apiError) {
	switch {
	case q.Limit != nil || q.Offset != nil || q.Page != nil || q.HitsPerPage != nil:
		return nil, nil, refuse("invalid_multi_search_query_pagination", "Using pagination options is not allowed in federated queries.")
	case q.Facets != nil:
		return nil, nil, refuse("invalid_multi_search_query_facets", "Using facet options is not allowed in federated queries.")
	case !r.allowed.allow(q.IndexUID):
		return nil, nil, r.allowed.refuseIndex(q.IndexUID)
	}
	ix, e := s.find(q.IndexUID)
	if e != nil {
		return nil, nil, e
	}
	l, e := s.look(ix, q.searchRequest)
	if e != nil {
		return nil, nil, e
	}
	w := 1.0
	if q.FederationOptions != nil {
		w = or(q.FederationOptions.Weight, 1)
	}
	found := s.found(ix, l)
	s.rank(ix, l, found)
	hits := make([]merged, len(found))
	for place, h := range found {
		hits[place] = merged{ranked: h, ix: ix, query: i, score: w * float64(len(found)-place) / float64(len(found))}
	}
	return hits, l, nil
}

// facetsByIndex counts the values of facets over the merged hits of each index.
func (s *Server) facetsByIndex(asked map[string][]string, all []merged) (map[string]any, *apiError) {
	out := map[string]any{}
	for _, uid := range sortedKeys(asked) {
		ix, e := s.find(uid)
		if e != nil {
			return nil, e
		}
		fields, e := ix.facetsAsked(asked[uid])
		if e != nil {
			return nil, e
		}
		var hits []ranked
		for _, m := range all {
			if m.ix == ix {
				hits = append(hits, m.ranked)
			}
		}
		counts, stats := ix.countFacets(fields, hits)
		out[uid] = map[string]any{"distribution": counts, "stats": stats}
	}
	return out, nil
}
