package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gohugoio/hugo/commands"

	"github.com/huiyin/huiyin"
	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site"
)

// againstHugo renders every case page of the city twice: by the program, with
// deflate and packs, and by plain Hugo from Markdown files on disk to a folder,
// with the same layouts. Each runs in processes of its own.
func (b *bench) againstHugo(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	plain := filepath.Join(b.dir, "plain")
	fmt.Fprintln(os.Stderr, "bench: writing the pages for plain Hugo")
	if err := b.writePlain(ctx, plain); err != nil {
		return err
	}
	packs := filepath.Join(b.dir, "packs")
	if err := os.MkdirAll(packs, 0o755); err != nil {
		return err
	}
	var ours rendered
	a, err := measured(ctx, b.dir, &ours, self, "partitions", b.city, packs)
	if err != nil {
		return err
	}
	together := ours.Workers*ours.WorkerPeak + ours.OwnPeak
	b.row("case pages by Huiyin, with deflate and packs", a, "%d pages; all %d processes together %d MB; %.1f s of the processor in the workers", ours.Pages, ours.Workers+1, together/1e6, ours.WorkerCPU)
	h, err := measured(ctx, b.dir, nil, self, "plain-hugo", plain)
	if err != nil {
		return err
	}
	b.row("the same pages by plain Hugo, to files", h, "")
	b.Print("\nProcessor time %.2f of plain Hugo's (floor 0.80); memory of the largest process %.3f, of all processes together %.3f (floor 0.200).\n",
		a.cpu.Seconds()/h.cpu.Seconds(), float64(a.peak)/float64(h.peak), float64(together)/float64(h.peak))
	return nil
}

// rendered is what renderPartitions reports.
type rendered struct {
	Pages      int   `json:"pages"`
	Workers    int64 `json:"workers"`
	WorkerPeak int64 `json:"worker_peak"` // bytes, of the largest
	OwnPeak    int64 `json:"own_peak"`

	WorkerCPU float64 `json:"worker_cpu"` // seconds, of all
}

// casePartitions plans the site of the city and returns the partitions of its
// case pages.
func casePartitions(ctx context.Context, city string) (*store.DB, pages.Options, []pages.Partition, error) {
	c, err := config.Load(filepath.Join(city, "huiyin.yaml"))
	if err != nil {
		return nil, pages.Options{}, nil, err
	}
	_, o, err := assemble.Site(c, "bench")
	if err != nil {
		return nil, o, nil, err
	}
	db, err := store.Open(c.StatePath("store.db"), store.Options{Now: time.Now})
	if err != nil {
		return nil, o, nil, err
	}
	register, err := db.Register(ctx)
	if err != nil {
		return db, o, nil, err
	}
	cutoff, err := db.Cutoff(ctx)
	if err != nil {
		return db, o, nil, err
	}
	plan, err := pages.Plan(ctx, db, assess.NewBuilder(register, cutoff).Book(), o)
	if err != nil {
		return db, o, nil, err
	}
	var cases []pages.Partition
	for _, p := range plan {
		if strings.HasPrefix(p.Key, "case/") {
			cases = append(cases, p)
		}
	}
	return db, o, cases, nil
}

// renderPartitions renders the case pages of a city into packs, two partitions
// at once, and prints what it used.
func renderPartitions(ctx context.Context, city, out string) error {
	db, o, parts, err := casePartitions(ctx, city)
	if err != nil {
		return err
	}
	defer db.Close()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	const workers = 2
	pool, err := site.NewPool(func() *exec.Cmd { return exec.Command(self, "render-worker") }, workers,
		site.PoolOptions{Renderer: site.Options{BaseURL: o.BaseURL, Site: o.SiteParams()}})
	if err != nil {
		return err
	}
	type outcome struct {
		pages int
		err   error
	}
	results := make(chan outcome)
	jobs := make(chan pages.Partition)
	for range workers + 1 {
		go func() {
			for p := range jobs {
				n, err := renderOne(ctx, pool, p, out)
				results <- outcome{n, err}
			}
		}()
	}
	go func() {
		for _, p := range parts {
			jobs <- p
		}
		close(jobs)
	}()
	r := rendered{Workers: workers}
	for range parts {
		o := <-results
		if o.err != nil {
			return o.err
		}
		r.Pages += o.pages
	}
	if err := pool.Close(); err != nil {
		return err
	}
	r.WorkerPeak, r.OwnPeak = pool.Usage().PeakRSS, ownPeak()
	r.WorkerCPU = pool.Usage().CPU.Seconds()
	return json.NewEncoder(os.Stdout).Encode(r)
}

// renderOne makes and renders one partition and returns the number of its pages.
func renderOne(ctx context.Context, pool *site.Pool, p pages.Partition, out string) (int, error) {
	content, err := p.Make(ctx)
	if err != nil {
		return 0, err
	}
	result, err := assemble.Renderer{Pool: pool}.Render(ctx, generator.Job{
		Key: p.Key, Layouts: p.Layouts, Pages: content.Pages, Out: filepath.Join(out, strings.ReplaceAll(p.Key, "/", "-")+".zip"),
	})
	if err == nil && len(result.SetAside) > 0 {
		err = fmt.Errorf("partition %s: %d pages were set aside", p.Key, len(result.SetAside))
	}
	return result.Pack.Files, err
}

func renderWorker() error { return site.ServeWorker(os.Stdin, os.Stdout) }

// writePlain writes the case pages of the city as an ordinary Hugo site: one
// Markdown file a page, whose parameters are its front matter and whose content
// is the reply.
func (b *bench) writePlain(ctx context.Context, dir string) error {
	db, o, parts, err := casePartitions(ctx, b.city)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := writeTheme(dir, o); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "content", "case"), 0o755); err != nil {
		return err
	}
	for _, p := range parts {
		content, err := p.Make(ctx)
		if err != nil {
			return err
		}
		replies := map[record.CaseNumber]string{}
		numbers := make([]record.CaseNumber, 0, len(content.Pages))
		for _, page := range content.Pages {
			numbers = append(numbers, record.CaseNumber(strings.TrimSuffix(filepath.Base(page.Path), ".html")))
		}
		cases, err := db.CasesByNumber(ctx, numbers)
		if err != nil {
			return err
		}
		for _, c := range cases {
			replies[c.Number] = c.Reply.Text
		}
		for i, page := range content.Pages {
			if err := writeMarkdown(dir, page, replies[numbers[i]]); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeMarkdown writes one page. Its parameters are those that package site
// hands to the layouts.
func writeMarkdown(dir string, page pages.Page, reply string) error {
	raw, err := json.Marshal(page.Params)
	if err != nil {
		return err
	}
	front := map[string]any{}
	if err := json.Unmarshal(raw, &front); err != nil {
		return err
	}
	for k, v := range map[string]any{
		"title": page.Title, "layout": page.Layout, "url": "/" + page.Path, "path": page.Path,
		"root": "../", "canonical": "https://www.example.org/" + page.Path, "lang": "zh-CN",
	} {
		front[k] = v
	}
	f, err := os.Create(filepath.Join(dir, "content", strings.TrimSuffix(page.Path, ".html")+".md"))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	if err := e.Encode(front); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s\n", strings.ReplaceAll(reply, "\n", "\n\n"))
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// writeTheme copies the layouts and data of the theme into an ordinary Hugo
// site. Only one thing differs: the reply is the page's content.
func writeTheme(dir string, o pages.Options) error {
	theme, err := fs.Sub(huiyin.Files, "themes/huiyin")
	if err != nil {
		return err
	}
	err = fs.WalkDir(theme, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !(strings.HasPrefix(name, "layouts/") || strings.HasPrefix(name, "data/")) {
			return err
		}
		text, err := fs.ReadFile(theme, name)
		if err != nil {
			return err
		}
		if name == "layouts/case.html" {
			changed := strings.Replace(string(text), "{{ with $p.reply_html }}{{ . | safeHTML }}", "{{ with $.Content }}{{ . }}", 1)
			if changed == string(text) {
				return fmt.Errorf("the case layout has no reply to replace")
			}
			text = []byte(changed)
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o644)
	})
	if err != nil {
		return err
	}
	params, err := json.Marshal(o.SiteParams())
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "assets.json"), []byte(`{"css/huiyin.css":"assets/css/huiyin.css"}`), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "hugo.json"), fmt.Appendf(nil, `{
 "baseURL": %q, "locale": "zh-CN", "uglyURLs": true, "disableHugoGeneratorInject": true, "params": %s,
 "disableKinds": ["home", "section", "taxonomy", "term", "rss", "sitemap", "404", "robotstxt"]
}`, o.BaseURL, params), 0o644)
}

// plainHugo builds the site in dir as the command hugo does.
func plainHugo(dir string) error {
	return commands.Execute([]string{"-s", dir, "--quiet", "--noBuildLock"})
}
