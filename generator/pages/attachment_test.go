package pages_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

func file(name, typ string, size int64) record.Attachment {
	return record.Attachment{Name: name, Type: typ, Size: size, SHA256: "hash of " + name}
}

// TestAttachments: the files of a case lie below its address in partitions of their
// own, show it, and are listed on its page and nowhere else.
func TestAttachments(t *testing.T) {
	c := newCity(14)
	bare := plan(t, c, options(t))
	c.at(t, "2609-000001").Attachments = []record.Attachment{file("1.pdf", "application/pdf", 35_001), file("10.csv", "text/csv", 1), file("3.jpg", "image/jpeg", 1_250_000)}
	c.at(t, "2609-000001").FilesWithheld = 2
	c.at(t, "2609-000010").Attachments = []record.Attachment{file("1.png", "image/png", 999_000)}
	c.at(t, "2609-000011").Attachments = []record.Attachment{file("2.docx", "x", 20)}
	parts := plan(t, c, options(t))

	var keys []string
	files := map[string]string{}
	for _, p := range parts {
		if !strings.HasPrefix(p.Key, "file/") {
			continue
		}
		keys = append(keys, p.Key)
		content, err := p.Make(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(content.Files, func(a, b pages.File) int { return strings.Compare(a.Path, b.Path) }) {
			t.Errorf("%s: files out of order", p.Key)
		}
		for _, f := range content.Files {
			files[f.Path] = string(f.Body) + fmt.Sprint(f.Shows)
		}
	}
	if diff := cmp.Diff([]string{"file/2609/00000", "file/2609/00001"}, keys); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{
		"case/2609-000001/1.pdf":  "body of 1.pdf[2609-000001]",
		"case/2609-000001/10.csv": "body of 10.csv[2609-000001]",
		"case/2609-000001/3.jpg":  "body of 3.jpg[2609-000001]",
		"case/2609-000010/1.png":  "body of 1.png[2609-000010]",
		"case/2609-000011/2.docx": "body of 2.docx[2609-000011]",
	}, files); diff != "" {
		t.Error(diff)
	}

	s := build(t, parts)
	js, err := json.Marshal(s.pages["case/2609-000001.html"].Params)
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Files    []map[string]string `json:"files"`
		Withheld string              `json:"files_withheld"`
	}
	if err := json.Unmarshal(js, &page); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]map[string]string{
		{"number": "1", "path": "case/2609-000001/1.pdf", "kind": "pdf", "type": "application/pdf", "size": "36 KB"},
		{"number": "10", "path": "case/2609-000001/10.csv", "kind": "csv", "type": "text/csv", "size": "1 KB"},
		{"number": "3", "path": "case/2609-000001/3.jpg", "kind": "jpg", "type": "image/jpeg", "size": "1.3 MB"},
	}, page.Files); diff != "" {
		t.Error(diff)
	}
	if page.Withheld != "2" {
		t.Errorf("%q files are withheld, want 2", page.Withheld)
	}
	for _, lang := range options(t).Labels {
		for _, kind := range []string{"pdf", "docx", "xlsx", "csv", "jpg", "png"} {
			if lang["file."+kind] == "" {
				t.Errorf("there is no label for %s", kind)
			}
		}
	}
	if p := s.pages["case/2609-000002.html"]; strings.Contains(fmt.Sprint(p.Params), "1.pdf") || strings.Contains(fmt.Sprint(p.Params), "files_withheld") {
		t.Error("a case lists the files of another")
	}

	// A case without files has none of this, and another file is another partition.
	for _, p := range bare {
		if strings.HasPrefix(p.Key, "file/") {
			t.Errorf("%s without any file", p.Key)
		}
	}
	was := printOf(parts, "file/2609/00000")
	c.at(t, "2609-000010").Attachments[0].SHA256 = "another"
	if printOf(plan(t, c, options(t)), "file/2609/00000") == was {
		t.Error("another file makes no other partition")
	}
	c.withdraw(t, "2609-000001")
	for _, p := range plan(t, c, options(t)) {
		content, err := p.Make(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range content.Files {
			if strings.HasPrefix(f.Path, "case/2609-000001/") {
				t.Errorf("%s of a withdrawn case", f.Path)
			}
		}
	}
}

// TestAttachmentsOfAnotherState: files that are not those of the plan are not made.
func TestAttachmentsOfAnotherState(t *testing.T) {
	c := newCity(2)
	c.at(t, "2609-000001").Attachments = []record.Attachment{file("1.pdf", "application/pdf", 1)}
	parts := plan(t, c, options(t))
	c.at(t, "2609-000001").Attachments = nil
	for _, p := range parts {
		if _, err := p.Make(t.Context()); strings.HasPrefix(p.Key, "file/") && err == nil {
			t.Error("a file is missing and nobody says so")
		}
	}
}

func printOf(parts []pages.Partition, key string) (sum [32]byte) {
	for _, p := range parts {
		if p.Key == key {
			return p.Fingerprint
		}
	}
	return sum
}
