package meilitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// document is one document of an index.
type document struct {
	id    string
	raw   map[string]json.RawMessage
	names []string         // of the fields, as they came
	flat  map[string][]any // leaf values by dotted path: leafText, float64, bool, nested or nil
	words wordIndex        // nil: to be made
}

// leafText is a text in a document, as it is and as filters and facets compare it.
type leafText struct{ text, key string }

// nested stands among the leaf values for an object that is not empty.
type nested struct{}

// parseDocument reads one object and keeps the order of its fields.
func parseDocument(raw []byte) (*document, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	start, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if start != json.Delim('{') {
		return nil, errors.New("a document must be an object")
	}
	d := &document{raw: map[string]json.RawMessage{}}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return nil, err
		}
		d.set(name.(string), v)
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("trailing characters")
	}
	return d, nil
}

func (d *document) set(name string, v json.RawMessage) {
	if _, ok := d.raw[name]; !ok {
		d.names = append(d.names, name)
	}
	d.raw[name] = v
}

// flatten lists the leaf values.
func (d *document) flatten() {
	d.flat, d.words = map[string][]any{}, nil
	var walk func(path string, v any)
	walk = func(path string, v any) {
		if _, ok := d.flat[path]; !ok {
			d.flat[path] = nil // there, even if it holds nothing
		}
		switch v := v.(type) {
		case map[string]any:
			if len(v) > 0 {
				d.flat[path] = append(d.flat[path], nested{})
			}
			for _, k := range sortedKeys(v) {
				walk(path+"."+k, v[k])
			}
		case []any:
			for _, v := range v {
				walk(path, v)
			}
		case string:
			d.flat[path] = append(d.flat[path], leafText{v, facetKey(v)})
		default:
			d.flat[path] = append(d.flat[path], v)
		}
	}
	for _, name := range d.names {
		var v any
		if err := json.Unmarshal(d.raw[name], &v); err != nil {
			panic(err) // was parsed before
		}
		walk(name, v)
	}
}

// String is the document as JSON, in the order in which it came.
func (d *document) String() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, name := range d.names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(compact(name) + ":" + compact(d.raw[name]))
	}
	b.WriteByte('}')
	return b.String()
}

// parsePayload reads documents in the type that the request gives.
func (r *request) parsePayload() ([]*document, *apiError) {
	types := []string{"application/json", "application/x-ndjson", "text/csv"}
	if e := r.needType(types...); e != nil {
		return nil, e
	}
	kind, lines := "json", false
	switch r.needType("application/json") {
	case nil:
	default:
		if r.needType("text/csv") == nil {
			return nil, outside("A CSV payload")
		}
		kind, lines = "ndjson", true
	}
	if isEmpty(r.body) {
		return nil, refuse("missing_payload", "A "+kind+" payload is missing.")
	}
	var parts []json.RawMessage
	malformed := func(err error) *apiError {
		return refuse("malformed_payload", fmt.Sprintf("The `%s` payload provided is malformed. `Couldn't serialize document value: %s`.", kind, jsonTrouble(r.body, err)))
	}
	if lines {
		dec := json.NewDecoder(bytes.NewReader(r.body))
		for {
			var part json.RawMessage
			err := dec.Decode(&part)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, malformed(err)
			}
			parts = append(parts, part)
		}
	} else if err := json.Unmarshal(r.body, &parts); err != nil {
		parts = []json.RawMessage{r.body} // one object instead of a list
	}
	var docs []*document
	for _, part := range parts {
		d, err := parseDocument(part)
		if err != nil {
			return nil, malformed(err)
		}
		docs = append(docs, d)
	}
	return docs, nil
}

func (s *Server) addDocuments(r *request) reply {
	if e := r.onlyParams("primaryKey", "csvDelimiter", "customMetadata", "skipCreation"); e != nil {
		return fail(e)
	}
	uid := r.params[0]
	if !validUID.MatchString(uid) {
		return fail(refuse("invalid_index_uid", badUID(uid)))
	}
	docs, e := r.parsePayload()
	if e != nil {
		return fail(e)
	}
	primary, partial, skip := r.query.Get("primaryKey"), r.Method == "PUT", r.query.Get("skipCreation") == "true"
	details := map[string]any{"receivedDocuments": len(docs), "indexedDocuments": nil}
	t := s.enqueue("documentAdditionOrUpdate", uid, details, func(t *task) *apiError {
		// An index is made even if then the documents are refused.
		ix := s.indexes[uid]
		if ix == nil {
			ix = s.make(uid, "")
		}
		n, e := ix.add(docs, primary, partial, skip)
		if e != nil {
			return e
		}
		ix.updated = s.o.Now().UTC()
		t.details["indexedDocuments"] = n
		return nil
	})
	t.meta = metadata(r.query)
	return accepted(t)
}

func metadata(q url.Values) *string {
	if !q.Has("customMetadata") {
		return nil
	}
	v := q.Get("customMetadata")
	return &v
}

// add puts documents in, all or none.
func (ix *index) add(docs []*document, primary string, partial, skip bool) (int, *apiError) {
	primary, e := ix.primaryKey(docs, primary)
	if e != nil {
		return 0, e
	}
	for _, d := range docs {
		raw, ok := d.raw[primary]
		if !ok {
			return 0, refuse("missing_document_id", fmt.Sprintf("Document doesn't have a `%s` attribute: `%s`.", primary, d))
		}
		if d.id, ok = documentID(raw); !ok {
			return 0, refuse("invalid_document_id", fmt.Sprintf("Document identifier `%s` is invalid. A document identifier can be of type integer or string, only composed of alphanumeric characters (a-z A-Z 0-9), hyphens (-) and underscores (_), and can not be more than 511 bytes.", compact(raw)))
		}
	}
	ix.primary = primary
	n := 0
	for _, d := range docs {
		at, known := ix.byID[d.id]
		if !known && skip {
			continue
		}
		n++
		if known && partial {
			old := ix.docs[at]
			merged := &document{id: d.id, raw: map[string]json.RawMessage{}}
			for _, from := range []*document{old, d} {
				for _, name := range from.names {
					merged.set(name, from.raw[name])
				}
			}
			d = merged
		}
		d.flatten()
		if known {
			ix.docs[at] = d
		} else {
			ix.byID[d.id] = len(ix.docs)
			ix.docs = append(ix.docs, d)
		}
		for _, name := range d.names {
			if !slices.Contains(ix.fields, name) {
				ix.fields = append(ix.fields, name)
			}
		}
	}
	return n, nil
}

var validID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,511}$`)

func documentID(raw json.RawMessage) (string, bool) {
	var id string
	if json.Unmarshal(raw, &id) != nil {
		id = string(raw)
		_, err := strconv.ParseInt(id, 10, 64)
		return id, err == nil
	}
	return id, validID.MatchString(id)
}

// primaryKey is the one of the index, else the one asked for, else the only
// field of the first document whose name ends in id.
func (ix *index) primaryKey(docs []*document, asked string) (string, *apiError) {
	if ix.primary != "" {
		if asked != "" && asked != ix.primary && len(ix.byID) > 0 {
			return "", refuse("index_primary_key_already_exists", fmt.Sprintf("Index `%s`: Index already has a primary key: `%s`.", ix.uid, ix.primary))
		}
		return ix.primary, nil
	}
	if asked != "" || len(docs) == 0 {
		return asked, nil
	}
	var names []string
	for _, name := range docs[0].names {
		if strings.HasSuffix(strings.ToLower(name), "id") {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return "", refuse("index_primary_key_no_candidate_found", "The primary key inference failed as the engine did not find any field ending with `id` in its name. Please specify the primary key manually using the `primaryKey` query parameter.")
	case 1:
		return names[0], nil
	}
	return "", refuse("index_primary_key_multiple_candidates_found", fmt.Sprintf("The primary key inference failed as the engine found %d fields ending with `id` in their names: '%s' and '%s'. Please specify the primary key manually using the `primaryKey` query parameter.", len(names), names[0], names[1]))
}

func (ix *index) remove(id string) bool {
	at, known := ix.byID[id]
	if known {
		delete(ix.byID, id)
		ix.docs[at] = nil
	}
	return known
}

// display is the document as it is shown: displayed attributes, of these the
// ones asked for.
func (ix *index) display(d *document, fields []string) map[string]any {
	out := map[string]any{}
	for name, v := range d.raw {
		asked := fields == nil || slices.ContainsFunc(fields, func(p string) bool { return matches(p, name) || strings.HasPrefix(p, name+".") })
		if asked && ix.settings.shows(name) {
			out[name] = v
		}
	}
	return out
}

// allFields is the document as the routes of documents show it, which do not
// care for displayed attributes.
func allFields(d *document, fields []string) map[string]any {
	out := map[string]any{}
	for name, v := range d.raw {
		if fields == nil || slices.Contains(fields, name) || slices.Contains(fields, "*") {
			out[name] = v
		}
	}
	return out
}

func (s *Server) getDocument(r *request) reply {
	if e := r.onlyParams("fields", "retrieveVectors"); e != nil {
		return fail(e)
	}
	ix, e := s.find(r.params[0])
	if e != nil {
		return fail(e)
	}
	at, known := ix.byID[r.params[1]]
	if !known {
		return fail(refuse("document_not_found", "Document `"+r.params[1]+"` not found."))
	}
	return ok(allFields(ix.docs[at], r.commas("fields")))
}

// fetch is what both routes that list documents ask for.
type fetch struct {
	Offset, Limit *int
	IDs           []any `json:"ids"`
	Fields        []string
	Filter        json.RawMessage
	Sort          []string
}

func (s *Server) listDocuments(r *request) reply {
	if e := r.onlyParams("offset", "limit", "fields", "retrieveVectors", "ids", "filter", "sort"); e != nil {
		return fail(e)
	}
	offset, e := r.number("offset", "invalid_document_offset", 0)
	if e != nil {
		return fail(e)
	}
	limit, e := r.number("limit", "invalid_document_limit", 20)
	if e != nil {
		return fail(e)
	}
	in := fetch{Offset: &offset, Limit: &limit, Fields: r.commas("fields"), Sort: r.commas("sort")}
	for _, id := range r.commas("ids") {
		in.IDs = append(in.IDs, id)
	}
	if f := r.query.Get("filter"); f != "" {
		in.Filter = encode(f)
	}
	return s.fetch(r, in)
}

func (s *Server) fetchDocuments(r *request) reply {
	var in fetch
	e := r.decode(object(shape{
		{name: "offset", code: "invalid_document_offset", check: count},
		{name: "limit", code: "invalid_document_limit", check: count},
		{name: "fields", code: "invalid_document_fields", check: orNull(list(text))},
		{name: "retrieveVectors", code: "invalid_document_retrieve_vectors", check: unmodelled},
		{name: "ids", code: "invalid_document_ids", check: orNull(list(anything))},
		{name: "filter", code: "invalid_document_filter", check: anything},
		{name: "sort", code: "invalid_document_sort", check: orNull(list(text))},
	}), &in)
	if e != nil {
		return fail(e)
	}
	return s.fetch(r, in)
}

func (s *Server) fetch(r *request, in fetch) reply {
	ix, e := s.find(r.params[0])
	if e != nil {
		return fail(e)
	}
	f, e := ix.filter(in.Filter, "invalid_document_filter")
	if e != nil {
		return fail(e)
	}
	order, e := ix.sorting(in.Sort, "invalid_document_sort")
	if e != nil {
		return fail(e)
	}
	var wanted map[string]bool
	if in.IDs != nil {
		wanted = map[string]bool{}
		for _, id := range in.IDs {
			wanted[fmt.Sprint(id)] = true
		}
	}
	var found []*document
	for _, d := range ix.docs {
		if d != nil && (wanted == nil || wanted[d.id]) && f.takes(d) {
			found = append(found, d)
		}
	}
	slices.SortStableFunc(found, order.compare)
	offset, limit := 0, 20
	if in.Offset != nil {
		offset = *in.Offset
	}
	if in.Limit != nil {
		limit = *in.Limit
	}
	shown := page(found, offset, limit)
	results := []map[string]any{}
	for _, d := range shown["results"].([]*document) {
		results = append(results, allFields(d, in.Fields))
	}
	shown["results"] = results
	return ok(shown)
}

// erase enqueues a deletion of what choose returns when the task runs.
func (s *Server) erase(r *request, details map[string]any, choose func(*index) ([]string, *apiError)) reply {
	uid := r.params[0]
	if !validUID.MatchString(uid) {
		return fail(refuse("invalid_index_uid", badUID(uid)))
	}
	details["deletedDocuments"] = nil
	t := s.enqueue("documentDeletion", uid, details, func(t *task) *apiError {
		ix := s.indexes[uid]
		if ix == nil {
			return missingIndex(uid)
		}
		ids, e := choose(ix)
		if e != nil {
			return e
		}
		n := 0
		for _, id := range ids {
			if ix.remove(id) {
				n++
			}
		}
		ix.updated = s.o.Now().UTC()
		t.details["deletedDocuments"] = n
		return nil
	})
	t.meta = metadata(r.query)
	return accepted(t)
}

func these(ids ...string) func(*index) ([]string, *apiError) {
	return func(*index) ([]string, *apiError) { return ids, nil }
}

func (s *Server) deleteDocument(r *request) reply {
	return s.erase(r, map[string]any{"providedIds": 1, "originalFilter": nil}, these(r.params[1]))
}

func (s *Server) clearDocuments(r *request) reply {
	return s.erase(r, map[string]any{"providedIds": 0, "originalFilter": nil}, func(ix *index) ([]string, *apiError) {
		return sortedKeys(ix.byID), nil
	})
}

func (s *Server) deleteBatch(r *request) reply {
	var in []any
	if e := r.decode(list(anything), &in); e != nil {
		return fail(e)
	}
	var ids []string
	for _, id := range in {
		if n, isNumber := id.(float64); isNumber {
			id = strconv.FormatFloat(n, 'f', -1, 64)
		}
		ids = append(ids, fmt.Sprint(id))
	}
	return s.erase(r, map[string]any{"providedIds": len(ids), "originalFilter": nil}, these(ids...))
}

func (s *Server) deleteByFilter(r *request) reply {
	var body struct{ Filter any }
	e := r.decode(object(shape{{name: "filter", code: "invalid_document_filter", check: anything, must: true}}), &body)
	if e != nil {
		return fail(e)
	}
	raw := encode(body.Filter)
	if _, e := parseFilter(raw, "invalid_document_filter"); e != nil {
		return fail(e)
	}
	return s.erase(r, map[string]any{"providedIds": 0, "originalFilter": string(raw)}, func(ix *index) ([]string, *apiError) {
		f, e := ix.filter(raw, "invalid_document_filter")
		if e != nil {
			return nil, e
		}
		var ids []string
		for _, d := range ix.docs {
			if d != nil && f.takes(d) {
				ids = append(ids, d.id)
			}
		}
		return ids, nil
	})
}
