// Package assemble turns a configuration into the options of the packages that
// it configures, for every command that needs them.
package assemble

import (
	"io/fs"
	"slices"

	"github.com/huiyin/huiyin"
	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/site"
)

// Site reads the theme and the hand-written pages of the program, and turns the
// site section of the configuration into what pages need. program names the
// program for the fingerprints of pages.
func Site(c *config.Config, program string) (*site.Theme, pages.Options, error) {
	o := pages.Options{
		BaseURL: c.Site.BaseURL, Version: program, Langs: append([]string{"zh-CN"}, c.Site.Languages...),
		Site: pages.Site{
			Name: c.Site.Name, NameEn: c.Site.NameEn, Organiser: c.Site.Organiser, Operator: c.Site.Operator, Contact: c.Site.Contact,
			Domain: c.Site.Domain, SiteCode: c.Site.SiteCode, ICP: c.Site.ICP, Police: c.Site.Police, CNGov: c.Site.Profile == "cn-gov",
		},
	}
	files, err := fs.Sub(huiyin.Files, "themes/huiyin")
	if err != nil {
		return nil, o, err
	}
	if o.Labels, err = pages.ReadLabels(files); err != nil {
		return nil, o, err
	}
	theme, err := site.LoadTheme(site.Options{BaseURL: o.BaseURL, Site: o.SiteParams()})
	if err != nil {
		return nil, o, err
	}
	o.Theme = theme.Fingerprint
	o.Ranks = c.Ranking.Rules()
	if o.Synonyms, err = synonyms(c); err != nil {
		return nil, o, err
	}
	texts, err := theme.ContentPages()
	if err != nil {
		return nil, o, err
	}
	for _, t := range texts {
		if slices.Contains(o.Langs, t.Lang) {
			o.Texts = append(o.Texts, pages.Text{Path: t.Path, Layout: t.Layout, Lang: t.Lang, Title: t.Title, Params: t.Params})
		}
	}
	return theme, o, nil
}
