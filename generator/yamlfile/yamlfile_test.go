package yamlfile_test

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/yamlfile"
)

// read reads a file of one list of entries, and returns what it holds as words.
func read(r yamlfile.Reader, text string) (words []string, err error) {
	body, err := r.Document([]byte(text))
	if err != nil || body == nil {
		return nil, err
	}
	top, err := r.Fields("the file", body)
	if err != nil {
		return nil, err
	}
	for _, f := range top {
		if f.Empty() {
			words = append(words, f.Key+" is empty")
			continue
		}
		items, err := r.Items(f)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			fields, err := r.Fields("an entry", item.Value)
			if err != nil {
				return nil, err
			}
			for _, g := range fields {
				switch g.Key {
				case "n":
					_, err = r.Number(g, 1, 9)
				case "flag":
					_, err = r.Flag(g)
				default:
					var s string
					s, err = r.Text(g)
					words = append(words, s)
				}
				if err != nil {
					return nil, err
				}
			}
		}
	}
	return words, nil
}

func TestReader(t *testing.T) {
	for _, test := range []struct{ name, text, want, says, hint string }{
		{name: "nothing", text: "\n# 无\n"},
		{name: "entries", text: "all:\n- {name: 甲, n: 3, flag: true}\n- name: 2026-01-01\n", want: "甲 2026-01-01"},
		{name: "as Windows saves it", text: "\ufeffall:\r\n- {name: 甲, n: 3}\r\n- name: 乙\r\n", want: "甲 乙"},
		{name: "no value", text: "all:\n", want: "all is empty"},
		{name: "an empty list", text: "all: []\n"},
		{name: "no YAML", text: "all: [\n", says: "f.yaml, line 1: this is no YAML", hint: "colon"},
		{name: "two documents", text: "all: []\n---\nall: []\n", says: "f.yaml, line 3: a second document begins here", hint: "remove it"},
		{name: "a list alone", text: "- 甲\n", says: "f.yaml, line 1: the file wants keys with values here", hint: "colon"},
		{name: "a word for a list", text: "\nall: 甲\n", says: "f.yaml, line 2: all wants a list", hint: "hyphen"},
		{name: "a word for an entry", text: "all:\n- 甲\n", says: "f.yaml, line 2: an entry wants keys with values here", hint: "colon"},
		{name: "twice", text: "all: []\nall: []\n", says: "f.yaml, line 2: this is no YAML: mapping key \"all\" already defined", hint: "colon"},
		{name: "a merged key", text: "all:\n- {name: 甲}\n- <<: {name: 乙}\n", says: "f.yaml, line 3: a word is wanted as a key", hint: "before the colon"},
		{name: "an alias", text: "all:\n- {name: 甲}\n- {name: *x}\n", says: "f.yaml, line 3: name wants a text", hint: "behind the colon"},
		{name: "a tag", text: "all: [{n: !!int 3}]\n", says: "f.yaml, line 1: n wants a whole number from 1 to 9", hint: "number"},
		{name: "out of range", text: "all: [{n: 10}]\n", says: "f.yaml, line 1: n wants a whole number from 1 to 9", hint: "number"},
		{name: "perhaps", text: "all: [{flag: yes}]\n", says: "f.yaml, line 1: flag wants true or false", hint: "one of the two"},
		{name: "an empty text", text: "all: [{name: ''}]\n", says: "f.yaml, line 1: name wants a text", hint: "behind the colon"},
	} {
		words, err := read(yamlfile.Reader{Name: "f.yaml"}, test.text)
		msg, hint, _ := fault.Public(err)
		if (err != nil) != (test.says != "") || err == nil && strings.Join(words, " ") != test.want {
			t.Errorf("%s: %q, %v", test.name, words, err)
		}
		if err != nil && (!strings.HasPrefix(msg, test.says) || !strings.Contains(hint, test.hint) || hint == "" || strings.Contains(msg, "甲")) {
			t.Errorf("%s: %q, hint %q", test.name, msg, hint)
		}
		// A hint of the reader stands in the place of every other.
		if _, err := read(yamlfile.Reader{Name: "f.yaml", Hint: "look"}, test.text); err != nil {
			if _, hint, _ := fault.Public(err); hint != "look" {
				t.Errorf("%s: hint %q", test.name, hint)
			}
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add("all:\n- {name: 甲, n: 3, flag: true}\n")
	f.Add("all: &x [{n: *x}]\n---\n")
	f.Add("\xff: [\n<<: ? {")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := read(yamlfile.Reader{Name: "f.yaml"}, text); err != nil {
			if msg, hint, _ := fault.Public(err); !strings.HasPrefix(msg, "f.yaml") || hint == "" {
				t.Errorf("%q, hint %q", msg, hint)
			}
		}
	})
}
