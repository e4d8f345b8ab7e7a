package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/huiyin/huiyin/generator/source/sql/sqltest"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
	"github.com/huiyin/huiyin/site/serve"
)

// The script commands for sources that grow while the program runs by itself.
var growing = map[string]func(*testscript.TestScript, bool, []string){
	"town":     town,
	"database": database,
	"gives":    gives,
	"same":     same,
	"hold":     hold,
	"letgo":    letGo,
}

// town is "town FILE": a made-up Open311 server starts, which answers with the requests of
// FILE, a JSON array, as it is when it is asked; its host and port are in the variable
// TOWN. It has manners that are met: it wraps the list, a list of one request is that
// request alone, numbers of requests are numbers, the end of a span is not counted, the newest come first, and what it
// does not know as a parameter it refuses with 400. While FILE.down is there it answers 403.
func town(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: town file")
	}
	path := ts.MkAbs(args[0])
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(path + ".down"); err == nil {
			http.Error(w, "closed", http.StatusForbidden)
			return
		}
		for name := range r.URL.Query() {
			if !slices.Contains([]string{"start_date", "end_date", "status", "service_code", "service_request_id", "jurisdiction_id"}, name) {
				http.Error(w, "what is "+name+"?", http.StatusBadRequest)
				return
			}
		}
		from, errFrom := time.Parse(time.RFC3339, r.URL.Query().Get("start_date"))
		to, errTo := time.Parse(time.RFC3339, r.URL.Query().Get("end_date"))
		if errFrom != nil || errTo != nil || to.Sub(from) > 90*24*time.Hour || r.URL.Path != "/v2/requests.json" {
			http.Error(w, "no such span", http.StatusBadRequest)
			return
		}
		body, err := os.ReadFile(path)
		var all []map[string]any
		if err == nil {
			err = json.Unmarshal(body, &all)
		}
		var found []map[string]any
		for _, q := range slices.Backward(all) {
			at, errAt := time.ParseInLocation("2006-01-02 15:04:05", fmt.Sprint(q["requested_datetime"]), time.FixedZone("", 8*3600))
			if errAt == nil && !at.Before(from) && at.Before(to) {
				found = append(found, q)
			}
		}
		if err == nil {
			w.Header().Set("Content-Type", "text/plain")
			if len(found) == 1 {
				err = json.NewEncoder(w).Encode(map[string]any{"service_requests": found[0]})
			} else {
				err = json.NewEncoder(w).Encode(map[string]any{"service_requests": found})
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	ts.Defer(s.Close)
	ts.Setenv("TOWN", s.Listener.Addr().String())
}

// databaseKey is under which a script keeps its database.
type databaseKey struct{}

type databaseBox struct{ server *sqltest.Server }

// database is "database FILE" or "database stop|start": a PostgreSQL server runs with an
// empty database office and a role of that name, once, and does what FILE says there; or it
// stops, or is there again. The address for the role is in the variable OFFICE.
func database(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: database file|stop|start")
	}
	box := ts.Value(databaseKey{}).(*databaseBox)
	const name = "office"
	if box.server == nil {
		s, err := sqltest.Start(time.Now())
		ts.Check(err)
		ts.Defer(func() { _ = s.Close() }) // which says where it was stopped
		ts.Check(s.Database(context.Background(), name, "made-up"))
		box.server = s
		ts.Setenv("OFFICE", s.Address(name))
	}
	switch args[0] {
	case "stop":
		ts.Check(box.server.Kill())
	case "start":
		ts.Check(box.server.Run())
	default:
		ts.Check(box.server.Exec(context.Background(), name, ts.ReadFile(args[0])))
	}
}

// gives is "gives STATUS PATH": what is served of the installation in this folder
// answers a request for PATH with STATUS.
func gives(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: gives status path")
	}
	releases, err := release.Open(ts.MkAbs("state/releases"), release.Options{})
	ts.Check(err)
	defer releases.Close()
	log := slog.New(slog.DiscardHandler)
	follower := serve.NewFollower(releases, log)
	defer follower.Close()
	ts.Check(follower.Look())
	h, err := serve.NewHandler(follower, serve.Options{})
	ts.Check(err)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, args[1], nil))
	if got := fmt.Sprint(w.Code); got != args[0] {
		ts.Fatalf("%s: %s, and not %s", args[1], got, args[0])
	}
}

// same is "same A B [PATH...]": the files of two folders are the same, byte for byte, but
// for those at the paths, which are not looked at.
func same(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: same a b [path...]")
	}
	read := func(dir string) map[string][]byte {
		files := map[string][]byte{}
		ts.Check(fs.WalkDir(os.DirFS(ts.MkAbs(dir)), ".", func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !slices.Contains(args[2:], path) {
				files[path], err = os.ReadFile(filepath.Join(ts.MkAbs(dir), path))
			}
			return err
		}))
		return files
	}
	a, b := read(args[0]), read(args[1])
	if len(a) == 0 {
		ts.Fatalf("%s has no files", args[0])
	}
	var differ []string
	for path := range a {
		if text, ok := b[path]; !ok || !bytes.Equal(a[path], text) {
			differ = append(differ, path)
		}
	}
	for path := range b {
		if _, ok := a[path]; !ok {
			differ = append(differ, path)
		}
	}
	if slices.Sort(differ); len(differ) > 0 {
		ts.Fatalf("they differ in %s", strings.Join(differ, ", "))
	}
}

// holdKey is under which a script keeps the lock that it holds.
type holdKey struct{}

type held struct{ lock io.Closer }

// hold takes the lock of the store, as a run does that works on the installation, until
// "letgo".
func hold(ts *testscript.TestScript, _ bool, _ []string) {
	lock, err := durable.OS{}.Lock(context.Background(), ts.MkAbs("state/store.db.lock"), false)
	ts.Check(err)
	ts.Value(holdKey{}).(*held).lock = lock
}

// letGo ends that run.
func letGo(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(ts.Value(holdKey{}).(*held).lock.Close())
}
