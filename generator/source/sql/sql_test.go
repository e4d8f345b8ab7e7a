package sql_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source/spool"
	"github.com/huiyin/huiyin/generator/source/sql"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
)

var _ spool.Feed = (*sql.Feed)(nil)

// cases adds n cases, a second apart, the last an hour ago.
func cases(n int) string {
	return fmt.Sprintf(`INSERT INTO raw.petition (case_no, title, updated_at) SELECT 'N' || to_char(i, 'FM00000'), '路灯 ' || i, now() - interval '1 hour' - (%d - i) * interval '1 s' FROM generate_series(1, %[1]d) i;`, n)
}

var keyOf = regexp.MustCompile(`"case_no":"([^"]*)"`)

// numbers are the keys of items.
func numbers(items []string) (keys []string) {
	for _, item := range items {
		keys = append(keys, keyOf.FindStringSubmatch(item)[1])
	}
	return keys
}

// wantFault says what is wrong with an error of which the public text should hold want.
func wantFault(t *testing.T, err error, want string) (hint string) {
	t.Helper()
	msg, hint, _ := fault.Public(err)
	if err == nil || !strings.Contains(msg, want) {
		t.Fatalf("error %v, want %q", err, want)
	}
	if hint == "" {
		t.Error("the error does not say what to do")
	}
	if strings.Contains(err.Error()+hint, password) || strings.Contains(err.Error()+hint, "host=/") || strings.Contains(err.Error()+hint, "路灯") {
		t.Errorf("the error shows too much: %v; %s", err, hint)
	}
	return hint
}

func TestFetch(t *testing.T) {
	d := newDatabase(t, office+`INSERT INTO raw.petition VALUES ('N1', '张三', '小区"路灯"
不亮', '2026-11-01 09:30:00.5+08', NULL), ('N2', '李四', '停水', '2026-11-02 01:00:00+00', '2026-11-03 12:00:00+08');`)
	f := d.feed(sql.Options{})
	g := d.all(f, nil)
	want := []string{
		`{"case_no":"N1","title":"小区\"路灯\"\n不亮","updated_at":"2026-11-01T09:30:00.5+08:00","withdrawn_at":null}`,
		`{"case_no":"N2","title":"停水","updated_at":"2026-11-02T09:00:00+08:00","withdrawn_at":"2026-11-03T12:00:00+08:00"}`,
	}
	if diff := cmp.Diff(want, g.items()); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	if g.walk.AsOf != "" || len(g.walk.Missing) > 0 || g.restart > 0 {
		t.Errorf("%+v", g.walk)
	}

	// At rest it has nothing to say, though every walk looks again at the overlap.
	again := d.all(f, g.state)
	if len(again.pages) > 0 {
		t.Errorf("a database at rest has handed over %q", again.pages)
	}

	// A case that is withdrawn passes as an item, and so does one that is new.
	d.exec(`UPDATE raw.petition SET withdrawn_at = now(), updated_at = now() WHERE case_no = 'N1'; INSERT INTO raw.petition VALUES ('N3', '王五', '积水')`)
	third := d.all(f, again.state)
	if diff := cmp.Diff([]string{"N1", "N3"}, numbers(third.items())); diff != "" || strings.Contains(third.items()[0], `"withdrawn_at":null`) {
		t.Errorf("%q\n%s", third.items(), diff)
	}
}

// A walk that is broken off behind any page, and taken up from the state of that page,
// brings the same items, each once.
func TestInterrupted(t *testing.T) {
	d := newDatabase(t, office+cases(25))
	f := d.feed(sql.Options{Page: 4})
	whole := d.all(f, nil)
	if len(whole.pages) != 7 || len(whole.items()) != 25 {
		t.Fatalf("%d pages", len(whole.pages))
	}
	stop := errors.New("stop")
	for n := 1; n <= 7; n++ {
		first, err := fetch(t.Context(), f, nil, func(i int) error {
			if i == n {
				return stop
			}
			return nil
		})
		if err != stop {
			t.Fatalf("the error of the page came back as %v", err)
		}
		rest := d.all(f, first.state)
		if diff := cmp.Diff(whole.items(), append(first.items(), rest.items()...)); diff != "" {
			t.Errorf("broken off behind page %d:\n%s", n, diff)
		}
		if more := d.all(f, rest.state); len(more.pages) > 0 {
			t.Errorf("broken off behind page %d, the next walk brings %d pages", n, len(more.pages))
		}
	}
	// One that is broken off behind every page.
	var items []string
	var state []byte
	for range 2 * len(whole.pages) {
		g, err := fetch(t.Context(), f, state, func(int) error { return stop })
		items, state = append(items, g.items()...), g.state
		if err == nil {
			break
		}
	}
	if diff := cmp.Diff(whole.items(), items); diff != "" {
		t.Error(diff)
	}
}

// Another database is read from the beginning, however new what the first one had was, and
// what was fetched of that in an open walk is void. Another way in to the same one is not.
func TestOtherDatabase(t *testing.T) {
	pilot := newDatabase(t, office+cases(3))
	first := pilot.all(pilot.feed(sql.Options{Page: 2}), nil)
	broken, err := fetch(t.Context(), pilot.feed(sql.Options{Page: 2}), nil, func(int) error { return context.Canceled })
	if err == nil {
		t.Fatal("the walk was to be broken off")
	}
	production := newDatabase(t, office+`INSERT INTO raw.petition VALUES ('P1', '张三', '停水', '2026-01-01 09:30:00+08')`)
	for name, state := range map[string][]byte{"at rest": first.state, "broken off": broken.state} {
		g := production.all(production.feed(sql.Options{}), state)
		if diff := cmp.Diff([]string{"P1"}, numbers(g.items())); diff != "" || g.restart != 1 {
			t.Errorf("%s: %d times from the beginning (-want +got):\n%s", name, g.restart, diff)
		}
		if again := production.all(production.feed(sql.Options{}), g.state); len(again.pages) > 0 {
			t.Errorf("%s: read once more: %q", name, again.pages)
		}
	}
	if g := pilot.all(pilot.at(sql.Options{}, pilot.socket()+" connect_timeout=7"), first.state); len(g.pages) > 0 {
		t.Errorf("the same database has handed over %q", g.pages)
	}
}

// The pages arrive in the folder of the feed.
func TestSpool(t *testing.T) {
	d := newDatabase(t, office+cases(3))
	fsys := durabletest.New()
	if err := durable.MkdirAll(fsys, "/inbox"); err != nil {
		t.Fatal(err)
	}
	s, err := spool.New(fsys, "/inbox", "cases")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []spool.Report{{Feed: "cases", AsOf: "2026-11-28", Pages: 2, Items: 3}, {Feed: "cases", AsOf: "2026-11-28"}} {
		r, err := s.Fetch(t.Context(), d.feed(sql.Options{Page: 2}), "2026-11-28")
		if diff := cmp.Diff(want, r); diff != "" || err != nil {
			t.Errorf("fetch %d: %v\n%s", i+1, err, diff)
		}
	}
	if text := fsys.Files()["/inbox/feeds/cases/2026-11-28.000002.jsonl"]; !strings.HasPrefix(text, "{\"_meta\":{\"count\":1}}\n{\"case_no\":\"N00003\"") {
		t.Errorf("%q", text)
	}
}

// A change that is committed after another that states a later time is not missed.
func TestLateCommit(t *testing.T) {
	d := newDatabase(t, office+cases(2))
	slow, err := d.s.Connect(t.Context(), d.name)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close(context.Background())
	if _, err := slow.Exec(t.Context(), `BEGIN; INSERT INTO raw.petition (case_no) VALUES ('LATE')`).ReadAll(); err != nil {
		t.Fatal(err)
	}
	d.exec(`INSERT INTO raw.petition (case_no) VALUES ('SOON')`)
	f := d.feed(sql.Options{Page: 1})
	g := d.all(f, nil)
	if diff := cmp.Diff([]string{"N00001", "N00002", "SOON"}, numbers(g.items())); diff != "" {
		t.Fatal(diff)
	}
	if _, err := slow.Exec(t.Context(), `COMMIT`).ReadAll(); err != nil {
		t.Fatal(err)
	}
	if g = d.all(f, g.state); cmp.Diff([]string{"LATE"}, numbers(g.items())) != "" {
		t.Errorf("the walk behind the late commit has brought %q", g.items())
	}
	if g = d.all(f, g.state); len(g.pages) > 0 {
		t.Errorf("and the one behind it %q", g.items())
	}
}

// What is committed late while a walk lies broken off is not missed by the walk that
// takes it up much later.
func TestLateCommitWhileBroken(t *testing.T) {
	d := newDatabase(t, office+cases(6))
	stop := errors.New("stop")
	f := d.feed(sql.Options{Page: 2, Overlap: 10 * time.Minute})
	g, err := fetch(t.Context(), f, nil, func(n int) error {
		if n == 2 {
			return stop
		}
		return nil
	})
	if err != stop {
		t.Fatal(err)
	}
	// As if the walk had begun an hour ago, when N00006 was the newest.
	r, err := d.conn.Exec(t.Context(), `SELECT (extract(epoch FROM updated_at) * 1000000)::bigint FROM raw.petition WHERE case_no = 'N00006'`).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	state := regexp.MustCompile(`"until":\d+`).ReplaceAll(g.state, fmt.Appendf(nil, `"until":%s`, r[0].Rows[0][0]))
	d.exec(`INSERT INTO raw.petition (case_no, updated_at) SELECT 'LATE', updated_at FROM raw.petition WHERE case_no = 'N00002'; INSERT INTO raw.petition (case_no) VALUES ('NEW')`)
	if g = d.all(f, state); cmp.Diff([]string{"N00005", "N00006", "LATE", "NEW"}, numbers(g.items())) != "" {
		t.Errorf("%q", numbers(g.items()))
	}
	if g = d.all(f, g.state); len(g.pages) > 0 {
		t.Errorf("the next walk brings %q", g.items())
	}
}

// A server whose clock is wrong is not believed; and when its clock was set back, what
// changed since is found.
func TestClock(t *testing.T) {
	d := newDatabase(t, office+cases(2))
	for _, off := range []time.Duration{-11 * time.Minute, 24 * time.Hour} {
		f, err := sql.New(sql.Options{DSNEnv: "DSN", View: "publish.pub_case_v1"}, func(string) string { return d.socket() }, func() time.Time { return time.Now().Add(off) })
		if err != nil {
			t.Fatal(err)
		}
		_, err = fetch(t.Context(), f, nil, nil)
		wantFault(t, err, "the clocks of the database server and of this machine are ")
	}
	f := d.feed(sql.Options{})
	g := d.all(f, nil)
	state := regexp.MustCompile(`"high":\d+`).ReplaceAll(g.state, fmt.Appendf(nil, `"high":%d`, time.Now().Add(24*time.Hour).UnixMicro()))
	d.exec(`INSERT INTO raw.petition (case_no, updated_at) VALUES ('BACK', now() - interval '30 minutes')`)
	if g = d.all(f, state); cmp.Diff([]string{"BACK"}, numbers(g.items())) != "" {
		t.Errorf("%q", numbers(g.items()))
	}
}

// Rows of one time are parted by the key at the border of a page.
func TestEqualTimes(t *testing.T) {
	d := newDatabase(t, office+`INSERT INTO raw.petition (case_no, updated_at) SELECT unnest(ARRAY['Z', 'a', '乙', '甲', 'B', 'á', '10', '9', '9 ', E'x\'y', 'Ａ']), '2026-11-01 00:00:00+08'`)
	for page := 1; page < 12; page++ {
		g := d.all(d.feed(sql.Options{Page: page}), nil)
		got := numbers(g.items())
		want := []string{"10", "9", "9 ", "B", "Z", "a", "x'y", "á", "乙", "甲", "Ａ"} // by bytes
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages of %d:\n%s", page, diff)
		}
	}
}

func TestTenThousand(t *testing.T) {
	d := newDatabase(t, office+cases(10_000))
	f := d.feed(sql.Options{})
	g := d.all(f, nil)
	keys := numbers(g.items())
	if len(g.pages) != 10 || len(keys) != 10_000 || !slices.IsSorted(keys) || len(slices.Compact(keys)) != 10_000 {
		t.Errorf("%d pages with %d rows", len(g.pages), len(keys))
	}
	if again := d.all(f, g.state); len(again.pages) > 0 {
		t.Errorf("the second walk brings %d pages", len(again.pages))
	}
}

// More rows of one moment than are remembered come once, when the moment is past, and
// the state stays small.
func TestManyAtOnce(t *testing.T) {
	d := newDatabase(t, office+`INSERT INTO raw.petition (case_no, updated_at) SELECT 'N' || to_char(i, 'FM00000'), '2026-11-01 00:00:00+08' FROM generate_series(1, 12000) i`)
	f := d.feed(sql.Options{})
	g := d.all(f, nil)
	if len(g.items()) != 12_000 || len(g.state) > 150_000 {
		t.Fatalf("%d items, a state of %d bytes", len(g.items()), len(g.state))
	}
	if again := d.all(f, g.state); len(again.pages) > 0 {
		t.Errorf("the second walk brings %d pages", len(again.pages))
	}
	// Within the overlap they come again rather than that a late one is missed.
	d.exec(`UPDATE raw.petition SET updated_at = now(), title = 'b'`)
	if g = d.all(f, g.state); len(g.items()) != 12_000 {
		t.Fatalf("%d items", len(g.items()))
	}
	d.exec(`INSERT INTO raw.petition (case_no, updated_at) SELECT 'A', min(updated_at) FROM raw.petition`)
	if g = d.all(f, g.state); !slices.Contains(numbers(g.items()), "A") {
		t.Error("a late one was missed")
	}
}

// Rows that change while the view is read are missed neither where they were nor where
// they go.
func TestChangedWhileRead(t *testing.T) {
	d := newDatabase(t, office+cases(20))
	f := d.feed(sql.Options{Page: 3})
	last := map[string]string{}
	note := func(items []string) {
		for _, item := range items {
			last[numbers([]string{item})[0]] = item
		}
	}
	g, err := fetch(t.Context(), f, nil, func(n int) error {
		d.exec(fmt.Sprintf(`UPDATE raw.petition SET title = 'changed', updated_at = clock_timestamp() WHERE case_no IN ('N%05d', 'N%05d')`, n, 21-n))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	note(g.items())
	note(d.all(f, g.state).items())
	changed := 0
	for _, item := range last {
		if strings.Contains(item, "changed") {
			changed++
		}
	}
	if len(last) != 20 || changed != 2*len(g.pages) {
		t.Errorf("%d rows, %d of them as they are now, behind %d pages", len(last), changed, len(g.pages))
	}
}

func TestViewChangedWhileRead(t *testing.T) {
	d := newDatabase(t, office+cases(6))
	f := d.feed(sql.Options{Page: 2})
	g, err := fetch(t.Context(), f, nil, func(n int) error {
		if n == 2 {
			d.exec(`CREATE OR REPLACE VIEW publish.pub_case_v1 AS SELECT case_no, title, updated_at, withdrawn_at, 'app'::text AS channel FROM raw.petition`)
		}
		return nil
	})
	wantFault(t, err, "was changed while it was read")
	g = d.all(f, g.state)
	if g.restart != 1 || len(g.items()) != 6 || !strings.Contains(g.items()[0], `"channel":"app"`) {
		t.Errorf("after the change: %d restarts, %q", g.restart, g.items())
	}
	// Between two walks it is the same; and of an emptied view all is void as well.
	d.exec(`DELETE FROM raw.petition; DROP VIEW publish.pub_case_v1; CREATE VIEW publish.pub_case_v1 AS SELECT case_no, updated_at FROM raw.petition; GRANT SELECT ON publish.pub_case_v1 TO ROLE;`)
	if g = d.all(f, g.state); g.restart != 1 || len(g.items()) != 0 {
		t.Errorf("after the second change: %d restarts, %q", g.restart, g.items())
	}
	d.exec(cases(4))
	_, err = fetch(t.Context(), f, g.state, func(n int) error {
		d.exec(`CREATE OR REPLACE VIEW publish.pub_case_v1 AS SELECT case_no, updated_at, citizen AS 来信人姓名 FROM raw.petition`)
		return nil
	})
	wantFault(t, err, `column 来信人姓名, whose name holds "姓名"`)
	_, err = fetch(t.Context(), f, g.state, func(n int) error {
		d.exec(`DROP VIEW publish.pub_case_v1`)
		return nil
	})
	wantFault(t, err, "来信人姓名")
	d.exec(`DROP VIEW publish.pub_case_v1`)
	_, err = fetch(t.Context(), f, g.state, nil)
	wantFault(t, err, "is not there")
}

// waiting runs Fetch while a lock on the table keeps its query from ending, and calls
// then once the query waits.
func waiting(d *database, f *sql.Feed, ctx context.Context, then func()) error {
	d.t.Helper()
	locker, err := d.s.Connect(ctx, d.name)
	if err != nil {
		d.t.Fatal(err)
	}
	defer locker.Close(context.Background())
	if _, err := locker.Exec(ctx, `BEGIN; LOCK TABLE raw.petition IN ACCESS EXCLUSIVE MODE`).ReadAll(); err != nil {
		d.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := fetch(ctx, f, nil, nil)
		ended <- err
	}()
	for range 1000 {
		r, err := d.conn.Exec(context.Background(), `SELECT pg_sleep(0.01); SELECT count(*) FROM pg_stat_activity WHERE usename = '`+d.name+`' AND application_name = 'huiyin' AND wait_event_type = 'Lock'`).ReadAll()
		if err != nil {
			d.t.Fatal(err)
		}
		if string(r[1].Rows[0][0]) == "1" {
			then()
			break
		}
	}
	return <-ended
}

func TestCancelled(t *testing.T) {
	d := newDatabase(t, office+cases(3))
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("told to stop")
	err := waiting(d, d.feed(sql.Options{}), ctx, func() { cancel(why) })
	if err != why {
		t.Errorf("cancelled in a query: %v", err)
	}
	// The server is not left with it.
	for range 1000 {
		r, err := d.conn.Exec(t.Context(), `SELECT pg_sleep(0.01); SELECT count(*) FROM pg_stat_activity WHERE usename = '`+d.name+`'`).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if string(r[1].Rows[0][0]) == "0" {
			return
		}
	}
	t.Error("the server still works for a fetch that was cancelled")
}

func TestTimeouts(t *testing.T) {
	d := newDatabase(t, office+cases(3))
	err := waiting(d, d.feed(sql.Options{Timeout: 3 * time.Second}), t.Context(), func() {})
	wantFault(t, err, "was locked for too long")
	d.exec(`CREATE OR REPLACE VIEW publish.pub_case_v1 AS SELECT case_no, title, updated_at, withdrawn_at FROM raw.petition, (SELECT pg_sleep(20)) s`)
	_, err = fetch(t.Context(), d.feed(sql.Options{Timeout: time.Second}), nil, nil)
	wantFault(t, err, "took too long")
}

// The server fails in the middle of a query, and comes up again.
func TestServerKilled(t *testing.T) {
	d := newDatabase(t, office+cases(9))
	whole := d.all(d.feed(sql.Options{Page: 4}), nil)
	err := waiting(d, d.feed(sql.Options{}), t.Context(), func() {
		if err := d.s.Kill(); err != nil {
			t.Error(err)
		}
	})
	msg, _, _ := fault.Public(err)
	wantFault(t, err, "the ")
	if !strings.Contains(msg, "shutting down") && !strings.Contains(msg, "connection to the database was lost") {
		t.Error(err)
	}
	_, err = fetch(t.Context(), d.feed(sql.Options{}), nil, nil)
	wantFault(t, err, "no database server listens")
	if err := d.s.Run(); err != nil {
		t.Fatal(err)
	}
	d.reconnect()

	// Between two pages.
	first, err := fetch(t.Context(), d.feed(sql.Options{Page: 4}), nil, func(n int) error {
		if n == 1 {
			d.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '` + d.name + `'`)
		}
		return nil
	})
	wantFault(t, err, "the ")
	rest := d.all(d.feed(sql.Options{Page: 4}), first.state)
	if diff := cmp.Diff(whole.items(), append(first.items(), rest.items()...)); diff != "" {
		t.Error(diff)
	}
}

func TestBounds(t *testing.T) {
	d := newDatabase(t, office+`INSERT INTO raw.petition (case_no, title, updated_at) SELECT 'N' || i, repeat('字', 500000), '2026-11-01'::timestamptz + i * interval '1 s' FROM generate_series(1, 8) i`)
	g := d.all(d.feed(sql.Options{}), nil)
	var sizes []int
	for _, p := range g.pages {
		sizes = append(sizes, len(p))
	}
	if diff := cmp.Diff([]int{3, 3, 2}, sizes); diff != "" {
		t.Errorf("rows of 1.5 MB in pages (-want +got):\n%s", diff)
	}
	d.exec(`INSERT INTO raw.petition (case_no, title, updated_at) VALUES ('N9', repeat('x', 17 * 1024 * 1024), '2026-11-02')`)
	_, err := fetch(t.Context(), d.feed(sql.Options{}), g.state, nil)
	wantFault(t, err, "larger than 16 MiB")
}

// Rows of the future do not carry the walk away with them.
func TestFuture(t *testing.T) {
	d := newDatabase(t, office+cases(2)+`INSERT INTO raw.petition (case_no, updated_at) VALUES ('FUTURE', '2199-01-01')`)
	f := d.feed(sql.Options{})
	g := d.all(f, nil)
	if len(g.items()) != 2 || len(g.walk.Missing) != 1 || !strings.HasPrefix(g.walk.Missing[0], "1 rows of the view publish.pub_case_v1 state an updated_at in the future") {
		t.Errorf("%q, %q", g.items(), g.walk.Missing)
	}
	d.exec(`INSERT INTO raw.petition (case_no) VALUES ('NOW')`)
	if g = d.all(f, g.state); cmp.Diff([]string{"NOW"}, numbers(g.items())) != "" {
		t.Errorf("%q", g.items())
	}
}

func TestBrokenState(t *testing.T) {
	d := newDatabase(t, office)
	for _, state := range []string{"", "{", `{"format":2}`, `{"format":1,"more":1}`, `{"format":1,"seen":[{"to":{"u":1,"k":""},"digests":"AAAA"}]}`} {
		_, err := fetch(t.Context(), d.feed(sql.Options{}), []byte(state), nil)
		wantFault(t, err, "cannot be read")
	}
}
