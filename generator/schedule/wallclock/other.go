//go:build !linux

package wallclock

import (
	"errors"
	"time"
)

func kernelAlarm(time.Time) (func(), <-chan struct{}, error) { return nil, nil, errors.ErrUnsupported }
