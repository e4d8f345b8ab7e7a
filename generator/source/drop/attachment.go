package drop

import (
	"encoding/binary"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/huiyin/huiyin/generator/source"
)

// maxFiles is the largest number of files of one case.
const maxFiles = 20

// inFolder reports whether a path lies in a folder of attachments: what lies there
// is never an export, whatever its name.
func (d *Drop) inFolder(name string) bool {
	for _, in := range d.inputs {
		if f := in.plan.Folder; f != "" && strings.Contains("/"+name, "/"+f+"/") {
			return true
		}
	}
	return false
}

// attachments finds the files that the rows of one export name: in the folder beside
// it, or in the folder beside it inside of the same archive. It is for one goroutine.
type attachments struct {
	d       *Drop
	c       *content
	f       found
	plan    *source.Plan // of the row at hand
	members map[string]member
}

// fill reads the files that a case names into it. A name that cannot be followed is
// set aside; where none can, the field counts as not carried.
func (a *attachments) fill(r *source.Raw, rejected func(source.Rejected)) {
	list := r.Fields[source.FieldAttachments]
	if a.plan.Folder == "" || list == "" {
		return
	}
	aside := func(code string) { rejected(source.Reject(r.Where, source.FieldAttachments, code, true)) }
	total := int64(0)
	var names []string
	for _, name := range strings.Split(list, source.ListSeparator) {
		if slices.Contains(names, name) {
			continue
		}
		if names = append(names, name); len(names) > maxFiles {
			aside(source.CodeTooManyFiles)
			break
		}
		body, err := a.read(name, min(a.d.prog.Limits.File, a.d.prog.Limits.Files-total))
		switch {
		case errors.Is(err, errBomb):
			aside(source.CodeFileTooLarge)
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, errBadName):
			aside(source.CodeNoFile)
		case err != nil:
			aside(source.CodeFileUnread)
		default:
			total += int64(len(body))
			r.Files = append(r.Files, source.File{Name: name, Body: body})
		}
	}
	if len(r.Files) == 0 {
		delete(r.Fields, source.FieldAttachments)
	}
}

// errBadName is a name that is none of a file in the folder.
var errBadName = errors.New("not a name of a file in the folder")

// read returns the bytes of a file, at most max. The folder is left by no name and by
// no link: a name is read through [os.Root], and one in an archive is only compared.
func (a *attachments) read(name string, max int64) ([]byte, error) {
	below := strings.ReplaceAll(name, "\\", "/")
	if !fs.ValidPath(below) || below == "." || strings.ContainsRune(below, 0) {
		return nil, errBadName
	}
	if a.f.inner != "" {
		return a.fromArchive(path.Join(path.Dir(a.f.inner), a.plan.Folder, below), max)
	}
	root, err := os.OpenRoot(a.d.root)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	dir, err := root.OpenRoot(filepath.FromSlash(path.Join(path.Dir(a.f.outer), a.plan.Folder)))
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	for _, spelling := range []string{below, norm.NFC.String(below), norm.NFD.String(below)} {
		st, err := dir.Stat(filepath.FromSlash(spelling))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !st.Mode().IsRegular() {
			return nil, errBadName // a folder; opening a pipe would wait for ever
		}
		f, err := dir.Open(filepath.FromSlash(spelling))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return readUpTo(f, max)
	}
	return nil, fs.ErrNotExist
}

// fromArchive reads a file of the archive in which the export lies.
func (a *attachments) fromArchive(name string, max int64) ([]byte, error) {
	if a.members == nil {
		list, err := listZip(a.f.outer, a.c.file, a.c.size)
		if err != nil {
			return nil, err
		}
		a.members = map[string]member{}
		for _, m := range list {
			a.members[norm.NFC.String(m.name)] = m
		}
	}
	m, ok := a.members[norm.NFC.String(name)]
	if !ok {
		return nil, fs.ErrNotExist
	}
	if m.file.Flags&1 != 0 {
		return nil, errBadName // locked with a password
	}
	r, err := m.file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readUpTo(&bounded{r: r, packed: int64(m.file.CompressedSize64), limits: a.d.prog.Limits}, max)
}

// readUpTo reads a file to its end; one of more than max bytes is errBomb.
func readUpTo(r io.Reader, max int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, max+1))
	if err == nil && int64(len(b)) > max {
		err = errBomb
	}
	return b, err
}

// addFolder adds to the digest of an export inside of an archive what lies in the
// folder of its attachments there: an archive that was sent again with a file more is
// another batch although the export in it is the same.
func (d *Drop) addFolder(h hash.Hash, c *content, f found) error {
	folder := ""
	for _, p := range f.inputs {
		if p.Folder != "" {
			folder = path.Join(path.Dir(f.inner), p.Folder) + "/"
		}
	}
	if f.inner == "" || folder == "" {
		return nil
	}
	list, err := listZip(f.outer, c.file, c.size)
	if err != nil {
		return err
	}
	for _, m := range list {
		if strings.HasPrefix(m.name, folder) {
			h.Write([]byte("\x00file\x00" + m.name + "\x00"))
			h.Write(binary.BigEndian.AppendUint64(nil, m.file.UncompressedSize64))
			h.Write(binary.BigEndian.AppendUint32(nil, m.file.CRC32))
		}
	}
	return nil
}
