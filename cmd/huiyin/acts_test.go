package main

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/store"
)

// audits says of each command which acts it keeps in the audit, or why it does none: a
// command that is not here may change something without a trace, and fails the test below.
var audits = map[string]struct {
	acts   []string
	reason string // why there is none
}{
	"withdraw":      {acts: []string{"withdraw", "prove"}},
	"reinstate":     {acts: []string{"reinstate"}},
	"correct":       {acts: []string{"correct", "undo correct"}},
	"merge":         {acts: []string{"merge", "undo merge"}},
	"republish":     {acts: []string{"republish"}},
	"rollback":      {acts: []string{"rollback"}},
	"restore":       {acts: []string{"restore"}},
	"approve":       {acts: []string{"approve accept", "approve decline", "approve replace", "approve outcome", "approve take-back"}},
	"gate accept":   {acts: []string{"gate accept"}},
	"gate reject":   {acts: []string{"gate reject"}},
	"gate regate":   {acts: []string{"gate regate"}},
	"gate suggest":  {acts: []string{"gate suggest"}},
	"sample commit": {acts: []string{"sample commit"}},
	"sample draw":   {acts: []string{"sample draw"}},
	"replies draw":  {acts: []string{"replies draw"}},
	"replies judge": {acts: []string{"replies judge"}},
	"index keys":    {acts: []string{"index keys"}},

	"init":          {reason: "there is no audit before it"},
	"pull":          {reason: "what came stands in the store as batches, and nobody decides about it here"},
	"publish":       {reason: "nobody decides what is in a release; the store keeps which there were, and when"},
	"run":           {reason: "what it is asked for is kept as it is asked: republish"},
	"render-worker": {reason: "works for publish, and keeps nothing"},
	"backup":        {reason: "copies, by a rule of the configuration"},
	"fsck":          {reason: "reads; what --recount throws away is counted again by the next publish"},
	"index rebuild": {reason: "makes again what a release says"}, "index optimise": {reason: "changes nothing that is found"},
	"export": {reason: "copies what is public"},
	"demo":   {reason: "works in a folder of its own, on a made-up city"},
	"alerts": {reason: "tells the office"}, "digest": {reason: "tells the office"},
	"map": {reason: "reads"}, "status": {reason: "reads"}, "audit": {reason: "reads"}, "numbers": {reason: "reads"}, "config": {reason: "reads"},
	"deadlines": {reason: "reads"}, "promises": {reason: "reads"}, "index status": {reason: "reads"}, "index verify": {reason: "reads"},
	"gate check": {reason: "reads"}, "gate list": {reason: "reads"}, "gate show": {reason: "reads"}, "gate policy": {reason: "reads"},
	"gate records":   {reason: "reads"},
	"sample compare": {reason: "reads, and writes what a panel said beside what citizens said"}, "sample result": {reason: "prints a row that the source delivers"},
}

// commandsOf returns the paths of the commands that do anything themselves.
func commandsOf(c *cobra.Command, path string) (all []string) {
	if !c.HasSubCommands() {
		return []string{path}
	}
	for _, sub := range c.Commands() {
		all = append(all, commandsOf(sub, strings.TrimSpace(path+" "+sub.Name()))...)
	}
	return all
}

// Every command is in the table, and every act of the table is seen in the audit by a
// script (acts ACT...) or a test (acts("ACT", ...)).
func TestEveryActIsAudited(t *testing.T) {
	commands := commandsOf(newRoot(standard()), "")
	for _, name := range commands {
		e, ok := audits[name]
		if !ok || (len(e.acts) == 0) == (e.reason == "") {
			t.Errorf("huiyin %s: the table says neither which acts it keeps in the audit nor why none", name)
		}
	}
	seen := ""
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^(acts .*|\t+d\.acts\(.*)$`)
	for _, file := range append(files, tests...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen += strings.Join(line.FindAllString(string(text), -1), "\n") + "\n"
	}
	for name, e := range audits {
		if !slices.Contains(commands, name) {
			t.Errorf("there is no command %q any more", name)
		}
		for _, act := range e.acts {
			if !regexp.MustCompile(`[ '"(]` + regexp.QuoteMeta(act) + `(['"\s]|$)`).MatchString(seen) {
				t.Errorf("no test looks for the act %q in the audit", act)
			}
		}
	}
}

// actsIn returns the names of the acts in the audit of a store, in order.
func actsIn(path string) (acts []string, err error) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query(`SELECT act, by, target, origin FROM audit ORDER BY seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var act, by, target, origin string
		if err := rows.Scan(&act, &by, &target, &origin); err != nil {
			return nil, err
		}
		if by == "" || target == "" || origin == "" {
			act += " (by nobody, of nothing, or from nowhere)"
		}
		acts = append(acts, act)
	}
	return acts, rows.Err()
}

// actsOf is "[!] acts ACT...": these are the last acts in the audit of the installation in
// this folder, in their order; with "!", there is none.
func actsOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg != (len(args) == 0) {
		ts.Fatalf("usage: acts ACT... or ! acts")
	}
	acts, err := actsIn(ts.MkAbs("state/store.db"))
	ts.Check(err)
	if neg && len(acts) > 0 || len(acts) < len(args) || !slices.Equal(acts[max(0, len(acts)-len(args)):], args) {
		ts.Fatalf("the acts are %q", acts)
	}
}

// acts reports where the last acts in the audit are others.
func (d *desk) acts(want ...string) {
	d.Helper()
	acts, err := actsIn(d.at("state/store.db"))
	if err != nil {
		d.Fatal(err)
	}
	if len(acts) < len(want) || !slices.Equal(acts[max(0, len(acts)-len(want)):], want) {
		d.Errorf("the acts are %q, and the last should be %q", acts, want)
	}
}

// What somebody gives as a name or a reason stays in its place in the list: no character of
// it turns the line round or hides a part of it.
func TestAuditIsLegible(t *testing.T) {
	var out bytes.Buffer
	a := standard()
	a.out = &out
	act := store.Act{At: time.Date(2026, 11, 6, 9, 0, 0, 0, time.UTC), By: "王\u202e李", Origin: "192.0.2.1 a\u200b", Act: "republish", Target: "all\u2066", Reason: "made\u2028up"}
	a.showAudit(auditResult{Listed: []listedAct{{Audited: store.Audited{Seq: 1, Act: act}, Words: "made up\n\u202eit is"}}})
	want := "1  2026-11-06 17:00  王<U+202E>李  192.0.2.1 a<U+200B>  republish  all<U+2066>  made<U+2028>up\n" +
		"   note: made up <U+202E>it is\n" +
		"0 acts; the last one's hash is \n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
