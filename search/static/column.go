package static

import (
	"encoding/binary"

	"github.com/huiyin/huiyin/search"
)

// column is a number field of every document.
type column struct {
	field   string
	numbers []int64 // by place
	known   []bool
}

func newColumns(s search.Schema, places int) []*column {
	var columns []*column
	for _, f := range s.Number {
		columns = append(columns, &column{field: f, numbers: make([]int64, places), known: make([]bool, places)})
	}
	return columns
}

func (c *column) set(place uint32, d search.Doc) {
	c.numbers[place], c.known[place] = number(d, c.field)
}

func number(d search.Doc, field string) (int64, bool) {
	n, ok := d.Number[field]
	return n, ok
}

// encode returns the file of a column, before compression.
func (c *column) encode() []byte {
	var out []byte
	last := int64(0)
	for i, n := range c.numbers {
		if !c.known[i] {
			out = append(out, 0)
			continue
		}
		d := n - last
		out = binary.AppendUvarint(out, uint64(d<<1^d>>63)+1)
		last = n
	}
	return out
}
