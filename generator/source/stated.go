package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
)

// unstated are the fields of a case that an office does not state about one by itself: what
// is counted and never part of a record, what goes with a tombstone or with files, and
// what says that a case was merged, which is an act of its own.
var unstated = []string{
	FieldRatingComment, FieldAge, FieldSex, FieldPetitionHistory, FieldGoneReason, FieldAttachments, FieldMergedInto,
}

// StatedFields returns the fields of a case that an office may state by itself, as a
// correction of what was delivered, sorted.
func StatedFields() []string {
	return slices.DeleteFunc(Fields(Case), func(f string) bool { return slices.Contains(unstated, f) })
}

// maxStated is the longest text that is stated, in bytes: as that of a cell.
const maxStated = 1 << 20

// StatedValue brings what a person states about a field of a case into the form of the
// field. Times without a zone are of the given one, such as "+08:00"; days and times are
// read as those of a table are. find returns the identifier of what a name or code means:
// of an entry of the register of a kind, and of [Case] the key of another case. Empty text
// states that there is nothing.
//
// An error has a public text that says which form is wanted, and never holds the value; what
// one of find says is left to that.
func StatedValue(field, text, zone string, find func(Kind, string) (string, error)) (string, error) {
	mean, ok := caseFields[field]
	if !ok || slices.Contains(unstated, field) {
		return "", fault.New(fmt.Sprintf("%q is no field that can be corrected", field), "the fields are "+strings.Join(StatedFields(), ", "))
	}
	if why := unfitText(text); why != "" {
		return "", fault.New("the text of "+field+" "+why, "give it as UTF-8, of at most 1 MiB")
	}
	text = trim(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case text == "" && field == FieldReceived:
		return "", fault.New("a case cannot be without its day of receipt", "give the day, like --set received=2026-11-02")
	case text == "":
		return "", nil
	case mean.form == jsonForm:
		return statedList(field, text, zone, find)
	}
	return statedOne(field, field, mean, text, zone, find)
}

// unfitText says what is wrong with a text that cannot be kept, or "".
func unfitText(text string) string {
	switch {
	case len(text) > maxStated:
		return "is too long"
	case strings.ToValidUTF8(text, "") != text:
		return "is not UTF-8"
	case strings.IndexByte(text, 0) >= 0:
		return "holds NUL bytes"
	}
	return ""
}

// statedOne brings one value into its form; name says to a person which it is.
func statedOne(name, field string, mean meaning, text, zone string, find func(Kind, string) (string, error)) (string, error) {
	wrong := func(form string) error { return fault.New(name+" has not the form of the field", "give "+form) }
	switch mean.form {
	case wordForm:
		list := slices.DeleteFunc(Words(field), func(w string) bool { return w == Accusation })
		if !slices.Contains(list, text) {
			return "", wrong("one of " + strings.Join(list, ", "))
		}
	case flagForm:
		word := flags[Fold(text)]
		if word == "" {
			return "", wrong("yes or no")
		}
		return word, nil
	case timeForm, dayForm:
		loc, err := zoneOf(zone)
		if err != nil {
			return "", err
		}
		dates, err := newDateReader(nil, loc, mean.form == dayForm)
		if err != nil {
			return "", err
		}
		t, ok := dates.read(text, false)
		if !ok {
			return "", wrong("a day or time, like 2026-11-02 or 2026-11-02 16:30")
		}
		return t, nil
	case numberForm:
		n, ok := wholeNumber(text)
		if !ok {
			return "", wrong("a whole number")
		}
		return n, nil
	case refForm:
		return find(mean.ref, text)
	case keyForm:
		return find(Case, text)
	case refsForm:
		var ids []string
		for _, one := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,;；|\n", r) }) {
			id, err := find(mean.ref, trim(one))
			if err != nil {
				return "", err
			}
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		return strings.Join(ids, ListSeparator), nil
	}
	return text, nil
}

// maxItems is the most items of a list that is stated.
const maxItems = 1000

// statedList reads a field that is a list of items: a JSON array of objects, as a mapping
// makes it from an export.
func statedList(field, text, zone string, find func(Kind, string) (string, error)) (string, error) {
	known := itemFields[field]
	form := "a JSON array of objects with the members " + strings.Join(slices.Sorted(maps.Keys(known.members)), ", ") + ", each with " + known.needs
	wrong := func() error { return fault.New(field+" has not the form of the field", "give "+form) }
	var items []map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&items); err != nil || len(items) > maxItems {
		return "", wrong()
	}
	if _, err := d.Token(); err != io.EOF {
		return "", wrong()
	}
	out := []map[string]any{}
	for _, item := range items {
		one := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(item)) {
			mean, ok := known.members[name]
			if !ok {
				return "", wrong()
			}
			switch v := item[name].(type) {
			case bool:
				if mean.form != flagForm {
					return "", wrong()
				}
				one[name] = v
			case string:
				if v = trim(v); v == "" {
					continue
				}
				value, err := statedOne(name+" of "+field, name, mean, v, zone, find)
				if err != nil {
					return "", err
				}
				if one[name] = value; mean.form == flagForm {
					one[name] = value == "yes"
				}
			default:
				return "", wrong()
			}
		}
		if one[known.needs] == nil {
			return "", wrong()
		}
		out = append(out, one)
	}
	if len(out) == 0 {
		return "", nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
