package attach

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// sheet is what is carried of one worksheet.
type sheet struct {
	name string
	rows [][]string
}

// xlsx rebuilds a workbook from the values of its visible cells.
func (j *job) xlsx(body []byte) ([]byte, error) {
	p, err := openParts(body, j.opts.Limits)
	if err != nil {
		return nil, err
	}
	j.notes(p)
	values, hidden, err := j.valuesOnly(p)
	if err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(values), excelize.Options{
		UnzipSizeLimit:    int64(2 * j.opts.Limits.Unpacked),
		UnzipXMLSizeLimit: int64(2 * j.opts.Limits.Unpacked), // nothing is written to disk
	})
	if err != nil {
		return nil, refusal("damaged-table")
	}
	defer f.Close()
	var sheets []sheet
	work := readWork{}
	for i, name := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			j.drop("hidden-sheets")
			continue
		}
		s, err := j.readSheet(f, name, hidden[i], &work)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, s)
	}
	if len(sheets) == 0 {
		return nil, refusal("nothing-visible")
	}
	for i := range sheets {
		place := "sheet " + strconv.Itoa(i+1)
		name, err := j.one(place+" name", sheets[i].name)
		if err != nil {
			return nil, err
		}
		if name != sheets[i].name || strings.ContainsAny(name, `:\/?*[]`) {
			name = "表" + strconv.Itoa(i+1)
		}
		sheets[i].name = name
		j.say(name)
		if sheets[i].rows, err = j.table(place, sheets[i].rows); err != nil {
			return nil, err
		}
	}
	return writeXLSX(sheets)
}

// notes says what an office file holds that is left behind.
func (j *job) notes(p *parts) {
	for _, n := range []struct{ folder, pattern, code string }{
		{"docProps/", "*", "properties"},
		{"customXml/", "*", "custom-data"},
		{"", "comments*.xml", "comments"}, {"", "threadedComment*.xml", "comments"}, {"", "people.xml", "comments"}, {"", "person*.xml", "comments"},
		{"xl/drawings/", "*.xml", "drawings"}, {"xl/charts/", "*.xml", "drawings"},
		{"xl/media/", "*", "pictures"}, {"word/media/", "*", "pictures"},
		{"xl/embeddings/", "*", "embedded-files"}, {"word/embeddings/", "*", "embedded-files"},
		{"xl/activeX/", "*", "embedded-files"}, {"word/activeX/", "*", "embedded-files"},
		{"xl/pivotCache/", "*.xml", "pivot-caches"}, {"xl/pivotTables/", "*.xml", "pivot-caches"},
		{"xl/externalLinks/", "*.xml", "external-links"}, {"", "connections.xml", "external-links"}, {"xl/queryTables/", "*.xml", "external-links"},
		{"", "thumbnail.*", "thumbnail"}, {"xl/printerSettings/", "*", "printer-settings"}, {"word/", "settings.xml", "settings"},
		{"_xmlsignatures/", "*", "signature"},
	} {
		if len(p.under(n.folder, n.pattern)) > 0 {
			j.drop(n.code)
			if n.code == "pictures" && !j.opts.PassPictures {
				// What is left may not say what the file says: a person must see that.
				j.hold("pictures-left-out")
			}
		}
	}
}

// maxMarkup bounds the elements of a workbook: each costs the reader far more
// memory than its bytes.
const maxMarkup = 4_000_000

// maxEscapes bounds the characters written as _x000D_: the reader takes a time for
// each that grows with its text.
const maxEscapes = 100_000

// maxRows bounds the rows of a workbook, with those that are not there: the reader
// counts up to the first one.
const maxRows = 5_000_000

// hiddenCells are what of a sheet is not shown.
type hiddenCells struct {
	columns      map[int]bool // from 0; false where one is shown in spite of the others
	rows         map[int]bool // from 1; likewise
	otherColumns bool         // those that are not in columns are hidden
	otherRows    bool         // likewise
}

// column reports whether a column, from 0, is hidden.
func (h hiddenCells) column(i int) bool {
	hidden, said := h.columns[i]
	return hidden || !said && h.otherColumns
}

// row reports whether a row, from 1, is hidden.
func (h hiddenCells) row(n int) bool {
	hidden, said := h.rows[n]
	return hidden || !said && h.otherRows
}

// valuesOnly packs the parts of a workbook that hold values, and nothing else,
// for the reader. hidden says for each sheet, in the order of the workbook, what of
// it is hidden.
func (j *job) valuesOnly(p *parts) (packed []byte, hidden []hiddenCells, err error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	markup, escapes := 0, 0
	read := func(name string) ([]byte, error) {
		data, err := p.read(name)
		if err != nil {
			return nil, err
		}
		if markup += bytes.Count(data, []byte("<")); markup > maxMarkup {
			return nil, refusal("too-many-cells")
		}
		if escapes += bytes.Count(data, []byte("_x")); escapes > maxEscapes {
			return nil, refusal("too-many-cells")
		}
		return data, nil
	}
	add := func(name string, data []byte) error {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return err
	}
	targets := map[string]string{} // relation to sheet
	var order []string
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml"} {
		if !p.has(name) {
			continue
		}
		data, err := read(name)
		if err != nil {
			return nil, nil, err
		}
		switch name {
		case "xl/workbook.xml":
			if order, err = sheetOrder(data); err != nil {
				return nil, nil, err
			}
			if bytes.Contains(data, []byte("definedName")) {
				j.drop("defined-names")
			}
		case "xl/_rels/workbook.xml.rels":
			if targets, err = relations(data); err != nil {
				return nil, nil, err
			}
		}
		if err := add(name, data); err != nil {
			return nil, nil, err
		}
	}
	seen := map[string]bool{}
	for _, id := range order {
		target := targets[id]
		if target == "" {
			return nil, nil, refusal("damaged-table")
		}
		name := path.Join("xl", target)
		if strings.HasPrefix(target, "/") {
			name = strings.TrimPrefix(target, "/")
		}
		if seen[name] {
			return nil, nil, refusal("damaged-table")
		}
		seen[name] = true
		data, err := read(name)
		if err != nil {
			return nil, nil, err
		}
		columns, err := j.scanSheet(data)
		if err != nil {
			return nil, nil, err
		}
		hidden = append(hidden, columns)
		if err := add(name, data); err != nil {
			return nil, nil, err
		}
	}
	if len(hidden) == 0 {
		return nil, nil, refusal("damaged-table")
	}
	if err := w.Close(); err != nil {
		return nil, nil, err
	}
	return b.Bytes(), hidden, nil
}

// attr returns an attribute by its local name.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// yes reads an attribute that says yes or no; one without a value says yes.
func yes(v string) bool { return v != "0" && v != "false" && v != "off" && v != "none" }

// each calls f for every start of an element, until it returns false.
func each(data []byte, f func(xml.StartElement) (bool, error)) error {
	dec := xml.NewDecoder(bytes.NewReader(data))
	for {
		t, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refusal("damaged-table")
		}
		if e, ok := t.(xml.StartElement); ok {
			if more, err := f(e); err != nil || !more {
				return err
			}
		}
	}
}

// sheetOrder returns the relations of the sheets of a workbook.
func sheetOrder(workbook []byte) (ids []string, err error) {
	err = each(workbook, func(e xml.StartElement) (bool, error) {
		if e.Name.Local == "sheet" {
			ids = append(ids, attrNS(e, "id"))
		}
		return true, nil
	})
	return ids, err
}

// attrNS returns an attribute that has a prefix, as r:id has.
func attrNS(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// relations returns the inner targets of a part by their identifiers.
func relations(data []byte) (map[string]string, error) {
	out := map[string]string{}
	return out, each(data, func(e xml.StartElement) (bool, error) {
		if e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" {
			out[attr(e, "Id")] = attr(e, "Target")
		}
		return true, nil
	})
}

// scanSheet returns what of a worksheet is hidden, and notes what else is left
// behind. Rows and cells must stand in their order: the reader would take a cell
// that goes back for one of another row or column.
func (j *job) scanSheet(data []byte) (hiddenCells, error) {
	h := hiddenCells{columns: map[int]bool{}, rows: map[int]bool{}}
	for _, n := range []struct{ mark, code string }{
		{"dataValidation", "data-validation"}, {"<f", "formulas"}, {"hyperlink", "links"}, {"headerFooter", "headers"},
	} {
		if bytes.Contains(data, []byte(n.mark)) {
			j.drop(n.code)
		}
	}
	row, column := 0, 0
	return h, each(data, func(e xml.StartElement) (bool, error) {
		switch e.Name.Local {
		case "sheetFormatPr": // the size of what states none
			width, err := strconv.ParseFloat(attr(e, "defaultColWidth"), 64)
			h.otherColumns = err == nil && width < 0.5
			height, err := strconv.ParseFloat(attr(e, "defaultRowHeight"), 64)
			h.otherRows = err == nil && height < 2
		case "col":
			lo, _ := strconv.Atoi(attr(e, "min"))
			hi, _ := strconv.Atoi(attr(e, "max"))
			if lo < 1 || hi < lo || hi > 16384 {
				return false, refusal("damaged-table")
			}
			width, err := strconv.ParseFloat(attr(e, "width"), 64)
			v := attr(e, "hidden")
			hides := v != "" && yes(v) || err == nil && width < 0.5
			if hides || err == nil {
				for c := lo; c <= hi; c++ {
					h.columns[c-1] = h.columns[c-1] || hides
				}
			}
		case "row":
			n := row + 1
			if v := attr(e, "r"); v != "" {
				n, _ = strconv.Atoi(v)
			}
			if n <= row {
				return false, refusal("damaged-table")
			}
			row, column = n, 0
			height, err := strconv.ParseFloat(attr(e, "ht"), 64)
			v := attr(e, "hidden")
			if hides := v != "" && yes(v) || err == nil && height < 2; hides || err == nil {
				h.rows[row] = hides
			}
		case "c":
			n := column + 1
			if v := attr(e, "r"); v != "" {
				n, _, _ = excelize.CellNameToCoordinates(v)
			}
			if n <= column {
				return false, refusal("damaged-table")
			}
			column = n
		}
		return true, nil
	})
}

// readWork counts what was read of a workbook.
type readWork struct{ cells, rows int }

// unescaped returns a value as a spreadsheet shows it: _x0031_ is the character
// with that number, and what decodes to one of these is one too.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	const size = len("_x0031_")
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		out = append(out, s[i])
		for len(out) >= size {
			tail := out[len(out)-size:]
			if tail[0] != '_' || tail[1] != 'x' || tail[size-1] != '_' {
				break
			}
			n, err := strconv.ParseUint(string(tail[2:size-1]), 16, 16)
			if err != nil {
				break
			}
			out = utf8.AppendRune(out[:len(out)-size], rune(n))
		}
	}
	return string(out)
}

// readSheet returns the visible values of a sheet.
func (j *job) readSheet(f *excelize.File, name string, hidden hiddenCells, work *readWork) (sheet, error) {
	s := sheet{name: name}
	rows, err := f.Rows(name)
	if err != nil {
		return s, refusal("damaged-table")
	}
	defer rows.Close()
	blank := 0
	for n := 1; rows.Next(); n++ {
		if work.rows++; work.rows > maxRows {
			return s, refusal("too-many-cells")
		}
		row, err := rows.Columns()
		if err != nil {
			return s, refusal("damaged-table")
		}
		if work.cells += len(row); work.cells > j.opts.Limits.Cells {
			return s, refusal("too-many-cells")
		}
		if hidden.row(n) {
			if filled(row) > 0 {
				j.drop("hidden-rows")
			}
			continue
		}
		kept := make([]string, 0, len(row))
		for i, c := range row {
			if hidden.column(i) {
				if c != "" {
					j.drop("hidden-columns")
				}
				continue
			}
			kept = append(kept, wholeNumber(unquoted(unescaped(c))))
		}
		for len(kept) > 0 && strings.TrimSpace(kept[len(kept)-1]) == "" {
			kept = kept[:len(kept)-1]
		}
		// One empty row parts two tables; more say nothing.
		if len(kept) == 0 {
			blank++
			continue
		}
		if blank > 0 && len(s.rows) > 0 {
			s.rows = append(s.rows, nil)
		}
		blank = 0
		s.rows = append(s.rows, kept)
	}
	if rows.Error() != nil {
		return s, refusal("damaged-table")
	}
	return s, nil
}

// xmlText returns s as text of an element.
func xmlText(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// writeXLSX writes a workbook of values: no styles but the default one, no
// properties, nothing else.
func writeXLSX(sheets []sheet) ([]byte, error) {
	var types, book, rels strings.Builder
	types.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>`)
	book.WriteString(xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`)
	rels.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	var bodies []string
	names := map[string]bool{}
	for i, s := range sheets {
		n := strconv.Itoa(i + 1)
		name := s.name
		for names[strings.ToLower(name)] {
			name = "表" + n
			n += "0"
		}
		names[strings.ToLower(name)] = true
		n = strconv.Itoa(i + 1)
		types.WriteString(`<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`)
		book.WriteString(`<sheet name="` + xmlText(name) + `" sheetId="` + n + `" r:id="rId` + n + `"/>`)
		rels.WriteString(`<Relationship Id="rId` + n + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet` + n + `.xml"/>`)
		bodies = append(bodies, "xl/worksheets/sheet"+n+".xml", sheetXML(s))
	}
	types.WriteString(`</Types>`)
	book.WriteString(`</sheets></workbook>`)
	rels.WriteString(`</Relationships>`)
	return pack(append([]string{
		"[Content_Types].xml", types.String(),
		"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", book.String(),
		"xl/_rels/workbook.xml.rels", rels.String(),
	}, bodies...)...)
}

// sheetXML writes one worksheet. Plain numbers are numbers; all else is text.
func sheetXML(s sheet) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for r, row := range s.rows {
		b.WriteString(`<row r="` + strconv.Itoa(r+1) + `">`)
		for c, cell := range row {
			if cell == "" {
				continue
			}
			at, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				continue // beyond the last column, which a reader cannot have given
			}
			if shortNumber(cell) {
				b.WriteString(`<c r="` + at + `"><v>` + cell + `</v></c>`)
				continue
			}
			b.WriteString(`<c r="` + at + `" t="inlineStr"><is><t xml:space="preserve">` + xmlText(neutral(cell)) + `</t></is></c>`)
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.String()
}

// shortNumber reports whether a spreadsheet reads cell as a number and shows it
// as it stands: no leading zeros, and at most ten digits.
func shortNumber(cell string) bool {
	s := strings.TrimPrefix(cell, "-")
	if !plainNumber(s) || len(s) > 10 || s[0] == '0' && len(s) > 1 && s[1] != '.' {
		return false
	}
	if strings.Contains(s, ".") && s[len(s)-1] == '0' {
		return false
	}
	return cell != "-0"
}
