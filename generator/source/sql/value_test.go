package sql

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
)

func TestValues(t *testing.T) {
	for _, tt := range []struct {
		kind  kind
		array bool
		text  string
		want  string // "" for none
	}{
		{kindText, false, "a\"\\\n\r\t\x01\u2028<&>字", `"a\"\\\n\r\t\u0001` + "\u2028" + `<&>字"`},
		{kindText, false, "\xff", ""},
		{kindPadded, false, "ab  ", `"ab"`},
		{kindBool, false, "t", "true"},
		{kindBool, false, "f", "false"},
		{kindBool, false, "true", ""},
		{kindWhole, false, "-9223372036854775808", "-9223372036854775808"},
		{kindNumber, false, "0.10", "0.10"},
		{kindNumber, false, "1e-07", "1e-07"},
		{kindNumber, false, "NaN", "null"},
		{kindNumber, false, "Infinity", `"Infinity"`},
		{kindNumber, false, "01", ""},
		{kindNumber, false, "1 ", ""},
		{kindNumber, false, "+1", ""},
		{kindNumber, false, "null", ""},
		{kindNumber, false, "", ""},
		{kindDay, false, "2026-11-28", `"2026-11-28"`},
		{kindDay, false, "0044-03-15 BC", `"0044-03-15 BC"`},
		{kindTime, false, "2026-11-28 09:30:00+08", `"2026-11-28T09:30:00+08:00"`},
		{kindTime, false, "2026-11-28 09:30:00.123456-03:30", `"2026-11-28T09:30:00.123456-03:30"`},
		{kindTime, false, "2026-11-28 09:30:00", `"2026-11-28 09:30:00"`},
		{kindTime, false, "0044-03-15 00:00:00+08 BC", `"0044-03-15 00:00:00+08 BC"`},
		{kindTime, false, "infinity", `"infinity"`},
		{kindLocal, false, "2026-11-28 09:30:00.5", `"2026-11-28T09:30:00.5"`},
		{kindLocal, false, "12026-11-28 09:30:00", `"12026-11-28 09:30:00"`},
		{kindJSON, false, "{ \"a\" : [1.50, null] }", `{"a":[1.50,null]}`},
		{kindJSON, false, "{", ""},
		{kindJSON, false, "1 2", ""},
		{kindText, true, `{}`, `[]`},
		{kindText, true, `{a,NULL,"NULL","a,b","\"\\",""}`, `["a",null,"NULL","a,b","\"\\",""]`},
		{kindWhole, true, `[2:3]={1,2}`, `[1,2]`},
		{kindWhole, true, `{{1,2},{3,4}}`, `[[1,2],[3,4]]`},
		{kindWhole, true, `{a}`, ""},
		{kindText, true, `{a`, ""},
		{kindText, true, `{a}b`, ""},
		{kindText, true, `{a,}`, ""},
		{kindText, true, `{,a}`, ""},
		{kindText, true, `{"a}`, ""},
		{kindText, true, `{"a\`, ""},
		{kindText, true, `{"a"b}`, ""},
		{kindText, true, `{a"b"}`, ""},
		{kindText, true, `[1:2]`, ""},
		{kindText, true, ``, ""},
		{kindText, true, `{`, ""},
		{kindText, true, strings.Repeat("{", 7) + strings.Repeat("}", 7), ""},
	} {
		c := column{name: "question", typ: "text", kind: tt.kind, array: tt.array}
		b, err := c.append(nil, []byte(tt.text))
		if tt.want == "" {
			if msg, _, _ := fault.Public(err); msg != "the column question has a value that cannot be taken" {
				t.Errorf("%q: %s, %v", tt.text, b, err)
			}
			continue
		}
		if err != nil || string(b) != tt.want {
			t.Errorf("%q: %s, %v, want %s", tt.text, b, err, tt.want)
		}
	}
	if b, err := (column{kind: kindJSON, array: true}).append([]byte("x"), nil); string(b) != "xnull" || err != nil {
		t.Errorf("null: %s, %v", b, err)
	}
}

// Whatever the server writes, what comes out is one value of JSON and one line, or an
// error without a word of it; and a text comes back as it was.
func FuzzValue(f *testing.F) {
	for _, text := range []string{"", "t", "-0.10e5", "NaN", "2026-11-28 09:30:00.1+08", `{"a": [1]}`, `{a,NULL,"b\"c",{d}}`, "[0:1]={1,2}", "小区\"路灯\"\n", "\xff", "{\"\\"} {
		for k := range int8(kindJSON) + 1 {
			f.Add(k, false, []byte(text))
			f.Add(k, true, []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, k int8, array bool, text []byte) {
		if k <= int8(kindNone) || k > int8(kindJSON) || text == nil {
			return
		}
		c := column{name: "n", typ: "t", kind: kind(k), array: array}
		b, err := c.append(nil, text)
		if err != nil {
			var public *fault.Error
			if !errors.As(err, &public) || public.Err != nil {
				t.Fatalf("an error that may show what was received: %v", err)
			}
			return
		}
		if !json.Valid(b) || !utf8.Valid(b) || slices.Contains(b, '\n') {
			t.Fatalf("%q became %q", text, b)
		}
		if c.kind == kindText && !array {
			var s string
			if err := json.Unmarshal(b, &s); err != nil || s != string(text) {
				t.Fatalf("%q came back as %q, %v", text, s, err)
			}
		}
	})
}

// What stands in an array comes out as it went in.
func FuzzArray(f *testing.F) {
	f.Add("a", "b,c", "NULL")
	f.Add("", `"\`, "{}")
	f.Fuzz(func(t *testing.T, x, y, z string) {
		want := []string{x, y, z}
		text := "{"
		for i, s := range want {
			if !utf8.ValidString(s) {
				return
			}
			if i > 0 {
				text += ","
			}
			text += `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
		}
		b, err := (column{kind: kindText, array: true}).append(nil, []byte(text+"}"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := json.Unmarshal(b, &got); err != nil || cmp.Diff(want, got) != "" {
			t.Fatalf("%q became %s, %v", want, b, err)
		}
	})
}

// An address that is broken is refused without a word of it; one that is taken holds
// what it said.
func FuzzDSN(f *testing.F) {
	f.Add("postgresql://huiyin:a%40b@db:5432/petition?sslmode=verify-full")
	f.Add(`host=db user='a b' password='it\'s' dbname=petition`)
	f.Add(`host = 'a'user=b`)
	f.Fuzz(func(t *testing.T, dsn string) {
		feed, err := New(Options{DSNEnv: "DSN", View: "a.b"}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		set, err := parseDSN(dsn)
		if err != nil {
			var public *fault.Error
			if !errors.As(err, &public) || public.Err != nil || public.Code != fault.ExitConfig {
				t.Fatalf("an error that may show the address: %v", err)
			}
			return
		}
		delete(set, "sslkey") // would be read
		delete(set, "sslcert")
		delete(set, "sslrootcert")
		var again strings.Builder
		for k, v := range set {
			again.WriteString(k + "='" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(v) + "' ")
		}
		if got, err := parseDSN(again.String()); err != nil || cmp.Diff(set, got) != "" {
			t.Fatalf("written again it is another: %v\n%s", err, cmp.Diff(set, got))
		}
		c, err := feed.connection(again.String())
		if err != nil {
			return
		}
		if c.Host != set["host"] || c.User != set["user"] || c.Password != set["password"] || c.Database != set["dbname"] || len(c.Fallbacks) > 0 {
			t.Fatal("the connection is to somewhere else")
		}
		if weak := c.TLSConfig == nil || c.TLSConfig.InsecureSkipVerify; weak && set["sslmode"] == "" && !strings.HasPrefix(c.Host, "/") {
			t.Fatal("a connection is not verified though the address does not say so")
		}
	})
}

func TestForbidden(t *testing.T) {
	for _, name := range []string{"姓名", "来信人姓名", "联系电话", "手机号", "手机号码", "身份证号", "证件号码", "家庭住址", "通讯地址", "姓 名", "姓_名", "姓　名", "ＮＡＭＥ", "name", "Name", "user_name", "userName", "realname",
		"unit_name", "phone", "phone_no", "MobilePhone", "mobile", "tel", "tel_no", "Tel1", "TEL", "id_card", "idCard", "ID_NO", "id-no", "idno", "IDNumber", "address", "home_addr", "addr", "addressee_name", "xingming", "xing_ming",
		"shouji", "shou_ji_hao", "sjh", "SFZH", "lxdh", "lxdh2", "lianxidianhua", "dizhi", "zhuzhi", "shenfenzheng", "zjhm", "email", "e_mail", "mail", "wechat", "微信号", "qq", "QQ号", "birthday", "出生日期", "csrq", "银行卡号", "contact", "applicant"} {
		if forbidden(name, nil) == "" {
			t.Errorf("%s may be shown", name)
		}
	}
	for _, name := range []string{"case_no", "updated_at", "withdrawn_at", "title", "question", "reply", "received_at", "replied_at", "unit", "unit_id", "area_code", "topic", "channel", "status", "rating", "addressee", "mailbox", "hotel",
		"编号", "标题", "诉求内容", "答复内容", "承办单位", "来信时间", "办结时间", "满意度", "状态", "信箱", "领域", "deadline", "outcome", "zzz", "days"} {
		if w := forbidden(name, nil); w != "" {
			t.Errorf("%s is refused for %s", name, w)
		}
	}
	if forbidden("Staff_No", []string{"员工", "STAFF-no"}) != "STAFF-no" || forbidden("title", []string{"工号"}) != "" {
		t.Error("words of the operator are not sought as others are")
	}
}

func TestVersion(t *testing.T) {
	for _, n := range []int{0, 90624, 110022, 119999} {
		if err := checkVersion(n); err == nil {
			t.Errorf("%d is taken", n)
		}
	}
	for _, n := range []int{120000, 150015, 180001} {
		if err := checkVersion(n); err != nil {
			t.Error(err)
		}
	}
}

// The times of marks go to the server and come back unchanged.
func TestMoments(t *testing.T) {
	for _, at := range []time.Time{time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC), time.Date(2026, 11, 28, 1, 2, 3, 456_789_000, time.UTC), time.Date(9999, 12, 30, 0, 0, 0, 1000, time.UTC)} {
		if n, err := micros([]byte(moment(at.UnixMicro()))); err != nil || n != at.UnixMicro() {
			t.Errorf("%v became %v, %v", at, time.UnixMicro(n).UTC(), err)
		}
	}
	for _, text := range []string{"infinity", "0044-03-15 00:00:00+00 BC", ""} {
		if _, err := micros([]byte(text)); err == nil {
			t.Errorf("%q is a time", text)
		}
	}
}

// What is remembered stays small, and what is forgotten is skipped once it is past.
func TestStateForgets(t *testing.T) {
	st, overlap := state{Format: stateFormat}, time.Minute
	page := make([]byte, 4096*digestSize)
	for i := range 4 {
		st.advance(mark{U: int64(i) * 1e6, K: "k"}, page, overlap)
	}
	if st.Floor == nil || st.Floor.U != 1e6 || len(st.Seen) != 2 {
		t.Fatalf("floor %v, %d pages", st.Floor, len(st.Seen))
	}
	if from := st.start(overlap, 30e6); from.U != 3e6-60e6 {
		t.Errorf("within the overlap it starts at %v", from)
	}
	if from := st.start(overlap, 70e6); from.compare(mark{1e6, "k"}) != 0 {
		t.Errorf("behind it at %v", from)
	}
	st.advance(mark{U: 100e6}, nil, overlap)
	if len(st.Seen) != 0 {
		t.Errorf("%d pages are remembered in vain", len(st.Seen))
	}
	if from := st.start(overlap, 200e6); from.U != 40e6 {
		t.Errorf("it starts at %v", from)
	}
	if from := st.start(overlap, 39e6); from != nil || st.High != nil {
		t.Errorf("with a clock that was set back it starts at %v", from)
	}
}
