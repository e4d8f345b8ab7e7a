package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/source"
)

// fileEndings are the endings of files that are looked at as files of a case.
var fileEndings = []string{".pdf", ".docx", ".jpg", ".jpeg", ".png"}

// maxFile bounds a file that is looked at, in bytes: one more than a file of a case may
// have, which is then held as too large.
const maxFile = 32<<20 + 1

// fileFinding is a finding in a file as --json prints it, or a reason to hold it, with
// its sentence, or what would be left behind.
type fileFinding struct {
	Place      string `json:"place,omitempty"` // such as "page 2"
	Kind       string `json:"kind"`
	Start      int    `json:"start"` // bytes of the text at the place
	End        int    `json:"end"`
	Confidence int    `json:"confidence"`
	Action     string `json:"action"` // mask, hold or drop
	Zh         string `json:"zh,omitempty"`
	En         string `json:"en,omitempty"`
}

// file looks at a file as at one that comes with a case: what it would be published
// as, and why not.
func (k *gateCheck) file(ctx context.Context, name string) error {
	body, err := readHead(name, maxFile)
	if err != nil {
		return fault.Wrap(err, filepath.Base(name)+" cannot be read", "check the path and the rights")
	}
	cleaner := assemble.NewFileCleaner(ctx)
	defer cleaner.Close()
	ending := strings.ToLower(filepath.Ext(name))
	var held []string
	clean := cleaner.CleanFile(source.File{Name: "1" + ending, Body: body}, func(text string) gate.Checked {
		checked := k.check(checkDoc{text: text})
		held = append(held, checked.Held...)
		return checked
	})
	if err := ctx.Err(); err != nil {
		return err // what was found is not all
	}
	for _, code := range clean.Held {
		if !k.pictures.Passes(code) {
			held = append(held, code)
		}
	}
	slices.Sort(held)
	held = slices.Compact(held)
	if len(held) == 0 && clean.Body == nil {
		held = []string{"unreadable"}
	}
	if k.mask {
		return k.maskedFile(clean, held)
	}
	return k.showFile(clean, held)
}

// readHead reads at most max bytes of a file.
func readHead(name string, max int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max))
}

// maskedFile writes the text of the file as it would be published.
func (k *gateCheck) maskedFile(clean gate.CleanFile, held []string) error {
	text := clean.Text
	if len(held) > 0 {
		text = "[held: " + strings.Join(held, ", ") + "]\n"
	}
	if _, err := fmt.Fprint(k.a.out, text); err != nil {
		return written(err)
	}
	if len(held) > 0 || len(clean.Findings) > 0 {
		return errFound
	}
	return nil
}

// showFile writes what was found in the file.
func (k *gateCheck) showFile(clean gate.CleanFile, held []string) error {
	var all []fileFinding
	kinds := map[string]int{}
	for _, f := range clean.Findings {
		kinds[f.Type]++
		all = append(all, fileFinding{Place: f.Field, Kind: f.Type, Start: f.Start, End: f.End, Confidence: f.Confidence, Action: f.Action})
	}
	for _, code := range clean.Dropped {
		all = append(all, fileFinding{Kind: code, Confidence: 100, Action: "drop"})
	}
	for _, e := range explain(held) {
		all = append(all, fileFinding{Kind: e.Code, Confidence: 100, Action: string(gate.HoldField), Zh: e.Zh, En: e.En})
	}
	for _, f := range all {
		if k.a.json {
			k.a.object(f)
			continue
		}
		if _, err := fmt.Fprintln(k.a.out, f); err != nil {
			return written(err)
		}
	}
	k.a.say("%s", fileSummary(clean, held, kinds))
	if len(held) > 0 || len(clean.Findings) > 0 {
		return errFound
	}
	return nil
}

// String returns a finding as it is written for a person.
func (f fileFinding) String() string {
	switch {
	case f.Zh != "":
		return f.Kind + " " + f.Action + "\n  " + f.Zh + "\n  " + f.En
	case f.Place == "":
		return f.Kind + " " + f.Action
	}
	return fmt.Sprintf("%s:%d-%d %s %d %s", f.Place, f.Start, f.End, f.Kind, f.Confidence, f.Action)
}

// fileSummary says in a line what becomes of the file.
func fileSummary(clean gate.CleanFile, held []string, kinds map[string]int) string {
	var found []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		found = append(found, fmt.Sprintf("%s %d", kind, kinds[kind]))
	}
	switch {
	case len(held) > 0 && clean.Body == nil:
		return "1 file: it cannot be published as it is"
	case len(held) > 0:
		return "1 file: to be held for a person"
	case len(found) > 0:
		return "1 file: published with everything masked; " + strings.Join(found, ", ")
	}
	return "clean: 1 file, nothing found"
}
