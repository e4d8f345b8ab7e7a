package drop_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/drop"
)

const attachmentMapping = `
inputs:
  - glob: "*.csv"
    key: id
    folder: files
    fields: {question: text, attachments: files}
`

func dropOf(t *testing.T, dir string) *drop.Drop {
	t.Helper()
	m, err := source.DecodeMapping([]byte(attachmentMapping))
	must(t, err)
	d, err := drop.New(dir, m)
	must(t, err)
	return d
}

// filesOf reads the only batch of a folder and returns the files of its only case,
// and the codes of what was set aside.
func filesOf(t *testing.T, d *drop.Drop) (files map[string]string, codes string) {
	t.Helper()
	ctx := context.Background()
	batches, err := d.Batches(ctx)
	must(t, err)
	if len(batches) != 1 {
		t.Fatalf("%d batches", len(batches))
	}
	files = map[string]string{}
	var aside []string
	must(t, d.Read(ctx, batches[0], func(r source.Raw) error {
		for _, f := range r.Files {
			files[f.Name] = string(f.Body)
		}
		return nil
	}, func(x source.Rejected) {
		if !x.Kept || x.Column != source.FieldAttachments {
			t.Errorf("%s at column %q takes the row along", x.Code, x.Column)
		}
		aside = append(aside, x.Code)
	}))
	return files, strings.Join(aside, " ")
}

// TestAttachmentsStayInside: a link leads to what lies in the folder and nowhere else.
func TestAttachmentsStayInside(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "secret"), []byte("secret"))
	write(t, filepath.Join(dir, "a.csv"), []byte("id,files\n1,in;out;up;dir/secret\n"))
	write(t, filepath.Join(dir, "files", "real"), []byte("real"))
	must(t, os.Symlink("real", filepath.Join(dir, "files", "in")))
	must(t, os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "files", "out")))
	must(t, os.Symlink("../a.csv", filepath.Join(dir, "files", "up")))
	must(t, os.Symlink(outside, filepath.Join(dir, "files", "dir")))
	files, codes := filesOf(t, dropOf(t, dir))
	if len(files) != 1 || files["in"] != "real" || codes != "file-unread file-unread file-unread" {
		t.Errorf("%d files, set aside: %s", len(files), codes)
	}
}

// TestAttachmentsAreTwenty: a case has no more files than that.
func TestAttachmentsAreTwenty(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 22 {
		name := string(rune('a' + i))
		names = append(names, name)
		write(t, filepath.Join(dir, "files", name), []byte(name))
	}
	write(t, filepath.Join(dir, "a.csv"), []byte("id,files\n1,"+strings.Join(names, ";")+"\n"))
	files, codes := filesOf(t, dropOf(t, dir))
	if len(files) != 20 || codes != "too-many-files" {
		t.Errorf("%d files, set aside: %s", len(files), codes)
	}
}

// TestArchiveSentAgain: the same export in an archive with another file is news.
func TestArchiveSentAgain(t *testing.T) {
	dir := t.TempDir()
	digest := func(args ...string) [32]byte {
		t.Helper()
		write(t, filepath.Join(dir, "in.zip"), pack(t, dir, args, false))
		batches, err := dropOf(t, dir).Batches(context.Background())
		must(t, err)
		if len(batches) != 1 {
			t.Fatalf("%d batches", len(batches))
		}
		return batches[0].Digest
	}
	put := func(file string) {
		write(t, filepath.Join(dir, "a.csv"), []byte("id,files\n1,x\n"))
		write(t, filepath.Join(dir, "files", "x"), []byte(file))
		write(t, filepath.Join(dir, "other"), []byte(file))
	}
	put("one")
	first := digest("a.csv", "files/x", "other")
	put("one")
	if digest("a.csv", "files/x", "other") != first {
		t.Error("the same archive has another digest")
	}
	put("two")
	if digest("a.csv", "files/x") == first {
		t.Error("an archive with another file has the same digest")
	}
}

func TestFolderIsChecked(t *testing.T) {
	for _, text := range []string{
		strings.Replace(attachmentMapping, "    folder: files\n", "", 1),
		strings.Replace(attachmentMapping, ", attachments: files", "", 1),
		strings.Replace(attachmentMapping, "folder: files", "folder: ../files", 1),
		strings.Replace(attachmentMapping, "folder: files", "folder: /files", 1),
		strings.Replace(attachmentMapping, "folder: files", "folder: .", 1),
	} {
		m, err := source.DecodeMapping([]byte(text))
		if err == nil {
			_, err = source.Compile(m)
		}
		if err == nil || !strings.Contains(err.Error(), "folder") {
			t.Errorf("error %v of\n%s", err, text)
		}
	}
}
