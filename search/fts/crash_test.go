package fts

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/huiyin/huiyin/search"
)

// childVariable makes the test binary another process of a test: its value says
// what that does, with its arguments.
const childVariable = "HUIYIN_FTS_CHILD"

func TestMain(m *testing.M) {
	args := strings.Fields(os.Getenv(childVariable))
	if len(args) == 0 {
		os.Exit(m.Run())
	}
	err := fmt.Errorf("no such child: %q", args)
	switch args[0] {
	case "write":
		err = childWrites(args[1], args[2])
	case "read":
		err = childReads(args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// work is what the child of TestKill does: change n is the same whenever it is
// made, and so is the state after it.
type work struct {
	rand  *rand.Rand
	state map[string]string // text by ID
}

func newWork(seed uint64) *work {
	return &work{rand: rand.New(rand.NewPCG(seed, 9)), state: map[string]string{}}
}

// next makes the next change, in the state and then in an index, if there is
// one. progress is called at some moments within.
func (w *work) next(n int, x *Index, progress func()) error {
	ctx := context.Background()
	kind := w.rand.IntN(8)
	if n == 0 {
		kind = 0
	}
	switch {
	case kind < 2:
		docs := lettersTo(40+w.rand.IntN(80), fmt.Sprint("重建", n))
		w.state = wanted(docs)
		if x == nil {
			return nil
		}
		return x.Rebuild(ctx, letters, fmt.Sprint(n), sequence(docs, func(i int) {
			if i%16 == 15 {
				progress()
			}
		}))
	case kind < 5:
		var docs []search.Doc
		for range 1 + w.rand.IntN(60) {
			d := letter(1+w.rand.IntN(200), fmt.Sprint("更新", n))
			docs = append(docs, d)
		}
		maps.Copy(w.state, wanted(docs))
		if x == nil {
			return nil
		}
		return x.Upsert(ctx, fmt.Sprint(n), docs)
	case kind < 7:
		var ids []string
		for range 1 + w.rand.IntN(20) {
			ids = append(ids, fmt.Sprint("c-", 1+w.rand.IntN(200)))
		}
		for _, id := range ids {
			delete(w.state, id)
		}
		if x == nil {
			return nil
		}
		return x.Delete(ctx, ids)
	}
	if x == nil {
		return nil
	}
	return x.Optimise(ctx)
}

// childWrites makes changes until it is killed. It says so after each, and now
// and then within one.
func childWrites(dir, seed string) error {
	n, err := strconv.ParseUint(seed, 10, 64)
	if err != nil {
		return err
	}
	x, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	x.writer.batchUnits = 60
	w := newWork(n)
	for i := 0; ; i++ {
		if err := w.next(i, x, func() { fmt.Println("within") }); err != nil {
			return err
		}
		fmt.Println("done")
	}
}

// child starts the test binary again.
func child(t *testing.T, binary string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Env = append(os.Environ(), childVariable+"="+strings.Join(args, " "))
	cmd.Stderr = os.Stderr
	return cmd
}

// TestKill kills a process that changes an index, at a moment that nobody
// chooses. Whatever that was, the index is whole: as it was before the change
// under way or as it is after it.
func TestKill(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			cmd := child(t, binary, "write", dir, fmt.Sprint(seed))
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// Lines are read until it is time, and to the end after that: what was
			// said before the end was done.
			lines, done := 0, 0
			stop := 3 + rand.New(rand.NewPCG(seed, 4)).IntN(60)
			for s := bufio.NewScanner(out); s.Scan(); {
				if s.Text() == "done" {
					done++
				}
				if lines++; lines == stop {
					if err := cmd.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
				t.Fatalf("the child was not killed: %v", err)
			}
			w := newWork(seed)
			for i := range done {
				if err := w.next(i, nil, nil); err != nil {
					t.Fatal(err)
				}
			}
			before := maps.Clone(w.state)
			if err := w.next(done, nil, nil); err != nil {
				t.Fatal(err)
			}
			x := opened(t, dir)
			if done == 0 {
				if _, err := x.Stats(t.Context()); err != nil {
					return // killed within the first Rebuild
				}
			}
			got := bodies(t, x)
			if !maps.Equal(got, before) && !maps.Equal(got, w.state) {
				t.Errorf("after %d changes %d documents, which are not the %d from before the next nor the %d after it", done, len(got), len(before), len(w.state))
			}
			// It can be changed and cleaned as ever.
			if err := x.Upsert(t.Context(), "", lettersTo(3, "之后")); err != nil {
				t.Error(err)
			}
			if err := x.Optimise(t.Context()); err != nil {
				t.Error(err)
			}
			bodies(t, x)
		})
	}
}

// childReads opens an index for reading, and says what it finds.
func childReads(dir string) error {
	if f, err := os.OpenFile(filepath.Join(dir, "trial"), os.O_CREATE|os.O_WRONLY, 0o644); err == nil {
		f.Close()
		return fmt.Errorf("the child may write to %s: this shows nothing", dir)
	}
	x, err := OpenReader(dir, Options{})
	if err != nil {
		return err
	}
	for s := bufio.NewScanner(os.Stdin); s.Scan(); {
		r, err := x.Search(context.Background(), search.Query{Terms: []string{s.Text()}, Limit: 3})
		if err != nil {
			return err
		}
		fmt.Println(r.Total)
	}
	return x.Close()
}

// TestReaderWithoutRights searches in a process that may not write to the
// folder, as another user than the writer where the test may become one: while
// the writer is open, after it has changed something, and after it has gone.
func TestReaderWithoutRights(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	x, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Rebuild(t.Context(), letters, "", sequence(lettersTo(20, "路灯"), nil)); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(filepath.Dir(dir), "reader")
	if err := os.WriteFile(binary, program, 0o755); err != nil {
		t.Fatal(err)
	}
	for above := filepath.Dir(dir); above != os.TempDir() && above != "/"; above = filepath.Dir(above) {
		if err := os.Chmod(above, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := child(t, binary, "read", dir)
	cmd.Dir = dir
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	} else {
		readOnly(t, dir)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewScanner(out)
	ask := func(word, want string) {
		t.Helper()
		fmt.Fprintln(in, word)
		if !answers.Scan() || answers.Text() != want {
			t.Errorf("found %q of %s, want %s", answers.Text(), word, want)
		}
	}
	ask("路灯", "20")
	if err := x.Upsert(t.Context(), "", lettersTo(4, "井盖")); err != nil {
		t.Fatal(err)
	}
	ask("井盖", "4")
	if err := x.Optimise(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask("路灯", "16")
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	// What SQLite makes can be read by whoever can read what we make.
	var modes []os.FileMode
	for _, name := range []string{fileName, fileName + "-wal", fileName + "-shm"} {
		info, err := os.Stat(filepath.Join(dir, generationName(1), name))
		if err != nil {
			t.Fatal(err)
		}
		modes = append(modes, info.Mode().Perm())
	}
	if modes[1] != modes[0] || modes[2] != modes[0] {
		t.Errorf("the modes of the index and its log differ: %v", modes)
	}
	// One more comes when nobody has the index open.
	late := child(t, binary, "read", dir)
	late.Dir, late.SysProcAttr, late.Stdin = dir, cmd.SysProcAttr, strings.NewReader("井盖\n")
	if got, err := late.Output(); err != nil || string(got) != "4\n" {
		t.Errorf("after the writer has gone found %q: %v", got, err)
	}
}

// readOnly takes the right to write to a folder and what is in it from its
// owner, until the test ends. Files that are open stay writable.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	set := func(folder, file os.FileMode) {
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if e.IsDir() {
				return os.Chmod(path, folder)
			}
			return os.Chmod(path, file)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	set(0o555, 0o444)
	t.Cleanup(func() { set(0o755, 0o644) })
}
