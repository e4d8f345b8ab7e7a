package gate

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

func keyedGate(t testing.TB, key byte) *Gate {
	t.Helper()
	g, err := New(Options{Key: bytes.Repeat([]byte{key}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// fill gives every field of v a value.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.String:
		v.SetString("甲")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(7)
	}
}

// eachLeaf calls do with every field of v and its path.
func eachLeaf(v reflect.Value, path string, do func(path string, leaf reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				eachLeaf(v.Field(i), path+"."+f.Name, do)
			}
		}
	case reflect.Slice:
		do(path, v)
		if v.Len() > 0 {
			eachLeaf(v.Index(0), path+"[0]", do)
		}
	case reflect.Pointer:
		do(path, v)
		eachLeaf(v.Elem(), path, do)
	default:
		do(path, v)
	}
}

// Whatever of a cleared record changes, its hash changes, and nothing of it is passed
// over.
func TestOutputMAC(t *testing.T) {
	g := keyedGate(t, 7)
	for _, one := range []any{
		record.Case{}, record.Unit{}, record.Area{}, record.Topic{}, record.Channel{}, record.Assessment{}, record.Withdrawal{}, record.People{},
	} {
		full := reflect.New(reflect.TypeOf(one)).Elem()
		fill(full)
		of := func() string { return g.outputMAC(Cleared{value: full.Interface()}) }
		want, seen := of(), map[string]string{}
		if want != of() || want == g.outputMAC(Cleared{value: one}) {
			t.Errorf("%T: not of its fields alone", one)
		}
		eachLeaf(full, reflect.TypeOf(one).Name(), func(path string, leaf reflect.Value) {
			was := reflect.New(leaf.Type()).Elem()
			was.Set(leaf)
			leaf.SetZero()
			have := of()
			if other, again := seen[have]; have == want || again && !strings.HasPrefix(path, other) {
				t.Errorf("%s does not count", path)
			}
			seen[have] = path
			leaf.Set(was)
		})
		if of() != want {
			t.Errorf("%T: the same fields have another hash", one)
		}
	}
	c := Cleared{value: record.Case{}}
	if g.outputMAC(Cleared{}) != "" || g.outputMAC(c) == keyedGate(t, 8).outputMAC(c) ||
		g.outputMAC(c) == g.outputMAC(Cleared{value: record.Case{}, repeat: "x"}) ||
		g.outputMAC(Cleared{value: record.Case{}, merged: "x"}) == g.outputMAC(Cleared{value: record.Case{}, repeat: "x"}) {
		t.Error("the key or the links do not count")
	}
}

// The hashes by which what was stored is known stay as they are.
func TestKeyedHashesStay(t *testing.T) {
	g := keyedGate(t, 7)
	raw := source.Raw{Kind: source.Case, Key: "K-1", Fields: map[string]string{"title": "甲", "reply": ""}, Files: []source.File{{Name: "a", Type: "b", Body: []byte("c")}}}
	for range 2 { // the second time from a buffer that was used
		for name, have := range map[string][2]string{
			"key":     {g.KeyMAC(source.Case, "K-1"), "a48b7eee4371386f310080033ca78bdceb5c6ade38bc5959d942b9b4de50d155"},
			"content": {g.contentMAC(raw), "ee8742b5cd584c0c7d684c686756f19b13fc5ea08248210bc5af810f961a5037"},
		} {
			if have[0] != have[1] {
				t.Errorf("%s: %s", name, have[0])
			}
		}
	}
}

// BenchmarkReviewHashes makes the hashes of a review record of a case of 650
// characters.
func BenchmarkReviewHashes(b *testing.B) {
	g := keyedGate(b, 7)
	question, reply := strings.Repeat("路灯不亮。", 52), strings.Repeat("已经修好。", 68)
	raw := source.Raw{Kind: source.Case, Key: "K-1", Fields: map[string]string{source.FieldQuestion: question, source.FieldReply: reply}}
	for i := range 12 {
		raw.Fields[fmt.Sprintf("field-%d", i)] = "2026-11-02T09:30:00+08:00"
	}
	cleared := Cleared{value: record.Case{Row: record.Row{Number: "2611-000001"}, Question: question, Reply: record.Reply{Text: reply}}}
	b.ReportAllocs()
	b.SetBytes(int64(2 * (len(question) + len(reply))))
	for b.Loop() {
		if g.contentMAC(raw) == "" || g.outputMAC(cleared) == "" {
			b.Fatal("no hash")
		}
	}
}
