package sql

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
)

// kind is how a value becomes JSON.
type kind int8

const (
	kindNone   kind = iota // not taken
	kindText               // as a string
	kindPadded             // as a string without the blanks that fill it up
	kindBool
	kindWhole  // a number with its digits
	kindNumber // the same, with fractions, NaN and infinity
	kindDay    // 2006-01-02
	kindTime   // RFC 3339 with offset
	kindLocal  // RFC 3339 without offset: the column states none
	kindJSON   // as it is
)

// kindOf returns the kind of a type, by the number that every server has for it, and by
// category where a server or an extension adds types.
func kindOf(oid uint32, category, typtype string) kind {
	switch oid {
	case 16:
		return kindBool
	case 20, 21, 23:
		return kindWhole
	case 700, 701, 1700:
		return kindNumber
	case 1042:
		return kindPadded
	case 1083, 2950: // time of day, uuid
		return kindText
	case 1082:
		return kindDay
	case 1184:
		return kindTime
	case 1114:
		return kindLocal
	case 114, 3802:
		return kindJSON
	case 18, 705: // "char", unknown
		return kindNone
	}
	if typtype == "e" || typtype == "b" && category == "S" { // words of a list; citext and its like
		return kindText
	}
	return kindNone
}

var errValue = errors.New("a value that its type does not have")

// append appends a value of the column as JSON. text is what the server wrote, nil for
// null. An error names the column and nothing of the value.
func (c column) append(b, text []byte) ([]byte, error) {
	if text == nil {
		return append(b, "null"...), nil
	}
	var err error
	if !utf8.Valid(text) {
		err = errValue
	} else if c.array {
		b, err = c.appendArray(b, text)
	} else {
		b, err = c.kind.append(b, text)
	}
	if err != nil {
		return b, fault.New("the column "+c.name+" has a value that cannot be taken", "it is no UTF-8, or no value of the type "+c.typ+"; ask the DBA for the encoding of the database")
	}
	return b, nil
}

// append appends one value.
func (k kind) append(b, text []byte) ([]byte, error) {
	switch k {
	case kindText:
		return appendString(b, string(text)), nil
	case kindPadded:
		return appendString(b, string(bytes.TrimRight(text, " "))), nil
	case kindBool:
		switch string(text) {
		case "t":
			return append(b, "true"...), nil
		case "f":
			return append(b, "false"...), nil
		}
	case kindWhole, kindNumber:
		switch string(text) {
		case "NaN":
			return append(b, "null"...), nil // what is no number is not known
		case "Infinity", "-Infinity":
			return appendString(b, string(text)), nil
		}
		if isNumber(text) {
			return append(b, text...), nil
		}
	case kindDay, kindTime, kindLocal:
		return appendString(b, k.date(string(text))), nil
	case kindJSON:
		var out bytes.Buffer
		if json.Compact(&out, text) == nil {
			return append(b, out.Bytes()...), nil
		}
	}
	return b, errValue
}

// isNumber reports whether text is a number of JSON.
func isNumber(text []byte) bool {
	return len(text) > 0 && (text[0] == '-' || text[0] >= '0' && text[0] <= '9') && json.Valid(text) && bytes.IndexByte(text, ' ') < 0
}

// date writes a day or time as RFC 3339 has it. What lies outside of its years, and
// infinity, stays as the server wrote it, so that the mapping can say that it is no day.
func (k kind) date(s string) string {
	if k == kindDay || !digits(s, "dddd-dd-dd dd:dd:dd") {
		return s
	}
	rest := s[19:]
	n := 0
	if rest != "" && rest[0] == '.' {
		for n = 1; n < len(rest) && rest[n] >= '0' && rest[n] <= '9'; n++ {
		}
	}
	day, clock, offset := s[:10], s[11:19+n], rest[n:]
	switch {
	case k == kindLocal && offset == "":
		return day + "T" + clock
	case k == kindTime && len(offset) == 3 && (digits(offset, "+dd") || digits(offset, "-dd")):
		return day + "T" + clock + offset + ":00"
	case k == kindTime && len(offset) == 6 && (digits(offset, "+dd:dd") || digits(offset, "-dd:dd")):
		return day + "T" + clock + offset
	}
	return s
}

// digits reports whether s begins like a pattern in which d is a digit.
func digits(s, pattern string) bool {
	if len(s) < len(pattern) {
		return false
	}
	for i := range len(pattern) {
		if pattern[i] == 'd' && (s[i] < '0' || s[i] > '9') || pattern[i] != 'd' && s[i] != pattern[i] {
			return false
		}
	}
	return true
}

// appendArray appends what the server writes as {1,2,NULL,"a b"}, also with the bounds
// in front of it and with arrays within.
func (c column) appendArray(b, text []byte) ([]byte, error) {
	if bytes.HasPrefix(text, []byte("[")) {
		_, rest, ok := bytes.Cut(text, []byte("="))
		if !ok {
			return b, errValue
		}
		text = rest
	}
	b, rest, err := c.appendList(b, text, 0)
	if err == nil && len(rest) > 0 {
		err = errValue
	}
	return b, err
}

// maxDims is how many dimensions an array has at most in PostgreSQL.
const maxDims = 6

func (c column) appendList(b, text []byte, depth int) (out, rest []byte, err error) {
	if len(text) < 2 || text[0] != '{' || depth == maxDims {
		return b, nil, errValue
	}
	b, text = append(b, '['), text[1:]
	if text[0] == '}' {
		return append(b, ']'), text[1:], nil
	}
	for {
		if len(text) == 0 {
			return b, nil, errValue
		}
		if text[0] == '{' {
			b, text, err = c.appendList(b, text, depth+1)
		} else {
			var value []byte
			var null bool
			if value, null, text, err = element(text); err == nil && null {
				b = append(b, "null"...)
			} else if err == nil {
				b, err = c.kind.append(b, value)
			}
		}
		if err != nil || len(text) == 0 {
			return b, nil, errors.Join(errValue, err)
		}
		next := text[0]
		text = text[1:]
		switch next {
		case '}':
			return append(b, ']'), text, nil
		case ',':
			b = append(b, ',')
		default:
			return b, nil, errValue
		}
	}
}

// element takes one value of an array.
func element(text []byte) (value []byte, null bool, rest []byte, err error) {
	if text[0] != '"' {
		i := bytes.IndexAny(text, `,}{"\`)
		if i <= 0 || text[i] != ',' && text[i] != '}' {
			return nil, false, nil, errValue
		}
		return text[:i], string(text[:i]) == "NULL", text[i:], nil
	}
	value = []byte{}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return value, false, text[i+1:], nil
		case '\\':
			if i++; i == len(text) {
				return nil, false, nil, errValue
			}
		}
		value = append(value, text[i])
	}
	return nil, false, nil, errValue
}

// appendString appends s, which is UTF-8, as a string of JSON.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
