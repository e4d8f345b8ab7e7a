package attach

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// piece is a paragraph or a table of a document, as far as it is carried.
type piece struct {
	lines []string   // of a paragraph, parted at line breaks; nil in a table
	rows  [][]string // cells of a table; lines of a cell are parted by \n
}

// docx rebuilds a document from its paragraphs and tables. Headers come before
// the text; footers, footnotes and endnotes after it.
func (j *job) docx(body []byte) ([]byte, error) {
	p, err := openParts(body, j.opts.Limits)
	if err != nil {
		return nil, err
	}
	j.notes(p)
	vanishing, err := vanishingStyles(p)
	if err != nil {
		return nil, err
	}
	var pieces []piece
	seen := map[string]bool{}
	for _, group := range [][]string{
		p.under("word/", "header*.xml"), {"word/document.xml"}, p.under("word/", "footnotes.xml"), p.under("word/", "endnotes.xml"), p.under("word/", "footer*.xml"),
	} {
		for _, name := range group {
			data, err := p.read(name)
			if err != nil {
				return nil, err
			}
			r := wordReader{job: j, dec: xml.NewDecoder(bytes.NewReader(data)), vanishing: vanishing}
			if err := r.all(); err != nil {
				return nil, err
			}
			if name != "word/document.xml" {
				// Left, right and first pages repeat each other.
				key := fmtPieces(r.out)
				if strings.TrimSpace(key) == "" || seen[key] {
					continue
				}
				seen[key] = true
			}
			pieces = append(pieces, r.out...)
		}
	}
	if err := j.maskPieces(pieces); err != nil || j.refused {
		return nil, err
	}
	return writeDOCX(pieces)
}

// vanishingStyles returns the styles that hide the text they are given to.
func vanishingStyles(p *parts) (map[string]bool, error) {
	out, based := map[string]bool{}, map[string]string{}
	if !p.has("word/styles.xml") {
		return out, nil
	}
	data, err := p.read("word/styles.xml")
	if err != nil {
		return nil, err
	}
	style := ""
	err = each(data, func(e xml.StartElement) (bool, error) {
		switch e.Name.Local {
		case "style":
			style = attr(e, "styleId")
		case "basedOn":
			based[style] = attr(e, "val")
		case "vanish":
			if style != "" {
				out[style] = yes(attr(e, "val"))
			}
		}
		return true, nil
	})
	if err != nil {
		return nil, refusal("damaged-document")
	}
	for s := range based {
		at := s
		for range maxDepth { // styles may stand on each other in a ring
			if hides, said := out[at]; said {
				out[s] = hides
				break
			}
			at = based[at]
		}
	}
	return out, nil
}

// fmtPieces returns all text of pieces, to compare them.
func fmtPieces(ps []piece) string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(strings.Join(p.lines, "\n") + "\n")
		for _, r := range p.rows {
			b.WriteString(strings.Join(r, "\t") + "\n")
		}
	}
	return b.String()
}

// maskPieces lets all text through the gate: paragraphs together, so that who is
// named in one is known in the next, and tables cell by cell.
func (j *job) maskPieces(ps []piece) error {
	var lines []string
	for _, p := range ps {
		lines = append(lines, p.lines...)
	}
	masked, err := j.lines(func(i int) string { return "line " + strconv.Itoa(i+1) }, lines)
	if err != nil {
		return err
	}
	tables := 0
	for i := range ps {
		if ps[i].rows != nil {
			tables++
			if ps[i].rows, err = j.table("table "+strconv.Itoa(tables), ps[i].rows); err != nil {
				return err
			}
			continue
		}
		n := len(ps[i].lines)
		ps[i].lines = masked[:n:n]
		masked = masked[n:]
		for _, s := range ps[i].lines {
			j.say(s)
		}
	}
	return nil
}

// maxDepth bounds how deeply elements may be nested.
const maxDepth = 200

// wordReader reads the text of one part of a document.
type wordReader struct {
	job   *job
	dec   *xml.Decoder
	depth int
	cells int
	out   []piece
	para  *strings.Builder // the paragraph being read, or nil
	held  []piece          // of text boxes within it

	vanishing map[string]bool // styles that hide their text
	gone      bool            // the style of the paragraph is one
}

// next returns the next token; nil at the end of the part.
func (r *wordReader) next() (xml.Token, error) {
	t, err := r.dec.Token()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, refusal("damaged-document")
	}
	return t, nil
}

// all reads the part.
func (r *wordReader) all() error {
	for {
		t, err := r.next()
		if err != nil || t == nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := r.element(e); err != nil {
				return err
			}
		}
	}
}

// each calls f for each element inside the present one, up to its end. f reads the
// element to its own end.
func (r *wordReader) each(f func(xml.StartElement) error) error {
	if r.depth++; r.depth > maxDepth {
		return refusal("damaged-document")
	}
	defer func() { r.depth-- }()
	for {
		t, err := r.next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case nil:
			return refusal("damaged-document")
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := f(t); err != nil {
				return err
			}
		}
	}
}

// inside reads what is inside an element up to its end.
func (r *wordReader) inside() error { return r.each(r.element) }

// skip leaves out an element.
func (r *wordReader) skip() error {
	if err := r.dec.Skip(); err != nil {
		return refusal("damaged-document")
	}
	return nil
}

// element reads one element. What it does not know it looks into: unknown markup
// may hold text that a reader sees.
func (r *wordReader) element(e xml.StartElement) error {
	switch e.Name.Local {
	case "p":
		return r.paragraph()
	case "tbl":
		return r.table()
	case "r":
		return r.run()
	case "t":
		return r.chars()
	case "tab", "ptab":
		r.write("\t")
	case "br", "cr":
		r.write("\n")
	case "noBreakHyphen":
		r.write("-")
	case "sym":
		if n, err := strconv.ParseUint(attr(e, "char"), 16, 32); err == nil && n >= 0x20 && n < 0xd800 {
			r.write(string(rune(n)))
		}
	case "del", "moveFrom":
		r.job.drop("tracked-changes")
		return r.skip()
	case "ins", "moveTo":
		r.job.drop("tracked-changes")
	case "delText", "instrText", "delInstrText", "fldData":
		return r.skip()
	case "rt": // how a word is spoken, which would part the letters of a name
		r.job.drop("ruby")
		return r.skip()
	case "drawing", "pict", "object", "control":
		r.job.drop("drawings")
	case "Fallback":
		return r.skip() // says the same as the Choice before it
	case "txbxContent":
		return r.box()
	case "pStyle":
		r.gone = r.vanishing[attr(e, "val")]
	case "pPr":
		return r.each(func(e xml.StartElement) error {
			if e.Name.Local == "pStyle" {
				return r.element(e)
			}
			return r.skip()
		})
	case "rPr", "sectPr", "tblPr", "trPr", "tcPr", "tblGrid", "sdtPr", "sdtEndPr", "docPr", "cNvPr", "numPr", "altChunk":
		return r.skip()
	}
	return r.inside()
}

// write adds to the paragraph.
func (r *wordReader) write(s string) {
	if r.para != nil {
		r.para.WriteString(s)
	}
}

// chars reads the characters of a text element.
func (r *wordReader) chars() error {
	for {
		t, err := r.next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case nil:
			return refusal("damaged-document")
		case xml.CharData:
			r.write(string(t))
		case xml.StartElement:
			if err := r.skip(); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// run reads a run of text, unless its properties hide it.
func (r *wordReader) run() error {
	hidden := r.gone
	return r.each(func(e xml.StartElement) (err error) {
		if e.Name.Local == "rPr" {
			hidden, err = r.hides()
			return err
		}
		if hidden {
			r.job.drop("hidden-text")
			return r.skip()
		}
		return r.element(e)
	})
}

// hides reads the properties of a run and reports whether they hide it.
func (r *wordReader) hides() (hidden bool, err error) {
	said, style := false, ""
	err = r.each(func(e xml.StartElement) error {
		switch n := e.Name.Local; n {
		case "vanish", "webHidden":
			said, hidden = true, hidden || yes(attr(e, "val"))
		case "rStyle":
			style = attr(e, "val")
		}
		return r.skip()
	})
	return hidden || !said && r.gone || !said && r.vanishing[style], err
}

// paragraph reads a paragraph. Text boxes that hang on it follow it.
func (r *wordReader) paragraph() error {
	outer, outerHeld, outerGone := r.para, r.held, r.gone
	r.para, r.held, r.gone = new(strings.Builder), nil, false
	err := r.inside()
	text, boxes := r.para.String(), r.held
	r.para, r.held, r.gone = outer, outerHeld, outerGone
	if err != nil {
		return err
	}
	r.out = append(r.out, piece{lines: strings.Split(text, "\n")})
	r.out = append(r.out, boxes...)
	return nil
}

// box reads the text of a text box.
func (r *wordReader) box() error {
	got, err := r.apart()
	r.held = append(r.held, got...)
	if r.para == nil { // a box outside of a paragraph
		r.out, r.held = append(r.out, r.held...), nil
	}
	return err
}

// apart reads the inside of an element into pieces of its own.
func (r *wordReader) apart() ([]piece, error) {
	out, para, held := r.out, r.para, r.held
	r.out, r.para, r.held = nil, nil, nil
	err := r.inside()
	got := r.out
	r.out, r.para, r.held = out, para, held
	return got, err
}

// table reads a table. Tables within its cells become lines of the cell.
func (r *wordReader) table() error {
	rows := [][]string{}
	err := r.children(func(e xml.StartElement) error {
		if e.Name.Local != "tr" {
			return r.skip()
		}
		row := []string{}
		left := ""
		err := r.children(func(e xml.StartElement) error {
			if e.Name.Local == "trPr" {
				var err error
				left, err = r.leaves()
				return err
			}
			if e.Name.Local != "tc" {
				return r.skip()
			}
			if r.cells++; r.cells > r.job.opts.Limits.Cells {
				return refusal("too-many-cells")
			}
			got, err := r.apart()
			row = append(row, strings.Trim(fmtPieces(got), "\n"))
			return err
		})
		if left != "" {
			r.job.drop(left)
			return err
		}
		rows = append(rows, row)
		return err
	})
	if err != nil {
		return err
	}
	r.out = append(r.out, piece{rows: rows})
	return nil
}

// leaves reads the properties of a row and returns the code for which it is left
// behind: it is struck out or hidden.
func (r *wordReader) leaves() (code string, err error) {
	err = r.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "del":
			code = "tracked-changes"
		case "hidden":
			if code == "" && yes(attr(e, "val")) {
				code = "hidden-rows"
			}
		}
		return r.skip()
	})
	return code, err
}

// children calls f for each element inside the present one, looking through
// wrappers such as content controls and tracked insertions.
func (r *wordReader) children(f func(xml.StartElement) error) error {
	return r.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "sdt", "sdtContent", "ins", "customXml", "moveTo":
			return r.children(f)
		}
		return f(e)
	})
}

// writeDOCX writes a document of paragraphs and tables in the default style.
func writeDOCX(ps []piece) ([]byte, error) {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	paragraph := func(lines []string) {
		b.WriteString(`<w:p>`)
		for i, s := range lines {
			if i > 0 {
				b.WriteString(`<w:r><w:br/></w:r>`)
			}
			if s != "" {
				b.WriteString(`<w:r><w:t xml:space="preserve">` + xmlText(s) + `</w:t></w:r>`)
			}
		}
		b.WriteString(`</w:p>`)
	}
	const border = ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`
	for i, p := range ps {
		if p.rows == nil {
			paragraph(p.lines)
			continue
		}
		if i > 0 && ps[i-1].rows != nil {
			paragraph(nil) // or the two would become one
		}
		b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders><w:top` + border + `<w:left` + border + `<w:bottom` + border +
			`<w:right` + border + `<w:insideH` + border + `<w:insideV` + border + `</w:tblBorders></w:tblPr>`)
		for _, row := range p.rows {
			b.WriteString(`<w:tr>`)
			for _, cell := range row {
				b.WriteString(`<w:tc>`)
				for _, line := range strings.Split(cell, "\n") {
					paragraph([]string{line})
				}
				b.WriteString(`</w:tc>`)
			}
			b.WriteString(`</w:tr>`)
		}
		b.WriteString(`</w:tbl>`)
	}
	if len(ps) > 0 && ps[len(ps)-1].rows != nil {
		paragraph(nil) // a document ends with a paragraph
	}
	b.WriteString(`<w:sectPr/></w:body></w:document>`)
	return pack(
		"[Content_Types].xml", xmlHead+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`+
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
			`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels", xmlHead+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml", b.String(),
	)
}
