package source

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Program is a mapping made ready to run. It is immutable and safe for
// concurrent use.
type Program struct {
	Inputs []*Plan
	Limits Limits // with defaults filled in
	rules  map[Kind]*refRule

	aliasFiles []AliasFile
}

// Plan is one input of a [Program]: what the mapping says of one kind of file.
type Plan struct {
	Input
	Number   int  // position in the mapping, from 0
	JSONRows Path // of Input.Rows, or of Input.Cell.Rows
	AsOfName *regexp.Regexp
	AsOfHead *regexp.Regexp
	AsOfPath Path

	cell    *column // of Input.Cell
	asOf    *dateReader
	key     *column
	fields  []field // sorted by name
	levels  []*column
	skip    []condition
	only    []condition
	gone    []condition
	slots   []slot // every name that the input mentions
	footers []string
	limits  Limits
	whole   bool // a field is made from items that lie deeper in a JSON row
}

// field is one field of an input.
type field struct {
	name string
	mean meaning
	col  *column
}

// slot is a name of a column or a path, as it is mentioned in the mapping.
type slot struct {
	text    string // as written
	folded  string
	special string // file, sheet, row, key: written with @
	up      int    // how many elements above the row
	path    Path
	literal string // the whole name, which a member of a row may have
}

// column is a compiled [Column].
type column struct {
	slots    []int
	constant *string
	template []part
	anyOf    []*column
	digest   [][]int
	html     bool
	extract  []*regexp.Regexp
	missing  map[string]bool
	values   *table
	other    string
	match    *regexp.Regexp
	dates    *dateReader
	split    *regexp.Regexp
	join     string
	code     bool
	name     *column
	each     Path
	item     []field
	items    [][]field
	required bool
	label    string // what an error calls the column
}

type part struct {
	text  string
	slots []int
}

// table is a compiled value table.
type table struct {
	exact  map[string]string
	folded map[string]string
	rules  []rule
}

type rule struct {
	re *regexp.Regexp
	to string
}

type condition struct {
	slots  []int
	equals map[string]bool
	match  *regexp.Regexp
	empty  bool
	not    bool
}

// refRule is a compiled [Register].
type refRule struct {
	aliases map[string]string
	flag    bool
}

var streamName = regexp.MustCompile(`^[a-zA-Z0-9-]{1,64}$`)

// Compile checks a mapping and makes it ready to run. An error names the place
// in the mapping.
func Compile(m Mapping) (*Program, error) {
	c := compiler{zone: "+08:00"}
	if m.Zone != "" {
		c.zone = m.Zone
	}
	if _, err := zoneOf(c.zone); err != nil {
		return nil, c.at(err.Error(), "zone")
	}
	c.missing = append(slices.Clone(missing), m.Missing...)
	p := &Program{rules: map[Kind]*refRule{}}
	var err error
	if p.Limits, err = c.limits(m.Limits); err != nil {
		return nil, err
	}
	for _, k := range []struct {
		Kind
		Register
	}{{Area, m.Registers.Area}, {Unit, m.Registers.Unit}, {Topic, m.Registers.Topic}, {Channel, m.Registers.Channel}} {
		kind, r := k.Kind, k.Register
		if r.AliasFile != "" {
			p.aliasFiles = append(p.aliasFiles, AliasFile{kind, r.AliasFile})
		}
		rr := &refRule{aliases: map[string]string{}, flag: r.Unlisted == "flag"}
		if !slices.Contains([]string{"", "derive", "flag"}, r.Unlisted) {
			return nil, c.at(`"derive" or "flag" is wanted here`, "registers", string(kind), "unlisted")
		}
		for _, a := range r.Aliases {
			rr.aliases[Fold(a.From)] = a.To
		}
		p.rules[kind] = rr
	}
	if len(m.Inputs) == 0 {
		return nil, c.at("no input is listed", "inputs")
	}
	for i, in := range m.Inputs {
		c.path = []any{"inputs", i}
		plan, err := c.input(in, i)
		if err != nil {
			return nil, err
		}
		plan.limits = p.Limits
		p.Inputs = append(p.Inputs, plan)
	}
	return p, nil
}

// compiler holds where it is in the mapping, for errors.
type compiler struct {
	zone    string
	missing []string
	path    []any
	in      *Plan
	bySlot  map[string]int
}

// at returns an error at the current place, or at one below it.
func (c *compiler) at(msg string, below ...any) error {
	return &placeError{path: append(slices.Clone(c.path), below...), msg: msg}
}

// within runs f one step deeper in the mapping.
func (c *compiler) within(step any, f func() error) error {
	c.path = append(c.path, step)
	err := f()
	c.path = c.path[:len(c.path)-1]
	return err
}

func (c *compiler) limits(l Limits) (Limits, error) {
	if l.Cell < 0 || l.Row < 0 || l.Rows < 0 || l.Unpacked < 0 || l.Ratio < 0 || l.Strings < 0 || l.File < 0 || l.Files < 0 {
		return l, c.at("a limit cannot be negative", "limits")
	}
	or := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	or(&l.Cell, 1<<20)
	or(&l.Row, 32<<20)
	or(&l.Rows, 5_000_000)
	or64 := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	or64(&l.Unpacked, 4<<30)
	or64(&l.Ratio, 200)
	or64(&l.Strings, 256<<20)
	or64(&l.File, 16<<20)
	or64(&l.Files, 32<<20)
	return l, nil
}

func (c *compiler) input(in Input, i int) (*Plan, error) {
	if in.Kind == "" {
		in.Kind = Case
	}
	if in.Stream == "" {
		in.Stream = cmp.Or(feedOf(in.Glob), string(in.Kind))
	}
	p := &Plan{Input: in, Number: i}
	c.in, c.bySlot = p, map[string]int{}
	known, ok := fieldsOf[in.Kind]
	if !ok {
		return nil, c.at("the kind is one of case, unit, area, topic, channel, assessment, accountability", "kind")
	}
	if !streamName.MatchString(in.Stream) {
		return nil, c.at("a stream is named with letters, digits and hyphens", "stream")
	}
	for _, err := range []error{
		c.choice(in.Format, "format", "", "csv", "xlsx", "html", "json", "jsonl"),
		c.choice(in.Encoding, "encoding", "", "utf-8", "gb18030", "big5", "utf-16le", "utf-16be", "windows-1252"),
		c.choice(in.Quotes, "quotes", "", "double", "none"),
		c.choice(in.Repeat, "repeat", "", "last", "first", "refuse"),
		c.files(in, known),
		c.header(in),
		c.rows(p),
		c.asOf(p),
		c.keyOf(p),
		c.conditions(p),
		c.fields(p, known),
	} {
		if err != nil {
			return nil, err
		}
	}
	for _, f := range in.Footer {
		p.footers = append(p.footers, Fold(f))
	}
	return p, nil
}

// feedOf returns the name of the feed whose pages the patterns are for, or "" where they are
// for other files, too.
func feedOf(globs []string) (name string) {
	for _, g := range globs {
		rest, ok := strings.CutPrefix(g, "feeds/")
		feed, _, deeper := strings.Cut(rest, "/")
		if !ok || !deeper || !streamName.MatchString(feed) || name != "" && feed != name {
			return ""
		}
		name = feed
	}
	return name
}

func (c *compiler) choice(v, key string, list ...string) error {
	if slices.Contains(list, v) {
		return nil
	}
	return c.at("one of these is wanted here: "+strings.Join(list[1:], ", "), key)
}

func (c *compiler) files(in Input, known map[string]meaning) error {
	register := !in.Kind.Keyed()
	switch {
	case len(in.Glob) == 0 && in.File == "":
		return c.at("glob is missing: which files is this input?", "glob")
	case in.File != "" && len(in.Glob) > 0:
		return c.at("either glob or file, not both", "file")
	case in.File != "" && !register, in.OnlyNamed && !register:
		return c.at("only for registers: unit, area, topic, channel", "kind")
	case (len(in.Levels) > 0 || in.Children != "") && known[FieldParent].ref == "":
		return c.at("only for registers with levels: unit, area, topic", "kind")
	}
	_, named := in.Fields[FieldAttachments]
	switch {
	case named && in.Folder == "":
		return c.at("folder is missing: where are the files that the field attachments names?", "folder")
	case in.Folder != "" && !named:
		return c.at("only with the field attachments", "folder")
	case in.Folder != "" && (!fs.ValidPath(in.Folder) || in.Folder == "."):
		return c.at("a folder beside the export, such as files or 2026/files, without .. and without a slash at its ends", "folder")
	}
	if d := in.Delimiter; d != "" && d != "tab" && len([]rune(d)) != 1 {
		return c.at(`one character, or "tab"`, "delimiter")
	} else if strings.ContainsAny(d, "\"\r\n") {
		return c.at("a quotation mark or line break cannot be the delimiter", "delimiter")
	}
	return nil
}

func (c *compiler) header(in Input) error {
	switch in.Header {
	case "", "auto", "none":
		return nil
	}
	if _, _, ok := HeaderRows(in.Header); !ok {
		return c.at(`a row number, two ("3-4"), "auto" or "none"`, "header")
	}
	return nil
}

// HeaderRows reads a header of the form "3" or "3-4" and returns the first and
// last row.
func HeaderRows(s string) (first, last int, ok bool) {
	a, b, two := strings.Cut(s, "-")
	first, err := strconv.Atoi(a)
	if last = first; two && err == nil {
		last, err = strconv.Atoi(b)
	}
	return first, last, err == nil && first > 0 && last >= first && last-first < 5 && last <= 1000
}

func (c *compiler) rows(p *Plan) (err error) {
	rows := p.Rows
	at := []any{"rows"}
	if p.Cell != nil {
		if p.Rows != "" {
			return c.at("either rows or cell, not both", "rows")
		}
		rows, at = p.Cell.Rows, []any{"cell", "rows"}
		if len(p.Cell.Column) == 0 {
			return c.at("column is missing", "cell")
		}
		if p.cell, err = c.names(p.Cell.Column, true, "cell", "column"); err != nil {
			return err
		}
	}
	if p.JSONRows, err = ParsePath(rows); err != nil {
		return c.at(err.Error(), at...)
	}
	for i, names := range p.Levels {
		col, err := c.names(names, false, "levels", i)
		if err != nil {
			return err
		}
		p.levels = append(p.levels, col)
	}
	return nil
}

// names makes a column of nothing but names. Raw columns are taken as they
// stand.
func (c *compiler) names(names Strings, raw bool, below ...any) (*column, error) {
	col := &column{join: "\n", missing: map[string]bool{}}
	if !raw {
		col.missing = c.missingSet(nil)
	}
	for _, n := range names {
		s, err := c.slot(n)
		if err != nil {
			return nil, c.at(err.Error(), below...)
		}
		col.slots = append(col.slots, s)
		if col.label == "" {
			col.label = n
		}
	}
	return col, nil
}

func (c *compiler) missingSet(more Strings) map[string]bool {
	set := map[string]bool{}
	for _, w := range slices.Concat(c.missing, more) {
		set[w] = true
	}
	return set
}

// slot returns the number of a name, which it gives at the first mention.
func (c *compiler) slot(name string) (int, error) {
	if i, ok := c.bySlot[name]; ok {
		return i, nil
	}
	s := slot{text: name, folded: FoldHeader(name), literal: name}
	if name == "" {
		return 0, fmt.Errorf("a column has no name")
	}
	rest := name
	for strings.HasPrefix(rest, "^") {
		s.up++
		rest = rest[1:]
	}
	if at, ok := strings.CutPrefix(name, "@"); ok && slices.Contains([]string{"file", "sheet", "row", "key"}, at) {
		s.special = at
	} else {
		p, err := ParsePath(rest)
		if err == nil {
			s.path = p
		} else if s.up > 0 || strings.HasPrefix(rest, "$") {
			return 0, err
		}
		s.literal = rest
	}
	i := len(c.in.slots)
	c.in.slots = append(c.in.slots, s)
	c.bySlot[name] = i
	return i, nil
}

func (c *compiler) asOf(p *Plan) error {
	a := p.AsOf
	if a == nil {
		return nil
	}
	return c.within("as_of", func() (err error) {
		n := 0
		for _, x := range []struct {
			key, text string
			to        **regexp.Regexp
		}{{"name", a.Name, &p.AsOfName}, {"head", a.Head, &p.AsOfHead}} {
			if x.text == "" {
				continue
			}
			n++
			if *x.to, err = c.pattern(x.text, x.key); err != nil {
				return err
			}
		}
		if a.Path != "" {
			n++
			if p.AsOfPath, err = ParsePath(a.Path); err != nil {
				return c.at(err.Error(), "path")
			}
			if slices.ContainsFunc(p.AsOfPath, func(s Step) bool { return s.All }) {
				return c.at("the path leads to one value and holds no *", "path")
			}
		}
		if n != 1 {
			return c.at("exactly one of name, head and path says where the day stands")
		}
		zone, _ := zoneOf(c.zone)
		if p.asOf, err = newDateReader(a.Dates, zone, true); err != nil {
			return c.at(err.Error(), "dates")
		}
		return nil
	})
}

// Day reads the as-of day that an as-of rule has found.
func (p *Plan) Day(text string) (string, bool) {
	return p.asOf.read(codeText(text), false)
}

func (c *compiler) pattern(text string, below ...any) (*regexp.Regexp, error) {
	if len(text) > 2000 {
		return nil, c.at("the regular expression is longer than 2000 characters", below...)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, c.at("the regular expression does not compile: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), below...)
	}
	return re, nil
}

func (c *compiler) keyOf(p *Plan) error {
	if p.Key == nil {
		if p.Kind.Keyed() {
			return c.at("key is missing: which column holds the office's own number? (digest: makes one of several columns)", "key")
		}
		return nil
	}
	return c.within("key", func() (err error) {
		p.key, err = c.column(*p.Key, meaning{form: keyForm})
		return err
	})
}

// AliasFile is a file of spellings of the names of one register.
type AliasFile struct {
	Kind Kind
	File string
}

// AliasFiles lists the files of spellings that the mapping names.
func (p *Program) AliasFiles() []AliasFile { return slices.Clone(p.aliasFiles) }
