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
	Personal   bool              `json:"personal"`   // always: what follows is not for the public
	Acceptable bool              `json:"acceptable"` // a person may accept it
	Received   map[string]string `json:"received"`
	Masked     map[string]string `json:"masked,omitempty"` // what accepting it would publish
	Findings   []shownFinding    `json:"findings"`
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
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show an entry of the queue with its text, for the person who decides",
		Long: longHelp(`Show an entry of gate list: every field as it was received, what of its texts would
be published if it were accepted, and what was found where (bytes of the field, the
end exclusive).

This writes personal data, on purpose, for the eyes of the person who decides. It goes
to standard output and nowhere else. Do not send it on or keep it.`, fault.ExitConfig, fault.ExitDamaged),
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.show(c.Context(), args[0])
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
	ref, err := in.intake.Ref(ctx, item)
	if err != nil {
		return r, err
	}
	o, err := in.ingest(ctx, g)
	if err != nil {
		return r, err
	}
	p, err := ingest.PreviewAccept(ctx, o, ref)
	if err != nil {
		return r, err
	}
	r = showResult{
		Entry: item, Personal: true, Acceptable: gate.Acceptable(item.Reasons),
		Received: p.Raw.Fields, Masked: texts(p.Accepted), Findings: []shownFinding{},
	}
	verdict := p.Verdict
	if item.Silent {
		verdict = p.Accepting // until it is accepted nobody looks into its texts
	}
	for _, f := range verdict.Findings {
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
	a.say("%s  %s  %s  since %s", r.Entry.ID, cmp.Or(r.Entry.Number, "-"), shownAs(r.Entry), r.Entry.Since)
	a.say("reasons: %s", strings.Join(r.Entry.Reasons, " "))
	for _, field := range slices.Sorted(maps.Keys(r.Received)) {
		if r.Received[field] == "" {
			continue
		}
		a.say("\n[%s] as received\n%s", field, visible(r.Received[field]))
		if masked, ok := r.Masked[field]; ok {
			a.say("[%s] as published when accepted\n%s", field, visible(masked))
		}
		for _, f := range r.Findings {
			if f.Field == field {
				a.say("  %d-%d %s %d %s", f.Start, f.End, f.Kind, f.Confidence, f.Action)
			}
		}
	}
	switch {
	case !r.Acceptable:
		a.say("\nThis cannot be accepted: %s", remedy(r.Entry.Reasons))
	case r.Masked == nil:
		a.say("\nAccepted, it would not be published in full either.")
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
