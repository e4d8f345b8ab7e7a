//go:build linux

package wallclock

import (
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// farOff stands for a time that never comes: the timer is there for changes of the clock.
const farOff = 1 << 33 // seconds since 1970, the year 2242

// kernelAlarm is a timer of the kernel on the clock of the wall, which ends too when that
// clock is set.
func kernelAlarm(t time.Time) (stop func(), rings <-chan struct{}, err error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_REALTIME, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, nil, err
	}
	at := unix.Timespec{Sec: farOff}
	if !t.IsZero() && t.Unix() < farOff {
		at = unix.NsecToTimespec(max(t.UnixNano(), 1)) // zero would switch it off
	}
	err = unix.TimerfdSettime(fd, unix.TFD_TIMER_ABSTIME|unix.TFD_TIMER_CANCEL_ON_SET, &unix.ItimerSpec{Value: at}, nil)
	if err != nil {
		_ = unix.Close(fd)
		return nil, nil, err
	}
	f := os.NewFile(uintptr(fd), "timer")
	ring := make(chan struct{})
	go func() {
		defer close(ring)
		_, _ = f.Read(make([]byte, 8)) // the time has come, the clock was set, or it was closed
	}()
	var once sync.Once
	return func() {
		once.Do(func() {
			_ = f.Close()
			<-ring
		})
	}, ring, nil
}
