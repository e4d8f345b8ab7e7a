package source

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// converter brings the values of one row into the forms of their fields.
type converter struct {
	b        *Binding
	r        *Row
	rejected func(Rejected)
	ref      func(kind Kind, c *column, v value) (string, bool) // nil where references are left as texts
	named    []func()                                           // yield the register entries that the row names
	unlisted []string
	drop     string // code of why the row as a whole is set aside
	dropAt   string
}

// field returns the value of a field. It reports false when the export does not
// carry the field, or when its value was set aside.
func (c *converter) field(f field) (string, bool) {
	if f.mean.form == jsonForm {
		return c.list(f)
	}
	v := c.b.eval(f.col, c.r)
	if !v.present {
		return "", false
	}
	if v.code != "" {
		return c.aside(f, v, v.code)
	}
	if f.col.values != nil && v.text != "" {
		var ok bool
		if v, ok = c.word(f, v); !ok {
			return "", false
		}
	}
	if v.text == "" {
		return "", true
	}
	if f.col.match != nil && !f.col.match.MatchString(v.text) {
		return c.aside(f, v, CodeBadValue)
	}
	return c.form(f, v)
}

// aside sets the value of a field aside. A case without its day of receipt is
// no case, so there the row goes with it.
func (c *converter) aside(f field, v value, code string) (string, bool) {
	if f.name == FieldReceived && c.b.plan.Kind == Case && c.drop == "" {
		c.drop, c.dropAt = code, v.label
		return "", false
	}
	c.rejected(Reject(c.r.Where, v.label, code, true))
	return "", false
}

// word leads a word of the export to one of ours.
func (c *converter) word(f field, v value) (value, bool) {
	if to, ok := f.col.values.find(v.text); ok {
		v.text = to
		return v, true
	}
	switch f.col.other {
	case "keep":
		return v, true
	case "empty":
		v.text = ""
		return v, true
	case "reject":
		if c.drop == "" {
			c.drop, c.dropAt = CodeUnlistedWord, v.label
		}
		return v, false
	case "flag":
		c.flag(f, v)
		return v, false
	}
	v.text = f.col.other
	return v, true
}

// flag leaves out a word that is not ours.
func (c *converter) flag(f field, v value) {
	c.unlisted = append(c.unlisted, f.name)
	c.rejected(Reject(c.r.Where, v.label, CodeUnlistedWord, true))
}

var flags = map[string]string{"yes": "yes", "no": "no", "true": "yes", "false": "no", "1": "yes", "0": "no", "是": "yes", "否": "no", "y": "yes", "n": "no"}

// form writes a value that is not empty in the form of its field.
func (c *converter) form(f field, v value) (string, bool) {
	switch f.mean.form {
	case wordForm, flagForm:
		word := v.text
		if f.mean.form == flagForm && flags[Fold(word)] != "" {
			word = flags[Fold(word)]
		}
		if list := words[f.name]; !slices.Contains(list, word) && (list != nil || word != "yes" && word != "no") {
			c.flag(f, v)
			return "", false
		}
		return word, true
	case timeForm, dayForm:
		t, ok := f.col.dates.read(v.text, c.r.Since1904)
		if !ok {
			return c.aside(f, v, CodeBadDate)
		}
		return t, true
	case numberForm:
		n, ok := wholeNumber(v.text)
		if !ok {
			return c.aside(f, v, CodeBadNumber)
		}
		return n, true
	case periodForm:
		p, ok := periodOf(v.text)
		if !ok {
			if day, is := f.col.dates.read(v.text, c.r.Since1904); is {
				return day[:7], true
			}
			return c.aside(f, v, CodeBadDate)
		}
		return p, true
	case keyForm:
		key := codeText(v.text)
		if ruined(key) {
			return c.aside(f, v, CodeExcelRuined)
		}
		return key, true
	case listForm:
		return strings.Join(splitList(f.col, v.text), ListSeparator), true
	case refForm:
		id, ok := c.ref(f.mean.ref, f.col, v)
		if !ok && c.b.plan.Kind == Assessment { // without it, it would be of the whole site
			c.unlisted = append(c.unlisted, f.name)
		}
		return id, ok
	case refsForm:
		var ids []string
		for _, one := range splitList(f.col, v.text) {
			w := v
			w.text = one
			if id, ok := c.ref(f.mean.ref, f.col, w); ok && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		return strings.Join(ids, ListSeparator), true
	}
	return v.text, true
}

func splitList(c *column, text string) []string {
	var out []string
	for _, s := range c.split.Split(text, -1) {
		if s = trim(s); !c.missing[s] {
			out = append(out, s)
		}
	}
	return out
}

// wholeNumber reads a number as spreadsheets write it: 1,234 or 4.0.
func wholeNumber(s string) (string, bool) {
	s = strings.ReplaceAll(trim(norm.NFKC.String(s)), ",", "")
	if whole, rest, ok := strings.Cut(s, "."); ok && strings.Trim(rest, "0") == "" {
		s = whole
	}
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return "", false
	}
	return strconv.FormatUint(n, 10), true
}

var period = regexp.MustCompile(`^(\d{4})(?:[-/.年]?(0[1-9]|1[0-2]|[1-9])月?)?年?(/12)?$`)

// periodOf reads a year, a month, or twelve months that end with one.
func periodOf(s string) (string, bool) {
	if s == "all" {
		return s, true
	}
	m := period.FindStringSubmatch(trim(norm.NFKC.String(s)))
	if m == nil || m[1] < "1900" || m[3] != "" && m[2] == "" {
		return "", false
	}
	if m[2] == "" {
		return m[1], true
	}
	if len(m[2]) == 1 {
		m[2] = "0" + m[2]
	}
	return m[1] + "-" + m[2] + m[3], true
}

// list makes a JSON field from its items.
func (c *converter) list(f field) (string, bool) {
	var out []map[string]any
	add := func(members []field, r *Row) {
		if one := c.item(f.name, members, r); one != nil {
			out = append(out, one)
		}
	}
	if f.col.items != nil {
		present := false
		for _, members := range f.col.items {
			for _, m := range members {
				present = present || c.b.has(m.col) || c.r.Item.Node != nil
			}
			add(members, c.r)
		}
		if !present {
			return "", false
		}
	} else {
		if c.r.Item.Node == nil {
			return "", false
		}
		found := false
		_ = f.col.each.Walk(c.r.Item, func(it Item) error { // add never fails
			found = true
			sub := *c.r
			sub.Item = it
			add(f.col.item, &sub)
			return nil
		})
		if !found && c.b.plan.Partial {
			return "", false
		}
	}
	if len(out) == 0 {
		return "", true
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil { // texts and bools always encode
		return c.aside(f, value{label: f.col.label}, CodeBadValue)
	}
	return strings.TrimSuffix(b.String(), "\n"), true
}

// item makes one item of a JSON field, or nil when it lacks what an item needs.
func (c *converter) item(name string, members []field, r *Row) map[string]any {
	needs := itemFields[name].needs
	sub := *c
	sub.r = r
	one := map[string]any{}
	for _, m := range members {
		text, ok := sub.field(m)
		switch {
		case !ok || text == "":
		case m.mean.form == flagForm:
			one[m.name] = text == "yes"
		default:
			one[m.name] = text
		}
	}
	c.named, c.unlisted, c.drop, c.dropAt = sub.named, sub.unlisted, sub.drop, sub.dropAt
	if one[needs] == nil {
		return nil
	}
	return one
}
