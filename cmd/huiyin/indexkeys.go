package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
)

type keysOptions struct{ master, web string }

type keysResult struct {
	Key    string `json:"key_file"`     // of search.key_file: for huiyin
	WebKey string `json:"web_key_file"` // for huiyin-web --search-key-file
}

func newIndexKeys(a *app) *cobra.Command {
	var o keysOptions
	c := &cobra.Command{
		Use:   "keys",
		Short: "Make the keys of a Meilisearch server",
		Long: longHelp(`Make two keys on the Meilisearch server of the configuration: one that may change
the index, which is put into the file of search.key_file, and one that may only
search it, for huiyin-web --search-key-file. The master key is read from a file, is
sent to that server and is kept nowhere. Called again, the keys stay the same; with
another master key they become others, and this command renews the files.`, fault.ExitConfig),
		RunE: func(c *cobra.Command, _ []string) error {
			if o.master == "" {
				return usage(errors.New("--master-key-file is missing"))
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			r, err := makeKeys(c.Context(), a, cfg, o)
			if err != nil {
				return err
			}
			a.say("the key of huiyin is in %s, that of huiyin-web in %s", r.Key, r.WebKey)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().StringVar(&o.master, "master-key-file", "", "`FILE` with the master key of the server; required")
	c.Flags().StringVar(&o.web, "web-key-file", "", "`FILE` for the key of huiyin-web; default: search-web.key in the state folder")
	return c
}

// keysPatience is how long to wait for a server that is down or busy.
const keysPatience = 5 * time.Second

func makeKeys(ctx context.Context, a *app, c *config.Config, o keysOptions) (r keysResult, err error) {
	if c.Search.Engine != config.Meilisearch {
		return r, fault.Coded(fault.ExitConfig, "search.engine is not meilisearch", "the embedded index needs no keys", nil)
	}
	master, err := assemble.ReadKey(o.master)
	if err != nil {
		return r, err
	}
	if err := a.auditKeys(ctx, c); err != nil {
		return r, err
	}
	keys, err := meili.Provision(ctx, meili.Options{URL: c.Search.URL, Index: c.Search.Index, Now: a.watch, Patience: keysPatience}, master)
	if err != nil {
		why := strings.TrimPrefix(err.Error(), search.ErrUnavailable.Error()+": ")
		return r, fault.Wrap(err, "the keys cannot be made: "+why, "check search.url, and the master key")
	}
	r = keysResult{Key: c.Path(c.Search.KeyFile), WebKey: o.web}
	if r.WebKey == "" {
		r.WebKey = c.StatePath("search-web.key")
	}
	// The user of huiyin-web is in the group of huiyin; see docs/operations.md.
	return r, errors.Join(writeKey(r.Key, keys.Publish, 0o600), writeKey(r.WebKey, keys.Search, 0o640))
}

// auditKeys keeps the act of making keys in the audit, where there is an installation yet.
// The keys themselves are in it in no form.
func (a *app) auditKeys(ctx context.Context, c *config.Config) error {
	if _, err := os.Stat(c.StatePath()); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	in, err := a.open(ctx)
	if err != nil {
		return err
	}
	act := in.act("index keys", "", "")
	act.Target = "keys of the search server"
	return errors.Join(in.audited(ctx, act), in.Close())
}

// writeKey puts a key into a file that had the mode before it had the key.
func writeKey(path, key string, mode os.FileMode) error {
	temp := path + ".new"
	err := os.Remove(temp)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err == nil {
		err = os.WriteFile(temp, []byte(key+"\n"), mode)
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	return fault.Wrap(err, "the key file "+path+" cannot be written", "check that the folder exists and may be written, and run the command again")
}
