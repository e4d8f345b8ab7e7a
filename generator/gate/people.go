package gate

import (
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// peopleAfter is how many days after the end of a year its tables of people are
// made: what is still missing then is not waited for.
const peopleAfter = 31

// ClearPeople clears the counts of one attribute of the writers of the cases
// received in a year. It answers with [Hold] where the year has not been over for
// 31 days on the as-of day, since a table that is published while it grows gives
// away by its growth what it hides; where a group is not one of the attribute; and
// where a number is negative. A year and attribute is cleared once: the store
// keeps the first table, for the same reason.
//
// Numbers from 1 to 4 are hidden with what would give them away; see [Suppress].
func (g *Gate) ClearPeople(year int, attribute record.Attribute, counts map[string]int64, asOf record.Day) (Cleared, Verdict) {
	hold := func(reason string) (Cleared, Verdict) {
		return Cleared{}, Verdict{Decision: Hold, Reasons: []string{reason}}
	}
	groups := attribute.Groups()
	if groups == nil || year < 2000 || year > 2099 {
		return hold("unknown-attribute")
	}
	if asOf < record.Date(year, 12, 31)+peopleAfter {
		return hold("year-not-over")
	}
	row := make([]int64, len(groups))
	known := 0
	for i, group := range groups {
		n, ok := counts[group]
		if row[i] = n; ok {
			known++
		}
	}
	if known != len(counts) {
		return hold("unknown-group")
	}
	safe, err := Suppress(Table{Rows: []string{string(attribute)}, Cols: groups, N: [][]int64{row}})
	if err != nil {
		return hold("bad-number")
	}
	p := record.People{Year: year, Attribute: attribute, Total: peopleCount(safe.Total, safe.Total)}
	for i, group := range groups {
		p.Groups = append(p.Groups, record.PeopleGroup{Group: group, PeopleCount: peopleCount(safe.Cells[0][i], safe.Total)})
	}
	if !slices.ContainsFunc(row, func(n int64) bool { return n > 0 }) {
		return hold("nobody-counted")
	}
	return Cleared{
		value: p, keyMAC: g.mac("people", string(attribute), fmt.Sprint(year)), policy: g.hash,
	}, Verdict{Decision: Publish}
}

// peopleCount returns a cell as it is published beside its total.
func peopleCount(c, total Cell) record.PeopleCount {
	percent, known := c.Share(total)
	if !known {
		percent = -1
	}
	return record.PeopleCount{N: c.N, Hidden: c.Hidden, Percent: percent}
}
