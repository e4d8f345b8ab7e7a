package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// The files of a sample, in its folder; statements are in Chinese and English.
const (
	commitmentFile = "commitment.json"
	seedFile       = "seed.txt"
	frameFile      = "frame.csv"
	sampledFile    = "sample.csv"
)

// newSample returns the command of samples, whose subcommands do the work.
func newSample(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "sample",
		Short: "Draw cases for a panel, so that anyone can repeat the draw",
		Long: longHelp(`Draw cases that a panel is to judge. commit says before the end of a period what will
be drawn, with the hash of a secret seed, for you to publish; draw draws once the
period is over, from the public rows; compare sets the scores of the panel beside the
ratings of citizens; result prints the row in which the assessment is delivered.
docs/assessment.md says how, with the lines that repeat it.`),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newSampleCommit(a), newSampleDraw(a), newSampleCompare(a), newSampleResult(a))
	for _, sub := range c.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return c
}

// put writes a file of a sample.
func put(dir, name string, body []byte) error {
	return fault.Wrap(durable.WriteFile(durable.OS{}, filepath.Join(dir, name), body),
		"a file of the sample cannot be written: "+filepath.Join(dir, name), "check the disk and the rights, and run the command again, into another folder where this one is refused")
}

// take reads a file of a sample.
func take(path, hint string) ([]byte, error) {
	b, err := os.ReadFile(path)
	return b, fault.Wrap(err, "a file of the sample cannot be read: "+path, hint)
}

// absent says that none of the files is in dir, or which is.
func absent(dir string, names ...string) error {
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return fault.Wrap(errors.Join(fs.ErrExist, err), "there is a "+name+" in this folder already", "use another folder for another sample")
		}
	}
	return nil
}

// readSeed reads a seed from a file, which it names and does not show.
func readSeed(path string) (sample.Seed, error) {
	b, err := take(path, "the body that assesses has the seed; name its file with --seed-file")
	if err != nil {
		return "", err
	}
	return sample.ParseSeed(string(b))
}
