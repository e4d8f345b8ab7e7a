package meilitest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// settings are the values as GET /settings shows them, and what searching needs
// of them in a form that is quick to use.
type settings struct {
	values map[string]any

	searchable, displayed, sortable, ranking []string
	filterable                               []filterRule
	maxTotalHits, maxValues                  int
	facetOrder                               map[string]string // count or alpha, by field or "*"
	prefix, facetSearch, byAttribute         bool
}

// filterRule says what can be done with the attributes that match it.
type filterRule struct {
	AttributePatterns []string       `json:"attributePatterns"`
	Features          filterFeatures `json:"features"`
	plain             bool           // was given as a name
}

type filterFeatures struct {
	FacetSearch bool `json:"facetSearch"`
	Filter      struct {
		Equality   bool `json:"equality"`
		Comparison bool `json:"comparison"`
	} `json:"filter"`
}

const defaultValues = `{
	"displayedAttributes": ["*"], "searchableAttributes": ["*"], "filterableAttributes": [], "sortableAttributes": [],
	"rankingRules": ["words", "typo", "proximity", "attributeRank", "sort", "wordPosition", "exactness"],
	"stopWords": [], "nonSeparatorTokens": [], "separatorTokens": [], "dictionary": [], "synonyms": {},
	"distinctAttribute": null, "proximityPrecision": "byWord",
	"typoTolerance": {"enabled": true, "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9}, "disableOnWords": [], "disableOnAttributes": [], "disableOnNumbers": false},
	"faceting": {"maxValuesPerFacet": 100, "sortFacetValuesBy": {"*": "alpha"}},
	"pagination": {"maxTotalHits": 1000}, "embedders": {}, "searchCutoffMs": null, "localizedAttributes": null,
	"facetSearch": true, "prefixSearch": "indexingTime"}`

func defaultSettings() settings {
	var s settings
	if err := json.Unmarshal([]byte(defaultValues), &s.values); err != nil {
		panic(err) // a constant
	}
	s.compile()
	return s
}

// with returns the settings after a patch, in which null stands for the default.
func (s settings) with(patch map[string]any) settings {
	out := settings{values: maps.Clone(s.values)}
	defaults := defaultSettings().values
	for name, v := range patch {
		out.values[name] = merge(out.values[name], v, defaults[name])
	}
	out.compile()
	return out
}

// merge lays a patch over a value, object by object.
func merge(old, patch, otherwise any) any {
	if patch == nil {
		return otherwise
	}
	p, ok := patch.(map[string]any)
	base, ok2 := old.(map[string]any)
	if !ok || !ok2 {
		return patch
	}
	d, _ := otherwise.(map[string]any)
	out := maps.Clone(base)
	for k, v := range p {
		out[k] = merge(base[k], v, d[k])
	}
	return out
}

// compile reads the values, which have been checked.
func (s *settings) compile() {
	var v struct {
		DisplayedAttributes, SearchableAttributes, SortableAttributes, RankingRules []string
		FilterableAttributes                                                        []json.RawMessage
		Faceting                                                                    struct {
			MaxValuesPerFacet int
			SortFacetValuesBy map[string]string
		}
		Pagination                       struct{ MaxTotalHits int }
		FacetSearch                      bool
		PrefixSearch, ProximityPrecision string
	}
	if err := json.Unmarshal(encode(s.values), &v); err != nil {
		panic(err) // the checks of settingsShape have a hole
	}
	s.searchable, s.displayed, s.sortable, s.ranking = v.SearchableAttributes, v.DisplayedAttributes, v.SortableAttributes, v.RankingRules
	s.maxTotalHits, s.maxValues, s.facetOrder = v.Pagination.MaxTotalHits, v.Faceting.MaxValuesPerFacet, v.Faceting.SortFacetValuesBy
	s.prefix, s.facetSearch, s.byAttribute = v.PrefixSearch == "indexingTime", v.FacetSearch, v.ProximityPrecision == "byAttribute"
	s.filterable = nil
	for _, raw := range v.FilterableAttributes {
		s.filterable = append(s.filterable, readRule(raw))
	}
}

func readRule(raw json.RawMessage) filterRule {
	var name string
	rule := filterRule{}
	if json.Unmarshal(raw, &name) == nil {
		rule.AttributePatterns, rule.plain = []string{name}, true
		rule.Features.FacetSearch = true
		rule.Features.Filter.Equality, rule.Features.Filter.Comparison = true, true
		return rule
	}
	rule.Features.Filter.Equality = true
	if err := json.Unmarshal(raw, &rule); err != nil {
		panic(err) // was checked
	}
	return rule
}

// matches tells whether a pattern such as "unit", "t_*" or "*" takes an attribute.
func matches(pattern, attribute string) bool {
	prefix, star := strings.CutSuffix(pattern, "*")
	if star {
		return strings.HasPrefix(attribute, prefix)
	}
	if suffix, star := strings.CutPrefix(pattern, "*"); star {
		return strings.HasSuffix(attribute, suffix)
	}
	return pattern == attribute || strings.HasPrefix(attribute, pattern+".")
}

// filter returns the first rule for an attribute, and its place, or -1.
func (s *settings) filter(attribute string) (filterRule, int) {
	for i, rule := range s.filterable {
		if slices.ContainsFunc(rule.AttributePatterns, func(p string) bool { return matches(p, attribute) }) {
			return rule, i
		}
	}
	return filterRule{}, -1
}

// filterPatterns are all patterns, sorted.
func (s *settings) filterPatterns() []string {
	var all []string
	for _, rule := range s.filterable {
		all = append(all, rule.AttributePatterns...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (s *settings) shows(attribute string) bool {
	return slices.ContainsFunc(s.displayed, func(p string) bool { return matches(p, attribute) })
}

// locales are the languages that a setting or a query may name.
var locales = strings.Fields(`af ak am ar az be bn bg ca cs da de el en eo et fi fr gu he hi hr hu hy id it jv ja kn ka
	km ko la lv lt ml mr mk my ne nl nb or pa fa pl pt ro ru si sk sl sn es sr sv ta te tl th tk tr uk ur uz vi yi zh zu
	afr aka amh ara aze bel ben bul cat ces dan deu ell eng epo est fin fra guj heb hin hrv hun hye ind ita jav jpn kan
	kat khm kor lat lav lit mal mar mkd mya nep nld nob ori pan pes pol por ron rus sin slk slv sna spa srp swe tam tel
	tgl tha tuk tur ukr urd uzb vie yid zho zul cmn`)

var rankingRules = []string{"words", "typo", "sort", "proximity", "attribute", "attributeRank", "wordPosition", "exactness"}

func rankingRule(path, code string, v any) *apiError {
	if e := text(path, code, v); e != nil {
		return e
	}
	rule := v.(string)
	field, _, custom := strings.Cut(rule, ":")
	if slices.Contains(rankingRules, rule) || custom && field != "" && (rule == field+":asc" || rule == field+":desc") {
		return nil
	}
	return wrongValue(path, code, "`"+rule+"` ranking rule is invalid. Valid ranking rules are words, typo, sort, proximity, attribute, exactness and custom ranking rules.")
}

func filterableAttribute(path, code string, v any) *apiError {
	if _, ok := v.(string); ok {
		return nil
	}
	on := func(name string) field { return field{name: name, code: code, check: boolean} }
	return object(shape{
		{name: "attributePatterns", code: code, check: list(text), must: true},
		{name: "features", code: code, check: object(shape{on("facetSearch"), {name: "filter", code: code, check: object(shape{on("equality"), on("comparison")})}})},
	})(path, code, v)
}

// settingsShape lists the settings in the server's order, with the name of the
// part of the path that reaches each alone.
func settingsShape() shape {
	setting := func(name string, c check) field {
		return field{name: name, code: "invalid_settings_" + kebab(name, "_"), check: orNull(c)}
	}
	typo := "invalid_settings_typo_tolerance"
	inner := func(name string, c check) field { return field{name: name, code: typo, check: orNull(c)} }
	return shape{
		setting("displayedAttributes", list(text)),
		setting("searchableAttributes", list(text)),
		setting("filterableAttributes", list(filterableAttribute)),
		setting("sortableAttributes", list(text)),
		setting("foreignKeys", unmodelled),
		setting("rankingRules", list(rankingRule)),
		setting("stopWords", unmodelled),
		setting("nonSeparatorTokens", unmodelled),
		setting("separatorTokens", unmodelled),
		setting("dictionary", unmodelled),
		setting("synonyms", unmodelled),
		setting("distinctAttribute", unmodelled),
		setting("proximityPrecision", oneOf("byWord", "byAttribute")),
		setting("typoTolerance", object(shape{
			inner("enabled", boolean),
			inner("minWordSizeForTypos", object(shape{inner("oneTypo", count), inner("twoTypos", count)})),
			inner("disableOnWords", list(text)), inner("disableOnAttributes", list(text)), inner("disableOnNumbers", boolean),
		})),
		setting("faceting", object(shape{
			{name: "maxValuesPerFacet", code: "invalid_settings_faceting", check: orNull(count)},
			{name: "sortFacetValuesBy", code: "invalid_settings_faceting", check: orNull(mapOf(oneOf("alpha", "count")))},
		})),
		setting("pagination", object(shape{{name: "maxTotalHits", code: "invalid_settings_pagination", check: orNull(count)}})),
		setting("embedders", unmodelled),
		setting("searchCutoffMs", count),
		setting("localizedAttributes", list(object(shape{
			{name: "attributePatterns", code: "invalid_settings_localized_attributes", check: list(text), must: true},
			{name: "locales", code: "invalid_settings_localized_attributes", check: list(oneOf(locales...)), must: true},
		}))),
		setting("facetSearch", boolean),
		setting("prefixSearch", oneOf("indexingTime", "disabled")),
		setting("chat", unmodelled),
	}
}

// kebab turns searchCutoffMs into search-cutoff-ms, or with another joint.
func kebab(name, joint string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteString(joint)
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (s *Server) getSettings(r *request) reply {
	ix, e := s.find(r.params[0])
	if e != nil {
		return fail(e)
	}
	return ok(ix.settings.values)
}

func (s *Server) patchSettings(r *request) reply {
	var patch map[string]any
	if e := r.decode(object(settingsShape()), &patch); e != nil {
		return fail(e)
	}
	return s.changeSettings(r, patch)
}

// changeSettings enqueues a change. It makes the index if there is none.
func (s *Server) changeSettings(r *request, patch map[string]any) reply {
	uid := r.params[0]
	if !validUID.MatchString(uid) {
		return fail(refuse("invalid_index_uid", badUID(uid)))
	}
	patch = canonical(patch)
	details := map[string]any{}
	for name, v := range patch {
		details[name] = v
	}
	return accepted(s.enqueue("settingsUpdate", uid, details, func(*task) *apiError {
		ix := s.indexes[uid]
		if ix == nil {
			ix = s.make(uid, "")
		}
		old := ix.settings.searchable
		ix.settings = ix.settings.with(patch)
		ix.updated = s.o.Now().UTC()
		if !slices.Equal(old, ix.settings.searchable) {
			for _, d := range ix.docs {
				if d != nil {
					d.words = nil // to be cut again when it is searched
				}
			}
		}
		return nil
	}))
}

// canonical puts a patch into the form in which the server keeps it: sortable
// attributes are a set, and rules have all their features.
func canonical(patch map[string]any) map[string]any {
	out := maps.Clone(patch)
	if l, ok := out["sortableAttributes"].([]any); ok {
		var names []string
		for _, v := range l {
			names = append(names, v.(string))
		}
		slices.Sort(names)
		out["sortableAttributes"] = append([]string{}, slices.Compact(names)...)
	}
	if l, ok := out["filterableAttributes"].([]any); ok {
		rules := []any{}
		for _, v := range l {
			if rule := readRule(encode(v)); rule.plain {
				rules = append(rules, rule.AttributePatterns[0])
			} else {
				rules = append(rules, rule)
			}
		}
		out["filterableAttributes"] = rules
	}
	return out
}

func (s *Server) resetSettings(r *request) reply {
	patch := map[string]any{}
	for name := range defaultSettings().values {
		patch[name] = nil
	}
	return s.changeSettings(r, patch)
}

// setting finds the setting that the path names.
func (r *request) setting() (field, *apiError) {
	for _, f := range settingsShape() {
		if kebab(f.name, "-") == r.params[1] {
			return f, nil
		}
	}
	return field{}, outside(fmt.Sprintf("The setting `%s`", r.params[1]))
}

func (s *Server) getSetting(r *request) reply {
	f, e := r.setting()
	if e != nil {
		return fail(e)
	}
	ix, e := s.find(r.params[0])
	if e != nil {
		return fail(e)
	}
	v := ix.settings.values[f.name]
	if v == nil {
		return ok(json.RawMessage("null"))
	}
	return ok(v)
}

func (s *Server) setSetting(r *request) reply {
	f, e := r.setting()
	if e != nil {
		return fail(e)
	}
	var v any
	if e := r.decode(func(_, _ string, v any) *apiError { return f.check("", f.code, v) }, &v); e != nil {
		return fail(e)
	}
	return s.changeSettings(r, map[string]any{f.name: v})
}

func (s *Server) resetSetting(r *request) reply {
	f, e := r.setting()
	if e != nil {
		return fail(e)
	}
	return s.changeSettings(r, map[string]any{f.name: nil})
}
