package meilitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// The server names the place, the expectation and the finding of every value
// that it refuses. A shape holds what an object may have, in the order in which
// the server lists the names.
type shape []field

type field struct {
	name  string
	code  string // of the error when the value is wrong
	check check
	must  bool // the field may not be left out
}

// check looks at one JSON value; path is where it stands, such as .queries[1].q.
type check func(path, code string, v any) *apiError

// decodeBody reads JSON, checks it and returns it both as it came and decoded.
func decodeBody(body []byte, want check, into any) *apiError {
	v, e := parseJSON(body)
	if e != nil {
		return e
	}
	if e := want("", "bad_request", v); e != nil {
		return e
	}
	if err := json.Unmarshal(body, into); err != nil {
		// The checks are meant to leave nothing that does not fit.
		return refuse("bad_request", err.Error())
	}
	return nil
}

func parseJSON(body []byte) (any, *apiError) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, refuse("missing_payload", "A json payload is missing.")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	if err == nil && dec.More() {
		err = errors.New("trailing characters")
	}
	if err != nil {
		return nil, refuse("malformed_payload", "The json payload provided is malformed. `"+jsonTrouble(body, err)+"`.")
	}
	return v, nil
}

// jsonTrouble words a JSON error with the line and column of the end, which is
// where a cut-off body goes wrong.
func jsonTrouble(body []byte, err error) string {
	what := err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		what = "EOF while parsing a value"
	}
	lines := bytes.Split(body, []byte("\n"))
	return fmt.Sprintf("%s at line %d column %d", what, len(lines), len(lines[len(lines)-1]))
}

// object accepts an object with the fields of s and no others.
func object(s shape) check {
	return func(path, code string, v any) *apiError {
		m, ok := v.(map[string]any)
		if !ok {
			return wrongType(path, code, "an object", v)
		}
		for _, name := range sortedKeys(m) {
			if !slices.ContainsFunc(s, func(f field) bool { return f.name == name }) {
				return unknownName("field", path, name, s.names())
			}
		}
		for _, f := range s {
			v, ok := m[f.name]
			if !ok {
				if f.must {
					return refuse(strings.Replace(f.code, "invalid_", "missing_", 1), "Missing field `"+f.name+"`"+inside(path))
				}
				continue
			}
			if e := f.check(path+"."+f.name, f.code, v); e != nil {
				return e
			}
		}
		return nil
	}
}

func (s shape) names() []string {
	var names []string
	for _, f := range s {
		names = append(names, f.name)
	}
	return names
}

func inside(path string) string {
	if path == "" {
		return ""
	}
	return " inside `" + path + "`"
}

// unknownName refuses a field or parameter that does not exist.
func unknownName(what, path, name string, known []string) *apiError {
	msg := fmt.Sprintf("Unknown %s `%s`%s: ", what, name, inside(path))
	if near := nearest(name, known); near != "" {
		msg += "did you mean `" + near + "`? "
	}
	return refuse("bad_request", msg+"expected one of "+ticked(known))
}

func ticked(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// nearest is the known name that differs in few letters, or none.
func nearest(name string, known []string) string {
	allowed := min(3, len(name)/4)
	for _, k := range known {
		if distance(name, k) <= allowed {
			return k
		}
	}
	return ""
}

// distance counts the letters to insert, leave out or replace between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

func wrongType(path, code, want string, v any) *apiError {
	return refuse(code, fmt.Sprintf("Invalid value type%s: expected %s, but found %s", at(path), want, found(v)))
}

func wrongValue(path, code, problem string) *apiError {
	return refuse(code, "Invalid value"+at(path)+": "+problem)
}

func at(path string) string {
	if path == "" {
		return ""
	}
	return " at `" + path + "`"
}

// found says what a value is and shows it.
func found(v any) string {
	kind := ""
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		kind = "a boolean"
	case string:
		kind = "a string"
	case []any:
		kind = "an array"
	case map[string]any:
		kind = "an object"
	case json.Number:
		kind = "a number"
		if _, err := strconv.ParseUint(v.String(), 10, 64); err == nil {
			kind = "a positive integer"
		} else if _, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			kind = "a negative integer"
		}
	}
	return kind + ": `" + compact(v) + "`"
}

func compact(v any) string { return string(encode(v)) }

func text(path, code string, v any) *apiError {
	if _, ok := v.(string); !ok {
		return wrongType(path, code, "a string", v)
	}
	return nil
}

func boolean(path, code string, v any) *apiError {
	if _, ok := v.(bool); !ok {
		return wrongType(path, code, "a boolean", v)
	}
	return nil
}

// count accepts an integer that is not negative.
func count(path, code string, v any) *apiError {
	n, ok := v.(json.Number)
	if ok {
		_, err := strconv.ParseUint(n.String(), 10, 63)
		ok = err == nil
	}
	if !ok {
		return wrongType(path, code, "a positive integer", v)
	}
	return nil
}

// anything accepts every value; what uses it looks at it.
func anything(string, string, any) *apiError { return nil }

// unmodelled accepts only what means nothing.
func unmodelled(path, _ string, v any) *apiError {
	switch v := v.(type) {
	case nil:
		return nil
	case bool:
		if !v {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
	case map[string]any:
		if len(v) == 0 {
			return nil
		}
	}
	return outside("A value" + at(path))
}

func orNull(c check) check {
	return func(path, code string, v any) *apiError {
		if v == nil {
			return nil
		}
		return c(path, code, v)
	}
}

func list(c check) check {
	return func(path, code string, v any) *apiError {
		l, ok := v.([]any)
		if !ok {
			return wrongType(path, code, "an array", v)
		}
		for i, v := range l {
			if e := c(fmt.Sprintf("%s[%d]", path, i), code, v); e != nil {
				return e
			}
		}
		return nil
	}
}

// mapOf accepts an object with any names.
func mapOf(c check) check {
	return func(path, code string, v any) *apiError {
		m, ok := v.(map[string]any)
		if !ok {
			return wrongType(path, code, "an object", v)
		}
		for _, name := range sortedKeys(m) {
			if e := c(path+"."+name, code, m[name]); e != nil {
				return e
			}
		}
		return nil
	}
}

// oneOf accepts the given strings.
func oneOf(values ...string) check {
	return func(path, code string, v any) *apiError {
		if e := text(path, code, v); e != nil {
			return e
		}
		if s := v.(string); !slices.Contains(values, s) {
			return refuse(code, "Unknown value `"+s+"`"+at(path)+": expected one of "+ticked(values))
		}
		return nil
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
