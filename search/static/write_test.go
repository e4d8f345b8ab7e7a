package static_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/static"
)

func TestScriptIsSmall(t *testing.T) {
	if n := len(static.Script()); n >= 12<<10 {
		t.Errorf("the script has %d bytes; under %d are promised", n, 12<<10)
	}
}

// TestScriptIsMadeOfItsSource: go generate must be run after a change.
func TestScriptIsMadeOfItsSource(t *testing.T) {
	source, err := os.ReadFile("static.js")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(source)
	if want := "// " + hex.EncodeToString(sum[:8]) + "\n"; !bytes.HasPrefix(static.Script(), []byte(want)) {
		t.Error("static.min.js was made of another static.js: run go generate ./search/static")
	}
}

func TestSameDocumentsSameBytes(t *testing.T) {
	all := docs(100)
	want := write(t, all)
	slices.Reverse(all)
	if d := cmp.Diff(want, write(t, all)); d != "" {
		t.Error("the order of the documents changed the files")
	}
}

// TestFewFilesChange: what is new changes the documents at the end, and what is
// withdrawn those of its month.
func TestFewFilesChange(t *testing.T) {
	all := docs(200)
	before := write(t, all)
	changed := func(now []search.Doc) (documents int) {
		after := write(t, now)
		for name, f := range after {
			if strings.HasPrefix(name, "search/static/d/") && (before[name] == nil || !bytes.Equal(f.Data, before[name].Data)) {
				documents++
			}
		}
		return documents
	}
	newest := all[0]
	newest.ID, newest.Seq, newest.Number = "2611-000999", 2611*1e9+999, map[string]int64{"replied": 20261130}
	if n := changed(append(slices.Clone(all), newest)); n != 1 {
		t.Errorf("a new document changed %d files of documents", n)
	}
	august := slices.IndexFunc(all, func(d search.Doc) bool { return d.Number["replied"]/100 == 202608 })
	if n := changed(slices.Delete(slices.Clone(all), august, august+1)); n == 0 || n > 40 {
		t.Errorf("a document that is gone changed %d files of documents; its month has about 25", n)
	}
}

// TestWithdrawn: nothing of a document that is not there any more is left.
func TestWithdrawn(t *testing.T) {
	all := docs(50)
	all[9].Text["reply"] = "玄武岩栈桥"
	gone := slices.Delete(slices.Clone(all), 9, 10)
	has := func(docs []search.Doc, words ...string) bool {
		for _, f := range write(t, docs) {
			body := unzip(t, f.Data)
			for _, w := range words {
				if bytes.Contains(body, []byte(w)) {
					return true
				}
			}
		}
		return false
	}
	if !has(all, "玄武岩") || !has(all, all[9].ID) {
		t.Fatal("the document is not in the index")
	}
	if has(gone, "玄武岩", "武 岩", all[9].ID) {
		t.Error("something of the document is left")
	}
}

func TestRefused(t *testing.T) {
	good, broken := docs(2), errors.New("broken")
	many := func(yield func(search.Doc, error) bool) {
		d := good[0]
		for d.Seq = 1; d.Seq <= static.MaxDocs+1 && yield(d, nil); d.Seq++ {
		}
	}
	noSuch := good[0]
	noSuch.Keyword = map[string]string{"colour": "red"}
	tests := []struct {
		name string
		docs []iter.Seq2[search.Doc, error] // of the first and the second reading
		want string
	}{
		{"the source fails", []iter.Seq2[search.Doc, error]{func(yield func(search.Doc, error) bool) { yield(search.Doc{}, broken) }}, "broken"},
		{"no document", []iter.Seq2[search.Doc, error]{each([]search.Doc{noSuch})}, "colour"},
		{"one ID twice", []iter.Seq2[search.Doc, error]{each([]search.Doc{good[0], good[0]})}, "same ID"},
		{"one more the second time", []iter.Seq2[search.Doc, error]{each(good[:1]), each(good)}, "changed between"},
		{"one less the second time", []iter.Seq2[search.Doc, error]{each(good), each(good[:1])}, "changed between"},
		{"too many", []iter.Seq2[search.Doc, error]{many}, static.ErrTooMany.Error()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := 0
			next := func() iter.Seq2[search.Doc, error] { n++; return test.docs[n-1] }
			_, err := static.Write(t.Context(), next, options, func(string, []byte) error { return nil })
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	failing := func(string, []byte) error { return broken }
	if _, err := static.Write(t.Context(), func() iter.Seq2[search.Doc, error] { return each(good) }, options, failing); !errors.Is(err, broken) {
		t.Errorf("a folder that cannot be written: %v", err)
	}
}

func TestNoDocuments(t *testing.T) {
	files := write(t, nil)
	if files["search/static/manifest.json"] == nil || len(files) != 6 {
		t.Errorf("%d files", len(files))
	}
}
