package meili

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"

	"github.com/huiyin/huiyin/search"
)

// Bounds that are set so high that no answer is ever cut.
const (
	mostHits   = 1_000_000_000 // the server's default is 1,000
	mostValues = 1_000_000     // of a facet; the default is 100
	// cutoff is how long a search may take, in milliseconds. At the default of
	// 1.5 s the server answers with hits in the wrong order and does not say so;
	// a client that gives up gets an error, which is better.
	cutoff = 600_000
)

// settingsOf returns the settings of an index of documents with the schema, by
// the server's names.
func settingsOf(s search.Schema) map[string]any {
	rule := func(comparison bool, names []string) any {
		return map[string]any{"attributePatterns": names, "features": map[string]any{
			"facetSearch": false, "filter": map[string]any{"equality": true, "comparison": comparison}}}
	}
	numbers := append([]string{fieldSeq}, prefixed(numberField, s.Number)...)
	return map[string]any{
		"displayedAttributes":  displayed(s),
		"searchableAttributes": wordFields(func(string) int { return maxParts }, s.Text...),
		"filterableAttributes": []any{
			rule(false, append([]string{fieldKey}, prefixed(keywordField, s.Keyword)...)),
			rule(true, numbers),
		},
		"sortableAttributes": numbers,
		"rankingRules":       []string{"sort", "words", "attributeRank"},
		"typoTolerance":      map[string]any{"enabled": false},
		"prefixSearch":       "disabled",
		"facetSearch":        false,
		"proximityPrecision": "byWord",
		"pagination":         map[string]any{"maxTotalHits": mostHits},
		"faceting":           map[string]any{"maxValuesPerFacet": mostValues, "sortFacetValuesBy": map[string]any{"*": "count"}},
		"searchCutoffMs":     cutoff,
	}
}

// unordered are the settings that are sets.
var unordered = []string{"displayedAttributes", "sortableAttributes"}

// differing returns what of the wanted settings is otherwise on the server.
func differing(wanted, have map[string]any) map[string]any {
	patch := map[string]any{}
	for name, value := range wanted {
		if !covers(have[name], plain(value), slices.Contains(unordered, name)) {
			patch[name] = value
		}
	}
	return patch
}

// plain returns a value as JSON that was read has it.
func plain(value any) any {
	b, err := json.Marshal(value)
	if err != nil {
		panic(err) // settingsOf makes only what has a JSON form
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		panic(err)
	}
	return out
}

// covers says whether have is as wanted. An object may have more members.
func covers(have, wanted any, set bool) bool {
	switch w := wanted.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			return false
		}
		for name, value := range w {
			if !covers(h[name], value, false) {
				return false
			}
		}
		return true
	case []any:
		h, ok := have.([]any)
		if !ok || len(h) != len(w) {
			return false
		}
		if set {
			h, w = sorted(h), sorted(w)
		}
		for i := range w {
			if !covers(h[i], w[i], false) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(have, wanted)
}

func sorted(names []any) []any {
	return slices.SortedFunc(slices.Values(names), func(a, b any) int {
		x, _ := a.(string)
		y, _ := b.(string)
		return cmp.Compare(x, y)
	})
}

// configure gives an index the settings of the schema, if it has others. The
// client library would send other ones.
func (e *Engine) configure(ctx context.Context, uid string, s search.Schema) error {
	var have map[string]any
	path := "/indexes/" + uid + "/settings"
	err := e.c.repeat(ctx, "read the settings", func(ctx context.Context) error {
		return e.c.raw(ctx, e.c.plain, http.MethodGet, path, nil, "", nil, &have)
	})
	if err != nil {
		return err
	}
	patch := differing(settingsOf(s), have)
	if len(patch) == 0 {
		return nil
	}
	body, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	const doing = "change the settings"
	uidOf, err := e.enqueue(ctx, doing, func(ctx context.Context) (int64, error) {
		var task struct {
			UID int64 `json:"taskUid"`
		}
		err := e.c.raw(ctx, e.c.plain, http.MethodPatch, path, nil, "application/json", body, &task)
		return task.UID, err
	})
	if err != nil {
		return err
	}
	return e.finish(ctx, doing, nil, uidOf)
}
