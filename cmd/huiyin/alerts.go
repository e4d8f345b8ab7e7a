package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/generator/alert"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/schedule/job"

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
		Long: longHelp(`Look at what may be wrong: a run that failed for good or is late, a feed or all exports
silent for longer than alerts.silent_days, an entry that has waited for a person for
longer than alerts.queue_days, a disk with less than alerts.disk_free free. What has begun
or is over since the last time is sent by mail and webhook (section alerts), once for each
change. What could not be sent is sent the next time. huiyin run does this after every
job; where nothing runs, call it by a timetable of the machine.`,
			fault.ExitPartial, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.alerts(c.Context())
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

func (in *installation) alerts(ctx context.Context) (r alertsResult, err error) {
	senders, err := in.senders()
	if err != nil {
		return r, err
	}
	if r.There, err = in.wrong(ctx); err != nil {
		return r, err
	}
	r.Sent = []string{}
	for _, s := range senders {
		r.Sent = append(r.Sent, s.Name())
	}
	book := alert.Book{Path: in.c.StatePath(alertsFile), Site: in.c.Site.Name}
	r.Changes, err = book.Tell(ctx, in.a.now(), r.There, senders)
	if r.Changes == nil {
		r.Changes = []alert.Change{}
	}
	return r, err
}

// senders returns where alerts go.
func (in *installation) senders() (all []alert.Sender, err error) {
	o := in.c.Alerts
	if m, ok, err := in.mail(); err != nil {
		return nil, err
	} else if ok {
		all = append(all, m)
	}
	if o.Webhook.URL != "" {
		w := alert.Webhook{URL: o.Webhook.URL, Client: &http.Client{Timeout: 30 * time.Second}, Random: in.a.rand}
		if o.Webhook.KeyFile != "" {
			text, err := assemble.Secret(in.c.Path(o.Webhook.KeyFile))
			if err != nil {
				return nil, inConfig(err)
			}
			if w.Key, err = deskapi.ParseKey(text); err != nil {
				return nil, inConfig(err)
			}
		}
		all = append(all, w)
	}
	return all, nil
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

// wrong lists what is wrong with the installation, each with an id that stays the same as
// long as it is the same trouble.
func (in *installation) wrong(ctx context.Context) ([]alert.Condition, error) {
	there := []alert.Condition{}
	add := func(id, hint, format string, args ...any) {
		there = append(there, alert.Condition{ID: id, Text: fmt.Sprintf(format, args...), Hint: hint})
	}
	if err := in.wrongRuns(ctx, add); err != nil {
		return nil, err
	}
	today := record.DayOf(in.a.now())
	if err := in.wrongSources(ctx, today, add); err != nil {
		return nil, err
	}
	if _, err := in.openIntake(); err != nil {
		return nil, err
	}
	counts, err := in.intake.Counts(ctx)
	if err != nil {
		return nil, err
	}
	if since, err := record.ParseDay(counts.OldestSince); err == nil && since.Known() && today-since > record.Day(in.c.Alerts.QueueDays) {
		add("queue old", "huiyin gate list", "待人工审核事项中最早的自 %[1]s 起等待 / an entry has waited for a person since %[1]s", since)
	}
	for _, dir := range []string{in.c.StatePath(), in.c.Path(in.c.Backup.Dir), in.c.Path(in.c.Export.Dir)} {
		if dir == "" {
			continue
		}
		if free, ok := freePercent(dir); ok && free < in.c.Alerts.DiskFree {
			add("disk low "+dir, "make room on the disk", "磁盘可用空间仅 %[1]d%%：%[2]s / %[1]d %% of the disk is free: %[2]s", free, dir)
		}
	}
	return there, nil
}

// wrongRuns looks at what runs by itself.
func (in *installation) wrongRuns(ctx context.Context, add func(id, hint, format string, args ...any)) error {
	v, err := in.scheduled(ctx)
	if err != nil || v == nil {
		return err
	}
	for _, e := range v.Entries {
		if e.Late() {
			add("late "+e.Name, "is huiyin run there? see huiyin status", "定时任务 %[1]s 未按时执行 / %[1]s is late", e.Name)
		}
		if l := e.Last; l != nil && l.Final && l.Outcome == job.Failure {
			hint := l.Hint
			if hint == "" {
				hint = "huiyin status"
			}
			add("failed "+e.Name, hint, "定时任务 %[1]s 失败 / %[1]s failed: %[2]s", e.Name, l.Text)
		}
	}
	return nil
}

// wrongSources looks at how long feeds, and all exports together, have brought nothing.
func (in *installation) wrongSources(ctx context.Context, today record.Day, add func(id, hint, format string, args ...any)) error {
	silent := record.Day(in.c.Alerts.SilentDays)
	feeds, err := assemble.Spools(in.c)
	if err != nil {
		return err
	}
	for _, f := range feeds {
		text, err := f.Spool.Day()
		if err != nil {
			return err
		}
		if day, err := record.ParseDay(text); err == nil && day.Known() && today-day > silent {
			add("silent "+f.Name, "ask whoever runs the upstream, and see huiyin pull", "来源 %[1]s 自 %[2]s 后无更新 / the feed %[1]s has had nothing since %[2]s", f.Name, day)
		}
	}
	cutoff, err := in.store.Cutoff(ctx)
	if err != nil {
		return err
	}
	if cutoff.Known() && today-cutoff > silent {
		add("silent all", "put the newest export into the inbox, and run huiyin pull", "数据截至 %[1]s，此后无新数据 / nothing has come since %[1]s", cutoff)
	}
	return nil
}

// freePercent returns how much of the disk of a folder is free.
func freePercent(dir string) (percent int, ok bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil || s.Blocks == 0 {
		return 0, false
	}
	return int(s.Bavail * 100 / s.Blocks), true
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
	there, err := in.wrong(ctx)
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
