package serve

import (
	"net/http"
	"slices"
	"testing"
)

func TestEtagOf(t *testing.T) {
	sum := [32]byte{0: 0xab, 15: 0x01, 16: 0xff}
	if got, want := etagOf(sum, identity), `"ab000000000000000000000000000001"`; got != want {
		t.Errorf("plain: %s, want %s", got, want)
	}
	if got, want := etagOf(sum, gzipped), `"ab000000000000000000000000000001-gz"`; got != want {
		t.Errorf("gzip: %s, want %s", got, want)
	}
}

func TestConditions(t *testing.T) {
	const tag = `"aa-gz"`
	tests := []struct {
		name, value string
		want        verdict
	}{
		{"If-None-Match", `"aa-gz"`, notModified},
		{"If-None-Match", `"aa"`, send}, // the plain form: other bytes
		{"If-None-Match", `W/"aa-gz"`, notModified},
		{"If-None-Match", `"bb", W/"cc" ,"aa-gz"`, notModified},
		{"If-None-Match", `*`, notModified},
		{"If-None-Match", ` * `, notModified},
		{"If-None-Match", `aa-gz`, send},
		{"If-None-Match", `"aa-gz`, send},
		{"If-None-Match", `"x,"aa-gz"`, send}, // torn apart: nothing behind it counts
		{"If-None-Match", ``, send},
		{"If-Match", `"aa-gz"`, send},
		{"If-Match", `*`, send},
		{"If-Match", `W/"aa-gz"`, failed}, // weak tags never match strongly
		{"If-Match", `"bb"`, failed},
		{"If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", send},
	}
	for _, tt := range tests {
		if got := conditions(http.Header{tt.name: {tt.value}}, tag); got != tt.want {
			t.Errorf("%s: %s: got %d, want %d", tt.name, tt.value, got, tt.want)
		}
	}
}

func TestTags(t *testing.T) {
	got := slices.Collect(tags(`"a,b" , W/"c",,"d"junk, "e"`))
	if want := []string{`"a,b"`, `W/"c"`, `"d"`}; !slices.Equal(got, want) {
		t.Errorf("tags are %q, want %q", got, want)
	}
}

func TestRanged(t *testing.T) {
	const tag = `"aa"`
	whole := span{0, 1000}
	tests := []struct {
		header  string
		ifRange string
		want    span
		partial bool
		ok      bool
	}{
		{"", "", whole, false, true},
		{"bytes=0-99", "", span{0, 100}, true, true},
		{"bytes=900-", "", span{900, 100}, true, true},
		{"bytes=999-999", "", span{999, 1}, true, true},
		{"bytes=0-5000", "", whole, true, true},
		{"bytes=-100", "", span{900, 100}, true, true},
		{"bytes=-5000", "", whole, true, true},
		{"bytes= 0-9 ", "", span{0, 10}, true, true},
		{"bytes=1000-", "", span{}, true, false},
		{"bytes=-0", "", span{}, true, false},
		{"bytes=99999999999999999999-", "", span{}, true, false},
		{"bytes=5-4", "", whole, false, true},
		{"bytes=0-1,5-6", "", whole, false, true},
		{"bytes=-", "", whole, false, true},
		{"bytes=--5", "", whole, false, true},
		{"bytes=+1-5", "", whole, false, true},
		{"bytes=1", "", whole, false, true},
		{"lines=0-9", "", whole, false, true},
		{"bytes=0-99", `"aa"`, span{0, 100}, true, true},
		{"bytes=0-99", `"bb"`, whole, false, true},
		{"bytes=0-99", `W/"aa"`, whole, false, true},
		{"bytes=0-99", "Fri, 01 Jan 2100 00:00:00 GMT", whole, false, true},
		{"bytes=1000-", `"bb"`, whole, false, true},
	}
	for _, tt := range tests {
		h := http.Header{}
		if tt.header != "" {
			h.Set("Range", tt.header)
		}
		if tt.ifRange != "" {
			h.Set("If-Range", tt.ifRange)
		}
		got, partial, ok := ranged(h, tag, 1000)
		if got != tt.want || partial != tt.partial || ok != tt.ok {
			t.Errorf("Range %q, If-Range %q: %v, %t, %t; want %v, %t, %t",
				tt.header, tt.ifRange, got, partial, ok, tt.want, tt.partial, tt.ok)
		}
	}
	if _, partial, ok := ranged(http.Header{"Range": {"bytes=-1"}}, tag, 0); !partial || ok {
		t.Error("a range of an empty file can be satisfied")
	}
	if _, partial, _ := ranged(http.Header{"Range": {"bytes=0-1", "bytes=2-3"}}, tag, 10); partial {
		t.Error("one of two Range headers is honoured")
	}
}
