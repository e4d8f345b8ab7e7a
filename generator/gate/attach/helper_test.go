package attach_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// phone and person are made up. The gate of these tests finds them, also with
// spaces, hyphens and line breaks between digits.
const (
	phone  = "13912345678"
	person = "欧阳小草"
	masked = "139****5678"
)

// testGate finds mobile numbers and one name, and holds texts with 存疑.
func testGate(text string) attach.Checked {
	var c attach.Checked
	if !utf8.ValidString(text) {
		return attach.Checked{Held: []string{"bad-utf8"}}
	}
	text0 := text
	var b strings.Builder
	for i := 0; i < len(text0); {
		if n := number(text0[i:]); n > 0 && (i == 0 || !digit(text0[i-1])) {
			c.Findings = append(c.Findings, attach.Finding{Kind: "mobile", Start: i, End: i + n, Confidence: 90, Action: "mask", Value: "h", Detector: "t@1"})
			b.WriteString(masked)
			i += n
			continue
		}
		if strings.HasPrefix(text0[i:], person) {
			c.Findings = append(c.Findings, attach.Finding{Kind: "person", Start: i, End: i + len(person), Confidence: 90, Action: "mask", Value: "h", Detector: "t@1"})
			b.WriteString("某某")
			i += len(person)
			continue
		}
		if strings.HasPrefix(text0[i:], "存疑") {
			c.Findings = append(c.Findings, attach.Finding{Kind: "person", Start: i, End: i + 6, Confidence: 40, Action: "hold", Value: "h", Detector: "t@1"})
			c.Held = []string{"doubtful-person"}
		}
		if strings.HasPrefix(text0[i:], "未成年") {
			c.Held = []string{"minor"}
		}
		b.WriteByte(text0[i])
		i++
	}
	if len(c.Held) == 0 {
		c.Masked = strings.Trim(b.String(), " \n")
	}
	return c
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// number returns how many bytes a mobile number at the start of s takes.
func number(s string) int {
	if len(s) < 2 || s[0] != '1' || s[1] < '3' || !digit(s[1]) {
		return 0
	}
	n := 0
	for i := 0; i < len(s); i++ {
		switch {
		case digit(s[i]):
			if n++; n == 11 {
				if i+1 < len(s) && digit(s[i+1]) {
					return 0
				}
				return i + 1
			}
		case s[i] == ' ' || s[i] == '-' || s[i] == '\n' || s[i] == '\t':
		default:
			return 0
		}
	}
	return 0
}

// first is the Cleaner whose PDFium machine the tests share. It is never closed.
var first = attach.New(attach.Options{})

// cleaner returns a Cleaner.
func cleaner(o attach.Options) *attach.Cleaner {
	c := attach.New(o)
	c.Share(first)
	return c
}

// clean cleans a file twice and cleans the result again: the bytes must be the
// same each time.
func clean(t testing.TB, c *attach.Cleaner, name string, body []byte) attach.Result {
	t.Helper()
	before := slices.Clone(body)
	r := c.Clean(context.Background(), name, "", body, testGate)
	if !bytes.Equal(before, body) {
		t.Error("the file itself was changed")
	}
	again := c.Clean(context.Background(), name, "", body, testGate)
	if !bytes.Equal(r.Body, again.Body) || !slices.Equal(r.Held, again.Held) || r.Text != again.Text {
		t.Error("the same file gives other bytes")
	}
	if r.Body != nil {
		settled(t, c, r)
	}
	return r
}

// settled cleans a result again: it must stay as it is.
func settled(t testing.TB, c *attach.Cleaner, r attach.Result) {
	t.Helper()
	again := c.Clean(context.Background(), r.Name, r.Type, r.Body, testGate)
	if !bytes.Equal(r.Body, again.Body) {
		t.Errorf("cleaned again it has other bytes; held %q", again.Held)
	}
	if len(again.Findings) > 0 {
		t.Error("cleaned again something is found")
	}
}

// has complains when a code is missing, or anything else is held.
func has(t *testing.T, r attach.Result, held ...string) {
	t.Helper()
	if !slices.Equal(r.Held, held) {
		t.Errorf("held %q, want %q", r.Held, held)
	}
	for _, code := range r.Held {
		if zh, en := attach.Explain(code); zh == "" || en == "" {
			t.Errorf("%s is not explained", code)
		}
	}
}

// absent complains when a secret is in any byte of a file, as it is, in UTF-16,
// or in one of its unpacked parts.
func absent(t *testing.T, body []byte, secrets ...string) {
	t.Helper()
	for _, b := range append(unpacked(body), body) {
		for _, s := range secrets {
			var wide, hex []byte
			for _, r := range s {
				wide = append(wide, byte(r>>8), byte(r))
			}
			for _, c := range []byte(s) {
				hex = append(hex, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
			}
			if bytes.Contains(b, []byte(s)) || bytes.Contains(b, wide) || bytes.Contains(bytes.ToLower(b), hex) {
				t.Errorf("a secret of %d bytes is in the output", len(s))
			}
		}
	}
}

// unpacked returns the parts of an archive and whatever zlib streams are in a
// file.
func unpacked(body []byte) (out [][]byte) {
	if r, err := zip.NewReader(bytes.NewReader(body), int64(len(body))); err == nil {
		for _, f := range r.File {
			out = append(out, []byte(f.Name+f.Comment+string(f.Extra)))
			if rc, err := f.Open(); err == nil {
				b, _ := io.ReadAll(rc)
				out = append(out, b)
			}
		}
	}
	for i := 0; i+2 < len(body); i++ {
		if body[i] != 0x78 {
			continue
		}
		if r, err := zlib.NewReader(bytes.NewReader(body[i:])); err == nil {
			b, _ := io.ReadAll(io.LimitReader(r, 1<<22))
			out = append(out, b)
		}
	}
	return out
}

// zipped makes an archive of pairs of path and content.
func zipped(pairs ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err != nil {
			panic(err)
		}
		io.WriteString(f, pairs[i+1])
	}
	w.Close()
	return b.Bytes()
}

// part returns a part of an archive.
func part(t *testing.T, body []byte, name string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// names returns the paths in an archive.
func names(t *testing.T, body []byte) (out []string) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		out = append(out, f.Name)
	}
	return out
}
