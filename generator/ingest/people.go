package ingest

import (
	"context"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// people hands the store the tables of the writers of every year that has been
// over long enough, as the batches before this one have counted them. It waits for
// a batch of a later day than all before it, since an office may deliver a year in
// several files of one day. The store keeps the first table of each year.
func (r *run) people(ctx context.Context, p put) error {
	latest, err := r.Intake.LatestAsOf(ctx)
	if err != nil || latest == "" || r.asOf.String() <= latest {
		return err
	}
	counts, err := r.Intake.Aggregates(ctx)
	if err != nil {
		return err
	}
	type table struct {
		year      int
		attribute record.Attribute
	}
	var order []table // as the counts come, which are sorted
	tables := map[table]map[string]int64{}
	for _, c := range counts {
		year, _, _ := strings.Cut(c.Month, "-")
		n, err := strconv.Atoi(year)
		if err != nil {
			continue // a day of receipt that is none is quarantined
		}
		t := table{n, record.Attribute(c.Field)}
		if tables[t] == nil {
			tables[t] = map[string]int64{}
			order = append(order, t)
		}
		tables[t][c.Bucket] += c.N
	}
	for _, t := range order {
		cleared, v := r.Gate.ClearPeople(t.year, t.attribute, tables[t], r.asOf)
		if v.Decision != gate.Publish {
			continue
		}
		if _, _, err := p(cleared, ""); err != nil {
			return err
		}
	}
	return nil
}
