// Package pages decides what the site consists of. It turns records and figures
// into partitions: sets of files that are made together and share one
// fingerprint. Planning reads every case once, without its texts; a partition's
// texts are read only when its fingerprint differs from the one that is already
// published.
//
// A page is a layout's name and its parameters. Text that a citizen or an
// office wrote becomes safe HTML here, in Go, and reaches the layout in a
// parameter whose key ends in _html; everything else is plain text that the
// layout escapes.
package pages

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
)

// Reader is what planning and making pages read of the store. All of it must
// come from one state of the store: what Make reads is what Plan has seen.
// Implementations must be safe for concurrent use.
type Reader interface {
	Register(ctx context.Context) (record.Register, error)
	// Facts yields every case in the order of its number, without texts.
	Facts(ctx context.Context) iter.Seq2[record.Fact, error]
	// Cases yields the cases from <= number <= to, with texts, in that order.
	Cases(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.Case, error]
	// Events yields the public history of the cases from <= number <= to, in the
	// order of their numbers, oldest first within each.
	Events(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.Event, error]
	// CasesByNumber returns cases with their texts, in the order asked for.
	CasesByNumber(ctx context.Context, numbers []record.CaseNumber) ([]record.Case, error)
	Tombstones(ctx context.Context) ([]record.Tombstone, error)
	// Takedowns returns the events by which cases were withdrawn, reinstated, merged, or
	// corrected for a reason, by their numbers, oldest first within each.
	Takedowns(ctx context.Context) ([]record.Event, error)
	// Assessments returns the results that evaluating bodies delivered, by identifier.
	Assessments(ctx context.Context) ([]record.Assessment, error)
	// Accountability returns what was done about units, by identifier.
	Accountability(ctx context.Context) ([]record.Accountability, error)
	AttachmentReader
	CommitmentReader
}

// Book is what pages need of the figures; [assess.Book] is one. The cut-off is
// the day to which every figure of the book was computed.
type Book interface {
	Cutoff() record.Day
	Scopes(record.Dimension) []record.Scope // in which anything was received
	// Terms returns the periods of a post that lie within one term of office.
	Terms(record.Scope) []record.Period
	Set(record.Scope, record.Period) (assess.Set, bool)
	Rank(assess.RankRules, assess.View, record.Period) assess.Ranking
	// ScopeFigures returns the figures of a scope for the data files: of the given
	// periods, or of all in which it received anything.
	ScopeFigures(record.Scope, ...record.Period) []record.Figure
}

// Partition is a set of files that are made together, by one Hugo build or by
// Go. Equal fingerprints mean equal files, so that a partition whose
// fingerprint is already published is not made again. Equal content made into files by
// equal means is equal files too, whatever the fingerprint says.
type Partition struct {
	Key         string   // ^[a-z0-9/-]+$, unique in a plan
	Fingerprint [32]byte // of everything that the files are made from
	Means       [32]byte // of what turns Make's content into files: program, settings, theme; zero: not told
	Layouts     []string // layouts of the theme that Make's pages use; empty when Go makes the files

	// Make reads what the partition needs and returns it. It may be called at
	// any time while the plan's Reader is open, from any goroutine, and more
	// than once.
	Make func(ctx context.Context) (Content, error)
}

// Content is what a partition holds: pages for Hugo, or finished files.
type Content struct {
	Pages []Page
	Files []File
}

// Page is one page before it is rendered. Params marshals to a JSON object
// whose scalars are strings and whose keys are lower case; see docs/theme.md.
type Page struct {
	Path   string // relative to the site's root, as in package record
	Layout string
	Lang   string
	Title  string
	Params any
	Shows  []record.CaseNumber // the cases of which the page shows anything but the number
	Doc    *search.Doc         // what is searched of the page; nil: nothing. It is published where the page is
	Moved  record.CaseNumber   // the case whose page this one leads on to; "": none
}

// File is one finished file.
type File struct {
	Path  string
	Body  []byte
	Shows []record.CaseNumber
}

// Options is what the installation says about its site.
type Options struct {
	BaseURL string // absolute address of the site's root, http or https; a missing final slash is added
	Version string // of the program: changes whenever it makes other pages of the same records

	// Theme returns a hash of all that pages of these layouts take from the
	// theme; Theme.Fingerprint of package site is one.
	Theme func(layouts []string) ([32]byte, error)

	Langs  []string          // interface languages; the first is the office's own and has no prefix. Empty: zh-CN and en
	Labels map[string]Labels // by language; see [ReadLabels]
	Texts  []Text            // hand-written pages
	Tag    string            // authority and date of the feeds' tag: addresses, "host,2006"; empty: the host of BaseURL and 2026
	Site   Site

	Restated []record.Restatement // figures that were published and are others now, the latest first

	Judged   []record.Judged // replies that people read, to tell how far the rule on their substance is right
	Workdays Workdays        // for the days from reply to publication; nil: calendar days
	Notes    NoteKeeper      // nil: what is counted of texts is not kept

	// Deadlines are the rules by which the reader's cases have due days where none was
	// delivered; nil: they have those that were delivered and no others.
	Deadlines *deadline.Cases

	Ranks         assess.RankRules      // how units are ranked; without measures: not at all
	FirstRankings []record.FirstRanking // what rankings said when they were first published

	Synonyms string // text of the file of names that mean the same, [search.SynonymsPath]; empty: none is published
}

// Text is a hand-written page, as ContentPages of package site makes them:
// Params is a JSON object with body_html and, where it has one, description.
type Text struct {
	Path   string
	Layout string
	Lang   string
	Title  string
	Params json.RawMessage
}

// Site is the identity that stands on every page. All but Name may be empty;
// with CNGov set, those that the rules on government websites ask for may not.
type Site struct {
	Name      string
	NameEn    string // empty: Name
	Organiser string // 主办单位
	Operator  string // 承办单位
	Contact   string // line or address for questions about the site
	Domain    string // SiteDomain; empty: the host of the base URL
	SiteCode  string // 网站标识码: ten digits, or bm and eight digits
	ICP       string // ICP 备案号
	Police    string // 公安备案号, as printed
	CNGov     bool   // profile cn-gov: the meta tags of the page-label rules
}

// siteCode is the form of a 网站标识码, recordCode the digits within a 公安备案号.
var (
	siteCode   = regexp.MustCompile(`^(\d{10}|bm\d{8})$`)
	recordCode = regexp.MustCompile(`\d{14}`)
)

// withDefaults returns o completed, or an error that says which setting is
// missing or wrong.
func (o Options) withDefaults() (Options, error) {
	u, err := url.Parse(o.BaseURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return o, fault.New("the site's base URL is not an absolute http or https address",
			"set it to the address under which the public reaches the site, such as https://www.example.gov.cn/huiyin/")
	}
	if !strings.HasSuffix(o.BaseURL, "/") {
		o.BaseURL += "/"
	}
	if len(o.Langs) == 0 {
		o.Langs = []string{"zh-CN", "en"}
	}
	for _, l := range o.Langs {
		if len(o.Labels[l]) == 0 {
			return o, fault.New(fmt.Sprintf("the theme has no labels for language %q", l), "add data/labels/"+l+".yaml to the theme, or remove the language")
		}
	}
	if o.Theme == nil {
		return o, errors.New("pages: Options.Theme is missing")
	}
	o.Tag = cmp.Or(o.Tag, u.Hostname()+",2026")
	s := &o.Site
	if s.Name == "" {
		return o, fault.New("the site has no name", "set site.name")
	}
	s.NameEn = cmp.Or(s.NameEn, s.Name)
	s.Domain = cmp.Or(s.Domain, u.Hostname())
	if s.CNGov {
		for _, m := range []struct{ key, value string }{{"organiser", s.Organiser}, {"contact", s.Contact}, {"site_code", s.SiteCode}} {
			if m.value == "" {
				return o, fault.New("site."+m.key+" is missing", "the profile cn-gov requires it")
			}
		}
		if !siteCode.MatchString(s.SiteCode) {
			return o, fault.New("site.site_code is not a site identification code", "give ten digits, or bm and eight digits")
		}
	}
	return o, nil
}

// Plan returns every partition of the site, sorted by key. It reads the
// register, the tombstones and, once, all facts; it reads no text. The same
// inputs give the same plan.
func Plan(ctx context.Context, r Reader, b Book, o Options) ([]Partition, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	p, err := newPlanner(ctx, r, b, o)
	if err != nil {
		return nil, err
	}
	var parts []Partition
	for _, f := range []func() []Partition{
		p.casePages, p.attachments, p.monthLists, p.unitLists,
		p.homePages, p.unitPages, p.areaPages, p.topicPages, p.channelPages, p.monthPages, p.bulletins,
		p.rankings, p.quality, p.promises, p.qualities, p.restated, p.takedowns, p.assessments, p.accountability, p.data, p.textPages, p.searchPages, p.feeds, p.sitemaps,
	} {
		parts = append(parts, f()...)
	}
	for i := range parts {
		parts[i].Means = p.base
		if len(parts[i].Layouts) == 0 {
			continue
		}
		theme, err := p.theme(parts[i].Layouts)
		if err != nil {
			return nil, fmt.Errorf("plan pages: partition %s: %w", parts[i].Key, err)
		}
		var f finger
		f.sum(parts[i].Fingerprint)
		f.sum(theme)
		parts[i].Fingerprint = f.done()
		var means finger
		means.sum(p.base)
		means.sum(theme)
		parts[i].Means = means.done()
	}
	slices.SortFunc(parts, func(a, b Partition) int { return strings.Compare(a.Key, b.Key) })
	return parts, nil
}

// SiteParams returns the identity of the site as the strings that every layout
// may print as site.Params.
func (o Options) SiteParams() map[string]string {
	o, err := o.withDefaults()
	if err != nil {
		return nil // Plan reports it
	}
	s := o.Site
	m := map[string]string{
		"name": s.Name, "name_en": s.NameEn, "organiser": s.Organiser, "operator": s.Operator, "contact": s.Contact,
		"domain": s.Domain, "site_code": s.SiteCode, "icp": s.ICP, "police": s.Police, "police_code": recordCode.FindString(s.Police), "lang": o.Langs[0],
	}
	if len(o.Ranks.Measures) > 0 {
		m["rankings"] = "yes"
	}
	if s.CNGov {
		m["cn_gov"] = "yes"
	}
	maps.DeleteFunc(m, func(_, v string) bool { return v == "" })
	return m
}
