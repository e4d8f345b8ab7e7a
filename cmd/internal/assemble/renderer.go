package assemble

import (
	"context"
	"encoding/json"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site"
	"github.com/huiyin/huiyin/site/release"
)

// Renderer is a pool of rendering processes as package generator uses it.
type Renderer struct{ *site.Pool }

var _ generator.Renderer = Renderer{}

// Render renders the pages of a partition into a pack.
func (r Renderer) Render(ctx context.Context, in generator.Job) (generator.Rendered, error) {
	job := site.Job{Key: in.Key, Layouts: in.Layouts, Out: in.Out, Pages: make([]site.Page, len(in.Pages))}
	for i, p := range in.Pages {
		page, err := toSite(p)
		if err != nil {
			return generator.Rendered{}, err
		}
		job.Pages[i] = page
	}
	result, err := r.Pool.Render(ctx, job)
	if err != nil {
		return generator.Rendered{}, err
	}
	out := generator.Rendered{Pack: result.Pack}
	for _, q := range result.Quarantined {
		out.SetAside = append(out.SetAside, release.SetAside{Path: q.Path, Code: string(q.Code)})
	}
	return out, nil
}

func toSite(p pages.Page) (site.Page, error) {
	params, err := json.Marshal(p.Params)
	if err != nil {
		return site.Page{}, err
	}
	out := site.Page{Path: p.Path, Layout: p.Layout, Lang: p.Lang, Title: p.Title, Params: params}
	for _, n := range p.Shows {
		out.Shows = append(out.Shows, string(n))
	}
	if p.Moved != "" && len(p.Shows) > 0 {
		out.Moved = &release.Move{Number: string(p.Shows[0]), Into: string(p.Moved), Page: p.Path, To: record.CasePath(p.Moved)}
	}
	if p.Doc != nil {
		out.Doc, err = json.Marshal(p.Doc)
	}
	return out, err
}

// Assets returns the style sheets, scripts and images of a theme as files to
// publish.
func Assets(theme *site.Theme) []pages.File {
	var files []pages.File
	for _, a := range theme.Assets() {
		files = append(files, pages.File{Path: a.Path, Body: a.Body})
	}
	return files
}
