package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// cost is what one process, with all that it started, has cost.
type cost struct {
	wall time.Duration
	cpu  time.Duration
	peak int64 // largest resident size of any one process, in bytes
}

// cell writes the cost as three cells of a Markdown table.
func (c cost) String() string {
	return fmt.Sprintf("%.1f s | %.1f s | %d MB", c.wall.Seconds(), c.cpu.Seconds(), c.peak/1e6)
}

// measured runs a program and returns its cost and the last line of its
// standard output, read as JSON into result where that is not nil.
func measured(ctx context.Context, dir string, result any, name string, args ...string) (cost, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	start := time.Now()
	out, err := cmd.Output()
	c := cost{wall: time.Since(start)}
	if cmd.ProcessState != nil {
		c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			c.peak = u.Maxrss * 1024
		}
	}
	if err != nil {
		return c, fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	if result != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), result); err != nil {
			return c, fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
		}
	}
	return c, nil
}

// ownPeak returns the largest resident size of this process, in bytes.
func ownPeak() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Maxrss * 1024
}
