package gate_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/gate"
)

// show writes a table as it is printed: * is a hidden number.
func show(t gate.SafeTable) (lines [][]int64) {
	line := func(cells ...gate.Cell) (l []int64) {
		for _, c := range cells {
			if c.Hidden {
				l = append(l, -1)
				continue
			}
			l = append(l, c.N)
		}
		return l
	}
	for i, row := range t.Cells {
		lines = append(lines, line(append(append([]gate.Cell{}, row...), t.RowTotals[i])...))
	}
	return append(lines, line(append(append([]gate.Cell{}, t.ColTotals...), t.Total)...))
}

const x = -1

func TestSuppress(t *testing.T) {
	for _, test := range []struct {
		name      string
		n         [][]int64
		colTotals bool
		want      [][]int64 // rows with their totals, then column totals and the total
	}{
		{"nothing is small", [][]int64{{10, 0, 5}}, false, [][]int64{{10, 0, 5, 15}, {15}}},
		{"one small number takes the next smallest with it", [][]int64{{40, 3, 12, 7}}, false, [][]int64{{40, x, 12, x, 62}, {62}}},
		{"two small numbers cover each other only when their sum leaves room", [][]int64{{40, 2, 1, 9}}, false, [][]int64{{40, x, x, x, 52}, {52}}},
		{"two small numbers whose sum leaves room", [][]int64{{40, 3, 4, 9}}, false, [][]int64{{40, x, x, 9, 56}, {56}}},
		{"a small total hides the row", [][]int64{{2, 1, 0}}, false, [][]int64{{x, x, x, x}, {x}}},
		{"nothing is left to cover", [][]int64{{0, 0, 4}}, false, [][]int64{{x, x, x, x}, {x}}},
		{"column totals ask for a circle", [][]int64{{3, 20, 30}, {10, 8, 50}, {40, 60, 70}}, true, [][]int64{{x, x, 30, 53}, {x, x, 50, 68}, {40, 60, 70, 170}, {53, 88, 150, 291}}},
		{"a small column total is not printed", [][]int64{{3, 20}, {1, 30}}, true, [][]int64{{x, x, 23}, {x, x, 31}, {54}}},
	} {
		table := gate.Table{Rows: make([]string, len(test.n)), Cols: make([]string, len(test.n[0])), N: test.n, ColTotals: test.colTotals}
		safe, err := gate.Suppress(table)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(test.want, show(safe)); d != "" {
			t.Errorf("%s: -want +got\n%s", test.name, d)
		}
	}
}

func TestSuppressRefuses(t *testing.T) {
	for _, n := range [][][]int64{nil, {{}}, {{1, 2}, {3}}, {{-1, 2}}} {
		cols := 0
		if len(n) > 0 {
			cols = len(n[0])
		}
		if _, err := gate.Suppress(gate.Table{Rows: make([]string, len(n)), Cols: make([]string, cols), N: n}); err == nil {
			t.Errorf("%v is taken for a table", n)
		}
	}
}

func TestShare(t *testing.T) {
	for _, test := range []struct {
		part, all gate.Cell
		percent   int64
		known     bool
	}{
		{gate.Cell{N: 1}, gate.Cell{N: 200}, 1, true}, // 0.5 is rounded up
		{gate.Cell{N: 5}, gate.Cell{N: 10}, 50, true},
		{gate.Cell{N: 5}, gate.Cell{N: 9}, 0, false},
		{gate.Cell{Hidden: true}, gate.Cell{N: 100}, 0, false},
		{gate.Cell{N: 5}, gate.Cell{Hidden: true}, 0, false},
	} {
		if percent, known := test.part.Share(test.all); percent != test.percent || known != test.known {
			t.Errorf("%v of %v: %d %v", test.part, test.all, percent, known)
		}
	}
}

// TestNobodyWorksItOut makes every table that agrees with what is printed of a
// small one, and looks how far apart the values of each hidden number lie.
func TestNobodyWorksItOut(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	hidden := 0
	for range 400 {
		table := gate.Table{Rows: make([]string, 1+r.IntN(2)), Cols: make([]string, 2+r.IntN(2)), ColTotals: r.IntN(2) == 0}
		for range table.Rows {
			row := make([]int64, len(table.Cols))
			for j := range row {
				row[j] = r.Int64N(9)
			}
			table.N = append(table.N, row)
		}
		safe, err := gate.Suppress(table)
		if err != nil {
			t.Fatal(err)
		}
		low, high := ranges(safe)
		for i, row := range safe.Cells {
			for j, c := range row {
				if n := table.N[i][j]; !c.Hidden && n > 0 && n < gate.MinCell {
					t.Fatalf("%v: %d is printed", table.N, n)
				}
				if !c.Hidden || safe.RowTotals[i].Hidden {
					continue
				}
				if hidden++; high[i][j]-low[i][j] < gate.MinCell {
					t.Fatalf("%v: the number at %d, %d is known to lie from %d to %d", table.N, i, j, low[i][j], high[i][j])
				}
			}
		}
	}
	if hidden < 100 {
		t.Errorf("only %d hidden numbers were looked at", hidden)
	}
}

// ranges returns the least and the greatest value of each cell over all tables
// of whole numbers that agree with what is printed.
func ranges(t gate.SafeTable) (low, high [][]int64) {
	n := make([][]int64, len(t.Rows))
	for i := range n {
		n[i] = make([]int64, len(t.Cols))
		low, high = append(low, make([]int64, len(t.Cols))), append(high, make([]int64, len(t.Cols)))
		for j := range low[i] {
			low[i][j] = 1 << 40
		}
	}
	var fill func(at int)
	fill = func(at int) {
		i, j := at/len(t.Cols), at%len(t.Cols)
		if j == 0 && i > 0 && !t.RowTotals[i-1].Hidden && sum(n[i-1]) != t.RowTotals[i-1].N {
			return
		}
		if i == len(n) {
			for j := range t.ColTotals {
				column := int64(0)
				for i := range n {
					column += n[i][j]
				}
				if column != t.ColTotals[j].N {
					return
				}
			}
			for i := range n {
				for j, v := range n[i] {
					low[i][j], high[i][j] = min(low[i][j], v), max(high[i][j], v)
				}
			}
			return
		}
		if c := t.Cells[i][j]; !c.Hidden {
			n[i][j] = c.N
			fill(at + 1)
			return
		}
		top := int64(0) // of a row without a total nobody asks
		if !t.RowTotals[i].Hidden {
			top = t.RowTotals[i].N
		}
		for n[i][j] = 0; n[i][j] <= top; n[i][j]++ {
			fill(at + 1)
		}
	}
	fill(0)
	return low, high
}

func sum(row []int64) (total int64) {
	for _, v := range row {
		total += v
	}
	return total
}
