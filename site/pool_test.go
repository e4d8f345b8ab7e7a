package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
)

// workerEnv makes the test program a worker: its value says which.
const workerEnv = "SITE_TEST_WORKER"

// lifeEnv tells a worker that file 3 is a pipe: it writes to it when it hangs,
// and the other end sees when it is gone.
const lifeEnv = "SITE_TEST_LIFE"

func TestMain(m *testing.M) {
	switch os.Getenv(workerEnv) {
	case "":
		os.Exit(m.Run())
	case "plain":
		exit(ServeWorker(os.Stdin, os.Stdout))
	case "hostile":
		w := Worker{
			engine: func(e engine) engine { return hostileEngine{e} },
			Inspect: func(_ string, body []byte) error {
				if bytes.Contains(body, []byte("REFUSE")) {
					return errors.New("refused")
				}
				return nil
			},
		}
		exit(w.Serve(os.Stdin, os.Stdout))
	case "silent":
		os.Exit(3)
	case "parent":
		exit(parent())
	}
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// hostileEngine lets words in the pages do what only a defect in Hugo or in
// the neutraliser could do.
type hostileEngine struct{ engine }

func (h hostileEngine) build(files map[string][]byte, pages []byte, emit func(int, []byte)) error {
	if bytes.Contains(pages, []byte("HANG")) {
		if os.Getenv(lifeEnv) != "" {
			os.NewFile(3, "life").WriteString("!")
		}
		select {}
	}
	if bytes.Contains(pages, []byte("CRASH")) {
		go panic("as a goroutine of Hugo does")
		select {}
	}
	pages = bytes.ReplaceAll(pages, []byte("DEFER"), []byte("__hdeferred/1__d="))
	return h.engine.build(files, pages, emit)
}

// pool returns a pool of n workers of a kind.
func pool(t testing.TB, kind string, n int, opts PoolOptions) *Pool {
	t.Helper()
	if opts.Renderer.Files == nil && opts.Renderer.BaseURL == "" {
		opts.Renderer.Files = files(theme)
	}
	p, err := NewPool(func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), workerEnv+"="+kind)
		return cmd
	}, n, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// pages returns a job of n pages of which those in odd say something else.
func pages(n int, odd map[int]string) (Job, map[string]string) {
	var pairs []string
	want := map[string]string{}
	for i := range n {
		path, text := fmt.Sprintf("case/2611-%06d.html", i+1), fmt.Sprint("text ", i)
		if s, ok := odd[i]; ok {
			text = s
		} else {
			want[path] = page("<p>" + text + "</p>")
		}
		pairs = append(pairs, path, fmt.Sprintf(`{"question": %q}`, text))
	}
	return job(pairs...), want
}

// TestPoolSurvives puts pages that kill or stop the worker among others and
// checks that they, and only they, are left out, and that the pool goes on.
func TestPoolSurvives(t *testing.T) {
	for _, tt := range []struct {
		name  string
		n     int
		odd   map[int]string
		codes []string
	}{
		{"panic", 20, map[int]string{7: "CRASH"}, []string{"case/2611-000008.html crashed"}},
		{"text that makes Hugo panic where it can read what it wrote", 20, map[int]string{7: "DEFER"}, []string{"case/2611-000008.html build-failed"}},
		{"panic, at both ends", 5, map[int]string{0: "CRASH", 4: "CRASH"}, []string{"case/2611-000001.html crashed", "case/2611-000005.html crashed"}},
		{"hang", 2, map[int]string{1: "HANG"}, []string{"case/2611-000002.html timed-out"}},
		{"one page only", 1, map[int]string{0: "CRASH"}, []string{"case/2611-000001.html crashed"}},
		{"with a page of another fault", 3, map[int]string{0: "CRASH", 1: "REFUSE"}, []string{"case/2611-000001.html crashed", "case/2611-000002.html refused"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := PoolOptions{}
			if strings.Contains(tt.name, "hang") {
				opts.Timeout = 2 * time.Second
			}
			p := pool(t, "hostile", 1, opts)
			j, want := pages(tt.n, tt.odd)
			got, res := render(t, p, j)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
			if diff := cmp.Diff(tt.codes, codes(res)); diff != "" {
				t.Errorf("quarantined, want - got +\n%s", diff)
			}
			j, want = pages(2, nil)
			if got, _ := render(t, p, j); !cmp.Equal(want, got) {
				t.Error("the pool did not go on")
			}
		})
	}
}

// TestPoolNeutralises checks that the text which kills Hugo does not reach it.
func TestPoolNeutralises(t *testing.T) {
	p := pool(t, "plain", 1, PoolOptions{})
	j, _ := pages(3, map[int]string{1: "__hdeferred/1__d="})
	got, res := render(t, p, j)
	if len(got) != 3 || len(res.Quarantined) > 0 || p.Usage().Started != 1 {
		t.Errorf("%d pages, quarantined %v, %d workers started", len(got), codes(res), p.Usage().Started)
	}
}

// TestPoolGivesUp checks that a template that kills with every page does not
// take a worker for each page of a large partition.
func TestPoolGivesUp(t *testing.T) {
	odd := map[int]string{}
	for i := range 100 {
		odd[i] = "CRASH"
	}
	p := pool(t, "hostile", 1, PoolOptions{})
	j, _ := pages(100, odd)
	_, err := p.Render(t.Context(), j)
	if msg, _, _ := fault.Public(err); !strings.Contains(msg, "too many pages") {
		t.Errorf("got %v", err)
	}
	if n := p.Usage().Started; n > maxDeaths+10 {
		t.Errorf("%d workers were started", n)
	}
}

// TestPoolCancel checks that cancelling ends a job and its worker.
func TestPoolCancel(t *testing.T) {
	p := pool(t, "hostile", 1, PoolOptions{})
	j, _ := pages(2, nil)
	render(t, p, j) // the worker runs
	j, _ = pages(2, map[int]string{0: "HANG"})
	j.Out = filepath.Join(t.TempDir(), "out.zip")
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := p.Render(ctx, j)
		failed <- err
	}()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(j.Out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a pack was left behind: %v", err)
	}
}

// TestPoolErrors checks that errors keep their public text on their way out of
// the worker.
func TestPoolErrors(t *testing.T) {
	good, _ := pages(2, nil)
	good.Out = filepath.Join(t.TempDir(), "out.zip")
	t.Run("no worker", func(t *testing.T) {
		_, err := pool(t, "silent", 1, PoolOptions{}).Render(t.Context(), good)
		if msg, _, _ := fault.Public(err); msg != "a worker process ends as soon as it is started" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no program", func(t *testing.T) {
		p, err := NewPool(func() *exec.Cmd { return exec.Command(filepath.Join(t.TempDir(), "none")) }, 1, PoolOptions{Renderer: Options{Files: files(theme)}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Render(t.Context(), good)
		if msg, _, _ := fault.Public(err); msg != "a worker process cannot be started" || !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("broken template", func(t *testing.T) {
		p := pool(t, "plain", 1, PoolOptions{Renderer: Options{Files: files(theme + "-- themes/huiyin/layouts/case.html --\n{{ if }}\n")}})
		_, err := p.Render(t.Context(), good)
		if msg, _, _ := fault.Public(err); msg != "a template cannot be parsed" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no folder", func(t *testing.T) {
		j := good
		j.Out = filepath.Join(t.TempDir(), "none", "out.zip")
		_, err := pool(t, "plain", 1, PoolOptions{}).Render(t.Context(), j)
		if msg, _, _ := fault.Public(err); msg != "a pack cannot be written" || !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
}

// TestPoolUsage checks that figures of the children are reported, once each.
func TestPoolUsage(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // memory of children is not known elsewhere
	}
	p := pool(t, "plain", 2, PoolOptions{})
	j, _ := pages(2, nil)
	render(t, p, j)
	render(t, p, j)
	u := p.Usage()
	if u.PeakRSS < 10<<20 || u.PeakRSS > 1<<30 || u.CPU <= 0 || u.CPU > time.Minute || u.Started < 1 || u.Started > 2 {
		t.Errorf("got %+v", u)
	}
	before := u.CPU
	p.Close()
	if after := p.Usage().CPU; after < before || after > 2*before+time.Second {
		t.Errorf("CPU %v became %v", before, after)
	}
}

// TestWorkerEnds checks that a worker ends when its parent closes the pipe,
// before the first job and in the middle of one.
func TestWorkerEnds(t *testing.T) {
	for _, sent := range []string{"", "\x10half"} {
		if err := ServeWorker(strings.NewReader(sent), io.Discard); err != nil {
			t.Errorf("%q: %v", sent, err)
		}
	}
	if err := ServeWorker(strings.NewReader("\x03\x01\x02\x03\x04"), io.Discard); err == nil {
		t.Error("garbage is taken for the end")
	}
}

// TestOrphans checks that a worker does not outlive a parent that is killed,
// even in the middle of a page that never ends.
func TestOrphans(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // elsewhere a worker ends after its job
	}
	life, held, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer life.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), workerEnv+"=parent", lifeEnv+"=1")
	cmd.ExtraFiles = []*os.File{held}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	held.Close()
	if _, err := io.ReadFull(life, make([]byte, 1)); err != nil {
		t.Fatalf("the worker did not start: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if _, err := io.Copy(io.Discard, life); err != nil { // ends when nobody holds the other end
		t.Fatal(err)
	}
}

// parent is a process whose worker hangs.
func parent() error {
	p, err := NewPool(func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), workerEnv+"=hostile")
		cmd.ExtraFiles = []*os.File{os.NewFile(3, "life")}
		return cmd
	}, 1, PoolOptions{Renderer: Options{Files: files(theme)}, Timeout: time.Hour})
	if err != nil {
		return err
	}
	j, _ := pages(1, map[int]string{0: "HANG"})
	_, err = p.Render(context.Background(), j)
	return err
}

// TestPoolWarnings checks that what Hugo has to say about a template does not
// get into the answers of the worker.
func TestPoolWarnings(t *testing.T) {
	p := pool(t, "plain", 1, PoolOptions{Renderer: Options{Files: files(theme + `
-- themes/huiyin/layouts/case.html --
{{ define "main" }}{{ warnf "a warning" }}{{ warnidf "x" "another" }}{{ with site.Data }}{{ end }}{{ debug.Dump "x" | len }}{{ end }}
`)}})
	got, res := render(t, p, job("a.html", `{}`, "b.html", `{}`))
	if len(got) != 2 || len(res.Quarantined) > 0 || p.Usage().Started != 1 {
		t.Errorf("%d pages, quarantined %v, %d workers started", len(got), res.Quarantined, p.Usage().Started)
	}
}
