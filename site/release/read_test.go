package release

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEachFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := NewPackWriter(f)
	for _, file := range []File{
		{Name: "a.html", Body: []byte(strings.Repeat("<p>灯</p>", 100)), Shows: []string{"2610-000002", "2610-000001"}},
		{Name: "b.png", Body: []byte{1, 2, 3}},
	} {
		if err := w.Add(file); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.AddHidden(SearchDocs, []byte("{\"id\":\"2610-000001\"}\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	each := func(f PackFile) error {
		got = append(got, fmt.Sprintf("%s %d %v %t", f.Name, len(f.Body), f.Shows, f.Hidden))
		return nil
	}
	if err := EachFile(nil, path, each); err != nil {
		t.Fatal(err)
	}
	want := "a.html 1000 [2610-000001 2610-000002] false|b.png 3 [] false|" + SearchDocs + " 21 [] true"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}

	// What is not what was written is an error, and so is what is not there.
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[bytes.Index(b, []byte{1, 2, 3})+1] ^= 0xff // of the picture, which is stored
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := EachFile(nil, path, each); err == nil {
		t.Error("a damaged pack was read")
	}
	if err := EachFile(nil, path+"x", each); err == nil {
		t.Error("no pack was read")
	}
}
