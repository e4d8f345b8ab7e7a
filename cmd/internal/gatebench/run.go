package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/cmd/internal/figures"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
)

// errBelow says that a figure misses its floor.
var errBelow = errors.New("a figure is below its floor")

type options struct {
	n        int
	seed     uint64
	speed    bool
	heldout  bool
	verbose  bool
	json     bool
	labelled string
	record   string
}

func run(out io.Writer, args []string) error {
	flags := flag.NewFlagSet("gatebench", flag.ContinueOnError)
	var o options
	flags.IntVar(&o.n, "n", 500, "documents of each kind, spelling and context; twenty times as many are clean")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the text")
	flags.BoolVar(&o.speed, "speed", false, "measure the speed of one core as well")
	flags.BoolVar(&o.verbose, "v", false, "print every kind, spelling and context, and the families that were missed")
	flags.BoolVar(&o.heldout, "heldout", false, "with -v, print the missed families that are held out as well: not while tuning")
	flags.BoolVar(&o.json, "json", false, "print everything as one JSON value")
	flags.StringVar(&o.labelled, "labelled", "", "measure with this file of labelled text, JSON lines, instead")
	flags.StringVar(&o.record, "record", "", "document to put the table into, such as docs/gate.md")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if o.n < 1 || flags.NArg() > 0 {
		return fmt.Errorf("want -n of at least 1 and no arguments")
	}
	g, err := newGate()
	if err != nil {
		return err
	}
	if o.labelled != "" {
		return runLabelled(out, g, o)
	}

	report := gatetext.Measure(g.Look, gatetext.Sizes{Seed: o.seed, Plain: o.n, Spelt: o.n, Names: o.n, Clean: 20 * o.n})
	table := report.Figures()
	if o.speed {
		table = append(table, g.speed(o.seed)...)
	}
	if o.json {
		if err := printJSON(out, report, table, o.heldout); err != nil {
			return err
		}
	} else {
		p := &figures.Printer{Out: out}
		printTable(p, table)
		if o.record != "" {
			command := fmt.Sprintf("gatebench -n %d", o.n)
			if o.speed {
				command += " -speed"
			}
			if err := p.Keep(o.record, command); err != nil {
				return err
			}
		}
		if o.verbose {
			printRows(out, report, o.heldout)
		}
	}
	if slices.ContainsFunc(table, gatetext.Figure.Below) {
		return errBelow
	}
	return nil
}

// printTable prints the figures as a Markdown table.
func printTable(p *figures.Printer, table []gatetext.Figure) {
	p.Print("| what | | floor | aim | tuned | held out | |\n|---|---|--:|--:|--:|--:|---|\n")
	for _, f := range table {
		mark := f.Worst
		if f.Below() {
			mark = strings.TrimSpace("BELOW " + mark)
		}
		p.Print("| %s | %s | %s | %s | %.2f | %.2f | %s |\n", f.What, f.Measure, short(f.Floor), short(f.Aim), f.Tuned, f.Heldout, mark)
	}
}

func short(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }

// printRows prints every row. Of held-out families it says how many were missed,
// and which only when asked.
func printRows(out io.Writer, report gatetext.Report, heldout bool) {
	group := ""
	for _, row := range report.Rows {
		if row.Group != group {
			group = row.Group
			fmt.Fprintf(out, "\n%s\n%-34s %8s %8s %8s %8s %8s %6s\n", group, "", "recall", "held out", "exact", "right", "held out", "held")
		}
		fmt.Fprintf(out, "%-34s %7.2f%% %7.2f%% %7.2f%% %7.2f%% %7.2f%% %6d", row.Kind+" "+row.Name,
			row.Tuned.Recall(), row.Heldout.Recall(), exact(row.Tuned), row.Tuned.Precision(), row.Heldout.Precision(), row.Tuned.Held+row.Heldout.Held)
		printCounts(out, "missed", row.Tuned.Missed)
		printCounts(out, "wrong", row.Tuned.Wrong)
		if heldout {
			printCounts(out, "held out missed", row.Heldout.Missed)
			printCounts(out, "held out wrong", row.Heldout.Wrong)
		}
		fmt.Fprintln(out)
	}
}

func exact(t gatetext.Tally) float64 { return float64(t.Exact) * 100 / float64(max(t.Secrets, 1)) }

func printCounts(out io.Writer, what string, counts map[string]int) {
	if len(counts) == 0 {
		return
	}
	fmt.Fprintf(out, "  %s:", what)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(out, " [%s] %d", name, counts[name])
	}
}

// printJSON prints the figures and the rows.
func printJSON(out io.Writer, report gatetext.Report, table []gatetext.Figure, heldout bool) error {
	if !heldout {
		for i := range report.Rows {
			report.Rows[i].Heldout.Missed, report.Rows[i].Heldout.Wrong = nil, nil
		}
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Figures []gatetext.Figure `json:"figures"`
		Rows    []gatetext.Row    `json:"rows"`
	}{table, report.Rows})
}
