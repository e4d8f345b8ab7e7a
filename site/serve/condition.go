package serve

import (
	"encoding/hex"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// etagOf is the strong entity tag of a file: the first 128 bits of the SHA-256
// of its plain bytes, and "-gz" behind it for the gzip form, whose bytes differ.
func etagOf(sum [32]byte, c coding) string {
	suffix := ""
	if c == gzipped {
		suffix = "-gz"
	}
	return `"` + hex.EncodeToString(sum[:16]) + suffix + `"`
}

// verdict is what the conditions of a request ask for.
type verdict int

const (
	send        verdict = iota // the representation
	notModified                // 304
	failed                     // 412
)

// conditions evaluates If-Match and If-None-Match in the order of RFC 9110,
// 13.2.2, for a representation that exists and has this tag. There is no
// Last-Modified: a release has no clock, so conditions on dates never hold.
func conditions(h http.Header, tag string) verdict {
	if lines := h["If-Match"]; len(lines) > 0 && !matches(lines, tag, false) {
		return failed
	}
	if lines := h["If-None-Match"]; len(lines) > 0 && matches(lines, tag, true) {
		return notModified
	}
	return send
}

// matches says whether one of the tags in a header is tag, or "*" is. The weak
// comparison also takes a tag that a proxy has marked as weak.
func matches(lines []string, tag string, weak bool) bool {
	for _, line := range lines {
		if strings.Trim(line, " \t") == "*" {
			return true
		}
		for t := range tags(line) {
			if rest, isWeak := strings.CutPrefix(t, "W/"); isWeak && weak {
				t = rest
			}
			if t == tag {
				return true
			}
		}
	}
	return false
}

// tags yields the entity tags of a list, each with its quotes and its weak
// mark. It stops at the first thing that is not a tag.
func tags(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			s = strings.TrimLeft(s, " \t,")
			open := 0
			if strings.HasPrefix(s, "W/") {
				open = 2
			}
			if len(s) <= open || s[open] != '"' {
				return
			}
			end := strings.IndexByte(s[open+1:], '"')
			if end < 0 {
				return
			}
			end += open + 2
			if !yield(s[:end]) {
				return
			}
			s = s[end:]
		}
	}
}

// span is a part of a body: n bytes from off.
type span struct{ off, n int64 }

// ranged reads the Range header against a body of size bytes. It reports
// partial false when the whole is to be sent: without the header, when it
// names another unit or several ranges, when it is malformed, or when If-Range
// names another version. It reports ok false when the one range that is asked
// for has no byte in the body: 416.
func ranged(h http.Header, tag string, size int64) (s span, partial, ok bool) {
	whole := span{0, size}
	if ir := h.Get("If-Range"); ir != "" && ir != tag {
		return whole, false, true
	}
	spec, isBytes := strings.CutPrefix(h.Get("Range"), "bytes=")
	if !isBytes || len(h["Range"]) > 1 {
		return whole, false, true
	}
	first, last, dashed := strings.Cut(strings.Trim(spec, " \t"), "-")
	if !dashed {
		return whole, false, true
	}
	if first == "" { // the last n bytes
		n, valid := decimal(last)
		if !valid {
			return whole, false, true
		}
		if n == 0 || size == 0 {
			return span{}, true, false
		}
		n = min(n, size)
		return span{size - n, n}, true, true
	}
	from, valid := decimal(first)
	if !valid {
		return whole, false, true
	}
	to := size - 1
	if last != "" {
		t, valid := decimal(last)
		if !valid || t < from {
			return whole, false, true
		}
		to = min(to, t)
	}
	if from >= size {
		return span{}, true, false
	}
	return span{from, to - from + 1}, true, true
}

// decimal reads digits. What is too large for an int64 is the largest of them.
func decimal(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 1<<63 - 1, true
	}
	return n, true
}
