package attach

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// table lets the cells of a table through the gate, one by one, and returns them
// as they may be written. A cell is also read behind the short label to its left
// and the one at the top of its column, because 姓名 in one cell says what the next
// one holds. place is where the table is: "sheet 1" or "".
func (j *job) table(place string, rows [][]string) ([][]string, error) {
	var heads []string
	headRow := 0
	out := make([][]string, len(rows))
	for i, row := range rows {
		if heads == nil && filled(row) > 1 {
			heads, headRow = row, i
		}
		out[i] = make([]string, len(row))
		boxes := boxed(row)
		for k, cell := range row {
			at := strings.TrimSpace(fmt.Sprintf("%s row %d column %d", place, i+1, k+1))
			label := ""
			if k > 0 && isLabel(row[k-1]) {
				label = row[k-1]
			}
			head := ""
			if k < len(heads) && i > headRow && isLabel(heads[k]) {
				head = heads[k]
			}
			masked, err := j.cell(at, cell, head, label)
			if err != nil {
				return nil, err
			}
			out[i][k] = masked
		}
		for _, b := range boxes {
			if err := j.box(fmt.Sprintf("%s row %d", place, i+1), out[i][b[0]:b[1]]); err != nil {
				return nil, err
			}
		}
		j.say(strings.TrimRight(strings.Join(out[i], " | "), " |"))
	}
	return out, nil
}

// cell lets one cell through the gate, by itself and behind labels.
func (j *job) cell(place, cell string, labels ...string) (string, error) {
	masked, err := j.lines(func(int) string { return place }, strings.Split(cell, "\n"))
	if err != nil {
		return "", err
	}
	value := strings.Join(masked, "\n")
	if strings.Contains(value, "\n") || utf8.RuneCountInString(value) > 200 {
		return value, nil // sentences say what they are about
	}
	for _, label := range labels {
		if label == "" || value == "" {
			continue
		}
		lead := strings.TrimRight(strings.TrimSpace(label), ":：") + "："
		c, err := j.check(lead + value)
		if err != nil {
			return "", err
		}
		within := func(f Finding) bool { return f.End > len(lead) }
		found := false
		for _, f := range c.Findings {
			if within(f) {
				found = true
				f.Start, f.End = max(f.Start-len(lead), 0), f.End-len(lead)
				j.find(place, []Finding{f})
			}
		}
		if !found {
			continue
		}
		if rest, ok := strings.CutPrefix(c.Masked, lead); ok && len(c.Held) == 0 {
			value = rest
			continue
		}
		j.held = append(j.held, c.Held...)
		value = starred(lead+value, c.Findings, within)[len(lead):]
	}
	return value, nil
}

// filled returns how many cells of a row are not empty.
func filled(row []string) int {
	n := 0
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// isLabel reports whether a cell is a short label such as 联系电话 and not a
// value.
func isLabel(cell string) bool {
	cell = strings.TrimSpace(cell)
	if cell == "" || len(cell) > 48 {
		return false
	}
	for _, r := range cell {
		if unicode.IsDigit(r) || !unicode.IsLetter(r) && !unicode.IsSpace(r) && !strings.ContainsRune(":：()（）/、.", r) {
			return false
		}
	}
	return true
}

// boxed returns the runs of cells in a row that hold one letter or digit each,
// as forms have them for numbers of identity cards.
func boxed(row []string) [][2]int {
	var out [][2]int
	from := 0
	for i := 0; i <= len(row); i++ {
		if i < len(row) {
			s := strings.TrimSpace(row[i])
			r, n := utf8.DecodeRuneInString(s)
			if n > 0 && n == len(s) && (unicode.IsDigit(r) || r < 0x80 && unicode.IsLetter(r)) {
				continue
			}
		}
		if i-from >= 6 {
			out = append(out, [2]int{from, i})
		}
		from = i + 1
	}
	return out
}

// box lets cells of one letter each through the gate as one text, and covers all
// of them when it finds something.
func (j *job) box(place string, cells []string) error {
	text := strings.Join(cells, "")
	c, err := j.check(text)
	if err != nil {
		return err
	}
	if len(c.Findings) == 0 && len(c.Held) == 0 {
		return nil
	}
	j.find(strings.TrimSpace(place), c.Findings)
	j.held = append(j.held, c.Held...)
	for i := range cells {
		cells[i] = "*"
	}
	return nil
}

// neutral returns a cell that no spreadsheet takes for a formula: one that starts
// with a sign of formulas, also after spaces, invisible characters or in its full
// width, gets a ' before it. Plain negative numbers stay numbers.
func neutral(cell string) string {
	rest := strings.TrimLeftFunc(cell, func(r rune) bool {
		return r != '\t' && r != '\r' && r != 0 && (unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
	})
	r, _ := utf8.DecodeRuneInString(rest)
	switch r {
	case '-', '−', '－', '﹣':
		if r == '-' && plainNumber(rest[1:]) && rest == cell {
			return cell
		}
	case '=', '+', '@', '\t', '\r', 0, '＝', '＋', '＠', '﹦', '﹢', '﹫':
	default:
		return cell
	}
	return "'" + cell
}

// plainNumber reports whether s is digits with at most one point between them.
func plainNumber(s string) bool {
	whole, part, point := strings.Cut(s, ".")
	digits := func(s string) bool {
		return s != "" && strings.Trim(s, "0123456789") == ""
	}
	return digits(whole) && (!point || digits(part))
}
