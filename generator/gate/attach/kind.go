package attach

import (
	"bytes"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// kind is a kind of file that can be rebuilt.
type kind int

// The kinds, in the order of the table kinds.
const (
	unknown kind = iota
	kindPDF
	kindDOCX
	kindXLSX
	kindCSV
	kindJPEG
	kindPNG
)

// kinds says what a file of each kind may be called. media is its media type,
// also are others that browsers and mail programs claim for it.
var kinds = [...]struct {
	media   string
	also    []string
	endings []string
}{
	unknown:  {},
	kindPDF:  {media: "application/pdf", also: []string{"application/x-pdf"}, endings: []string{".pdf"}},
	kindDOCX: {media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", endings: []string{".docx"}},
	kindXLSX: {media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", endings: []string{".xlsx"}},
	kindCSV:  {media: "text/csv", also: []string{"text/plain", "application/csv", "application/vnd.ms-excel"}, endings: []string{".csv"}},
	kindJPEG: {media: "image/jpeg", also: []string{"image/jpg", "image/pjpeg"}, endings: []string{".jpg", ".jpeg", ".jpe", ".jfif"}},
	kindPNG:  {media: "image/png", also: []string{"image/x-png"}, endings: []string{".png"}},
}

func (k kind) media() string { return kinds[k].media }

// ending returns the ending of file names of the kind.
func (k kind) ending() string {
	if k == unknown {
		return ""
	}
	return kinds[k].endings[0]
}

// foreign are kinds of file that are refused with a sentence of their own, by
// their first bytes. Those with text may also be texts; the others may be the first
// letters of a table, and count only in files that are no text.
var foreign = []struct {
	magic, code string
	text        bool
}{
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-office", false}, // .doc, .xls, .ppt, .wps, .et, encrypted .docx
	{"Rar!\x1a\x07", "archive", false},
	{"7z\xbc\xaf\x27\x1c", "archive", false},
	{"\x1f\x8b", "archive", false},
	{"BZh", "archive", false},
	{"\xfd7zXZ\x00", "archive", false},
	{"\x28\xb5\x2f\xfd", "archive", false},
	{"PK", "archive", false},
	{"GIF8", "other-picture", false},
	{"BM", "other-picture", false},
	{"II*\x00", "other-picture", false},
	{"MM\x00*", "other-picture", false},
	{"8BPS", "other-picture", false},
	{"MZ", "program", false},
	{"\x7fELF", "program", false},
	{"OggS", "media", false},
	{"ID3", "media", false},
	{"fLaC", "media", false},
	{"#!", "program", true},
	{"{\\rtf", "old-office", true},
	{"<", "markup", true}, // HTML, SVG, XML
}

// kindOf decides by content what a file is, and refuses one that is claimed to
// be something else.
func (c *Cleaner) kindOf(name, mediaType string, body []byte) (kind, error) {
	_, ending := cutEnding(name)
	switch {
	case len(body) == 0:
		return unknown, refusal("empty")
	case len(body) > c.opts.Limits.Bytes:
		return unknown, refusal("too-large")
	}
	k, err := sniff(ending, body)
	if err != nil {
		return unknown, err
	}
	if ending != "" && !slices.Contains(kinds[k].endings, ending) {
		return k, refusal("type-mismatch")
	}
	media, _, _ := mime.ParseMediaType(mediaType)
	switch {
	case media == "" && mediaType == "", media == "application/octet-stream", media == "binary/octet-stream":
	case media != kinds[k].media && !slices.Contains(kinds[k].also, media):
		return k, refusal("type-mismatch")
	}
	return k, nil
}

// cutEnding splits a file name before its ending, which is returned in lower
// case.
func cutEnding(name string) (stem, ending string) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || strings.ContainsAny(name[i:], "/\\") || len(name)-i > 8 {
		return name, ""
	}
	return name[:i], strings.ToLower(name[i:])
}

// sniff decides by content what a file is. Tables have no mark of their own: text
// is a table when it is called one.
func sniff(ending string, body []byte) (kind, error) {
	has := func(magic string) bool { return bytes.HasPrefix(body, []byte(magic)) }
	switch {
	case has("%PDF-"):
		return kindPDF, nil
	case has("\xff\xd8\xff"):
		return kindJPEG, nil
	case has("\x89PNG\r\n\x1a\n"):
		return kindPNG, nil
	case has("PK\x03\x04"):
		return sniffZip(body)
	case len(body) > 12 && string(body[4:8]) == "ftyp":
		return unknown, refusal("media") // video, HEIC
	case len(body) > 12 && has("RIFF"):
		if string(body[8:12]) == "WEBP" {
			return unknown, refusal("other-picture")
		}
		return unknown, refusal("media")
	case len(body) > 262 && string(body[257:262]) == "ustar":
		return unknown, refusal("archive")
	}
	text, err := plainText(body)
	for _, f := range foreign {
		if err != nil && has(f.magic) || f.text && strings.HasPrefix(strings.TrimSpace(text), f.magic) {
			return unknown, refusal(f.code)
		}
	}
	if err != nil {
		return unknown, err
	}
	switch ending {
	case ".csv":
		return kindCSV, nil
	case ".txt", ".md", ".log", "":
		return unknown, refusal("plain-text")
	}
	if slices.Contains(kinds[kindPDF].endings, ending) || slices.ContainsFunc(kinds[:], func(k struct {
		media   string
		also    []string
		endings []string
	}) bool {
		return slices.Contains(k.endings, ending)
	}) {
		return unknown, refusal("type-mismatch")
	}
	return unknown, refusal("unknown-kind")
}

// plainText returns body as UTF-8, without a byte order mark. It may have been
// UTF-8 or GB 18030.
func plainText(body []byte) (string, error) {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		return "", refusal("text-encoding")
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	for _, b := range body {
		if b < 0x20 && b != '\t' && b != '\r' && b != '\n' {
			return "", refusal("unknown-kind")
		}
	}
	if utf8.Valid(body) {
		return string(body), nil
	}
	s, err := simplifiedchinese.GB18030.NewDecoder().Bytes(body)
	if err != nil || bytes.ContainsRune(s, utf8.RuneError) {
		return "", refusal("text-encoding")
	}
	return string(s), nil
}
