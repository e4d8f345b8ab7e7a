package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
)

func newIndexVerify(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Compare the index with the current release",
		Long: longHelp(`Read every document of the current release and every one in the index, and compare
them field by field; the embedded engine also compares its lists of words with the
texts. Nothing is changed. Of the documents that are missing, not published or
altered, the first hundred are listed by number. The command ends with 3 when there
is any; huiyin index rebuild mends them.`,
			fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNothing, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			x, err := in.needIndexer()
			if err != nil {
				return err
			}
			r, err := x.Verify(c.Context())
			if err != nil {
				return err
			}
			a.showVerify(r)
			if a.json {
				a.object(r)
			}
			if !r.Same() {
				return errPartial
			}
			return nil
		},
	}
}

// showVerify writes a comparison for a person.
func (a *app) showVerify(r generator.VerifyReport) {
	if r.Same() {
		a.say("release %d and the index hold the same: %s", r.Release, plural(r.Indexed, "document"))
		return
	}
	if r.Damaged != "" {
		a.say("%s", r.Damaged)
	}
	a.say("release %d publishes %s, the index holds %d", r.Release, plural(r.Published, "document"), r.Indexed)
	for _, d := range []struct {
		what string
		generator.Difference
	}{{"missing from the index", r.Missing}, {"in the index and not published", r.Unexpected}, {"altered", r.Altered}} {
		if d.N == 0 {
			continue
		}
		more := ""
		if d.N > len(d.Numbers) {
			more = " ..."
		}
		a.say("%s: %d: %s%s", d.what, d.N, strings.Join(d.Numbers, " "), more)
	}
	if r.Shown != r.Release {
		a.say("the index is that of release %d: huiyin publish brings it level", r.Shown)
	} else {
		a.say("huiyin index rebuild mends this")
	}
}
