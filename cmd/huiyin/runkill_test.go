package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

// The timetable of an office in a hurry. Each minute is a firing of every entry, and the
// test has more of them missed while no daemon is there.
const hurriedOffice = `version: 1
site:
  name: 示例市诉求公开
  base_url: https://www.example.gov.cn/zwgk/huiyin/
backup:
  dir: backups
  keep: 2
run:
  listen: ""
  triggers: triggers
schedule:
  tries: 20
  pause: 20ms
  longest_pause: 100ms
  entries:
    - {name: pull, kind: pull, when: "* * * * *"}
    - {name: publish, kind: publish, when: "* * * * *"}
    - {name: backup, kind: backup, when: "* * * * *"}
    - {name: optimise, kind: optimise, when: "* * * * *"}
sources:
  inputs:
    - glob: "诉求-*.csv"
      as_of: {name: '(\d{4}-\d{2}-\d{2})'}
      key: 编号
      fields:
        title: 标题
        question: 诉求内容
        reply: 答复内容
        unit: 承办单位
        received: 受理时间
        replied: 答复时间
`

// office is an installation whose daemon is killed.
type office struct {
	t    *testing.T
	dir  string
	plan *store.Schedule

	daemon    *exec.Cmd
	log       bytes.Buffer    // of all daemons
	files     int             // exports that were delivered, one case each
	asked     []string        // requests that were acknowledged
	triggers  int             // files that ask
	withdrawn map[string]bool // by public number; true: it was acknowledged
}

// A daemon is killed at random moments under work: alone, or with all that it has started.
// Whatever was acknowledged is there afterwards and stays, no release is a mixture, and in
// the end the store and the public site are what they are without a kill.
// HUIYIN_KILLS sets the number of kills.
func TestKilledDaemon(t *testing.T) {
	kills := killsOr(t, 50)
	base := t.TempDir()
	killed, whole := filepath.Join(base, "killed"), filepath.Join(base, "whole")
	command(t, base, "init", "--quiet", killed)
	if err := os.WriteFile(filepath.Join(killed, "huiyin.yaml"), []byte(hurriedOffice), 0o600); err != nil {
		t.Fatal(err)
	}
	copyTree(t, killed, whole)
	o := &office{t: t, dir: killed, withdrawn: map[string]bool{}}
	plan, err := store.OpenSchedule(filepath.Join(killed, "state", "schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close()
	o.plan = plan
	o.deliver()
	took := o.first()
	random := rand.New(rand.NewPCG(7, uint64(kills)))
	for i := range kills {
		if i%5 == 0 {
			o.deliver()
		}
		if i%3 == 0 {
			o.miss([]string{"pull", "publish", "backup", "optimise"}[random.IntN(4)])
		}
		o.start()
		moment := time.After(time.Duration(random.Int64N(int64(min(took, time.Second)))))
		o.act(random)
		<-moment
		if i%12 == 11 { // a run is tried 20 times, and is not to be killed each time
			o.until("the runs", o.idle)
		}
		o.kill(random.IntN(2) == 0)
		o.look(i, i%25 == 24)
	}

	// At last a daemon is left alone until nothing is to be done, and stopped. It has
	// something to do, so that it is not told to stop before it listens for that.
	o.ask("last")
	o.start()
	o.until("all that was asked for", func() bool {
		left, err := filepath.Glob(filepath.Join(o.dir, "triggers", "*.json*"))
		if taken, e := filepath.Glob(filepath.Join(o.dir, "triggers", takenFolder, "*")); len(taken) > 0 || e != nil {
			return false
		}
		return err == nil && len(left) == 0 && o.idle()
	})
	if err := o.stop(); err != nil {
		t.Errorf("the daemon did not stop in good order: %v\n%s", err, o.log.Bytes())
	}
	for _, id := range o.asked {
		q, ok, err := o.plan.Requested(t.Context(), id)
		if err != nil || !ok || q.State != job.Done || q.Release == 0 {
			t.Errorf("the request %s: %+v, %t, %v", id, q, ok, err)
		}
	}
	o.look(kills, true)
	o.audited()
	numbers := slices.Sorted(maps.Keys(o.withdrawn))
	o.end(numbers)

	w := &office{t: t, dir: whole}
	for w.files < o.files {
		w.deliver()
	}
	command(t, whole, "pull", "--quiet")
	command(t, whole, "publish", "--quiet")
	w.end(numbers)
	o.same(w)

	outcomes, failures := map[job.Outcome]int{}, map[string]int{}
	all, err := o.plan.Attempts(t.Context(), job.Filter{Limit: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		outcomes[a.Outcome]++
		if a.Outcome == job.Failure {
			failures[a.Kind+": "+a.Text]++
		}
		if a.Outcome == job.Failure && a.Final {
			t.Errorf("a run failed for good: %+v", a)
		}
	}
	if outcomes[job.Died] == 0 || outcomes[job.Success] == 0 {
		t.Errorf("attempts ended as %v: the test proves nothing", outcomes)
	}
	t.Logf("%d kills: attempts that ended as %v %v; %d exports, %d requests and %d triggers, %d cases withdrawn", kills, outcomes, failures, o.files, len(o.asked), o.triggers, len(numbers))
}

// idle reports whether nothing waits to be done.
func (o *office) idle() bool {
	open, err := o.plan.Open(o.t.Context())
	pending, err2 := o.plan.Pending(o.t.Context(), 1)
	return err == nil && err2 == nil && len(open)+len(pending) == 0
}

// first has a daemon do a first run, and returns how long that takes from its start on.
func (o *office) first() time.Duration {
	o.t.Helper()
	o.ask("first")
	begin := time.Now()
	o.start()
	o.until("the first run", func() bool {
		q, _, err := o.plan.Requested(o.t.Context(), "first")
		return err == nil && q.State == job.Done
	})
	took := time.Since(begin)
	o.kill(true)
	return took
}

// ask asks for a publication.
func (o *office) ask(id string) {
	o.t.Helper()
	_, fresh, err := o.plan.Request(o.t.Context(), job.Request{ID: id, Kind: "republish", Scope: "all", By: "王", At: time.Now()})
	if err != nil || !fresh {
		o.t.Fatal(fresh, err)
	}
	o.asked = append(o.asked, id)
	if err := schedule.Wake(filepath.Join(o.dir, "state", queueFolder)); err != nil {
		o.t.Fatal(err)
	}
}

// start starts a daemon as the leader of a group of processes.
func (o *office) start() {
	o.t.Helper()
	o.daemon = exec.Command("huiyin", "run")
	o.daemon.Dir = o.dir
	o.daemon.Stderr = &o.log
	o.daemon.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	o.daemon.WaitDelay = time.Minute // a job may outlive it
	if err := o.daemon.Start(); err != nil {
		o.t.Fatal(err)
	}
	pid := o.daemon.Process.Pid
	o.t.Cleanup(func() { _ = syscall.Kill(-pid, syscall.SIGKILL) })
}

// kill kills the daemon, and the jobs that it has started where all is true: else the kernel
// tells them to end, and they may be there when the next daemon starts.
func (o *office) kill(all bool) {
	o.t.Helper()
	pid := o.daemon.Process.Pid
	if all {
		pid = -pid
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		o.t.Fatalf("the daemon had ended before it was killed: %v\n%s", err, o.log.Bytes())
	}
	err := o.daemon.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		o.t.Fatalf("the daemon had ended before it was killed: %v\n%s", err, o.log.Bytes())
	}
}

// deliver puts the next export into the inbox.
func (o *office) deliver() {
	o.t.Helper()
	o.files++
	day := time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, o.files).Format(time.DateOnly)
	text := fmt.Sprintf("编号,标题,诉求内容,答复内容,承办单位,受理时间,答复时间\nSQ-%04d,路灯不亮,第%d处的路灯不亮,已经修好,城管局,2025-09-01,2025-09-%02d\n", o.files, o.files, 2+o.files%20)
	o.write(filepath.Join("inbox", "诉求-"+day+".csv"), text)
}

// write puts a file where others look for it, whole.
func (o *office) write(name, text string) {
	o.t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		o.t.Fatal(err)
	}
	if err := os.WriteFile(path+".tmp", []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		o.t.Fatal(err)
	}
}

// miss has an entry that is known miss two firings.
func (o *office) miss(entry string) {
	o.t.Helper()
	fired, err := o.plan.Fired(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	if at, ok := fired[entry]; ok {
		if _, err := o.plan.Rebase(o.t.Context(), entry, at, at.Add(-2*time.Minute)); err != nil {
			o.t.Fatal(err)
		}
	}
}

// act does what persons and systems do while the daemon works.
func (o *office) act(random *rand.Rand) {
	o.t.Helper()
	switch random.IntN(6) {
	case 0:
		q := struct{ ID string }{}
		out := o.try("republish", "all", "--by", "王", "--json")
		if err := json.Unmarshal(lastLine(out), &q); err != nil || q.ID == "" {
			o.t.Fatalf("%v: %s", err, out)
		}
		o.asked = append(o.asked, q.ID)
	case 1, 2:
		o.ask(fmt.Sprintf("r-%05d", len(o.asked)))
	case 3:
		o.triggers++
		o.write(fmt.Sprintf("triggers/t%05d.json", o.triggers), `{"scope": "all"}`)
	case 4:
		number := fmt.Sprintf("2509-%06d", 1+random.IntN(o.files))
		if len(o.withdrawn) >= o.files/3 || o.withdrawn[number] {
			return
		}
		if !o.stored(number) {
			return
		}
		o.withdrawn[number] = false
		o.withdraw(number)
	}
}

// stored reports whether a case is there to be withdrawn.
func (o *office) stored(number string) bool {
	o.t.Helper()
	return strings.Contains(string(o.try("numbers")), number)
}

// withdraw withdraws a case. The command is done, or done but for what waits, when it ends.
func (o *office) withdraw(number string) {
	o.t.Helper()
	o.try("withdraw", number, "--reason", "error", "--by", "王")
	o.withdrawn[number] = true
}

// try runs a command beside the daemon. It may end with 3, done but not wholly.
func (o *office) try(args ...string) []byte {
	o.t.Helper()
	cmd := exec.Command("huiyin", args...)
	cmd.Dir = o.dir
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		o.t.Logf("huiyin %v ended with 3: %s%s", args, out, complaint.Bytes())
	} else if err != nil {
		o.t.Fatalf("huiyin %v: %v\n%s%s", args, err, out, complaint.Bytes())
	}
	return out
}

// look checks what must hold after any kill.
func (o *office) look(kill int, all bool) {
	o.t.Helper()
	releases, err := release.Open(filepath.Join(o.dir, "state", "releases"), release.Options{})
	if err != nil {
		o.t.Fatal(err)
	}
	gone, err := releases.Gone()
	if err != nil {
		o.t.Fatalf("kill %d: %v", kill, err)
	}
	journal, err := os.ReadFile(filepath.Join(o.dir, "state", journalFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		o.t.Fatal(err)
	}
	for number, acknowledged := range o.withdrawn {
		if acknowledged && (!slices.ContainsFunc(gone, func(g release.Gone) bool { return g.Number == number }) || !bytes.Contains(journal, []byte(number))) {
			o.t.Fatalf("kill %d: the withdrawal of %s is lost", kill, number)
		}
	}
	if !all {
		return
	}
	if r, err := releases.Fsck(o.t.Context()); err != nil || len(r.Problems) > 0 {
		o.t.Fatalf("kill %d: %v, %v", kill, r.Problems, err)
	}
	command(o.t, o.dir, "fsck", "--quiet")
}

// audited checks that each act of a person or a trigger stands in the audit.
func (o *office) audited() {
	o.t.Helper()
	var r auditResult
	if err := json.Unmarshal(lastLine(o.try("audit", "--json", "--last", "1000000")), &r); err != nil {
		o.t.Fatal(err)
	}
	acts := map[string]bool{}
	for _, a := range r.Listed {
		acts[a.Act.Act+" "+a.By+" "+a.Target] = true
	}
	for number := range o.withdrawn {
		if !acts["withdraw 王 "+number] {
			o.t.Errorf("the withdrawal of %s is not in the audit", number)
		}
	}
	for i := range o.triggers {
		if !acts[fmt.Sprintf("republish trigger t%05d.json all", i+1)] {
			o.t.Errorf("trigger %d is not in the audit", i+1)
		}
	}
}

// until waits for what other processes do.
func (o *office) until(what string, holds func() bool) {
	o.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(3 * time.Minute)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			open, _ := o.plan.Open(o.t.Context())
			o.t.Fatalf("waited in vain for %s\nopen: %+v\n%s", what, open, o.log.Bytes())
		}
	}
}

// end withdraws what has not been yet, and publishes what is left to be.
func (o *office) end(numbers []string) {
	o.t.Helper()
	for _, number := range numbers {
		command(o.t, o.dir, "withdraw", number, "--reason", "error", "--by", "王", "--quiet")
	}
	command(o.t, o.dir, "pull", "--quiet")
	command(o.t, o.dir, "publish", "--quiet")
	command(o.t, o.dir, "fsck", "--quiet")
	command(o.t, o.dir, "index", "verify", "--quiet")
}

// historic are the files that say what was published before, and how often: they depend on
// when a publish came between two exports. All others depend on the exports alone.
var historic = regexp.MustCompile(`^(en/)?(restatements|privacy/report)|^data/(audit\.json|restatements)|^sitemap-pages-|^\.huiyin-export\.json$`)

// firstPublished is what the page of a ranking says of its first publication, which is
// historic too. With few kills all units have too few cases then as now, and it is empty.
var firstPublished = regexp.MustCompile(` ?<em class="?first"?>[^<]*</em>`)

// timeless cuts out of a file of a ranking what was first published of it. Nothing else in
// it may depend on when it was.
func timeless(name, text string) (string, error) {
	switch {
	case strings.HasPrefix(strings.TrimPrefix(name, "en/"), "ranking/"):
		return firstPublished.ReplaceAllString(text, ""), nil
	case !strings.HasPrefix(name, "data/rankings/") || filepath.Ext(name) != ".csv":
		return text, nil
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) == 0 {
		return "", fmt.Errorf("%d rows, %w", len(rows), err)
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if !strings.HasPrefix(rows[0][i], "first_") {
				fmt.Fprintf(&b, "%q,", cell)
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// A ranking that was first published when a unit had too few cases says so for ever. That
// alone sets the site apart from one that was published once, with all exports.
func TestFirstPublished(t *testing.T) {
	base := t.TempDir()
	often, once := filepath.Join(base, "often"), filepath.Join(base, "once")
	command(t, base, "init", "--quiet", often)
	if err := os.WriteFile(filepath.Join(often, "huiyin.yaml"), []byte(hurriedOffice), 0o600); err != nil {
		t.Fatal(err)
	}
	copyTree(t, often, once)
	a, b := &office{t: t, dir: often}, &office{t: t, dir: once}
	a.deliver()
	a.end(nil)
	for a.files < 60 {
		a.deliver()
	}
	for b.files < a.files {
		b.deliver()
	}
	a.end(nil)
	b.end(nil)
	const page = "ranking/2025-09.html"
	if x, y := a.site()[page], b.site()[page]; x == y || !firstPublished.MatchString(x) || firstPublished.MatchString(y) {
		t.Errorf("%s does not say what was first published of it", page)
	}
	a.same(b)
}

// What was first published is cut out, and nothing else.
func TestTimeless(t *testing.T) {
	for _, tt := range []struct{ name, a, b string }{
		{"ranking/2025-09.html", `<th>城管局 <em class="first">截至2025-10-02首次公布时：件数太少</em></th>`, "<th>城管局</th>"},
		{"en/ranking/2025.html", `<th>城管局 <em class=first>2025-10-02</em> <em>1</em></th>`, "<th>城管局 <em>1</em></th>"},
		{"data/rankings/2025-09.csv", "unit,numerator,first_cutoff,first_numerator\nU1,2,2025-10-02,1\n", "\"unit\",\"numerator\",\n\"U1\",\"2\",\n"},
		{"case/1.html", `<em class="first">1</em>`, `<em class="first">1</em>`},
	} {
		if got, err := timeless(tt.name, tt.a); err != nil || got != tt.b {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

// same compares the public numbers, and the sites file by file.
func (o *office) same(w *office) {
	o.t.Helper()
	if a, b := o.try("numbers"), w.try("numbers"); !bytes.Equal(a, b) {
		o.t.Errorf("public numbers:\n%s\nwithout kills:\n%s", a, b)
	}
	a, b := o.site(), w.site()
	for name := range b {
		if _, ok := a[name]; !ok && !historic.MatchString(name) {
			o.t.Errorf("%s is missing", name)
		}
	}
	compared := 0
	for name, text := range a {
		if historic.MatchString(name) {
			continue
		}
		x, err := timeless(name, text)
		y, err2 := timeless(name, b[name])
		if err != nil || err2 != nil {
			o.t.Errorf("%s: %v, %v", name, err, err2)
		}
		if compared++; x != y {
			o.t.Errorf("%s is another without kills", name)
		}
	}
	if compared < o.files {
		o.t.Errorf("%d files were compared", compared)
	}
}

// site returns the files of the current release.
func (o *office) site() map[string]string {
	o.t.Helper()
	out := o.t.TempDir()
	command(o.t, o.dir, "export", "--quiet", out)
	files := map[string]string{}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(out, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		files[name] = string(text)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return files
}

// lastLine is what a command writes with --json.
func lastLine(b []byte) []byte {
	b = bytes.TrimRight(b, "\n")
	return b[bytes.LastIndexByte(b, '\n')+1:]
}
