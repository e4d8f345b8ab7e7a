package deadline_test

import (
	"testing"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
)

// BenchmarkDue finds the due day of one case in 20 working days.
func BenchmarkDue(b *testing.B) {
	f := deadline.Finder{Rules: rules(b, lawful), Calendar: calendar(b, notice2025, notice2026)}
	first := day("2025-01-02")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if !f.Due("foi", deadline.Answer, first+record.Day(i%600), 0).Known() {
			b.Fatal("not found")
		}
	}
}

// BenchmarkWorkingDays counts the working days of a month or so.
func BenchmarkWorkingDays(b *testing.B) {
	c := calendar(b, notice2025, notice2026)
	first := day("2025-01-02")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, known := c.WorkingDays(first+record.Day(i%600), first+record.Day(i%600)+30); !known {
			b.Fatal("not known")
		}
	}
}
