package pages_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// readBook reads a codebook of a site: the columns of a table in order, and what it says of
// each.
func readBook(t testing.TB, files map[string]string, table string) (columns []string, says map[string]map[string]string) {
	t.Helper()
	says = map[string]map[string]string{}
	body := files[record.DataFile("codebook", table)]
	if body == "" {
		t.Fatalf("%s has no codebook", table)
	}
	for _, r := range readCSV(t, body) {
		columns = append(columns, r["column"])
		says[r["column"]] = r
	}
	return columns, says
}

var (
	wholeNumber = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
	decimal     = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?$`)
	identifier  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]*$`)
)

// wrong says what is wrong with a value, by what the codebook says of its column; "":
// nothing. Of every type a value may be empty.
func wrong(value string, says map[string]string) string {
	words := strings.Fields(says["words"])
	if value == "" {
		return ""
	}
	ok := true
	switch says["type"] {
	case "word":
		ok = slices.Contains(words, value)
	case "list":
		for _, v := range strings.Split(value, " ") {
			ok = ok && v != "" && (len(words) == 0 || slices.Contains(words, v))
		}
	case "id":
		ok = identifier.MatchString(value)
	case "day":
		_, err := time.Parse("2006-01-02", value)
		ok = err == nil
	case "period":
		_, _, ok = record.Period(value).Bounds()
	case "integer":
		_, err := strconv.ParseInt(value, 10, 64)
		ok = err == nil && wholeNumber.MatchString(value)
	case "decimal":
		ok = decimal.MatchString(value)
	case "yes-no":
		ok = value == "yes" || value == "no"
	case "text":
		ok = value == record.Plain(value)
	default:
		return "its type " + says["type"] + " is not known"
	}
	if !ok {
		return fmt.Sprintf("%q is no %s", value, says["type"])
	}
	return ""
}

// dialect says in what way a file is not CSV as RFC 4180 has it, in UTF-8 without a mark,
// every value quoted where it must be and nowhere else; "": it is.
func dialect(body string) string {
	switch {
	case !utf8.ValidString(body):
		return "it is not UTF-8"
	case strings.HasPrefix(body, "\ufeff"):
		return "it begins with a mark"
	case !strings.HasSuffix(body, "\r\n"):
		return "its last line does not end"
	case strings.Count(body, "\n") != strings.Count(body, "\r\n") || strings.Count(body, "\r") != strings.Count(body, "\r\n"):
		return "a line does not end in CR LF"
	}
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		return err.Error()
	}
	if len(lines) != strings.Count(body, "\r\n") {
		return "a value lies on two lines"
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(lines); err != nil {
		return err.Error()
	}
	if b.String() != body {
		return "values are quoted in another way"
	}
	return ""
}

// readAll reads the data files of a site, counts the rows of each table and the values of
// each column, and returns the files.
func readAll(t *testing.T, parts map[string]pages.Partition, tables, values map[string]int) map[string]string {
	t.Helper()
	files := map[string]string{}
	for path, f := range build(t, slices.Collect(maps.Values(parts))).files {
		files[path] = string(f.Body)
	}
	for path, body := range files {
		rest, ok := strings.CutPrefix(strings.TrimSuffix(path, ".csv"), "data/")
		if !ok || !strings.HasSuffix(path, ".csv") {
			continue
		}
		if problem := dialect(body); problem != "" {
			t.Errorf("%s: %s", path, problem)
			continue
		}
		table, _, _ := strings.Cut(rest, "/")
		columns, says := readBook(t, files, table)
		if head, _, _ := strings.Cut(body, "\r\n"); head != strings.Join(columns, ",") {
			t.Errorf("%s: the columns are %s, and the codebook says %s", path, head, strings.Join(columns, ","))
			continue
		}
		keys, bad := map[string]bool{}, map[string]bool{}
		for _, row := range readCSV(t, body) {
			tables[table]++
			key := ""
			for _, c := range columns {
				if says[c]["key"] == "yes" {
					key += row[c] + "\n"
				}
				if row[c] != "" {
					values[table+"."+c]++
				}
				if problem := wrong(row[c], says[c]); problem != "" && !bad[c] {
					bad[c] = true
					t.Errorf("%s, column %s: %s", path, c, problem)
				}
			}
			if keys[key] {
				t.Errorf("%s: two rows have the key %q", path, key)
			}
			keys[key] = true
		}
	}
	return files
}

// TestDataFilesAreAsTheirCodebooksSay reads every data file of a whole site with nothing but
// the codebook that is published with it.
func TestDataFilesAreAsTheirCodebooksSay(t *testing.T) {
	o := richOffice(t)
	o.Ranks.Places = true
	one := o.plan(t)
	o.Ranks.Measures = []assess.Weight{{Measure: assess.MeasureOnTimeReply, Weight: 2}, {Measure: assess.MeasureRepliedOfDue, Weight: 1}}
	tables, values := map[string]int{}, map[string]int{}
	files := readAll(t, one, tables, values)
	readAll(t, o.plan(t), tables, values)
	// Every table has rows, and nearly every column a value, or nothing was read.
	for path := range files {
		if table, ok := strings.CutPrefix(strings.TrimSuffix(path, ".csv"), "data/codebook/"); ok {
			if tables[table] == 0 {
				t.Errorf("the table %s has no rows", table)
			}
			columns, _ := readBook(t, files, table)
			for _, c := range columns {
				if values[table+"."+c] == 0 {
					t.Errorf("%s.%s is empty everywhere", table, c)
				}
			}
		}
	}
}

// TestWithdrawnCaseLeavesGroupsPairsAndSamples withdraws a case whose reply is like others, and
// that was drawn for a sample. What says so says that it shows the case, so that it goes at
// once; and afterwards it is told of nowhere but in its row.
func TestWithdrawnCaseLeavesGroupsPairsAndSamples(t *testing.T) {
	o := richOffice(t)
	first := build(t, slices.Collect(maps.Values(o.plan(t))))
	alike, repeats := string(first.files["data/alike.csv"].Body), string(first.files["data/repeats.csv"].Body)
	drawn := record.CaseNumber("")
	for _, r := range readCSV(t, repeats) {
		page, _ := json.Marshal(first.pages["unit/"+r["unit"]+"/quality.html"].Params)
		if r["by"] == "rule" && strings.Contains(alike, ","+r["later"]+",") && !strings.Contains(repeats, r["later"]+",delivered") && strings.Contains(string(page), r["later"]) {
			drawn = record.CaseNumber(r["later"])
		}
	}
	if drawn == "" {
		t.Fatal("no reply of a pair is like others")
	}
	o.assessed[1].Sample.Drawn = []record.CaseNumber{drawn}
	said := func(where string) bool {
		return !strings.HasPrefix(where, "data/rows") && where != "data/takedowns.csv"
	}
	s, seen := build(t, slices.Collect(maps.Values(o.plan(t)))), map[string]bool{}
	for path, f := range s.files {
		if said(path) && strings.Contains(string(f.Body), string(drawn)) {
			seen[path] = true
			if !slices.Contains(f.Shows, drawn) {
				t.Errorf("%s tells of the case and does not say that it shows it", path)
			}
		}
	}
	for path, p := range s.pages {
		js, _ := json.Marshal(p.Params)
		if p.Layout == "quality" && strings.Contains(string(js), string(drawn)) {
			seen[p.Layout] = true
			if !slices.Contains(p.Shows, drawn) {
				t.Errorf("%s tells of the case and does not say that it shows it", path)
			}
		}
	}
	for _, path := range []string{"data/alike.csv", "data/repeats.csv", "data/samples.csv", "data/published.csv", "quality"} {
		if !seen[path] {
			t.Errorf("%s does not tell of the case: nothing was looked for", path)
		}
	}
	o.withdraw(t, drawn)
	s = build(t, slices.Collect(maps.Values(o.plan(t))))
	for path, f := range s.files {
		if slices.Contains(f.Shows, drawn) || said(path) && path != "data/samples.csv" && strings.Contains(string(f.Body), string(drawn)) {
			t.Errorf("%s tells of a withdrawn case", path)
		}
	}
	for path, p := range s.pages {
		js, _ := json.Marshal(p.Params)
		if slices.Contains(p.Shows, drawn) || p.Doc != nil && p.Doc.ID == string(drawn) || p.Layout == "quality" && strings.Contains(string(js), string(drawn)) {
			t.Errorf("%s tells of a withdrawn case", path)
		}
	}
	for _, r := range readCSV(t, string(s.files["data/samples.csv"].Body)) {
		if r["number"] == string(drawn) && r["citizen_level"]+r["citizen_scale"] != "" {
			t.Error("the rating of a withdrawn case is published")
		}
	}
}
