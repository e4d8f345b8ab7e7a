package meilitest

import (
	"unicode"
	"unicode/utf8"
)

// maxTerms is how many words and phrases of a query count; what follows is ignored.
const maxTerms = 10

// term is one word or phrase of a query.
type term struct {
	words  []string
	phrase bool
	prefix bool // a single word that may go on
}

// terms is a query in parts.
type terms struct {
	want []term
	not  []term
}

// parseQuery cuts q as the server does: double quotes make phrases, a minus after
// a blank takes away the next word or phrase, a hard separator cuts a phrase in two,
// and only the last word may be a prefix, if nothing follows it.
func parseQuery(q string, known map[string]bool, prefixes bool) terms {
	var out terms
	var phrase *term
	var negativePhrase, negativeNext bool
	close := func() {
		if phrase != nil && len(phrase.words) > 0 {
			if negativePhrase {
				out.not = append(out.not, *phrase)
			} else {
				out.want = append(out.want, *phrase)
			}
		}
		phrase = nil
	}
	tokens := tokenize(q, known)
	blank := true
	for i, t := range tokens {
		if len(out.want) >= maxTerms {
			return out
		}
		switch {
		case t.text == "":
			continue
		case t.kind == wordToken && phrase != nil:
			phrase.words = append(phrase.words, t.text)
		case t.kind == wordToken && negativeNext:
			out.not = append(out.not, term{words: []string{t.text}})
			negativeNext = false
		case t.kind == wordToken:
			last := i == len(tokens)-1
			out.want = append(out.want, term{words: []string{t.text}, prefix: last && prefixes})
		default:
			if t.kind == hardToken && phrase != nil {
				negative := negativePhrase
				close()
				phrase, negativePhrase = &term{phrase: true}, negative
			}
			if t.text == `"` {
				if phrase != nil {
					close()
					negativePhrase = false
				} else {
					phrase, negativePhrase = &term{phrase: true}, negativeNext
				}
			}
			negativeNext = phrase == nil && t.text == "-" && blank
		}
		r, _ := utf8.DecodeLastRuneInString(t.text)
		blank = unicode.IsSpace(r)
	}
	close() // a quote that is never closed goes to the end
	return out
}
