package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
)

// withdrawn is what the program says of a withdrawal; see huiyin withdraw --json.
type withdrawn struct {
	Proofs []struct {
		Number string `json:"number"`
		Places []struct {
			Place string `json:"place"`
			Gone  bool   `json:"gone"`
		} `json:"places"`
	} `json:"proofs"`
}

// withdraw takes one published case away from a site that is exported and searched, and
// publishes what is left: gone or refused everywhere first, all rebuilt then.
func (b *bench) withdraw(ctx context.Context) error {
	if err := b.withExport(); err != nil {
		return err
	}
	number, err := b.somePublished()
	if err != nil {
		return err
	}
	var w withdrawn
	gone, err := b.run(ctx, &w, "withdraw", number, "--reason", "privacy", "--by", "bench")
	if err != nil {
		return err
	}
	places := 0
	for _, p := range w.Proofs {
		for _, place := range p.Places {
			if !place.Gone {
				return fmt.Errorf("the withdrawn case is still in %s", place.Place)
			}
			places++
		}
	}
	if places < 5 {
		return fmt.Errorf("the withdrawal was proved in %d places only", places)
	}
	b.row("withdraw one case: gone or refused everywhere, and proved", gone, "%d places read again; floor: %s", places, b.floor("2 s", "60 s with the next row"))
	var p published
	publish, err := b.run(ctx, &p, "publish")
	if err != nil {
		return err
	}
	all := cost{wall: gone.wall + publish.wall, cpu: gone.cpu + publish.cpu, peak: max(gone.peak, publish.peak)}
	b.row("publish after it, and export: all rebuilt", publish, "%d partitions made, %d of them by Hugo; with the withdrawal %.1f s, floor: %s",
		p.Partitions.Rendered, p.Partitions.Hugo, all.wall.Seconds(), b.floor("10 s", "60 s"))
	return nil
}

// floor names the floor for the size of the city: those of a hundred thousand cases, and
// those of a million.
func (b *bench) floor(small, large string) string {
	if b.cases > 100_000 {
		return large
	}
	return small
}

// withExport puts the export folder that was taken out back into the configuration.
func (b *bench) withExport() error {
	f, err := os.OpenFile(filepath.Join(b.city, "huiyin.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("\nexport:\n  dir: export\n")
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// somePublished returns the number of a case published in full: the middle one of the
// middle month, by the list that the site itself publishes.
func (b *bench) somePublished() (string, error) {
	months, err := filepath.Glob(filepath.Join(b.city, "export", "data", "published", "????-??.csv"))
	if err != nil || len(months) == 0 {
		return "", fmt.Errorf("no months in the exported site: %w", err)
	}
	f, err := os.Open(months[len(months)/2])
	if err != nil {
		return "", err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return "", err
	}
	if len(rows) < 2 {
		return "", fmt.Errorf("no published case in the middle month")
	}
	return rows[1+(len(rows)-1)/2][0], nil
}
