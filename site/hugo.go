package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/bep/logg"
	"github.com/gohugoio/hugo/common/hugo"
	"github.com/gohugoio/hugo/common/loggers"
	hugoconfig "github.com/gohugoio/hugo/config"
	"github.com/gohugoio/hugo/config/allconfig"
	"github.com/gohugoio/hugo/deps"
	"github.com/gohugoio/hugo/hugofs"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/spf13/afero"
)

// hugoVersion returns the version of Hugo that is linked.
func hugoVersion() string { return hugo.CurrentVersion.String() }

// hugoEngine is the one place that knows Hugo. It is safe for concurrent use:
// builds share nothing.
//
// Hugo sees neither the addresses nor the titles of the pages. Page n is called
// "n" and comes out as "/n.html", so nothing in the data can choose where Hugo
// writes, and an address means to Hugo what any other parameter means.
type hugoEngine struct {
	config []byte
}

// newHugoEngine returns an engine whose templates see params as site.Params.
func newHugoEngine(params map[string]string) (*hugoEngine, error) {
	config := map[string]any{
		"baseURL":                    "https://site.invalid/",
		"title":                      "",
		"languageCode":               "zh-CN",
		"disableKinds":               []string{"home", "section", "taxonomy", "term", "rss", "sitemap", "robotstxt", "404"},
		"uglyURLs":                   true,
		"disableAliases":             true,
		"disableHugoGeneratorInject": true,
		"disablePathToLower":         true,
		"enableEmoji":                false,
		"enableGitInfo":              false,
		"enableInlineShortcodes":     false,
		"enableRobotsTXT":            false,
		"pluralizeListTitles":        false,
		"capitalizeListTitles":       false,
		"titleCaseStyle":             "none",
		"buildDrafts":                true,
		"buildFuture":                true,
		"buildExpired":               true,
		"timeZone":                   "UTC",
		"timeout":                    "24h", // the pool limits the time, by killing the child
		"taxonomies":                 map[string]string{},
		"outputs":                    map[string]any{"page": []string{"html"}},
		"markup": map[string]any{
			"goldmark": map[string]any{
				"renderer": map[string]any{"unsafe": false},
				"parser":   map[string]any{"attribute": map[string]any{"title": false, "block": false}},
			},
		},
		"security": map[string]any{
			"enableInlineShortcodes": false,
			"exec":                   map[string]any{"allow": []string{"none"}, "osEnv": []string{"none"}},
			"funcs":                  map[string]any{"getenv": []string{"none"}},
			"http":                   map[string]any{"urls": []string{"none"}, "methods": []string{"none"}},
		},
		"params": params,
	}
	b, err := json.Marshal(config)
	if err != nil {
		return nil, fmt.Errorf("encode the configuration of Hugo: %w", err)
	}
	return &hugoEngine{config: b}, nil
}

const (
	hugoRoot = "/w"
	// The adapter hands the data to Hugo: each element of the asset becomes a
	// page with the parameters given, and nothing else. Text of a page never
	// gets into a key that Hugo gives a meaning to.
	hugoAdapter = `{{ range $i, $p := (resources.Get "pages.json" | transform.Unmarshal) -}}
{{ $.AddPage (dict "path" (string $i) "layout" $p.layout "params" $p.params) }}{{ end }}`
)

// build renders one page for each element of the JSON array pages, which holds
// objects {"layout": name, "params": {...}}, and calls emit with the number of
// the element and the page rendered. emit is called by several goroutines at
// once and owns the bytes.
//
// A panic within Hugo's own goroutines ends the process: see Pool.
func (e *hugoEngine) build(files map[string][]byte, pages []byte, emit func(n int, body []byte)) (err error) {
	src := afero.NewMemMapFs()
	write := func(name string, b []byte) {
		if err == nil {
			err = afero.WriteFile(src, path.Join(hugoRoot, name), b, 0o444)
		}
	}
	write("hugo.json", e.config)
	write("content/_content.gotmpl", []byte(hugoAdapter))
	write("assets/pages.json", pages)
	for name, b := range files {
		write(name, b)
	}
	if err != nil {
		return fmt.Errorf("write into memory: %w", err)
	}

	flags := hugoconfig.New()
	flags.Set("workingDir", hugoRoot)
	flags.Set("publishDir", "public")
	var log bytes.Buffer
	out := &lockedWriter{w: &log}
	logger := loggers.New(loggers.Options{Level: logg.LevelWarn, StdOut: io.Discard, StdErr: out})
	configs, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{
		Fs:          src,
		Flags:       flags,
		Filename:    path.Join(hugoRoot, "hugo.json"),
		Environment: "production",
		Environ:     []string{"HUIYIN=1"}, // empty would mean the environment of the process
		Logger:      logger,
	})
	if err != nil {
		return fmt.Errorf("configure Hugo: %w", err)
	}
	fs := hugofs.NewFromSourceAndDestination(src, &pageFs{emit: emit}, flags)
	sites, err := hugolib.NewHugoSites(deps.DepsCfg{
		Configs: configs, Fs: fs, LogLevel: logg.LevelWarn, StdOut: io.Discard, StdErr: out,
	})
	if err != nil {
		return fmt.Errorf("start Hugo: %w", err)
	}
	defer sites.Close()
	if err := sites.Build(hugolib.BuildCfg{NoBuildLock: true}); err != nil {
		return fmt.Errorf("build with Hugo: %w (%s)", err, log.Bytes())
	}
	return nil
}

// lockedWriter lets Hugo's goroutines write to one writer.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// pageFs is the folder that Hugo publishes into. It can be written to and not
// be read: what Hugo would read back and rewrite there is only ever an accident.
type pageFs struct {
	emit func(n int, body []byte)
}

var _ afero.Fs = (*pageFs)(nil)

func (f *pageFs) Name() string { return "pages" }

func (f *pageFs) Create(name string) (afero.File, error) {
	s, ok := strings.CutSuffix(strings.Trim(strings.TrimPrefix(name, path.Join(hugoRoot, "public")), "/"), ".html")
	n, err := strconv.Atoi(s)
	if !ok || err != nil {
		return nil, &os.PathError{Op: "create", Path: name, Err: errors.New("not a page that was asked for")}
	}
	return &pageFile{fs: f, name: name, n: n}, nil
}

func (f *pageFs) OpenFile(name string, flag int, _ os.FileMode) (afero.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR) == 0 {
		return f.Open(name)
	}
	return f.Create(name)
}

func (f *pageFs) Open(name string) (afero.File, error) {
	return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
}

func (f *pageFs) Stat(name string) (os.FileInfo, error) {
	return nil, &os.PathError{Op: "stat", Path: name, Err: os.ErrNotExist}
}

func (f *pageFs) Mkdir(string, os.FileMode) error            { return nil }
func (f *pageFs) MkdirAll(string, os.FileMode) error         { return nil }
func (f *pageFs) Remove(string) error                        { return syscall.EPERM }
func (f *pageFs) RemoveAll(string) error                     { return syscall.EPERM }
func (f *pageFs) Rename(string, string) error                { return syscall.EPERM }
func (f *pageFs) Chmod(string, os.FileMode) error            { return nil }
func (f *pageFs) Chown(string, int, int) error               { return nil }
func (f *pageFs) Chtimes(string, time.Time, time.Time) error { return nil }

// pageFile collects one page and emits it when closed.
type pageFile struct {
	fs   *pageFs
	name string
	n    int
	body []byte
}

var _ afero.File = (*pageFile)(nil)

func (f *pageFile) Write(b []byte) (int, error) {
	f.body = append(f.body, b...)
	return len(b), nil
}

func (f *pageFile) Close() error {
	f.fs.emit(f.n, f.body)
	return nil
}

func (f *pageFile) WriteString(s string) (int, error)  { return f.Write([]byte(s)) }
func (f *pageFile) Name() string                       { return f.name }
func (f *pageFile) Sync() error                        { return nil }
func (f *pageFile) Stat() (os.FileInfo, error)         { return nil, os.ErrInvalid }
func (f *pageFile) Truncate(int64) error               { return os.ErrInvalid }
func (f *pageFile) Read([]byte) (int, error)           { return 0, os.ErrInvalid }
func (f *pageFile) ReadAt([]byte, int64) (int, error)  { return 0, os.ErrInvalid }
func (f *pageFile) Seek(int64, int) (int64, error)     { return 0, os.ErrInvalid }
func (f *pageFile) WriteAt([]byte, int64) (int, error) { return 0, os.ErrInvalid }
func (f *pageFile) Readdir(int) ([]os.FileInfo, error) { return nil, os.ErrInvalid }
func (f *pageFile) Readdirnames(int) ([]string, error) { return nil, os.ErrInvalid }
