package assess

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Print returns a hash of everything that the figures of a period are made from: the
// counts of its months, the register, what the installation delivers, and the versions
// of the measures. Equal prints mean equal figures but for the cut-off in them, whatever
// the two cut-offs are. ok is false where facts were added by themselves and for a
// period that is malformed.
func (b *Book) Print(period record.Period) (print [sha256.Size]byte, ok bool) {
	first, last, ok := months(period)
	if !ok || b.prints == nil {
		return print, false
	}
	out := bytes.Clone(b.base[:])
	for _, m := range slices.Sorted(maps.Keys(b.prints)) {
		if first <= m && m <= last {
			sum := b.prints[m]
			out = append(binary.AppendVarint(out, int64(m)), sum[:]...)
		}
	}
	out = append(out, period...)
	return sha256.Sum256(out), true
}

// sumBase returns the hash of what all prints have in common.
func (b *Book) sumBase() [sha256.Size]byte {
	reg, err := json.Marshal(b.reg)
	if err != nil {
		panic("assess: the register does not marshal: " + err.Error())
	}
	out := fmt.Appendf(reg, "\n%d %v", CountingVersion, b.has)
	for _, m := range Measures() {
		out = fmt.Appendf(out, " %s %d %t", m.ID, m.Version, b.idle[m.ID])
	}
	return sha256.Sum256(out)
}

// PeriodFigures returns the figures of one period of all scopes, chosen and sorted as by
// [Book.Figures].
func (b *Book) PeriodFigures(period record.Period) []record.Figure {
	return b.list(func(record.Scope) []record.Period { return []record.Period{period} })
}
