package search

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
)

// WriteJSONL writes every hit of a request as JSON Lines: a first line
// {"search":{...}} ([ExportHead]), one line for each hit ([ExportCase]), and a
// last line {"end":{"count":N}}. A file without the last line is not complete;
// see [Searcher.WriteCSV] for failures.
func (s *Searcher) WriteJSONL(ctx context.Context, w io.Writer, r Request, site Site) error {
	return s.export(ctx, w, r, site, func(b *bufio.Writer) table { return &lines{site, lineEncoder(b)} })
}

// lineEncoder returns an encoder that writes one line a value, as people read
// it.
func lineEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// lines is a [table] of JSON Lines.
type lines struct {
	site Site
	out  *json.Encoder
}

func (l *lines) begin(h ExportHead) error {
	return l.out.Encode(struct {
		Search ExportHead `json:"search"`
	}{h})
}

func (l *lines) row(h AnswerHit) error { return l.out.Encode(l.site.exported(h)) }

func (l *lines) end(n int) error {
	type end struct {
		Count int `json:"count"`
	}
	return l.out.Encode(struct {
		End end `json:"end"`
	}{end{n}})
}
