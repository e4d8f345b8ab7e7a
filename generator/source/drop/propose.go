package drop

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// sorted goes through a map in the order of its keys.
func sorted[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// yamlWriter writes the proposal line by line.
type yamlWriter struct {
	b      strings.Builder
	indent int
}

func (y *yamlWriter) line(format string, args ...any) {
	fmt.Fprintf(&y.b, "%s%s\n", strings.Repeat("  ", y.indent), fmt.Sprintf(format, args...))
}

var plainYAML = regexp.MustCompile(`^[\p{Han}A-Za-z][\p{Han}A-Za-z0-9_./@()-]*$`)

// yaml writes a text as a YAML scalar that reads back as the same text.
func yaml(s string) string {
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf":
		return `"` + s + `"`
	}
	if plainYAML.MatchString(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x2000 && r < 0x2070 || r == 0xfeff || r == 0x061c || r >= 0xd800 && r < 0xf900 && r > 0xdfff || r == 0xfffd:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// propose writes the mapping.
func (k *looker) propose() {
	if k.prose || len(k.cols) == 0 {
		k.report.Mapping = "# This export holds no rows. Look at one that holds some.\n"
		return
	}
	y := &yamlWriter{}
	y.line("# Proposed from one file. Decide wherever a ? stands.")
	y.line("sources:")
	y.indent++
	y.line(`zone: "+08:00" # ? the time zone of times that state none`)
	y.line("inputs:")
	y.indent++
	glob, asOf := k.globFor()
	y.line("- glob: %s", yaml(glob))
	y.indent++
	if asOf != "" {
		y.line("as_of: {name: '%s'} # ? the day on which the export stands", asOf)
	}
	k.way(y)
	switch {
	case k.levels(y), k.divisions(y), k.tree(y):
	default:
		k.cases(y)
	}
	k.report.Mapping = y.b.String()
}

var dayInName = regexp.MustCompile(`(20\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01]))(?:[^0-9]|$)`)

// globFor returns a pattern for files named like this one, and a rule for the
// day in their names.
func (k *looker) globFor() (glob, asOf string) {
	name := k.name
	if len(k.report.Inner) > 0 {
		name = path.Base(k.report.Inner[0])
	}
	m := dayInName.FindStringSubmatchIndex(name)
	if m == nil {
		return name, ""
	}
	day := name[m[2]:m[3]]
	switch {
	case len(day) == 8:
		asOf = `(20\d{6})`
	case day[4] == '-':
		asOf = `(20\d\d-\d\d-\d\d)`
	case day[4] == '.':
		asOf = `(20\d\d\.\d\d\.\d\d)`
	default:
		return name[:m[2]] + "*" + name[m[3]:], ""
	}
	return name[:m[2]] + "*" + name[m[3]:], asOf
}

// way writes how the rows are reached, where that is not by content alone.
func (k *looker) way(y *yamlWriter) {
	if len(k.in.Sheet) > 0 {
		y.line("sheet: %s", yaml(k.in.Sheet[0]))
	}
	if k.in.Rows != "" {
		y.line("rows: %s", yaml(k.in.Rows))
	}
	if k.in.Cell != nil {
		y.line("cell: {column: %s, rows: %s}", yaml(k.in.Cell.Column[0]), yaml(k.in.Cell.Rows))
	}
	if k.in.Header == "none" {
		y.line("header: none")
	}
}

var levelName = regexp.MustCompile(`^[一二三四五]级`)

// levels proposes a tree of topics when the columns are its levels and nothing
// else.
func (k *looker) levels(y *yamlWriter) bool {
	var names []string
	for _, c := range k.cols {
		if !levelName.MatchString(c.name) {
			return false
		}
		names = append(names, yaml(c.name))
	}
	if len(names) < 2 {
		return false
	}
	y.line("kind: topic # ? a register of topics; unit and area have trees too")
	y.line("levels: [%s]", strings.Join(names, ", "))
	return true
}

// divisions proposes a register of areas when the columns are codes and names.
func (k *looker) divisions(y *yamlWriter) bool {
	var code, name *column
	for _, c := range k.cols {
		f := foldName(c.name)
		switch {
		case slices.Contains([]string{"code", "代码", "区划代码", "行政区划代码"}, f) && allDivisions(c.samples):
			code = c
		case slices.Contains([]string{"name", "名称", "区划名称", "单位名称", "行政区划名称"}, f):
			name = c
		}
	}
	if code == nil || name == nil || len(k.cols) > 8 {
		return false
	}
	y.line("kind: area # ? a register of divisions")
	y.line("only_named: true # ? false publishes every division, also those without a case")
	y.line("key: %s", yaml(code.name))
	y.line("fields:")
	y.line("  name: %s", yaml(name.name))
	return true
}

func allDivisions(samples []string) bool {
	for _, s := range samples {
		if len(s) != 6 || strings.Trim(s, "0123456789") != "" {
			return false
		}
	}
	return len(samples) > 0
}

// tree proposes a register when the rows hold rows.
func (k *looker) tree(y *yamlWriter) bool {
	if k.in.Children == "" {
		return false
	}
	y.line("kind: unit # ? a tree of units; area and topic have trees too")
	y.line("children: %s", yaml(k.in.Children))
	if k.byName["id"] != nil {
		y.line("key: id")
	}
	y.line("fields:")
	y.line("  name: name")
	return true
}

// cases proposes a mapping of cases.
func (k *looker) cases(y *yamlWriter) {
	chosen := k.choose()
	k.key(y, chosen)
	y.line("fields:")
	y.indent++
	for _, f := range []string{source.FieldTitle, source.FieldQuestion, source.FieldReply, source.FieldReceived, source.FieldDispatched, source.FieldFirstResponse,
		source.FieldReplied, source.FieldClosed, source.FieldDue, source.FieldUnit, source.FieldCoUnits, source.FieldAgainst, source.FieldArea, source.FieldChannel,
		source.FieldTopic, source.FieldKind, source.FieldStatus, source.FieldOutcome, source.FieldRating, source.FieldConsent, source.FieldAddressee,
		source.FieldLegalClass, source.FieldReopened} {
		if c := chosen[f]; c != nil {
			k.field(y, f, c)
		}
	}
	for _, f := range []struct{ name, why string }{
		{source.FieldReceived, "no column of the day of receipt was found; without it no case can be published"},
		{source.FieldUnit, "no column of the unit was found; it may stand inside a text (extract:) or in the file name (@file)"},
		{source.FieldReply, "no column of replies was found; when the export holds none, leave this out: replies are then not known"},
		{source.FieldKind, "no column of the kind was found; a constant is possible: {const: consult}"},
		{source.FieldConsent, "no column says whether the writer agreed to publication"},
	} {
		if chosen[f.name] == nil {
			y.line("# %s: # ? %s", f.name, f.why)
		}
	}
	y.indent--
	k.left(y, chosen)
}

// left names the columns that no field took.
func (k *looker) left(y *yamlWriter, chosen map[string]*column) {
	var rest, persons []string
	for _, c := range k.cols {
		switch {
		case slices.Contains(slices.Collect(maps.Values(chosen)), c):
		case isPersonal(c.name):
			persons = append(persons, yaml(c.name))
		default:
			rest = append(rest, yaml(c.name))
		}
	}
	if len(persons) > 0 {
		y.line("# left out, persons: %s", strings.Join(persons, ", "))
	}
	if len(rest) > 0 {
		y.line("# not mapped: %s", strings.Join(rest, ", "))
	}
}

// key writes the key, or what could stand for it.
func (k *looker) key(y *yamlWriter, chosen map[string]*column) {
	if c := chosen["key"]; c != nil {
		if ruinedIDs(c) {
			k.report.Notes = append(k.report.Notes, "a spreadsheet program has shortened numbers in "+visible(c.name, 40)+": export it again as text")
		}
		y.line("key: %s%s", yaml(c.name), k.doubtKey(c))
		return
	}
	var parts []string
	for _, f := range []string{source.FieldTitle, source.FieldReceived, source.FieldQuestion} {
		if c := chosen[f]; c != nil {
			parts = append(parts, yaml(c.name))
		}
	}
	if len(parts) == 0 {
		for _, c := range k.cols {
			parts = append(parts, yaml(c.name))
		}
	}
	y.line("key: {digest: [%s]} # ? no column of numbers was found; these columns together stand for it", strings.Join(parts, ", "))
}

func (k *looker) doubtKey(c *column) string {
	switch {
	case c.values == nil:
		return " # ? its values repeat"
	case c.filled < k.report.Rows:
		return " # ? it is empty in some rows"
	}
	return ""
}

// field writes one field.
func (k *looker) field(y *yamlWriter, f string, c *column) {
	name := yaml(c.name)
	if times[f] {
		k.time(y, f, c)
		return
	}
	switch f {
	case source.FieldStatus:
		k.words(y, f, c, statusWords)
	case source.FieldKind:
		k.words(y, f, c, kindWords)
	case source.FieldConsent:
		k.words(y, f, c, consentWords)
	case source.FieldOutcome:
		k.words(y, f, c, outcomeWords)
	case source.FieldRating:
		k.rating(y, c)
	default:
		note := ""
		if c.filled == 0 {
			y.line("%s: %s # ? the column is empty in this file", f, name)
			return
		}
		if hasHTML(c) {
			y.line("%s: {column: %s, html: true} # ? the texts hold HTML", f, name)
			return
		}
		if (f == source.FieldReply || f == source.FieldQuestion) && c.longest < 10 {
			note = " # ? the texts are very short"
		}
		y.line("%s: %s%s", f, name, note)
	}
}

// time writes a field of times with the layouts that read it.
func (k *looker) time(y *yamlWriter, f string, c *column) {
	layouts := dateLayouts(c)
	switch {
	case c.filled == 0:
		y.line("%s: %s # ? the column is empty in this file", f, yaml(c.name))
	case len(layouts) == 1 && layouts[0] == "auto":
		y.line("%s: %s", f, yaml(c.name))
	default:
		var list []string
		for _, l := range layouts {
			list = append(list, yaml(l))
		}
		doubt := ""
		if dayOrMonth(c, layouts) {
			doubt = " # ? month first; the days seen do not tell"
		}
		y.line("%s: {column: %s, dates: [%s]}%s", f, yaml(c.name), strings.Join(list, ", "), doubt)
	}
}

// words writes a field of words with its value table.
func (k *looker) words(y *yamlWriter, f string, c *column, v vocabulary) {
	if c.words == nil {
		y.line("# %s: {column: %s, values: {}} # ? more than %d words; list those that matter", f, yaml(c.name), maxWords)
		return
	}
	y.line("%s:", f)
	y.line("  column: %s", yaml(c.name))
	if len(c.words) == 0 {
		y.line("  values: {} # ? the column is empty in this file")
		return
	}
	y.line("  values: # words of ours: %s", strings.Join(source.Words(f), ", "))
	for _, w := range c.order {
		to, doubt := v.find(w), ""
		if to == "" {
			doubt = " # ? " + plural(c.words[w], "row")
		}
		y.line("    %s: %s%s", yaml(w), yaml(to), doubt)
	}
}

// rating writes the rating with its scale.
func (k *looker) rating(y *yamlWriter, c *column) {
	if c.words == nil {
		y.line("# rating: %s # ? more than %d different values", yaml(c.name), maxWords)
		return
	}
	v, scale := threeWords, "three"
	for w := range c.words {
		if strings.Contains(w, "非常") || strings.Contains(w, "很") {
			v, scale = fiveWords, "five"
		} else if strings.Trim(w, "12345") == "" && scale == "three" {
			v, scale = fiveWords, "points"
		}
	}
	y.line("rating:")
	y.line("  column: %s", yaml(c.name))
	if len(c.words) == 0 {
		y.line("  values: {} # ? the column is empty in this file")
	} else {
		y.line("  values: # from 1, the worst")
	}
	for _, w := range c.order {
		to, doubt := v.find(w), ""
		if to == "" {
			doubt = " # ? " + plural(c.words[w], "row") + "; empty means not rated"
		}
		y.line("    %s: %s%s", yaml(w), yaml(to), doubt)
	}
	y.line("rating_scale: {const: %s} # ? five, three or points", scale)
}
