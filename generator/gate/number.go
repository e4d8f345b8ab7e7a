package gate

import (
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// The plans of the numbers that the detectors look for. Each function takes
// ASCII digits.

// isMobile reports whether d is a mainland mobile number. The plan opens new
// ranges every few years, so the first two digits are all that is asked.
func isMobile(d string) bool {
	return len(d) == 11 && d[0] == '1' && d[1] >= '3'
}

// trunk returns how many digits before a mobile number belong to its prefix:
// the country code, with or without zeros, or the zero of old exchanges. It is
// -1 when d is not a mobile number with a prefix.
func trunk(d string) int {
	for _, prefix := range []string{"", "86", "0086", "086", "0"} {
		if rest, ok := strings.CutPrefix(d, prefix); ok && isMobile(rest) {
			return len(prefix)
		}
	}
	return -1
}

// regions marks the first two digits that a division code can have.
var regions = func() (t [100]bool) {
	for _, span := range [][2]int{{11, 15}, {21, 23}, {31, 37}, {41, 46}, {50, 54}, {61, 65}, {71, 71}, {81, 83}, {91, 91}} {
		for r := span[0]; r <= span[1]; r++ {
			t[r] = true
		}
	}
	return t
}()

// idBirth returns the birthday in an identity card number of 18 characters or
// of 15 digits, and zero when the region or the day cannot be.
func idBirth(d string) record.Day {
	if !regions[two(d, 0)] {
		return 0
	}
	if len(d) == 15 {
		return record.Date(1900+two(d, 6), time.Month(two(d, 8)), two(d, 10))
	}
	return record.Date(two(d, 6)*100+two(d, 8), time.Month(two(d, 10)), two(d, 12))
}

// idChecksum reports whether the last character of an 18-character identity
// card number is the check character of GB 11643.
func idChecksum(d string) bool {
	sum, weight := 0, 1 // weights are powers of two modulo 11, from the right
	for i := len(d) - 1; i >= 0; i-- {
		v := int(d[i] - '0')
		if d[i] == 'X' {
			v = 10
		}
		sum += v * weight
		weight = weight * 2 % 11
	}
	return sum%11 == 1
}

// creditLetters are the characters of a unified social credit code by their
// values: I, O, S, V and Z are left out.
const creditLetters = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditCode reports whether the 18 digits and capital letters d are a unified
// social credit code of GB 32100, by its registering body, its region and its
// check character.
func creditCode(d string) bool {
	if strings.IndexByte("1569N", d[0]) < 0 || d[2] > '9' || d[3] > '9' || !regions[two(d, 2)] {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(creditLetters, d[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return creditLetters[(31-sum%31)%31] == d[17]
}

// luhn reports whether d ends in its check digit.
func luhn(d string) bool {
	sum := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// issuer says how strongly the first digits of d are those of a bank card: 2
// for the domestic range, 1 for ranges that a serial number may also begin
// with, 0 for none.
func issuer(d string) int {
	switch {
	case len(d) < 12:
		return 0
	case strings.HasPrefix(d, "62"):
		return 2
	case d[0] == '4', d[0] == '5' && d[1] >= '1' && d[1] <= '5', d[:2] == "35", d[:2] == "60", d[:2] == "65":
		return pick(len(d) == 16, 1, 0)
	case d[:3] == "955", d[:2] == "94":
		return 1
	}
	return 0
}

// areaCode returns the length of the area code that d, which begins with a
// zero, begins with, or 0.
func areaCode(d string) int {
	switch {
	case len(d) < 3 || d[0] != '0':
		return 0
	case d[:3] == "010" || d[1] == '2':
		return 3
	case d[1] >= '3':
		return 4
	}
	return 0
}

// isLocal reports whether d is a local number without its area code.
func isLocal(d string) bool {
	return (len(d) == 7 || len(d) == 8) && d[0] >= '2' && d[0] <= '8'
}

// isNorthAmerican reports whether d, ten digits, is a number of the North
// American plan.
func isNorthAmerican(d string) bool {
	return len(d) == 10 && d[0] >= '2' && d[3] >= '2'
}

// isService reports whether d, ten digits, is called at the expense of whoever
// offers it: 400 and 800, and the free numbers of the North American plan.
func isService(d string) bool {
	if len(d) != 10 {
		return false
	}
	switch d[:3] {
	case "400", "800", "888", "877", "866", "855", "844", "833":
		return true
	}
	return false
}

// isDate reports whether d begins with a day written as yyyymmdd.
func isDate(d string) bool {
	return len(d) >= 8 && isYear(d[:4]) && record.Date(two(d, 0)*100+two(d, 2), time.Month(two(d, 4)), two(d, 6)).Known()
}

// isYear reports whether the four digits d may be a year of our time.
func isYear(d string) bool { return len(d) == 4 && (d[:2] == "19" || d[:2] == "20") }

// two returns the number of the two digits of d at i.
func two(d string, i int) int { return int(d[i]-'0')*10 + int(d[i+1]-'0') }

// pick returns yes or no as b says.
func pick[T any](b bool, yes, no T) T {
	if b {
		return yes
	}
	return no
}
