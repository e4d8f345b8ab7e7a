package sql

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// mark is a place in the order of (updated_at, key).
type mark struct {
	U int64  `json:"u"` // microseconds since 1970
	K string `json:"k"`
}

func (m mark) compare(n mark) int { return cmp.Or(cmp.Compare(m.U, n.U), cmp.Compare(m.K, n.K)) }

// state is what a feed remembers between two fetches.
//
// Changes can be committed after others that state a later time, so every walk begins
// an overlap before the newest row. What was handed over already is known by its digest
// and not handed over again, so that a database at rest yields nothing.
type state struct {
	Format int    `json:"format"`
	Print  string `json:"print"`           // of the database and the view, its columns and their types
	At     *mark  `json:"at,omitempty"`    // the last row that was read; nil when the walk has ended
	Until  int64  `json:"until,omitempty"` // time of the server at which the walk began, and at which it ends
	High   *int64 `json:"high,omitempty"`  // newest updated_at of all that was read
	Floor  *mark  `json:"floor,omitempty"` // digests of what lies up to here have been forgotten
	Seen   []seen `json:"seen,omitempty"`
}

// seen are the digests of the rows of one page that are still within the overlap.
type seen struct {
	To      mark   `json:"to"`
	Digests []byte `json:"digests"`
}

const (
	stateFormat = 1
	digestSize  = 12
	maxDigests  = 8192 // 98 KB, written with every page
)

func readState(raw []byte) (state, error) {
	st := state{Format: stateFormat}
	if raw == nil {
		return st, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&st); err != nil || st.Format != stateFormat || slices.ContainsFunc(st.Seen, func(s seen) bool { return len(s.Digests)%digestSize != 0 }) {
		return st, fault.New("the state of a feed from a database cannot be read", "if it was written by a newer version, use that one; else remove state.json in the hidden folder of the feed, and all of it is fetched again")
	}
	return st, nil
}

func (st state) text() ([]byte, error) { return json.Marshal(st) }

// start returns the place behind which a new walk begins; nil is before the first row.
// now is the time of the server.
func (st *state) start(overlap time.Duration, now int64) *mark {
	if st.High == nil {
		return nil
	}
	if *st.High > now+overlap.Microseconds() {
		// The clock of the server had run ahead and was set back: what has changed since
		// may lie anywhere before that.
		st.High, st.Floor = nil, nil
		return nil
	}
	from := mark{U: *st.High - overlap.Microseconds()}
	// Where more rows lie in the overlap than are remembered, they would be handed over
	// in every walk. Once the overlap is over by the server's clock, nothing can come
	// late among them.
	if f := st.Floor; f != nil && from.compare(*f) < 0 && f.U < now-overlap.Microseconds() {
		from = *f
	}
	return &from
}

// known returns the digests that are remembered.
func (st state) known() map[[digestSize]byte]bool {
	m := map[[digestSize]byte]bool{}
	for _, s := range st.Seen {
		for d := range slices.Chunk(s.Digests, digestSize) {
			m[[digestSize]byte(d)] = true
		}
	}
	return m
}

func digest(item []byte) [digestSize]byte {
	sum := sha256.Sum256(item)
	return [digestSize]byte(sum[:digestSize])
}

// advance notes that everything up to a place was read, of which the rows with these
// digests were new.
func (st *state) advance(to mark, digests []byte, overlap time.Duration) {
	st.At = &to
	if st.High == nil || *st.High < to.U {
		st.High = &to.U
	}
	if len(digests) > 0 {
		st.Seen = append(st.Seen, seen{To: to, Digests: digests})
	}
	st.Seen = slices.DeleteFunc(st.Seen, func(s seen) bool { return s.To.U < *st.High-overlap.Microseconds() })
	n := 0
	for _, s := range st.Seen {
		n += len(s.Digests) / digestSize
	}
	for n > maxDigests && len(st.Seen) > 1 {
		i := 0
		for j := range st.Seen {
			if st.Seen[j].To.compare(st.Seen[i].To) < 0 {
				i = j
			}
		}
		gone := st.Seen[i]
		st.Seen = slices.Delete(st.Seen, i, i+1)
		n -= len(gone.Digests) / digestSize
		if st.Floor == nil || st.Floor.compare(gone.To) < 0 {
			st.Floor = &gone.To
		}
	}
}
