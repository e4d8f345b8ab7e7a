package attach

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// csv rebuilds a table of comma-separated values as UTF-8, with the mark by which
// spreadsheet programs know it.
func (j *job) csv(body []byte) ([]byte, error) {
	text, err := plainText(body)
	if err != nil {
		return nil, err
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	comma := separator(text)
	// Counted before they are read: each cell costs far more than its comma.
	if strings.Count(text, string(comma))+strings.Count(text, "\n") > 4*j.opts.Limits.Cells {
		return nil, refusal("too-many-cells")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	r.ReuseRecord = true
	var rows [][]string
	cells := 0
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, refusal("damaged-table")
		}
		if cells += len(row); cells > j.opts.Limits.Cells {
			return nil, refusal("too-many-cells")
		}
		for i := range row {
			row[i] = wholeNumber(unquoted(row[i]))
		}
		rows = append(rows, append([]string(nil), row...))
	}
	if rows, err = j.table("", rows); err != nil || j.refused {
		return nil, err
	}
	for _, f := range foreign {
		// Quotes and masks may have stood before what is no table.
		if f.text && len(rows) > 0 && strings.HasPrefix(rows[0][0], f.magic) {
			return nil, refusal(f.code)
		}
	}
	var b bytes.Buffer
	b.WriteString("\xef\xbb\xbf")
	for _, row := range rows {
		for i := range row {
			row[i] = neutral(row[i])
		}
		if len(row) == 1 && row[0] == "" {
			continue // an empty line, which no reader gives back
		}
		for i := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quoted(row[i]))
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// unquoted takes off the ' that neutral puts before a cell, so that what is
// behind it is read as what it is.
func unquoted(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && neutral(rest) != rest {
		return rest
	}
	return cell
}

// separators part cells where no comma does.
const separators = "\t;|；，"

// separator returns what parts the cells of a table: a comma, unless its first two
// lines have none and have something else as often as each other. What stands in
// quotes does not count.
func separator(text string) rune {
	var counts [2]map[rune]int
	line, quoted := 0, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == ',':
			return ','
		case r == '\n':
			line++
		case strings.ContainsRune(separators, r):
			if counts[line] == nil {
				counts[line] = map[rune]int{}
			}
			counts[line][r]++
		}
		if line == len(counts) {
			break
		}
	}
	_, rest, _ := strings.Cut(text, "\n")
	for _, r := range separators {
		if n := counts[0][r]; n > 0 && (rest == "" || counts[1][r] == n) {
			return r
		}
	}
	return ','
}

// quoted returns a cell as it stands between commas. What may part cells elsewhere
// stands in quotes, so that all programs see the same cells.
func quoted(cell string) string {
	first, _ := utf8.DecodeRuneInString(cell)
	if cell == "" || !strings.ContainsAny(cell, ",\"\r\n"+separators) && !unicode.IsSpace(first) && cell != `\.` {
		return cell
	}
	return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
}
