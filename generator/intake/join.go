package intake

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// Ref names one pending record.
type Ref struct {
	ID       int64
	Kind     source.Kind
	MAC      string // keyed hash of the key, hexadecimal
	Received string // day of receipt as 2006-01-02, or ""
	Key      string // the office's own number
	Number   string // public number that it was given before, or ""
}

// Pending returns every record that the store has not been told of, in the
// order in which it must be: areas, units, topics, channels and assessments
// before cases, and cases by day of receipt and then by the office's own
// number. That order does not depend on the key.
func (d *DB) Pending(ctx context.Context) ([]Ref, error) { return d.refs(ctx, `dirty = 1`) }

// refs returns the heads that a condition names, in the order of [DB.Pending].
func (d *DB) refs(ctx context.Context, where string, args ...any) ([]Ref, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT id, kind, mac, received, key, number FROM heads WHERE `+where, args...)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var refs []Ref
	for rows.Next() {
		var r Ref
		var kind int
		var mac, key, number []byte
		if err := rows.Scan(&r.ID, &kind, &mac, &r.Received, &key, &number); err != nil {
			return nil, d.explain(err)
		}
		plain, err := d.seal.open(key, bound("key", mac, ""))
		if err != nil {
			return nil, d.damaged(err)
		}
		if number != nil {
			public, err := d.seal.open(number, bound("number", mac, ""))
			if err != nil {
				return nil, d.damaged(err)
			}
			r.Number = string(public)
		}
		if kind < 0 || kind >= len(kinds) {
			return nil, d.damaged(errEncoding)
		}
		r.Kind, r.MAC, r.Key = kinds[kind], fmt.Sprintf("%x", mac), string(plain)
		refs = append(refs, r)
	}
	if err := rows.Err(); err != nil {
		return nil, d.explain(err)
	}
	rank := func(k source.Kind) int { return slices.Index(kinds[:], k) }
	slices.SortFunc(refs, func(a, b Ref) int {
		if a.Kind != b.Kind {
			return rank(a.Kind) - rank(b.Kind)
		}
		if c := strings.Compare(a.Received, b.Received); c != 0 {
			return c
		}
		return strings.Compare(a.Key, b.Key)
	})
	return refs, nil
}

// Item is a pending record, joined from every version received.
type Item struct {
	Ref
	Raw     source.Raw   // without the aggregate-only fields
	AsOf    string       // latest as-of day under which any of it was received
	Waiting bool         // a case whose day of receipt no stream has carried yet
	Review  Review       // the decision of a person, where there is one
	Files   []FileReview // her decisions about single files
	counted []byte       // what the aggregates are to hold of it
	rest    map[string]string
	again   map[string]string // texts that repeat erased ones, and are therefore not in Raw
	bare    bool              // nothing of it is left as it was received
	seen    string            // what the gate last looked at of it, as a keyed hash; "" where nobody knows
	stated  map[string]string // what the office has stated, and is in Raw

	// Untold are the statements of the office about it that the store has not been told
	// of, oldest first.
	Untold []Statement
}

// Erased reports whether some or all of what was received of a record is erased.
func (i Item) Erased() (some, all bool) { return i.rest != nil, i.rest != nil && i.bare }

// Lost reports whether a text that was once delivered is not there any more, because it is
// erased: neither as it was received, nor again, nor as the office has stated it.
func (i Item) Lost(field string) bool {
	_, was := i.rest[macPrefix+field]
	_, is := i.Raw.Fields[field]
	_, again := i.again[field]
	return was && !is && !again
}

// Again puts the texts that repeat erased ones back into Raw: for a record of which no
// text is published, so that they are not there already.
func (i *Item) Again() { maps.Copy(i.Raw.Fields, i.again) }

// Decided reports whether the person decided about what was received last, be it
// erased by now.
func (i Item) Decided() bool { return i.Review.Content != "" && i.Review.Content == i.seen }

// Load returns the joined records that refs name, in their order. It is meant
// for some hundred at a time, and may be called from several goroutines.
func (d *DB) Load(ctx context.Context, refs []Ref) ([]Item, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	items := make([]Item, len(refs))
	at := make(map[int64]int, len(refs))
	err := d.loadHistories(ctx, refs, func(i int, h history) {
		at[refs[i].ID] = i
		items[i] = h.join(refs[i], d.seal.content)
	})
	if err != nil {
		return nil, err
	}
	in, ids := inHeads(refs)
	err = d.loadFileReviews(ctx, in, ids, func(head int64, r FileReview) {
		items[at[head]].Files = append(items[at[head]].Files, r)
	})
	return items, d.explain(err)
}

// inHeads returns the list of a condition on heads, and its arguments.
func inHeads(refs []Ref) (in string, ids []any) {
	ids = make([]any, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	return strings.Repeat("?,", len(ids)-1) + "?", ids
}

// loadHistories hands on everything received under the keys that refs name, by their places.
func (d *DB) loadHistories(ctx context.Context, refs []Ref, set func(int, history)) error {
	at := make(map[int64]int, len(refs))
	for i, r := range refs {
		at[r.ID] = i
	}
	in, ids := inHeads(refs)
	histories := make([]history, len(refs))
	ranks, err := d.ranks(ctx)
	if err != nil {
		return d.explain(err)
	}
	if err := d.loadHeads(ctx, in, ids, func(id int64, h history) {
		h.ranks = ranks
		histories[at[id]] = h
	}); err != nil {
		return d.explain(err)
	}
	rows, err := d.reader.QueryContext(ctx, `SELECT head, id, stream, asof, last, sealed FROM versions
		WHERE head IN (`+in+`) AND sealed IS NOT NULL`, ids...)
	if err != nil {
		return d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var head int64
		var r received
		var sealed sql.RawBytes
		if err := rows.Scan(&head, &r.id, &r.stream, &r.asOf, &r.last, &sealed); err != nil {
			return d.explain(err)
		}
		h := &histories[at[head]]
		if r.version, err = d.openVersion(sealed, "version", h.mac, r.stream); err != nil {
			return err
		}
		h.versions = append(h.versions, r)
	}
	if err := rows.Err(); err != nil {
		return d.explain(err)
	}
	err = d.loadOffice(ctx, in, ids, func(head int64, s Statement, told bool) {
		h := &histories[at[head]]
		h.office = append(h.office, s)
		if !told {
			h.untold = append(h.untold, s)
		}
	})
	if err != nil {
		return d.explain(err)
	}
	for i, h := range histories {
		set(i, h)
	}
	return nil
}

func (d *DB) loadHeads(ctx context.Context, in string, ids []any, set func(int64, history)) error {
	rows, err := d.reader.QueryContext(ctx, `SELECT id, mac, gone, rest, d.content, d.accept, d.reasons, d.accepted,
		(SELECT before FROM reviews r WHERE r.head = heads.id AND r.asof <> '' ORDER BY r.id DESC LIMIT 1)
		FROM heads LEFT JOIN decisions d ON d.head = id WHERE id IN (`+in+`)`, ids...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var h history
		var rest, content, seen []byte
		var accept sql.NullBool
		var reasons, accepted sql.NullString
		if err := rows.Scan(&id, &h.mac, &h.gone, &rest, &content, &accept, &reasons, &accepted, &seen); err != nil {
			return err
		}
		if content != nil {
			h.review = Review{Content: hex.EncodeToString(content), Accept: accept.Bool, Reasons: splitCodes(reasons.String), Accepted: splitCodes(accepted.String)}
		}
		if rest != nil {
			v, err := d.openVersion(rest, "rest", h.mac, "")
			if err != nil {
				return err
			}
			h.rest, h.seen = v.fields, v.fields[seenKey]
		}
		if seen != nil {
			h.seen = hex.EncodeToString(seen)
		}
		set(id, h)
	}
	return rows.Err()
}

func (d *DB) openVersion(sealed []byte, what string, mac []byte, stream string) (version, error) {
	plain, err := d.seal.open(sealed, bound(what, mac, stream))
	if err != nil {
		return version{}, d.damaged(err)
	}
	v, err := decodeVersion(plain)
	if err != nil {
		return version{}, d.damaged(err)
	}
	return v, nil
}

// received is a version with its place in the order of deliveries.
type received struct {
	version
	id         int64
	stream     string
	asOf, last string
}

// history is everything received under one key.
type history struct {
	mac      []byte
	gone     bool
	ranks    ranks             // of the streams
	rest     map[string]string // what pruned versions said
	versions []received
	review   Review
	seen     string // see Item
	office   office
	untold   []Statement
}

// join merges the versions into one record, and puts over it what the office has stated;
// see the package comment for the order. Of a register entry, what was only derived from a
// column of cases counts for nothing beside what a register has. A text that repeats one
// whose version was pruned counts as not carried: the store has it as it was
// cleared, and the gate could not judge it without what was pruned with it.
func (h history) join(r Ref, mac func([]byte) []byte) Item {
	item := Item{
		Ref: r, Raw: source.Raw{Kind: r.Kind, Key: r.Key, Gone: h.gone, Fields: map[string]string{}}, rest: h.rest,
		Review: h.review, seen: h.seen, bare: len(h.versions) == 0, Untold: h.untold,
	}
	for name, value := range h.rest {
		if !strings.HasPrefix(name, macPrefix) {
			item.Raw.Fields[name] = value
		}
	}
	for _, stream := range h.streams(r.Kind) {
		for _, v := range stream {
			maps.Copy(item.Raw.Fields, v.fields)
			if len(v.files) > 0 {
				item.Raw.Files = v.files
			}
			item.AsOf = max(item.AsOf, v.last)
		}
		item.Raw.Stream = stream[len(stream)-1].stream
	}
	if newest := h.newest(); newest != nil {
		item.Raw.Where = newest.where
	}
	if day := receivedDay(item.Raw.Fields[source.FieldReceived]); day != "" {
		item.Received = day // which is not the one that came last, where streams contradict each other
	}
	item.counted = takeAggregates(item.Raw.Fields)
	if h.rest != nil {
		maps.DeleteFunc(item.Raw.Fields, func(name, value string) bool {
			was, pruned := h.rest[macPrefix+name]
			if !pruned || was != string(mac([]byte(value))) {
				return false
			}
			if item.again == nil {
				item.again = map[string]string{}
			}
			item.again[name] = value
			return true
		})
	}
	_, dated := item.Raw.Fields[source.FieldReceived]
	item.Waiting = r.Kind == source.Case && !dated && !item.Raw.Gone
	item.states(h.office)
	return item
}

// newest returns the version that was received last, whose place in a file is
// the one to name to the office.
func (h history) newest() *received {
	var n *received
	for i := range h.versions {
		if n == nil || h.versions[i].id > n.id {
			n = &h.versions[i]
		}
	}
	return n
}
