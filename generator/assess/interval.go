package assess

import (
	"math/big"

	"github.com/huiyin/huiyin/generator/record"
)

// Interval is where the rate of all cases lies with 95 % confidence, given the rate
// of a sample: percentages with two decimals, as "39.68" and "89.22".
type Interval struct {
	Low  string `json:"low"`
	High string `json:"high"`
}

// precision is the number of bits that intervals are computed with: ten decimals more
// than any count of cases needs.
const precision = 192

// Wilson returns the Wilson score interval of a rate at 95 % (z = 1.959964), without
// correction for continuity: E. B. Wilson, Probable inference, the law of succession,
// and statistical inference, JASA 22 (1927). With n of the denominator, p the rate
// and z as above it is
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)
//
// Both ends are rounded half up. ok is false where there is no rate: the denominator
// is zero, or the numerator is not within it.
//
// It is for numbers that are a sample, such as ratings, where some are asked and the
// rest is to be judged by them. A count of all cases has no such interval.
func Wilson(r record.Rate) (i Interval, ok bool) {
	if r.Den <= 0 || r.Num < 0 || r.Num > r.Den {
		return i, false
	}
	real := func(v int64) *big.Float { return new(big.Float).SetPrec(precision).SetInt64(v) }
	z, _, err := big.ParseFloat("1.959964", 10, precision, big.ToNearestEven)
	if err != nil {
		return i, false // the constant is a number
	}
	op := func() *big.Float { return new(big.Float).SetPrec(precision) }
	// Multiplied out with k of n, so that one division is left:
	// (2k + z² ± z·√(z² + 4k(n−k)/n)) / 2(n + z²)
	k, n := real(r.Num), real(r.Den)
	zz := op().Mul(z, z)
	under := op().Mul(real(4), op().Mul(k, op().Sub(n, k)))
	under.Quo(under, n).Add(under, zz)
	half := op().Mul(z, op().Sqrt(under))
	middle := op().Add(op().Mul(real(2), k), zz)
	below := op().Mul(real(2), op().Add(n, zz))
	low := op().Quo(op().Sub(middle, half), below)
	high := op().Quo(op().Add(middle, half), below)
	return Interval{hundredths(low), hundredths(high)}, true
}

// hundredths writes a number from 0 to 1 as a percentage with two decimals, rounded
// half up.
func hundredths(v *big.Float) string {
	scaled := new(big.Float).SetPrec(precision).Mul(v, big.NewFloat(10000))
	n, _ := scaled.Add(scaled, big.NewFloat(0.5)).Int64()
	return record.Rate{Num: min(max(n, 0), 10000), Den: 10000}.Percent(2)
}
