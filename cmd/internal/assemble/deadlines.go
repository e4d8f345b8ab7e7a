package assemble

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// digits are what may be a year in the name of a file, such as 2026 in holidays-2026.yaml.
var digits = regexp.MustCompile(`\d+`)

// Deadlines reads the rules and holiday notices of the section deadlines. sum names all
// that they say, and what they are applied to. Where the section names no rules all is
// nil and sum is "".
func Deadlines(c *config.Config) (all *deadline.Cases, sum string, err error) {
	d := c.Deadlines
	if d.Rules == "" {
		return nil, "", nil
	}
	hash := sha256.New()
	read := func(key, name string) (deadline.File, error) {
		f, err := os.Open(c.Path(name))
		if err != nil {
			return deadline.File{}, fault.Coded(fault.ExitConfig, "the file "+name+" of "+key+" cannot be read", "correct the name in "+key+", or write the file; docs/configuration.md shows one", err)
		}
		defer f.Close() // only read: nothing can be lost
		text, err := io.ReadAll(io.LimitReader(f, deadline.MaxFile+1))
		if err != nil {
			return deadline.File{}, fault.Coded(fault.ExitConfig, "the file "+name+" of "+key+" cannot be read", "look at the file and at the disk", err)
		}
		fmt.Fprintf(hash, "%d %s", len(text), text)
		return deadline.File{Name: name, Text: text}, nil
	}
	file, err := read("deadlines.rules", d.Rules)
	if err != nil {
		return nil, "", err
	}
	rules, err := deadline.ReadRules(file)
	if err != nil {
		return nil, "", inConfig(err)
	}
	var notices []deadline.File
	for _, name := range d.Holidays {
		file, err := read("deadlines.holidays", name)
		if err != nil {
			return nil, "", err
		}
		if err := sameYear(file); err != nil {
			return nil, "", inConfig(err)
		}
		notices = append(notices, file)
	}
	calendar, err := deadline.ReadCalendar(notices...)
	if err != nil {
		return nil, "", inConfig(err)
	}
	tracks := make(map[record.ChannelID]string, len(d.Channels))
	for channel, track := range d.Channels {
		tracks[record.ChannelID(channel)] = track
	}
	all, err = deadline.NewCases(deadline.Finder{Rules: rules, Calendar: calendar}, tracks, d.Default)
	if err != nil {
		msg, hint, _ := fault.Public(err)
		return nil, "", fault.Coded(fault.ExitConfig, "the section deadlines and its files do not fit: "+msg, hint, err)
	}
	fmt.Fprint(hash, d.Channels, d.Default) // maps are printed in the order of their keys
	return all, hex.EncodeToString(hash.Sum(nil)), nil
}

// sameYear refuses a file whose name names another year than it holds.
func sameYear(file deadline.File) error {
	calendar, err := deadline.ReadCalendar(file)
	if err != nil {
		return err
	}
	year := fmt.Sprint(calendar.Years()[0].Year)
	named := slices.DeleteFunc(digits.FindAllString(filepath.Base(file.Name), -1), func(s string) bool {
		return len(s) != len(year) || s[:2] != "19" && s[:2] != "20"
	})
	if len(named) > 0 && !slices.Contains(named, year) {
		return fault.New(fmt.Sprintf("%s is a file of %s by its name and of %s by its year", file.Name, named[0], year), "correct the year and the days in the file, or its name")
	}
	return nil
}

// inConfig marks a mistake in a file that the configuration names as one.
func inConfig(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != 0 {
		return err
	}
	return fault.Coded(fault.ExitConfig, f.Msg, f.Hint, f.Err)
}
