package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// showResult is an entry of the queue with the text that was received.
type showResult struct {
	Entry      intake.HeldItem   `json:"entry"`
	Personal   bool              `json:"personal"`            // always: what follows is not for the public
	Acceptable bool              `json:"acceptable"`          // a person may accept it
	Withdrawn  bool              `json:"withdrawn,omitempty"` // nothing is decided about it until it is reinstated
	Received   map[string]string `json:"received"`
	Masked     map[string]string `json:"masked,omitempty"` // what accepting it would publish
	Findings   []shownFinding    `json:"findings"`
	Files      []shownFile       `json:"files,omitempty"`
	Came       int               `json:"files_received,omitempty"`

	Names map[string]map[string]string `json:"-"` // of what Received refers to, by field and identifier
}

// savedFile is a file of an entry that was written to be looked at.
type savedFile struct {
	Out  string `json:"out"`
	Size int    `json:"size"`
}

// shownFinding is one finding with its place in the text as received.
type shownFinding struct {
	Field      string `json:"field"`
	Kind       string `json:"kind"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Confidence int    `json:"confidence"`
	Action     string `json:"action"`
}

func newGateShow(a *app) *cobra.Command {
	var file int
	var out string
	c := &cobra.Command{
		Use:   "show ID [--file N -o OUT]",
		Short: "Show an entry of the queue with its text, for the person who decides",
		Long: longHelp(`Show an entry of gate list: every field as it was received, what of its texts would
be published if it were accepted, and what was found where (bytes of the field, the
end exclusive). Of each file that came with it: its name, what was found in it and
where, what was left behind, and why it is held. The public number serves as ID too.
ID:CODE in its last line names what is shown, for huiyin gate accept and reject.

--file N -o OUT writes file N to OUT as it would be published, with everything masked
that was found; OUT must not be there yet. Delete it when you have decided.

This writes personal data, on purpose, for the eyes of the person who decides. It goes
to standard output and nowhere else. Do not send it on or keep it.`, fault.ExitConfig, fault.ExitDamaged),
		Annotations: map[string]string{wants: "name an entry by the ID or the public number that huiyin gate list writes"},
		Args:        cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if (file > 0) != (out != "") || file < 0 {
				return usage(fault.New("--file and -o go together: the number of a file from 1, and where to write it", ""))
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			id, _, _ := strings.Cut(args[0], ":") // with its code too, as gate list writes it
			if file > 0 {
				size, err := in.saveFile(c.Context(), id, file, out)
				if err != nil {
					return err
				}
				a.say("%s: %d bytes, as file %d would be published. It may hold personal data that no program sees.", visible(out), size, file)
				if a.json {
					a.object(savedFile{Out: out, Size: size})
				}
				return nil
			}
			r, err := in.show(c.Context(), id)
			if err != nil {
				return err
			}
			a.showEntry(r)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().IntVar(&file, "file", 0, "write the file `N` of the entry, and show nothing else")
	c.Flags().StringVarP(&out, "out", "o", "", "the new file `OUT` to write it to")
	return c
}

func (in *installation) show(ctx context.Context, id string) (r showResult, err error) {
	g, _, err := in.ruled(ctx)
	if err != nil {
		return r, err
	}
	item, err := in.intake.Held(ctx, id)
	if err != nil {
		return r, err
	}
	p, err := in.previewAccept(ctx, g, item)
	if err != nil {
		return r, err
	}
	if item.Pending && p.Verdict.Content != item.Content {
		// Its code would name what was judged, and not what is shown.
		return r, fault.New("what was received of the entry "+item.ID+" last has not been through the gate yet", "run huiyin pull, and look at it then")
	}
	r = showResult{
		Entry: item, Personal: true, Acceptable: gate.Acceptable(item.Reasons),
		Received: p.Raw.Fields, Masked: texts(p.Accepted), Findings: []shownFinding{},
	}
	verdict := p.Verdict
	if item.Silent {
		verdict = p.Accepting // until it is accepted nobody looks into its texts
	}
	if !gate.Acceptable(item.Reasons) {
		r.Files = filesOf(p.Raw, p.Verdict)
	} else {
		r.Files = filesOf(p.Raw, p.Accepting)
	}
	r.Came = len(p.Raw.Files)
	_, gone, err := in.waiting(ctx)
	if err != nil {
		return r, err
	}
	if r.Withdrawn = slices.ContainsFunc(gone, func(h intake.HeldItem) bool { return h.ID == item.ID }); r.Withdrawn {
		r.Acceptable = false
	}
	if r.Names, err = in.idNames(ctx); err != nil {
		return r, err
	}
	for _, f := range verdict.Findings {
		if strings.HasPrefix(f.Field, source.FieldAttachments+".") {
			continue // with its file
		}
		r.Findings = append(r.Findings, shownFinding{Field: f.Field, Kind: f.Type, Start: f.Start, End: f.End, Confidence: f.Confidence, Action: f.Action})
	}
	return r, nil
}

// texts returns the texts of a case that was cleared in full, by field. Those that are
// lists are in JSON.
func texts(c gate.Cleared) map[string]string {
	v, ok := c.Value().(record.Case)
	if !ok || v.Prominence != record.Full {
		return nil
	}
	all := map[string]string{
		source.FieldTitle: v.Title, source.FieldQuestion: v.Question, source.FieldReply: v.Reply.Text,
		source.FieldOutcomeReason: v.OutcomeReason, source.FieldAddressee: v.Addressee,
		source.FieldLegalClass: v.LegalClass, source.FieldConsentBasis: v.Consent.Basis,
	}
	for field, list := range map[string]any{
		source.FieldDispatches: v.Dispatches, source.FieldSupervisions: v.Supervisions, source.FieldTimeline: v.Timeline,
		source.FieldAttachments: v.Attachments,
	} {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(list); err == nil && b.String() != "null\n" {
			all[field] = strings.TrimSpace(b.String())
		}
	}
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return all
}

// showEntry writes an entry for the person who decides.
func (a *app) showEntry(r showResult) {
	a.say("PERSONAL DATA: for the eyes of the person who decides. Do not send it on.")
	a.say("含个人信息，仅供审查人员查看，请勿外传。")
	a.say("%s  %s  %s  since %s", entryCode(r.Entry), cmp.Or(r.Entry.Number, "-"), shownAs(r.Entry), r.Entry.Since)
	a.say("reasons: %s", strings.Join(r.Entry.Reasons, " "))
	a.sayExplained("  ", explainReasons(r.Entry.Reasons))
	for _, field := range slices.Sorted(maps.Keys(r.Received)) {
		if r.Received[field] == "" {
			continue
		}
		a.say("\n[%s] as received\n%s", field, valueFor(field, r.Received[field], r.Names))
		if masked, ok := r.Masked[field]; ok {
			a.say("[%s] as published when accepted\n%s", field, visible(masked))
		}
		for _, f := range r.Findings {
			if f.Field == field {
				a.say("  %d-%d %s %d %s", f.Start, f.End, f.Kind, f.Confidence, f.Action)
			}
		}
	}
	a.showFiles(r)
	if r.Withdrawn {
		a.say("\nThe case is withdrawn: nothing is decided about it until huiyin reinstate has lifted that.")
		return
	}
	switch {
	case shownAs(r.Entry) == "files":
	case !r.Acceptable:
		a.say("\nThis cannot be accepted: %s", remedy(r.Entry.Reasons))
	case r.Masked == nil:
		a.say("\nAccepted, it would not be published in full either.")
	}
	if r.Entry.Code != "" {
		a.say("\nDecide about what is shown here as %s", entryCode(r.Entry))
	}
}

// visible writes what a terminal would obey instead of show, such as escapes and
// marks that turn the direction of writing, as its code: the text comes from strangers.
func visible(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch {
		case r == '\n' || r == '\t' || r == '\u3000' || unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
	}
	return b.String()
}

// previewAccept returns what an entry would be published as, once accepted.
func (in *installation) previewAccept(ctx context.Context, g *gate.Gate, item intake.HeldItem) (p ingest.Preview, err error) {
	ref, err := in.intake.Ref(ctx, item)
	if err != nil {
		return p, err
	}
	o, err := in.ingest(ctx, g)
	if err != nil {
		return p, err
	}
	return ingest.PreviewAccept(ctx, o, ref)
}
