package gate

import "github.com/huiyin/huiyin/generator/yamlfile"

// reader reads a YAML file of the gate.
type reader struct{ yamlfile.Reader }

// field is one key of a map with its value, or an item of a list.
type field = yamlfile.Field

// newReader returns a reader of a file that is what, with one hint for every mistake.
func newReader(what, hint string) reader {
	return reader{yamlfile.Reader{Name: what, Hint: hint}}
}

// errorAt returns an error about a line of the file.
func (r reader) errorAt(line int, format string, args ...any) error {
	return r.ErrorAt(line, "", format, args...)
}
