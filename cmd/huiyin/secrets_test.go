package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
)

// secretsConfig is an installation with every text field of a case.
const secretsConfig = `version: 1
site:
  name: 示例市诉求公开
  base_url: https://www.example.gov.cn/huiyin/
export: {dir: public, search: true}
search: {engine: embedded}
sources:
  inputs:
    - glob: "cases-*.jsonl"
      as_of: {name: '(\d{4}-\d{2}-\d{2})'}
      key: id
      fields:
        title: title
        question: question
        reply: reply
        unit: {column: unit}
        topic: {column: topic}
        channel: {column: channel}
        addressee: addressee
        legal_class: legal_class
        outcome_reason: reason
        consent_basis: basis
        received: received
        replied: replied
        status: {const: replied}
        rating_comment: comment
        timeline: {each: steps, item: {day: day, what: what, text: text}}
        dispatches: {each: sent, item: {day: day, reason: reason}}
        supervisions: {each: urged, item: {day: day, what: what, result: result}}
`

// secret is a planted datum: as it is written, and in its plain form.
type secret struct{ kind, spelling, field, written, plain string }

// secretFields plant a text in a row, one field each.
var secretFields = []struct {
	name  string
	plant func(row map[string]any, text string)
}{
	{"title", func(r map[string]any, s string) { r["title"] = s }},
	{"question", func(r map[string]any, s string) { r["question"] = s }},
	{"reply", func(r map[string]any, s string) { r["reply"] = s }},
	{"addressee", func(r map[string]any, s string) { r["addressee"] = s }},
	{"legal_class", func(r map[string]any, s string) { r["legal_class"] = s }},
	{"outcome_reason", func(r map[string]any, s string) { r["reason"] = s }},
	{"consent_basis", func(r map[string]any, s string) { r["basis"] = s }},
	{"rating_comment", func(r map[string]any, s string) { r["comment"] = s }},
	{"timeline what", func(r map[string]any, s string) { r["steps"] = []any{map[string]any{"day": "2026-10-08", "what": s}} }},
	{"timeline text", func(r map[string]any, s string) {
		r["steps"] = []any{map[string]any{"day": "2026-10-08", "what": "转办", "text": s}}
	}},
	{"dispatch reason", func(r map[string]any, s string) { r["sent"] = []any{map[string]any{"day": "2026-10-08", "reason": s}} }},
	{"supervision what", func(r map[string]any, s string) { r["urged"] = []any{map[string]any{"day": "2026-10-08", "what": s}} }},
	{"supervision result", func(r map[string]any, s string) {
		r["urged"] = []any{map[string]any{"day": "2026-10-08", "what": "督办", "result": s}}
	}},
	{"unit name", func(r map[string]any, s string) { r["unit"] = s }},
	{"topic name", func(r map[string]any, s string) { r["topic"] = s }},
	{"own number", func(r map[string]any, s string) { r["id"] = s }},
}

// plantSecrets makes an export of n rows, each with a secret in one field and a
// marker that is no secret, and returns the secrets.
func plantSecrets(t *testing.T, n int) (export []byte, secrets []secret) {
	t.Helper()
	m := gatetext.New(2026)
	spellings := gatetext.Spellings()
	kinds := append(gatetext.Kinds(), gatetext.Person, gatetext.Address)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for i := range n {
		s := secret{kind: kinds[i%len(kinds)], spelling: "plain", field: secretFields[(i/len(kinds)+i)%len(secretFields)].name}
		if strings.HasSuffix(s.field, " name") && (s.kind == gatetext.Person || s.kind == gatetext.Address || s.kind == gatetext.BirthDate) {
			s.field = "reply" // a register names people and places: what its entries are called is not looked through for them
		}
		var text string
		switch {
		case i%len(kinds) < len(gatetext.Spelt()):
			sp := spellings[(i/len(kinds)*7+i)%len(spellings)]
			s.plain = m.Secret(s.kind)
			s.spelling, s.written = sp.Name, sp.Of(m, s.kind, s.plain)
			text = "我的号码是" + s.written + "，请尽快联系。"
		default:
			// A datum that is too short or too common would be met by chance.
			for len(s.written) < 9 {
				doc := m.Planted(s.kind, spellings[0])
				if s.kind == gatetext.Person {
					doc = m.Named(gatetext.SelfIntroduction, spellings[0])
				}
				text, s.written = doc.Text, doc.Text[doc.Start:doc.End]
			}
			s.plain = s.written
		}
		row := map[string]any{
			"id": fmt.Sprintf("SQ-%04d", i), "title": "路灯不亮", "question": fmt.Sprintf("灯杆编号是寅%d号，请修理。", i), "reply": "已经修好，感谢来信。",
			"unit": "路灯管理处", "topic": "市政", "channel": "网站", "received": "2026-10-05", "replied": "2026-10-09",
		}
		for _, f := range secretFields {
			if f.name == s.field {
				f.plant(row, text)
			}
		}
		if err := e.Encode(row); err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, s)
	}
	return b.Bytes(), secrets
}

// Two hundred secrets in every field and spelling go the whole way, and none of
// them is in any byte that comes out, neither as it was written nor in its plain
// form: packs, plain files, feeds, data, the index, the store, what the commands
// say, and what the sealed side keeps.
func TestNoSecretGetsOut(t *testing.T) {
	const n = 200
	export, secrets := plantSecrets(t, n)
	dir := t.TempDir()
	said := map[string][]byte{}
	run := func(want int, args ...string) {
		t.Helper()
		cmd := exec.Command("huiyin", args...)
		cmd.Dir = dir
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != want {
			t.Fatalf("huiyin %s: exit code %d, %v", strings.Join(args, " "), code, err)
		}
		said["what huiyin "+strings.Join(args, " ")+" says"] = append(said["what huiyin "+strings.Join(args, " ")+" says"], out.Bytes()...)
	}
	write := func(name string, b []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(0, "init", ".")
	write("huiyin.yaml", []byte(secretsConfig))
	write("inbox/cases-2026-11-02.jsonl", export)
	for _, args := range [][]string{
		{"pull", "--verbose"}, {"publish", "--verbose"}, {"status"}, {"status", "--json"}, {"fsck"}, {"index", "verify"},
	} {
		run(0, args...)
	}
	run(9, "gate", "check", "--json", "inbox/cases-2026-11-02.jsonl")

	// In the export itself everything is found, so that the search is known to work.
	all := map[string][]byte{}
	gather(t, filepath.Join(dir, "inbox"), all)
	missing := 0
	for _, s := range secrets {
		written, err := json.Marshal(s.written)
		if err != nil {
			t.Fatal(err)
		}
		if !holdsSecret(all, string(written[1:len(written)-1])) && !holdsSecret(all, s.written) {
			missing++
		}
	}
	if missing > 0 {
		t.Fatalf("%d secrets are not in the export", missing)
	}

	all = said
	for _, part := range []string{"state", "public"} {
		gather(t, filepath.Join(dir, part), all)
	}
	gatherStore(t, filepath.Join(dir, "state"), all)
	gatherIndex(t, filepath.Join(dir, "state", "search"), all)
	published := 0
	for i := range n {
		if holdsSecret(all, fmt.Sprintf("寅%d号", i)) {
			published++
		}
	}
	if published < n/2 {
		t.Errorf("%d cases of %d are published: what is not there says little", published, n)
	}
	for i, s := range secrets {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if bytes.Contains(all[name], []byte(s.written)) || bytes.Contains(all[name], []byte(s.plain)) {
				t.Errorf("secret %d (%s, %s, in %s) is in %s and perhaps elsewhere", i, s.kind, s.spelling, s.field, strings.TrimPrefix(name, dir))
				break
			}
		}
	}
}

func holdsSecret(all map[string][]byte, text string) bool {
	for _, body := range all {
		if bytes.Contains(body, []byte(text)) {
			return true
		}
	}
	return false
}

// gather reads every file below a folder as it lies there, and what is packed in it.
func gather(t *testing.T, dir string, all map[string][]byte) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all[path] = b
		if g, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
			if all[path+"!gz"], err = io.ReadAll(g); err != nil {
				return err
			}
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return nil // no pack
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				return err
			}
			if all[path+"!"+f.Name], err = io.ReadAll(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// gatherStore reads what the store holds, whose texts are packed in its file.
func gatherStore(t *testing.T, state string, all map[string][]byte) {
	t.Helper()
	db, err := store.Open(filepath.Join(state, "store.db"), store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for c, err := range db.Cases(t.Context(), "0001-000001", "9912-999999") {
		if err != nil || e.Encode(c) != nil {
			t.Fatal(err)
		}
	}
	for ev, err := range db.Events(t.Context(), "0001-000001", "9912-999999") {
		if err != nil || e.Encode(ev) != nil {
			t.Fatal(err)
		}
	}
	register, err := db.Register(t.Context())
	if err != nil || e.Encode(register) != nil {
		t.Fatal(err)
	}
	all["the store"] = b.Bytes()
}

// gatherIndex reads every document of the index.
func gatherIndex(t *testing.T, dir string, all map[string][]byte) {
	t.Helper()
	index, err := fts.OpenReader(dir, fts.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := index.Each(t.Context(), search.Query{}, func(h search.Hit) error { return e.Encode(h) }); err != nil {
		t.Fatal(err)
	}
	if b.Len() == 0 {
		t.Fatal("the index is empty")
	}
	all["the index"] = b.Bytes()
}
