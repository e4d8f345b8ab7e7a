package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/cmd/internal/figures"
	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/numbers"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// measureNumbers measures all that is counted of an installation, in one process: from
// a store of which nothing was counted yet, after one changed case, and on a new day.
func measureNumbers(ctx context.Context, o options) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	p := figures.Printer{Out: os.Stdout}
	made, err := measured(ctx, o.dir, nil, self, "make-numbers", o.dir, fmt.Sprint(o.cases), fmt.Sprint(o.seed))
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "bench: the cases were made up in", made.wall.Round(time.Second))
	var parts []numbersPart
	whole, err := measured(ctx, o.dir, &parts, self, "count-numbers", o.dir, fmt.Sprint(o.cases))
	if err != nil {
		return err
	}
	p.Print("%d cases, %d units, %d months, %d processors, %s, %s\n\n", o.cases, numbersUnits, numbersMonths, runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format(time.DateOnly))
	p.Print("| part | wall | |\n|---|---:|---|\n")
	for _, part := range parts {
		p.Print("| %s | %.2f s | %s |\n", part.Name, part.Wall.Seconds(), part.Note)
	}
	p.Print("\nThe process that did all of this took %.1f s, %.1f s of the processors, and at most %d MB of memory (floor 1,000 MB).\n", whole.wall.Seconds(), whole.cpu.Seconds(), whole.peak/1e6)
	if o.record == "" {
		return nil
	}
	return p.Keep(o.record, fmt.Sprintf("bench -numbers -cases %d", o.cases))
}

// numbersPart is one part that was measured.
type numbersPart struct {
	Name string
	Wall time.Duration
	Note string
}

// counter counts the numbers of a made-up installation.
type counter struct {
	ctx   context.Context
	db    *store.DB
	reg   record.Register
	o     pages.Options
	cases int
	parts []numbersPart
	sum   time.Duration // since the last total
}

// countNumbers measures every part, and prints them.
func countNumbers(ctx context.Context, dir string, cases int) error {
	c, err := config.Load(filepath.Join(dir, "huiyin.yaml"))
	if err != nil {
		return err
	}
	n := &counter{ctx: ctx, cases: cases}
	if _, n.o, err = assemble.Site(c, "bench"); err != nil {
		return err
	}
	if n.db, err = store.Open(c.StatePath("store.db"), store.Options{Now: time.Now}); err != nil {
		return err
	}
	defer n.db.Close()
	n.o.Notes = n.db
	for _, f := range []func() error{n.first, n.oneChange, n.newDay} {
		if err := f(); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(n.parts)
}

// part measures one part; what it returns is the note.
func (n *counter) part(name string, f func() (string, error)) error {
	start := time.Now()
	note, err := f()
	wall := time.Since(start)
	n.sum += wall
	n.parts = append(n.parts, numbersPart{name, wall, note})
	return err
}

func (n *counter) total(name, note string) {
	n.parts = append(n.parts, numbersPart{"**" + name + "**", n.sum, note})
	n.sum = 0
}

// read reads the figures at the cut-off of the store, and at an earlier one.
func (n *counter) read(name string, earlier record.Day) (read numbers.Numbers, err error) {
	err = n.part(name, func() (string, error) {
		cutoff, err := n.db.Cutoff(n.ctx)
		if err != nil {
			return "", err
		}
		if n.reg, err = n.db.Register(n.ctx); err != nil {
			return "", err
		}
		read, err = numbers.Read(n.ctx, n.db, numbers.Options{Register: n.reg, Cutoff: cutoff, Earlier: earlier, Basis: "bench", Parallel: runtime.NumCPU()})
		return fmt.Sprintf("%d cases counted", read.Anew), err
	})
	return read, err
}

// rank makes all rankings: of each month that is over, the twelve that end with it, and
// of each year, in both views, which are made side by side as the pages make them.
func (n *counter) rank(book *assess.Book) error {
	return n.part("all rankings: twelve months to each month, and years, in both views", func() (string, error) {
		var periods []record.Period
		months := book.Months()
		for i, m := range months {
			periods = append(periods, record.RollingPeriod(m))
			if i == 0 || m.Year() != months[i-1].Year() {
				periods = append(periods, record.YearPeriod(m.Year()))
			}
		}
		views := []assess.View{assess.AsItWas, assess.AsItIs}
		var both sync.WaitGroup
		for _, v := range views {
			both.Go(func() {
				for _, p := range periods {
					book.Rank(n.o.Ranks, v, p)
				}
			})
		}
		both.Wait()
		return fmt.Sprintf("%d rankings", len(views)*len(periods)), nil
	})
}

func (n *counter) save(release int, read *numbers.Numbers) error {
	return n.part("the list of figures of all periods that are over, kept", func() (string, error) {
		listed := 0
		parts := read.Parts()
		for i, p := range parts {
			parts[i].List = func() []record.Figure {
				figures := p.List()
				listed += len(figures)
				return figures
			}
		}
		err := n.db.SaveFigures(n.ctx, release, read.Book.Cutoff(), parts)
		return fmt.Sprintf("%d figures listed, of %d periods", listed, len(parts)), err
	})
}

// changed finds what differs from the figures of a release.
func (n *counter) changed(release int, read *numbers.Numbers) error {
	return n.part("what is restated of the release before", func() (string, error) {
		old, now, err := read.Changed(n.ctx, n.db, release, func(record.Period) bool { return true })
		return fmt.Sprintf("%d figures compared, %d differ", len(now), len(assess.Diff(old, now))), err
	})
}

// plan plans the pages, for those that carry notes.
func (n *counter) plan(book *assess.Book) (plan []pages.Partition, err error) {
	err = n.part("the plan of the pages, which reads every row", func() (string, error) {
		plan, err = pages.Plan(n.ctx, n.db, book, n.o)
		return fmt.Sprintf("%d partitions", len(plan)), err
	})
	return plan, err
}

// notes makes the notes of units: of all partitions that pick says.
func (n *counter) notes(name string, plan []pages.Partition, pick func(pages.Partition) bool) error {
	return n.part(name, func() (string, error) {
		jobs := make(chan pages.Partition)
		var wait sync.WaitGroup
		var mu sync.Mutex
		var failed error
		made := 0
		for range runtime.NumCPU() {
			wait.Go(func() {
				for p := range jobs {
					content, err := p.Make(n.ctx)
					mu.Lock()
					made += len(content.Pages)
					if failed == nil {
						failed = err
					}
					mu.Unlock()
				}
			})
		}
		for _, p := range plan {
			if strings.HasPrefix(p.Key, "quality/") && pick(p) {
				jobs <- p
			}
		}
		close(jobs)
		wait.Wait()
		if made == 0 && failed == nil {
			failed = errors.New("no page has notes")
		}
		return fmt.Sprintf("%d pages in %d languages", made, len(n.o.Langs)), failed
	})
}

// first counts everything of a store in which nothing is kept.
func (n *counter) first() error {
	read, err := n.read("all measures, scopes and months, nothing kept yet", 0)
	if err != nil {
		return err
	}
	if err := n.rank(read.Book); err != nil {
		return err
	}
	if err := n.save(1, &read); err != nil {
		return err
	}
	plan, err := n.plan(read.Book)
	if err != nil {
		return err
	}
	if err := n.notes("the notes of all units: similar replies, promises, replies at the deadline", plan, func(pages.Partition) bool { return true }); err != nil {
		return err
	}
	read.Then = read.Book
	if err := n.changed(1, &read); err != nil {
		return err
	}
	n.total("all together", "floor 60 s")
	return nil
}

// oneChange corrects the reply of one case of long ago, at the same cut-off.
func (n *counter) oneChange() error {
	before, err := n.planned()
	if err != nil {
		return err
	}
	month := numbersEnd().Month() - 6
	key, unit, received := "", record.UnitID(""), record.Day(0)
	for f, err := range n.db.Facts(n.ctx) {
		if err != nil {
			return err
		}
		if f.Prominence == record.Full && f.Answered == record.Yes && f.Number.Month() == month {
			// Cases are numbered in the order in which they were made up.
			key, unit, received = numbersKey(n.cases*(numbersMonths-7)/numbersMonths+f.Number.Running()-1), f.Unit, f.Received
			break
		}
	}
	n.sum = 0
	err = n.part("one case is stored again, with another day of reply and another text", func() (string, error) {
		return "a case of " + string(unit), storeRaws(n.ctx, n.db, "one", []source.Raw{{Kind: source.Case, Key: key, Fields: map[string]string{
			"received": received.String(), "replied": numbersEnd().String(), "reply": "经再次核实，此前的答复有误。现已重新办理完毕，特此更正，并请您继续监督。"}}})
	})
	if err != nil {
		return err
	}
	n.sum = 0
	read, err := n.read("measures after it", numbersEnd())
	if err != nil {
		return err
	}
	if err := n.rank(read.Book); err != nil {
		return err
	}
	if err := n.changed(1, &read); err != nil {
		return err
	}
	if err := n.save(2, &read); err != nil {
		return err
	}
	sum := n.sum
	plan, err := n.plan(read.Book)
	if err != nil {
		return err
	}
	n.sum = sum
	err = n.notes("the notes of its unit, and of those on the same partition", plan, func(p pages.Partition) bool { return before[p.Key] != p.Fingerprint })
	n.total("all numbers after one changed case, without the plan of the pages", "floor 1 s")
	return err
}

// planned returns the fingerprints of the notes as they are planned now.
func (n *counter) planned() (map[string][32]byte, error) {
	cutoff, err := n.db.Cutoff(n.ctx)
	if err != nil {
		return nil, err
	}
	read, err := numbers.Read(n.ctx, n.db, numbers.Options{Register: n.reg, Cutoff: cutoff, Basis: "bench"})
	if err != nil {
		return nil, err
	}
	plan, err := pages.Plan(n.ctx, n.db, read.Book, n.o)
	prints := map[string][32]byte{}
	for _, p := range plan {
		prints[p.Key] = p.Fingerprint
	}
	return prints, err
}

// newDay moves the cut-off by a day.
func (n *counter) newDay() error {
	if err := n.db.Batch(n.ctx, "day", [32]byte{1}, numbersEnd()+1, nil, func(func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error {
		return nil
	}); err != nil {
		return err
	}
	n.sum = 0
	read, err := n.read("measures on the next day, at both cut-offs", numbersEnd())
	if err != nil {
		return err
	}
	if err := n.rank(read.Book); err != nil {
		return err
	}
	if err := n.changed(2, &read); err != nil {
		return err
	}
	if err := n.save(3, &read); err != nil {
		return err
	}
	n.total("all figures on a new day", "")
	return nil
}
