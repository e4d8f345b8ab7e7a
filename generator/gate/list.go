package gate

import (
	"encoding/json"
	"io"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// entry is one item of a field that holds a JSON array. A field takes the keys that
// it uses; what stands under the others goes nowhere.
type entry struct {
	Day       string `json:"day"`
	From      string `json:"from"`
	To        string `json:"to"`
	Returned  bool   `json:"returned"`
	Reason    string `json:"reason"`
	By        string `json:"by"`
	What      string `json:"what"`
	Result    string `json:"result"`
	Unit      string `json:"unit"`
	Text      string `json:"text"`
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
	Max       string `json:"max"`
}

// entries reads a field that holds a JSON array. A field that cannot be read is
// set aside whole. Texts in it are cleared one by one, as field.index.key, and
// the offsets of their findings count in the decoded string.
func (c *clearing) entries(field string) (list []entry) {
	if c.stands != nil && c.stands.lists[field] != nil {
		return c.stands.lists[field]
	}
	v := c.raw.Fields[field]
	if strings.TrimSpace(v) == "" {
		return nil
	}
	if len(v) > c.policy.MaxText {
		c.hold("text-too-long")
		return nil
	}
	c.work.spend(4 * len(v))
	if !utf8.ValidString(v) {
		c.hold("bad-utf8")
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(v))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil || len(list) > maxList {
		c.aside(field, "bad-json", "this is not a JSON array of the expected form, or it has more than 200 items", "check the mapping of the column")
		return nil
	}
	if _, err := dec.Token(); err != io.EOF {
		c.aside(field, "bad-json", "something follows the JSON array", "check the mapping of the column")
		return nil
	}
	return list
}

// entryDay reads the day of an entry, which may not lie after the as-of day.
func (c *clearing) entryDay(field, value string) record.Day {
	m, ok := parseMoment(value)
	if !ok || m.day > c.asOf {
		c.aside(field, "bad-date", "a date in this list cannot be read, or lies after the day that the export is of", "correct the date")
		return 0
	}
	return m.day
}

// entryID reads an identifier in an entry.
func (c *clearing) entryID(field, value string) record.UnitID {
	if value != "" && !validID(value) {
		c.aside(field, "bad-id", "a unit in this list is not an identifier", "check the mapping of the column")
		return ""
	}
	return record.UnitID(value)
}

// entryText clears one text of an entry.
func (c *clearing) entryText(field string, i int, key, value string) string {
	return c.text(field+"."+strconv.Itoa(i)+"."+key, Official, value)
}

// entryLine clears one text of an entry to a line.
func (c *clearing) entryLine(field string, i int, key, value string) string {
	return c.short(field+"."+strconv.Itoa(i)+"."+key, Official, value, maxLabel)
}

func (c *clearing) dispatches() (list []record.Dispatch) {
	const f = source.FieldDispatches
	for i, e := range c.entries(f) {
		list = append(list, record.Dispatch{
			Day: c.entryDay(f, e.Day), From: c.entryID(f, e.From), To: c.entryID(f, e.To),
			Returned: e.Returned, Reason: c.entryText(f, i, "reason", e.Reason),
		})
	}
	return list
}

func (c *clearing) supervisions() (list []record.Supervision) {
	const f = source.FieldSupervisions
	for i, e := range c.entries(f) {
		list = append(list, record.Supervision{
			Day: c.entryDay(f, e.Day), By: c.entryID(f, e.By),
			What: c.entryText(f, i, "what", e.What), Result: c.entryText(f, i, "result", e.Result),
		})
	}
	return list
}

func (c *clearing) timeline() (list []record.Step) {
	const f = source.FieldTimeline
	for i, e := range c.entries(f) {
		list = append(list, record.Step{
			Day: c.entryDay(f, e.Day), What: c.entryLine(f, i, "what", e.What),
			Unit: c.entryID(f, e.Unit), Text: c.entryText(f, i, "text", e.Text),
		})
	}
	return list
}

// scores reads the dimensions of an assessment. Values are decimals; a dimension whose
// value cannot be used is left out, and the others stand.
func (c *clearing) scores() (list []record.Score) {
	const f = source.FieldScores
	for i, e := range c.entries(f) {
		if !decimal(e.Value) || e.Max != "" && !decimal(e.Max) {
			c.aside(f, "bad-number", "a score in this list is not a decimal number", "check the mapping of the column")
			continue
		}
		if e.Max != "" && !inRange(e.Value, e.Max) {
			c.aside(f, "score-out-of-range", "a score in this list lies below zero or above its maximum", "correct the score or its maximum")
			continue
		}
		list = append(list, record.Score{
			Dimension: c.entryLine(f, i, "dimension", e.Dimension), Value: e.Value, Max: e.Max,
		})
	}
	return list
}

// inRange reports whether a decimal lies from zero to a maximum.
func inRange(value, most string) bool {
	v, ok := new(big.Rat).SetString(value)
	m, mok := new(big.Rat).SetString(most)
	return ok && mok && v.Sign() >= 0 && v.Cmp(m) <= 0
}

// decimal reports whether s is a plain decimal number of at most 10 characters: no
// score is longer, and telephone and card numbers are.
func decimal(s string) bool {
	digits, dots := 0, 0
	for i, b := range []byte(strings.TrimPrefix(s, "-")) {
		switch {
		case b >= '0' && b <= '9':
			digits++
		case b == '.' && i > 0:
			dots++
		default:
			return false
		}
	}
	return digits > 0 && dots <= 1 && len(s) <= 10 && s[len(s)-1] != '.'
}
