package gatetext

import (
	"fmt"
	"strings"
)

// Doc is one made document. Secrets lie in it as written.
type Doc struct {
	Text      string
	Official  bool   // as an office would write it; else as a citizen
	Unit      string // whose document it is: one of [Units], "" for none
	Addressee string // another field of the same case that names the person, or ""
	Context   string // of a planted name, "" otherwise
	Family    int    // of templates; every fifth family is not used when detectors are tuned
	Kind      string // of the secret, "" in a clean document
	Start     int    // byte offsets of the secret
	End       int
	Tuning    bool
	Written   string
	Spans     []Span // the secret and all other data planted beside it, in order

	form      int        // of a planted address
	sentences []sentence // of a clean document

}

// sentence is one sentence of a clean document: its family and where it ends.
type sentence struct {
	family string
	end    int
}

// part names what stands at a byte of the document: the context or kind with the
// family, the form of the address, or the family of the clean sentence.
func (d Doc) part(at int) string {
	if d.Kind == "" {
		for _, s := range d.sentences {
			if at < s.end {
				return s.family
			}
		}
		return "clean"
	}
	name := d.Context
	if d.Kind == Address {
		return fmt.Sprintf("form %d", d.form)
	}
	if name == "" {
		name = d.Kind
	}
	return fmt.Sprintf("%s %d", name, d.Family)
}

// Planted returns a document with one secret of the kind in the spelling. A
// name stands in any context.
func (m *Maker) Planted(kind string, s Spelling) Doc {
	switch kind {
	case Person:
		contexts := append(Anchored(), Free)
		return m.Named(contexts[m.r.IntN(len(contexts))], s)
	case Address:
		return m.Addressed(s)
	}
	family := m.r.IntN(len(settings[kind]))
	text := settings[kind][family]
	return m.document(kind, template{text: text, official: strings.Contains(text, "您") && !strings.Contains(text, "您好，我")}, family, s)
}

// Named returns a document with a name in the context.
func (m *Maker) Named(context string, s Spelling) Doc {
	list := nameTemplates[context]
	family := m.r.IntN(len(list))
	t := list[family]
	t.opens = context == Salutation || strings.HasPrefix(t.text, "{}")
	d := m.document(Person, t, family, s)
	if d.Context = context; context != OtherField {
		d.Addressee = ""
	}
	return d
}

// Addressed returns a document with an address.
func (m *Maker) Addressed(s Spelling) Doc {
	family := m.r.IntN(len(addressTemplates))
	return m.document(Address, addressTemplates[family], family, s)
}

// document fills a template. One that opens its text stays at the start, since a
// salutation is one by its place.
func (m *Maker) document(kind string, t template, family int, s Spelling) Doc {
	d := Doc{Official: t.official, Family: family, Kind: kind, Tuning: family%5 != 4}
	f := filler{m: m, main: kind, names: map[byte]string{}}
	f.write = func() string {
		if kind == Person {
			if f.names['a'] == "" {
				f.names['a'] = m.Person()
			}
			return s.Of(m, kind, f.names['a'])
		}
		secret := m.Secret(kind)
		if kind == Address {
			forms := addressForms()
			form := m.r.IntN(len(forms))
			d.form = form
			if form%5 == 4 {
				d.Tuning = false
			}
			secret = forms[form](m)
		}
		if !marked(kind) {
			return s.Of(m, kind, secret)
		}
		parts := strings.Split(secret, "|")
		for i := max(0, len(parts)-2); i < len(parts); i++ {
			parts[i] = s.Of(m, kind, parts[i])
		}
		return strings.Join(parts, "|")
	}
	before, after := "", ""
	if m.r.IntN(3) == 0 && !t.opens {
		before = m.aside()
	}
	if m.r.IntN(3) == 0 && (strings.HasSuffix(t.text, "。") || strings.HasSuffix(t.text, "？") || strings.HasSuffix(t.text, "！")) {
		after = m.aside()
	}
	f.b.WriteString(before)
	f.fill(t.text)
	f.b.WriteString(after)
	d.Text, d.Spans = f.b.String(), f.spans
	for _, span := range f.spans {
		if span.Kind == kind {
			d.Start, d.End, d.Written = span.Start, span.End, d.Text[span.Start:span.End]
			break
		}
	}
	if kind == Person {
		d.Addressee = f.names['a']
	}
	return d
}

// aside returns a clean sentence without digits that could touch a secret.
func (m *Maker) aside() string {
	return m.one("近日收到群众来信。", "该问题已经拖了很久。", "望有关部门调查处理。", "现将办理情况答复如下。", "感谢您对我们工作的支持。",
		"路面坑洼不平，下雨积水严重。", "请问什么时候可以解决？", "我们一共有三十多户人家受到影响。")
}
