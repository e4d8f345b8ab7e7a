package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/figures"
)

type options struct {
	cases int
	units int
	seed  uint64
	dir   string
	hugo  bool

	record string // document to put the figures into
}

// published is what the program says of a publish; see huiyin publish --json.
type published struct {
	Release    int   `json:"release"`
	Nothing    bool  `json:"nothing_new"`
	Cases      int64 `json:"cases"`
	Pages      int64 `json:"pages"`
	Partitions struct {
		Rendered int `json:"rendered"`
		Hugo     int `json:"hugo"`
		Skipped  int `json:"skipped"`
	} `json:"partitions"`
}

// bench is a run of the benchmark: a city, and the program that is measured.
type bench struct {
	options
	program string
	city    string
	figures.Printer
}

// measure runs every part and prints its figures as Markdown.
func measure(ctx context.Context, o options) error {
	b := &bench{options: o, Printer: figures.Printer{Out: os.Stdout}, program: filepath.Join(o.dir, "huiyin"), city: filepath.Join(o.dir, "city")}
	build := exec.CommandContext(ctx, "go", "build", "-o", b.program, "./cmd/huiyin")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build huiyin (run this command at the root of the module): %w", err)
	}
	b.Print("%d cases, %d units, %d processors, %s, %s\n\n", o.cases, o.units, runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format(time.DateOnly))
	b.Print("| part | wall | processor | largest process | |\n|---|---|---|---|---|\n")
	for _, part := range []func(context.Context) error{b.whole, b.nothing, b.oneReply, b.newCutoff, b.export, b.withdraw} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if o.hugo {
		if err := b.againstHugo(ctx); err != nil {
			return err
		}
	}
	if o.record == "" {
		return nil
	}
	return b.Keep(o.record, fmt.Sprintf("bench -cases %d", b.cases))
}

// row prints a line of the table.
func (b *bench) row(part string, c cost, note string, args ...any) {
	b.Print("| %s | %s | %s |\n", part, c, fmt.Sprintf(note, args...))
}

// whole takes the exports of all months and publishes once.
func (b *bench) whole(ctx context.Context) error {
	made, err := measured(ctx, b.dir, nil, b.program, "demo", "--once", "--quiet", "--plain", "--months", "0",
		"--cases", fmt.Sprint(b.cases), "--units", fmt.Sprint(b.units), "--seed", fmt.Sprint(b.seed), "--dir", b.city)
	if err != nil {
		return err
	}
	b.row("make up the exports", made, "")
	if err := b.deliver(); err != nil {
		return err
	}
	pull, err := b.run(ctx, nil, "pull")
	if err != nil {
		return err
	}
	b.row("pull: read, seal, gate, store", pull, "")
	var p published
	publish, err := b.run(ctx, &p, "publish")
	if err != nil {
		return err
	}
	b.row("publish: figures, pages, packs, switch", publish, "%d files in %d partitions, %d of them by Hugo", p.Pages, p.Partitions.Rendered, p.Partitions.Hugo)
	all := cost{wall: pull.wall + publish.wall, cpu: pull.cpu + publish.cpu, peak: max(pull.peak, publish.peak)}
	b.row("**the whole way** (pull and publish)", all, "%s", b.floor("floor: 180 s, 700 MB", ""))
	return nil
}

// run runs one command of the program on the city.
func (b *bench) run(ctx context.Context, result any, args ...string) (cost, error) {
	return measured(ctx, b.city, result, b.program, append(args, "--quiet", "--json")...)
}

// deliver moves everything from the outbox of the city to its inbox.
func (b *bench) deliver() error {
	files, err := filepath.Glob(filepath.Join(b.city, "outbox", "*", "*"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.Rename(f, filepath.Join(b.city, "inbox", filepath.Base(f))); err != nil {
			return err
		}
	}
	return b.withoutExport()
}

// withoutExport takes the export folder out of the configuration: plain files
// are measured apart.
func (b *bench) withoutExport() error {
	name := filepath.Join(b.city, "huiyin.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte(strings.Replace(string(text), "export:\n  dir: export\n", "", 1)), 0o640)
}

// nothing runs both commands again with nothing new.
func (b *bench) nothing(ctx context.Context) error {
	pull, err := b.run(ctx, nil, "pull")
	if err != nil {
		return err
	}
	b.row("pull again, nothing new", pull, "every file is read for its hash")
	before, err := listing(filepath.Join(b.city, "state", "releases"))
	if err != nil {
		return err
	}
	var p published
	publish, err := b.run(ctx, &p, "publish")
	if err != nil {
		return err
	}
	after, err := listing(filepath.Join(b.city, "state", "releases"))
	if err != nil {
		return err
	}
	if !p.Nothing || before != after {
		return fmt.Errorf("a publish with nothing new wrote something")
	}
	b.row("publish again, nothing new", publish, "%snothing written", b.floor("floor: 1 s, ", ""))
	return nil
}

// listing writes down every file below dir with its time and size.
func listing(dir string) (string, error) {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(&b, path, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	return b.String(), err
}

// oneReply changes one reply without moving the cut-off.
func (b *bench) oneReply(ctx context.Context) error {
	if err := b.redeliver("again", func(line string) string {
		return strings.Replace(line, `"hfnr":"`, `"hfnr":"（更正）`, 1)
	}); err != nil {
		return err
	}
	pull, err := b.run(ctx, nil, "pull")
	if err != nil {
		return err
	}
	b.row("pull one changed reply", pull, "")
	var p published
	publish, err := b.run(ctx, &p, "publish")
	if err != nil {
		return err
	}
	b.row("publish one changed reply, same cut-off", publish, "%d partitions made, %d of them by Hugo%s", p.Partitions.Rendered, p.Partitions.Hugo, b.floor("; floor: 3 s, fewer than 12 by Hugo", ""))
	return nil
}

// redeliver writes an export of the last day that holds one answered case of
// the first day, changed. A day later it would move the cut-off.
func (b *bench) redeliver(suffix string, change func(line string) string) error {
	days, err := filepath.Glob(filepath.Join(b.city, "inbox", "cases-*.jsonl"))
	if err != nil || len(days) == 0 {
		return fmt.Errorf("no exports in the city: %w", err)
	}
	for _, day := range days {
		text, err := os.ReadFile(day)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if changed := change(line); changed != line {
				last := strings.TrimSuffix(days[len(days)-1], ".jsonl")
				return os.WriteFile(last+"-"+suffix+".jsonl", []byte(changed), 0o644)
			}
		}
	}
	return fmt.Errorf("no answered case in the city")
}

// newCutoff takes an export of the next day that says it holds no rows.
func (b *bench) newCutoff(ctx context.Context) error {
	if err := os.WriteFile(filepath.Join(b.city, "inbox", "cases-20261101.jsonl"), []byte(`{"_meta":{"count":0}}`+"\n"), 0o644); err != nil {
		return err
	}
	if _, err := b.run(ctx, nil, "pull"); err != nil {
		return err
	}
	var p published
	publish, err := b.run(ctx, &p, "publish")
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("publish a new cut-off day, %d units", b.units), publish, "%d partitions made, %d of them by Hugo", p.Partitions.Rendered, p.Partitions.Hugo)
	return nil
}

// export writes the site as plain files, and again with nothing new.
func (b *bench) export(ctx context.Context) error {
	for _, part := range []string{"export, first", "export, nothing new"} {
		c, err := b.run(ctx, nil, "export", "export")
		if err != nil {
			return err
		}
		b.row(part, c, "")
	}
	return nil
}
