package drop

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// handle is an open file of the drop folder.
type handle interface {
	io.ReaderAt
	io.Closer
}

// content is what is to be read: a file, what a .gz holds, or one file of a
// .zip. It can be read from the start any number of times while it is open.
type content struct {
	name string // as in source.Where.File
	file handle
	size int64                         // bytes of the file as it lies there
	open func() (io.ReadCloser, error) // the plain bytes
	raw  bool                          // open gives the bytes of file as they are
}

func (c *content) Close() error { return c.file.Close() }

// head returns the first bytes, at most n.
func (c *content) head(n int) ([]byte, error) {
	r, err := c.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, n)
	got, err := io.ReadFull(r, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && got < n && !truncated(err) {
		err = nil
	}
	return b[:got], err
}

// errShort is the end of a packed stream before its time. It is told from the
// end of a plain one, which io.ReadFull reports with the same error.
var errShort = errors.New("the packed data ends too early")

func truncated(err error) bool { return errors.Is(err, errShort) }

// errBomb is a file that grows beyond all measure when it is unpacked.
var errBomb = errors.New("too large unpacked")

// bounded reads unpacked bytes and stops when they become too many, or too many
// for what was packed.
type bounded struct {
	r      io.ReadCloser
	packed int64
	limits source.Limits
	n      int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.n > b.limits.Unpacked || b.n > 16<<20 && b.n/max(b.packed, 1) > b.limits.Ratio {
		return 0, errBomb
	}
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, errShort
	}
	return n, err
}

func (b *bounded) Close() error { return b.r.Close() }

// unpack returns the content of a file: of its inner file when it is an archive
// and inner is not "". f is closed by closing the content.
func unpack(name, inner string, f handle, size int64, l source.Limits) (*content, error) {
	c := &content{name: name, file: f, size: size}
	magic := make([]byte, 4)
	n, _ := f.ReadAt(magic, 0)
	switch {
	case inner != "":
		c.name = name + "!" + inner
		return c, c.fromZip(inner, l)
	case n >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		c.open = func() (io.ReadCloser, error) {
			z, err := gzip.NewReader(io.NewSectionReader(f, 0, size))
			if err != nil {
				return nil, damaged(name, "the .gz cannot be unpacked", err)
			}
			return &bounded{r: z, packed: size, limits: l}, nil
		}
	default:
		c.raw = true
		c.open = func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(f, 0, size)), nil }
	}
	return c, nil
}

func (c *content) fromZip(inner string, l source.Limits) error {
	list, err := listZip(strings.TrimSuffix(c.name, "!"+inner), c.file, c.size)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.name != inner {
			continue
		}
		if m.file.Flags&1 != 0 {
			return fault.New(fmt.Sprintf("%s is locked with a password", c.name), "pack it again without a password")
		}
		c.open = func() (io.ReadCloser, error) {
			r, err := m.file.Open()
			if err != nil {
				return nil, damaged(c.name, "it cannot be unpacked", err)
			}
			return &bounded{r: r, packed: int64(m.file.CompressedSize64), limits: l}, nil
		}
		return nil
	}
	return fault.New(fmt.Sprintf("%s is no longer in the archive", c.name), "pull again")
}

// member is a file in an archive.
type member struct {
	name string
	file *zip.File
}

// maxMembers bounds the files in one archive.
const maxMembers = 10_000

// listZip returns the files of an archive in the order of their names, those
// that systems add for themselves left out. Nothing is ever written under these
// names; a name that tries to leave its folder is refused all the same, because
// nobody makes such an archive by accident.
func listZip(name string, f io.ReaderAt, size int64) ([]member, error) {
	z, err := zip.NewReader(f, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(name, "the archive cannot be opened; it may be only half there", err)
	}
	if len(z.File) > maxMembers {
		return nil, fault.New(fmt.Sprintf("%s holds more than %d files", name, maxMembers), "pack the exports in several archives")
	}
	var list []member
	seen := map[string]bool{}
	for _, zf := range z.File {
		n := memberName(zf)
		if strings.HasSuffix(n, "/") {
			continue
		}
		if strings.ContainsAny(n, "\\\x00!") || path.IsAbs(n) || path.Clean(n) != n || strings.HasPrefix(n, "../") || len(n) > 1000 {
			return nil, fault.New(fmt.Sprintf("%s holds a file with a name that is not allowed", name), "pack the exports again, without .., \\, ! and absolute paths in their names")
		}
		if ignored(n) {
			continue
		}
		if seen[n] {
			return nil, fault.New(fmt.Sprintf("%s holds two files of the same name", name), "pack the exports again")
		}
		seen[n] = true
		list = append(list, member{n, zf})
	}
	slices.SortFunc(list, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return list, nil
}

// memberName returns the name of a file in an archive. Programs on Chinese
// desktops write it in GBK and do not say so.
func memberName(f *zip.File) string {
	if !f.NonUTF8 || utf8.ValidString(f.Name) {
		return f.Name
	}
	if n, err := simplifiedchinese.GB18030.NewDecoder().String(f.Name); err == nil {
		return n
	}
	return strings.ToValidUTF8(f.Name, "_")
}

// ignored reports whether a name belongs to a file that is no export: hidden
// ones, what systems add, and the lock and half-written files of office
// programs and uploads.
func ignored(name string) bool {
	for _, p := range strings.Split(name, "/") {
		if strings.HasPrefix(p, ".") || p == "__MACOSX" {
			return true
		}
	}
	base := strings.ToLower(path.Base(name))
	return strings.HasPrefix(base, "~$") || base == "thumbs.db" || base == "desktop.ini" ||
		strings.HasSuffix(base, ".tmp") || strings.HasSuffix(base, ".part") || strings.HasSuffix(base, ".crdownload")
}

// readerAt returns the plain bytes for reading in any order. What is packed is
// held in memory, within limits.
func (c *content) readerAt(l source.Limits) (io.ReaderAt, int64, error) {
	if c.raw {
		return c.file, c.size, nil
	}
	r, err := c.open()
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, l.Strings+1))
	if err != nil {
		return nil, 0, c.wrap(err)
	}
	if int64(len(b)) > l.Strings {
		return nil, 0, c.wrap(errBomb)
	}
	return bytes.NewReader(b), int64(len(b)), nil
}

// wrap makes the public error of a read that failed.
func (c *content) wrap(err error) error {
	var f *fault.Error
	switch {
	case err == nil || errors.As(err, &f):
		return err
	case errors.Is(err, errBomb):
		return fault.Wrap(err, fmt.Sprintf("%s grows too large when it is unpacked", c.name),
			"check where the file comes from; if it is right, raise limits: unpacked and ratio in the mapping")
	case truncated(err) || errors.Is(err, io.ErrUnexpectedEOF):
		return damaged(c.name, "it is only half there", err)
	}
	return damaged(c.name, "it cannot be read", err)
}

// damaged is the error of a file of which nothing can be kept.
func damaged(name, what string, err error) error {
	return &fault.Error{Msg: name + ": " + what, Hint: "export or copy the file again; nothing of it was taken", Err: err}
}
