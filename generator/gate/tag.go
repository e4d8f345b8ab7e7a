package gate

import "strings"

// element is what becomes of an HTML element's tags in plain text.
type element uint8

const (
	inline  element = iota + 1 // nothing
	block                      // a line break, unless the text is at one
	lineEnd                    // a line break
	cell                       // a space
	script                     // nothing, and its content goes too
	style                      // likewise
)

// elements lists the names that make a tag. Anything else between angle brackets
// is text: people write <关于某事的通知>, a<b and {{< x >}}.
var elements = func() map[string]element {
	m := map[string]element{"br": lineEnd, "td": cell, "th": cell, "script": script, "style": style}
	for _, name := range strings.Fields("a abbr acronym address applet area audio b base basefont bdi bdo big button canvas " +
		"cite code col colgroup data datalist del details dfn em embed font frame frameset i iframe img input ins kbd " +
		"keygen label legend link map mark marquee math meta meter noframes noscript object optgroup option output param " +
		"picture progress q rp rt ruby s samp select slot small source span strike strong sub summary sup svg template " +
		"textarea time track tt u use var video wbr body head html title o:p") {
		m[name] = inline
	}
	for _, name := range strings.Fields("p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr caption " +
		"blockquote pre hr section article aside header footer nav main figure figcaption form fieldset center dir menu") {
		m[name] = block
	}
	return m
}()

// tag returns the length of the tag or comment at i and what stands for it, and
// 0 when there is none.
func (p *pass) tag(i int) (n int, with string) {
	s := p.in[i:]
	if strings.HasPrefix(s, "<!--") {
		if p.noComment {
			return 0, ""
		}
		end := strings.Index(s[4:], "-->")
		if p.noComment = end < 0; p.noComment {
			return 0, ""
		}
		return 4 + end + 3, ""
	}
	if len(s) > 2 && (s[1] == '!' || s[1] == '?') && asciiLetter(s[2]) {
		return p.upToEnd(i), ""
	}
	closing := len(s) > 1 && s[1] == '/'
	first := 1
	if closing {
		first = 2
	}
	last := first
	for last < len(s) && last < first+12 && (asciiLetter(s[last]) || s[last] >= '0' && s[last] <= '9' || s[last] == ':') {
		last++
	}
	if last == first || last == len(s) || !strings.ContainsRune(">/ \t\r\n", rune(s[last])) {
		return 0, ""
	}
	kind := elements[strings.ToLower(s[first:last])]
	if kind == 0 {
		return 0, ""
	}
	if n = p.upToEnd(i); n == 0 {
		return 0, ""
	}
	switch {
	case (kind == script || kind == style) && !closing:
		return n + p.content(i+n, kind), ""
	case kind == lineEnd:
		return n, "\n"
	case kind == cell && !closing:
		return n, " "
	case kind == block && !p.atLineStart(i):
		return n, "\n"
	}
	return n, ""
}

// maxTag is the longest tag in bytes; what is longer is text.
const maxTag = 1 << 14

// upToEnd returns the length of the tag at i up to and with its ">". The search
// remembers what it found, so that all searches together look at each byte once.
func (p *pass) upToEnd(i int) int {
	if p.tagEnd < i && !p.noTagEnd {
		end := strings.IndexByte(p.in[i:], '>')
		p.tagEnd, p.noTagEnd = i+end, end < 0
	}
	if p.noTagEnd || p.tagEnd-i > maxTag {
		return 0
	}
	return p.tagEnd + 1 - i
}

// content returns the length of a script's or style's content with its closing
// tag, and 0 when it is never closed: then the content is text like any other.
func (p *pass) content(i int, kind element) int {
	name := "</script"
	if kind == style {
		name = "</style"
	}
	miss := &p.noClose[kind-script]
	if *miss {
		return 0
	}
	for j := i; ; {
		k := strings.Index(p.in[j:], "</")
		if k < 0 {
			*miss = true
			return 0
		}
		j += k
		if len(p.in)-j > len(name) && strings.EqualFold(p.in[j:j+len(name)], name) {
			end := strings.IndexByte(p.in[j:], '>')
			if end < 0 {
				*miss = true
				return 0
			}
			return j + end + 1 - i
		}
		j += 2
	}
}

// atLineStart reports whether the plain text made so far, with the input up to
// i, is empty or ends a line.
func (p *pass) atLineStart(i int) bool {
	if i > p.done {
		return p.in[i-1] == '\n'
	}
	return len(p.out) == 0 || p.out[len(p.out)-1] == '\n'
}

func asciiLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
