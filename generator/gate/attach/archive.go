package attach

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"io/fs"
	"path"
	"strings"
)

// parts are the files inside an office file. Nothing is unpacked before the
// directory has been checked, and never more than the budget.
type parts struct {
	files  map[string]*zip.File // by path, as written
	names  []string             // in the order of the archive
	budget int                  // bytes that may still be unpacked
}

// openParts checks an archive without unpacking it.
func openParts(body []byte, lim Limits) (*parts, error) {
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, refusal("damaged-archive")
	}
	if len(r.File) > lim.Entries {
		return nil, refusal("archive-bomb")
	}
	p := &parts{files: make(map[string]*zip.File, len(r.File)), budget: lim.Unpacked}
	folded := make(map[string]bool, len(r.File))
	var packed, unpacked uint64
	for _, f := range r.File {
		name := f.Name
		switch {
		case f.Flags&1 != 0:
			return nil, refusal("encrypted")
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return nil, refusal("damaged-archive")
		case f.FileInfo().IsDir():
			if f.UncompressedSize64 != 0 {
				return nil, refusal("damaged-archive")
			}
			continue
		case f.Mode()&fs.ModeType != 0, !fs.ValidPath(name), strings.ContainsAny(name, "\\:\x00"):
			return nil, refusal("damaged-archive")
		case folded[strings.ToLower(name)]:
			return nil, refusal("damaged-archive")
		}
		folded[strings.ToLower(name)] = true
		packed += f.CompressedSize64
		unpacked += f.UncompressedSize64
		// More than is in the file, or parts that share their bytes.
		if f.CompressedSize64 > uint64(len(body)) || packed > uint64(len(body)) {
			return nil, refusal("archive-bomb")
		}
		if f.UncompressedSize64 > uint64(lim.Unpacked) || unpacked > uint64(lim.Unpacked) {
			return nil, refusal("archive-bomb")
		}
		p.files[name] = f
		p.names = append(p.names, name)
	}
	return p, nil
}

// has reports whether a part is there.
func (p *parts) has(name string) bool { return p.files[name] != nil }

// under returns the paths of the parts below a folder whose file name fits the
// pattern, in the order of the archive.
func (p *parts) under(folder, pattern string) []string {
	var out []string
	for _, n := range p.names {
		if ok, _ := path.Match(pattern, path.Base(n)); ok && strings.HasPrefix(n, folder) {
			out = append(out, n)
		}
	}
	return out
}

// read unpacks a part.
func (p *parts) read(name string) ([]byte, error) {
	f := p.files[name]
	if f == nil {
		return nil, refusal("damaged-archive")
	}
	size := int(f.UncompressedSize64)
	if size > p.budget {
		return nil, refusal("archive-bomb")
	}
	p.budget -= size
	r, err := f.Open()
	if err != nil {
		return nil, refusal("damaged-archive")
	}
	defer r.Close()
	var b bytes.Buffer
	b.Grow(min(size, 1<<20) + bytes.MinRead)
	n, err := io.Copy(&b, io.LimitReader(r, int64(size)+1))
	if n > int64(size) {
		return nil, refusal("archive-bomb") // it holds more than it says
	}
	if err != nil || n != int64(size) {
		return nil, refusal("damaged-archive")
	}
	return b.Bytes(), nil
}

// sniffZip decides what an archive is by the parts that office files have.
func sniffZip(body []byte) (kind, error) {
	p, err := openParts(body, Limits{}.filled())
	if err != nil {
		return unknown, err
	}
	if len(p.under("", "vbaProject.bin")) > 0 {
		return unknown, refusal("macros")
	}
	if p.has("[Content_Types].xml") {
		types, err := p.read("[Content_Types].xml")
		if err != nil {
			return unknown, err
		}
		if bytes.Contains(bytes.ToLower(types), []byte("macroenabled")) {
			return unknown, refusal("macros")
		}
		switch {
		case p.has("word/document.xml") && !p.has("xl/workbook.xml"):
			return kindDOCX, nil
		case p.has("xl/workbook.xml") && !p.has("word/document.xml"):
			return kindXLSX, nil
		case p.has("ppt/presentation.xml"):
			return unknown, refusal("slides")
		}
		return unknown, refusal("archive")
	}
	switch {
	case p.has("OFD.xml"):
		return unknown, refusal("ofd")
	case p.has("mimetype"):
		return unknown, refusal("old-office") // OpenDocument
	}
	return unknown, refusal("archive")
}

// pack writes an archive whose bytes depend on the parts alone. Parts come in
// pairs: path, content.
func pack(pairs ...string) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.DefaultCompression)
	})
	for i := 0; i+1 < len(pairs); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(f, pairs[i+1]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
