package site

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/huiyin/huiyin"
	"github.com/huiyin/huiyin/generator/fault"
)

const (
	themeFolder = "themes/huiyin"

	// maxTemplates is how many templates a build may parse. Each costs about half
	// a millisecond of every build.
	maxTemplates = 15

	// rendererVersion changes when this package makes other bytes of the same
	// pages and theme.
	rendererVersion = "1"
)

// Theme is the templates, words and assets of the site, read once. It is not
// changed afterwards and is safe for concurrent use.
type Theme struct {
	opts      Options
	templates map[string][]byte   // by path below the theme: layouts/case.html
	refs      map[string][]string // template -> the partials that it mentions
	data      map[string][]byte   // data files as JSON, by path below the theme
	languages []string
	assets    []File
	assetName map[string]string // css/main.css -> assets/css/main.0123456789ab.css
}

// LoadTheme reads the theme in opts.Files and checks that it keeps the rules of
// docs/theme.md.
func LoadTheme(opts Options) (*Theme, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if opts.Files == nil {
		opts.Files = huiyin.Files
	}
	t := &Theme{
		opts:      opts,
		templates: map[string][]byte{},
		refs:      map[string][]string{},
		data:      map[string][]byte{},
	}
	if err := t.read(); err != nil {
		return nil, fault.Wrap(err, "the theme cannot be used", "compare it with docs/theme.md")
	}
	return t, nil
}

func (t *Theme) read() error {
	assets := map[string][]byte{}
	root, err := fs.Sub(t.opts.Files, themeFolder)
	if err != nil {
		return err
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		folder, below, _ := strings.Cut(name, "/")
		if folder != "layouts" && folder != "data" && folder != "assets" {
			return nil
		}
		b, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		switch folder {
		case "layouts":
			return t.addTemplate(name, b)
		case "data":
			return t.addData(name, b)
		}
		assets[below] = b
		return nil
	})
	if err != nil {
		return err
	}
	if t.templates["layouts/baseof.html"] == nil {
		return errors.New("layouts/baseof.html is missing")
	}
	if !slices.Contains(t.languages, t.opts.Lang) {
		return fmt.Errorf("data/labels/%s.yaml is missing", t.opts.Lang)
	}
	return t.addAssets(assets)
}

var (
	partialCall    = regexp.MustCompile(`\b(?:partial|partialCached)\s+("[^"]*"|\S+)`)
	comment        = regexp.MustCompile(`(?s)\{\{-?\s*/\*.*?\*/\s*-?\}\}`)
	literalPartial = regexp.MustCompile(`^"([a-z0-9/_-]+\.html)"$`)
)

// addTemplate keeps a template and the partials that it mentions, which have to
// be literals, since a build holds only the templates that are mentioned.
func (t *Theme) addTemplate(name string, b []byte) error {
	if !strings.HasSuffix(name, ".html") {
		return fmt.Errorf("%s: a template is named NAME.html", name)
	}
	if name == "layouts/home.html" || name == "layouts/index.html" {
		return fmt.Errorf("%s: Hugo keeps this name for the front page of a site of its own and drops the layout: give it another name", name)
	}
	t.templates[name] = b
	t.refs[name] = nil
	for _, action := range actions(comment.ReplaceAll(b, nil)) {
		for _, m := range partialCall.FindAllSubmatch(action, -1) {
			lit := literalPartial.FindSubmatch(m[1])
			if lit == nil {
				return fmt.Errorf("%s: name the partial as a literal, with .html, in %s", name, m[0])
			}
			t.refs[name] = append(t.refs[name], "layouts/_partials/"+string(lit[1]))
		}
	}
	return nil
}

// actions returns what stands between {{ and }} in a template.
func actions(b []byte) [][]byte {
	var all [][]byte
	for _, part := range strings.Split(string(b), "{{")[1:] {
		action, _, _ := strings.Cut(part, "}}")
		all = append(all, []byte(action))
	}
	return all
}

// addData keeps a data file as JSON, which Hugo reads faster than YAML.
func (t *Theme) addData(name string, b []byte) error {
	base, yml := strings.CutSuffix(name, ".yaml")
	if !yml {
		return fmt.Errorf("%s: a data file is named NAME.yaml", name)
	}
	var v map[string]any
	if err := yaml.Unmarshal(b, &v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	js, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	t.data[base+".json"] = js
	if lang, ok := strings.CutPrefix(base, "data/labels/"); ok {
		t.languages = append(t.languages, lang)
	}
	return nil
}

var cssURL = regexp.MustCompile(`url\(\s*["']?([^"')]+?)["']?\s*\)`)

// addAssets names the assets after their content. Style sheets come last, since
// they hold names of others.
func (t *Theme) addAssets(assets map[string][]byte) error {
	t.assetName = make(map[string]string, len(assets))
	names := slices.SortedFunc(maps.Keys(assets), func(a, b string) int {
		if acss, bcss := path.Ext(a) == ".css", path.Ext(b) == ".css"; acss != bcss {
			if acss {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		b := assets[name]
		if path.Ext(name) == ".css" {
			b = cssURL.ReplaceAllFunc(b, func(m []byte) []byte {
				target := path.Join(path.Dir(name), string(cssURL.FindSubmatch(m)[1]))
				published, ok := t.assetName[target]
				if !ok {
					return m
				}
				up := strings.Repeat("../", strings.Count(name, "/"))
				return fmt.Appendf(nil, `url("%s")`, up+strings.TrimPrefix(published, "assets/"))
			})
		}
		sum := sha256.Sum256(b)
		ext := path.Ext(name)
		published := "assets/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		t.assetName[name] = published
		t.assets = append(t.assets, File{Path: published, Body: b})
	}
	slices.SortFunc(t.assets, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	js, err := json.Marshal(t.assetName)
	if err != nil {
		return err
	}
	t.data["data/assets.json"] = js
	return nil
}

// Assets returns the style sheets, scripts and images of the theme as they are
// published, by path. The caller must not change them.
func (t *Theme) Assets() []File { return t.assets }

// Languages returns the languages that the theme has words in, sorted.
func (t *Theme) Languages() []string { return t.languages }

// Fingerprint returns a hash of all that a build of these layouts depends on
// but for its pages: templates, words, names of assets, options, and the
// versions of this package and of Hugo.
func (t *Theme) Fingerprint(layouts []string) ([sha256.Size]byte, error) {
	files, err := t.files(layouts)
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	h := sha256.New()
	hashString(h, rendererVersion, hugoVersion(), t.opts.BaseURL, t.opts.Lang)
	for _, k := range slices.Sorted(maps.Keys(t.opts.Site)) {
		hashString(h, k, t.opts.Site[k])
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		hashString(h, name, string(files[name]))
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// hashString hashes each string with its length.
func hashString(h hash.Hash, ss ...string) {
	for _, s := range ss {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
}

// files returns the files of the theme that pages of these layouts need.
func (t *Theme) files(layouts []string) (map[string][]byte, error) {
	files := maps.Clone(t.data)
	n := 0
	var add func(name, from string) error
	add = func(name, from string) error {
		if files[name] != nil {
			return nil
		}
		b := t.templates[name]
		if b == nil {
			return fault.Wrap(fmt.Errorf("%s is missing, named by %s", name, from),
				"the theme lacks a template", "compare it with docs/theme.md")
		}
		files[name] = b
		n++
		for _, ref := range t.refs[name] {
			if err := add(ref, name); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add("layouts/baseof.html", "every page"); err != nil {
		return nil, err
	}
	for _, l := range layouts {
		if err := add("layouts/"+l+".html", "a partition"); err != nil {
			return nil, err
		}
	}
	if n > maxTemplates {
		return nil, fault.Wrap(fmt.Errorf("layouts %s need %d templates", strings.Join(layouts, ", "), n),
			"a kind of page needs too many templates", fmt.Sprintf("keep it at %d: join partials", maxTemplates))
	}
	return files, nil
}
