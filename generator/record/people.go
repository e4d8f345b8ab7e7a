package record

import (
	"fmt"
	"slices"
)

// People is how the writers of the cases received in one calendar year are
// spread over the values of one attribute (诉求人情况). It is published in sums
// alone, and small numbers are hidden.
type People struct {
	Year      int           `json:"year"`
	Attribute Attribute     `json:"attribute"`
	Groups    []PeopleGroup `json:"groups"` // in the order of [Attribute.Groups]; all of them
	Total     PeopleCount   `json:"total"`  // cases for which the export carried the attribute
}

// PeopleGroup is one value of an attribute with the cases that have it.
type PeopleGroup struct {
	Group string `json:"group"` // a word of [Attribute.Groups]
	PeopleCount
}

// PeopleCount is a number of cases, or the fact that it is not published because
// it is small, or because it would give a small one away.
type PeopleCount struct {
	N       int64 `json:"n"`
	Hidden  bool  `json:"hidden,omitempty"`
	Percent int64 `json:"percent"` // of the total, rounded half up; -1 where it is not published
}

// Attribute is an attribute of writers that is published in sums alone.
type Attribute string

// The attributes. Each has the name of the field of package source that carries it.
const (
	RatingComment   Attribute = "rating_comment"   // 评价意见: given or not
	Age             Attribute = "age"              // 年龄
	Sex             Attribute = "sex"              // 性别
	PetitionHistory Attribute = "petition_history" // 以往诉求次数
)

// Attributes lists the attributes in the order in which they are published.
func Attributes() []Attribute { return []Attribute{Age, Sex, PetitionHistory, RatingComment} }

// Groups returns the values that an attribute is counted by, in their order. The
// last two are "empty", carried and empty, and "other", a value that is not understood;
// a comment is never "other". It is nil for an unknown attribute.
func (a Attribute) Groups() []string {
	switch a {
	case Age:
		return []string{"0-17", "18-29", "30-44", "45-59", "60-74", "75+", "empty", "other"}
	case Sex:
		return []string{"female", "male", "empty", "other"}
	case PetitionHistory:
		return []string{"0", "1", "2-4", "5+", "some", "empty", "other"}
	case RatingComment:
		return []string{"given", "empty"}
	}
	return nil
}

// Check reports what is wrong with p.
func (p People) Check() error {
	groups := p.Attribute.Groups()
	if groups == nil || p.Year < 2000 || p.Year > 2099 || len(p.Groups) != len(groups) {
		return fmt.Errorf("not a table of people of one year and attribute")
	}
	for i, g := range p.Groups {
		if g.Group != groups[i] || g.Hidden && g.N != 0 {
			return fmt.Errorf("a group of %s is out of place, or hidden with its number", p.Attribute)
		}
	}
	if slices.ContainsFunc(p.Groups, func(g PeopleGroup) bool { return g.N < 0 }) {
		return fmt.Errorf("a group of %s has a negative number", p.Attribute)
	}
	return nil
}
