package record

import (
	"fmt"
	"strconv"
	"strings"
)

// CaseNumber is the public number of a case: the month in which it was received
// and a running number of at least six digits in that month, as in
// "2611-004217". It is given once, when the case or its stub is first stored,
// is never reused and never changes, also when a date or a kind is corrected.
// It carries nothing of the number that the office uses itself.
type CaseNumber string

// NewCaseNumber returns the number of the n-th case of month m. n starts at 1.
func NewCaseNumber(m Month, n int) CaseNumber {
	return CaseNumber(fmt.Sprintf("%s-%06d", m.Short(), n))
}

// ParseCaseNumber checks that s is a public case number.
func ParseCaseNumber(s string) (CaseNumber, error) {
	c := CaseNumber(s)
	if c.Month() == 0 || c.Running() < 1 || len(s) > 5+9 || s != string(NewCaseNumber(c.Month(), c.Running())) {
		return "", fmt.Errorf("%q is not a case number like 2611-004217", s)
	}
	return c, nil
}

// Month returns the month in the number, or zero when the number is malformed.
// Two-digit years are read as 2000 to 2099.
func (c CaseNumber) Month() Month {
	if len(c) < 5 || c[4] != '-' {
		return 0
	}
	n, err := strconv.ParseUint(string(c[:4]), 10, 16)
	if err != nil || n%100 < 1 || n%100 > 12 {
		return 0
	}
	return Month((2000+int(n/100))*12 + int(n%100) - 1)
}

// Running returns the running number within the month, or zero when the number
// is malformed.
func (c CaseNumber) Running() int {
	if len(c) < 6 {
		return 0
	}
	n, err := strconv.ParseUint(string(c[5:]), 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

// PartitionSize is the number of case pages that are rendered together. It is
// part of the partition's name and so never changes.
const PartitionSize = 300

// Bucket returns the partition of the month in which the case's page lies,
// starting at 0. It depends on the number alone, so that a page never moves.
func (c CaseNumber) Bucket() int { return (c.Running() - 1) / PartitionSize }

// UnitID names a unit (单位) in addresses and files. Valid identifiers match
// ^[a-z0-9-]{1,64}$; the empty identifier means that the unit is not known.
type UnitID string

// AreaCode is a six-digit division code of GB/T 2260, or an identifier of the
// same alphabet as [UnitID] where the office's areas have no such code. Empty
// means not known.
type AreaCode string

// TopicID names a topic (领域、事项分类). Same alphabet as [UnitID].
type TopicID string

// ChannelID names a channel through which cases arrive (渠道). Same alphabet as
// [UnitID].
type ChannelID string

// ValidID reports whether s may be used as an identifier in addresses: one to
// 64 lower-case ASCII letters, digits and hyphens, not beginning or ending with
// a hyphen.
func ValidID(s string) bool {
	if len(s) < 1 || len(s) > 64 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if b := s[i]; (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '-' {
			return false
		}
	}
	return true
}

// Level returns the rank of a division code: 1 for a province, 2 for a
// prefecture, 3 for a county, 4 for anything longer, and 0 when the code is not
// a division code.
func (a AreaCode) Level() int {
	if len(a) < 6 {
		return 0
	}
	if _, err := strconv.ParseUint(string(a), 10, 64); err != nil {
		return 0
	}
	switch {
	case len(a) > 6:
		return 4
	case strings.HasSuffix(string(a), "0000"):
		return 1
	case strings.HasSuffix(string(a), "00"):
		return 2
	}
	return 3
}
