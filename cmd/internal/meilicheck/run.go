package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/searchtest"
)

// settings are what the command line says.
type settings struct {
	recordings string
	index      string
	docs       int
	queries    int
	seed       uint64
	pid        int
	contract   bool
}

// run does everything and returns an error when the server is not as it should
// be.
func run(ctx context.Context, args []string, out io.Writer) error {
	return runWith(ctx, meili.Options{Now: time.Now}, args, out)
}

func runWith(ctx context.Context, o meili.Options, args []string, out io.Writer) error {
	var s settings
	f := flag.NewFlagSet("meilicheck", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprintln(out, "usage: meilicheck [flags] URL MASTER-KEY")
		f.PrintDefaults()
	}
	f.StringVar(&s.recordings, "recordings", "", "file with recorded exchanges to be replayed; the server must have no index")
	f.StringVar(&s.index, "index", "meilicheck", "name that the indexes begin with")
	f.IntVar(&s.docs, "docs", 20_000, "documents of the corpus")
	f.IntVar(&s.queries, "queries", 40, "queries of each class")
	f.Uint64Var(&s.seed, "seed", 1, "another one makes another corpus")
	f.IntVar(&s.pid, "pid", 0, "process of the server on this machine, to tell how much memory it took")
	f.BoolVar(&s.contract, "contract", true, "run the contract suite")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if f.NArg() != 2 || s.docs < 1 || s.queries < 1 {
		f.Usage()
		return errors.New("an address and a master key are needed, and at least one document and query")
	}
	srv := &server{url: f.Arg(0), key: f.Arg(1)}
	o.URL, o.Index = srv.url, s.index
	return check(ctx, srv, o, s, out)
}

func check(ctx context.Context, srv *server, o meili.Options, s settings, out io.Writer) error {
	version, err := srv.version(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Meilisearch %s\n", version)
	there, err := srv.indexes(ctx)
	if err != nil {
		return err
	}
	var faults []error
	if s.recordings != "" {
		if len(there) > 0 {
			return fmt.Errorf("the server has %d indexes: the recordings need one without", len(there))
		}
		n, err := replay(ctx, srv, s.recordings, out)
		if err != nil {
			return err
		}
		if n > 0 {
			faults = append(faults, fmt.Errorf("%d recorded exchanges went otherwise", n))
		}
	} else {
		fmt.Fprintln(out, "\nno recorded exchanges are replayed: -recordings names their file")
	}
	for _, uid := range indexesOf(o) {
		if _, taken := there[uid]; taken {
			return fmt.Errorf("the server has an index %s already: choose another name with -index", uid)
		}
	}
	keys, err := meili.Provision(ctx, o, srv.key)
	if err != nil {
		return err
	}
	o.Key = keys.Publish
	b := &bed{srv: srv, o: o, reader: keys.Search}
	defer b.clear(context.WithoutCancel(ctx))
	if s.contract {
		fmt.Fprintln(out, "\ncontract suite")
		if n := searchtest.Check(ctx, out, b.open); n > 0 {
			faults = append(faults, fmt.Errorf("%d promises were broken", n))
		}
	}
	if err := b.measure(ctx, s, out); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}
