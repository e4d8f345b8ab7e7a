package schedule_test

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/site/durable/durabletest"
)

// Programs say by what they go as long as they live; what is left of one that was killed
// says nothing, and is removed by the next.
func TestPresent(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "jobs")
	running := func(want ...string) {
		t.Helper()
		got, err := schedule.Running(folder)
		if slices.Sort(got); err != nil || !slices.Equal(got, want) {
			t.Errorf("running: %q, %v, want %q", got, err, want)
		}
	}
	enter := func(id, sum string) func() error {
		t.Helper()
		leave, err := schedule.Present(folder, id, sum)
		if err != nil {
			t.Fatal(err)
		}
		return leave
	}
	running()
	leaveA := enter("a", "one")
	running("one")
	dead := filepath.Join(folder, "running", "dead")
	if err := os.WriteFile(dead, []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	running("one")
	leaveB := enter("b", "two")
	running("one", "two")
	if _, err := os.Stat(dead); !os.IsNotExist(err) {
		t.Errorf("what a dead program left is there: %v", err)
	}
	if _, err := schedule.Present(folder, "b", "three"); err == nil {
		t.Error("two have one name")
	}
	running("one", "two")
	if err := leaveA(); err != nil {
		t.Fatal(err)
	}
	running("two")
	if err := leaveB(); err != nil {
		t.Fatal(err)
	}
	running()
}

// Programs begin and end while others do, and while somebody looks which of them run; nobody
// is in another's way, and half of one is never seen.
func TestPresentTogether(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "jobs")
	ended := make(chan bool)
	var programs, lookers sync.WaitGroup
	for _, id := range []string{"a", "b"} {
		programs.Go(func() {
			for range 200 {
				leave, err := schedule.Present(folder, id, "one")
				if err == nil {
					err = leave()
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 2 {
		lookers.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				sums, err := schedule.Running(folder)
				if err != nil || slices.ContainsFunc(sums, func(sum string) bool { return sum != "one" }) {
					t.Errorf("running: %q, %v", sums, err)
					return
				}
			}
		})
	}
	programs.Wait()
	close(ended)
	lookers.Wait()
}

// One at a time has an address, and the next one when it ends.
func TestAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "jobs")
	take := func(what string, want bool) func() error {
		t.Helper()
		lock, free, err := schedule.Alone(folder, what)
		if err != nil || free != want {
			t.Fatalf("%s: %t, %v", what, free, err)
		}
		if !free {
			return nil
		}
		durabletest.Child(t, filepath.Join(folder, "locks", what+".lock")) // being started keeps nothing taken
		return lock.Close
	}
	end := take("a", true)
	take("a", false)
	take("b", true)
	if err := end(); err != nil {
		t.Fatal(err)
	}
	take("a", true)
}
