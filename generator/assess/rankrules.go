package assess

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// RankRules say how units are compared. The zero value is of no use; see
// [DefaultRankRules] and [RankRules.Check].
type RankRules struct {
	// Measures are what is compared: one, with any weight, or several, whose rates
	// are added up in the given proportions (a composite).
	Measures []Weight `json:"measures"`
	// Minimum is how many cases a unit needs in the denominator of each measure.
	Minimum int64 `json:"minimum"`
	// Unknown is the largest share of unknown cases, in hundredths of a percent of those
	// that a measure asks of, with which a unit is ranked. A rate of the few cases of which
	// something is known says nothing about the others.
	Unknown int64 `json:"unknown"`
	// Bands are the classes (分档), the best first; the last begins at 0.
	Bands []Band `json:"bands"`
	// Places switches ordinal places on (名次).
	Places bool `json:"places"`
}

// Weight is a measure, which must be a rate, and its share of a composite.
type Weight struct {
	Measure string `json:"measure"`
	Weight  int64  `json:"weight"`
}

// Band is a class of rates: those of at least From, in hundredths of a percent, that
// are in no better one.
type Band struct {
	ID   string `json:"id"`
	Name Text   `json:"name"`
	From int64  `json:"from"`
}

// DefaultRankRules returns the rules that hold where the configuration gives none:
// on-time replies in four bands, without places, from 30 cases due, of which at most a
// fifth may be unknown.
func DefaultRankRules() RankRules {
	return RankRules{
		Measures: []Weight{{MeasureOnTimeReply, 1}},
		Minimum:  30,
		Unknown:  2000,
		Bands: []Band{
			{"first", Text{"好", "Good"}, 9500},
			{"second", Text{"较好", "Fairly good"}, 8500},
			{"third", Text{"一般", "Fair"}, 7000},
			{"last", Text{"待提升", "To be improved"}, 0},
		},
	}
}

// Check returns what is wrong with the rules, in words for whoever wrote them.
func (r RankRules) Check() error {
	seen := map[string]bool{}
	for _, w := range r.Measures {
		m := measured(w.Measure)
		switch {
		case m.Kind == RateMeasure && !m.Rows:
			return fmt.Errorf("measures: %q counts what is published in full alone, so that withdrawing a case could lift a unit; choose one that counts rows", w.Measure)
		case !m.Ranks:
			return fmt.Errorf("measures: %q is no rate of which more is better", w.Measure)
		case seen[w.Measure]:
			return fmt.Errorf("measures: %q stands there twice", w.Measure)
		case w.Weight < 1 || w.Weight > 1000:
			return fmt.Errorf("measures: the weight of %q is %d; want 1 to 1000", w.Measure, w.Weight)
		}
		seen[w.Measure] = true
	}
	switch {
	case len(r.Measures) == 0:
		return fmt.Errorf("measures: there is none to compare by")
	case r.Minimum < 1:
		return fmt.Errorf("minimum: %d; want at least 1", r.Minimum)
	case r.Unknown < 0 || r.Unknown > 10000:
		return fmt.Errorf("unknown: %d; want 0 to 10000 hundredths of a percent", r.Unknown)
	case len(r.Bands) < 2:
		return fmt.Errorf("bands: want at least two")
	}
	ids := map[string]bool{}
	for i, b := range r.Bands {
		switch {
		case b.ID == "" || ids[b.ID]:
			return fmt.Errorf("bands: each needs an id of its own")
		case b.Name.Zh == "" || b.Name.En == "":
			return fmt.Errorf("bands: %q needs a name in both languages", b.ID)
		case i == 0 && b.From > 10000 || i > 0 && b.From >= r.Bands[i-1].From:
			return fmt.Errorf("bands: %q begins at %d; each must begin below the one before, and none above 100 %%", b.ID, b.From)
		case i == len(r.Bands)-1 && b.From != 0:
			return fmt.Errorf("bands: the last, %q, must begin at 0", b.ID)
		}
		ids[b.ID] = true
	}
	return nil
}

// measured returns a measure, or one of no kind.
func measured(id string) Measure {
	all := Measures()
	if i := slices.IndexFunc(all, func(m Measure) bool { return m.ID == id }); i >= 0 {
		return all[i]
	}
	return Measure{}
}

// score is the weighted mean of rates, from 0 to 1.
func score(rules RankRules, figures []record.Figure) *big.Rat {
	sum, weights := new(big.Rat), int64(0)
	for i, w := range rules.Measures {
		part := big.NewRat(figures[i].Num, figures[i].Den)
		sum.Add(sum, part.Mul(part, new(big.Rat).SetInt64(w.Weight)))
		weights += w.Weight
	}
	return sum.Quo(sum, new(big.Rat).SetInt64(weights))
}

// band returns the first band that a score reaches.
func band(rules RankRules, v *big.Rat) int {
	for i, b := range rules.Bands {
		if v.Cmp(big.NewRat(b.From, 10000)) >= 0 {
			return i
		}
	}
	return len(rules.Bands) - 1
}

// percent writes a number from 0 to 1 as a percentage with two decimals, rounded half
// up.
func percent(v *big.Rat) string {
	n := new(big.Int).Mul(v.Num(), big.NewInt(20000))
	n.Add(n, v.Denom())
	n.Quo(n, new(big.Int).Mul(v.Denom(), big.NewInt(2)))
	return record.Rate{Num: n.Int64(), Den: 10000}.Percent(2)
}

// distance says how many more cases in the numerator would lift a rate out of its band,
// and how many fewer would let it fall out of it.
func distance(rules RankRules, at int, r record.Rate) (raise, lower int64) {
	whole := new(big.Int)
	if at > 0 { // the smallest n with n/den >= from
		whole.Mul(big.NewInt(rules.Bands[at-1].From), big.NewInt(r.Den))
		whole.Add(whole, big.NewInt(9999)).Quo(whole, big.NewInt(10000))
		raise = whole.Int64() - r.Num
	}
	if at < len(rules.Bands)-1 { // the largest n with n/den < from is one below the smallest that is not
		whole.Mul(big.NewInt(rules.Bands[at].From), big.NewInt(r.Den))
		whole.Add(whole, big.NewInt(9999)).Quo(whole, big.NewInt(10000))
		lower = r.Num - whole.Int64() + 1
	}
	return raise, lower
}
