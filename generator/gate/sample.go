package gate

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// maxDrawn and maxScores bound the cases of a sample, and what a panel says of them. No
// panel reads as many.
const (
	maxDrawn  = 5_000
	maxScores = 20_000
)

// sample reads the draw behind an assessment; nil where nothing of it was delivered. What
// is set aside leaves the rest standing. Numbers, hashes and levels pass by their form
// alone; the names of categories, the rubric and the seed are looked through like any text.
func (c *clearing) sample() *record.Sample {
	f := c.raw.Fields
	if f[source.FieldDrawn] == "" && f[source.FieldSeedHash] == "" && f[source.FieldFrameHash] == "" && f[source.FieldPanelScores] == "" {
		return nil
	}
	s := &record.Sample{
		Cases: c.oneOf(source.FieldSampleCases, "full", "rows"), By: c.oneOf(source.FieldSampleBy, "unit", "kind"),
		Committed: c.day(source.FieldCommitted), SeedSHA256: c.hash(source.FieldSeedHash), Seed: c.seed(),
		Frame: c.count(source.FieldFrame), FrameSHA256: c.hash(source.FieldFrameHash), Drawn: c.drawnCases(),
		Rubric: c.text(source.FieldRubric, Official, f[source.FieldRubric]), RubricSHA256: c.hash(source.FieldRubricHash),
		Scale: record.RatingScale(c.oneOf(source.FieldRatingScale, string(record.Five), string(record.Three), string(record.Points))),
	}
	names := c.panel(s)
	c.panelScores(s, names)
	return s
}

// oneOf reads a word; another is set aside.
func (c *clearing) oneOf(field string, words ...string) string {
	v := c.raw.Fields[field]
	if v != "" && !slices.Contains(words, v) {
		c.aside(field, "unlisted-word", "this is none of the words that the field may hold", "docs/mapping.md lists them")
		return ""
	}
	return v
}

// hash reads a SHA-256.
func (c *clearing) hash(field string) string {
	v := c.raw.Fields[field]
	if b, err := hex.DecodeString(v); v != "" && (err != nil || len(b) != 32 || strings.ToLower(v) != v) {
		c.aside(field, "bad-hash", "this is no SHA-256 of 64 hexadecimal digits in lower case", "take it as huiyin sample draw wrote it")
		return ""
	}
	return v
}

// seed reads a seed. One in which anything would have to be masked is no seed any more.
func (c *clearing) seed() string {
	v := c.raw.Fields[source.FieldSeed]
	if v == "" {
		return ""
	}
	if len(v) < 32 || len(v) > 128 || strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' }) {
		c.aside(source.FieldSeed, "bad-seed", "this is no seed of 32 to 128 characters of ASCII without blanks", "take it as huiyin sample draw wrote it")
		return ""
	}
	if seed := c.line(source.FieldSeed, Label, len(v)); seed == v {
		return seed
	}
	c.aside(source.FieldSeed, "masked-seed", "the seed holds something that must not be published", "take another seed for the next sample; this one cannot be shown")
	return ""
}

// items splits a list of at most most items.
func (c *clearing) items(field string, most int) []string {
	v := c.raw.Fields[field]
	c.work.spend(len(v))
	if strings.Count(v, source.ListSeparator) >= most {
		c.aside(field, "list-too-long", "this list has too many items", "check the mapping of the column")
		return nil
	}
	return slices.DeleteFunc(strings.Split(v, source.ListSeparator), func(s string) bool { return s == "" })
}

// asideOnce is aside for one item of a long list: each kind of fault is told once.
func (c *clearing) asideOnce(field, code, reason, hint string) {
	if !slices.ContainsFunc(c.verdict.Quality, func(r source.Rejected) bool { return r.Column == field && r.Code == code }) {
		c.aside(field, code, reason, hint)
	}
}

// drawnCases reads the numbers of the cases drawn, sorted. One that is no number, or stands
// there twice, is left out.
func (c *clearing) drawnCases() (list []record.CaseNumber) {
	for _, v := range c.items(source.FieldDrawn, maxDrawn) {
		n, err := record.ParseCaseNumber(v)
		if err != nil {
			c.asideOnce(source.FieldDrawn, "bad-case-number", "an item of this list is no public number of a case", "numbers are like 2611-000001")
			continue
		}
		list = append(list, n)
	}
	slices.Sort(list)
	if n := len(list); n > 0 {
		if list = slices.Compact(list); len(list) < n {
			c.asideOnce(source.FieldDrawn, "twice", "a case is in this list twice", "give each case once")
		}
	}
	return list
}

// panel reads the categories of the panel, and returns what each is called after what it
// was called as delivered.
func (c *clearing) panel(s *record.Sample) map[string]string {
	names := map[string]string{}
	for i, v := range c.items(source.FieldPanel, maxList) {
		name, count, _ := strings.Cut(v, "=")
		name = strings.TrimSpace(name)
		members, err := strconv.ParseUint(strings.TrimSpace(count), 10, 16)
		if name == "" || err != nil || members == 0 || names[name] != "" {
			c.asideOnce(source.FieldPanel, "bad-panel", "a category of the panel has no name of its own, or no number of members", "write each as NAME=NUMBER")
			continue
		}
		label := c.short(source.FieldPanel+"."+strconv.Itoa(i), Label, name, maxLabel)
		if label == "" {
			continue
		}
		names[name] = label
		s.Panel = append(s.Panel, record.PanelPart{Category: label, Members: int(members)})
	}
	return names
}

// panelScores reads what the panel said. A score that cannot be used is left out: of a
// case that was not drawn, by a category that is not on the panel, outside the scale, or
// given twice.
func (c *clearing) panelScores(s *record.Sample, names map[string]string) {
	const f = source.FieldPanelScores
	levels := int8(5)
	if s.Scale == record.Three {
		levels = 3
	}
	type once struct {
		number   record.CaseNumber
		category string
	}
	seen := map[once]bool{}
	for _, v := range c.items(f, maxScores) {
		number, rest, _ := strings.Cut(v, " ")
		level, name, _ := strings.Cut(rest, " ")
		n, err := record.ParseCaseNumber(number)
		l, lerr := strconv.ParseInt(level, 10, 8)
		_, in := slices.BinarySearch(s.Drawn, n)
		key := once{n, names[strings.TrimSpace(name)]}
		switch {
		case s.Scale == "":
			c.asideOnce(f, "no-scale", "the scores of the panel have no scale", "give rating_scale: five, three or points")
			return
		case err != nil || lerr != nil:
			c.asideOnce(f, "bad-score", "an item of this list is no score", "write each as NUMBER LEVEL NAME, such as 2611-000001 4 居民")
		case l < 1 || l > int64(levels):
			c.asideOnce(f, "score-out-of-range", "a score in this list lies outside its scale", "levels count from 1, the worst")
		case !in:
			c.asideOnce(f, "not-drawn", "a case was judged that was not drawn", "give scores of cases of the sample alone")
		case key.category == "":
			c.asideOnce(f, "not-on-panel", "a case was judged by a category that is not on the panel", "write the categories as the panel does")
		case seen[key]:
			c.asideOnce(f, "twice", "a case was judged twice by one category of the panel", "give each category's score of a case once")
		default:
			seen[key] = true
			s.Scores = append(s.Scores, record.PanelScore{Number: n, Category: key.category, Level: int8(l)})
		}
	}
}
