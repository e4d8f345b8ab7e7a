package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// A file that was refused, or a feed that is down, keeps no request waiting. What does not
// end at all does.
func TestRepublishPartly(t *testing.T) {
	const publish = `echo '{"release":7}'; exit 0`
	for name, tt := range map[string]struct {
		pull, publish string
		text          string
		err           string
	}{
		"all":     {`echo '{"new":1}'`, publish, "1 request answered: release 7 is published", ""},
		"nothing": {`echo '{}'`, `echo '{"release":7,"nothing_new":true}'`, "1 request answered: nothing new: release 7 stands", ""},
		"a feed is down": {`echo 'huiyin: feed cases: made up' >&2; echo '{"new":1}'; exit 3`, publish,
			"1 request answered: release 7 is published; not all could be taken: feed cases: made up", ""},
		"a page was set aside": {`echo '{}'`, `echo 'huiyin: made up' >&2; echo '{"release":8}'; exit 3`,
			"1 request answered: release 8 is published; not all could be taken: made up", ""},
		"the disk is full": {`echo '{"error":"the disk is full","hint":"make room","exit_code":7}'; exit 7`, publish, "", "the disk is full"},
		"damaged":          {`echo '{}'`, `echo '{"error":"it is damaged","exit_code":6}'; exit 6`, "", "it is damaged"},
	} {
		program := filepath.Join(t.TempDir(), "huiyin")
		script := "#!/bin/sh\nfor last; do :; done\ncase $last in\npull) " + tt.pull + ";;\npublish) " + tt.publish + ";;\nesac\n"
		if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		w := &work{program: program, config: "huiyin.yaml"}
		r, err := w.republish(t.Context(), job.Run{Requests: make([]job.Request, 1)})
		msg := ""
		if err != nil {
			msg, _, _ = fault.Public(err)
		}
		if msg != tt.err || err == nil && (r.Text != tt.text || r.Release < 7) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
