package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/static"
	"github.com/huiyin/huiyin/site/release"
)

// staticSearch adds to an export the index and the script that search it without
// a program on the server.
type staticSearch struct{ program string }

// searchMark is where the search page begins that a server of Huiyin's own fills.
const searchMark = "<!--huiyin:search-->"

// staticExtra returns the search of an export, if the configuration wants one.
func staticExtra(c *config.Config) (*release.Extra, error) {
	if !c.Export.Search {
		return nil, nil
	}
	program, err := programID()
	if err != nil {
		return nil, err
	}
	pages := []string{search.PagePath}
	for _, lang := range c.Site.Languages {
		pages = append(pages, lang+"/"+search.PagePath)
	}
	slices.Sort(pages)
	return &release.Extra{Pages: pages, Maker: staticSearch{program}}, nil
}

// Prepare refuses a release with too many cases.
func (s staticSearch) Prepare(_ context.Context, v *release.View) (string, error) {
	words, err := vocabularyOf(v)
	if err != nil {
		return "", err
	}
	if words.Docs > static.MaxDocs {
		return "", tooMany(words.Docs)
	}
	return s.program, nil
}

func tooMany(docs int) error {
	return fault.Coded(fault.ExitPartial,
		fmt.Sprintf("the plain files are level, but cannot be searched: %d cases are published in full, and a search without a server holds %d", docs, static.MaxDocs),
		"serve the site with huiyin-web --search, or leave --search away (export.search: false)", static.ErrTooMany)
}

// vocabularyOf reads the names of values that a release publishes.
func vocabularyOf(v *release.View) (search.VocabularyFile, error) {
	e, state := v.Lookup(search.VocabularyPath)
	if state != release.Found {
		return search.VocabularyFile{}, fault.New("the release was made before there was a search", "run huiyin publish, then export again")
	}
	body, err := v.Plain(e)
	if err != nil {
		return search.VocabularyFile{}, err
	}
	words, err := search.DecodeVocabulary(body)
	if err != nil {
		return search.VocabularyFile{}, fault.Coded(fault.ExitDamaged, search.VocabularyPath+" of the release is damaged", "run huiyin fsck", err)
	}
	return words.VocabularyFile, nil
}

// Page puts the script into the search page. Its address changes with it, so that
// no cache keeps an old one.
func (s staticSearch) Page(name string, body []byte) []byte {
	sum := sha256.Sum256(static.Script())
	tag := fmt.Sprintf(`<script type="module" src="%s%s/%s?%s"></script>`,
		strings.Repeat("../", strings.Count(name, "/")), release.ExtraFolder, static.ScriptName, hex.EncodeToString(sum[:4]))
	return []byte(strings.Replace(string(body), searchMark, searchMark+"\n"+tag, 1))
}

// Make writes the index.
func (s staticSearch) Make(ctx context.Context, v *release.View, put func(string, []byte) error) error {
	words, err := vocabularyOf(v)
	if err != nil {
		return err
	}
	_, err = static.Write(ctx, func() iter.Seq2[search.Doc, error] { return generator.SearchDocs(ctx, v) }, static.Options{
		Schema: search.SiteSchema(), Vocabulary: words, Lang: "zh-CN", Site: strings.Repeat("../", strings.Count(release.ExtraFolder, "/")+1),
	}, put)
	if errors.Is(err, static.ErrTooMany) {
		return tooMany(words.Docs)
	}
	return err
}
