package pages

import (
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

func itoa[T ~int | ~int32 | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// head is what the head and the frame of a page need beyond its title. It is
// part of every page's parameters.
type head struct {
	Description string `json:"description,omitempty"`
	Crumbs      []link `json:"crumbs,omitempty"` // from the home page to the page above this one
	Alts        []alt  `json:"alts,omitempty"`   // the page in every interface language, itself included
	Feed        string `json:"feed,omitempty"`   // path
	JSONLD      string `json:"jsonld,omitempty"`
	OGType      string `json:"og_type,omitempty"`
	NoIndex     bool   `json:"noindex,omitempty"`
	HomePath    string `json:"home_path,omitempty"` // of the interface language
	Column      string `json:"column,omitempty"`    // ColumnName
	ColumnType  string `json:"column_type,omitempty"`
	PubDate     string `json:"pub_date,omitempty"` // of a content page: 2006-01-02 15:04
	Source      string `json:"source,omitempty"`   // ContentSource
}

// link is a name with the path of its page from the root of the site, or with
// none. Lang is set where the name is not in the language of the page.
type link struct {
	Name string `json:"name"`
	Path string `json:"path,omitempty"`
	Lang string `json:"lang,omitempty"`
}

// alt is the same page in another interface language.
type alt struct {
	Lang string `json:"lang"`
	Name string `json:"name"`
	Path string `json:"path"`
	URL  string `json:"url"`
}

// in returns the path of a page in an interface language.
func (p *planner) in(lang, path string) string {
	if lang == p.Langs[0] {
		return path
	}
	return record.InLanguage(lang, path)
}

// alts lists a page that exists in every interface language.
func (p *planner) alts(path string) []alt {
	if len(p.Langs) < 2 {
		return nil
	}
	out := make([]alt, len(p.Langs))
	for i, l := range p.Langs {
		at := p.in(l, path)
		out[i] = alt{Lang: l, Name: p.Labels[l].say("lang.name"), Path: at, URL: p.url(at)}
	}
	return out
}

// url returns the absolute address of a path. The home page is the folder.
func (p *planner) url(path string) string { return p.BaseURL + path }

// crumb is a link to one of the standing pages.
func (p *planner) crumb(lang, key, path string) link {
	return link{Name: p.Labels[lang].say(key), Path: p.in(lang, path)}
}

// home begins the crumbs of every page but the home page.
func (p *planner) home(lang string) link { return p.crumb(lang, "nav.home", record.HomePath) }

// named returns the link to a thing of the register. A thing without a name in
// the language of the page is shown by its own name, marked as such.
func (p *planner) named(lang, name, english, id, path string) link {
	l := link{Name: record.Plain(name), Path: path}
	if l.Name == "" {
		l.Name = id
	}
	if lang != p.Langs[0] {
		if e := record.Plain(english); e != "" {
			l.Name = e
		} else if name != "" {
			l.Lang = p.Langs[0]
		}
	}
	return l
}

func (p *planner) unitLink(lang string, id record.UnitID) link {
	u, ok := p.units[id]
	if !ok {
		return link{Name: string(id)}
	}
	return p.named(lang, u.Name, u.English, string(id), p.in(lang, record.UnitPath(id)))
}

func (p *planner) areaLink(lang string, code record.AreaCode) link {
	a, ok := p.areas[code]
	if !ok {
		return link{Name: string(code)}
	}
	return p.named(lang, a.Name, a.English, string(code), p.in(lang, record.AreaPath(code)))
}

func (p *planner) topicLink(lang string, id record.TopicID) link {
	t, ok := p.topics[id]
	if !ok {
		return link{Name: string(id)}
	}
	return p.named(lang, t.Name, t.English, string(id), p.in(lang, record.TopicPath(id)))
}

func (p *planner) channelLink(lang string, id record.ChannelID) link {
	c, ok := p.channels[id]
	if !ok {
		return link{Name: string(id)}
	}
	return p.named(lang, c.Name, c.English, string(id), p.in(lang, record.ChannelPath(id)))
}

func (p *planner) monthLink(lang string, m record.Month) link {
	return link{Name: p.monthName(lang, m), Path: p.in(lang, record.MonthPath(m))}
}

// monthName writes a month as 2026年11月, or as the label month.format of
// another language says.
func (p *planner) monthName(lang string, m record.Month) string {
	year, month, _ := strings.Cut(m.String(), "-")
	return p.Labels[lang].say("month.format", "year", year, "month", strings.TrimPrefix(month, "0"), "name", p.Labels[lang].say("month.m"+month))
}

// crumbsJSONLD is the breadcrumb list of a page for search engines.
func (p *planner) crumbsJSONLD(crumbs []link) map[string]any {
	items := make([]any, len(crumbs))
	for i, c := range crumbs {
		items[i] = map[string]any{"@type": "ListItem", "position": i + 1, "name": c.Name, "item": p.url(c.Path)}
	}
	return map[string]any{"@type": "BreadcrumbList", "itemListElement": items}
}
