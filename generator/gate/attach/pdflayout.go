package attach

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How the pieces of a page are read behind labels.
const (
	maxLabels    = 256 // of a page, side by side
	sentenceFrom = 24  // letters of a line with a comma that is no value of a table
	maxValue     = 200 // letters of a value
)

// textPiece is a run of letters on one line, between wide gaps.
type textPiece struct {
	text     string
	x0, x1   float64 // in pixels of the picture of the page
	from, to float64 // the column around it, up to the middle of the gaps
}

// laidOut returns the text of a page as it is seen: its lines from top to bottom,
// and in each the pieces from left to right. Wide gaps part pieces, as those
// between columns do.
func laidOut(glyphs []glyph) (lines [][]textPiece) {
	s := slices.Clone(glyphs)
	mid := func(g glyph) float64 { return (g.box.y0 + g.box.y1) / 2 }
	// Sorted by where letters stand: tall ones make lines, short ones join them.
	slices.SortStableFunc(s, func(a, b glyph) int { return cmp.Compare(mid(a), mid(b)) })
	for len(s) > 0 {
		n, height := 1, s[0].box.y1-s[0].box.y0
		base := mid(s[0])
		for n < len(s) {
			height = max(height, min(s[n].box.y1-s[n].box.y0, 2*height+4))
			if mid(s[n])-base > height/2 {
				break
			}
			n++
		}
		lines = append(lines, pieces(s[:n], height))
		s = s[n:]
	}
	return lines
}

// pieces parts the letters of one line.
func pieces(line []glyph, height float64) (out []textPiece) {
	slices.SortStableFunc(line, func(a, b glyph) int { return cmp.Compare(a.box.x0, b.box.x0) })
	var b strings.Builder
	for i, g := range line {
		gap := 0.0
		if i > 0 {
			gap = g.box.x0 - line[i-1].box.x1
		}
		if i == 0 || gap > 1.5*height {
			if i > 0 {
				out[len(out)-1].text = b.String()
				b.Reset()
			}
			out = append(out, textPiece{x0: g.box.x0, x1: g.box.x1})
		} else if gap > 0.6*height {
			b.WriteByte(' ')
		}
		b.WriteRune(g.r)
		last := &out[len(out)-1]
		last.x1 = max(last.x1, g.box.x1)
	}
	out[len(out)-1].text = b.String()
	return out
}

// seenOrder returns the text in the order in which it is seen, with a mark where
// wide gaps part columns.
func seenOrder(lines [][]textPiece) string {
	var out strings.Builder
	for _, line := range lines {
		for i, p := range line {
			if i > 0 {
				out.WriteString("；")
			}
			out.WriteString(p.text)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// readPieces reads each piece of text behind the labels that say what it is: the
// nearest to its left that announces something personal, and the nearest above.
// Otherwise a name in a table would stand there alone, its column head far away.
func (j *job) readPieces(page int, lines [][]textPiece) error {
	place := "page " + strconv.Itoa(page)
	before := len(j.findings) + len(j.held)
	var above []textPiece // labels, none below another
	for _, line := range lines {
		line = spreadJoined(line)
		left := ""
		var heads []textPiece
		for _, p := range line {
			if announces(p.text) {
				left = p.text
				heads = append(heads, p)
				continue
			}
			if sentence(p.text) {
				// The table or form ends where text begins.
				above = slices.DeleteFunc(above, func(l textPiece) bool { return l.x0 < p.x1 && p.x0 < l.x1 })
				continue
			}
			if utf8.RuneCountInString(p.text) > maxValue {
				continue
			}
			if _, err := j.behind(place, left, p.text); err != nil {
				return err
			}
			for _, l := range above {
				if l.text == left || p.x0 >= l.to || p.x1 <= l.from {
					continue
				}
				if _, err := j.behind(place, l.text, p.text); err != nil {
					return err
				}
			}
		}
		for _, h := range heads {
			above = slices.DeleteFunc(above, func(l textPiece) bool { return l.x0 < h.x1 && h.x0 < l.x1 })
		}
		if above = append(above, heads...); len(above) > maxLabels {
			return refusal("pdf-too-complex")
		}
	}
	if len(j.findings)+len(j.held) > before {
		j.refuse("pdf-personal")
	}
	return nil
}

// sentence reports whether a piece is running text and no value of a table or form.
func sentence(s string) bool {
	return utf8.RuneCountInString(s) > sentenceFrom && strings.ContainsAny(s, "，。；！？")
}

// spreadJoined joins letters that stand apart to fill a cell, as in 姓　　名, and gives
// each piece its column: half of the gaps beside it, and up to as much as it is wide
// where nothing stands beside it.
func spreadJoined(line []textPiece) (out []textPiece) {
	single := func(s string) bool {
		r, n := utf8.DecodeRuneInString(s)
		return n == len(s) && unicode.Is(unicode.Han, r)
	}
	joins := false // the last of out is of single letters
	for _, p := range line {
		alone := single(p.text)
		if alone && joins {
			last := &out[len(out)-1]
			last.text, last.x1 = last.text+p.text, p.x1
			continue
		}
		out, joins = append(out, p), alone
	}
	for i := range out {
		p := &out[i]
		p.from, p.to = 2*p.x0-p.x1, 2*p.x1-p.x0
		if i > 0 {
			p.from = (out[i-1].x1 + p.x0) / 2
		}
		if i+1 < len(out) {
			p.to = (p.x1 + out[i+1].x0) / 2
		}
	}
	return out
}
