package config

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
)

// YAML returns every setting in force under its name in the file, defaults
// included, in the order of [Settings]. Sections that another package decodes
// stand as they were written, comments too. The result can be read again by [Parse].
func (c *Config) YAML() ([]byte, error) {
	var b bytes.Buffer
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		key, value := f.Tag.Get("yaml"), v.Field(i).Interface()
		if s, ok := value.(Section); ok {
			if len(s) == 0 {
				fmt.Fprintf(&b, "%s: %s\n", key, cmp.Or(f.Tag.Get("default"), "{}"))
				continue
			}
			fmt.Fprintf(&b, "%s:%s\n", key, s.below(c.text, key))
			continue
		}
		part, err := yaml.MarshalWithOptions(yaml.MapSlice{{Key: key, Value: value}}, yaml.IndentSequence(true))
		if err != nil {
			return nil, fmt.Errorf("setting %s: %w", key, err)
		}
		b.Write(part)
	}
	return b.Bytes(), nil
}

// below returns what stands below the key of the section: the lines of the file,
// with their comments, or else the text that was decoded.
func (s Section) below(file, key string) string {
	text := strings.TrimRight(string(s), " \n")
	if _, rest, found := strings.Cut("\n"+file, "\n"+key+":\n"); found {
		var own strings.Builder
		for line := range strings.Lines(rest) {
			if !strings.ContainsAny(line[:1], " \r\n#") {
				break // the next key
			}
			own.WriteString(line)
		}
		return "\n" + strings.TrimRight(own.String(), " \r\n")
	}
	return "\n  " + strings.ReplaceAll(text, "\n", "\n  ")
}

// MarshalJSON returns what [Config.YAML] does as one JSON object, with the same
// names in the same order.
func (c *Config) MarshalJSON() ([]byte, error) {
	text, err := c.YAML()
	if err != nil {
		return nil, err
	}
	var tree yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(text, &tree, yaml.UseOrderedMap()); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := writeJSON(&b, tree); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// writeJSON writes a decoded YAML value, maps in their order.
func writeJSON(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case yaml.MapSlice:
		b.WriteByte('{')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, fmt.Sprint(item.Key)); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := writeJSON(b, item.Value); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, item); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	text, err := json.Marshal(v)
	b.Write(text)
	return err
}
