package pages

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"

	"github.com/huiyin/huiyin/generator/record"
)

// The Atom elements that feeds use (RFC 4287).
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
		Link     atomLink      `xml:"link"`
		Author   atomPerson    `xml:"author"`
		Category *atomCategory `xml:"category"`
		Summary  string        `xml:"summary"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr,omitempty"`
	}
)

// feed is one feed: the latest replies of a scope, and those that were corrected
// or updated since.
type feed struct {
	path, page string
	title      string
	lines      []int32
}

// feeds makes the Atom feeds of the whole installation, of each unit and of each
// area. They hold no text of a case but its title, and no other time than the
// days of the cases, so that the same cases give the same feed.
func (p *planner) feeds() []Partition {
	lang := p.Langs[0]
	words := p.Labels[lang]
	parts := []Partition{p.feedPartition("feed/all", []feed{{record.FeedPath, record.HomePath, p.Site.Name + " · " + words.say("feed.all"), p.everyone.fresh}})}
	byKey := map[string][]feed{}
	var keys []string
	add := func(kind, id string, n int, f feed) {
		key := fmt.Sprintf("feed/%s/%d/%03d", kind, n, group(id, n))
		if byKey[key] == nil {
			keys = append(keys, key)
		}
		byKey[key] = append(byKey[key], f)
	}
	for _, u := range p.register.Units {
		add("unit", string(u.ID), groups(len(p.register.Units)), feed{record.UnitFeedPath(u.ID), record.UnitPath(u.ID),
			words.say("feed.of", "name", p.unitLink(lang, u.ID).Name), p.byUnit[u.ID].fresh})
	}
	for _, a := range p.register.Areas {
		add("area", string(a.Code), groups(len(p.register.Areas)), feed{record.AreaFeedPath(a.Code), record.AreaPath(a.Code),
			words.say("feed.of", "name", p.areaLink(lang, a.Code).Name), p.byArea[a.Code].fresh})
	}
	for _, key := range keys {
		parts = append(parts, p.feedPartition(key, byKey[key]))
	}
	return parts
}

func (p *planner) feedPartition(key string, feeds []feed) Partition {
	f := p.finger(key)
	for _, feed := range feeds {
		f.str(feed.path, feed.title)
		f.num(int64(len(feed.lines)))
		for _, i := range feed.lines {
			printRow(&f, &p.lines[i])
			f.num(int64(p.lines[i].changed))
			p.printUnit(&f, p.lines[i].unit)
			f.str(string(p.lines[i].topic), p.topics[p.lines[i].topic].Name)
		}
	}
	return Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (Content, error) {
		var c Content
		for _, feed := range feeds {
			file, err := p.feedFile(feed)
			if err != nil {
				return Content{}, err
			}
			c.Files = append(c.Files, file)
		}
		return c, nil
	}}
}

func (p *planner) feedFile(f feed) (File, error) {
	lang := p.Langs[0]
	words := p.Labels[lang]
	file := File{Path: f.path}
	a := atomFeed{
		Lang: lang, ID: p.tag(f.path), Title: f.title, Updated: "1970-01-01T00:00:00+08:00", Author: atomPerson{p.publisher()},
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: p.url(f.path)}, {Rel: "alternate", Type: "text/html", Href: p.url(f.page)}},
	}
	for n, i := range f.lines {
		l := &p.lines[i]
		updated := l.updated().String() + "T00:00:00+08:00"
		if n == 0 {
			a.Updated = updated
		}
		r := p.row(l, lang)
		e := atomEntry{
			ID: p.tag(record.CasePath(l.number)), Title: r.Title, Updated: updated, Author: atomPerson{r.Unit},
			Link:    atomLink{Rel: "alternate", Type: "text/html", Href: p.url(record.CasePath(l.number))},
			Summary: words.say("feed.summary", "number", r.Number, "unit", r.Unit, "received", r.Received),
		}
		if r.Title == "" {
			e.Title = words.say("title.case", "number", r.Number)
		}
		if r.Replied != "" {
			e.Summary += words.say("feed.replied", "replied", r.Replied)
		}
		if r.Days != "" {
			e.Summary += words.say("feed.days", "days", r.Days)
		}
		if r.Unit == "" {
			e.Author.Name = p.publisher()
		}
		if l.topic != "" {
			e.Category = &atomCategory{Term: string(l.topic), Label: p.topicLink(lang, l.topic).Name}
		}
		a.Entries = append(a.Entries, e)
		file.Shows = append(file.Shows, l.number)
	}
	var err error
	file.Body, err = marshalXML(a)
	return file, err
}

// publisher is who publishes the site.
func (p *planner) publisher() string {
	if p.Site.Organiser != "" {
		return p.Site.Organiser
	}
	return p.Site.Name
}

// tag is a permanent identifier that does not change with the site's address
// (RFC 4151).
func (p *planner) tag(path string) string { return "tag:" + p.Tag + ":" + path }

func marshalXML(v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
