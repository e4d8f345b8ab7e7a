package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
)

// Setting is one documented setting.
type Setting struct {
	Key      string // dotted, such as "site.name"
	Doc      string // what it does, with its unit
	Default  string // as YAML; "" is an empty or missing value
	Required bool
	Section  bool // has settings below it
}

// Settings lists every setting of the file in its order, from the tags of
// [Config]: the one place where a setting is documented.
func Settings() []Setting {
	var all []Setting
	walk(reflect.TypeFor[Config](), "", func(s Setting, _ reflect.StructField) { all = append(all, s) })
	return all
}

// Default returns a configuration in which every setting has its default.
// Required settings are empty.
func Default() *Config {
	c := new(Config)
	for _, s := range Settings() {
		if s.Default == "" || s.Section {
			continue
		}
		// A default that does not decode is a mistake in a tag: a test decodes
		// them all.
		text := s.Default
		keys := strings.Split(s.Key, ".")
		for i := len(keys) - 1; i >= 0; i-- {
			text = "{" + keys[i] + ": " + text + "}"
		}
		if err := yaml.Unmarshal([]byte(text), c); err != nil {
			panic(fmt.Sprintf("config: default of %s: %v", s.Key, err))
		}
	}
	return c
}

func walk(t reflect.Type, prefix string, visit func(Setting, reflect.StructField)) {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		key := prefix + f.Tag.Get("yaml")
		sub := f.Type.Kind() == reflect.Struct
		visit(Setting{Key: key, Doc: f.Tag.Get("doc"), Default: f.Tag.Get("default"), Required: f.Tag.Get("required") == "true", Section: sub}, f)
		if sub {
			walk(f.Type, key+".", visit)
		}
	}
}

// Documentation returns every setting with its documentation as a commented
// YAML file, defaults filled in.
func Documentation() string {
	var b strings.Builder
	for _, s := range Settings() {
		depth := strings.Count(s.Key, ".")
		indent := strings.Repeat("  ", depth)
		name := s.Key[strings.LastIndexByte(s.Key, '.')+1:]
		if depth == 0 && b.Len() > 0 {
			b.WriteByte('\n')
		}
		required := ""
		if s.Required {
			required = " (required)"
		}
		fmt.Fprintf(&b, "%s# %s%s\n%s%s:", indent, s.Doc, required, indent, name)
		if s.Default != "" {
			b.WriteString(" " + s.Default)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
