package drop

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
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
	if k.prose {
		k.report.Mapping = "# This export says in words that it holds no rows. Look at one that holds some.\n"
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

// choose gives each field its column: by name, and times by what the columns
// hold.
func (k *looker) choose() map[string]*column {
	chosen := map[string]*column{}
	used := map[*column]bool{}
	take := func(f string, c *column) {
		chosen[f] = c
		used[c] = true
	}
	for _, exact := range []bool{true, false} {
		for _, a := range aliases {
			if chosen[a.field] != nil {
				continue
			}
			if c := k.named(a, exact, used); c != nil {
				take(a.field, c)
			}
		}
	}
	if c := chosen[source.FieldKind]; c != nil && chosen[source.FieldTopic] == nil && !speaks(c, kindWords) {
		delete(chosen, source.FieldKind) // not a kind of petition but a subject
		chosen[source.FieldTopic] = c
	}
	if chosen[source.FieldReceived] == nil {
		for _, c := range k.cols {
			if !used[c] && c.filled > 0 && len(dateLayouts(c)) > 0 && dateLayouts(c)[0] != "excel" {
				take(source.FieldReceived, c)
				break
			}
		}
	}
	if c := chosen["key"]; c != nil && (c.values == nil || c.filled < k.report.Rows) {
		if other := k.unique(used); other != nil && c.values == nil {
			k.report.Notes = append(k.report.Notes, fmt.Sprintf("the values of %s repeat; %s is taken for the number", visible(c.name, 40), visible(other.name, 40)))
			chosen["key"] = other
		}
	} else if c == nil {
		if c = k.unique(used); c != nil {
			chosen["key"] = c
		}
	}
	return chosen
}

// named returns the first unused column with one of the names of a field. When
// it need not be exact, a longer Chinese name that ends with one will do.
func (k *looker) named(a alias, exact bool, used map[*column]bool) *column {
	for _, n := range strings.Fields(a.names) {
		fn := foldName(n)
		for _, c := range k.cols {
			if used[c] || isPersonal(c.name) || c.filled == 0 && k.report.Rows > 0 && !exact {
				continue
			}
			f := foldName(c.name)
			if a.field == source.FieldTopic && len(c.words) == 1 && k.report.Rows > 20 {
				continue // says nothing
			}
			if f == fn || !exact && len(fn) >= 6 && fn[0] >= 0x80 && strings.HasSuffix(f, fn) {
				if times[a.field] && c.filled > 0 && len(dateLayouts(c)) == 0 {
					continue
				}
				return c
			}
		}
	}
	return nil
}

var times = map[string]bool{source.FieldReceived: true, source.FieldReplied: true, source.FieldClosed: true, source.FieldDue: true,
	source.FieldDispatched: true, source.FieldFirstResponse: true}

// speaks reports whether most words of a column are in a vocabulary.
func speaks(c *column, v vocabulary) bool {
	known := 0
	for w := range c.words {
		if v.find(w) != "" {
			known++
		}
	}
	return known*2 >= max(len(c.words), 1)
}

// unique returns the first column in which every row has a different, short
// value.
func (k *looker) unique(used map[*column]bool) *column {
	for _, c := range k.cols {
		if !used[c] && c.values != nil && c.filled == k.report.Rows && c.longest <= 40 && c.filled > 1 &&
			len(dateLayouts(c)) == 0 && foldName(c.name) != "序号" && !isPersonal(c.name) {
			return c
		}
	}
	return nil
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

func ruinedIDs(c *column) bool {
	for _, s := range c.samples {
		if m, _ := regexp.MatchString(`^\d(\.\d+)?[eE]\+\d+$`, s); m {
			return true
		}
	}
	return false
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

func hasHTML(c *column) bool {
	n := 0
	for _, s := range c.samples {
		if strings.Contains(s, "</") || strings.Contains(s, "<br") {
			n++
		}
	}
	return n*5 > len(c.samples)
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

// layoutsTried are the layouts that are not read without being told, month
// before day first.
var layoutsTried = []string{"auto",
	"01/02/2006 03:04:05 PM", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "01/02/2006 15:04:05", "1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006",
	"2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006", "2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "2-1-2006 15:04:05", "2-1-2006 15:04", "2-1-2006",
	"Jan 2, 2006 3:04:05 PM", "Jan 2, 2006", "January 2, 2006", "2 Jan 2006 15:04:05", "2 Jan 2006", "2-Jan-2006", "02-Jan-06", "Mon Jan _2 15:04:05 2006", "Mon, 02 Jan 2006 15:04:05 -0700", "excel"}

// dateLayouts returns the fewest layouts that read nearly every value of a
// column, or nil when it holds no dates.
func dateLayouts(c *column) []string {
	var left []string
	for _, s := range c.samples {
		switch s {
		case "-", "--", "/", "无", "N/A", "NULL", "null":
		default:
			left = append(left, s)
		}
	}
	total := len(left)
	var out []string
	for len(out) < 3 && len(left) > 0 {
		best, most := "", 0
		for _, l := range layoutsTried {
			n := 0
			for _, s := range left {
				if l == "excel" && !likeSerial(s) {
					continue
				}
				if source.ReadsDate(l, s) {
					n++
				}
			}
			if n > most {
				best, most = l, n
			}
		}
		if most == 0 {
			break
		}
		out = append(out, best)
		left = slices.DeleteFunc(left, func(s string) bool { return source.ReadsDate(best, s) })
	}
	if total == 0 || len(left)*20 > total {
		return nil
	}
	return out
}

// likeSerial reports whether s is a serial number of the years 1982 to 2064.
func likeSerial(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && f > 30000 && f < 60000
}

// dayOrMonth reports whether the values would be read as well with day and
// month the other way round.
func dayOrMonth(c *column, layouts []string) bool {
	for _, l := range layouts {
		turned := ""
		switch {
		case strings.HasPrefix(l, "01/02"):
			turned = "02/01" + l[5:]
		case strings.HasPrefix(l, "1/2"):
			turned = "2/1" + l[3:]
		default:
			continue
		}
		all := true
		for _, s := range c.samples {
			all = all && (!source.ReadsDate(l, s) || source.ReadsDate(turned, s))
		}
		if all {
			return true
		}
	}
	return false
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
			doubt = fmt.Sprintf(" # ? %d rows", c.words[w])
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
			doubt = fmt.Sprintf(" # ? %d rows; empty means not rated", c.words[w])
		}
		y.line("    %s: %s%s", yaml(w), yaml(to), doubt)
	}
	y.line("rating_scale: {const: %s} # ? five, three or points", scale)
}
