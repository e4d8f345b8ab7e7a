package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/intake"
)

// listResult is the queue of what a person must decide on.
type listResult struct {
	Entries []intake.HeldItem `json:"entries"`
	queueCounts
	Oldest string `json:"oldest,omitempty"`
}

// queueCounts are the entries of the queue by what is shown of them meanwhile.
type queueCounts struct {
	Held   int `json:"held"`            // their rows are published
	Silent int `json:"silent"`          // they are nowhere
	Sample int `json:"sample"`          // they are published masked
	Files  int `json:"files,omitempty"` // they are published, and files of them wait
}

// String returns the numbers as they are written for a person.
func (q queueCounts) String() string {
	n := q.Held + q.Silent + q.Sample + q.Files
	text := numbered(n, "entry", "entries")
	text += fmt.Sprintf(": %d held, %d silent, %d to look at (sample)", q.Held, q.Silent, q.Sample)
	if q.Files > 0 {
		text += fmt.Sprintf(", %d with files that wait", q.Files)
	}
	return text
}

func newGateList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List what waits for a person, oldest first",
		Long: longHelp(`List what the gate holds until a person has decided, oldest first: ID:CODE as the
other commands want it, the public number or -, what is shown meanwhile, the day of the
export that brought it, why, and what was found in it, by kind and number. No text of
a case and no value that was found is written. The code names what the gate judged: it
is another when a later export or other rules have changed the entry. A case that was
withdrawn waits for nobody and is not listed; where it is reinstated, it is again.

  held    its row is published without any text
  silent  it perhaps accuses an official: neither number nor row until it is decided
  sample  it is published with everything masked, and was drawn to be looked at
  files   it is published without some of its files, which wait`, fault.ExitConfig, fault.ExitDamaged),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if _, err := in.openIntake(); err != nil {
				return err
			}
			queue, _, err := in.waiting(c.Context())
			if err != nil {
				return err
			}
			r := queued(queue)
			a.showList(r)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
}

// waiting returns the queue of what a person must decide on, and apart from it the entries
// of cases that are withdrawn: whatever was decided about these, nothing of them would be
// published. The intake keeps them, since a reinstated case waits again.
func (in *installation) waiting(ctx context.Context) (queue, gone []intake.HeldItem, err error) {
	all, err := in.intake.Queue(ctx)
	if err != nil || len(all) == 0 {
		return nil, nil, err
	}
	tombstones, err := in.store.Gone(ctx)
	if err != nil {
		return nil, nil, err
	}
	withdrawn := map[string]bool{}
	for _, t := range tombstones {
		withdrawn[string(t.Number)] = true
	}
	for _, item := range all {
		if withdrawn[item.Number] {
			gone = append(gone, item)
		} else {
			queue = append(queue, item)
		}
	}
	return queue, gone, nil
}

// queued counts the entries of a queue.
func queued(queue []intake.HeldItem) listResult {
	r := listResult{Entries: queue}
	if queue == nil {
		r.Entries = []intake.HeldItem{}
	}
	for i, item := range queue {
		switch shownAs(item) {
		case "silent":
			r.Silent++
		case "sample":
			r.Sample++
		case "files":
			r.Files++
		default:
			r.Held++
		}
		if i == 0 {
			r.Oldest = item.Since
		}
	}
	return r
}

// shownAs says how an entry of the queue is shown to the public meanwhile.
func shownAs(item intake.HeldItem) string {
	switch {
	case item.Silent:
		return "silent"
	case item.Sample:
		return "sample"
	case item.Files > 0:
		return "files"
	}
	return "held"
}

// entryCode names an entry and what a decision about it is about, so that nobody
// decides about another text than she saw. Files that wait have codes of their own.
func entryCode(item intake.HeldItem) string {
	if item.Code == "" {
		return item.ID
	}
	return item.ID + ":" + item.Code
}

// showList writes the queue for a person.
func (a *app) showList(r listResult) {
	for _, item := range r.Entries {
		files := ""
		if item.Files > 0 {
			files = fmt.Sprintf("; files that wait: %d", item.Files)
		}
		a.say("%-25s  %-13s  %-6s  %s  %s%s%s", entryCode(item), cmp.Or(item.Number, "-"), shownAs(item), item.Since,
			strings.Join(item.Reasons, " "), foundKinds(item.Findings, "; found: "), files)
	}
	if len(r.Entries) == 0 {
		a.say("nothing waits for a person")
		return
	}
	var codes []string
	for _, item := range r.Entries {
		codes = append(codes, item.Reasons...)
	}
	slices.Sort(codes)
	a.sayExplained("", explainReasons(codes))
	a.say("%s; the oldest since %s", r.queueCounts, r.Oldest)
}

// foundKinds writes how much was found by kind, after prefix, and "" for nothing.
func foundKinds(found map[string]int, prefix string) string {
	var words []string
	for _, kind := range slices.Sorted(maps.Keys(found)) {
		words = append(words, fmt.Sprintf("%s %d", kind, found[kind]))
	}
	if len(words) == 0 {
		return ""
	}
	return prefix + strings.Join(words, ", ")
}
