package pages

import (
	"cmp"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
)

// searchDoc returns what is searched of a case that is published in full: the
// same values as on its page, and the texts as they are shown there.
func searchDoc(title string, c *record.Case) *search.Doc {
	d := &search.Doc{
		ID: string(c.Number), Seq: caseSeq(c.Number),
		Text: filled(map[string]string{
			search.FieldTitle: title, search.FieldQuestion: shown(c.Question), search.FieldReply: shown(c.Reply.Text),
		}),
		Number: map[string]int64{},
	}
	day := cmp.Or(c.RepliedOn, c.Received)
	d.Keyword = filled(map[string]string{
		search.FieldType: search.TypeCase, search.FieldUnit: string(c.Unit), search.FieldArea: string(c.Area),
		search.FieldTopic: string(c.Topic), search.FieldChannel: string(c.Channel), search.FieldKind: string(c.Kind),
		search.FieldStatus: string(c.Status), search.FieldRating: ratingWord(c.Rating),
		search.FieldYear: itoa(day.Month().Year()), search.FieldMonth: day.Month().String(),
	})
	for name, day := range map[string]record.Day{search.FieldReceived: c.Received, search.FieldReplied: c.RepliedOn} {
		if day.Known() {
			d.Number[name] = dayNumber(day)
		}
	}
	if n, ok := c.Days.Get(); ok {
		d.Number[search.FieldDays] = int64(n)
	}
	return d
}

// filled drops fields without a value.
func filled(m map[string]string) map[string]string {
	for k, v := range m {
		if v == "" {
			delete(m, k)
		}
	}
	return m
}

// caseSeq is the number of a case as one whole number, so that cases are in the
// order of their numbers: 2611-004217 is 2611000004217.
func caseSeq(n record.CaseNumber) int64 {
	m := n.Month()
	return int64(m.Year()%100*100+int(m)%12+1)*1e9 + int64(n.Running())
}

// dayNumber writes a day as a number: 20261120.
func dayNumber(d record.Day) int64 {
	y, m, day := d.Time().Date()
	return int64(y)*10000 + int64(m)*100 + int64(day)
}

// scaleOf is the best level of a scale that has words for its levels.
var scaleOf = map[record.RatingScale]int{record.Five: 5, record.Three: 3}

// ratingWord is the value under which a rating is filtered: "4/5", "2/3", or
// "points-4", since four points of five are not the word that stands fourth.
func ratingWord(r record.Rating) string {
	switch {
	case r.Level <= 0:
		return ""
	case r.Scale == record.Points:
		return "points-" + itoa(int(r.Level))
	case scaleOf[r.Scale] > 0:
		return itoa(int(r.Level)) + "/" + itoa(scaleOf[r.Scale])
	}
	return ""
}
