package sample

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadScores(t *testing.T) {
	const head = "number,category,level\n"
	tests := []struct {
		name, file string
		want       []Score
		err        string
	}{
		{"two", "\xef\xbb\xbfnumber,category,level\r\n2610-000001,居民,5\r\n2610-000002,,1\r\n", []Score{{"2610-000001", "居民", 5}, {"2610-000002", "", 1}}, ""},
		{"none", head, nil, ""},
		{"empty", "", nil, "no heading"},
		{"other columns", "number,level,category\n", nil, "no heading"},
		{"a word for a level", head + "2610-000001,a,good\n", nil, "line 2 "},
		{"no level", head + "2610-000001,a,3\n2610-000002,a,\n", nil, "line 3 "},
		{"a level beyond all", head + "2610-000001,a,300\n", nil, "line 2 "},
		{"no number", head + "SQ-1,a,3\n", nil, "line 2 "},
		{"lines that a spreadsheet leaves below a table, and blanks", head + "2610-000001, a ,3\r\n,,\r\n , ,\r\n", []Score{{"2610-000001", "a", 3}}, ""},
		{"a category alone", head + ",a,\n", nil, "line 2 "},
		{"a column too many", head + "2610-000001,a,3,4\n", nil, "line 2 of the scores cannot be read"},
		{"a quote that stays open", head + "2610-000001,a,3\n\"2610-000001,a,3\n", nil, "line 3 of the scores cannot be read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadScores([]byte(test.file))
			if diff := cmp.Diff(test.want, got); diff != "" || !strings.Contains(said(err), test.err) || (err == nil) != (test.err == "") {
				t.Error(diff, err)
			}
		})
	}
	if msg := said(promised().Knows([]Score{{"2610-000001", "居民", 5}, {"2610-000001", "专家", 5}})); !strings.Contains(msg, "not on the panel") {
		t.Error(msg)
	}
	if err := promised().Knows([]Score{{"2610-000001", "居民", 5}}); err != nil {
		t.Error(err)
	}
	if err := new(Commitment).Knows([]Score{{"2610-000001", "专家", 5}}); err != nil {
		t.Error(err)
	}
}

func TestReadFrame(t *testing.T) {
	for _, strata := range [][]string{twelve, make([]string, 3), {""}, nil} {
		f := frameOf(t, strata...)
		back, err := ReadFrame(f.CSV())
		if err != nil || back.SHA256() != f.SHA256() {
			t.Errorf("%q: %v", f.CSV(), err)
		}
	}
	for _, file := range []string{
		"", "number\r\n", "number,stratum\n2610-000001,\n", "number,stratum\r\n2610-000002,\r\n2610-000001,\r\n", "number,stratum\r\n2610-000001\r\n",
		"number,stratum\r\n2610-000001,\r\n2610-000001,\r\n", "number,stratum\r\n2610-000001,", "number,stratum\r\n2610-000001,a,b\r\n", "stratum,number\r\n",
	} {
		if _, err := ReadFrame([]byte(file)); err == nil {
			t.Errorf("%q was read", file)
		}
	}
}

// FuzzRead: no file of scores or of a frame does harm, and a frame that is read is written
// the same again.
func FuzzRead(f *testing.F) {
	f.Add([]byte("number,stratum\r\n2610-000001,a\r\n"))
	f.Add([]byte("number,category,level\n2610-000001,a,3\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if frame, err := ReadFrame(b); err == nil && string(frame.CSV()) != string(b) {
			t.Errorf("%q", b)
		}
		scores, err := ReadScores(b)
		for _, s := range scores {
			if err != nil || s.Number.Month() == 0 {
				t.Errorf("%+v %v", s, err)
			}
		}
	})
}
