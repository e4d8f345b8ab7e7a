package opendata

import (
	"bytes"
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// Type is how the values of a column are to be read.
type Type string

// The types of column.
const (
	Word    Type = "word"    // one of the words that the codebook lists
	ID      Type = "id"      // of a case, or of an entry of a register
	String  Type = "text"    //
	Day     Type = "day"     // 2006-01-02, in UTC+8
	Period  Type = "period"  // 2026-10, 2026, 2026-10/12 (twelve months that end with it), 2025-03/2026-10 (from one month to another) or all
	Integer Type = "integer" //
	Decimal Type = "decimal" // with a point
	Yes     Type = "yes-no"  // yes or no
	List    Type = "list"    // words or identifiers, parted by a space
)

// Unit is what the numbers of a column count or measure.
type Unit string

// The units. NoUnit is that of numbers that only name something or put it in order.
const (
	NoUnit      Unit = ""
	Cases       Unit = "cases"
	Days        Unit = "days"
	Percent     Unit = "percent" // of 100
	Times       Unit = "times"   // how often something was done
	Files       Unit = "files"
	Levels      Unit = "levels" // of a scale of ratings, 1 being the worst
	Months      Unit = "months" // rankings on end, one a month
	Residents   Unit = "residents"
	Promises    Unit = "commitments"
	Stays       Unit = "stays"      // of a case with an office
	AsTheRow    Unit = "as-the-row" // that of the measure or note of the row; twice the days of a median
	AsTheColumn Unit = "as-unit"    // that which the column unit of the table says
)

// Column is one column of a table of T.
type Column[T any] struct {
	Name  string
	Type  Type
	About assess.Text // one sentence each
	Words []string    // of the type Word or List: all that occur
	Value func(*T) string
}

// Table is a kind of file: rows made from values of T.
type Table[T any] struct {
	Name    string      // file name without its ending
	About   assess.Text // one sentence each
	Key     []string    // columns that together tell rows apart
	Columns []Column[T]
	Units   map[string]Unit // of every column of the types Integer and Decimal
}

// Write writes the table's head and a row a value, and returns how many rows. It
// stops at the first error of the sequence or of w.
func (t *Table[T]) Write(w io.Writer, values iter.Seq2[T, error]) (rows int64, err error) {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	line := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		line[i] = col.Name
	}
	if err := c.Write(line); err != nil {
		return 0, err
	}
	for v, err := range values {
		if err != nil {
			return rows, err
		}
		for i := range t.Columns {
			line[i] = value(t.Columns[i].Value(&v))
		}
		if err := c.Write(line); err != nil {
			return rows, err
		}
		rows++
	}
	c.Flush()
	return rows, c.Error()
}

// File returns the table of values as a file.
func (t *Table[T]) File(values []T) []byte {
	var b bytes.Buffer
	_, err := t.Write(&b, func(yield func(T, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
	})
	if err != nil {
		panic("opendata: a buffer refuses to be written: " + err.Error())
	}
	return b.Bytes()
}

// value returns s as it stands in a file: on one line, since tools that count lines
// count rows, and with nothing in it that shows other text than it holds.
func value(s string) string {
	for i := range len(s) {
		if c := s[i]; c < '!' || c > '~' {
			return record.Plain(s)
		}
	}
	return s
}

// Entry is one column of a codebook.
type Entry struct {
	Table, Column string
	Type          Type
	Key           bool
	Unit          Unit
	About         assess.Text
	Words         []string
}

// Entries describes the columns of the table.
func (t *Table[T]) Entries() []Entry {
	var all []Entry
	for _, c := range t.Columns {
		all = append(all, Entry{
			Table: t.Name, Column: c.Name, Type: c.Type, Unit: t.Units[c.Name], Key: slices.Contains(t.Key, c.Name), About: c.About, Words: c.Words,
		})
	}
	return all
}

// Codebook returns the columns of the table as a file: a table itself, with a row a
// column.
func (t *Table[T]) Codebook() []byte {
	return Codebooks().File(t.Entries())
}

// Codebooks is what codebooks are, as a table.
func Codebooks() *Table[Entry] {
	return &Table[Entry]{
		Name: "codebook", Key: []string{"table", "column"},
		About: assess.Text{Zh: "各数据文件的字段说明，每个字段一行。", En: "What the columns of a file mean, a row each."},
		Columns: []Column[Entry]{
			{"table", String, assess.Text{Zh: "数据文件名称", En: "Name of the file"}, nil, func(e *Entry) string { return e.Table }},
			{"column", String, assess.Text{Zh: "字段名", En: "Name of the column"}, nil, func(e *Entry) string { return e.Column }},
			{"type", Word, assess.Text{Zh: "值的类型；各类型未知的值都为空，不写作0或者no", En: "How values are to be read. Of every type a value that is not known is empty, and never 0 or no"},
				[]string{string(Word), string(ID), string(String), string(Day), string(Period), string(Integer), string(Decimal), string(Yes), string(List)},
				func(e *Entry) string { return string(e.Type) }},
			{"unit", Word, assess.Text{Zh: "数值的单位：cases 件，days 天，percent 百分比，times 次，files 个文件，levels 级（1 最低），months 期（一月一期），residents 人，commitments 项承诺，stays 次停留；as-the-row 为该行指标或者提示的单位（中位数为天数的两倍），as-unit 为该表 unit 字段所示；序号、版本、年份、层级等没有单位的为空", En: "What its numbers count or measure; as-the-row: that of the measure or note of the row, of a median twice the days; as-unit: what the column unit of the table says; empty for texts, and for numbers that only name something or put it in order"},
				[]string{string(Cases), string(Days), string(Percent), string(Times), string(Files), string(Levels), string(Months), string(Residents), string(Promises), string(Stays), string(AsTheRow), string(AsTheColumn)},
				func(e *Entry) string { return string(e.Unit) }},
			{"key", Yes, assess.Text{Zh: "是否为主键的一部分", En: "Whether it is part of what tells rows apart"}, nil, func(e *Entry) string { return yesNo(e.Key) }},
			{"zh", String, assess.Text{Zh: "中文说明", En: "What it means, in Chinese"}, nil, func(e *Entry) string { return e.About.Zh }},
			{"en", String, assess.Text{Zh: "英文说明", En: "What it means, in English"}, nil, func(e *Entry) string { return e.About.En }},
			{"words", List, assess.Text{Zh: "可取的值", En: "The words that occur"}, nil, func(e *Entry) string { return strings.Join(e.Words, " ") }},
		},
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
