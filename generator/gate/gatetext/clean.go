package gatetext

import (
	"fmt"
	"strings"
)

// openings of clean documents.
var (
	opensOfficial = []string{"", "您好！", "网友您好：", "市民您好：您反映的问题已收悉，现回复如下。", "尊敬的网友，您好！\n", "{surname}先生，您好！", "{surname}女士：您好！", "{surname}某某：", "{surname}**：您好，"}
	opensCitizen  = []string{"", "您好，", "尊敬的领导：\n", "领导你们好！", "书记好，", "市长您好："}
)

// Clean returns a document with nobody's data in it but many numbers, places and
// words that look like names. Half are written by an office, half by a citizen. Every
// sentence is a family: documents of those that are held out have no others.
func (m *Maker) Clean() Doc {
	d := Doc{Official: m.r.IntN(2) == 0, Tuning: m.r.IntN(5) != 4}
	units := Units()
	unit := units[m.r.IntN(len(units))]
	f := filler{m: m}
	opening := opensCitizen
	if d.Official {
		opening, d.Unit = opensOfficial, unit.ID
	}
	f.fill(m.one(opening...))
	own := strings.NewReplacer("{unit}", unit.Name, "{own}", m.one(unit.Lines...), "{place}", m.one(unit.Addresses...),
		"{officer}", m.one(unit.Title+unit.Official, unit.Official+unit.Title))
	for range m.number(2, 6) {
		family, text := m.cleanSentence(d.Official, d.Tuning)
		f.fill(own.Replace(text))
		f.b.WriteString(m.one("", "", "", "\n", " "))
		d.sentences = append(d.sentences, sentence{family, f.b.Len()})
	}
	d.Text = f.b.String()
	return d
}

// cleanSentence draws a sentence of the asked sort of families.
func (m *Maker) cleanSentence(official, tuning bool) (family, text string) {
	name, list := "both", cleanBoth
	switch n := m.r.IntN(10); {
	case n < 4:
	case !official:
		name, list = "citizen", cleanCitizen
	case n < 5:
		name, list = "unit", cleanUnit
	default:
		name, list = "official", cleanOfficial
	}
	for {
		if i := m.r.IntN(len(list)); (i%5 != 4) == tuning {
			return fmt.Sprintf("clean %s %d", name, i), list[i]
		}
	}
}
