package generator

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// A fingerprint is of whole cases, so that one word in one reply is another fingerprint
// of every page that counts the case, although no number on it has changed. What such a
// partition says is made, which costs little; only where it is not what the current
// release says is it rendered and looked through, which costs much.

// contentPrint is the hash of what the files of a partition say and show, of what makes
// files of it, and of what the canary knows of the cases that it shows: the people who
// were masked in them, and the units whose lines may stand there. A partition with the
// same print has the same files, and is looked through for the same, but for numbers that
// were masked since, which [maker.unchanged] minds. It is "" where that cannot be told. Parameters of pages are replaced by their JSON, so
// that they are not encoded twice.
func (m *maker) contentPrint(p pages.Partition, c *pages.Content) (string, error) {
	if p.Means == ([32]byte{}) {
		return "", nil
	}
	h := printer{sha256.New()}
	h.Write(p.Means[:])
	h.text(p.Key)
	for _, layout := range p.Layouts {
		h.text(layout)
	}
	for i := range c.Pages {
		page := &c.Pages[i]
		params, err := json.Marshal(page.Params)
		if err != nil {
			return "", fmt.Errorf("page %s: %w", page.Path, err)
		}
		page.Params = json.RawMessage(params)
		var doc []byte
		if page.Doc != nil {
			if doc, err = json.Marshal(page.Doc); err != nil {
				return "", fmt.Errorf("page %s: %w", page.Path, err)
			}
		}
		h.text("page")
		for _, s := range []string{page.Path, page.Layout, page.Lang, page.Title} {
			h.text(s)
		}
		h.field(params)
		h.field(doc)
		h.text(string(page.Moved))
		m.canary.printShown(h, page.Shows)
	}
	for _, file := range c.Files {
		h.text("file")
		h.text(file.Path)
		h.field(file.Body)
		m.canary.printShown(h, file.Shows)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// printShown adds cases that a file shows, the people who were masked in them, and their
// units.
func (c *canary) printShown(h printer, shows []record.CaseNumber) {
	h.text("shows")
	for _, n := range shows {
		h.text(string(n))
		if id, ok := caseID(string(n)); ok {
			for _, d := range c.masked.peopleOf(id) {
				h.number(d.value)
			}
			for _, unit := range c.cases.unitsOf([]uint64{id}) {
				h.text(string(unit))
			}
			h.text("")
		}
	}
}

// printer hashes values, each with its length.
type printer struct{ hash.Hash }

func (h printer) field(b []byte) {
	h.Write(binary.BigEndian.AppendUint64(make([]byte, 0, 8), uint64(len(b))))
	h.Write(b)
}

func (h printer) number(n uint64) { h.field(binary.BigEndian.AppendUint64(nil, n)) }

func (h printer) text(s string) { h.field([]byte(s)) }
