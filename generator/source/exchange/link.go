package exchange

import "strings"

// nextLink returns the target of the link with rel="next" in Link headers (RFC 8288,
// 3); "" where there is none. Links of another context (anchor) are passed over, and of
// several parameters of a name the first counts.
func nextLink(headers []string) (string, error) {
	next := ""
	for _, text := range headers {
		for {
			text = strings.TrimLeft(text, ", \t")
			if text == "" {
				break
			}
			if text[0] != '<' {
				return "", errLink
			}
			end := strings.IndexByte(text, '>')
			if end < 0 {
				return "", errLink
			}
			target := strings.TrimSpace(text[1:end])
			rel, anchored, rest, ok := linkParams(text[end+1:])
			if !ok {
				return "", errLink
			}
			text = rest
			if anchored || !isNext(rel) {
				continue
			}
			if target == "" || next != "" && next != target {
				return "", errLink
			}
			next = target
		}
	}
	return next, nil
}

func isNext(rel string) bool {
	for word := range strings.FieldsSeq(rel) {
		if strings.EqualFold(word, "next") {
			return true
		}
	}
	return false
}

// linkParams reads the parameters of a link up to the comma before the next one.
func linkParams(s string) (rel string, anchored bool, rest string, ok bool) {
	hasRel := false
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" || s[0] == ',' {
			return rel, anchored, s, true
		}
		if s[0] != ';' {
			return "", false, "", false
		}
		s = strings.TrimLeft(s[1:], " \t")
		n := strings.IndexAny(s, "=;, \t")
		if n < 0 {
			n = len(s)
		}
		name := s[:n]
		s = strings.TrimLeft(s[n:], " \t")
		value := ""
		if s != "" && s[0] == '=' {
			if value, s, ok = linkValue(strings.TrimLeft(s[1:], " \t")); !ok {
				return "", false, "", false
			}
		}
		switch {
		case strings.EqualFold(name, "rel") && !hasRel:
			rel, hasRel = value, true
		case strings.EqualFold(name, "anchor"):
			anchored = true
		}
	}
}

// linkValue reads the value of a parameter, with or without quotation marks.
func linkValue(s string) (value, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		n := strings.IndexAny(s, ";, \t")
		if n < 0 {
			n = len(s)
		}
		return s[:n], s[n:], true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], true
		case '\\':
			if i++; i == len(s) {
				return "", "", false
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}
