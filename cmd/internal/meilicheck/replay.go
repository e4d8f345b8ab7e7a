package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/huiyin/huiyin/search/meili"
)

// exchange is a recorded request and what a real server answered.
type exchange struct {
	Name    string
	Request struct {
		Method, Path string
		Headers      map[string]string
		Body         any
	}
	Response struct {
		Status int
		Body   any
	}
	Tasks []map[string]any // the states that were seen
}

// recordedKey is the master key of the server that was recorded.
const recordedKey = "made-up-master-key-0001"

// replay sends the recorded requests in their order and prints where the server
// answers otherwise. It returns how many did, and deletes what the requests made.
func replay(ctx context.Context, srv *server, file string, out io.Writer) (int, error) {
	all, err := readExchanges(file)
	if err != nil {
		return 0, err
	}
	before, err := srv.keys(ctx)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "\n%d recorded exchanges\n", len(all))
	p := &player{srv: srv, values: map[string]string{recordedKey: srv.key}}
	differing := 0
	for _, e := range all {
		diffs, err := p.play(ctx, e)
		if err != nil {
			return differing, fmt.Errorf("%s: %w", e.Name, err)
		}
		if len(diffs) == 0 {
			continue
		}
		differing++
		fmt.Fprintf(out, "DIFF %s\n", e.Name)
		for _, d := range diffs {
			fmt.Fprintf(out, "     %s\n", d)
		}
	}
	fmt.Fprintf(out, "%d of %d went otherwise\n", differing, len(all))
	return differing, p.clear(ctx, before)
}

func readExchanges(file string) ([]exchange, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []exchange
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		var e exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%s:%d: not a recorded exchange: %w", file, n, err)
		}
		all = append(all, e)
	}
	return all, lines.Err()
}

// player sends requests of a server with another master key.
type player struct {
	srv    *server
	values map[string]string // of keys: of the recorded server and of this one
}

// play sends one request and returns what of the answer differs.
func (p *player) play(ctx context.Context, e exchange) ([]string, error) {
	headers := map[string]string{}
	for name, value := range e.Request.Headers {
		if key, ok := strings.CutPrefix(value, "Bearer "); ok && p.values[key] != "" {
			value = "Bearer " + p.values[key]
		}
		headers[name] = value
	}
	got, err := p.srv.send(ctx, e.Request.Method, e.Request.Path, headers, bodyOf(e))
	if err != nil {
		return nil, err
	}
	var diffs []string
	if got.status != e.Response.Status {
		diffs = append(diffs, fmt.Sprintf("status %d, was %d", got.status, e.Response.Status))
	}
	want := e.Response.Body
	if value, ok := member(want, "key").(string); ok {
		// The value of a key follows from the master key.
		uid, _ := member(want, "uid").(string)
		p.values[value] = meili.KeyValue(p.srv.key, uid)
		want.(map[string]any)["key"] = p.values[value]
	}
	diffs = append(diffs, differ("answer", want, got.body)...)
	task := member(got.body, "taskUid")
	if len(e.Tasks) == 0 || task == nil {
		return diffs, nil
	}
	states, err := p.srv.wait(ctx, task)
	if err != nil {
		return diffs, err
	}
	// Which states are seen is a matter of speed; the last one is always there.
	last := e.Tasks[len(e.Tasks)-1]
	return append(diffs, differ("task", any(last), any(states[len(states)-1]))...), nil
}

// bodyOf returns the body of a request. One is only described.
func bodyOf(e exchange) string {
	switch b := e.Request.Body.(type) {
	case nil:
		return ""
	case string:
		if e.Name == "documents, too large" {
			return `{"id":"big","title":"` + strings.Repeat("x", 1_200_000) + `"}`
		}
		return b
	default:
		text, err := json.Marshal(b)
		if err != nil {
			panic(err) // it was read from JSON
		}
		return string(text)
	}
}

// volatile are the members whose values differ from run to run. That they are
// there, and of what type, is compared all the same.
var volatile = strings.Fields(`enqueuedAt startedAt finishedAt createdAt updatedAt lastUpdate duration processingTimeMs requestUid
	progressTrace rawDocumentDbSize avgDocumentSize databaseSize usedDatabaseSize commitSha commitDate pkgVersion
	taskUid uid batchUid from next total preCompactionSize postCompactionSize batchStrategy`)

// differ returns in words what of a value differs from the recorded one.
func differ(at string, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			break
		}
		var diffs []string
		for _, name := range names(w, g) {
			a, inW := w[name]
			b, inG := g[name]
			switch {
			case !inG:
				diffs = append(diffs, at+"."+name+" is missing")
			case !inW:
				diffs = append(diffs, at+"."+name+" is new")
			case slices.Contains(volatile, name):
				if fmt.Sprintf("%T", a) != fmt.Sprintf("%T", b) {
					diffs = append(diffs, fmt.Sprintf("%s.%s is %T, was %T", at, name, b, a))
				}
			default:
				diffs = append(diffs, differ(at+"."+name, a, b)...)
			}
		}
		return diffs
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			break
		}
		var diffs []string
		for i := range w {
			diffs = append(diffs, differ(fmt.Sprintf("%s[%d]", at, i), w[i], g[i])...)
		}
		return diffs
	}
	a, b := brief(want), brief(got)
	if a == b {
		return nil
	}
	return []string{fmt.Sprintf("%s is %s, was %s", at, b, a)}
}

func names(a, b map[string]any) []string {
	var all []string
	for name := range a {
		all = append(all, name)
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			all = append(all, name)
		}
	}
	sort.Strings(all)
	return all
}

// brief writes a value so that a line holds it, with a sum of what is cut.
func brief(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was read from JSON
	}
	runes := []rune(string(text))
	if len(runes) <= 200 {
		return string(text)
	}
	return fmt.Sprintf("%s… (%d characters, sum %08x)", string(runes[:160]), len(runes), sum(string(text)))
}

// keys returns the uids of all keys.
func (s *server) keys(ctx context.Context) ([]string, error) {
	var all struct{ Results []struct{ UID string } }
	if err := s.do(ctx, "GET", "/keys?limit=1000", &all); err != nil {
		return nil, err
	}
	var uids []string
	for _, k := range all.Results {
		uids = append(uids, k.UID)
	}
	return uids, nil
}

// clear deletes all indexes, as there were none before, and the keys that are new.
func (p *player) clear(ctx context.Context, before []string) error {
	there, err := p.srv.indexes(ctx)
	if err != nil {
		return err
	}
	var uids []string
	for uid := range there {
		uids = append(uids, uid)
	}
	sort.Strings(uids)
	if err := p.srv.drop(ctx, uids...); err != nil {
		return err
	}
	after, err := p.srv.keys(ctx)
	if err != nil {
		return err
	}
	for _, uid := range after {
		if !slices.Contains(before, uid) {
			if err := p.srv.do(ctx, "DELETE", "/keys/"+uid, nil); err != nil {
				return err
			}
		}
	}
	return nil
}
