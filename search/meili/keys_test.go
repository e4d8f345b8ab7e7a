package meili_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// Values of keys follow from the master key as on the recorded server.
func TestKeyValue(t *testing.T) {
	recorded, err := os.ReadFile("meilitest/testdata/exchanges.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for line := range strings.Lines(string(recorded)) {
		var x struct {
			Name     string
			Response struct {
				Body struct{ UID, Key string }
			}
		}
		if !strings.Contains(line, `"key create, search"`) {
			continue
		}
		if err := decodeJSON(strings.NewReader(line), &x); err != nil {
			t.Fatal(err)
		}
		found = true
		if got, want := meili.KeyValue(masterKey, x.Response.Body.UID), x.Response.Body.Key; got != want {
			t.Errorf("value %s, want %s", got, want)
		}
	}
	if !found {
		t.Error("the exchange is not among the recordings")
	}
	if meili.KeyValue("m", "9E053497-B180-4B9F-BF10-A4A6FC4CA1B2") != meili.KeyValue("m", "9e053497-b180-4b9f-bf10-a4a6fc4ca1b2") {
		t.Error("the letters of a uid have a case")
	}
}

// keyList is what the server says of the keys of this program.
type keyList struct {
	Results []struct {
		UID, Key, Name   string
		Actions, Indexes []string
	}
}

func (s *stand) ours(t *testing.T) keyList {
	t.Helper()
	var all keyList
	s.ask(t, http.MethodGet, "/keys?limit=100", "", &all)
	all.Results = slices.DeleteFunc(all.Results, func(k struct {
		UID, Key, Name   string
		Actions, Indexes []string
	}) bool {
		return !strings.HasPrefix(k.Name, "huiyin")
	})
	return all
}

func TestProvision(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	keys := s.ours(t)
	if len(keys.Results) != 2 {
		t.Fatalf("%d keys, want 2", len(keys.Results))
	}
	for _, k := range keys.Results {
		switch k.Name {
		case "huiyin: write cases":
			if k.Key != s.keys.Publish {
				t.Error("the key for writing is another one")
			}
		case "huiyin: search cases":
			if k.Key != s.keys.Search {
				t.Error("the key for searching is another one")
			}
			if !slices.Equal(k.Actions, []string{"search"}) || !slices.Equal(k.Indexes, []string{"cases", "cases_state", "cases_next", "cases_state_next"}) {
				t.Errorf("the key for searching may %q on %q", k.Actions, k.Indexes)
			}
		}
	}

	again := func() {
		t.Helper()
		got, err := meili.Provision(t.Context(), s.o, masterKey)
		if err != nil {
			t.Fatal(err)
		}
		if got != s.keys {
			t.Error("the keys are other ones than before")
		}
		if n := len(s.ours(t).Results); n != 2 {
			t.Errorf("%d keys, want 2", n)
		}
	}
	again()
	// A key that was deleted comes back; one that allows something else is put
	// right.
	for _, k := range keys.Results {
		s.ask(t, http.MethodDelete, "/keys/"+k.UID, "", nil)
	}
	again()
	uid := s.ours(t).Results[0].UID
	s.ask(t, http.MethodDelete, "/keys/"+uid, "", nil)
	s.ask(t, http.MethodPost, "/keys", `{"uid":"`+uid+`","name":"huiyin","actions":["*"],"indexes":["*"],"expiresAt":null}`, nil)
	again()
	for _, k := range s.ours(t).Results {
		if slices.Contains(k.Actions, "*") {
			t.Errorf("%s still may do everything", k.Name)
		}
	}
	// An answer that got lost.
	s.double.Fail(1, meilitest.Route("POST /keys"), meilitest.Fault{Drop: true, Done: true})
	again()

	// Another index has other keys.
	o := s.o
	o.Index = "letters"
	other, err := meili.Provision(t.Context(), o, masterKey)
	if err != nil {
		t.Fatal(err)
	}
	if other.Publish == s.keys.Publish || other.Search == s.keys.Search {
		t.Error("two indexes share a key")
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		o    meili.Options
		says string // "": they are fine
	}{
		{meili.Options{URL: "http://127.0.0.1:7700"}, ""},
		{meili.Options{URL: "https://search.example/meili/", Index: "cases-2"}, ""},
		{meili.Options{}, "address"},
		{meili.Options{URL: "127.0.0.1:7700"}, "address"},
		{meili.Options{URL: "ftp://127.0.0.1"}, "address"},
		{meili.Options{URL: "http://user:hunter2@127.0.0.1"}, "key has its own place"},
		{meili.Options{URL: "http://127.0.0.1?key=hunter2"}, "key has its own place"},
		{meili.Options{URL: "http://127.0.0.1", Index: "a b"}, "index"},
		{meili.Options{URL: "http://127.0.0.1", Index: "案件"}, "index"},
	} {
		c.o.Now = (&stand{}).time
		_, err := meili.New(c.o)
		if (err == nil) != (c.says == "") {
			t.Errorf("%+v: %v", c.o.URL, err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("error %q, want one about %q without the secret", err, c.says)
		}
	}
	if _, err := meili.New(meili.Options{URL: "http://127.0.0.1"}); err == nil || !strings.Contains(err.Error(), "Options.Now") {
		t.Errorf("without a clock: %v", err)
	}
	if _, err := meili.NewReader(meili.Options{URL: "http://127.0.0.1"}); err != nil {
		t.Errorf("a reader needs no clock: %v", err)
	}
}

// The key goes to the server and nowhere else.
func TestNoRedirect(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	s.filled(t, 1)
	s.double.Fail(-1, meilitest.Any, meilitest.Fault{Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"http://elsewhere.invalid/"}}})
	s.onSend = func(r *http.Request) {
		if r.URL.Host == "elsewhere.invalid" {
			t.Error("followed a redirection with the key")
		}
	}
	for _, err := range []error{
		s.open(t).Delete(t.Context(), []string{"c-1"}),
		s.reader(t).Each(t.Context(), search.Query{}, func(search.Hit) error { return nil }),
	} {
		s.fails(t, err, search.ErrUnavailable, "check that the address")
	}
}
