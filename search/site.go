package search

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The fields of a site's documents. Days are numbers such as 20261120, months
// and years words such as "2026-11" and "2026".
const (
	FieldTitle    = "title"
	FieldQuestion = "question"
	FieldReply    = "reply"

	FieldType    = "type"    // what the document is: [TypeCase]
	FieldUnit    = "unit"    // identifier of the unit that answers
	FieldArea    = "area"    // code of the area
	FieldTopic   = "topic"   // identifier of the topic
	FieldChannel = "channel" // identifier of the channel
	FieldKind    = "kind"    // what the case asks for, a word such as "complain"
	FieldStatus  = "status"  // how far it has come, a word such as "replied"
	FieldRating  = "rating"  // "4/5" and "2/3" in words, "points-4" in points
	FieldYear    = "year"    // of the day of the reply, or else of receipt
	FieldMonth   = "month"   // of the same day

	FieldReceived = "received" // day of receipt
	FieldReplied  = "replied"  // day of the reply
	FieldDays     = "days"     // whole days from receipt to reply
)

// TypeCase is the value of [FieldType] of a case.
const TypeCase = "case"

// form changes whenever the same document is to be indexed in another way,
// though the schema is the same: when [Units] cuts or folds differently.
const form = 1

// SiteSchema returns the schema of a site's documents.
func SiteSchema() Schema {
	return Schema{
		Text: []string{FieldTitle, FieldQuestion, FieldReply},
		Keyword: []string{
			FieldType, FieldUnit, FieldArea, FieldTopic, FieldChannel, FieldKind, FieldStatus, FieldRating, FieldYear, FieldMonth,
		},
		Number: []string{FieldReceived, FieldReplied, FieldDays},
		Newest: FieldReplied,
	}
}

// SiteForm names the schema and the way in which texts are cut. An index of
// another form has to be made anew.
func SiteForm() string {
	b, err := json.Marshal(SiteSchema())
	if err != nil {
		panic("search: the schema does not marshal: " + err.Error()) // names alone
	}
	sum := sha256.Sum256(fmt.Appendf(b, " %d", form))
	return hex.EncodeToString(sum[:6])
}

// Mark says what the index of a site shows: what [Stats] returns as Mark. Its
// text form has at most 512 bytes.
type Mark struct {
	Release int    `json:"release"` // the release whose documents are in the index
	Overlay int64  `json:"overlay"` // generation of what had been withdrawn by then
	Gone    string `json:"gone"`    // a hash of what that was: after a backup is put back, generations are given again
	Cutoff  string `json:"cutoff"`  // of the release, as 2006-01-02
	Docs    int    `json:"docs"`    // how many documents that are
	Form    string `json:"form"`    // as [SiteForm]

	// Replaced are packs of the release which had been made again without a
	// withdrawn case, each by the beginning of its name. One entry "*" stands for
	// more than fit.
	Replaced []string `json:"replaced,omitempty"`

	// Toward are the releases of changes that were begun and not finished: the
	// index may hold some documents of each in the place of those of Release.
	Toward []int `json:"toward,omitempty"`
}

// String returns the text form.
func (m Mark) String() string {
	b, err := json.Marshal(m)
	if err != nil {
		panic("search: the mark does not marshal: " + err.Error()) // numbers and names alone
	}
	return string(b)
}

// ParseMark reads the text form. It refuses unknown fields: such a mark is of
// another version of the program, and what it says of the index is not known.
func ParseMark(s string) (Mark, error) {
	var m Mark
	d := json.NewDecoder(bytes.NewReader([]byte(s)))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Mark{}, fmt.Errorf("search: mark of an index: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Mark{}, errors.New("search: mark of an index: text behind its end")
	}
	if m.Release < 1 || m.Overlay < 0 || m.Docs < 0 {
		return Mark{}, errors.New("search: mark of an index: a number is out of range")
	}
	return m, nil
}

// The addresses of search in a site, from its root.
const (
	PagePath       = "search.html"            // the page that is searched from
	VocabularyPath = "search/vocabulary.json" // the names of values, a [VocabularyFile]
	SynonymsPath   = "search/synonyms.txt"    // names of offices that mean the same, as package lexicon reads them
)

// FieldName returns what readers call a field, or the case number ("number").
func FieldName(field string) Label {
	switch field {
	case FieldTitle:
		return Label{"标题", "Title"}
	case FieldQuestion:
		return Label{"诉求内容", "Question"}
	case FieldReply:
		return Label{"答复内容", "Reply"}
	case FieldType:
		return Label{"类型", "Type"}
	case FieldUnit:
		return Label{"单位", "Office"}
	case FieldArea:
		return Label{"地区", "Area"}
	case FieldTopic:
		return Label{"领域", "Topic"}
	case FieldChannel:
		return Label{"渠道", "Channel"}
	case FieldKind:
		return Label{"诉求类别", "Kind"}
	case FieldStatus:
		return Label{"办理状态", "Status"}
	case FieldRating:
		return Label{"评价", "Rating"}
	case FieldYear:
		return Label{"年份", "Year"}
	case FieldMonth:
		return Label{"月份", "Month"}
	case FieldReceived:
		return Label{"收到日期", "Received"}
	case FieldReplied:
		return Label{"答复日期", "Replied"}
	case FieldDays:
		return Label{"用时（天）", "Days taken"}
	case opNumber:
		return Label{"编号", "Number"}
	}
	return Label{ZH: field}
}
