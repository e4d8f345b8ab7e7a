package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// atomHits is how many hits a feed holds.
const atomHits = 50

// The elements of a feed (RFC 4287).
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomPerson  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID       string        `xml:"id"`
		Title    string        `xml:"title"`
		Updated  string        `xml:"updated"`
		Author   atomPerson    `xml:"author"`
		Link     atomLink      `xml:"link"`
		Category *atomCategory `xml:"category"`
		Summary  string        `xml:"summary"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr"`
	}
)

// WriteAtom writes the newest 50 hits as an Atom feed (RFC 4287): a search that
// a reader subscribes to. It holds no text of a document but its title, since
// what readers have fetched cannot be withdrawn. It tells no other time than that
// of the data, so that the same index gives the same feed.
func (s *Searcher) WriteAtom(ctx context.Context, w io.Writer, r Request, site Site) error {
	r = r.whole()
	r.Sort = "newest"
	p, err := s.plan(r)
	if err != nil {
		return err
	}
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	var res Result
	if !p.none {
		q := p.query
		q.Limit = atomHits
		if res, err = s.engine.Search(ctx, q); err != nil {
			return err
		}
	}
	r.Sort = ""
	feed := site.feed(r, s.searchName(p).In(site.lang()))
	feed.Updated = instant(state.Cutoff)
	for i, h := range res.Hits {
		e := site.entry(s.document(h.Doc), feed.Author)
		if i == 0 || e.Updated > feed.Updated {
			feed.Updated = e.Updated
		}
		feed.Entries = append(feed.Entries, e)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	if err := out.Encode(feed); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// searchName names a search by what it asks for.
func (s *Searcher) searchName(p *plan) Label {
	var zh, en []string
	if p.request.Q != "" {
		zh, en = []string{"“" + p.request.Q + "”"}, []string{"“" + p.request.Q + "”"}
	}
	if p.request.Type != "" {
		name := s.vocabulary.Name(FieldType, p.request.Type)
		zh, en = append(zh, name.In("zh")), append(en, name.In("en"))
	}
	for _, c := range s.chosenFilters(p.request) {
		zh, en = append(zh, c.Name.In("zh")), append(en, c.Name.In("en"))
	}
	if zh == nil {
		return Label{"最新答复", "Latest replies"}
	}
	return Label{"搜索：" + strings.Join(zh, "，"), "Search: " + strings.Join(en, ", ")}
}

// feed returns the feed of a search without its entries.
func (s Site) feed(r Request, title string) atomFeed {
	if s.Name != "" {
		title = s.Name + " · " + title
	}
	return atomFeed{
		Lang: s.lang(), ID: s.id(s.queryPath("", r)), Title: title,
		Author: atomPerson{cmp.Or(s.Author, s.Name, s.Base, "Huiyin")},
		Links: []atomLink{
			{"self", "application/atom+xml", s.query(".atom", r)},
			{"alternate", "text/html", s.query("", r)},
		},
	}
}

// entry returns the entry of a hit.
func (s Site) entry(h AnswerHit, author atomPerson) atomEntry {
	lang := s.lang()
	unit := h.Unit.Name.In(lang)
	e := atomEntry{
		ID: s.id(h.Path), Title: cmp.Or(h.Text[FieldTitle], h.ID), Updated: instant(max(h.Received, h.Replied)), Author: author,
		Link: atomLink{"alternate", "text/html", s.link(h.Path)},
	}
	if unit != "" {
		e.Author.Name = unit
	}
	if h.Topic.ID != "" {
		e.Category = &atomCategory{Term: h.Topic.ID, Label: h.Topic.Name.In(lang)}
	}
	zh, en := []string{"编号 " + h.ID}, []string{"Number " + h.ID}
	for _, part := range []struct{ zh, en, value string }{{"", "", unit}, {"收到 ", "received ", h.Received}, {"答复 ", "replied ", h.Replied}} {
		if part.value != "" {
			zh, en = append(zh, part.zh+part.value), append(en, part.en+part.value)
		}
	}
	e.Summary = Label{strings.Join(zh, "，"), strings.Join(en, ", ")}.In(lang)
	return e
}

// instant returns the beginning of a day in the time of China. An unknown day
// is the first that computers count.
func instant(day string) string { return cmp.Or(day, "1970-01-01") + "T00:00:00+08:00" }

// id returns an identifier that is the same for as long as the path is: a tag:
// URI, or else the permanent address. Without either it is a hash (a UUID of
// version 8, RFC 9562), since an identifier must not be relative.
func (s Site) id(path string) string {
	switch {
	case s.Tag != "":
		return "tag:" + s.Tag + ":" + path
	case s.Base != "":
		return s.link(path)
	}
	sum := sha256.Sum256([]byte(s.Name + "\x00" + path))
	sum[6], sum[8] = sum[6]&0x0F|0x80, sum[8]&0x3F|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
