package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/attach"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/source"
)

// shownFile is one file of an entry for the person who decides.
type shownFile struct {
	Number   int            `json:"number"`
	Name     string         `json:"name"`           // as received: personal
	Received int            `json:"received"`       // bytes
	Type     string         `json:"type,omitempty"` // media type by its content
	Size     int            `json:"size"`           // bytes of what would be published; 0: nothing can be
	State    gate.FileState `json:"state"`
	Code     string         `json:"code,omitempty"` // names exactly these bytes in huiyin gate accept
	Held     []explained    `json:"held,omitempty"`
	Dropped  []string       `json:"dropped,omitempty"`
	Findings []shownFinding `json:"findings,omitempty"` // Field is a place in the file
}

// explained is a code with its sentence.
type explained struct {
	Code string `json:"code"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
}

// explain returns codes with their sentences.
func explain(codes []string) (all []explained) {
	for _, code := range codes {
		zh, en := attach.Explain(code)
		all = append(all, explained{code, zh, en})
	}
	return all
}

// fileCode names a file and its bytes, so that nobody accepts others than she saw.
func fileCode(f gate.FileVerdict) string {
	if f.Content == "" {
		return ""
	}
	return strconv.Itoa(f.Number) + ":" + f.Content[:8]
}

// filesOf returns the files of a record with what the gate says of them.
func filesOf(raw source.Raw, v gate.Verdict) (files []shownFile) {
	for _, f := range v.Files {
		shown := shownFile{
			Number: f.Number, Name: raw.Files[f.Index].Name, Received: len(raw.Files[f.Index].Body), Type: f.Type, Size: f.Size,
			State: f.State, Code: fileCode(f), Held: explain(f.Held), Dropped: f.Dropped,
		}
		prefix := source.FieldAttachments + "." + strconv.Itoa(f.Number) + "."
		for _, found := range v.Findings {
			if place, ok := strings.CutPrefix(found.Field, prefix); ok {
				shown.Findings = append(shown.Findings, shownFinding{
					Field: strings.ReplaceAll(place, "-", " "), Kind: found.Type, Start: found.Start, End: found.End, Confidence: found.Confidence, Action: found.Action,
				})
			}
		}
		files = append(files, shown)
	}
	return files
}

// fileStates say for a person what becomes of a file.
var fileStates = map[gate.FileState]string{
	gate.FilePublished: "published with its case",
	gate.FileAccepted:  "accepted: published with its case",
	gate.FileWaits:     "waits: left out until it is decided",
	gate.FileRejected:  "rejected: left out",
	gate.FileLeftOut:   "left out: it cannot be accepted, and must be changed and delivered again",
}

// showFiles writes the files of an entry for the person who decides.
func (a *app) showFiles(r showResult) {
	for _, f := range r.Files {
		a.say("\n[file %d] %s  %s  %d bytes\n  %s", f.Number, visible(f.Name), f.Type, f.Received, fileStates[f.State])
		for _, found := range f.Findings {
			a.say("  found: %s %d-%d %s %d %s", found.Field, found.Start, found.End, found.Kind, found.Confidence, found.Action)
		}
		if len(f.Dropped) > 0 {
			a.say("  left behind: %s", strings.Join(f.Dropped, " "))
		}
		a.sayExplained("  ", f.Held)
		if f.Code != "" {
			a.say("  made anew: %d bytes; --file %s", f.Size, f.Code)
		}
	}
	if len(r.Files) > 0 {
		a.say("\nhuiyin gate show %s --file N -o OUT writes a file as it would be published", r.Entry.ID)
	} else if r.Came > 0 {
		a.say("\n%d of its files would not be published with it, and were not looked at", r.Came)
	}
}

// sayExplained writes codes with their sentences in both languages.
func (a *app) sayExplained(indent string, codes []explained) {
	for _, e := range codes {
		a.say("%s%s: %s\n%s  %s", indent, e.Code, e.Zh, indent, e.En)
	}
}

// saveFile writes a file of an entry, as it would be published, to a new file.
func (in *installation) saveFile(ctx context.Context, id string, number int, out string) (size int, err error) {
	g, _, err := in.ruled(ctx)
	if err != nil {
		return 0, err
	}
	ref, err := in.entryRef(ctx, id)
	if err != nil {
		return 0, err
	}
	o, err := in.ingest(ctx, g)
	if err != nil {
		return 0, err
	}
	body, err := ingest.PreviewFile(ctx, o, ref, number)
	if err != nil {
		return 0, err
	}
	return len(body), writeNew(out, body)
}

// writeNew writes a file that was not there, for its owner alone. A terminal and
// every other device is there already.
func writeNew(name string, body []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return usage(fault.New(filepath.Base(name)+" is there already", "name a file that is not there"))
	}
	if err == nil {
		_, err = f.Write(body)
		err = errors.Join(err, f.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return fault.Wrap(err, filepath.Base(name)+" cannot be written", "check the folder and the rights")
}

// entryRef returns the reference of an entry of the queue.
func (in *installation) entryRef(ctx context.Context, id string) (ref intake.Ref, err error) {
	item, err := in.intake.Held(ctx, id)
	if err != nil {
		return ref, err
	}
	return in.intake.Ref(ctx, item)
}

// decideFiles returns the files of an entry that are named as N or as N:CODE, for a
// decision about them.
func (in *installation) decideFiles(ctx context.Context, g *gate.Gate, item intake.HeldItem, accept bool, named []string) ([]intake.FileDecision, error) {
	if shownAs(item) == "held" || item.Silent {
		return nil, fault.New("the entry "+item.ID+" itself is not decided", "accept it first; what its files are held for is asked then")
	}
	p, err := in.previewAccept(ctx, g, item)
	if err != nil {
		return nil, err
	}
	var all []intake.FileDecision
	for _, name := range named {
		f, err := namedFile(p.Verdict.Files, accept, name)
		if err != nil {
			return nil, err
		}
		all = append(all, intake.FileDecision{Content: f.Content, Reasons: f.Held})
	}
	return all, nil
}

// namedFile finds the file that is named, and refuses one that cannot be decided so.
func namedFile(files []gate.FileVerdict, accept bool, name string) (f gate.FileVerdict, err error) {
	number, code, shown := strings.Cut(name, ":")
	i := slices.IndexFunc(files, func(f gate.FileVerdict) bool { return strconv.Itoa(f.Number) == number })
	if i < 0 {
		return f, fault.New("the entry has no file "+strconv.Quote(number), "huiyin gate show lists its files")
	}
	switch f = files[i]; {
	case f.State == gate.FileLeftOut:
		var why []string
		for _, e := range explain(f.Held) {
			why = append(why, e.Zh+" "+e.En)
		}
		return f, fault.New("file "+number+" can only be left out: "+strings.Join(f.Held, " "), strings.Join(why, " "))
	case f.State != gate.FileWaits && f.State != gate.FileRejected:
		return f, fault.New("file "+number+" does not wait", "huiyin gate show lists those that do")
	case accept && !shown:
		return f, usage(fault.New("which bytes of file "+number+" you have looked at must be said", "write --file "+number+":CODE, as huiyin gate show writes it; look at the file before, with --file "+number+" -o OUT of show"))
	case shown && fileCode(f) != number+":"+code:
		return f, fault.New("file "+number+" is not the one that was shown under this code", "look at it again with huiyin gate show")
	}
	return f, nil
}

// filesWaitHint is the error for a decision about an entry that waits for its files
// alone.
func filesWaitHint(item intake.HeldItem) error {
	return usage(fault.New("the entry "+item.ID+" waits for its files alone: "+fmt.Sprint(item.Files),
		"name each with --file, as huiyin gate show lists them"))
}
