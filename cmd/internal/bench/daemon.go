package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/figures"
)

// atRest is how long a daemon that does nothing is looked at.
const atRest = time.Minute

// daemonInstallation is what the daemon works on: two letters, and no firing of the timetable
// in the minute that is measured, because there is none.
var daemonInstallation = map[string]string{
	"huiyin.yaml": `version: 1
site: {name: made up, base_url: "https://www.example.gov.cn/"}
run: {listen: "%s"}
schedule: {entries: [{name: yearly, kind: publish, when: "0 0 29 2 *"}]}
sources:
  inputs:
    - glob: "letters-*.csv"
      as_of: {name: '(\d{4}-\d{2}-\d{2})'}
      key: no
      fields: {title: title, question: question, reply: reply, unit: unit, received: received, replied: replied}
`,
	"inbox/letters-2026-11-02.csv": `no,title,question,reply,unit,received,replied
SQ-0001,路灯不亮,路灯不亮,已经修好,城管局,2026-10-01,2026-10-05
SQ-0002,井盖,小区门口井盖松动,已经加固,城管局,2026-10-02,2026-10-06
`,
}

// measureDaemon prints what huiyin run costs while it has nothing to do: after its start,
// after a job, and after its metrics were asked for.
func measureDaemon(ctx context.Context, o options) error {
	if runtime.GOOS != "linux" {
		return errors.New("the memory of a process is read as Linux shows it")
	}
	p := &figures.Printer{Out: os.Stdout}
	program, dir := filepath.Join(o.dir, "huiyin"), filepath.Join(o.dir, "daemon")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/huiyin")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build huiyin (run this command at the root of the module): %w", err)
	}
	if _, err := measured(ctx, "", nil, program, "init", dir); err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	for name, text := range daemonInstallation {
		if name == "huiyin.yaml" {
			text = fmt.Sprintf(text, address)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	daemon := exec.CommandContext(ctx, program, "run")
	daemon.Dir = dir
	daemon.Cancel = func() error { return daemon.Process.Signal(syscall.SIGTERM) }
	log, err := daemon.StderrPipe()
	if err != nil {
		return err
	}
	if err := daemon.Start(); err != nil {
		return err
	}
	defer func() {
		_ = daemon.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = daemon.Wait()
	}()
	if line, err := bufio.NewReader(log).ReadString('\n'); err != nil || !strings.Contains(line, `"running"`) {
		return fmt.Errorf("huiyin run says %q: %w", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	p.Print("%d processors, %s, %s\n\n", runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format(time.DateOnly))
	p.Print("| huiyin run with nothing to do | resident | of that its own | wake-ups in a minute | |\n|---|---:|---:|---:|---|\n")
	if err := restRow(ctx, p, daemon.Process.Pid, "after its start", "floor 80 MB"); err != nil {
		return err
	}
	if _, err := measured(ctx, dir, nil, program, "republish", "all", "--by", "bench"); err != nil {
		return err
	}
	for {
		text, err := metrics(ctx, address)
		if err != nil {
			return err
		}
		if strings.Contains(text, `huiyin_job_done_seconds{kind="republish"}`) && strings.Contains(text, `huiyin_runs_open{state="running"} 0`) {
			break
		}
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
	}
	if err := restRow(ctx, p, daemon.Process.Pid, "after a publication that was asked for", "and its metrics were read meanwhile"); err != nil {
		return err
	}
	p.Print("\nResident is what the kernel counts (VmRSS); its own is what no file holds (RssAnon). The rest are pages of the program's file, which all its processes share.\n")
	if o.record == "" {
		return nil
	}
	return p.Keep(o.record, "bench -daemon")
}

// restRow prints what a process costs in a minute in which nothing is asked of it.
func restRow(ctx context.Context, p *figures.Printer, pid int, when, note string) error {
	if err := pause(ctx, 10*time.Second); err != nil { // what it does at its start, or after a job, is done
		return err
	}
	_, _, before, err := resident(pid)
	if err != nil {
		return err
	}
	if err := pause(ctx, atRest); err != nil {
		return err
	}
	all, own, after, err := resident(pid)
	if err != nil {
		return err
	}
	p.Print("| %s | %d MB | %d MB | %d | %s |\n", when, all*1024/1e6, own*1024/1e6, after-before, note)
	return nil
}

// resident returns the resident size of a process and its own part of it, in KiB, and how
// often its threads went to sleep.
func resident(pid int) (all, own, slept int64, err error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil {
		return 0, 0, 0, err
	}
	for _, path := range append(threads, fmt.Sprintf("/proc/%d/status", pid)) {
		text, err := os.ReadFile(path)
		if err != nil {
			return 0, 0, 0, err
		}
		for line := range strings.Lines(string(text)) {
			name, value, _ := strings.Cut(line, ":")
			n, _ := strconv.ParseInt(strings.Fields(value + " 0")[0], 10, 64)
			switch thread := strings.Contains(path, "/task/"); {
			case thread && name == "voluntary_ctxt_switches":
				slept += n
			case !thread && name == "VmRSS":
				all = n
			case !thread && name == "RssAnon":
				own = n
			}
		}
	}
	return all, own, slept, nil
}

func metrics(ctx context.Context, address string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return string(text), err
}

// freeAddress returns an address of this machine on which nobody listens.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
