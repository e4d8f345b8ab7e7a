package alert_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/alert"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable/durabletest"
)

// post remembers what was sent, a line a change.
type post struct {
	name string
	down bool
	sent []string
}

func (p *post) Name() string { return p.name }

func (p *post) Send(_ context.Context, m alert.Message) error {
	if p.down {
		return errors.New("no answer")
	}
	var all []string
	for _, c := range m.Changes {
		word := "begun"
		if !c.Over.IsZero() {
			word = "over"
		}
		all = append(all, c.ID+" "+word)
	}
	for _, s := range m.Still {
		all = append(all, s.ID+" still")
	}
	p.sent = append(p.sent, strings.Join(all, ", "))
	return nil
}

func conditions(ids ...string) (all []alert.Condition) {
	for _, id := range ids {
		all = append(all, alert.Condition{ID: id, Text: "made up: " + id})
	}
	return all
}

var at = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)

// Each change is told once, to each sender; one that is down is told when it is there
// again, and of nothing that was over before.
func TestTell(t *testing.T) {
	fsys := durabletest.New()
	book := alert.Book{FS: fsys, Path: "/state/alerts.json", Site: "示例市"}
	if there, looked, err := book.There(); err != nil || len(there) > 0 || !looked.IsZero() {
		t.Errorf("never looked: %v, %v, %v", there, looked, err)
	}
	mail, hook := &post{name: "mail"}, &post{name: "webhook"}
	senders := []alert.Sender{mail, hook}
	for i, step := range []struct {
		there      []string
		hookDown   bool
		mail, hook string // what was sent in this step; "" nothing
	}{
		{nil, false, "", ""},
		{[]string{"failed publish"}, false, "failed publish begun", "failed publish begun"},
		{[]string{"failed publish"}, false, "", ""},
		{[]string{"failed publish", "silent cases"}, true, "silent cases begun, failed publish still", ""},
		{[]string{"failed publish", "silent cases", "disk low"}, true, "disk low begun, failed publish still, silent cases still", ""},
		{[]string{"failed publish", "silent cases"}, true, "disk low over, failed publish still, silent cases still", ""},
		{[]string{"silent cases"}, false, "failed publish over, silent cases still", "silent cases begun, failed publish over"},
		{[]string{"silent cases"}, false, "", ""},
		{nil, false, "silent cases over", "silent cases over"},
		{[]string{"silent cases", "silent cases"}, false, "silent cases begun", "silent cases begun"},
	} {
		mail.sent, hook.sent, hook.down = nil, nil, step.hookDown
		_, err := book.Tell(t.Context(), at.Add(time.Duration(i)*time.Hour), conditions(step.there...), senders)
		if step.hookDown != (err != nil) {
			t.Errorf("step %d: %v", i, err)
		}
		for _, s := range []struct {
			*post
			want string
		}{{mail, step.mail}, {hook, step.hook}} {
			if got := strings.Join(s.sent, "; "); got != s.want {
				t.Errorf("step %d, %s: %q, want %q", i, s.name, got, s.want)
			}
		}
	}
	there, looked, err := book.There()
	if err != nil || len(there) != 1 || there[0].Sort() != "silent" || !looked.Equal(at.Add(9*time.Hour)) {
		t.Errorf("%v, %v, %v", there, looked, err)
	}
}

// Whenever the power goes, no change is lost.
func TestTellCrash(t *testing.T) {
	run := func(fsys *durabletest.FS, mail *post) (err error) {
		book := alert.Book{FS: fsys, Path: "/state/alerts.json"}
		for i, there := range [][]string{{"a"}, {"a", "b"}, {"b"}} {
			_, e := book.Tell(context.Background(), at.Add(time.Duration(i)*time.Hour), conditions(there...), []alert.Sender{mail})
			err = errors.Join(err, e)
		}
		return err
	}
	whole := durabletest.New()
	whole.CrashAt(-1)
	if err := run(whole, &post{name: "mail"}); err != nil {
		t.Fatal(err)
	}
	points := 0
	for n := range whole.Changes() {
		for keep := durabletest.KeepNone; keep <= durabletest.KeepAll; keep++ {
			points++
			fsys, mail := durabletest.New(), &post{name: "mail"}
			fsys.CrashAt(n)
			if run(fsys, mail) == nil {
				t.Fatalf("change %d was not reached", n)
			}
			fsys = fsys.Reboot(keep)
			if err := run(fsys, mail); err != nil {
				t.Fatalf("change %d, keep %d: %v", n, keep, err)
			}
			all := strings.Join(mail.sent, ", ")
			for _, want := range []string{"a begun", "b begun", "a over"} {
				if !strings.Contains(all, want) {
					t.Fatalf("change %d, keep %d: %q was never told: %s", n, keep, want, all)
				}
			}
		}
	}
	t.Logf("%d crash points", points)
}

// A sender that is new, or was taken out and is configured again, is told of all that is
// there, and not of the end of what it was never told of.
func TestTellNewSender(t *testing.T) {
	book := alert.Book{FS: durabletest.New(), Path: "/state/alerts.json"}
	mail, hook := &post{name: "mail"}, &post{name: "webhook"}
	both := []alert.Sender{mail, hook}
	for i, step := range []struct {
		there      []string
		senders    []alert.Sender
		hookDown   bool
		mail, hook string // what was sent in this step; "" nothing
	}{
		{[]string{"a", "b"}, nil, false, "", ""},
		{[]string{"b"}, both[:1], false, "b begun", ""},
		{[]string{"b", "c"}, both, true, "c begun, b still", ""},
		{[]string{"c"}, both, false, "b over, c still", "c begun"},
		{[]string{"c"}, both, false, "", ""},
		{[]string{"c", "d"}, both[:1], false, "d begun, c still", ""},
		{[]string{"d"}, both, false, "c over, d still", "d begun"},
		{nil, both, false, "d over", "d over"},
	} {
		mail.sent, hook.sent, hook.down = nil, nil, step.hookDown
		_, err := book.Tell(t.Context(), at.Add(time.Duration(i)*time.Hour), conditions(step.there...), step.senders)
		if step.hookDown != (err != nil) {
			t.Errorf("step %d: %v", i, err)
		}
		if m, h := strings.Join(mail.sent, "; "), strings.Join(hook.sent, "; "); m != step.mail || h != step.hook {
			t.Errorf("step %d: mail %q, webhook %q, want %q, %q", i, m, h, step.mail, step.hook)
		}
	}
}

// A damaged file keeps nothing from being told: it is set aside, and that is said once.
func TestTellDamaged(t *testing.T) {
	for _, text := range []string{"", "{", `{"format":2}`, `{"format":1,"more":1}`} {
		fsys := durabletest.New()
		f, err := fsys.Create("/alerts.json")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, text)
		book, mail := alert.Book{FS: fsys, Path: "/alerts.json"}, &post{name: "mail"}
		if _, _, err := book.There(); err == nil {
			t.Errorf("%s: it was read", text)
		}
		_, err = book.Tell(t.Context(), at, conditions("a"), []alert.Sender{mail})
		if msg, hint, code := fault.Public(err); !strings.Contains(msg, "damaged") || !strings.Contains(hint, "alerts.json.damaged") || code != fault.ExitDamaged {
			t.Errorf("%s: %v", text, err)
		}
		if _, err := fsys.Stat("/alerts.json.damaged"); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if changes, err := book.Tell(t.Context(), at, conditions("a", "b"), []alert.Sender{mail}); err != nil || len(changes) != 1 {
			t.Errorf("%s: %v, %v", text, changes, err)
		}
		if got := strings.Join(mail.sent, "; "); got != "a begun; b begun, a still" {
			t.Errorf("%s: sent %s", text, got)
		}
	}
}
