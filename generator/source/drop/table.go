package drop

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// rowFunc takes a row of a table: the sheet, the number of the row, its cells
// and what is wrong with some of them. The slice of cells is used again.
type rowFunc func(sheet string, row int, cells []string, bad map[int]string) error

// headRows is how far down the names of the columns are looked for.
const headRows = 30

// tableReader finds the header of each sheet and hands over the rows below it.
type tableReader struct {
	plan    *source.Plan
	file    string
	strict  bool // separated text: cells stand by their order alone, so their number counts
	yield   func(b *source.Binding, r *source.Row) error
	note    func(source.Rejected)
	row     source.Row  // what all rows share
	unended func() bool // the row just read has no line ending

	sheet   string
	begun   bool
	waiting []waitingRow // rows before the header is known
	bound   *source.Binding
	header  []string
	width   int

	sheets int  // with a header
	rows   int  // that hold anything, in all sheets
	widest int  // most filled cells in a row
	empty  bool // one of the first rows says that there are no rows
}

type waitingRow struct {
	n     int
	cells []string
	bad   map[int]string
}

// add takes the next row.
func (t *tableReader) add(sheet string, n int, cells []string, bad map[int]string) error {
	if !t.begun || sheet != t.sheet {
		if err := t.endSheet(); err != nil {
			return err
		}
		t.begun, t.sheet = true, sheet
	}
	filled := filledCells(cells)
	if filled > 0 {
		t.rows++
		t.widest = max(t.widest, filled)
		t.empty = t.empty || t.rows <= 3 && slices.ContainsFunc(cells, saysEmpty)
	}
	if t.bound != nil {
		return t.data(n, cells, bad)
	}
	t.waiting = append(t.waiting, waitingRow{n, slices.Clone(cells), bad})
	if n < t.headLimit() && len(t.waiting) < t.headLimit() {
		return nil
	}
	return t.findHeader()
}

func (t *tableReader) headLimit() int {
	if _, last, ok := source.HeaderRows(t.plan.Header); ok {
		return max(headRows, last)
	}
	return headRows
}

// endSheet reads what is still waiting of the sheet that has ended.
func (t *tableReader) endSheet() error {
	var err error
	if t.begun && t.bound == nil {
		err = t.findHeader()
	}
	t.begun, t.bound, t.waiting, t.header = false, nil, nil, nil
	return err
}

// findHeader looks for the header among the waiting rows and reads the rest of
// them. A sheet without one is passed over.
func (t *tableReader) findHeader() error {
	skip, header := t.chooseHeader()
	if header == nil {
		t.waiting = t.waiting[:0]
		return nil
	}
	t.bound = t.plan.Bind(header)
	if name := t.bound.Lacks(); name != "" {
		return fault.New(fmt.Sprintf("%s: there is no column %s, which the mapping requires", t.place(), name),
			"export with that column, or correct the mapping")
	}
	t.sheets++
	t.width, t.header = len(header), nil
	for t.width > 0 && header[t.width-1][0] == "" {
		t.width--
	}
	for _, names := range header {
		t.header = append(t.header, source.FoldHeader(names[len(names)-1]))
	}
	rest := t.waiting[skip:]
	t.waiting = nil
	for _, w := range rest {
		if err := t.data(w.n, w.cells, w.bad); err != nil {
			return err
		}
	}
	return nil
}

func (t *tableReader) place() string {
	if t.sheet == "" {
		return t.file
	}
	return t.file + ", sheet " + t.sheet
}

// chooseHeader returns the names of the columns and how many of the waiting
// rows end with the header, or nil when there is none.
func (t *tableReader) chooseHeader() (int, source.Header) {
	switch h := t.plan.Header; h {
	case "none":
		width := 0
		for _, w := range t.waiting {
			width = max(width, len(w.cells))
		}
		header := make(source.Header, width)
		for i := range header {
			header[i] = []string{fmt.Sprint(i + 1)}
		}
		return 0, header
	case "", "auto":
		best, bestSkip, bestScore := source.Header(nil), 0, 0
		for i := range t.waiting {
			for span := 1; span <= 3 && i+span <= len(t.waiting); span++ {
				h := joinHeader(t.waiting[i : i+span])
				if score, key := t.plan.Bind(h).Score(); key && score > bestScore {
					best, bestSkip, bestScore = h, i+span, score
				}
			}
		}
		return bestSkip, best
	default:
		first, last, _ := source.HeaderRows(h)
		var rows []waitingRow
		skip := 0
		for i, w := range t.waiting {
			if w.n >= first && w.n <= last {
				rows = append(rows, w)
			}
			if w.n <= last {
				skip = i + 1
			}
		}
		if rows == nil {
			return 0, nil
		}
		return skip, joinHeader(rows)
	}
}

// joinHeader makes the names of the columns from one or more rows. A name of an
// upper row counts for the columns to its right too, up to the next: that is how
// merged cells look in an export. A column may be called by its last name, or by
// all of them with / between.
func joinHeader(rows []waitingRow) source.Header {
	width := 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	header := make(source.Header, width)
	last := len(rows) - 1
	group := make([]string, len(rows))
	for c := range header {
		var parts []string
		below := false
		for i := last; i >= 0; i-- {
			name := ""
			if c < len(rows[i].cells) {
				name = strings.TrimSpace(rows[i].cells[c])
			}
			if name != "" {
				group[i] = name
			} else if i < last && below {
				name = group[i]
			}
			if name == "" {
				continue
			}
			below = true
			if len(parts) == 0 || parts[0] != name {
				parts = append([]string{name}, parts...)
			}
		}
		switch len(parts) {
		case 0:
			header[c] = []string{""}
		case 1:
			header[c] = parts
		default:
			header[c] = []string{strings.Join(parts, "/"), parts[len(parts)-1]}
		}
	}
	return header
}

// data hands over one row below the header, unless it is no row of data.
func (t *tableReader) data(n int, cells []string, bad map[int]string) error {
	if filledCells(cells) == 0 && bad == nil || t.footer(cells) || t.saysNothing(cells) || t.repeatedHeader(cells) {
		return nil
	}
	r := t.row
	r.Where = source.Where{File: t.file, Sheet: t.sheet, Row: n}
	r.Cells, r.Bad = cells, bad
	if t.strict {
		if len(cells) > t.width && filledCells(cells[t.width:]) > 0 {
			t.note(source.Reject(r.Where, "", source.CodeTooManyCells, false))
			return nil
		}
		if len(cells) < t.width {
			if t.unended != nil && t.unended() {
				return errShort
			}
			r.Short = true
			t.note(source.Reject(r.Where, "", source.CodeShortRow, true))
		}
	}
	return t.yield(t.bound, &r)
}

// repeatedHeader reports whether the row is the header once more, as printed
// lists have it on every page.
func (t *tableReader) repeatedHeader(cells []string) bool {
	same := 0
	for i, h := range t.header {
		if h == "" {
			continue
		}
		if i >= len(cells) || len(cells[i]) > 200 || source.FoldHeader(cells[i]) != h {
			return false
		}
		same++
	}
	return same > 0
}

// footers open the lines below a table.
var footers = []string{"合计", "总计", "小计", "共计", "制表", "填表", "审核", "审批", "复核人", "单位负责人", "负责人:", "打印时间", "打印日期",
	"导出时间", "导出日期", "统计时间", "统计截止", "截至", "注:", "注1", "备注:", "说明:", "数据来源", "total", "subtotal", "note:", "notes:", "source:", "printed"}

// footer reports whether the row is a closing line: its first filled cell opens
// like one, and few cells are filled.
func (t *tableReader) footer(cells []string) bool {
	first := ""
	for _, c := range cells {
		if !isBlank(c) {
			first = c[:min(len(c), 100)]
			break
		}
	}
	first = source.Fold(strings.ToValidUTF8(first, ""))
	opens := func(word string) bool { return strings.HasPrefix(first, word) }
	if !slices.ContainsFunc(footers, opens) && !slices.ContainsFunc(t.plan.FooterWords(), opens) {
		return false
	}
	filled, last := 0, ""
	for _, c := range cells {
		if c != last && !isBlank(c) { // a merged cell counts once
			filled++
		}
		last = c
	}
	return len(t.header) <= 2 || filled*2 <= len(t.header)+1
}

// nothing are the words in which an export says that it is empty.
var nothing = []string{"暂无", "没有", "无新增", "无新数据", "无数据", "无记录", "无信件", "无来信", "无诉求", "无投诉", "无工单", "无符合", "无更新", "未查询到", "未产生", "零报告", "空报",
	"nodata", "nonew", "norecord", "nocase", "norow", "noresult", "nothing"} // as source.Fold leaves them

// saysNothing reports whether the row is one sentence, from its first cell on,
// which says that there are no rows. A number alone, as in a list of withdrawn
// cases, is none.
func (t *tableReader) saysNothing(cells []string) bool {
	if len(cells) == 0 || isBlank(cells[0]) {
		return false
	}
	text := ""
	for _, c := range cells {
		switch {
		case isBlank(c) || c == text: // a merged cell counts once
		case text != "" || len(c) > 300:
			return false
		default:
			text = c
		}
	}
	return len(t.header) > 1 && saysEmpty(text)
}

// saysEmpty reports whether a text says that there are no rows.
func saysEmpty(text string) bool {
	if len(text) > 300 {
		return false
	}
	folded := source.Fold(text)
	return slices.ContainsFunc(nothing, func(words string) bool { return strings.Contains(folded, words) })
}

func filledCells(cells []string) int {
	n := 0
	for _, c := range cells {
		if !isBlank(c) {
			n++
		}
	}
	return n
}

// isBlank reports whether a cell holds nothing but white space.
func isBlank(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// end reads what is still waiting and says what is wrong with the file as a
// whole. A file that holds a line or two of prose and no known column, and says
// that there is nothing new, has no rows and is no error. One that says something
// else is: the message of a failed export must not move the cut-off.
func (t *tableReader) end() error {
	if err := t.endSheet(); err != nil || t.sheets > 0 {
		return err
	}
	if t.rows > 0 && t.rows <= 3 && t.widest <= 2 {
		if t.empty {
			return nil
		}
		return fault.New(t.file+": the file holds a line or two that are no table and do not say that there is nothing new",
			"open it: it may be the message of an export that failed; then export it again")
	}
	if t.rows == 0 {
		return fault.New(t.file+": there is nothing in the file", "export it again")
	}
	return fault.New(fmt.Sprintf("%s: no row names the column of the number (%s)", t.file, strings.Join(t.plan.Names(), ", ")),
		"look at the file with huiyin map, and add its name for the column to key: in the mapping, or state header:")
}
