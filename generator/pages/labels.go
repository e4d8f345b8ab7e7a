package pages

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Labels are the words of the interface in one language, by dotted key such as
// "title.units".
type Labels map[string]string

// ReadLabels reads the label files data/labels/LANG.yaml of a theme.
func ReadLabels(theme fs.FS) (map[string]Labels, error) {
	names, err := fs.Glob(theme, "data/labels/*.yaml")
	if err != nil {
		return nil, err
	}
	all := map[string]Labels{}
	for _, name := range names {
		b, err := fs.ReadFile(theme, name)
		if err != nil {
			return nil, err
		}
		var v map[string]any
		if err := yaml.Unmarshal(b, &v); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		l := Labels{}
		if err := l.add("", v); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[strings.TrimSuffix(path.Base(name), ".yaml")] = l
	}
	return all, nil
}

func (l Labels) add(prefix string, v map[string]any) error {
	for k, v := range v {
		switch v := v.(type) {
		case string:
			l[prefix+k] = v
		case map[string]any:
			if err := l.add(prefix+k+".", v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s%s is not a text; put it in quotes", prefix, k)
		}
	}
	return nil
}

// flat lists keys and words in the order of the keys.
func (l Labels) flat() []string {
	out := make([]string, 0, 2*len(l))
	for _, k := range slices.Sorted(maps.Keys(l)) {
		out = append(out, k, l[k])
	}
	return out
}

// say returns the label of key with each {name} replaced; pairs are name,
// value, name, value. {name|case|cases} is the first word where the value is 1,
// and the second otherwise.
func (l Labels) say(key string, pairs ...string) string {
	s := l[key]
	for i := 0; i+1 < len(pairs); i += 2 {
		s = pluralise(s, pairs[i], pairs[i+1] == "1")
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, "{"+pairs[i]+"}", pairs[i+1])
	}
	return s
}

// pluralise writes the words of a label that go by a number.
func pluralise(s, name string, one bool) string {
	for {
		before, rest, ok := strings.Cut(s, "{"+name+"|")
		words, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return s
		}
		word, other, _ := strings.Cut(words, "|")
		if !one {
			word = other
		}
		s = before + word + after
	}
}
