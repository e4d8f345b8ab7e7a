package deadline

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/yamlfile"
)

// The limits of what is read. A notice of a year has about ten lines, and a
// period of 1,000 days is longer than any that an office has to keep.
const (
	MaxFile = 32 << 10 // bytes of one file: some 250 rules
	MaxDays = 1000     // days of a period, and of its extension
	MaxText = 200      // characters of a source, a basis or the name of a holiday
)

// File is a file as it was read by the caller.
type File struct {
	Name string // for messages
	Text []byte
}

// reader reads a file of rules or a holiday notice.
type reader struct{ yamlfile.Reader }

// field is one key of a map with its value, or one item of a list.
type field = yamlfile.Field

func newReader(name string) reader { return reader{yamlfile.Reader{Name: name}} }

// document returns the one document of the file.
func (r reader) document(text []byte) (yamlfile.Node, error) {
	switch {
	case len(text) > MaxFile:
		return nil, fault.New(fmt.Sprintf("%s has %d bytes, more than %d", r.Name, len(text), MaxFile), "give the file that was meant; such a file has a few lines")
	case !utf8.Valid(text):
		return nil, fault.New(r.Name+" is not UTF-8", "save the file as UTF-8")
	}
	body, err := r.Document(text)
	if err != nil {
		return nil, err
	}
	if body == nil {
		return nil, fault.New(r.Name+" is empty", "write the file anew, or take it out of the configuration")
	}
	return body, nil
}

// fields returns the keys of a map, all of which are known. what is the map in messages.
func (r reader) fields(what string, n yamlfile.Node, known ...string) (map[string]field, error) {
	found, err := r.Fields(what, n)
	if err != nil {
		return nil, err
	}
	all := make(map[string]field, len(found))
	for _, f := range found {
		if !contains(known, f.Key) {
			return nil, r.ErrorAt(f.Line, "the keys are "+list(known), "%s has no such key", what)
		}
		all[f.Key] = f
	}
	return all, nil
}

// wanted returns an error about the first of the keys that is not there.
func (r reader) wanted(what string, line int, all map[string]field, keys ...string) error {
	for _, key := range keys {
		if _, ok := all[key]; !ok {
			return r.ErrorAt(line, "add the key "+key, "%s has no %s", what, key)
		}
	}
	return nil
}

// text reads a text for the public: one line of ordinary characters.
func (r reader) text(f field) (string, error) {
	s, err := r.Text(f)
	if err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(s); n > MaxText {
		return "", r.ErrorAt(f.Line, "shorten it; it stands in one sentence of a page", "%s has %d characters, more than %d", f.Key, n, MaxText)
	}
	for _, c := range s {
		if !unicode.IsGraphic(c) {
			return "", r.ErrorAt(f.Line, "type the text anew", "%s has a character that cannot be shown", f.Key)
		}
	}
	return s, nil
}

// number reads a whole number from low to high.
func (r reader) number(f field, low, high int64) (int, error) {
	n, err := r.Number(f, low, high)
	return int(n), err
}

// day reads a day.
func (r reader) day(f field) (record.Day, error) {
	s, _ := yamlfile.Scalar(f.Value)
	d, err := record.ParseDay(s)
	if err != nil || !d.Known() {
		return 0, r.ErrorAt(f.Line, "write the day with four, two and two digits, and check that the month has such a day", "%s wants a day like 2026-02-15", f.Key)
	}
	return d, nil
}
