package main

import (
	"strings"
	"syscall"
	"time"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetest"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
)

// measured is the gate that is measured.
type measured struct{ gatetest.Gate }

func newGate() (measured, error) {
	g, err := gatetest.New()
	return measured{g}, err
}

// speed measures megabytes a second of processor time, in documents of two kilobytes of
// which one in ten has something planted: with the structured detectors alone, as
// built pages are read, and with names and addresses, as cases are.
func (g measured) speed(seed uint64) []gatetext.Figure {
	m := gatetext.New(seed)
	var texts []string
	size := 0
	for len(texts) < 200 {
		var b strings.Builder
		for b.Len() < 2000 {
			b.WriteString(m.Clean().Text)
		}
		if len(texts)%10 == 0 {
			b.WriteString(m.Planted(gatetext.Spelt()[len(texts)/10%5], gatetext.Spellings()[0]).Text)
			b.WriteString(m.Named(gatetext.Anchored()[len(texts)/10%8], gatetext.Spellings()[0]).Text)
		}
		texts = append(texts, b.String())
		size += b.Len()
	}
	figure := func(what string, floor float64, read func(text string)) gatetext.Figure {
		rounds := 0
		start, used := time.Now(), processorTime()
		for time.Since(start) < 2*time.Second {
			for _, text := range texts {
				read(text)
			}
			rounds++
		}
		speed := float64(size) * float64(rounds) / 1e6 / (processorTime() - used).Seconds()
		return gatetext.Figure{What: what, Measure: "MB/s a core", Floor: floor, Aim: 2 * floor, Tuned: speed, Heldout: speed}
	}
	built := g.NewLeakScan(gatetest.AsOf())
	return []gatetext.Figure{
		figure("speed, structured", 20, func(text string) { built.Text(text, nil, false) }),
		figure("speed, with names and addresses", 5, func(text string) { g.Check(gate.Official, text, gatetest.AsOf()) }),
	}
}

// processorTime is what the process has used of all cores, which other work on the
// machine does not change much.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it has no reason to fail
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
