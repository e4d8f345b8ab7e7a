package generator

import (
	"bytes"
	"encoding/json"
	"html"
	"path"
	"strings"
)

// textReader hands over the texts of a built file, which are what a person or a
// program that reads the file takes for words and numbers, one after the other:
// paragraphs and cells, attributes, strings and numbers of data. Markup itself is
// left out. It never fails, since it does not decide whether a file is well formed:
// what it does not understand is handed over as it stands.
type textReader struct {
	visit func(text string)
	text  []byte // of the paragraph at hand
	gap   bool   // white space is due in it
}

// binaryKinds are the kinds of file that hold no text to be read here.
var binaryKinds = map[string]bool{
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".webp": true, ".avif": true, ".ico": true,
	".woff": true, ".woff2": true, ".ttf": true, ".otf": true, ".pdf": true, ".docx": true, ".xlsx": true,
	".gz": true, ".zip": true, ".parquet": true, ".mp4": true, ".mp3": true, ".webm": true, ".wasm": true,
}

// file hands over the texts of a file and of its name, and reports whether the file
// could be read by its kind.
func (t *textReader) file(name string, body []byte) bool {
	t.visit(name)
	switch kind := strings.ToLower(path.Ext(name)); {
	case kind == ".html" || kind == ".htm":
		t.markup(body, true)
	case kind == ".xml" || kind == ".atom" || kind == ".rss" || kind == ".svg" || kind == ".xsl" || kind == ".rdf":
		t.markup(body, false)
	case strings.HasPrefix(kind, ".json") || kind == ".geojson" || kind == ".webmanifest" || kind == ".map":
		t.json(body)
	case kind == ".csv" || kind == ".tsv":
		t.cells(body)
	case binaryKinds[kind]:
		return false
	default:
		t.split(body, "\n")
	}
	return true
}

// cells hands over the cells of lines of a table.
func (t *textReader) cells(b []byte) { t.split(b, ",\t\n\r\"") }

// split hands over what stands between any of the given characters.
func (t *textReader) split(b []byte, at string) {
	for len(b) > 0 {
		i := bytes.IndexAny(b, at)
		if i < 0 {
			i = len(b)
		}
		t.alone(b[:i])
		b = b[min(i+1, len(b)):]
	}
}

// alone hands over a text that stands by itself.
func (t *textReader) alone(b []byte) {
	if b = bytes.TrimSpace(b); len(b) > 0 {
		t.visit(string(b))
	}
}

// json hands over every string, name and number of JSON or JSON Lines.
func (t *textReader) json(b []byte) {
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c == '"':
			end := closing(b, i+1)
			text := string(b[i+1 : min(end, len(b))])
			if strings.IndexByte(text, '\\') >= 0 {
				var plain string
				if json.Unmarshal(b[i:min(end+1, len(b))], &plain) == nil {
					text = plain
				}
			}
			if strings.TrimSpace(text) != "" {
				t.visit(text)
			}
			i = end + 1
		case strings.IndexByte(" \t\r\n{}[]:,", c) >= 0:
			i++
		default:
			end := i
			for end < len(b) && strings.IndexByte(" \t\r\n{}[]:,\"", b[end]) < 0 {
				end++
			}
			t.alone(b[i:end])
			i = end
		}
	}
}

// closing returns where the string that begins at i ends, or the end of b.
func closing(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(b)
}

// inline are the elements of HTML that do not part the words around them, as tspan
// does not in a drawing. A link does: a row of links is no number.
var inline = map[string]bool{
	"abbr": true, "b": true, "bdi": true, "bdo": true, "big": true, "cite": true, "code": true, "data": true, "del": true, "dfn": true,
	"em": true, "font": true, "i": true, "ins": true, "kbd": true, "mark": true, "q": true, "s": true, "samp": true, "small": true,
	"span": true, "strong": true, "sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true, "wbr": true,
}

// drawn are the attributes that hold the lines of a drawing, and those that
// only the style sheet reads.
var drawn = map[string]bool{
	"d": true, "points": true, "transform": true, "viewbox": true, "x": true, "y": true, "x1": true, "x2": true, "y1": true, "y2": true,
	"cx": true, "cy": true, "r": true, "rx": true, "ry": true, "dx": true, "dy": true, "width": true, "height": true, "class": true,
}

// markup hands over the paragraphs and attributes of HTML or XML, its comments,
// scripts and styles.
func (t *textReader) markup(b []byte, isHTML bool) {
	for len(b) > 0 {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			i = len(b)
		}
		t.add(b[:i])
		if b = b[i:]; len(b) == 0 {
			break
		}
		switch {
		case bytes.HasPrefix(b, []byte("<!--")):
			b = t.until(b[4:], "-->", false)
		case bytes.HasPrefix(b, []byte("<![CDATA[")):
			b = t.until(b[9:], "]]>", true)
		case len(b) > 1 && (b[1] == '!' || b[1] == '?'):
			b = t.until(b[2:], ">", false)
		case len(b) > 1 && (b[1] == '/' || isLetter(b[1])):
			b = t.tag(b[1:], isHTML)
		default:
			t.add(b[:1])
			b = b[1:]
		}
	}
	t.flush()
}

// until takes what stands before end: into the paragraph at hand, or as a text of
// its own.
func (t *textReader) until(b []byte, end string, within bool) []byte {
	i := bytes.Index(b, []byte(end))
	rest := []byte(nil)
	if i >= 0 {
		rest = b[i+len(end):]
	} else {
		i = len(b)
	}
	if within {
		t.words(b[:i])
		return rest
	}
	t.flush()
	t.split(b[:i], "\n")
	return rest
}

// tag takes a tag from behind its < on, and with it a script or style.
func (t *textReader) tag(b []byte, isHTML bool) []byte {
	end := b[0] == '/'
	if end {
		b = b[1:]
	}
	i := 0
	for i < len(b) && b[i] > ' ' && b[i] != '>' && b[i] != '/' {
		i++
	}
	name := strings.ToLower(string(b[:i]))
	if !(isHTML && inline[name] || name == "tspan") {
		if name == "br" {
			t.text = append(t.text, '\n')
			t.gap = false
		} else {
			t.flush()
		}
	}
	data := false
	for b = b[i:]; len(b) > 0 && b[0] != '>'; {
		var key string
		var value []byte
		key, value, b = attribute(b)
		if name == "script" && key == "type" && bytes.Contains(value, []byte("json")) {
			data = true
		}
		if len(value) > 0 && !drawn[key] {
			t.alone(unescaped(value))
		}
	}
	if len(b) > 0 {
		b = b[1:]
	}
	if !isHTML || end || name != "script" && name != "style" {
		return b
	}
	body := b
	if i := indexFold(b, "</"+name); i >= 0 {
		body, b = b[:i], b[i:]
	} else {
		b = nil
	}
	if data {
		t.json(body)
	} else {
		t.split(body, "\n")
	}
	return b
}

// attribute takes the next attribute of a tag, or one character that belongs to
// none.
func attribute(b []byte) (key string, value, rest []byte) {
	i := 0
	for i < len(b) && (b[i] <= ' ' || b[i] == '/') {
		i++
	}
	b = b[i:]
	if len(b) == 0 || b[0] == '>' {
		return "", nil, b
	}
	i = 1
	for i < len(b) && b[i] > ' ' && b[i] != '=' && b[i] != '>' && b[i] != '/' {
		i++
	}
	key, b = strings.ToLower(string(b[:i])), b[i:]
	i = 0
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	if i == len(b) || b[i] != '=' {
		return key, []byte(key), b // a name alone is what is said
	}
	for i++; i < len(b) && b[i] <= ' '; {
		i++
	}
	b = b[i:]
	if len(b) > 0 && (b[0] == '"' || b[0] == '\'') {
		if i = bytes.IndexByte(b[1:], b[0]); i >= 0 {
			return key, b[1 : i+1], b[i+2:]
		}
		return key, b[1:], nil
	}
	i = 0
	for i < len(b) && b[i] > ' ' && b[i] != '>' {
		i++
	}
	return key, b[:i], b[i:]
}

// add takes text of markup into the paragraph at hand.
func (t *textReader) add(b []byte) {
	if len(b) > 0 {
		t.words(unescaped(b))
	}
}

// words takes text into the paragraph at hand, with its white space as a reader
// sees it: one space.
func (t *textReader) words(b []byte) {
	for len(b) > 0 {
		i := 0
		for i < len(b) && !isSpace(b[i]) {
			i++
		}
		if i > 0 {
			if t.gap && len(t.text) > 0 {
				t.text = append(t.text, ' ')
			}
			t.gap = false
			t.text = append(t.text, b[:i]...)
		}
		for b = b[i:]; len(b) > 0 && isSpace(b[0]); b = b[1:] {
			t.gap = true
		}
	}
}

// flush ends the paragraph at hand.
func (t *textReader) flush() {
	t.alone(t.text)
	t.text, t.gap = t.text[:0], false
}

// unescaped returns text of markup as it is read. A < that it holds is followed by
// a space, so that nobody takes what follows for an element once more.
func unescaped(b []byte) []byte {
	if bytes.IndexByte(b, '&') < 0 {
		return b
	}
	return []byte(strings.ReplaceAll(html.UnescapeString(string(b)), "<", "< "))
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// indexFold is [bytes.Index] of a lower-case word of ASCII, in any case.
func indexFold(b []byte, word string) int {
	for i := 0; ; i++ {
		n := bytes.IndexByte(b[i:], word[0])
		if n < 0 {
			return -1
		}
		if i += n; len(b)-i < len(word) {
			return -1
		}
		if strings.EqualFold(string(b[i:i+len(word)]), word) {
			return i
		}
	}
}
