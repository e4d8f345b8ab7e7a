package meili

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// Names of the server's fields. Those of a schema's fields have a prefix, so
// that no name of a schema can be one of the others.
const (
	fieldID      = "id"
	fieldSeq     = "seq"
	fieldKey     = "key" // the id once more, as a keyword: the server's own is compared without regard to case
	textField    = "t_"
	keywordField = "k_"
	numberField  = "n_"
)

// wordField returns the name of a part of a text as words; parts count from
// zero.
func wordField(name string, part int) string {
	if part == 0 {
		return "s_" + name
	}
	return "s" + strconv.Itoa(part+1) + "_" + name
}

// wordFields returns the names of all parts of the texts, of which count says
// how many there are.
func wordFields(count func(text string) int, texts ...string) []string {
	var names []string
	for _, text := range texts {
		for part := range count(text) {
			names = append(names, wordField(text, part))
		}
	}
	return names
}

// encodeLine returns the document as one line of JSON for the server. In parts,
// by text field, it raises how many fields a text takes at most.
func encodeLine(d search.Doc, parts map[string]int) (line, error) {
	wire := map[string]any{fieldID: d.ID, fieldSeq: d.Seq, fieldKey: escape(d.ID)}
	for name, text := range d.Text {
		if text == "" {
			continue
		}
		wire[textField+name] = text
		made, err := divide(spell(text))
		if err != nil {
			return line{}, fmt.Errorf("%w (%s, %s)", err, d.ID, name)
		}
		parts[name] = max(parts[name], len(made))
		for i, part := range made {
			wire[wordField(name, i)] = part
		}
	}
	for name, value := range d.Keyword {
		if value != "" {
			wire[keywordField+name] = escape(value)
		}
	}
	for name, value := range d.Number {
		wire[numberField+name] = value
	}
	text, err := json.Marshal(wire)
	return line{id: d.ID, text: text}, err
}

// decode returns the document of a hit. Fields that were not asked for are
// absent.
func decode(hit meilisearch.Hit) (search.Doc, error) {
	var d search.Doc
	for name, raw := range hit {
		if err := decodeField(&d, name, raw); err != nil {
			// The cause may quote the value.
			return search.Doc{}, fmt.Errorf("meili: field %s of a document on the server is not as this program writes it", name)
		}
	}
	return d, nil
}

func decodeField(d *search.Doc, name string, raw json.RawMessage) error {
	switch {
	case name == fieldID:
		return json.Unmarshal(raw, &d.ID)
	case name == fieldSeq:
		return json.Unmarshal(raw, &d.Seq)
	case name == fieldKey:
		return nil
	case strings.HasPrefix(name, textField):
		return put(&d.Text, strings.TrimPrefix(name, textField), raw)
	case strings.HasPrefix(name, numberField):
		return put(&d.Number, strings.TrimPrefix(name, numberField), raw)
	case strings.HasPrefix(name, keywordField):
		name = strings.TrimPrefix(name, keywordField)
		if err := put(&d.Keyword, name, raw); err != nil {
			return err
		}
		value, err := unescape(d.Keyword[name])
		d.Keyword[name] = value
		return err
	}
	return nil
}

func put[T any](m *map[string]T, name string, raw json.RawMessage) error {
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		return err
	}
	if *m == nil {
		*m = map[string]T{}
	}
	(*m)[name] = value
	return nil
}

// displayed returns the fields that make a whole document.
func displayed(s search.Schema) []string {
	names := []string{fieldID, fieldSeq}
	return append(names, slices.Concat(prefixed(textField, s.Text), prefixed(keywordField, s.Keyword), prefixed(numberField, s.Number))...)
}

func prefixed(prefix string, names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = prefix + name
	}
	return all
}
