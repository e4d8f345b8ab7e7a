package schedule_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/schedule/wallclock"
	"github.com/huiyin/huiyin/generator/store"
)

// The tests of this file run programs: the test binary, told by its environment to be one.
// A program works on the folder that it is given until it is killed.
const (
	childFolder = "HUIYIN_SCHEDULE_FOLDER"
	childName   = "HUIYIN_SCHEDULE_NAME"
	childShift  = "HUIYIN_SCHEDULE_SHIFT" // how far its clock is ahead of the machine's
	childWork   = "HUIYIN_SCHEDULE_WORK"  // how long a job takes, "hold" for ever in its first attempt
	childEntry  = "HUIYIN_SCHEDULE_ENTRY" // cron expression of its one entry, or empty
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child is one program.
func child(dir string) error {
	shift, err := time.ParseDuration(os.Getenv(childShift))
	if err != nil {
		return err
	}
	s, err := store.OpenSchedule(filepath.Join(dir, "schedule.db"))
	if err != nil {
		return err
	}
	o := schedule.Defaults()
	o.Zone, o.Pause, o.Longest, o.Tries, o.Entries = "UTC", schedule.Duration(time.Millisecond), schedule.Duration(time.Millisecond), 20, nil
	if expr := os.Getenv(childEntry); expr != "" {
		o.Entries = []schedule.Entry{{Name: "tick", Kind: "work", When: expr}}
	}
	log, err := os.OpenFile(filepath.Join(dir, "errors"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	r, err := schedule.New(o, schedule.Parts{
		Folder: dir, Store: s, Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError})), Clock: shifted{wallclock.New(time.Now), shift}, Random: rand.Float64, Lease: 400 * time.Millisecond,
		Holder: job.Holder{Host: "here", ID: fmt.Sprint(os.Getenv(childName), "-", os.Getpid())},
		Jobs:   []schedule.Job{{Kind: "work", Do: func(ctx context.Context, r job.Run) (schedule.Result, error) { return work(ctx, dir, r) }}},
	})
	if err != nil {
		return err
	}
	return r.Run(context.Background())
}

// shifted is the clock of the machine, put ahead.
type shifted struct {
	wallclock.Clock
	by time.Duration
}

func (c shifted) Now() time.Time { return c.Clock.Now().Add(c.by) }

func (c shifted) Alarm(t time.Time) (<-chan struct{}, func()) {
	if !t.IsZero() {
		t = t.Add(-c.by)
	}
	return c.Clock.Alarm(t)
}

// work is the job. A lock that the kernel keeps shows whether two are at it.
func work(ctx context.Context, dir string, r job.Run) (schedule.Result, error) {
	f, err := os.OpenFile(filepath.Join(dir, "work.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return schedule.Result{}, err
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return schedule.Result{}, errors.Join(err, line(dir, "TWO AT THE SAME TIME"))
	}
	if err := line(dir, fmt.Sprintf("begin %d #%d by %s", r.ID, r.Attempt, os.Getenv(childName))); err != nil {
		return schedule.Result{}, err
	}
	takes := time.Duration(0)
	if s := os.Getenv(childWork); s != "hold" {
		if takes, err = time.ParseDuration(s); err != nil {
			return schedule.Result{}, err
		}
	} else if r.Attempt == 1 {
		<-ctx.Done()
		return schedule.Result{}, ctx.Err()
	}
	rings, stop := wallclock.New(time.Now).Alarm(time.Now().Add(takes))
	defer stop()
	<-rings
	return schedule.Result{Release: r.ID}, line(dir, fmt.Sprintf("end %d #%d", r.ID, r.Attempt))
}

// line adds to the log of the folder in one write.
func line(dir, s string) error {
	f, err := os.OpenFile(filepath.Join(dir, "log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(s + "\n")
	return errors.Join(err, f.Close())
}

// program starts a child and returns what kills it.
func program(t *testing.T, dir, name string, env ...string) (kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append([]string{childFolder + "=" + dir, childName + "=" + name, childShift + "=0s", childWork + "=1ms", childEntry + "="}, env...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killed := false
	kill = func() {
		if killed {
			return
		}
		killed = true
		if err := cmd.Process.Kill(); err != nil {
			t.Errorf("%s had ended before it was killed: %v\n%s", name, err, out.Bytes())
		}
		_ = cmd.Wait() // killed
	}
	t.Cleanup(kill)
	return kill
}

func openSchedule(t *testing.T, dir string) *store.Schedule {
	t.Helper()
	s, err := store.OpenSchedule(filepath.Join(dir, "schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// poll waits until a condition of the folder holds: other processes cannot tell.
func poll(t *testing.T, what, dir string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain for %s; log:\n%s", what, logOf(dir))
		}
	}
}

func logOf(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil {
		return ""
	}
	return string(b)
}

// Two programs on one folder fire an entry once. The one that does the run is killed in the
// middle of it; the other one does it again, and never the two at the same time.
func TestTwoProgramsOneKilled(t *testing.T) {
	dir := t.TempDir()
	s := openSchedule(t, dir)
	// Their clock comes to a full minute in a moment.
	now := time.Now()
	shift := fmt.Sprint(childShift, "=", now.Truncate(time.Minute).Add(time.Minute-1500*time.Millisecond).Sub(now))
	kill := map[string]func(){}
	for _, name := range []string{"one", "two"} {
		kill[name] = program(t, dir, name, shift, childWork+"=hold", childEntry+"=* * * * *")
	}
	poll(t, "the run", dir, func() bool { return logOf(dir) != "" })
	first := logOf(dir)
	name, _, _ := strings.Cut(strings.TrimPrefix(first, "begin 1 #1 by "), "\n")
	if kill[name] == nil {
		t.Fatalf("log:\n%s", first)
	}
	kill[name]()
	other := map[string]string{"one": "two", "two": "one"}[name]
	poll(t, "the other program", dir, func() bool {
		open, err := s.Open(t.Context())
		return err == nil && len(open) == 0 && strings.Contains(logOf(dir), "end")
	})
	if got, want := logOf(dir), first+"begin 1 #2 by "+other+"\nend 1 #2\n"; got != want {
		t.Errorf("log:\n%s\nwant:\n%s", got, want)
	}
	all, err := s.Attempts(t.Context(), job.Filter{Entry: "tick"})
	if err != nil || len(all) != 2 || all[1].Outcome != job.Died || all[0].Outcome != job.Success || !all[0].Final {
		t.Errorf("%+v, %v", all, err)
	}
}

// Programs are killed at random moments while requests come in. No request that was kept is
// lost, none is answered twice, and no two runs meet. HUIYIN_KILLS sets the number of kills.
func TestKilledPrograms(t *testing.T) {
	kills := 50
	if s := os.Getenv("HUIYIN_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		kills = n
	}
	dir := t.TempDir()
	s := openSchedule(t, dir)
	random := rand.New(rand.NewPCG(1, uint64(kills)))
	var asked []string
	ask := func() {
		id := fmt.Sprintf("r-%05d", len(asked))
		if _, fresh, err := s.Request(t.Context(), job.Request{ID: id, Kind: "work", At: time.Now()}); err != nil || !fresh {
			t.Fatal(fresh, err)
		}
		asked = append(asked, id)
		if err := schedule.Wake(dir); err != nil {
			t.Fatal(err)
		}
	}
	// Two are there at any time. One of them is killed, and another one takes its place.
	var alive [2]func()
	for i := range kills {
		for n := range alive {
			if alive[n] == nil {
				alive[n] = program(t, dir, fmt.Sprint("p", i, n), fmt.Sprint(childWork, "=", random.IntN(40), "ms"))
			}
		}
		end := time.After(time.Duration(50+random.IntN(250)) * time.Millisecond)
		for going := true; going; {
			ask()
			select {
			case <-end:
				going = false
			case <-time.After(time.Duration(random.IntN(30)) * time.Millisecond):
			}
		}
		n := random.IntN(2)
		alive[n]()
		alive[n] = nil
	}
	poll(t, "the last requests", dir, func() bool {
		open, err := s.Open(t.Context())
		pending, err2 := s.Pending(t.Context(), 1)
		return err == nil && err2 == nil && len(open)+len(pending) == 0
	})
	died, runs := 0, map[int64]int{}
	all, err := s.Attempts(t.Context(), job.Filter{Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		switch a.Outcome {
		case job.Died:
			died++
		case job.Success:
			runs[a.Run]++
		default:
			b, err := os.ReadFile(filepath.Join(dir, "errors"))
			t.Errorf("an attempt ended as %q: %s\n%s%v", a.Outcome, a.Text, b, err)
		}
	}
	for run, n := range runs {
		if n != 1 {
			t.Errorf("run %d was done %d times", run, n)
		}
	}
	for _, id := range asked {
		q, ok, err := s.Requested(t.Context(), id)
		if err != nil || !ok || q.State != job.Done || q.Release == 0 || runs[q.Run] != 1 {
			t.Errorf("%s: %+v, %t, %v", id, q, ok, err)
		}
	}
	if log := logOf(dir); strings.Contains(log, "TWO") {
		t.Errorf("log:\n%s", log)
	}
	if died == 0 {
		t.Error("no kill came in the middle of a run: the test proves nothing")
	}
	t.Logf("%d kills, %d of them in the middle of a run; %d requests in %d runs", kills, died, len(asked), len(runs))
}
