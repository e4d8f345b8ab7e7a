package open311

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/huiyin/huiyin/generator/fault"
)

// span is a span of time in seconds since 1970, without its end.
type span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

func (s span) width() int64 { return s.To - s.From }

// gap is a span of which not everything could be fetched.
type gap struct {
	span
	Why unwell `json:"why"`
}

// maxGaps bounds how many gaps are kept apart.
const maxGaps = 200

// addGap adds a gap to a list in the order of time. Gaps that touch become one, and the
// nearest ones where there are too many.
func addGap(list []gap, g gap) []gap {
	i, _ := slices.BinarySearchFunc(list, g, func(a, b gap) int { return cmp.Compare(a.From, b.From) })
	list = slices.Insert(list, i, g)
	for i := 1; i < len(list); {
		a, b := &list[i-1], list[i]
		if b.From > a.To || b.Why != a.Why {
			i++
			continue
		}
		a.To = max(a.To, b.To)
		list = slices.Delete(list, i, i+1)
	}
	for len(list) > maxGaps {
		at := 1
		for i := 2; i < len(list); i++ {
			if list[i].From-list[i-1].To < list[at].From-list[at-1].To {
				at = i
			}
		}
		list[at-1].To = max(list[at-1].To, list[at].To)
		list = slices.Delete(list, at, at+1)
	}
	return list
}

// seen knows what was delivered: for each request a hash of its number, and one of its
// content with the day that it is of.
type seen map[uint64]content

type content struct {
	hash uint64
	day  int64
}

// fresh reports whether an item was not delivered in this form, and keeps it.
func (s seen) fresh(it item, day int64) bool {
	h := hash(it.json)
	key := h
	if it.id != "" {
		key = hash([]byte(it.id))
	}
	old, ok := s[key]
	if ok {
		day = max(day, old.day)
	}
	s[key] = content{h, day}
	return !ok || old.hash != h
}

// MarshalJSON writes, for each day, the hashes of number and content of its requests,
// sixteen bytes each, in order.
func (s seen) MarshalJSON() ([]byte, error) {
	days := map[string][]byte{}
	for _, key := range sortedKeys(s) {
		c := s[key]
		day := strconv.FormatInt(c.day, 10)
		days[day] = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(days[day], key), c.hash)
	}
	return json.Marshal(days)
}

func sortedKeys(s seen) []uint64 {
	keys := make([]uint64, 0, len(s))
	for key := range s {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// UnmarshalJSON reads what MarshalJSON has written.
func (s *seen) UnmarshalJSON(b []byte) error {
	var days map[string][]byte
	if err := json.Unmarshal(b, &days); err != nil {
		return err
	}
	*s = seen{}
	for name, pairs := range days {
		day, err := strconv.ParseInt(name, 10, 64)
		if err != nil || len(pairs)%16 != 0 {
			return errors.New("hashes that are no pairs")
		}
		for ; len(pairs) > 0; pairs = pairs[16:] {
			(*s)[binary.BigEndian.Uint64(pairs)] = content{binary.BigEndian.Uint64(pairs[8:]), day}
		}
	}
	return nil
}

const stateFormat = 1

var errFormat = errors.New("the state has another format, or counts that cannot be")

// state is what the opaque state of a feed of requests holds.
type state struct {
	Format  int       `json:"format"`
	Asked   string    `json:"asked"`             // which server and requests it is of
	Since   int64     `json:"since"`             // first second asked for, ever
	End     int64     `json:"end,omitempty"`     // of the last walk that came to its end
	Missing []gap     `json:"missing,omitempty"` // of earlier walks
	Good    *span     `json:"good,omitempty"`    // the last that was answered with requests
	Seen    seen      `json:"seen"`
	Walk    *progress `json:"walk,omitempty"`

	// What has been seen of the server since a time, for as long as it is taken to hold.
	Learned int64     `json:"learned,omitempty"`
	Close   closeness `json:"close,omitempty"` // how closely it looks at edges
	Rough   bool      `json:"rough,omitempty"` // or more roughly, so that gaps are longer than they seem
	Most    int       `json:"most,omitempty"`  // requests in the largest answer
}

// progress is how far a walk has come.
type progress struct {
	To      int64  `json:"to"`              // its end: the time at which it began
	Next    int64  `json:"next"`            // the first second not asked for yet
	Pending []span `json:"pending"`         // to be asked for before, the last one first
	Again   []span `json:"again,omitempty"` // gaps of earlier walks, to be asked for behind, the last one first
	Page    int    `json:"page,omitempty"`  // next page of the last of them; 0: the first
	Size    int    `json:"size,omitempty"`  // size of those pages
	Gaps    []gap  `json:"gaps,omitempty"`  // found in this walk
	Stuck   stuck  `json:"stuck,omitzero"`
	Halved  int    `json:"halved,omitempty"`
	Failed  int    `json:"failed,omitempty"`

	Begun  int64   `json:"begun,omitempty"` // the first second of the walk
	From   int64   `json:"from,omitempty"`  // before which nothing depends on how closely the server looks
	Sound  bool    `json:"sound,omitempty"` // nor does the span up to Next
	Known  []known `json:"known,omitempty"` // by which to see how closely the server looks
	Looked bool    `json:"looked,omitempty"`
	Doubt  *doubt  `json:"doubt,omitempty"`
	Longer int     `json:"longer,omitempty"` // requests in the largest answer when a longer span was asked for
	Last   string  `json:"last,omitempty"`   // what was in the last answer that may have been cut off, in short
	Blind  string  `json:"blind,omitempty"`  // whether the server does not look at spans: yes, no, or not known
}

// doubt is the span with the largest answer, which may have been cut off.
type doubt struct {
	span
	All string `json:"all"` // what was in it, in short
}

// stuck is an answer that a shorter span would not make smaller.
type stuck struct {
	All string `json:"all"` // what was in it, in short
	To  int64  `json:"to"`  // end of the span
}

func (s *state) encode() ([]byte, error) { return json.Marshal(s) }

func decodeState(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil && d.More() {
		err = errors.New("something follows the state")
	}
	if err != nil {
		return badState(err)
	}
	return nil
}

func badState(err error) error {
	return fault.Wrap(err, "the state of the Open311 feed cannot be read",
		"if it was written by a newer version, use that one; else remove the state of the feed, and all of it is fetched again")
}

// readState reads a state; nil for one that was not.
func readState(b []byte) (*state, error) {
	if len(b) == 0 {
		return nil, nil
	}
	var st state
	if err := decodeState(b, &st); err != nil {
		return nil, err
	}
	p := st.Walk
	bad := st.Format != stateFormat || p != nil && (p.Page < 0 || p.Halved < 0 || p.Failed < 0) || st.Close < notKnown || st.Close > toDay
	if p != nil {
		for _, s := range slices.Concat(p.Pending, p.Again) {
			bad = bad || s.width() <= 0
		}
		bad = bad || p.Doubt != nil && p.Doubt.width() <= 0
		for _, k := range p.Known {
			bad = bad || k.At < daySeconds || k.From < toTheEdge || k.From > toSecond
		}
	}
	if bad {
		return nil, badState(errFormat)
	}
	if st.Seen == nil {
		st.Seen = seen{}
	}
	return &st, nil
}
