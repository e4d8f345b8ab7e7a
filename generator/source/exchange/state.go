package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
)

const format = 1

// state is where to go on, and what is needed to notice that an upstream leads in a
// circle. It holds nothing of an item.
type state struct {
	Format int    `json:"format"`
	Source string `json:"source"` // mark of the address
	At     place  `json:"at"`     // what is asked for next

	// Between two walks.
	ETag     string `json:"etag,omitempty"`     // of the last answer, which was to the same question as At is
	Modified string `json:"modified,omitempty"` // the same
	Ended    bool   `json:"ended,omitempty"`    // the walk before it is not known to have been taken
	Begin    place  `json:"begin,omitzero"`     // of that walk, or of the open one

	// Of the open walk, or of the last one.
	Open  bool   `json:"open,omitempty"`
	Limit int    `json:"limit,omitempty"` // that the open one was begun with
	Since string `json:"since,omitempty"` // as_of of its first answer
	AsOf  string `json:"as_of,omitempty"` // the last that was stated in it
	Asked marks  `json:"asked,omitzero"`  // of what was asked for
	Came  marks  `json:"came,omitzero"`   // of the pages
	Idle  int    `json:"idle,omitempty"`  // answers in a row that brought nothing new
}

// place is what is asked for: a cursor, a link, what has changed since a time, or the
// beginning.
type place struct {
	Cursor string `json:"cursor,omitempty"`
	Next   string `json:"next,omitempty"`
	Since  string `json:"since,omitempty"`
}

func (st *state) tagged() bool { return st.ETag != "" || st.Modified != "" }

// encode writes a state. That which was read is as it was written.
func (st *state) encode() []byte {
	b, err := json.Marshal(st)
	if err != nil {
		panic(err) // of strings and numbers alone
	}
	return b
}

// resume reads a state. void says that what was fetched in the walk before is not to be
// used.
func (f *Feed) resume(text []byte) (st state, void bool, err error) {
	fresh := state{Format: format, Source: f.source}
	if len(text) == 0 {
		return fresh, false, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&st); err != nil || d.More() || st.Format != format || st.leaves() {
		return st, false, fault.Wrap(errors.Join(errState, err), "the state of an exchange with "+f.base.Host+" cannot be read",
			"if it was written by a newer version, use that one; else remove the state.json of the feed, and all of it is fetched again")
	}
	if st.Source != f.source {
		return fresh, true, nil
	}
	if st.Open && st.Limit < f.limit && st.full(maxPages-1) {
		// It does not come to its end so; under the limit of today it has fewer pages.
		fresh.At = st.Begin
		return fresh, true, nil
	}
	if !st.Ended {
		return st, false, nil
	}
	if st.Ended = false; st.At.Cursor != "" {
		st.Begin = place{}
		return st, false, nil
	}
	fresh.At = st.Begin
	return fresh, true, nil
}

// full says whether so many pages were asked for in the walk.
func (st *state) full(pages int) bool { return len(st.Asked.list) >= pages*markSize }

// leaves says whether a link to go on with could lead to another host.
func (st *state) leaves() bool {
	for _, p := range []place{st.At, st.Begin} {
		if p.Next != "" && !strings.HasPrefix(p.Next, "/") {
			return true
		}
	}
	return false
}

var (
	errState   = errors.New("no state of this format")
	errLoop    = errors.New("leads in a circle: it sends on with a cursor, or to a page, that was read before in the same walk")
	errIdle    = errors.New("sends on and on and brings nothing new: it sends the same pages again, or empty ones")
	errEndless = fmt.Errorf("has more than the %d pages that are read in one walk", maxPages)
	errExpires = errors.New("says that a cursor has expired (410) that it gave out a moment ago, or refuses the beginning")
)

// advance moves a state behind an answer.
func (st *state) advance(a answer, limit int, h http.Header) error {
	asked := st.At
	if !st.Open {
		*st = state{Format: st.Format, Source: st.Source, At: asked, Begin: asked, Open: true, Limit: limit, Since: a.asOf}
	}
	if a.asOf != "" {
		st.AsOf = a.asOf
	}
	st.Asked.add(asked.mark())
	if came := a.mark(); len(a.items) == 0 || st.Came.has(came) {
		st.Idle++
	} else {
		st.Came.add(came)
		st.Idle = 0
	}
	if !a.more {
		st.end(asked, a, limit, h)
		return nil
	}
	st.At = place{Cursor: a.cursor, Next: a.next}
	switch {
	case st.Asked.has(st.At.mark()):
		return errLoop
	case st.Idle >= maxIdle:
		return errIdle
	case st.full(maxPages):
		return errEndless
	}
	return nil
}

// end closes the walk. A tag can tell that nothing is new only where the next walk begins
// with the question that the last answer was to. A full page of an array could get a link
// to a next one without a change of its own.
func (st *state) end(asked place, a answer, limit int, h http.Header) {
	st.At = place{Cursor: a.cursor}
	if a.cursor == "" {
		st.At.Since = st.Since
	}
	st.Open, st.Limit, st.Ended, st.Asked, st.Came, st.Idle = false, 0, true, marks{}, marks{}, 0
	if st.At != asked || a.array && len(a.items) >= limit {
		return
	}
	if tag := h.Get("ETag"); len(tag) <= maxTag {
		st.ETag = tag
	}
	if at := h.Get("Last-Modified"); at != "" {
		if _, err := http.ParseTime(at); err == nil {
			st.Modified = at
		}
	}
}

// markSize is how many bytes of a hash tell pages and places of a walk apart.
const markSize = 8

type mark [markSize]byte

// marks is a set of marks that is written in the order in which they came.
type marks struct {
	list []byte
	set  map[mark]bool
}

func (m *marks) has(k mark) bool { return m.set[k] }

func (m *marks) add(k mark) {
	if m.set == nil {
		m.set = map[mark]bool{}
	}
	m.list, m.set[k] = append(m.list, k[:]...), true
}

// IsZero leaves an empty set out of what is written.
func (m marks) IsZero() bool { return len(m.list) == 0 }

// MarshalJSON writes a set in base64.
func (m marks) MarshalJSON() ([]byte, error) { return json.Marshal(m.list) }

// UnmarshalJSON reads it.
func (m *marks) UnmarshalJSON(b []byte) error {
	var list []byte
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	if len(list)%markSize != 0 {
		return errState
	}
	*m = marks{}
	for k := range slices.Chunk(list, markSize) {
		m.add(mark(k))
	}
	return nil
}

func (p place) mark() mark {
	sum := sha256.Sum256([]byte(p.Cursor + "\x00" + p.Next + "\x00" + p.Since))
	return mark(sum[:markSize])
}

// mark is that of the items of an answer, in their order.
func (a answer) mark() mark {
	h := sha256.New()
	for _, item := range a.items {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(item)))) // never fails, as hash.Hash says
		h.Write(item)
	}
	return mark(h.Sum(nil)[:markSize])
}

func sourceMark(u *url.URL) string {
	sum := sha256.Sum256([]byte(u.String()))
	return hex.EncodeToString(sum[:markSize])
}
