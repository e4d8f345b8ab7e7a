package generator

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// Proof is what was found of a withdrawn case when every place in which it could stand
// was read again. It holds nothing of the case but its number.
type Proof struct {
	Number record.CaseNumber `json:"number"`
	Places []ProofPlace      `json:"places"`
}

// The places that a proof reads.
const (
	PlacePage     = "page"     // what a reader of its address is given
	PlaceReleases = "releases" // each file of every kept release, hidden ones too
	PlaceStore    = "store"    // texts and versions of the store
	PlaceSearch   = "search"   // the index that the cases are searched in
	PlaceExport   = "export"   // the folder of plain files
)

// ProofPlace is one place. A place that this installation does not have is not listed.
type ProofPlace struct {
	Place string   `json:"place"`
	Gone  bool     `json:"gone"`            // the case is not there
	Where []string `json:"where,omitempty"` // where it still is, or why that cannot be told
}

// Gone reports whether the case is in none of the places.
func (p Proof) Gone() bool {
	return !slices.ContainsFunc(p.Places, func(p ProofPlace) bool { return !p.Gone })
}

// Proving says where [Generator.Prove] looks beside the store and the releases.
type Proving struct {
	Index  func(context.Context) (search.Engine, error) // opens the index to read it; nil: nothing is searched
	Export string                                       // folder; empty: none

	// Phrases are words of each case as it was, which must not stand at its address any
	// more; see [Phrases].
	Phrases map[record.CaseNumber][]string
}

// Phrases returns the longest runs of Chinese characters in the title, the question and
// the reply of a case, of four to twenty characters each: words to look for when it
// should be gone. Shorter ones, such as 投诉, stand in the marks of the site itself and would
// be found on any page. They are personal as the case is, and are not to be printed.
func Phrases(c *record.Case) (all []string) {
	const least, most = 4, 20
	for _, text := range []string{c.Title, c.Question, c.Reply.Text} {
		longest := ""
		for run := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
			if utf8.RuneCountInString(run) > utf8.RuneCountInString(longest) {
				longest = run
			}
		}
		if runes := []rune(longest); len(runes) >= least {
			all = append(all, string(runes[:min(len(runes), most)]))
		}
	}
	return all
}

// Prove reads every place again in which withdrawn cases could stand. What it cannot
// read counts as not gone.
func (g *Generator) Prove(ctx context.Context, numbers []record.CaseNumber, o Proving) ([]Proof, error) {
	rows, err := g.o.Store.CasesByNumber(ctx, numbers)
	if err != nil {
		return nil, err
	}
	if len(rows) != len(numbers) {
		return nil, errors.New("generator: a case to be looked for is not in the store")
	}
	view, _, viewErr := g.o.Releases.Refresh()
	if viewErr == nil {
		defer view.Close()
	}
	published := !errors.Is(viewErr, release.ErrNoRelease)
	found, searchErr := searched(ctx, rows, o.Index)
	proofs := make([]Proof, len(rows))
	for i := range rows {
		p := &proofs[i]
		p.Number = rows[i].Number
		add := func(place string, where ...string) {
			p.Places = append(p.Places, ProofPlace{Place: place, Gone: len(where) == 0, Where: where})
		}
		add(PlaceStore, inStore(&rows[i])...)
		if published {
			where := orUnread(nil, viewErr)
			if viewErr == nil {
				where = onPage(view, p.Number, o.Phrases[p.Number])
			}
			add(PlacePage, where...)
			files, err := g.o.Releases.Showing(ctx, []string{string(p.Number)})
			add(PlaceReleases, orUnread(files, err)...)
		}
		if o.Index != nil {
			var where []string
			if found[p.Number] {
				where = []string{"it is found"}
			}
			add(PlaceSearch, orUnread(where, searchErr)...)
		}
		if o.Export != "" && published {
			where, err := g.exported(o.Export, p.Number, o.Phrases[p.Number])
			add(PlaceExport, orUnread(where, err)...)
		}
	}
	return proofs, ctx.Err()
}

// orUnread adds to where a case was found why a place could not be read.
func orUnread(where []string, err error) []string {
	if err != nil {
		msg, _, _ := fault.Public(err)
		where = append(where, "it cannot be read: "+msg)
	}
	return where
}

func inStore(c *record.Case) (where []string) {
	if c.Prominence != record.Withdrawn {
		where = append(where, "it is not withdrawn")
	}
	if c.Title+c.Question+c.Reply.Text != "" || len(c.Attachments) > 0 {
		where = append(where, "its texts or files are kept")
	}
	return where
}

// onPage reads the address of the case as a reader would.
func onPage(view *release.View, n record.CaseNumber, phrases []string) []string {
	path := record.CasePath(n)
	entry, state := view.Lookup(path)
	if state != release.Withdrawn && state != release.Missing {
		return []string{path + " is " + state.String()}
	}
	if !entry.HasBody() {
		return nil
	}
	body, err := view.Plain(entry)
	return orUnread(saysAny(path, body, phrases), err)
}

// saysAny returns the path where its page holds one of the phrases.
func saysAny(path string, body []byte, phrases []string) []string {
	for _, phrase := range phrases {
		if bytes.Contains(body, []byte(phrase)) {
			return []string{path + " shows words of it"}
		}
	}
	return nil
}

// searched looks for cases in the index: among all that were received on the day of each.
func searched(ctx context.Context, rows []record.Case, open func(context.Context) (search.Engine, error)) (found map[record.CaseNumber]bool, err error) {
	if open == nil {
		return nil, nil
	}
	engine, err := open(ctx)
	if err != nil {
		return nil, unusable(err)
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	found = map[record.CaseNumber]bool{}
	for i := range rows {
		q := search.Query{}
		if d := rows[i].Received; d.Known() {
			y, m, dd := d.Time().Date()
			day := int64(y)*10000 + int64(m)*100 + int64(dd)
			q.Filters = []search.Filter{{Field: search.FieldReceived, Min: &day, Max: &day}}
		}
		err := engine.Each(ctx, q, func(h search.Hit) error {
			found[rows[i].Number] = found[rows[i].Number] || h.ID == string(rows[i].Number)
			return nil
		})
		if errors.Is(err, search.ErrNoIndex) {
			return found, nil
		}
		if err != nil {
			return found, unusable(err)
		}
	}
	return found, nil
}

// exported looks into the folder of plain files: it must be level with the releases, and
// the page of the case its tombstone and nothing else. A folder whose export is not there
// proves nothing.
func (g *Generator) exported(dir string, n record.CaseNumber, phrases []string) (where []string, err error) {
	due, err := g.o.Releases.ExportDue(dir)
	if err != nil {
		return nil, err
	}
	if due {
		where = append(where, "the folder is not level with the release")
	}
	path := record.CasePath(n)
	body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return where, nil
	}
	if err != nil {
		return where, err
	}
	sum, err := g.o.Releases.ExportedTombstone(dir, path)
	words := saysAny(path, body, phrases)
	if now := sha256.Sum256(body); len(words) == 0 && sum != hex.EncodeToString(now[:]) {
		words = []string{path + " is not its tombstone"}
	}
	return append(where, words...), err
}
