package serve_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/site/serve"
)

// TestScripts runs the conversations in testdata. An archive holds
//
//   - release/NAME: a file of the release;
//   - withdraw: lines "NUMBER REASON DAY", withdrawn after the release;
//   - prefix: the path below which the site lies;
//   - index: documents, one line of JSON each, that are searched; an empty file
//     is an index in which nothing was ever put;
//   - mark: what the index shows, as JSON; default: the release;
//   - script: the conversation.
//
// In a script a line begins with a method and an address, and opens a request;
// "> Name: value" adds a header to it; and the lines after that say what the
// answer has to be:
//
//	status 200
//	header NAME == value     header NAME ~ regexp     header NAME none
//	body == text             body ~ regexp            body none
//	gunzip == text           gunzip ~ regexp
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			site := newSite(t)
			var prefix, script, mark string
			var index *string
			var options serve.Options
			contents := map[string]string{}
			var gone []string
			for _, f := range archive.Files {
				name, inRelease := strings.CutPrefix(f.Name, "release/")
				switch {
				case inRelease:
					contents[name] = strings.TrimSuffix(string(f.Data), "\n")
				case f.Name == "withdraw":
					gone = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
				case f.Name == "prefix":
					prefix = strings.TrimSpace(string(f.Data))
				case f.Name == "index":
					docs := string(f.Data)
					index = &docs
				case f.Name == "mark":
					mark = string(f.Data)
				case f.Name == "script":
					script = string(f.Data)
				default:
					t.Fatalf("%s: what is %s?", file, f.Name)
				}
			}
			if len(contents) > 0 {
				site.publish(t, contents)
			}
			for _, line := range gone {
				site.withdraw(t, strings.Fields(line)...)
			}
			if index != nil {
				options.Search = serve.SearchOptions{Engine: scripted(t, mark, *index), Synonyms: readSynonyms}
			}
			options.Prefix = prefix
			converse(t, site.searched(t, options), script)
		})
	}
}

// converse runs a script against a handler.
func converse(t *testing.T, h http.Handler, script string) {
	t.Helper()
	var req *http.Request
	var resp *http.Response
	var body []byte
	n := 0
	for lines := bufio.NewScanner(strings.NewReader(script)); lines.Scan(); {
		n++
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case word == ">":
			name, value, _ := strings.Cut(rest, ": ")
			req.Header.Add(name, value)
			continue
		case word == strings.ToUpper(word):
			var err error
			// As it stands in the script: httptest.NewRequest would refuse or
			// clean some of these.
			req, err = http.ReadRequest(bufio.NewReader(strings.NewReader(line + " HTTP/1.1\r\nHost: huiyin.example\r\n\r\n")))
			if err != nil {
				t.Fatalf("line %d: %v", n, err)
			}
			resp = nil
			continue
		}
		if resp == nil {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, req)
			resp, body = rec.Result(), rec.Body.Bytes()
			checkAlways(t, n, req, resp, body)
		}
		if problem := judge(word, rest, resp, body); problem != "" {
			t.Errorf("line %d: %s: %s", n, line, problem)
		}
	}
}

// checkAlways checks what holds of every answer.
func checkAlways(t *testing.T, n int, req *http.Request, resp *http.Response, body []byte) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options":     "nosniff",
		"Referrer-Policy":            "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("line %d: %s is %q, want %q", n, name, got, want)
		}
	}
	if got := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none';") || strings.Contains(got, "unsafe") {
		t.Errorf("line %d: content security policy is %q", n, got)
	}
	if resp.Header.Get("Permissions-Policy") == "" {
		t.Errorf("line %d: no permissions policy", n)
	}
	if resp.Header.Get("Cache-Control") == "" {
		t.Errorf("line %d: nothing is said about caching", n)
	}
	switch {
	case req.Method == http.MethodHead || resp.StatusCode == http.StatusNotModified || resp.StatusCode == http.StatusNoContent:
		if len(body) > 0 {
			t.Errorf("line %d: a body of %d bytes", n, len(body))
		}
	case resp.Header.Get("Content-Length") != fmt.Sprint(len(body)):
		t.Errorf("line %d: length is announced as %s, and is %d", n, resp.Header.Get("Content-Length"), len(body))
	}
}

// judge evaluates one line of a script and says what is wrong.
func judge(word, rest string, resp *http.Response, body []byte) string {
	switch word {
	case "status":
		if got := fmt.Sprint(resp.StatusCode); got != rest {
			return "it is " + got
		}
	case "header":
		name, rule, _ := strings.Cut(rest, " ")
		return compare(rule, resp.Header.Get(name), resp.Header.Values(name) != nil)
	case "body":
		return compare(rest, string(body), len(body) > 0)
	case "gunzip":
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return err.Error()
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			return err.Error()
		}
		return compare(rest, string(plain), true)
	default:
		return "unknown word"
	}
	return ""
}

// compare applies "== text", "~ regexp" or "none".
func compare(rule, got string, there bool) string {
	op, want, _ := strings.Cut(rule, " ")
	switch op {
	case "none":
		if there {
			return fmt.Sprintf("it is %q", got)
		}
	case "==":
		if got != want {
			return fmt.Sprintf("it is %q", got)
		}
	case "~":
		re, err := regexp.Compile(want)
		if err != nil {
			return err.Error()
		}
		if !re.MatchString(got) {
			return fmt.Sprintf("it is %q", got)
		}
	default:
		return "unknown rule"
	}
	return ""
}
