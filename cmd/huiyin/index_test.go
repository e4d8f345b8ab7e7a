package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// The script commands that look into an embedded index, or change it behind the
// back of huiyin.
var indexing = map[string]func(*testscript.TestScript, bool, []string){
	"finds":    finds,
	"tamper":   tamper,
	"indexing": whileIndexing,
	"server":   server,
}

// serverKey is under which a script keeps its server.
type serverKey struct{}

// server is "server run [FILE]|stop|start": a double of a Meilisearch server runs
// at $SERVER for the rest of the script, and refuses everything while the file is
// there; is down, or is back. Its master key is made-up-master-key-0001. While there is a
// file of the name keep, it says of every document that it has deleted it, and keeps it.
func server(ts *testscript.TestScript, _ bool, args []string) {
	double := ts.Value(serverKey{}).(*meilitest.Server)
	switch args[0] {
	case "run":
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, file := range args[1:] {
				if _, err := os.Stat(ts.MkAbs(file)); err == nil {
					http.Error(w, "there is "+file, http.StatusServiceUnavailable)
					return
				}
			}
			if _, err := os.Stat(ts.MkAbs("keep")); err == nil && strings.HasSuffix(r.URL.Path, "/documents/delete-batch") {
				const nobody = `["nobody"]`
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(nobody)), int64(len(nobody))
			}
			double.ServeHTTP(w, r)
		}))
		ts.Defer(web.Close)
		ts.Setenv("SERVER", web.URL)
	case "stop":
		double.Stop()
	case "start":
		double.Start()
	default:
		ts.Fatalf("usage: server run [FILE]|stop|start")
	}
}

// finds is "[!] finds DIR WORD [NUMBER...]": the index in DIR finds the word, in
// the cases with these numbers if any are given. Nothing is left out of its answer.
func finds(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || neg && len(args) != 2 {
		ts.Fatalf("usage: [!] finds DIR WORD [NUMBER...]")
	}
	x, err := fts.OpenReader(ts.MkAbs(args[0]), fts.Options{})
	ts.Check(err)
	defer x.Close()
	var numbers []string
	for _, d := range found(ts, x, args[1]) {
		numbers = append(numbers, d.ID)
	}
	slices.Sort(numbers)
	switch {
	case neg != (len(numbers) == 0):
		ts.Fatalf("%d cases are found", len(numbers))
	case len(args) > 2 && !slices.Equal(numbers, args[2:]):
		ts.Fatalf("found are %v", numbers)
	}
}

func found(ts *testscript.TestScript, x *fts.Index, word string) (docs []search.Doc) {
	ts.Check(x.Each(context.Background(), search.Query{Terms: []string{word}}, func(h search.Hit) error {
		docs = append(docs, h.Doc)
		return nil
	}))
	return docs
}

// tamper is "tamper DIR remove|alter|copy WORD...": the documents of the index in
// DIR that hold a word are removed, get another reply, or are there a second time
// under another number.
func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: tamper DIR remove|alter|copy WORD...")
	}
	x, err := fts.Open(ts.MkAbs(args[0]), fts.Options{})
	ts.Check(err)
	defer func() { ts.Check(x.Close()) }()
	for _, word := range args[2:] {
		docs := found(ts, x, word)
		if len(docs) == 0 {
			ts.Fatalf("no document holds %s", word)
		}
		for _, d := range docs {
			switch args[1] {
			case "remove":
				ts.Check(x.Delete(context.Background(), []string{d.ID}))
				continue
			case "alter":
				d.Text[search.FieldReply] += "（又及）"
			case "copy":
				d.ID, d.Seq = "2601-000001", 2601000000001
			default:
				ts.Fatalf("no way to tamper is called %s", args[1])
			}
			ts.Check(x.Upsert(context.Background(), "", []search.Doc{d}))
		}
	}
}

// whileIndexing is "indexing DIR CODE ARG...": while another process is changing
// the index in DIR, huiyin ARG... ends with that exit code.
func whileIndexing(ts *testscript.TestScript, _ bool, args []string) {
	x, err := fts.Open(ts.MkAbs(args[0]), fts.Options{})
	ts.Check(err)
	defer func() { ts.Check(x.Close()) }()
	exits(ts, false, append([]string{args[1], "huiyin"}, args[2:]...))
}
