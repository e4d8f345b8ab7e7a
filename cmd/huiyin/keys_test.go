package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// docs/operations.md names every key of the objects of these commands, in the row of the
// command.
func TestKeysAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, line := range strings.Split(string(doc), "\n") {
		if cells := strings.SplitN(line, "|", 3); len(cells) == 3 {
			rows[strings.TrimSpace(cells[1])] += cells[2]
		}
	}
	for command, object := range map[string]any{
		"`withdraw`": withdrawResult{}, "`audit --proof`": proofsResult{},
		"`promises`": promisesResult{}, "`approve`": approveResult{}, "`replies draw`": repliesDrawn{}, "`replies judge`": repliesJudged{},
		"`deadlines`": deadlinesResult{}, "`deadlines NUMBER`, `deadlines TRACK DAY`": dueResult{},
		"`sample commit`": commitResult{}, "`sample draw`": drawResult{}, "`sample compare`": compareResult{},
	} {
		row := rows[command]
		if command == "`promises`" {
			row += rows["`approve`"] // which says what a commitment holds
		}
		for _, key := range keysOf(reflect.TypeOf(object)) {
			if !strings.Contains(row, "`"+key+"`") {
				t.Errorf("%s: the key %s is not documented", command, key)
			}
		}
	}
}

// keysOf lists the JSON keys of a struct and of what it holds.
func keysOf(t reflect.Type) (keys []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || !strings.HasPrefix(t.PkgPath(), "github.com/huiyin/huiyin/") && t.PkgPath() != "main" {
		return nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() && !f.Anonymous || key == "-" {
			continue
		}
		if key != "" {
			keys = append(keys, key)
		}
		keys = append(keys, keysOf(f.Type)...)
	}
	return keys
}
