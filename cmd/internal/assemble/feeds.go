package assemble

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source/exchange"
	"github.com/huiyin/huiyin/generator/source/httpget"
	"github.com/huiyin/huiyin/generator/source/open311"
	"github.com/huiyin/huiyin/generator/source/spool"
	"github.com/huiyin/huiyin/generator/source/sql"
)

// Feed is a source that grows, as the section feeds names it.
type Feed struct {
	Name  string
	Kind  string
	Spool *spool.Spool
	From  spool.Feed
}

// FeedsEnv is what feeds need from outside.
type FeedsEnv struct {
	Getenv func(string) string
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error
}

// The kinds of feed.
const (
	kindExchange = "exchange"
	kindOpen311  = "open311"
	kindServices = "open311-services"
	kindSQL      = "sql"
)

const feedsHint = "see docs/feeds.md for every key and its meaning"

// Head is what every feed has; exported only for the decoder.
type Head struct {
	Name string `yaml:"name"`
	Kind string `yaml:"kind"`
}

// exchangeFeed, open311Feed and sqlFeed are the feeds of each kind.
type exchangeFeed struct {
	Head             `yaml:",inline"`
	exchange.Options `yaml:",inline"`
}

type open311Feed struct {
	Head            `yaml:",inline"`
	open311.Options `yaml:",inline"`
	CAFile          string        `yaml:"ca_file"`
	PlainHTTP       bool          `yaml:"plain_http"`
	Timeout         time.Duration `yaml:"timeout"`
}

type sqlFeed struct {
	Head        `yaml:",inline"`
	sql.Options `yaml:",inline"`
}

// Feeds returns the feeds of the configuration in their order. No upstream is asked, and
// no secret is read but the tokens that files hold.
func Feeds(c *config.Config, env FeedsEnv) ([]Feed, error) {
	return feeds(c, func(node ast.Node, f *Feed) (err error) {
		f.From, err = newFeed(c, env, f.Kind, node)
		return err
	})
}

// Spools returns the feeds of the configuration in their order without their upstreams, to
// look at what came from them: From is nil, and nothing that their keys say is looked at.
func Spools(c *config.Config) ([]Feed, error) {
	return feeds(c, func(ast.Node, *Feed) error { return nil })
}

func feeds(c *config.Config, fill func(ast.Node, *Feed) error) ([]Feed, error) {
	if len(strings.TrimSpace(string(c.Feeds))) == 0 {
		return nil, nil
	}
	file, err := parser.ParseBytes(c.Feeds, 0)
	if err != nil {
		return nil, badFeeds("feeds: not readable as YAML", err)
	}
	var list *ast.SequenceNode
	if len(file.Docs) == 1 {
		list, _ = file.Docs[0].Body.(*ast.SequenceNode)
	}
	if list == nil {
		return nil, badFeeds("feeds: a list is wanted here, an entry a feed", nil)
	}
	var feeds []Feed
	for i, node := range list.Values {
		f, err := head(c, node)
		if err == nil {
			err = fill(node, &f)
		}
		if err != nil {
			return nil, feedFault(i, err)
		}
		if slices.ContainsFunc(feeds, func(o Feed) bool { return o.Name == f.Name }) {
			return nil, badFeeds(fmt.Sprintf("feeds: two feeds are named %s", f.Name), nil)
		}
		feeds = append(feeds, f)
	}
	return feeds, nil
}

// FeedFiles returns the files that the feeds of the configuration name, each once, as they
// are named there: the values of their keys that end in _file.
func FeedFiles(c *config.Config) (files []string, err error) {
	_, err = feeds(c, func(node ast.Node, _ *Feed) error {
		var keys map[string]any
		if err := yaml.NodeToValue(node, &keys); err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if name, _ := keys[key].(string); strings.HasSuffix(key, "_file") && name != "" && !slices.Contains(files, name) {
				files = append(files, name)
			}
		}
		return nil
	})
	return files, err
}

func badFeeds(msg string, err error) error { return fault.Coded(fault.ExitConfig, msg, feedsHint, err) }

// feedFault says which entry is wrong. Of YAML the excerpt is left out, which would print
// what may be secret.
func feedFault(i int, err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return fault.Coded(fault.ExitConfig, fmt.Sprintf("feeds, entry %d: %s", i+1, f.Msg), f.Hint, f.Err)
	}
	var y yaml.Error
	if errors.As(err, &y) {
		return badFeeds(fmt.Sprintf("feeds, entry %d: %s", i+1, y.GetMessage()), nil)
	}
	return badFeeds(fmt.Sprintf("feeds, entry %d cannot be read", i+1), err)
}

// head reads what every feed has.
func head(c *config.Config, node ast.Node) (f Feed, err error) {
	var h Head
	if err := yaml.NodeToValue(node, &h); err != nil {
		return f, err
	}
	f.Name, f.Kind = h.Name, h.Kind
	f.Spool, err = spool.New(nil, c.Path(c.Inbox), h.Name)
	return f, err
}

// newFeed returns the upstream of a feed.
func newFeed(c *config.Config, env FeedsEnv, kind string, node ast.Node) (spool.Feed, error) {
	switch kind {
	case kindExchange:
		var o exchangeFeed
		if err := yaml.NodeToValue(node, &o, yaml.Strict()); err != nil {
			return nil, err
		}
		return newExchange(c, env, o.Options)
	case kindOpen311, kindServices:
		var o open311Feed
		if err := yaml.NodeToValue(node, &o, yaml.Strict()); err != nil {
			return nil, err
		}
		return newOpen311(c, env, o)
	case kindSQL:
		var o sqlFeed
		if err := yaml.NodeToValue(node, &o, yaml.Strict()); err != nil {
			return nil, err
		}
		if o.DSNFile != "" {
			o.DSNFile = c.Path(o.DSNFile)
		}
		return sql.New(o.Options, env.Getenv, env.Now)
	}
	return nil, fault.New(fmt.Sprintf("kind %q is none of exchange, open311, open311-services, sql", kind), feedsHint)
}

func newExchange(c *config.Config, env FeedsEnv, o exchange.Options) (spool.Feed, error) {
	token := ""
	if o.TokenFile != "" {
		var err error
		if token, err = Secret(c.Path(o.TokenFile)); err != nil {
			return nil, err
		}
	}
	if o.CAFile != "" {
		o.CAFile = c.Path(o.CAFile)
	}
	http, err := o.HTTP(token)
	if err != nil {
		return nil, err
	}
	http.Now, http.Sleep = env.Now, env.Sleep
	client, err := httpget.New(http)
	if err != nil {
		return nil, err
	}
	return exchange.New(o, client)
}

func newOpen311(c *config.Config, env FeedsEnv, o open311Feed) (spool.Feed, error) {
	u, err := url.Parse(o.Endpoint)
	if err != nil || u.Host == "" {
		return nil, fault.New("endpoint is not an address such as https://open311.example.gov/v2", feedsHint)
	}
	// Two tries: a span that fails is halved, and each half is asked for again.
	http := httpget.Options{Timeout: o.Timeout, Tries: 2, Now: env.Now, Sleep: env.Sleep}
	if o.CAFile != "" {
		http.CAFile = c.Path(o.CAFile)
	}
	switch {
	case u.Scheme == "https":
		http.Hosts = []string{u.Host}
	case u.Scheme == "http" && o.PlainHTTP:
		http.Plain = []string{u.Host}
	default:
		return nil, fault.New("endpoint does not begin with https://", "where the server knows no other way, write plain_http: true")
	}
	client, err := httpget.New(http)
	if err != nil {
		return nil, err
	}
	now := func() time.Time { return env.Now().In(time.FixedZone("UTC+8", 8*3600)) } // days begin as the office's do
	if o.Kind == kindServices {
		return open311.NewServices(o.Options, open311.Over(client), now)
	}
	return open311.NewRequests(o.Options, open311.Over(client), now)
}

// maxSecret bounds a file with a secret, in bytes.
const maxSecret = 4096

// OwnerOnly refuses a file that is not there, or that others than its owner can read.
func OwnerOnly(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New("the file "+path+" is not there", "write the secret into it, on one line, readable by its owner only (mode 0600)")
	}
	if err != nil {
		return fault.Wrap(err, "the file "+path+" cannot be read", "check its permissions")
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fault.New("the file "+path+" can be read by others", "let only its owner read it: chmod 600 "+path)
	}
	return nil
}

// Secret reads a secret of one line from a file that only its owner can read.
func Secret(path string) (string, error) {
	if err := OwnerOnly(path); err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fault.Wrap(err, "the file "+path+" cannot be read", "check its permissions")
	}
	if info.Size() > maxSecret {
		return "", fault.New("the file "+path+" is too long for a secret", "write the secret into it, on one line")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fault.Wrap(err, "the file "+path+" cannot be read", "check its permissions")
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" || strings.ContainsAny(secret, "\r\n\x00") {
		return "", fault.New("the file "+path+" does not hold one line", "write the secret into it, on one line")
	}
	return secret, nil
}
