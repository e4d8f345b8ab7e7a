package pages

import (
	"context"
	"encoding/xml"
	"fmt"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
)

// shardSize is the largest number of addresses in one sitemap. The protocol
// allows 50,000.
const shardSize = 40000

// The elements of sitemaps (sitemaps.org, protocol 0.9).
type (
	urlSet struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapLoc `xml:"url"`
	}
	sitemapIndex struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []sitemapLoc `xml:"sitemap"`
	}
	sitemapLoc struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod,omitempty"`
	}
)

// sitemaps makes the sitemaps, their index, and robots.txt. The cases of a month
// are in sitemaps of their own, by running number, so that those of past months
// change only with their cases; only cases published in full are listed. They
// lie in the root, because a sitemap speaks for its own folder only.
func (p *planner) sitemaps() []Partition {
	var parts []Partition
	var maps []string
	for _, m := range p.months {
		for first := m.first; first < m.end; {
			shard := (p.lines[first].number.Running() - 1) / shardSize
			end := first
			for end < m.end && (p.lines[end].number.Running()-1)/shardSize == shard {
				end++
			}
			path := fmt.Sprintf("sitemap-%s-%d.xml", m.month.Short(), shard+1)
			if part, ok := p.caseSitemap(fmt.Sprintf("sitemap/%s/%d", m.month.Short(), shard+1), path, first, end); ok {
				parts, maps = append(parts, part), append(maps, path)
			}
			first = end
		}
	}
	paths := p.standingPaths()
	for n := 0; n*shardSize < len(paths); n++ {
		path := fmt.Sprintf("sitemap-pages-%d.xml", n+1)
		maps = append(maps, path)
		parts = append(parts, p.standingSitemap(fmt.Sprintf("sitemap/pages/%d", n+1), path, paths[n*shardSize:min((n+1)*shardSize, len(paths))]))
	}
	f := p.finger("sitemap/index")
	f.str(maps...)
	return append(parts, Partition{Key: "sitemap/index", Fingerprint: f.done(), Make: func(context.Context) (Content, error) {
		var index sitemapIndex
		for _, path := range maps {
			index.Maps = append(index.Maps, sitemapLoc{Loc: p.url(path)})
		}
		body, err := marshalXML(index)
		if err != nil {
			return Content{}, err
		}
		robots := "User-agent: *\nAllow: /\n\nSitemap: " + p.url(record.SitemapIndex) + "\n"
		return Content{Files: []File{{Path: record.RobotsPath, Body: []byte(robots)}, {Path: record.SitemapIndex, Body: body}}}, nil
	}})
}

// caseSitemap makes the sitemap of the cases first to end, or reports false when
// none of them is published in full.
func (p *planner) caseSitemap(key, path string, first, end int) (Partition, bool) {
	f := p.finger(key)
	any := false
	for i := first; i < end; i++ {
		if l := &p.lines[i]; l.prom == record.Full {
			any = true
			f.str(string(l.number))
			f.num(int64(l.updated()))
		}
	}
	return Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (Content, error) {
		file := File{Path: path}
		var set urlSet
		for i := first; i < end; i++ {
			if l := &p.lines[i]; l.prom == record.Full {
				set.URLs = append(set.URLs, sitemapLoc{Loc: p.url(record.CasePath(l.number)), LastMod: l.updated().String()})
				file.Shows = append(file.Shows, l.number)
			}
		}
		var err error
		file.Body, err = marshalXML(set)
		return Content{Files: []File{file}}, err
	}}, any
}

// standingPaths lists every page that is not of one case, in a fixed order.
func (p *planner) standingPaths() []string {
	var paths []string
	restated, assessed := p.restatedPaths(), p.assessedPaths()
	promised := p.promisePaths()
	for _, lang := range p.Langs {
		for _, path := range promised {
			paths = append(paths, p.in(lang, path))
		}
		for _, path := range []string{record.HomePath, search.PagePath, record.AreasPath, record.UnitsPath, record.TopicsPath, record.MonthsPath, record.ChannelsPath, record.SiteMapPath, LeaksPath, record.DataPath, record.QualitiesPath, record.TakedownsPath} {
			paths = append(paths, p.in(lang, path))
		}
		for _, path := range restated {
			paths = append(paths, p.in(lang, path))
		}
		if p.breaksDown() {
			paths = append(paths, p.in(lang, record.BreakdownsPath))
		}
		for _, path := range assessed {
			paths = append(paths, p.in(lang, path))
		}
		if len(p.measured) > 0 {
			paths = append(paths, p.in(lang, record.AccountabilityPath))
		}
		for _, path := range p.rankingPaths() {
			paths = append(paths, p.in(lang, path))
		}
		for _, t := range p.Texts {
			if t.Lang == lang {
				paths = append(paths, t.Path)
			}
		}
		for _, id := range p.notedUnits() {
			paths = append(paths, p.in(lang, record.QualityPath(id)))
		}
		for _, m := range p.months {
			paths = append(paths, p.in(lang, record.MonthPath(m.month)))
		}
		for _, m := range p.bulletinMonths() {
			paths = append(paths, p.in(lang, record.BulletinPath(m)))
		}
		for _, a := range p.register.Areas {
			paths = append(paths, p.in(lang, record.AreaPath(a.Code)))
		}
		for _, t := range p.register.Topics {
			paths = append(paths, p.in(lang, record.TopicPath(t.ID)))
		}
		for _, c := range p.register.Channels {
			paths = append(paths, p.in(lang, record.ChannelPath(c.ID)))
		}
		for _, u := range p.register.Units {
			paths = append(paths, p.in(lang, record.UnitPath(u.ID)))
		}
	}
	return paths
}

func (p *planner) standingSitemap(key, path string, paths []string) Partition {
	f := p.finger(key)
	f.str(paths...)
	return Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (Content, error) {
		var set urlSet
		for _, at := range paths {
			set.URLs = append(set.URLs, sitemapLoc{Loc: p.url(at)})
		}
		body, err := marshalXML(set)
		return Content{Files: []File{{Path: path, Body: body}}}, err
	}}
}
