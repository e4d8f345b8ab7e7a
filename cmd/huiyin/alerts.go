package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/alert"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/site/durable"

	deskapi "github.com/huiyin/huiyin/generator/desk"
)

// alertsResult is what is wrong, and what has changed.
type alertsResult struct {
	There   []alert.Condition `json:"there"`
	Changes []alert.Change    `json:"changes"`
	Sent    []string          `json:"sent_to"` // where alerts go
}

func newAlerts(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "alerts",
		Short: "Say what is wrong, and tell the office once of what has changed",
		Long: longHelp(`Look at what may be wrong: a run that failed for good or is late, requests to publish that
failed or wait, a publication that was stopped because it held personal data, a feed or
all exports silent for longer than alerts.silent_days, a feed that does not give a part of
what it has, an entry that has waited for a person for longer than alerts.queue_days, a disk with less than alerts.disk_free free, and
whatever keeps from looking. What has begun
or is over since the last time is sent by mail and webhook (section alerts), once for each
change. What could not be sent is sent the next time. huiyin run does this after every
job; where nothing runs, call it by a timetable of the machine.`,
			fault.ExitPartial, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		RunE: func(c *cobra.Command, _ []string) error {
			in, broken, err := a.openBroken(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.alerts(c.Context(), broken)
			if err != nil && r.Sent == nil {
				return err
			}
			if len(r.There) == 0 {
				a.say("nothing is wrong")
			}
			for _, t := range r.There {
				a.say("%s\n  %s", t.Text, t.Hint)
			}
			if a.json {
				a.object(r)
			}
			if err != nil {
				a.complain(err)
				return errPartial
			}
			return nil
		},
	}
	return c
}

// alertsFile is what was told, below the state.
const alertsFile = "alerts.json"

// openBroken opens an installation, also one that cannot be opened: why not is what the
// office has to be told.
func (a *app) openBroken(ctx context.Context) (in *installation, broken, err error) {
	if in, broken = a.open(ctx); broken == nil || ctx.Err() != nil {
		return in, nil, broken
	}
	c, err := a.load()
	if err == nil {
		_, err = os.Stat(c.StatePath())
	}
	if err != nil {
		return nil, nil, broken
	}
	return &installation{a: a, c: c, progress: a.newProgress()}, broken, nil
}

// alerts looks, and tells of what has changed. One process at a time does so.
func (in *installation) alerts(ctx context.Context, broken error) (r alertsResult, err error) {
	senders := in.senders()
	lock, err := durable.OS{}.Lock(ctx, in.c.StatePath(alertsFile+".lock"), true)
	if err != nil {
		return r, fault.Wrap(err, "what was told cannot be locked", "check the rights of the state folder, and whether the disk is full")
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if r.There, err = in.wrong(ctx, broken); err != nil {
		return r, err
	}
	r.Sent = []string{}
	for _, s := range senders {
		r.Sent = append(r.Sent, s.Name())
	}
	r.Changes, err = alertBook(in.c).Tell(ctx, in.a.now(), r.There, senders)
	if r.Changes == nil {
		r.Changes = []alert.Change{}
	}
	return r, err
}

// alertBook returns what the office was told of.
func alertBook(c *config.Config) alert.Book {
	return alert.Book{Path: c.StatePath(alertsFile), Site: c.Site.Name}
}

// senders returns where alerts go.
func (in *installation) senders() (all []alert.Sender) {
	if m, ok, err := in.mail(); err != nil {
		all = append(all, unfit{m, err})
	} else if ok {
		all = append(all, m)
	}
	if w, ok, err := in.webhook(); err != nil {
		all = append(all, unfit{w, err})
	} else if ok {
		all = append(all, w)
	}
	return all
}

// unfit is a sender that cannot be used as it is configured: what it has to send waits until
// it can be.
type unfit struct {
	alert.Sender
	err error
}

// Send implements [alert.Sender].
func (u unfit) Send(context.Context, alert.Message) error { return u.err }

// webhook returns the sender to a webhook; ok is false where none is configured.
func (in *installation) webhook() (w alert.Webhook, ok bool, err error) {
	o := in.c.Alerts.Webhook
	if o.URL == "" {
		return w, false, nil
	}
	w = alert.Webhook{URL: o.URL, Client: &http.Client{Timeout: 30 * time.Second}, Random: in.a.rand}
	if o.KeyFile != "" {
		text, err := assemble.Secret(in.c.Path(o.KeyFile))
		if err == nil {
			w.Key, err = deskapi.ParseKey(text)
		}
		if err != nil {
			return w, false, inConfig(err)
		}
	}
	return w, true, nil
}

// mail returns the sender of mail; ok is false where none is configured.
func (in *installation) mail() (m alert.Mail, ok bool, err error) {
	o := in.c.Alerts.Mail
	if o.Server == "" {
		return m, false, nil
	}
	m = alert.Mail{Host: o.Server, Port: o.Port, From: o.From, To: o.To, User: o.User, Plain: o.Plain, Timeout: 30 * time.Second}
	if o.PasswordFile != "" {
		if m.Password, err = assemble.Secret(in.c.Path(o.PasswordFile)); err != nil {
			return m, false, inConfig(err)
		}
	}
	return m, true, nil
}

// The sorts of trouble, which the ids of conditions begin with.
const (
	sortBroken   = "broken"   // what should be looked at cannot be
	sortFailed   = "failed"   // a run failed for good
	sortLate     = "late"     // a run should have begun
	sortCanary   = "canary"   // a publication was stopped: it held personal data
	sortRequests = "requests" // requests wait
	sortSilent   = "silent"   // a source brings nothing
	sortPartial  = "partial"  // a feed does not give a part of what it has
	sortQueue    = "queue"    // an entry waits for a person
	sortDisk     = "disk"     // little room
)

var troubleSorts = []string{sortBroken, sortFailed, sortLate, sortCanary, sortRequests, sortSilent, sortPartial, sortQueue, sortDisk}

// maxRequestWait is how long a request may wait before that is trouble.
const maxRequestWait = 2 * time.Hour

// adder notes a condition; the id is its sort, and which it is of that sort.
type adder func(sort, which, hint, format string, args ...any)

// wrong lists what is wrong with the installation, each with an id that stays the same as
// long as it is the same trouble. broken is why it could not be opened, or nil. What
// cannot be looked at is trouble of its own, and keeps nothing else from being told.
func (in *installation) wrong(ctx context.Context, broken error) ([]alert.Condition, error) {
	there := []alert.Condition{}
	add := func(sort, which, hint, format string, args ...any) {
		there = append(there, alert.Condition{ID: strings.TrimSpace(sort + " " + which), Text: fmt.Sprintf(format, args...), Hint: hint})
	}
	looks := []look{
		{"schedule", in.wrongRuns}, {"feeds", in.wrongFeeds}, {"disk", in.wrongDisks},
		{"mail", func(context.Context, adder) error { _, _, err := in.mail(); return err }},
		{"webhook", func(context.Context, adder) error { _, _, err := in.webhook(); return err }},
	}
	if broken == nil {
		looks = append(looks, look{"store", in.wrongCutoff}, look{"intake", in.wrongQueue})
	} else {
		looks = append(looks, look{"installation", func(context.Context, adder) error { return broken }})
	}
	for _, l := range looks {
		err := l.at(ctx, add)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			msg, hint, _ := fault.Public(err)
			add(sortBroken, l.what, hint, "无法检查（%[1]s）/ cannot be looked at (%[1]s): %[2]s", l.what, msg)
		}
	}
	return there, nil
}

// look is one thing that is looked at.
type look struct {
	what string
	at   func(context.Context, adder) error
}

// wrongQueue looks at what waits for a person.
func (in *installation) wrongQueue(ctx context.Context, add adder) error {
	if _, err := in.openIntake(); err != nil {
		return err
	}
	queue, _, err := in.waiting(ctx)
	if err != nil {
		return err
	}
	if since, err := record.ParseDay(queued(queue).Oldest); err == nil && since.Known() && record.DayOf(in.a.now())-since > record.Day(in.c.Alerts.QueueDays) {
		add(sortQueue, "old", "huiyin gate list", "待审查事项中最早的一项自 %[1]s 起等待 / an entry has waited for a person since %[1]s", since)
	}
	return nil
}

// wrongDisks looks at the disks of what is written, each once.
func (in *installation) wrongDisks(_ context.Context, add adder) error {
	seen := map[uint64]bool{}
	for _, f := range writtenFolders(in.c) {
		free, disk, ok := freePercent(f.path)
		if ok && !seen[disk] && free < in.c.Alerts.DiskFree {
			add(sortDisk, "low "+f.path, "make room on the disk", "磁盘可用空间仅 %[1]d%%：%[2]s / %[1]d %% of the disk is free: %[2]s", free, f.path)
		}
		seen[disk] = true
	}
	return nil
}

// folder is one that is written to.
type folder struct{ name, path string }

// writtenFolders are the folders that are written to.
func writtenFolders(c *config.Config) (all []folder) {
	for _, f := range []folder{{"state", c.StatePath()}, {"inbox", c.Path(c.Inbox)}, {"backup", c.Path(c.Backup.Dir)}, {"export", c.Path(c.Export.Dir)}} {
		if f.path != "" {
			all = append(all, f)
		}
	}
	return all
}

// wrongRuns looks at what runs by itself.
func (in *installation) wrongRuns(ctx context.Context, add adder) error {
	v, err := in.scheduled(ctx)
	if err != nil || v == nil {
		return err
	}
	hint := "is huiyin run there? see huiyin status"
	if v.Outdated {
		hint = "start huiyin run again: it reads the sections schedule and run when it starts"
		add(sortLate, "huiyin run", hint, "huiyin run 仍按修改前的配置运行 / huiyin run still goes by the settings from before the change")
	}
	for _, e := range v.Entries {
		if e.Overdue(v.At) {
			add(sortLate, e.Name, hint, "定时任务 %[1]s 未按时执行 / %[1]s is late", e.Name)
		}
		if e.Failed != nil {
			wrongRun(add, e.Name, *e.Failed, "定时任务 %[1]s 失败 / %[1]s failed: %[2]s", e.Name)
		}
	}
	if v.Unanswered != nil {
		wrongRun(add, v.Unanswered.Kind, *v.Unanswered, "按请求发布失败 / a publication that was asked for (%[1]s) failed: %[2]s", v.Unanswered.Kind)
	}
	if len(v.Requests) > 0 && v.At.Sub(v.Requests[0].At) >= maxRequestWait {
		add(sortRequests, "wait", "is huiyin run there? see huiyin status", "发布请求自 %[1]s 起未得到处理 / a request to publish has waited since %[1]s", v.Requests[0].At.In(record.Zone()).Format("2006-01-02 15:04"))
	}
	return nil
}

// wrongRun adds a run that failed. One that was stopped because personal data was found is
// a sort of its own.
func wrongRun(add adder, which string, l job.Attempt, format string, name string) {
	hint := l.Hint
	if hint == "" {
		hint = "huiyin status"
	}
	var said failure
	if json.Unmarshal(l.Counts, &said) == nil && said.ExitCode == fault.ExitFound {
		add(sortCanary, which, hint, "发布内容中发现个人信息，已停止发布，线上内容未变 / a publication was stopped because it held personal data (%[1]s): %[2]s", name, l.Text)
		return
	}
	add(sortFailed, which, hint, format, name, l.Text)
}

// wrongFeeds looks at each feed. One that cannot be looked at keeps nothing of the others from
// being told, nor has it told that what was wrong with them is over.
func (in *installation) wrongFeeds(_ context.Context, add adder) error {
	feeds, err := assemble.Spools(in.c)
	if err != nil {
		return err
	}
	for _, f := range feeds {
		err = errors.Join(err, in.wrongFeed(f, add))
	}
	return err
}

// wrongFeed looks at how long a feed has brought nothing, and at what it did not give.
func (in *installation) wrongFeed(f assemble.Feed, add adder) error {
	text, err := f.Spool.Day()
	if err != nil {
		return err
	}
	today, silent := record.DayOf(in.a.now()), record.Day(in.c.Alerts.SilentDays)
	if day, err := record.ParseDay(text); err == nil && day.Known() && today-day > silent {
		add(sortSilent, f.Name, "ask whoever runs the upstream, and see huiyin pull", "来源 %[1]s 自 %[2]s 后无更新 / the feed %[1]s has had nothing since %[2]s", f.Name, day)
	}
	last, ok, err := f.Spool.Last()
	if ok && len(last.Missing) > 0 {
		add(sortPartial, f.Name, "ask whoever runs the upstream; all else was taken, and this is asked for again in each pull",
			"来源 %[1]s 部分数据未能获取 / a part of what the feed %[1]s has could not be fetched: %[2]s", f.Name, strings.Join(last.Missing, "; "))
	}
	return err
}

// wrongCutoff looks at how long all exports together have brought nothing.
func (in *installation) wrongCutoff(ctx context.Context, add adder) error {
	cutoff, err := in.store.Cutoff(ctx)
	if err == nil && cutoff.Known() && record.DayOf(in.a.now())-cutoff > record.Day(in.c.Alerts.SilentDays) {
		add(sortSilent, "all", "put the newest export into the inbox, and run huiyin pull", "数据截至 %[1]s，此后无新数据 / nothing has come since %[1]s", cutoff)
	}
	return err
}

// freePercent returns how much of the disk of a folder is free, and which disk that is.
func freePercent(dir string) (percent int, disk uint64, ok bool) {
	var s unix.Statfs_t
	var at unix.Stat_t
	if err := errors.Join(unix.Statfs(dir, &s), unix.Stat(dir, &at)); err != nil || s.Blocks == 0 {
		return 0, 0, false
	}
	return int(s.Bavail * 100 / s.Blocks), uint64(at.Dev), true
}

func newDigest(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "digest",
		Short: "Send the office a summary by mail",
		Long: longHelp(`Send what huiyin status says, and what huiyin alerts finds, to alerts.mail.to. huiyin run
does so by its timetable, every Monday unless it says otherwise.`, fault.ExitConfig, fault.ExitDamaged),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if err := in.digest(c.Context()); err != nil {
				return err
			}
			a.say("sent to %s", strings.Join(in.c.Alerts.Mail.To, ", "))
			if a.json {
				a.object(struct {
					To []string `json:"to"`
				}{in.c.Alerts.Mail.To})
			}
			return nil
		},
	}
}

// digest sends the status as a mail.
func (in *installation) digest(ctx context.Context) error {
	m, ok, err := in.mail()
	if err != nil {
		return err
	}
	if !ok {
		return fault.Coded(fault.ExitConfig, "no mail is configured", "set alerts.mail", nil)
	}
	status, err := in.status(ctx)
	if err != nil {
		return err
	}
	there, err := in.wrong(ctx, nil)
	if err != nil {
		return err
	}
	var text strings.Builder
	writer := &app{out: &text, err: &text, now: in.a.now}
	if len(there) == 0 {
		writer.say("无告警 / nothing is wrong\n")
	}
	for _, t := range there {
		writer.say("! %s\n  %s\n", t.Text, t.Hint)
	}
	writer.showStatus(status, 5)
	subject := fmt.Sprintf("[回音] %s：运行情况摘要（数据截至 %s）", in.c.Site.Name, status.Cutoff)
	return m.Text(ctx, subject, text.String())
}
