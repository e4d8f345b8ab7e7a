package wallclock

import (
	"runtime"
	"testing"
	"time"
)

func TestAlarm(t *testing.T) {
	c := New(time.Now)
	alarms := map[string]func(time.Time) (<-chan struct{}, func()){"as it is": c.Alarm, "coarse": c.coarse}
	if runtime.GOOS == "linux" {
		alarms["of the kernel"] = func(at time.Time) (<-chan struct{}, func()) {
			stop, rings, err := kernelAlarm(at)
			if err != nil {
				t.Fatal(err)
			}
			return rings, stop
		}
	}
	for name, alarm := range alarms {
		now := c.Now()
		for _, at := range []time.Time{now.Add(20 * time.Millisecond), now, now.AddDate(-1, 0, 0), time.Unix(0, 0), time.Unix(-5, 0)} {
			rings, stop := alarm(at)
			<-rings
			if c.Now().Before(at) {
				t.Errorf("%s: rang before %s", name, at)
			}
			stop()
			stop()
		}
		for _, at := range []time.Time{now.Add(time.Hour), {}, time.Unix(1<<40, 0)} {
			rings, stop := alarm(at)
			select {
			case <-rings:
				t.Errorf("%s: rang long before %s", name, at)
			default:
			}
			stop()
			stop()
		}
	}
}
