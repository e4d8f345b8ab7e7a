package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/site/durable"
)

// exampleURL is the address of the site that is written where none is given. It is
// nobody's.
const exampleURL = "https://www.example.gov.cn/huiyin/"

type initOptions struct{ name, baseURL string }

type initResult struct {
	Config string `json:"config"`
	Key    string `json:"key"`
	State  string `json:"state"`
}

func newInit(a *app) *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make a new installation",
		Long: longHelp(`Make a new installation in DIR (the current folder if none is given): a documented
configuration, a folder for exports, the state folder, and the key that seals
what is received. Nothing that exists is overwritten.

Keep a copy of the key apart from the machine: without it what was received
cannot be read again.`, fault.ExitConfig),
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			r, err := runInit(a, dir, o)
			if err != nil {
				return err
			}
			a.say("made %s\nkey in %s: keep a copy of it in another place", r.Config, r.Key)
			if o.baseURL == "" {
				a.say("next: set site.base_url to the public address of the site: every page calls it permanent")
			}
			a.say("next: put an export into %s, and run huiyin map on it", filepath.Join(dir, "inbox"))
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().StringVar(&o.name, "name", "", "name of the site; can be set later")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "public address of the site, such as https://www.example.gov.cn/huiyin/; can be set later")
	return c
}

func runInit(a *app, dir string, o initOptions) (initResult, error) {
	file := filepath.Join(dir, "huiyin.yaml")
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return initResult{}, fault.Coded(fault.ExitConfig, "there is an installation in this folder already", "use another folder, or edit "+file, err)
	}
	if o.name == "" {
		o.name = "诉求办理公开"
	}
	if o.baseURL == "" {
		o.baseURL = exampleURL
	}
	text := strings.NewReplacer(
		"  name:\n", "  name: "+quoteYAML(o.name)+"\n",
		"  base_url:\n", "  base_url: "+quoteYAML(o.baseURL)+"\n",
	).Replace(config.Documentation())
	if _, err := config.Parse([]byte(text)); err != nil {
		return initResult{}, err
	}
	return makeInstallation(a, dir, text)
}

// makeInstallation makes the folders, the key and the configuration, in that
// order: a folder with a configuration is a whole installation.
func makeInstallation(a *app, dir, text string) (initResult, error) {
	r := initResult{Config: filepath.Join(dir, "huiyin.yaml"), Key: filepath.Join(dir, "state", "huiyin.key"), State: filepath.Join(dir, "state")}
	for _, d := range []string{filepath.Join(dir, "inbox"), r.State} {
		if err := os.MkdirAll(d, 0o750); err != nil {
			return r, fault.Wrap(err, "the folder "+d+" cannot be made", "check the permissions of "+dir)
		}
	}
	if _, err := os.Lstat(r.Key); errors.Is(err, fs.ErrNotExist) {
		key, err := intake.NewKey(a.rand)
		if err == nil {
			err = key.WriteFile(r.Key)
		}
		if err != nil {
			return r, err
		}
	}
	if err := durable.WriteFile(durable.OS{}, r.Config, []byte(text)); err != nil {
		return r, fault.Wrap(err, "the configuration cannot be written", "check the permissions and the free space of "+dir)
	}
	return r, nil
}

// quoteYAML writes s as a double-quoted YAML string.
func quoteYAML(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ", "\t", " ").Replace(s) + `"`
}
