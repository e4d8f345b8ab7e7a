package meilitest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// hit is a document as a search shows it.
func (s *Server) hit(ix *index, l *lookup, in searchRequest, d *document) map[string]any {
	out := ix.display(d, in.AttributesToRetrieve)
	if in.AttributesToHighlight != nil || in.AttributesToCrop != nil {
		out["_formatted"] = s.formatted(ix, l, in, d)
	}
	if in.ShowMatchesPosition {
		positions := map[string]any{}
		for name := range ix.display(d, nil) {
			if m := s.positions(ix, l, d, name); len(m) > 0 {
				positions[name] = m
			}
		}
		out["_matchesPosition"] = positions
	}
	return out
}

// formatted is the hit once more, with the words that were found between tags,
// long texts cropped and numbers as texts.
func (s *Server) formatted(ix *index, l *lookup, in searchRequest, d *document) map[string]any {
	crop := map[string]int{}
	for _, a := range in.AttributesToCrop {
		name, words, sized := strings.Cut(a, ":")
		crop[name] = or(in.CropLength, 10)
		if n, err := strconv.Atoi(words); sized && err == nil {
			crop[name] = n
		}
	}
	asked := func(names []string, name string) bool {
		return slices.ContainsFunc(names, func(p string) bool { return matches(p, name) })
	}
	out := map[string]any{}
	for name, v := range ix.display(d, nil) {
		length, cropped := crop[name]
		if !cropped {
			length, cropped = crop["*"]
		}
		highlight := asked(in.AttributesToHighlight, name)
		if !highlight && !cropped && in.AttributesToRetrieve != nil && !asked(in.AttributesToRetrieve, name) {
			continue
		}
		pre, post := "", ""
		if highlight {
			pre, post = or(in.HighlightPreTag, "<em>"), or(in.HighlightPostTag, "</em>")
		}
		if !cropped {
			length = 0
		}
		out[name] = s.formatValue(l, v.(json.RawMessage), pre, post, length, or(in.CropMarker, "…"))
	}
	return out
}

func (s *Server) formatValue(l *lookup, raw json.RawMessage, pre, post string, length int, marker string) any {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		panic(err) // was parsed before
	}
	switch v := v.(type) {
	case string:
		return s.mark(l, v, pre, post, length, marker)
	case float64:
		return string(raw)
	}
	return v
}

// mark puts tags around what was found and leaves length words of a text, the
// first of them near the first word that was found; 0 leaves all.
func (s *Server) mark(l *lookup, text, pre, post string, length int, marker string) string {
	tokens := tokenize(text, s.words)
	from, to := crop(l, tokens, length)
	var b strings.Builder
	if from > 0 {
		b.WriteString(marker)
	}
	for _, t := range tokens[from:to] {
		if l.finds(t) && pre+post != "" {
			b.WriteString(pre + text[t.start:t.end] + post)
		} else {
			b.WriteString(text[t.start:t.end])
		}
	}
	if to < len(tokens) {
		b.WriteString(marker)
	}
	return b.String()
}

// crop returns which tokens are left of a text.
func crop(l *lookup, tokens []token, length int) (from, to int) {
	words := 0
	first := -1
	for i, t := range tokens {
		if t.kind == wordToken {
			words++
		}
		if first < 0 && l.finds(t) {
			first = i
		}
	}
	if length == 0 || words <= length {
		return 0, len(tokens)
	}
	from = max(first, 0)
	for before := length / 2; from > 0 && before > 0; from-- {
		if tokens[from-1].kind == wordToken {
			before--
		}
	}
	to = from
	for n := 0; to < len(tokens); to++ {
		if tokens[to].kind == wordToken {
			if n == length {
				break
			}
			n++
		}
	}
	return from, to
}

// finds tells whether a word of a text is one that the query sought.
func (l *lookup) finds(t token) bool {
	if t.kind != wordToken {
		return false
	}
	return slices.ContainsFunc(l.parsed.want, func(w term) bool {
		return slices.Contains(w.words, t.text) || w.prefix && strings.HasPrefix(t.text, w.words[0])
	})
}

type position struct {
	Start  int `json:"start"`
	Length int `json:"length"`
}

// positions are where the words that were found stand in a text, in bytes.
func (s *Server) positions(ix *index, l *lookup, d *document, name string) []position {
	var text string
	if ix.searchRank(name) < 0 || json.Unmarshal(d.raw[name], &text) != nil {
		return nil
	}
	var out []position
	for _, t := range tokenize(text, s.words) {
		if l.finds(t) {
			out = append(out, position{t.start, t.end - t.start})
		}
	}
	return out
}
