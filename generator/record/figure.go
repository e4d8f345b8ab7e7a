package record

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Dimension is what a figure is broken down by.
type Dimension string

// The dimensions of a figure.
const (
	ByAll     Dimension = "all"
	ByUnit    Dimension = "unit"
	ByArea    Dimension = "area"
	ByTopic   Dimension = "topic"
	ByChannel Dimension = "channel"
	ByKind    Dimension = "kind"

	ByPost       Dimension = "post"        // of the leader whose mailbox the case came to: [PostID]
	ByAddressee  Dimension = "addressee"   // the post that the case is addressed to: [PostID]
	ByLeaderKind Dimension = "leader-kind" // of the kinds that leaders handle themselves
	ByAgainst    Dimension = "against"     // unit complained of
	ByOrigin     Dimension = "origin"      // how the matter was taken up
)

// Texts reports whether a dimension counts cases published in full alone, because a row
// without text does not show what it is about.
func (d Dimension) Texts() bool {
	switch d {
	case ByTopic, ByKind, ByAddressee, ByLeaderKind, ByAgainst:
		return true
	}
	return false
}

// Scope is one thing that figures are computed for, such as a unit. The whole
// installation is Scope{Dim: ByAll}.
type Scope struct {
	Dim Dimension `json:"dim"`
	ID  string    `json:"id,omitempty"`
}

// String returns "unit/ID", and "all" for the whole installation.
func (s Scope) String() string {
	if s.ID == "" {
		return string(s.Dim)
	}
	return string(s.Dim) + "/" + s.ID
}

// Period is a span of receipt days: "all", a year "2026", a month "2026-11",
// twelve months ending with one, "2026-11/12", or the months from one to another,
// "2025-03/2026-11". A case belongs to the period in which it was received.
type Period string

// AllTime is the period without bounds.
const AllTime Period = "all"

// MonthPeriod returns the period of one month.
func MonthPeriod(m Month) Period { return Period(m.String()) }

// YearPeriod returns the period of one calendar year.
func YearPeriod(y int) Period { return Period(fmt.Sprintf("%04d", y)) }

// Name returns what p is called in addresses: twelve months by the month that they end
// with.
func (p Period) Name() string { return strings.TrimSuffix(string(p), "/12") }

// RollingPeriod returns the twelve months that end with m.
func RollingPeriod(m Month) Period { return Period(m.String() + "/12") }

// SpanPeriod returns the months from first to last.
func SpanPeriod(first, last Month) Period { return Period(first.String() + "/" + last.String()) }

// Bounds returns the first and last day of p; both are zero for [AllTime] and
// ok is false when p is malformed.
func (p Period) Bounds() (first, last Day, ok bool) {
	if p == AllTime {
		return 0, 0, true
	}
	if from, to, ok := strings.Cut(string(p), "/"); ok && len(to) == 7 {
		a, err := ParseMonth(from)
		b, err2 := ParseMonth(to)
		if err != nil || err2 != nil || a > b {
			return 0, 0, false
		}
		return a.First(), b.Last(), true
	}
	s, rolling := strings.CutSuffix(string(p), "/12")
	if len(s) == 4 && !rolling {
		y, err := strconv.Atoi(s)
		if err != nil || y < 1900 {
			return 0, 0, false
		}
		return Date(y, 1, 1), Date(y, 12, 31), true
	}
	m, err := ParseMonth(s)
	if err != nil {
		return 0, 0, false
	}
	if rolling {
		return (m - 11).First(), m.Last(), true
	}
	return m.First(), m.Last(), true
}

// Rate is a numerator and its denominator. It is never stored as a fraction;
// the percentage is made once, when it is printed.
type Rate struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// Percent returns 100*Num/Den rounded half up to the given number of decimals
// (0 to 6), computed in integers, as in "96.57". It returns "" when the
// denominator is zero: a rate of nothing is unknown and not zero. A rate of more
// than a million to one is no rate and may return "" too.
func (r Rate) Percent(decimals int) string {
	if r.Den <= 0 || r.Num < 0 || decimals < 0 || decimals > 6 {
		return ""
	}
	scale := int64(1)
	for range decimals {
		scale *= 10
	}
	// Round half up: floor((2*100*scale*num + den) / (2*den)), in 128 bits.
	hi, lo := bits.Mul64(uint64(r.Num), uint64(200*scale))
	lo, carry := bits.Add64(lo, uint64(r.Den), 0)
	hi += carry
	if hi >= 2*uint64(r.Den) {
		return "" // over 1.8e19 units of the last place: not a rate of anything
	}
	q, _ := bits.Div64(hi, lo, 2*uint64(r.Den))
	v := int64(q)
	if v < 0 {
		return ""
	}
	if decimals == 0 {
		return strconv.FormatInt(v, 10)
	}
	return fmt.Sprintf("%d.%0*d", v/scale, decimals, v%scale)
}

// Figure is one published number: what was measured, for whom, when, and out of
// how many. Unknown counts the cases of the scope and period that could not be
// counted because a value they need was not delivered.
type Figure struct {
	Measure string `json:"measure"`
	Version int    `json:"version"`
	Scope   Scope  `json:"scope"`
	Period  Period `json:"period"`
	Cutoff  Day    `json:"cutoff"`
	Rate
	Unknown int64 `json:"unknown"`
}

// Restatement is a figure that was published and is another one since, at the same
// cut-off and by the same formula (数据更正). Where a figure did not exist, it has
// neither number nor denominator.
type Restatement struct {
	No    int    `json:"-"`     // from 1, the first that was ever told
	Shown Day    `json:"shown"` // cut-off of the release that showed the new figure first
	Old   Figure `json:"old"`
	New   Figure `json:"new"`

	// Why is what happened to the cases that made the difference, sorted; that a case
	// of before was delivered only now is [EventPublish]. It is empty where no case
	// did: then the register of units, areas or topics has changed, or a setting.
	// Where Why says something and N is 0, a withdrawn case made the difference, of
	// which it is not told how it had counted.
	Why   []EventKind  `json:"why,omitempty"`
	Cases []CaseNumber `json:"cases,omitempty"` // the first of them, at most [RestatedCases]
	N     int          `json:"n"`               // how many there are
}

// Add counts a case that has made the difference.
func (r *Restatement) Add(n CaseNumber) {
	if r.N < RestatedCases {
		r.Cases = append(r.Cases, n)
	}
	r.N++
}

// RestatedCases is how many cases a [Restatement] lists.
const RestatedCases = 20
