package gate

import (
	"errors"
	"fmt"
	"slices"
)

// The limits of published tables of people.
const (
	MinCell        = 5  // the smallest number of people that is printed
	MinDenominator = 10 // the fewest people that a percentage is printed of
)

// maxSide bounds the rows and columns of a table of people.
const maxSide = 64

// Table counts people by attributes that are published in sums alone, such as
// age or sex. Row totals are published beside it, column totals where ColTotals
// says so.
//
// Two tables of which one contains the people of the other must not both be
// published, since their difference is a table that nobody has cleared. Whole
// calendar years that have ended, of the whole installation, never do.
type Table struct {
	Rows, Cols []string
	N          [][]int64 // by row and column, none negative
	ColTotals  bool
}

// Cell is a number of people, or the fact that it is not printed.
type Cell struct {
	N      int64 `json:"n,omitempty"`
	Hidden bool  `json:"hidden,omitempty"`
}

// Share returns the percentage that c is of all, rounded half up. It is not
// known where either is hidden, or where all are fewer than [MinDenominator].
func (c Cell) Share(all Cell) (percent int64, known bool) {
	if c.Hidden || all.Hidden || all.N < MinDenominator || c.N > all.N {
		return 0, false
	}
	return (200*c.N + all.N) / (2 * all.N), true
}

// SafeTable is a [Table] as it may be published.
type SafeTable struct {
	Rows      []string `json:"rows"`
	Cols      []string `json:"cols"`
	Cells     [][]Cell `json:"cells"`
	RowTotals []Cell   `json:"row_totals"`
	ColTotals []Cell   `json:"col_totals,omitempty"` // nil: not published
	Total     Cell     `json:"total"`
}

// Suppress returns t as it may be published: numbers from 1 to 4 are hidden,
// and as many others as it takes that nobody can work a hidden one out from what
// is printed. A zero is printed: it is a statement about nobody.
//
// A hidden number counts as safe when, with everything that is printed and the
// knowledge that people are whole, it may take values that lie at least [MinCell]
// apart. That is computed exactly for each hidden number, by seeking for the
// largest and the smallest value in the network of rows and columns. Where a row's
// total is itself from 1 to 4, it is hidden with the whole row, and no column
// totals and no total are published. See Cox, "Network models for complementary
// cell suppression" (1995), for the model.
func Suppress(t Table) (SafeTable, error) {
	if err := t.check(); err != nil {
		return SafeTable{}, err
	}
	s := newSuppression(t)
	for {
		i, j, exposed := s.exposed()
		if !exposed {
			return s.table(), nil
		}
		s.cover(i, j)
	}
}

func (t Table) check() error {
	if len(t.Rows) == 0 || len(t.Cols) == 0 || len(t.Rows) > maxSide || len(t.Cols) > maxSide || len(t.N) != len(t.Rows) {
		return fmt.Errorf("a table of people has 1 to %d named rows and columns", maxSide)
	}
	for _, row := range t.N {
		if len(row) != len(t.Cols) {
			return errors.New("a row of a table of people has not one number a column")
		}
		if slices.Min(row) < 0 || slices.Max(row) > 1<<40 {
			return errors.New("a number of people is negative or too large")
		}
	}
	return nil
}

// suppression is a table on its way to be published.
type suppression struct {
	Table
	hidden    [][]bool
	rowHidden []bool // the row's total is not published
	rows      []int64
}

// small reports whether n people are too few to be printed.
func small(n int64) bool { return n > 0 && n < MinCell }

func newSuppression(t Table) *suppression {
	s := &suppression{Table: t, rowHidden: make([]bool, len(t.Rows)), rows: make([]int64, len(t.Rows))}
	for i, row := range t.N {
		s.hidden = append(s.hidden, make([]bool, len(row)))
		for j, n := range row {
			s.rows[i] += n
			s.hidden[i][j] = small(n)
		}
	}
	for i, n := range s.rows {
		if small(n) {
			s.rowHidden[i], s.ColTotals = true, false
			s.hideRow(i)
		}
	}
	for j := range t.Cols {
		if small(s.column(j)) {
			s.ColTotals = false
		}
	}
	return s
}

func (s *suppression) hideRow(i int) {
	for j := range s.hidden[i] {
		s.hidden[i][j] = true
	}
}

func (s *suppression) column(j int) (n int64) {
	for i := range s.N {
		n += s.N[i][j]
	}
	return n
}

// exposed returns a hidden number that what is printed pins down too closely.
func (s *suppression) exposed() (i, j int, exposed bool) {
	for i := range s.hidden {
		if s.rowHidden[i] {
			continue
		}
		for j, hidden := range s.hidden[i] {
			if hidden && s.width(i, j) < MinCell {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// cover hides more, so that the number at i, j is no longer exposed: where only
// row totals are printed, the smallest number of its row; with column totals the
// corners of a rectangle that lose the least; and the whole row with its total
// where neither is left.
func (s *suppression) cover(i, j int) {
	if s.ColTotals && s.coverCircle(i, j) {
		return
	}
	if best := s.smallestInRow(i); best >= 0 && !s.ColTotals {
		s.hidden[i][best] = true
		return
	}
	s.rowHidden[i], s.ColTotals = true, false
	s.hideRow(i)
}

// coverCircle hides the other corners of the cheapest rectangle with a corner at
// i, j that makes its number safe, and reports whether there is one.
func (s *suppression) coverCircle(i, j int) bool {
	row, col, least := -1, -1, int64(0)
	for k := range s.N {
		for l := range s.N[k] {
			if k == i || l == j {
				continue
			}
			cost, safe := s.tryCircle(i, j, k, l)
			if safe && (row < 0 || cost < least) {
				row, col, least = k, l, cost
			}
		}
	}
	if row < 0 {
		return false
	}
	s.hidden[row][col], s.hidden[i][col], s.hidden[row][j] = true, true, true
	return true
}

// tryCircle returns how many people are hidden more by hiding the rectangle of
// i, j and k, l, and whether the number at i, j is safe then.
func (s *suppression) tryCircle(i, j, k, l int) (cost int64, safe bool) {
	var hid [][2]int
	for _, at := range [][2]int{{k, l}, {i, l}, {k, j}} {
		if !s.hidden[at[0]][at[1]] {
			s.hidden[at[0]][at[1]] = true
			cost += s.N[at[0]][at[1]]
			hid = append(hid, at)
		}
	}
	safe = s.width(i, j) >= MinCell
	for _, at := range hid {
		s.hidden[at[0]][at[1]] = false
	}
	return cost, safe
}

// smallestInRow returns the column of the smallest printed number of row i, a
// zero after all others since it hides little, or -1.
func (s *suppression) smallestInRow(i int) int {
	best := -1
	for j, n := range s.N[i] {
		if !s.hidden[i][j] && (best < 0 || less(n, s.N[i][best])) {
			best = j
		}
	}
	return best
}

// less orders numbers by how little is lost when they are hidden.
func less(a, b int64) bool {
	if (a == 0) != (b == 0) {
		return b == 0
	}
	return a < b
}

// width returns how far apart the values are that the hidden number at i, j may
// take, up to [MinCell]: one unit at a time is moved to it, and from it, around a
// circle of hidden numbers that leaves every printed total as it is.
func (s *suppression) width(i, j int) (width int64) {
	for _, up := range []bool{true, false} {
		n := s.copyHidden()
		for width < MinCell && s.move(n, i, j, up) {
			width++
		}
	}
	return width
}

func (s *suppression) copyHidden() [][]int64 {
	n := make([][]int64, len(s.N))
	for i := range n {
		n[i] = slices.Clone(s.N[i])
	}
	return n
}

// move adds one to the number at i, j, or takes one from it, and mends the totals
// with other hidden numbers. It reports false, and changes nothing, when that
// cannot be done.
func (s *suppression) move(n [][]int64, i, j int, up bool) bool {
	if !up && n[i][j] == 0 {
		return false
	}
	w := walk{s: s, n: n, seenRow: make([]bool, len(s.Rows)), seenCol: make([]bool, len(s.Cols)), i: i, j: j}
	w.seenCol[j] = true
	path, ok := w.fromCol(j, up)
	if !ok {
		return false
	}
	step := int64(1)
	if !up {
		step = -1
	}
	n[i][j] += step
	for _, c := range path {
		n[c.i][c.j] += c.step
	}
	return true
}

// walk looks for the circle of a move.
type walk struct {
	s                *suppression
	n                [][]int64
	seenRow, seenCol []bool
	i, j             int // where the circle begins and ends
}

type change struct {
	i, j int
	step int64
}

// fromCol mends column j, which has one too many where over says so, else one too
// few, and goes on with the row that this upsets, until it is row w.i.
func (w *walk) fromCol(j int, over bool) ([]change, bool) {
	if !w.s.ColTotals { // nobody knows what a column adds up to
		return w.inRow(w.i, over)
	}
	for i := range w.n {
		if !w.s.hidden[i][j] || w.seenRow[i] || i == w.i && j == w.j || over && w.n[i][j] == 0 {
			continue
		}
		c := change{i, j, 1}
		if over {
			c.step = -1
		}
		if i == w.i { // its row has now one more and one less
			return []change{c}, true
		}
		if w.s.rowHidden[i] {
			return nil, false // cannot be: with column totals no row is hidden whole
		}
		w.seenRow[i] = true
		if rest, ok := w.fromRow(i, !over); ok {
			return append(rest, c), true
		}
	}
	return nil, false
}

// fromRow mends row i, and goes on with the column that this upsets.
func (w *walk) fromRow(i int, over bool) ([]change, bool) {
	for j := range w.n[i] {
		if !w.s.hidden[i][j] || w.seenCol[j] || over && w.n[i][j] == 0 {
			continue
		}
		c := change{i, j, 1}
		if over {
			c.step = -1
		}
		w.seenCol[j] = true
		if rest, ok := w.fromCol(j, !over); ok {
			return append(rest, c), true
		}
	}
	return nil, false
}

// inRow mends row i within itself.
func (w *walk) inRow(i int, over bool) ([]change, bool) {
	for j := range w.n[i] {
		if j == w.j || !w.s.hidden[i][j] || over && w.n[i][j] == 0 {
			continue
		}
		step := int64(1)
		if over {
			step = -1
		}
		return []change{{i, j, step}}, true
	}
	return nil, false
}

// table returns what may be published.
func (s *suppression) table() SafeTable {
	t := SafeTable{Rows: slices.Clone(s.Rows), Cols: slices.Clone(s.Cols)}
	whole := !slices.Contains(s.rowHidden, true)
	total := int64(0)
	for i, row := range s.N {
		cells := make([]Cell, len(row))
		for j, n := range row {
			cells[j] = cellOf(n, s.hidden[i][j])
		}
		t.Cells = append(t.Cells, cells)
		t.RowTotals = append(t.RowTotals, cellOf(s.rows[i], s.rowHidden[i]))
		total += s.rows[i]
	}
	t.Total = cellOf(total, !whole)
	if s.ColTotals {
		for j := range s.Cols {
			t.ColTotals = append(t.ColTotals, cellOf(s.column(j), false))
		}
	}
	return t
}

func cellOf(n int64, hidden bool) Cell {
	if hidden {
		return Cell{Hidden: true}
	}
	return Cell{N: n}
}
