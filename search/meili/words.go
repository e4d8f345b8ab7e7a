package meili

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

const (
	stop = "." // where a separator stands in a text; the server's hard separator

	// maxWord is how long a word may be, in bytes; the server leaves out words
	// of more than 250.
	maxWord = 200

	// The server keeps 65,536 positions of a field. A word takes one, and eight
	// after a separator.
	maxPositions = 65_000
	stopCost     = 8

	// overlap is how many units stand in two parts of a text that has no
	// separator where it is cut. It exceeds every quotation the server is asked
	// for.
	overlap = 1000

	// maxParts is how many fields one text may take: room for 65,000 units that
	// all stand alone and for 520,000 that stand together.
	maxParts = 8
)

// word returns a unit as one word for the server. Different units give different
// words.
func word(unit string) string {
	if r, size := utf8.DecodeRuneInString(unit); size == len(unit) && unicode.Is(unicode.Han, r) {
		return "h" + strconv.FormatInt(int64(r), 16)
	}
	ascii := strings.Trim(unit, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
	switch {
	case ascii && len(unit) < maxWord:
		return "w" + unit
	case len(unit) < maxWord/2:
		return "x" + hex.EncodeToString([]byte(unit))
	default:
		sum := sha256.Sum256([]byte(unit))
		return "z" + hex.EncodeToString(sum[:])
	}
}

// spell returns a text as words, with [stop] where a separator stands. A term
// matches a text when its words are among the text's, side by side.
func spell(text string) []string {
	units := search.Units(text)
	words := make([]string, 0, len(units)+len(units)/4)
	for _, u := range units {
		if u.After {
			words = append(words, stop)
		}
		words = append(words, word(u.Text))
	}
	return words
}

// divide cuts words so that the server keeps every one: at a separator, which no
// quotation crosses, or else with an overlap.
func divide(words []string) ([]string, error) {
	var made []string
	for len(words) > 0 {
		n, next := cut(words)
		made = append(made, strings.Join(words[:n], " "))
		words = words[next:]
	}
	if len(made) > maxParts {
		return nil, fmt.Errorf("%w: a text takes %d fields, more than %d", search.ErrDoc, len(made), maxParts)
	}
	return made, nil
}

// cut returns where the first part ends and where the next one begins.
func cut(words []string) (end, next int) {
	positions, at := 0, 0 // at: the last separator
	for i, w := range words {
		if w == stop {
			at = i
			positions += stopCost - 1
			continue
		}
		if positions++; positions <= maxPositions {
			continue
		}
		if at > 0 {
			return at, at + 1
		}
		return i, i - overlap
	}
	return len(words), len(words)
}

// The server compares keywords without regard to case and width. So all but
// these letters and Han characters, which are the same either way, are written
// as %hex; and a value that would become too long is ~ and its bytes.
const (
	plainLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_./"
	maxValue     = 200 // bytes of a keyword, see search.CheckDoc
	maxEscaped   = 400 // the server keeps 468 bytes of a value
)

// escape returns a keyword as the server keeps it. Different keywords give
// different results.
func escape(value string) string {
	var b strings.Builder
	for _, r := range value {
		if strings.ContainsRune(plainLetters, r) || r >= 0x4e00 && r <= 0x9fff {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "%%%x;", r)
		}
	}
	if b.Len() > maxEscaped {
		return "~" + hex.EncodeToString([]byte(value))
	}
	return b.String()
}

// unescape is the inverse of escape.
func unescape(kept string) (string, error) {
	if whole, ok := strings.CutPrefix(kept, "~"); ok {
		b, err := hex.DecodeString(whole)
		return string(b), err
	}
	var b strings.Builder
	for {
		plain, rest, ok := strings.Cut(kept, "%")
		b.WriteString(plain)
		if !ok {
			return b.String(), nil
		}
		code, rest, ok := strings.Cut(rest, ";")
		r, err := strconv.ParseInt(code, 16, 32)
		if !ok || err != nil || !utf8.ValidRune(rune(r)) {
			return "", errors.New("meili: a keyword on the server is not as this program writes them")
		}
		b.WriteRune(rune(r))
		kept = rest
	}
}
