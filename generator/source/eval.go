package source

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// value is what a column gives for one row.
type value struct {
	text    string
	present bool   // the export carries it
	code    string // what is wrong with it, or ""
	label   string // the column, as the mapping calls it
	unfit   bool   // there is a text, but no pattern of extract matches it
}

// eval returns the text of a column, before it is brought into the form of its
// field: cut out of its HTML and its surroundings, trimmed, and empty where it
// is a missing marker.
func (b *Binding) eval(c *column, r *Row) value {
	v := value{label: c.label}
	switch {
	case c.constant != nil:
		return value{text: *c.constant, present: true, label: c.label}
	case len(c.anyOf) > 0:
		return b.firstOf(c, r)
	case c.template != nil:
		v = b.joined(c, r)
	case c.digest != nil:
		return b.digested(c, r)
	default:
		text, present, code, s := b.pick(c.slots, r)
		v.text, v.present, v.code = text, present, code
		if s >= 0 {
			v.label = b.plan.slots[s].text
		}
		if c.join != "\n" && strings.IndexByte(v.text, '\n') >= 0 {
			v.text = strings.ReplaceAll(v.text, "\n", c.join)
		}
	}
	if !v.present || v.code != "" {
		return v
	}
	if c.html {
		v.text = htmlText(v.text)
	}
	v.text = trim(v.text)
	if c.missing[v.text] {
		v.text = ""
		return v
	}
	if c.extract != nil {
		full := v.text
		v.text = trim(extract(c, full))
		if v.unfit = v.text == "" && full != ""; c.missing[v.text] {
			v.text = ""
		}
	}
	return v
}

func extract(c *column, text string) string {
	for _, re := range c.extract {
		m := re.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		if len(m) == 2 {
			return text[m[0]:m[1]]
		}
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				return text[m[i]:m[i+1]]
			}
		}
	}
	return ""
}

func (b *Binding) firstOf(c *column, r *Row) value {
	out := value{label: c.label}
	for _, a := range c.anyOf {
		v := b.eval(a, r)
		if v.present && v.code == "" && a.values != nil && v.text != "" {
			if to, ok := a.values.find(v.text); ok {
				v.text = to
			} else if a.other != "keep" {
				v.text = ""
			}
		}
		if v.present && (v.text != "" || v.code != "") {
			return v
		}
		out.present = out.present || v.present
	}
	return out
}

func (b *Binding) joined(c *column, r *Row) value {
	v := value{label: c.label}
	var s strings.Builder
	some := false
	for _, p := range c.template {
		if p.slots == nil {
			s.WriteString(p.text)
			continue
		}
		text, present, code, _ := b.pick(p.slots, r)
		v.present = v.present || present
		if code != "" {
			v.code = code
		}
		if text = trim(text); !c.missing[text] {
			some = true
			s.WriteString(text)
		}
	}
	if some {
		v.text = s.String()
	}
	return v
}

func (b *Binding) digested(c *column, r *Row) value {
	v := value{label: c.label}
	h := sha256.New()
	some := false
	for _, d := range c.digest {
		text, present, code, _ := b.pick(d, r)
		if code != "" {
			v.code = code
		}
		v.present = v.present || present
		text = trim(text)
		some = some || !c.missing[text]
		h.Write([]byte(text))
		h.Write([]byte{0x1f})
	}
	if some {
		v.text = hex.EncodeToString(h.Sum(nil)[:16])
	}
	return v
}

// find returns our word for one of theirs.
func (t *table) find(word string) (string, bool) {
	if to, ok := t.exact[word]; ok {
		return to, true
	}
	if to, ok := t.folded[Fold(word)]; ok {
		return to, true
	}
	for _, r := range t.rules {
		if r.re.MatchString(word) {
			return r.to, true
		}
	}
	return "", false
}

// meets reports whether r meets c.
func (b *Binding) meets(c condition, r *Row) bool {
	text, _, _, _ := b.pick(c.slots, r)
	text = trim(text)
	var yes bool
	switch {
	case c.equals != nil:
		yes = c.equals[Fold(text)]
	case c.match != nil:
		yes = c.match.MatchString(text)
	default:
		yes = text == ""
		for _, m := range missing {
			yes = yes || text == m
		}
	}
	return yes != c.not
}

// Wanted reports whether r passes the conditions skip and only of the plan.
func (b *Binding) Wanted(r *Row) bool {
	for _, c := range b.plan.skip {
		if b.meets(c, r) {
			return false
		}
	}
	for _, c := range b.plan.only {
		if !b.meets(c, r) {
			return false
		}
	}
	return true
}

// Key returns the key of r, or the code of what is wrong with it and the column
// that it stands in. A register entry without a key column has none.
func (b *Binding) Key(r *Row) (key, code, column string) {
	c := b.plan.key
	if c == nil {
		return "", "", ""
	}
	v := b.eval(c, r)
	if v.code != "" {
		return "", v.code, v.label
	}
	key = codeText(v.text)
	switch {
	case v.unfit:
		return "", CodeBadKey, v.label
	case key == "" || c.missing[key]:
		return "", CodeNoKey, v.label
	case ruined(key):
		return "", CodeExcelRuined, v.label
	case len(key) > 256 || c.match != nil && !c.match.MatchString(key):
		return "", CodeBadKey, v.label
	}
	if c.values != nil {
		if to, ok := c.values.find(key); ok {
			key = to
		}
	}
	return key, "", v.label
}

// Content hands every text of r that the mapping reads to yield: two rows whose
// content is the same are the same to the mapping.
func (b *Binding) Content(r *Row, yield func(string)) {
	if b.plan.whole && r.Item.Node != nil {
		r.Item.Node.texts(yield)
	}
	for i := range b.cols {
		s := &b.plan.slots[i]
		if s.special == "file" || s.special == "row" {
			continue
		}
		text, present, code := b.fetch(i, r)
		if !present {
			text = "\x00"
		}
		yield(text)
		yield(code)
	}
}
