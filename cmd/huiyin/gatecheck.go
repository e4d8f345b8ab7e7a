package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source/drop"
)

// gateCheck is one use of huiyin gate check.
type gateCheck struct {
	a       *app
	as      string
	lines   bool
	whole   bool // the file is one that comes with a case
	mask    bool
	policy  string
	allow   string
	unit    string
	day     string
	units   []record.UnitID
	gate    *gate.Gate
	class   gate.Class
	asOf    record.Day
	maxText int

	pictures gate.PictureRule
}

func newGateCheck(a *app) *cobra.Command {
	k := &gateCheck{a: a}
	c := &cobra.Command{
		Use:   "check FILE|-",
		Short: "Look for personal data in any text or export",
		Long: longHelp(`Look at FILE, or at standard input, as the gate looks at a text before it is
published, and say what it would mask and what it would hold for a person. Nothing
is stored, no installation is needed, and no value that was found is written.

A text is one document, or one a line with --lines. Of an export (.csv .tsv .xlsx
.xls .json .jsonl .html, packed as .gz or .zip) every cell or value is one. A
document that cannot be looked at, such as broken UTF-8, is held, never passed.

A .pdf, .docx, .jpg or .png, and with --file also a .csv or .xlsx, is looked at as a
file that comes with a case: it is made anew in memory, and the lines say what was
found on which page or in which cell, what would be left behind (drop), and why the
file is held, with a sentence in Chinese and one in English.

Each finding is a line: where it is, what it is, how sure that is from 0 to 100, and
what the gate does: mask or hold. In a text it begins at LINE:CHARACTER, in an export
at the CHARACTER of a cell, both from 1; in a file that comes with a case it is at a
place such as page 2 or row 2 column 3, from byte START to END of the text there, from
0 and the end exclusive. With --json it is an
object with the line, the kind, the bytes of the line where it starts and ends (end
exclusive; counted in UTF-8, and on beyond the end of the line where the datum goes
on in the next), the confidence and the action; for an export also with
the column, and line is the row. What is held as a whole has the reason as its kind,
also where it is held because of what it is about: as citizen each document is taken for
a petition, and asked whether it is about a child, an illness, violence, a state secret
or perhaps accuses an official.
With --mask the masked text is written instead, and [held: REASONS] for what is held:
of an export its cells as CSV, where the name of a sheet, or of a file in an archive, is
a row by itself, since it is looked at too.

--policy and --allow take the files that the section gate of the configuration
names.`,
			fault.ExitConfig, fault.ExitFound, fault.ExitInterrupted),
		Annotations: map[string]string{wants: "name a FILE, or - for standard input"},
		Args:        cobra.ExactArgs(1),
		RunE:        func(c *cobra.Command, args []string) error { return k.run(c.Context(), args[0]) },
	}
	f := c.Flags()
	f.StringVar(&k.as, "as", "citizen", "the rules that apply: `CLASS` is citizen, official or label")
	f.BoolVar(&k.whole, "file", false, "FILE is one that comes with a case, also where it could be an export")
	f.BoolVar(&k.lines, "lines", false, "each line is a document")
	f.BoolVar(&k.mask, "mask", false, "write the masked text instead of the findings")
	f.StringVar(&k.policy, "policy", "", "take the rules of the gate from `FILE`")
	f.StringVar(&k.allow, "allow", "", "let pass what the allow-list in `FILE` names for everyone, and for --unit")
	f.StringVar(&k.day, "as-of", "", "the text is of the `DAY`, as 2006-01-02, on which entries of the list must hold; today where it is left out")
	f.StringVar(&k.unit, "unit", "", "the text is of the unit `ID`")
	return c
}

// run checks what name stands for.
func (k *gateCheck) run(ctx context.Context, name string) error {
	class, ok := map[string]gate.Class{"citizen": gate.Citizen, "official": gate.Official, "label": gate.Label}[k.as]
	switch {
	case !ok:
		return usage(fault.New("--as is citizen, official or label", ""))
	case k.mask && k.a.json:
		return usage(fault.New("--mask writes text and --json findings; choose one", ""))
	case k.whole && (k.lines || name == "-"):
		return usage(fault.New("--file wants the name of a file, and goes without --lines", ""))
	case k.unit != "" && !record.ValidID(k.unit):
		return usage(fault.New("--unit is not the identifier of a unit", ""))
	}
	k.class, k.asOf = class, record.DayOf(k.a.now())
	if k.day != "" {
		day, err := record.ParseDay(k.day)
		if err != nil {
			return usage(err)
		}
		k.asOf = day
	}
	if err := k.newGate(); err != nil {
		return err
	}
	if k.whole || !k.lines && slices.Contains(fileEndings, strings.ToLower(filepath.Ext(name))) {
		return k.file(ctx, name)
	}
	if name != "-" {
		if err := noText(name); err != nil {
			return err
		}
	}
	export := !k.lines && name != "-" && isExport(name)
	out := newCheckOutput(k, export)
	if err := k.each(ctx, out, func(ctx context.Context, add func(checkDoc) error) error {
		switch {
		case export:
			return drop.Cells(ctx, name, func(c drop.Cell) error {
				return add(checkDoc{cell: c, line: c.Row, text: c.Text, broken: c.Broken})
			})
		case name == "-":
			return k.text(k.a.in, add)
		}
		f, err := os.Open(name)
		if err != nil {
			return fault.Wrap(err, filepath.Base(name)+" cannot be opened", "check the path and the rights")
		}
		defer f.Close()
		return k.text(f, add)
	}); err != nil {
		out.flush() // what was found before
		return err
	}
	return out.end()
}

// newGate makes the gate. No key is needed, since no hash leaves this command.
func (k *gateCheck) newGate() error {
	o := gate.Options{Key: make([]byte, 32), Policy: gate.DefaultPolicy()}
	if k.unit != "" {
		k.units = []record.UnitID{record.UnitID(k.unit)}
	}
	if k.policy != "" {
		text, err := readRules(k.policy)
		if err != nil {
			return err
		}
		if o.Policy, err = gate.DecodePolicy(text); err != nil {
			return inRules(k.policy, err)
		}
	}
	if k.allow != "" {
		text, err := readRules(k.allow)
		if err != nil {
			return err
		}
		if o.Allow, err = gate.DecodeAllow(text); err != nil {
			return inRules(k.allow, err)
		}
	}
	k.maxText, k.pictures = o.Policy.MaxText, o.Policy.Pictures
	g, err := gate.New(o)
	k.gate = g
	if err != nil {
		return fault.Coded(fault.ExitConfig, err.Error(), "correct the file", err)
	}
	return nil
}

// readRules reads a file of rules or of what may pass.
func readRules(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.Coded(fault.ExitConfig, filepath.Base(name)+" cannot be opened", "check the path and the rights", err)
	}
	return b, nil
}

// inRules names the file in which there is a mistake.
func inRules(name string, err error) error {
	msg, hint, _ := fault.Public(err)
	return fault.Coded(fault.ExitConfig, filepath.Base(name)+": "+msg, hint, err)
}

// noText says why name cannot be looked at, where it is a folder or a document with
// a layout, and nil otherwise.
func noText(name string) error {
	base := filepath.Base(name)
	if st, err := os.Stat(name); err == nil && st.IsDir() {
		return fault.New(base+" is a folder", "name one file in it, or pack the exports as .zip and name that")
	}
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".pdf", ".doc", ".docx", ".wps", ".ofd", ".odt", ".rtf", ".ppt", ".pptx":
		return fault.New(base+" is a document with a layout, and not looked into", "save it as .docx or .pdf, or its text as .txt, and check that")
	}
	return nil
}

// exports are the endings of files that are read as exports.
var exports = []string{".csv", ".tsv", ".xlsx", ".xls", ".json", ".jsonl", ".ndjson", ".html", ".htm", ".zip"}

// isExport reports whether a file is an export by its name or its first bytes.
func isExport(name string) bool {
	ext := filepath.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))
	for _, e := range exports {
		if ext == e {
			return true
		}
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 8)
	n, _ := io.ReadFull(f, head)
	for _, magic := range []string{"PK\x03\x04", "\xd0\xcf\x11\xe0", "%PDF", "\x1f\x8b", "Rar!"} {
		if bytes.HasPrefix(head[:n], []byte(magic)) {
			return true // or no text at all, which the reader of exports says
		}
	}
	return false
}

// text hands over the documents of a text.
func (k *gateCheck) text(r io.Reader, add func(checkDoc) error) error {
	text, encoding, err := drop.Text(r)
	if err != nil {
		return fault.Wrap(err, "the text cannot be read", "check the file and its disk")
	}
	b := bufio.NewReaderSize(text, 256<<10)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = b.Discard(3)
	}
	for n := 1; ; n++ {
		doc, err := k.read(b)
		if err != nil && err != io.EOF {
			return fault.Wrap(err, "the text cannot be read to its end", "check the file and its disk")
		}
		if err == io.EOF && doc == "" && n > 1 {
			return nil
		}
		broken := encoding != "utf-8" && strings.ContainsRune(doc, '�')
		if addErr := add(checkDoc{line: n, text: doc, broken: broken}); addErr != nil {
			return addErr
		}
		if err == io.EOF {
			return nil
		}
	}
}

// read returns the next document without the end of its line: the whole text, or a
// line. What is longer than a text may be is cut one byte behind that, so that the
// gate refuses it.
func (k *gateCheck) read(b *bufio.Reader) (string, error) {
	var doc []byte
	for {
		part, err := b.ReadSlice('\n')
		end := err == nil && k.lines
		if end {
			part = bytes.TrimSuffix(part[:len(part)-1], []byte{'\r'})
		}
		doc = append(doc, part[:min(len(part), k.maxText+1-min(len(doc), k.maxText+1))]...)
		switch {
		case end:
			return string(doc), nil
		case err != nil && err != bufio.ErrBufferFull:
			return string(doc), err
		}
	}
}
