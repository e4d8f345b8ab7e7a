package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// question is one query with what is known of it.
type question struct {
	class string
	words []string
	count int // documents that hold all words, as the file says
}

// corpus is what is searched.
type corpus struct {
	docs  []search.Doc
	plain []string // texts in compatibility form and lower case, for the plain scan
}

var schema = search.Schema{Text: []string{"text"}, Number: []string{"n"}, Newest: "n"}

func run(args []string, out io.Writer) error {
	f := flag.NewFlagSet("recall", flag.ContinueOnError)
	docs := f.String("docs", "", "file with the documents, JSON Lines")
	queries := f.String("queries", "", "file with the queries, tab-separated")
	var which target
	f.BoolVar(&which.double, "double", false, "ask the adapter of Meilisearch on the double of a server")
	f.StringVar(&which.url, "meili", "", "ask the Meilisearch server at this address")
	f.StringVar(&which.keyFile, "key-file", "", "file with the key of that server")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if *docs == "" || *queries == "" {
		return errors.New("-docs and -queries are needed")
	}
	c, err := readCorpus(*docs)
	if err != nil {
		return err
	}
	asked, err := readQuestions(*queries)
	if err != nil {
		return err
	}
	ctx := context.Background()
	engine, name, closeEngine, err := which.open(ctx)
	if err != nil {
		return err
	}
	defer closeEngine()
	rule := scan.New()
	for _, e := range []search.Engine{rule, engine} {
		if err := e.Rebuild(ctx, schema, "recall", c.all); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s: %d documents, %d queries\n\n", name, len(c.docs), len(asked))
	t := newTable()
	for _, q := range asked {
		truth := c.scan(q.words)
		if len(truth) != q.count {
			fmt.Fprintf(out, "a query of class %s is in %d documents and not in %d: the documents are not those of the file\n", q.class, len(truth), q.count)
		}
		byRule, err := hits(ctx, rule, q.words)
		if err != nil {
			return err
		}
		got, err := hits(ctx, engine, q.words)
		if err != nil {
			return err
		}
		t.add(q.class, truth, byRule, got)
	}
	t.print(out)
	return nil
}

// all yields the documents.
func (c *corpus) all(yield func(search.Doc, error) bool) {
	for _, d := range c.docs {
		if !yield(d, nil) {
			return
		}
	}
}

// scan returns the documents that hold all words, without any index.
func (c *corpus) scan(words []string) map[string]bool {
	found := map[string]bool{}
next:
	for i, text := range c.plain {
		for _, w := range words {
			if !strings.Contains(text, plain(w)) {
				continue next
			}
		}
		found[c.docs[i].ID] = true
	}
	return found
}

func plain(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

func readCorpus(name string) (*corpus, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c := &corpus{}
	d := json.NewDecoder(bufio.NewReader(f))
	for n := int64(1); ; n++ {
		var line struct{ ID, Text string }
		if err := d.Decode(&line); errors.Is(err, io.EOF) {
			return c, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: document %d: %w", name, n, err)
		}
		c.docs = append(c.docs, search.Doc{
			ID: "d" + strconv.FormatInt(n, 10), Seq: n, Text: map[string]string{"text": line.Text}, Number: map[string]int64{"n": n},
		})
		c.plain = append(c.plain, plain(line.Text))
	}
}

func readQuestions(name string) ([]question, error) {
	body, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all []question
	for i, line := range strings.Split(strings.TrimSuffix(string(body), "\n"), "\n") {
		if i == 0 {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			return nil, fmt.Errorf("%s: line %d has not three cells", name, i+1)
		}
		n, err := strconv.Atoi(cells[2])
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: the count is no number", name, i+1)
		}
		all = append(all, question{cells[0], strings.Fields(cells[1]), n})
	}
	return all, nil
}

// hits returns every hit of an engine. It also holds the total to them.
func hits(ctx context.Context, e search.Engine, words []string) (map[string]bool, error) {
	q := search.Query{Terms: words}
	found := map[string]bool{}
	if err := e.Each(ctx, q, func(h search.Hit) error { found[h.ID] = true; return nil }); err != nil {
		return nil, err
	}
	res, err := e.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	if res.Exact && res.Total != len(found) {
		return nil, fmt.Errorf("the engine counts %d hits exactly, and gives %d", res.Total, len(found))
	}
	return found, nil
}
