package attach

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// table lets the cells of a table through the gate, one by one, and returns them
// as they may be written. A cell is also read behind the labels that say what it
// holds, as 姓名 does: the nearest cell to its left, the head of its column, and the
// last cell above that announces something personal, since heads may have two
// rows, and a sheet two tables. place is where the table is: "sheet 1" or "".
func (j *job) table(place string, rows [][]string) ([][]string, error) {
	var heads []string
	headRow := 0
	var above []string // by column
	out := make([][]string, len(rows))
	for i, row := range rows {
		if heads == nil && filled(row) > 1 {
			heads, headRow = row, i
		}
		above = append(above, make([]string, max(len(row)-len(above), 0))...)
		out[i] = make([]string, len(row))
		boxes := boxed(row)
		left := ""
		for k, cell := range row {
			at := strings.TrimSpace(fmt.Sprintf("%s row %d column %d", place, i+1, k+1))
			var labels []string
			add := func(label string) {
				if label != "" && !slices.Contains(labels, label) {
					labels = append(labels, label)
				}
			}
			if k < len(heads) && i > headRow && isLabel(heads[k]) {
				add(heads[k])
			}
			add(above[k])
			if isLabel(left) || announces(left) {
				add(left)
			}
			masked, err := j.cell(at, cell, labels)
			if err != nil {
				return nil, err
			}
			out[i][k] = masked
			if strings.TrimSpace(cell) != "" {
				left = cell
			}
			if announces(cell) {
				above[k] = cell
			}
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
func (j *job) cell(place, cell string, labels []string) (string, error) {
	lines := strings.Split(cell, "\n")
	var err error
	if len(lines) > 1 {
		// Before they are read together: two names in two lines may look like one.
		if lines, err = j.labelled(place, lines, labels); err != nil {
			return "", err
		}
	}
	if lines, err = j.lines(func(int) string { return place }, lines); err != nil {
		return "", err
	}
	if len(lines) == 1 {
		if lines, err = j.labelled(place, lines, labels); err != nil {
			return "", err
		}
	}
	return strings.Join(lines, "\n"), nil
}

// labelled reads the lines of a cell behind labels.
func (j *job) labelled(place string, lines, labels []string) ([]string, error) {
	out := slices.Clone(lines)
	for i := range out {
		if utf8.RuneCountInString(out[i]) > 200 {
			continue // sentences say what they are about
		}
		for _, label := range labels {
			var err error
			if out[i], err = j.behind(place, label, out[i]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// behind reads one line behind a label.
func (j *job) behind(place, label, value string) (string, error) {
	label = strings.Trim(strings.Join(strings.Fields(label), " "), " *＊:：")
	if label == "" || strings.TrimSpace(value) == "" {
		return value, nil
	}
	lead := label + "："
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
		return value, nil
	}
	if rest, ok := strings.CutPrefix(c.Masked, lead); ok && len(c.Held) == 0 {
		return rest, nil
	}
	j.held = append(j.held, c.Held...)
	return starred(lead+value, c.Findings, within)[len(lead):], nil
}

// announcing are words of labels that say that something personal follows.
var announcing = []string{
	"姓名", "名字", "名单", "户主", "业主", "户名", "电话", "手机", "号码", "身份证", "证件", "证号", "住址", "地址", "住所", "住处", "门牌", "房号",
	"出生", "生日", "账号", "帐号", "卡号", "车牌", "微信", "邮箱", "签名", "签字", "署名", "亲属", "家属", "配偶", "子女", "父亲", "母亲", "监护",
	"代表", "联系方式", "联络",
}

// announces reports whether a cell is a label that says that something personal
// follows, such as *联系电话 or 信访人.
func announces(cell string) bool {
	cell = strings.Trim(cell, " \t\n\u3000*＊:：")
	if cell == "" || len(cell) > 48 {
		return false
	}
	digits := 0
	for _, r := range cell {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	plain := strings.Join(strings.Fields(cell), "")
	return digits <= 1 && (strings.HasSuffix(plain, "人") || slices.ContainsFunc(announcing, func(w string) bool { return strings.Contains(plain, w) }))
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

// wholeNumber writes a long number without its exponent: spreadsheets show so what
// was typed as digits, of an identity card or a bank account, and the gate reads
// digits only.
func wholeNumber(cell string) string {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(cell), "E+")
	whole, part, _ := strings.Cut(mantissa, ".")
	n, err := strconv.Atoi(exponent)
	if !ok || err != nil || !plainNumber(strings.TrimPrefix(mantissa, "-")) || len(whole)+len(part) < 10 || n > 40 || n < len(part) {
		return cell
	}
	return whole + part + strings.Repeat("0", n-len(part))
}
