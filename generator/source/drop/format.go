package drop

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// The formats, as a mapping names them.
const (
	formatCSV   = "csv"
	formatXLSX  = "xlsx"
	formatHTML  = "html"
	formatJSON  = "json"
	formatJSONL = "jsonl"
)

// layout is what a file turned out to be.
type layout struct {
	format  string
	charset charset
	delim   string
}

// recognise says what a file is, by its content and not by its name.
func recognise(c *content, in source.Input) (layout, error) {
	head, err := c.head(16)
	if err != nil {
		return layout{}, c.wrap(err)
	}
	if err := foreign(c.name, head); err != nil {
		return layout{}, err
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return layout{format: formatXLSX}, nil
	}
	if len(head) == 0 && (in.Format == formatJSONL || in.Format == "" && namedLines(c.name)) {
		// No rows are no lines. Any other format has at least a header.
		return layout{format: formatJSONL}, nil
	}
	var l layout
	r, err := c.open()
	if err != nil {
		return l, c.wrap(err)
	}
	l.charset, err = sniffCharset(c.name, r, in.Encoding)
	r.Close()
	if err != nil {
		return l, c.wrap(err)
	}
	text, err := l.text(c)
	if err != nil {
		return l, c.wrap(err)
	}
	defer text.Close()
	peek := make([]byte, 256<<10)
	n, err := io.ReadFull(text, peek)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) || truncated(err) {
		return l, c.wrap(err)
	}
	peek = peek[:n]
	if l.format = in.Format; l.format == "" {
		l.format = textFormat(c.name, peek)
	}
	if l.format == formatHTML && l.charset.bom == 0 && in.Encoding == "" {
		if name := metaCharset(peek); name != "" {
			l.charset.name = name
			l.charset.doubtful = true
		}
	}
	if bytes.Contains(peek, []byte("urn:schemas-microsoft-com:office:spreadsheet")) && bytes.Contains(peek, []byte("<Workbook")) {
		return l, fault.New(c.name+" is an XML spreadsheet of Excel 2003", "open it and save it as .xlsx")
	}
	switch l.delim = in.Delimiter; l.delim {
	case "":
		l.delim = sniffDelimiter(peek)
	case "tab":
		l.delim = "\t"
	}
	return l, nil
}

// foreign refuses what offices send by mistake, with what to do instead.
func foreign(name string, head []byte) error {
	for _, f := range []struct{ magic, what, hint string }{
		{"\xd0\xcf\x11\xe0", "is an old .xls workbook, or one that is locked with a password", "open it, and save it as .xlsx without a password"},
		{"%PDF", "is a PDF", "export the table itself, as .xlsx or .csv"},
		{"Rar!", "is a .rar archive", "pack it as .zip"},
		{"7z\xbc\xaf", "is a .7z archive", "pack it as .zip"},
		{"\x1f\x8b", "is packed twice", "pack it once"},
		{"SQLite", "is a database", "export the table as .csv"},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return fault.New(name+" "+f.what, f.hint)
		}
	}
	return nil
}

// textFormat tells JSON, JSON Lines, HTML and separated text apart.
func textFormat(name string, peek []byte) string {
	t := bytes.TrimLeft(peek, " \t\r\n")
	low := bytes.ToLower(t[:min(len(t), 4096)])
	switch {
	case len(t) == 0:
	case t[0] == '<' && (bytes.Contains(low, []byte("<table")) || bytes.Contains(low, []byte("<html")) || bytes.HasPrefix(low, []byte("<!doctype"))):
		return formatHTML
	case t[0] == '[' || t[0] == '{':
		ext := plainExt(name)
		j := newJSONStream(bytes.NewReader(t), len(t)+1)
		if _, err := j.value(); err != nil { // not whole within what was seen
			if namedLines(name) || t[0] == '{' && bytes.HasPrefix(bytes.TrimLeft(lineAfter(t), " \t\r\n"), []byte("{")) {
				return formatJSONL
			}
			if ext == ".csv" || ext == ".tsv" || ext == ".txt" {
				break
			}
			return formatJSON
		}
		next, err := j.peek()
		switch {
		case namedLines(name):
			return formatJSONL
		case err != nil: // one value and nothing else
			return formatJSON
		case t[0] == '{' && next == '{':
			return formatJSONL
		case t[0] == '{' && ext == ".json":
			return formatJSON
		}
	}
	return formatCSV
}

// plainExt returns the ending of a file name, that of packing left out.
func plainExt(name string) string { return path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")) }

// namedLines reports whether a file is called JSON Lines.
func namedLines(name string) bool { return plainExt(name) == ".jsonl" || plainExt(name) == ".ndjson" }

// lineAfter returns what stands behind the first line.
func lineAfter(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[i+1:]
	}
	return nil
}

// metaCharset returns the encoding that an HTML page claims, or "".
func metaCharset(page []byte) string {
	low := strings.ToLower(string(page[:min(len(page), 2048)]))
	_, after, ok := strings.Cut(low, "charset=")
	if !ok {
		return ""
	}
	after = strings.TrimLeft(after, `"' `)
	for claim, name := range map[string]string{"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8", "utf8": "utf-8", "big5": "big5"} {
		if rest, ok := strings.CutPrefix(after, claim); ok && (rest == "" || !isWordByte(rest[0])) {
			return name
		}
	}
	return ""
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_'
}

// text opens the file as UTF-8.
func (l layout) text(c *content) (io.ReadCloser, error) {
	r, err := c.open()
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{l.charset.decode(r), r}, nil
}
