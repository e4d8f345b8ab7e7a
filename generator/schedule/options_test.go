package schedule_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
)

func TestDefaults(t *testing.T) {
	for _, tt := range []struct {
		kinds []string
		want  []string
	}{
		{nil, []string{
			"2026-11-29 02:00 +0800 backup", "2026-11-29 03:30 +0800 optimise", "2026-11-29 04:00 +0800 self-check", "2026-11-29 06:30 +0800 publish",
			"2026-11-29 07:00 +0800 pull", "2026-11-30 08:00 +0800 digest",
		}},
		{[]string{"publish", "pull", "other"}, []string{"2026-11-29 06:30 +0800 publish", "2026-11-29 07:00 +0800 pull"}},
	} {
		o := schedule.Defaults(tt.kinds...)
		if err := o.Check(tt.kinds...); err != nil {
			t.Fatal(err)
		}
		table, err := o.Timetable()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range table.Next(time.Date(2026, 11, 28, 22, 0, 0, 0, table.Zone())) { // a Saturday
			got = append(got, c.At.Format(stamp)+" "+c.Entry.Name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("what is to come of %v (-want +got):\n%s", tt.kinds, diff)
		}
	}
}

func TestOptionsRefuse(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*schedule.Options)
		want   string
	}{
		"no zone":      {func(o *schedule.Options) { o.Zone = "" }, "no time zone"},
		"local":        {func(o *schedule.Options) { o.Zone = "Local" }, "no time zone"},
		"nowhere":      {func(o *schedule.Options) { o.Zone = "Asia/Chengdu" }, "no time zone"},
		"name":         {func(o *schedule.Options) { o.Entries[0].Name = "发布" }, "small letters"},
		"same name":    {func(o *schedule.Options) { o.Entries[1].Name = "pull" }, "another one has"},
		"no kind":      {func(o *schedule.Options) { o.Entries[0].Kind = "" }, "small letters"},
		"unknown kind": {func(o *schedule.Options) { o.Entries[0].Kind = "cook" }, "of the kind cook"},
		"times":        {func(o *schedule.Options) { o.Entries[0].When = "6:30" }, "pull, whose times are wrong"},
		"argument":     {func(o *schedule.Options) { o.Entries[0].Args = map[string]string{"a": strings.Repeat("x", 1000)} }, "too long"},
		"tries":        {func(o *schedule.Options) { o.Tries = 0 }, "1 to 20"},
		"pauses":       {func(o *schedule.Options) { o.Pause = o.Longest + 1 }, "shorter than pause"},
		"grace":        {func(o *schedule.Options) { o.Grace = 0 }, "up to an hour"},
		"days":         {func(o *schedule.Options) { o.Keep = 1 }, "7 to 3660"},
	} {
		o := schedule.Defaults()
		tt.change(&o)
		err := o.Check("pull", "publish", "digest", "backup", "optimise", "self-check")
		msg, hint, code := fault.Public(err)
		if err == nil || !strings.Contains(msg, tt.want) || hint == "" || code != fault.ExitConfig {
			t.Errorf("%s: %q, hint %q, code %d; want %q", name, msg, hint, code, tt.want)
		}
	}
}

func TestDuration(t *testing.T) {
	var d schedule.Duration
	for _, s := range []string{"", "0s", "-1m", "5", "x"} {
		if err := d.UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
	if err := d.UnmarshalText([]byte("90s")); err != nil || time.Duration(d) != 90*time.Second {
		t.Errorf("%v, %v", d, err)
	}
	if b, err := d.MarshalText(); err != nil || string(b) != "1m30s" {
		t.Errorf("%s, %v", b, err)
	}
}
