package meilitest

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// index is one index. It is only changed by tasks.
type index struct {
	uid      string
	primary  string // primary key; empty: not known yet
	created  time.Time
	updated  time.Time
	settings settings
	docs     []*document    // in the order of their internal numbers; a deleted one is nil
	byID     map[string]int // place in docs
	fields   []string       // every field name there ever was, in the order of appearance
}

var validUID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,512}$`)

func badUID(uid string) string {
	return "`" + uid + "` is not a valid index uid. Index uid can be an integer or a string containing only alphanumeric characters, hyphens (-) and underscores (_), and can not be more than 512 bytes."
}

func uidCheck(path, code string, v any) *apiError {
	if e := text(path, code, v); e != nil {
		return e
	}
	if uid := v.(string); !validUID.MatchString(uid) {
		return wrongValue(path, "invalid_index_uid", badUID(uid))
	}
	return nil
}

// find returns the index that a request names.
func (s *Server) find(uid string) (*index, *apiError) {
	if !validUID.MatchString(uid) {
		return nil, refuse("invalid_index_uid", badUID(uid))
	}
	if ix := s.indexes[uid]; ix != nil {
		return ix, nil
	}
	return nil, missingIndex(uid)
}

// make adds an index, inside a task.
func (s *Server) make(uid, primary string) *index {
	now := s.o.Now().UTC()
	ix := &index{uid: uid, primary: primary, created: now, updated: now, settings: defaultSettings(), byID: map[string]int{}}
	s.indexes[uid] = ix
	return ix
}

func (ix *index) view() map[string]any {
	return map[string]any{"uid": ix.uid, "createdAt": stamp(ix.created), "updatedAt": stamp(ix.updated), "primaryKey": orNil(ix.primary)}
}

func (s *Server) createIndex(r *request) reply {
	var in struct {
		UID        string
		PrimaryKey *string
	}
	e := r.decode(object(shape{
		{name: "uid", code: "invalid_index_uid", check: uidCheck, must: true},
		{name: "primaryKey", code: "invalid_index_primary_key", check: orNull(text)},
	}), &in)
	if e != nil {
		return fail(e)
	}
	if !r.allowed.allow(in.UID) {
		return fail(r.allowed.refuseIndex(in.UID))
	}
	primary := ""
	if in.PrimaryKey != nil {
		primary = *in.PrimaryKey
	}
	return accepted(s.enqueue("indexCreation", in.UID, map[string]any{"primaryKey": orNil(primary)}, func(*task) *apiError {
		if s.indexes[in.UID] != nil {
			return refuse("index_already_exists", "Index `"+in.UID+"` already exists.")
		}
		s.make(in.UID, primary)
		return nil
	}))
}

func (s *Server) getIndex(r *request) reply {
	ix, e := s.find(r.params[0])
	if e != nil {
		return fail(e)
	}
	return ok(ix.view())
}

func (s *Server) listIndexes(r *request) reply {
	offset, limit, e := r.window(20)
	if e != nil {
		return fail(e)
	}
	all := []map[string]any{}
	for _, uid := range sortedKeys(s.indexes) {
		if r.allowed.allow(uid) {
			all = append(all, s.indexes[uid].view())
		}
	}
	return ok(page(all, offset, limit))
}

// window reads offset and limit of a list.
func (r *request) window(limit int) (int, int, *apiError) {
	if e := r.onlyParams("offset", "limit"); e != nil {
		return 0, 0, e
	}
	offset, e := r.number("offset", "invalid_index_offset", 0)
	if e != nil {
		return 0, 0, e
	}
	limit, e = r.number("limit", "invalid_index_limit", limit)
	return offset, limit, e
}

func page[T any](all []T, offset, limit int) map[string]any {
	from := min(offset, len(all))
	part := all[from : from+min(limit, len(all)-from)]
	if part == nil {
		part = []T{}
	}
	return map[string]any{"results": part, "offset": offset, "limit": limit, "total": len(all)}
}

func (s *Server) updateIndex(r *request) reply {
	var in struct {
		PrimaryKey *string
		UID        *string
	}
	e := r.decode(object(shape{
		{name: "primaryKey", code: "invalid_index_primary_key", check: orNull(text)},
		{name: "uid", code: "invalid_index_uid", check: orNull(uidCheck)},
	}), &in)
	if e != nil {
		return fail(e)
	}
	uid := r.params[0]
	if !validUID.MatchString(uid) {
		return fail(refuse("invalid_index_uid", badUID(uid)))
	}
	details := map[string]any{"primaryKey": nil}
	if in.PrimaryKey != nil {
		details["primaryKey"] = *in.PrimaryKey
	}
	if in.UID != nil {
		details["oldIndexUid"], details["newIndexUid"] = uid, *in.UID
	}
	return accepted(s.enqueue("indexUpdate", uid, details, func(*task) *apiError {
		ix := s.indexes[uid]
		switch {
		case ix == nil:
			return missingIndex(uid)
		case in.UID != nil && s.indexes[*in.UID] != nil:
			return refuse("index_already_exists", "Index `"+*in.UID+"` already exists.")
		case in.PrimaryKey != nil && len(ix.byID) > 0:
			return refuse("index_primary_key_already_exists", fmt.Sprintf("Index `%s`: Index already has a primary key: `%s`.", uid, ix.primary))
		}
		if in.PrimaryKey != nil {
			ix.primary = *in.PrimaryKey
		}
		if in.UID != nil {
			delete(s.indexes, uid)
			ix.uid = *in.UID
			s.indexes[ix.uid] = ix
		}
		ix.updated = s.o.Now().UTC()
		return nil
	}))
}

func (s *Server) deleteIndex(r *request) reply {
	uid := r.params[0]
	if !validUID.MatchString(uid) {
		return fail(refuse("invalid_index_uid", badUID(uid)))
	}
	return accepted(s.enqueue("indexDeletion", uid, map[string]any{"deletedDocuments": nil}, func(t *task) *apiError {
		ix := s.indexes[uid]
		if ix == nil {
			return missingIndex(uid)
		}
		t.details["deletedDocuments"] = len(ix.byID)
		delete(s.indexes, uid)
		return nil
	}))
}

func (s *Server) compactIndex(r *request) reply {
	ix, e := s.find(r.params[0])
	if e != nil {
		return fail(e)
	}
	return accepted(s.enqueue("indexCompaction", ix.uid, map[string]any{}, func(t *task) *apiError {
		t.details["preCompactionSize"], t.details["postCompactionSize"] = "356 KiB", "124 KiB"
		return nil
	}))
}

func (s *Server) swapIndexes(r *request) reply {
	type pair struct {
		Indexes []string `json:"indexes"`
		Rename  bool     `json:"rename"`
	}
	in := []pair{}
	e := r.decode(list(object(shape{
		{name: "indexes", code: "invalid_swap_indexes", check: list(uidCheck), must: true},
		{name: "rename", code: "invalid_swap_rename", check: boolean},
	})), &in)
	if e != nil {
		return fail(e)
	}
	seen := []string{}
	for _, p := range in {
		if len(p.Indexes) != 2 {
			return fail(refuse("invalid_swap_indexes", fmt.Sprintf("Two indexes must be given for each swap. The list `%s` contains %d indexes.", compact(p.Indexes), len(p.Indexes))))
		}
		for _, uid := range p.Indexes {
			if !r.allowed.allow(uid) {
				return fail(r.allowed.refuseIndex(uid))
			}
			if slices.Contains(seen, uid) {
				return fail(refuse("invalid_swap_duplicate_index_found", "Indexes must be declared only once during a swap. `"+uid+"` was specified several times."))
			}
			seen = append(seen, uid)
		}
	}
	t := s.enqueue("indexSwap", "", map[string]any{"swaps": in}, func(t *task) *apiError {
		for _, p := range in {
			for i, uid := range p.Indexes {
				// The second name of a renaming must be free.
				if free := p.Rename && i == 1; free != (s.indexes[uid] == nil) {
					if free {
						return refuse("index_already_exists", "Index `"+uid+"` already exists.")
					}
					return missingIndex(uid)
				}
			}
		}
		for _, p := range in {
			a, b := p.Indexes[0], p.Indexes[1]
			s.indexes[a], s.indexes[b] = s.indexes[b], s.indexes[a]
			for _, uid := range p.Indexes {
				if s.indexes[uid] == nil {
					delete(s.indexes, uid)
				} else {
					s.indexes[uid].uid = uid
				}
			}
			s.swapHistory(t.UID, a, b)
		}
		return nil
	})
	t.swapped = seen
	return accepted(t)
}

// swapHistory exchanges two indexes in the tasks before a swap.
func (s *Server) swapHistory(before int, a, b string) {
	for _, t := range s.tasks[:before] {
		switch {
		case t == nil:
		case t.Index == a:
			t.Index = b
		case t.Index == b:
			t.Index = a
		}
	}
}

func (s *Server) indexStats(r *request) reply {
	ix, e := s.find(r.params[0])
	if e != nil {
		return fail(e)
	}
	return ok(s.stats(ix))
}

// stats counts an index. Sizes are those of the texts, not of a database.
func (s *Server) stats(ix *index) map[string]any {
	bytes, fields := 0, map[string]int{}
	for _, d := range ix.docs {
		if d == nil {
			continue
		}
		for name, v := range d.raw {
			fields[name]++
			bytes += len(name) + len(v)
		}
	}
	busy := slices.ContainsFunc(s.tasks, func(t *task) bool { return t != nil && t.Status == processing && t.Index == ix.uid })
	return map[string]any{
		"numberOfDocuments": len(ix.byID), "rawDocumentDbSize": bytes, "avgDocumentSize": bytes / max(1, len(ix.byID)),
		"isIndexing": busy, "numberOfEmbeddings": 0, "numberOfEmbeddedDocuments": 0, "fieldDistribution": fields,
	}
}

func (s *Server) allStats(r *request) reply {
	size, indexes := 0, map[string]any{}
	var last any
	for _, ix := range s.indexes {
		if !r.allowed.allow(ix.uid) {
			continue
		}
		st := s.stats(ix)
		indexes[ix.uid] = st
		size += st["rawDocumentDbSize"].(int)
	}
	for _, t := range s.tasks {
		if t != nil && t.Status == succeeded && t.Index != "" {
			last = stamp(t.finished)
		}
	}
	return ok(map[string]any{"databaseSize": size, "usedDatabaseSize": size, "lastUpdate": last, "indexes": indexes})
}
