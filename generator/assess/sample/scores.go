package sample

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// ReadScores reads the scores of a panel from a CSV file in UTF-8 with the columns number,
// category and level, in this order. Lines without any text are passed over, as
// spreadsheets write them below a table. An error names the line.
func ReadScores(file []byte) (scores []Score, err error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = 3
	broken := func(err error, msg, hint string) error {
		var at *csv.ParseError
		if errors.As(err, &at) {
			msg = fmt.Sprintf("line %d of %s", at.Line, msg)
		}
		return fault.Wrap(err, msg, hint)
	}
	head, err := r.Read()
	if err != nil || !slices.Equal(head, []string{"number", "category", "level"}) {
		return nil, fault.Wrap(errors.Join(errors.New("heading"), err), "the scores have no heading", "the first line is number,category,level")
	}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return scores, nil
		}
		if err != nil {
			return nil, broken(err, "the scores cannot be read", "each line has a case number, a category of the panel and a level")
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if row[0] == "" && row[1] == "" && row[2] == "" {
			continue
		}
		line, _ := r.FieldPos(0)
		number, numberErr := record.ParseCaseNumber(row[0])
		level, levelErr := strconv.ParseInt(row[2], 10, 8)
		if numberErr != nil || levelErr != nil || row[1] != "" && !plain(row[1]) {
			return nil, fault.New(fmt.Sprintf("line %d of the scores cannot be used", line), "each line has a case number, a category of the panel and a level as a whole number")
		}
		scores = append(scores, Score{number, row[1], int8(level)})
	}
}

// Knows says whether the panel that c names has the category of each score; a commitment
// without panel knows all.
func (c *Commitment) Knows(scores []Score) error {
	for _, s := range scores {
		if len(c.Panel) > 0 && !slices.ContainsFunc(c.Panel, func(p Category) bool { return p.Name == s.Category }) {
			return fault.New("a case was judged by a category that is not on the panel", "the commitment names the panel; write its categories as it does")
		}
	}
	return nil
}
