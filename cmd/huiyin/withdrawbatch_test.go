package main

import (
	"bytes"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/huiyin/huiyin/site/durable"
)

// writing begins a transaction that writes to a file, as a pull does for as long as it
// stores what has come, and returns what ends it.
func (d *desk) writing(path string) (end func()) {
	d.Helper()
	db, err := sql.Open("sqlite", "file:"+d.at(path))
	if err != nil {
		d.Fatal(err)
	}
	conn, err := db.Conn(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	do := func(text string) {
		if _, err := conn.ExecContext(d.Context(), text); err != nil {
			d.Error(err)
		}
	}
	do("BEGIN IMMEDIATE")
	return func() {
		do("ROLLBACK")
		if err := db.Close(); err != nil {
			d.Error(err)
		}
	}
}

// A case is withdrawn while a pull is storing what has come: readers lose it at once, the
// command says what it waits for, and ends when the text is gone from the store too. What
// systems ask for meanwhile is kept.
func TestWithdrawWhileAPullStores(t *testing.T) {
	d := newDesk(t)
	d.install("export: {dir: public}\n", "A-1,灯杆编号三十七的路灯几时亮？,六点。,城管局,2026-10-01,2026-10-12\nA-2,第二座桥上的路灯何时亮？,六点。,城管局,2026-10-02,2026-10-12\n")
	d.do(0, "publish")
	d.says(d.read("public/case/2610-000001.html"), "灯杆编号三十七")

	store, intake := d.writing("state/store.db"), d.writing("state/intake.db")
	d.do(0, "republish", "all", "--by", "李")
	var out bytes.Buffer
	errs := &noticing{text: "waiting for the pull that is storing what has come", seen: func() {
		if page := d.read("public/case/2610-000001.html"); bytes.Contains([]byte(page), []byte("灯杆编号三十七")) {
			t.Error("readers are still shown it")
		}
		d.says(d.do(0, "audit"), "0 acts")
		store()
		intake()
	}}
	a := standard()
	a.out, a.err, a.now = &out, errs, func() time.Time { return d.day }
	code := run(t.Context(), []string{"--config", d.at("huiyin.yaml"), "withdraw", "2610-000001", "--reason", "privacy", "--by", "王", "--note", "当事人来电"}, a)
	if code != 0 || errs.seen != nil {
		t.Fatalf("code %d, waited: %t\n%s%s", code, errs.seen == nil, out.String(), errs.String())
	}
	d.says(out.String(), "2610-000001 is withdrawn (privacy)", "store     gone", "page      gone", "releases  gone", "search    gone", "export    gone")
	d.says(d.do(0, "audit"), "李  command line  republish  all", "王  command line  withdraw   2610-000001  privacy", "3 acts")
	d.says(d.do(0, "fsck"), "are whole")
	d.says(d.do(0, "publish"), "1 withdrawn")
}

// Whoever withdraws a case again, since the first time was killed before it had asked for
// a publication, has it published.
func TestWithdrawnAgainIsPublished(t *testing.T) {
	d := newDesk(t)
	d.install("", "A-1,灯杆编号三十七的路灯几时亮？,六点。,城管局,2026-10-01,2026-10-12\n")
	d.do(0, "publish")
	withdraw := []string{"withdraw", "2610-000001", "--reason", "privacy", "--by", "王"}
	d.do(0, withdraw...) // nobody has ever asked for a publication: there is nobody to ask
	d.do(0, "republish", "all", "--by", "王")

	d.says(d.do(0, withdraw...), "was withdrawn before", "huiyin run was asked to publish at once")
	d.do(0, "publish")
	if said := d.do(0, withdraw...); bytes.Contains([]byte(said), []byte("was asked")) {
		t.Errorf("asked for nothing:\n%s", said)
	}
}

// A search server that takes a request and never answers is waited for once, and not for
// long: all else is done, and the publication is asked for.
func TestWithdrawFromAServerThatHangs(t *testing.T) {
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-ended }))
	defer server.Close()
	defer close(ended)
	d := newDesk(t)
	d.install("", "A-1,灯杆编号三十七的路灯几时亮？,六点。,城管局,2026-10-01,2026-10-12\n")
	d.do(0, "publish")
	d.do(0, "republish", "all", "--by", "王")
	d.write("key", "made-up-key")
	d.write("huiyin.yaml", d.read("huiyin.yaml")+"search: {engine: meilisearch, key_file: key, url: \""+server.URL+"\"}\n")

	var out, errs bytes.Buffer
	a := standard()
	a.out, a.err, a.now, a.searchWithin = &out, &errs, func() time.Time { return d.day }, 50*time.Millisecond
	code := run(t.Context(), []string{"--config", d.at("huiyin.yaml"), "withdraw", "2610-000001", "--reason", "privacy", "--by", "王"}, a)
	if code != 3 {
		t.Fatalf("code %d\n%s%s", code, out.String(), errs.String())
	}
	d.says(out.String(), "2610-000001 is withdrawn (privacy)", "store     gone", "page      gone", "releases  gone", "search    STILL THERE: it cannot be read", "was asked to publish at once")
	d.says(errs.String(), "the search index cannot be used: no answer in time")
}

// Two withdrawals at the same moment: the second finds nothing left to take out of the
// releases, and the folder of the first one's export not level yet. Each waits for the
// export that is running, and looks then: both proofs are right.
func TestWithdrawWhileAnExportRuns(t *testing.T) {
	d := newDesk(t)
	d.install("export: {dir: public}\n", "A-1,灯杆编号三十七的路灯几时亮？,六点。,城管局,2026-10-01,2026-10-12\n")
	d.do(0, "publish")
	export, err := durable.OS{}.Lock(t.Context(), d.at("state/releases/export.lock"), false)
	if err != nil {
		t.Fatal(err)
	}
	withdraw := func(seen func()) string {
		t.Helper()
		var out bytes.Buffer
		errs := &noticing{text: "another export is running; waiting", seen: seen}
		a := standard()
		a.out, a.err, a.now = &out, errs, func() time.Time { return d.day }
		code := run(t.Context(), []string{"--config", d.at("huiyin.yaml"), "withdraw", "2610-000001", "--reason", "privacy", "--by", "王"}, a)
		if code != 0 || errs.seen != nil {
			t.Errorf("code %d, waited: %t\n%s%s", code, errs.seen == nil, out.String(), errs.String())
		}
		d.says(out.String(), "export    gone")
		return out.String()
	}
	first := withdraw(func() {
		d.says(withdraw(func() {
			if err := export.Close(); err != nil {
				t.Error(err)
			}
		}), "2610-000001 was withdrawn before")
	})
	d.says(first, "2610-000001 is withdrawn (privacy)")
}
