package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// What a command leaves out is said in the words of the office.
func TestWithout(t *testing.T) {
	for _, c := range []struct {
		name, line string
		without    string // "" where nothing was
		hint       string
		again      bool
		later      bool
		gaveWay    bool
	}{
		{name: "all", line: `{"new":3,"set_aside":2,"feeds":[{"feed":"cases"}],"per_batch":[{"name":"a.csv"}]}`},
		{name: "a feed", line: `{"feeds":[{"feed":"cases","error":"h answers 500","hint":"ask"},{"feed":"b","missing":["a day","another"]}]}`,
			without: "feed cases: h answers 500; feed b: could not be fetched, and will be asked for again: a day; another", hint: "ask", again: true},
		{name: "feeds that failed for one reason", line: `{"feeds":[{"feed":"cases","error":"the role can write","hint":"ask"},{"feed":"b","error":"h answers 500"},{"feed":"answers","error":"the role can write","hint":"ask","missing":["a day"]}]}`,
			without: "feeds cases, answers: the role can write; feed b: h answers 500; feed answers: could not be fetched, and will be asked for again: a day", hint: "ask", again: true},
		{name: "a part of a feed", line: `{"feeds":[{"feed":"b","missing":["a day"]}]}`,
			without: "feed b: could not be fetched, and will be asked for again: a day", hint: "ask whoever runs the upstream; all else was taken", later: true},
		{name: "a feed that gave way", line: `{"feeds":[{"feed":"b","gave_way":true},{"feed":"c","missing":["a day"]}]}`, again: true, gaveWay: true,
			without: "feed b: broken off so that what was asked for could be published; the next run goes on from there; feed c: could not be fetched, and will be asked for again: a day", hint: "nothing is to be done; where it happens often, the upstream is slow"},
		{name: "a feed that gave way, and one that failed", line: `{"feeds":[{"feed":"b","gave_way":true},{"feed":"c","error":"h answers 500"}]}`, again: true,
			without: "feed b: broken off so that what was asked for could be published; the next run goes on from there; feed c: h answers 500", hint: "nothing is to be done; where it happens often, the upstream is slow"},
		{name: "a part of a feed, and a file", line: `{"feeds":[{"feed":"b","missing":["a day"]}],"per_batch":[{"name":"b.csv","refused":{"error":"there is no header"}}]}`,
			without: "feed b: could not be fetched, and will be asked for again: a day; refused whole: b.csv: there is no header", hint: "ask whoever runs the upstream; all else was taken"},
		{name: "a file", line: `{"per_batch":[{"name":"a.csv"},{"name":"b.csv","refused":{"error":"there is no header","hint":"export again"}}]}`,
			without: "refused whole: b.csv: there is no header", hint: "export again"},
		{name: "pages", line: `{"release":4,"set_aside":[{"path":"a.html","code":"crashed"},{"path":"b.html","code":"crashed"},{"path":"c.html","code":"crashed"},{"path":"d.html","code":"crashed"}]}`,
			without: "set aside: a.html (crashed); set aside: b.html (crashed); set aside: c.html (crashed); and 1 more", hint: "run huiyin publish by hand, and report what it says"},
		{name: "copies", line: `{"new":3,"open":["the journal is not there","there is no export"]}`, without: "not brought level: the journal is not there; not brought level: there is no export"},
		{name: "a copy, and a file", line: `{"open":["there is no export"],"per_batch":[{"name":"b.csv","refused":{"error":"there is no header","hint":"export again"}}]}`,
			without: "refused whole: b.csv: there is no header; not brought level: there is no export", hint: "export again"},
		{name: "search", line: `{"release":4,"search":{"error":"it is down","hint":"start it"}}`, without: "search: it is down", hint: "start it"},
	} {
		said, line := understand([]byte("a line before\n" + c.line + "\n"))
		if string(line) != c.line {
			t.Errorf("%s: the journal gets %q", c.name, line)
		}
		p := said.without()
		if p == nil {
			p = &partial{}
		}
		if p.without != c.without || p.hint != c.hint || p.again != c.again || p.later != c.later || p.gaveWay != c.gaveWay {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
}

// A pull of many files says what it did all the same, and the journal keeps the counts
// without the files.
func TestUnderstandLong(t *testing.T) {
	var files []string
	for i := range 10_000 {
		files = append(files, fmt.Sprintf(`{"name":"feeds/cases/2026-11-28.%06d.jsonl","as_of":"2026-11-28","rows":500,"new":500}`, i))
	}
	var out bounded
	out.most = maxOutput
	fmt.Fprintf(&out, `{"new":5000000,"per_batch":[%s],"ignored":["a"]}`, strings.Join(files, ","))
	said, line := understand(out.Bytes())
	if words := said.words("pull"); words != "cases: 5000000 new, 0 updated, 0 corrected, 0 withdrawn" {
		t.Error(words)
	}
	var kept map[string]any
	if err := json.Unmarshal(line, &kept); err != nil || len(kept) != 1 {
		t.Errorf("%d members are kept, %v", len(kept), err)
	}
	// What cannot be understood is not taken for nothing.
	if _, line := understand([]byte(`{"new":5000000,"per_batch":[`)); line != nil {
		t.Error("half an object is understood")
	}
}
