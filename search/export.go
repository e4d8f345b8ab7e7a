package search

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
)

// ErrChanged: the index changed while an export was under way, so that it does
// not hold every hit. Whoever asked should ask again.
var ErrChanged = errors.New("search: the index changed during the export")

// Site is what exports say about where they come from.
type Site struct {
	Base   string // address of the root of the site with a slash at the end, such as https://example.org/zwgk/huiyin/; "": links stay relative to the root
	Search string // path of the search page below it; "": search
	Name   string // of the site
	Author string // who publishes it; "": Name
	Tag    string // authority and date of tag: URIs (RFC 4151), such as example.org,2026; "": permanent addresses serve as identifiers
	Lang   string // language of labels; "": zh-CN
}

// link returns the address of what lies at a path below the root.
func (s Site) link(path string) string { return s.Base + path }

// query returns the address of a search: with ext "" of its page, else of the
// same search as .json, .csv, .jsonl or .atom.
func (s Site) query(ext string, r Request) string { return s.link(s.queryPath(ext, r)) }

func (s Site) queryPath(ext string, r Request) string {
	path := s.Search
	if path == "" {
		path = "search"
	}
	if ext != "" {
		path = strings.TrimSuffix(path, ".html") + ext
	}
	if parameters := r.Encode(); parameters != "" {
		return path + "?" + parameters
	}
	return path
}

// lang returns the language of labels.
func (s Site) lang() string {
	if s.Lang == "" {
		return "zh-CN"
	}
	return s.Lang
}

// ExportHead is what exports say about themselves.
type ExportHead struct {
	Query   string `json:"query"`   // permanent link
	Total   int    `json:"total"`   // number of hits
	Exact   bool   `json:"exact"`   // false: total is an estimate
	Cutoff  string `json:"cutoff"`  // day up to which the data goes, like 2026-11-20; "" when not known
	Release int    `json:"release"` // the release that was searched
	Docs    int    `json:"docs"`    // documents that can be found at all
}

// ExportValue is a value of a keyword field; null where there is none.
type ExportValue struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
}

// ExportCase is one document in JSON Lines, with its whole text.
type ExportCase struct {
	Number   string       `json:"number"`
	Type     string       `json:"type"`
	URL      string       `json:"url"`
	Title    string       `json:"title"`
	Unit     *ExportValue `json:"unit"`
	Area     *ExportValue `json:"area"`
	Topic    *ExportValue `json:"topic"`
	Channel  *ExportValue `json:"channel"`
	Kind     *ExportValue `json:"kind"`
	Status   *ExportValue `json:"status"`
	Rating   *string      `json:"rating"`   // such as "4/5"
	Received *string      `json:"received"` // day like 2026-11-20
	Replied  *string      `json:"replied"`
	Days     *int64       `json:"days"` // whole days from receipt to reply
	Question string       `json:"question"`
	Reply    string       `json:"reply"`
}

// head says what an answer or an export is about.
func (s Site) head(r Request, state IndexState, total int, exact bool) ExportHead {
	return ExportHead{
		Query: s.query("", r), Total: total, Exact: exact, Cutoff: state.Cutoff, Release: state.Release, Docs: state.Docs,
	}
}

// exported returns the values of a hit as exports have them.
func (s Site) exported(h AnswerHit) ExportCase {
	return ExportCase{
		Number: h.ID, Type: h.Type.ID, URL: s.link(h.Path), Title: h.Text[FieldTitle],
		Unit: h.Unit.exported(), Area: h.Area.exported(), Topic: h.Topic.exported(), Channel: h.Channel.exported(),
		Kind: h.Kind.exported(), Status: h.Status.exported(), Rating: known(h.Rating.ID),
		Received: known(h.Received), Replied: known(h.Replied), Days: h.daysTaken(),
		Question: h.Text[FieldQuestion], Reply: h.Text[FieldReply],
	}
}

func (n Named) exported() *ExportValue {
	if n.ID == "" {
		return nil
	}
	return &ExportValue{ID: n.ID, Name: n.Name.ZH, NameEN: n.Name.EN}
}

// known returns nil for what is not known.
func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// daysTaken returns nil where the days are not known.
func (h AnswerHit) daysTaken() *int64 {
	if h.Days < 0 {
		return nil
	}
	return &h.Days
}

// table is a file of all hits: what comes before them, one row each, and what
// comes after n of them.
type table interface {
	begin(ExportHead) error
	row(AnswerHit) error
	end(n int) error
}

// export writes every hit into a table. Nothing reaches w before the engine has
// given hits, so that an engine that cannot be asked yields an error and no file;
// from then on no more than the buffer is held back.
func (s *Searcher) export(ctx context.Context, w io.Writer, r Request, site Site, begin func(*bufio.Writer) table) error {
	r = r.whole()
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	total, exact, err := s.count(ctx, r)
	if err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(w, exportBuffer)
	t := begin(buffer)
	if err := t.begin(site.head(r, state, total, exact)); err != nil {
		return err
	}
	n := 0
	err = s.Each(ctx, r, func(h AnswerHit) error {
		n++
		return t.row(h)
	})
	if err != nil {
		return err
	}
	if exact && n != total {
		return ErrChanged
	}
	if err := t.end(n); err != nil {
		return err
	}
	return buffer.Flush()
}

const exportBuffer = 32 << 10

// whole returns the request for all hits, whose page, size and order do not
// matter.
func (r Request) whole() Request {
	r.Page, r.PerPage, r.Sort = 1, DefaultPerPage, ""
	return r
}
