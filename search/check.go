package search

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of documents and queries.
const (
	maxNumber  = 1<<53 - 1 // what JSON readers that know only floating point hold exactly
	maxID      = 64
	maxKeyword = 200
	maxMark    = 512
	maxName    = 32
)

// ErrSchema: a schema that no index can have, see [CheckSchema].
var ErrSchema = errors.New("search: not a schema")

// CheckSchema says whether an index can have the schema: every name well formed
// and used once, a text field to be the title, and Newest a number field. Its
// error wraps [ErrSchema].
func CheckSchema(s Schema) error {
	if len(s.Text) == 0 {
		return fmt.Errorf("%w: no text field", ErrSchema)
	}
	seen := map[string]bool{}
	for _, name := range slices.Concat(s.Text, s.Keyword, s.Number) {
		if !isName(name) {
			return fmt.Errorf("%w: field name %q", ErrSchema, name)
		}
		if seen[name] {
			return fmt.Errorf("%w: field %s twice", ErrSchema, name)
		}
		seen[name] = true
	}
	if !slices.Contains(s.Number, s.Newest) {
		return fmt.Errorf("%w: newest %q is not a number field", ErrSchema, s.Newest)
	}
	return nil
}

// CheckDoc says whether a document can be indexed under the schema, which is
// taken to be sound. Its error wraps [ErrDoc] and names the document and the
// field, never a text.
func CheckDoc(s Schema, d Doc) error {
	if !IsID(d.ID) {
		return fmt.Errorf("%w: ID not of 1 to %d letters, digits, _ or -", ErrDoc, maxID)
	}
	if d.Seq < 1 || d.Seq > maxNumber {
		return fmt.Errorf("%w: %s: seq %d", ErrDoc, d.ID, d.Seq)
	}
	for name, text := range d.Text {
		switch {
		case !slices.Contains(s.Text, name):
			return fmt.Errorf("%w: %s: %q is not a text field", ErrDoc, d.ID, name)
		case !utf8.ValidString(text):
			return fmt.Errorf("%w: %s: text of %s is not UTF-8", ErrDoc, d.ID, name)
		}
	}
	for name, value := range d.Keyword {
		switch {
		case !slices.Contains(s.Keyword, name):
			return fmt.Errorf("%w: %s: %q is not a keyword field", ErrDoc, d.ID, name)
		case len(value) > maxKeyword:
			return fmt.Errorf("%w: %s: value of %s has %d bytes, more than %d", ErrDoc, d.ID, name, len(value), maxKeyword)
		case !utf8.ValidString(value):
			return fmt.Errorf("%w: %s: value of %s is not UTF-8", ErrDoc, d.ID, name)
		}
	}
	for name, value := range d.Number {
		switch {
		case !slices.Contains(s.Number, name):
			return fmt.Errorf("%w: %s: %q is not a number field", ErrDoc, d.ID, name)
		case value < -maxNumber || value > maxNumber:
			return fmt.Errorf("%w: %s: %s is %d", ErrDoc, d.ID, name, value)
		}
	}
	return nil
}

// CheckMark says whether a mark can be kept: at most 512 bytes of UTF-8. Its
// error wraps [ErrDoc].
func CheckMark(mark string) error {
	if len(mark) > maxMark || !utf8.ValidString(mark) {
		return fmt.Errorf("%w: mark not of at most %d bytes of UTF-8", ErrDoc, maxMark)
	}
	return nil
}

// CheckQuery says whether [Engine.Search] can answer the query under the
// schema. Its error wraps [ErrQuery]; it names fields and positions, never a
// term or a value. For [Engine.Each], which does not use them, clear Sort,
// Offset, Limit and Facets first.
//
// A filter on a keyword field needs a value in In and no bound; one on a number
// field has bounds and no In. Values that no document has are no mistake, nor
// is Min above Max, nor an ID in Hide that cannot be one: they match nothing.
func CheckQuery(s Schema, q Query) error {
	for i, term := range q.Terms {
		if len(Units(term)) == 0 {
			return fmt.Errorf("%w: term %d has no letter or digit", ErrQuery, i+1)
		}
	}
	for i, term := range q.Not {
		if len(Units(term)) == 0 {
			return fmt.Errorf("%w: excluded term %d has no letter or digit", ErrQuery, i+1)
		}
	}
	for _, name := range q.Fields {
		if !slices.Contains(s.Text, name) {
			return fmt.Errorf("%w: %q is not a text field", ErrQuery, name)
		}
	}
	if err := checkFilters(s, q.Filters); err != nil {
		return err
	}
	for _, name := range q.Facets {
		if !slices.Contains(s.Keyword, name) {
			return fmt.Errorf("%w: facet %q is not a keyword field", ErrQuery, name)
		}
	}
	if field := strings.TrimPrefix(q.Sort, "-"); q.Sort != "" && !slices.Contains(s.Number, field) {
		return fmt.Errorf("%w: sort %q is not a number field", ErrQuery, q.Sort)
	}
	if q.Offset < 0 || q.Limit < 0 || q.Offset > MaxWindow || q.Limit > MaxWindow-q.Offset {
		return fmt.Errorf("%w: %d results from %d on are not within the first %d", ErrQuery, q.Limit, q.Offset, MaxWindow)
	}
	return nil
}

func checkFilters(s Schema, filters []Filter) error {
	seen := map[string]bool{}
	for _, f := range filters {
		if seen[f.Field] {
			return fmt.Errorf("%w: two filters on %q", ErrQuery, f.Field)
		}
		seen[f.Field] = true
		switch {
		case slices.Contains(s.Keyword, f.Field):
			if len(f.In) == 0 || f.Min != nil || f.Max != nil {
				return fmt.Errorf("%w: the filter on %s needs values and takes no bounds", ErrQuery, f.Field)
			}
			for i, value := range f.In {
				if !utf8.ValidString(value) {
					return fmt.Errorf("%w: value %d of the filter on %s is not UTF-8", ErrQuery, i+1, f.Field)
				}
			}
		case slices.Contains(s.Number, f.Field):
			if len(f.In) > 0 {
				return fmt.Errorf("%w: the filter on %s takes bounds and no values", ErrQuery, f.Field)
			}
		default:
			return fmt.Errorf("%w: no filter on %q", ErrQuery, f.Field)
		}
	}
	return nil
}

// Letters of IDs and of the names of fields.
const (
	nameLetters = "abcdefghijklmnopqrstuvwxyz0123456789_"
	idLetters   = nameLetters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
)

// IsID says whether a string can be the ID of a document.
func IsID(id string) bool {
	return id != "" && len(id) <= maxID && strings.Trim(id, idLetters) == ""
}

// isName says whether a string can be the name of a field.
func isName(name string) bool {
	return name != "" && len(name) <= maxName && name[0] >= 'a' && name[0] <= 'z' && strings.Trim(name, nameLetters) == ""
}
