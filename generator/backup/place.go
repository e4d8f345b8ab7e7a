package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Owner tells the backups of an installation from those of another at the same place.
type Owner struct {
	Journal []byte // its journal of withdrawals, in whole lines
	Key     string // SHA-256 of its key, in hexadecimal; "" where no backup holds it
}

// Owns reports whether the backup at a path is of the owner: it holds his key, and his
// journal goes on from that of the backup. What cannot be read is nobody's.
func (o Owner) Owns(path string) bool {
	m, err := readManifest(path)
	if err != nil || o.Key != "" && !slices.ContainsFunc(m.Files, func(f File) bool { return f.Sum == o.Key }) {
		return false
	}
	was, err := os.ReadFile(filepath.Join(path, filepath.FromSlash(m.Journal)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	return goesOn(o.Journal, was)
}

// goesOn reports whether a journal goes on from what it was. What followed its last whole
// line then was being written, and may have come to nothing.
func goesOn(journal, was []byte) bool {
	return bytes.HasPrefix(journal, was[:bytes.LastIndexByte(was, '\n')+1])
}

// used is the file that names the places which an installation has used.
type used struct {
	Format int      `json:"format"`
	Places []string `json:"places"`
}

// ReadUsed returns the places that an installation has used, by their whole paths. file is
// where it remembers them; none are where it is not there.
func ReadUsed(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var u used
	if err == nil {
		if err = json.Unmarshal(text, &u); err == nil && u.Format != format {
			err = errors.New("another format")
		}
	}
	return u.Places, fault.Wrap(err, file+" cannot be read", "see that the disk of the backups is mounted, and remove the file: it is written anew")
}

// WriteUsed remembers them.
func WriteUsed(file string, places []string) error {
	text, err := json.Marshal(used{format, places})
	if err == nil {
		err = durable.WriteFile(durable.OS{}, file, append(text, '\n'))
	}
	return fail(err, file+" cannot be written")
}
