package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// correctResult is what a correction did.
type correctResult struct {
	By     string        `json:"by"` // as stated, not proved
	Reason record.Reason `json:"reason"`
	Undo   bool          `json:"undo,omitempty"`
	Case   statedCase    `json:"case"`
	effect
}

// inForceResult is what the office has stated about a case and is in force.
type inForceResult struct {
	Number  record.CaseNumber `json:"number"`
	InForce []intake.Standing `json:"in_force"`
}

// correctFlags are the flags of correct.
type correctFlags struct {
	sets, files, fields []string
	undo                bool
	reason, by, note    string
}

func newCorrect(a *app) *cobra.Command {
	var f correctFlags
	c := &cobra.Command{
		Use:   "correct NUMBER [--set FIELD=VALUE]... [--set-file FIELD=PATH]... [--undo] --reason REASON --by NAME",
		Short: "Correct what is published of a case",
		Long: longHelp(`Correct a case by its public number. What you state stands before everything that the
upstream has delivered and will deliver of these fields, until it is taken back with
--undo: a nightly export that repeats the mistake does not bring it back. Without --set
and --undo the command says what is in force, without the values.

FIELD is a field of docs/mapping.md, such as title, question, reply, unit, topic, received,
replied, due. A unit, area, topic or channel is given by its name or code in the register,
another case by its public number; an empty VALUE says that there is nothing. A long text
is read from a file, and from standard input for -.

The correction goes through the gate like a delivery. What the gate holds waits in huiyin
gate list, and the case is public as a row until a person has decided. The history of the
case says that it was corrected, when, and why.

REASON is one of
  privacy, third-party, court, secret   all shown in public as 依法不予公开: the text of
                                        before is erased from the store, and taken out of
                                        every release that is kept, before the command ends
  duplicate, wrong-unit, error          shown as they are

--undo takes back what was stated, all of it or of each --field FIELD. A note says why, for
the office alone: it is sealed, and never published. Who did what and when stands in the
audit, under the name that is stated; nobody proves it.`,
			fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		Example: `  huiyin correct 2611-004217 --set unit=城管局 --reason wrong-unit --by 王
  huiyin correct 2611-004217 --set-file reply=reply.txt --reason privacy --by 王
  huiyin correct 2611-004217 --undo --field unit --reason error --by 王`,
		Annotations: map[string]string{wants: "name one case by its public number, like 2611-004217"},
		Args:        cobra.ExactArgs(1),
		RunE:        func(c *cobra.Command, args []string) error { return a.correct(c.Context(), args, f) },
	}
	c.Flags().StringArrayVar(&f.sets, "set", nil, "what a field is to be, as `FIELD=VALUE`; may be repeated")
	c.Flags().StringArrayVar(&f.files, "set-file", nil, "the same with the text of a file, as `FIELD=PATH`; - is standard input")
	c.Flags().BoolVar(&f.undo, "undo", false, "take back what was stated")
	c.Flags().StringSliceVar(&f.fields, "field", nil, "with --undo: of these `FIELDS` alone, parted by commas")
	c.Flags().StringVar(&f.reason, "reason", "", "why: `REASON` is privacy, third-party, court, secret, duplicate, wrong-unit or error")
	c.Flags().StringVar(&f.by, "by", "", "the `NAME` of whoever corrects; recorded as stated")
	c.Flags().StringVar(&f.note, "note", "", "`TEXT` for the office alone; sealed, never published")
	return c
}

// asks reports whether the command only asks what is in force.
func (f *correctFlags) asks() bool {
	return len(f.sets)+len(f.files)+len(f.fields) == 0 && !f.undo && f.reason+f.by+f.note == ""
}

func (a *app) correct(ctx context.Context, args []string, f correctFlags) error {
	numbers, err := caseNumbers(args)
	if err != nil {
		return err
	}
	if f.asks() {
		return a.inForce(ctx, numbers[0])
	}
	changes := len(f.sets)+len(f.files) > 0
	switch {
	case changes == f.undo:
		return usage(fault.New("say what is to be corrected", "give --set FIELD=VALUE or --set-file FIELD=PATH, or --undo alone"))
	case len(f.fields) > 0 && !f.undo:
		return usage(fault.New("--field goes with --undo", "to correct a field, give --set FIELD=VALUE"))
	}
	r := correctResult{Undo: f.undo}
	if r.Reason, err = officeReason(f.reason); err != nil {
		return err
	}
	if r.By, err = officeName(f.by); err != nil {
		return err
	}
	texts, err := readSets(f.sets, f.files, a.readText)
	if err != nil {
		return usage(err)
	}
	in, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := in.correct(ctx, numbers[0], texts, f, &r); err != nil {
		return err
	}
	word := "corrected (" + string(r.Reason) + "): " + strings.Join(r.Case.Fields, ", ")
	if r.Undo {
		word = "as the upstream delivered it again (" + string(r.Reason) + "): " + strings.Join(r.Case.Fields, ", ")
	}
	a.showStated(r.Case, word)
	a.showSearch(r.Search)
	a.sayNext(r.Asked, "")
	if a.json {
		a.object(r)
	}
	if r.partly() {
		return errPartial
	}
	return nil
}

// correct states what texts say of the fields of a case, or takes back what was stated.
func (in *installation) correct(ctx context.Context, n record.CaseNumber, texts map[string]string, f correctFlags, r *correctResult) error {
	g, search, err := in.ruled(ctx)
	if err != nil {
		return err
	}
	r.Search = search
	s := in.said(record.ActCorrect, r.Reason, r.By)
	if f.undo {
		s.Act = string(record.ActUndoCorrect)
		if s.Drop, err = in.corrected(ctx, n, f.fields); err != nil {
			return err
		}
	} else if s.Set, err = in.statedValues(ctx, texts); err != nil {
		return usage(err)
	}
	cases, err := in.state(ctx, g, []statement{{n, s}}, f.note, &r.effect)
	if err != nil {
		return err
	}
	r.Case = cases[0]
	return nil
}

// corrected returns the fields of a case that were corrected: those named, or all.
func (in *installation) corrected(ctx context.Context, n record.CaseNumber, named []string) ([]string, error) {
	for _, f := range named {
		if !slices.Contains(source.StatedFields(), f) {
			return nil, usage(fault.New(fmt.Sprintf("%q is no field that can be corrected", f), "the fields are "+strings.Join(source.StatedFields(), ", ")))
		}
	}
	if len(named) > 0 {
		return named, nil
	}
	all, err := in.standing(ctx, n)
	var fields []string
	for _, s := range all {
		if s.Act == string(record.ActCorrect) {
			fields = append(fields, s.Fields...)
		}
	}
	return fields, err
}

// statedValues brings the texts into the forms of their fields.
func (in *installation) statedValues(ctx context.Context, texts map[string]string) (map[string]string, error) {
	mapping, err := source.DecodeMapping(in.c.Sources)
	if err != nil {
		return nil, inConfig(err)
	}
	zone := mapping.Zone
	if zone == "" {
		zone = "+08:00"
	}
	find, err := in.registered(ctx)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, f := range slices.Sorted(maps.Keys(texts)) {
		if values[f], err = source.StatedValue(f, texts[f], zone, find); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// inForce says what the office has stated about a case.
func (a *app) inForce(ctx context.Context, n record.CaseNumber) error {
	in, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := in.openIntake(); err != nil {
		return err
	}
	r := inForceResult{Number: n}
	if r.InForce, err = in.standing(ctx, n); err != nil {
		return err
	}
	for _, s := range r.InForce {
		into := ""
		if s.Into != "" {
			into = " " + s.Into
		}
		a.say("%s  %s%s  %s  by %s (%s)", s.At.Format("2006-01-02 15:04"), strings.Join(s.Fields, ", "), into, s.Act, visible(s.By), s.Reason)
	}
	if len(r.InForce) == 0 {
		a.say("%s is as the upstream delivered it", n)
	}
	if a.json {
		a.object(r)
	}
	return nil
}

// standing returns what the office has stated about a case and is in force.
func (in *installation) standing(ctx context.Context, n record.CaseNumber) ([]intake.Standing, error) {
	macs, err := in.store.KeyMACs(ctx, []record.CaseNumber{n})
	if err != nil {
		return nil, err
	}
	ref, err := in.intake.Case(ctx, macs[0])
	if err != nil {
		return nil, about(n, err)
	}
	all, err := in.intake.InForce(ctx, ref)
	if all == nil {
		all = []intake.Standing{}
	}
	return all, err
}

// readSets reads what the flags --set and --set-file say: the text of each field. read
// returns the text of a file.
func readSets(sets, files []string, read func(path string) (string, error)) (map[string]string, error) {
	texts := map[string]string{}
	add := func(flag, arg string, text func(string) (string, error)) error {
		field, value, ok := strings.Cut(arg, "=")
		field = strings.TrimSpace(field)
		if !ok || field == "" {
			return fault.New(flag+" wants a field and what it is to be, parted by =", "as in: --set unit=城管局, or --set-file reply=reply.txt")
		}
		if _, twice := texts[field]; twice {
			return fault.New(fmt.Sprintf("the field %q is named twice", field), "say once what it is to be")
		}
		var err error
		texts[field], err = text(value)
		return err
	}
	for _, s := range sets {
		if err := add("--set", s, func(value string) (string, error) { return value, nil }); err != nil {
			return nil, err
		}
	}
	stdin := 0
	for _, s := range files {
		err := add("--set-file", s, func(path string) (string, error) {
			if path == "-" {
				if stdin++; stdin > 1 {
					return "", fault.New("standard input holds one text", "name a file for the other")
				}
			}
			return read(path)
		})
		if err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// maxTextFile bounds a text that is read from a file, in bytes.
const maxTextFile = 1 << 20

// readText returns the text of a file, or of standard input for -.
func (a *app) readText(path string) (string, error) {
	from := a.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", fault.Wrap(err, "the file "+path+" cannot be read", "check its name and the rights on it")
		}
		defer f.Close()
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, maxTextFile+1))
	if err != nil {
		return "", fault.Wrap(err, path+" cannot be read", "check that it is a file")
	}
	if len(text) > maxTextFile {
		return "", fault.New(path+" is too long", "a text is of at most 1 MiB")
	}
	return strings.TrimPrefix(string(text), "\ufeff"), nil
}
