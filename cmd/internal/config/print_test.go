package config

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const printed = `version: 1
state: state
key: state/huiyin.key
inbox: inbox
site:
  name: 示例市诉求公开
  name_en: ""
  base_url: https://www.example.gov.cn/huiyin/
  languages:
    - en
  profile: ""
  domain: ""
  site_code: ""
  organiser: ""
  operator: ""
  contact: ""
  icp: ""
  police_record: ""
sources:
  zone: "+08:00"
  inputs:
    # the letters of the office
    - kind: case
      glob: 'letters-*.csv'
      code: "010"
      text: |
        two
          lines

        more
feeds:
  # made up
  - {name: cases, kind: exchange, url: "https://platform.example.gov.cn/cases"}
intake:
  keep_days: 1096
gate:
  lines:
    u-1:
      - 0571-5550100
  consent_required: false
  hotlines: []
  policy: ""
  allow: ""
ranking:
  measures:
    on-time-reply: 2
    replied-of-due: 1
  minimum: 50
  bands:
    - id: a
      zh: 甲
      en: A
      from: "97.5"
    - id: b
      zh: 乙
      en: B
      from: "0"
  unknown: "20"
  places: true
deadlines:
  rules: rules.yaml
  holidays:
    - 2026.yaml
  channels:
    letters: xinfang
  default: hotline
render:
  workers: 2
  memory: 512MiB
  timeout: 1m30s
release:
  keep: 10
export:
  dir: ""
  search: false
withdraw:
  ask: []
backup:
  dir: /mnt/backup
  keep: 14
alerts:
  mail:
    server: ""
    port: 587
    from: ""
    to: []
    user: ""
    password_file: ""
    plain: false
  webhook:
    url: ""
    key_file: ""
  silent_days: 3
  queue_days: 7
  disk_free: 10
schedule:
  zone: Asia/Shanghai
run:
  listen: 127.0.0.1:8412
  republish_keys: ""
  triggers: ""
search:
  engine: meilisearch
  url: http://127.0.0.1:7700
  key_file: state/search.key
  index: cases
  synonyms: ""
`

func TestPrint(t *testing.T) {
	c, err := Parse([]byte(printed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.YAML()
	if diff := cmp.Diff(printed, string(text)); diff != "" || err != nil {
		t.Errorf("%v: want - got +\n%s", err, diff)
	}
	again, err := Parse(text)
	if diff := cmp.Diff(c, again, cmpopts.IgnoreUnexported(Config{})); diff != "" || err != nil {
		t.Errorf("read again: %v\n%s", err, diff)
	}
}

func TestPrintJSON(t *testing.T) {
	c, err := Parse([]byte(printed))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c); err != nil {
		t.Fatal(err)
	}
	want := `{"version":1,"state":"state","key":"state/huiyin.key","inbox":"inbox","site":{"name":"示例市诉求公开","name_en":"",` +
		`"base_url":"https://www.example.gov.cn/huiyin/","languages":["en"],"profile":"","domain":"","site_code":"","organiser":"",` +
		`"operator":"","contact":"","icp":"","police_record":""},"sources":{"zone":"+08:00","inputs":[{"kind":"case",` +
		`"glob":"letters-*.csv","code":"010","text":"two\n  lines\n\nmore\n"}]},"feeds":[{"name":"cases","kind":"exchange","url":"https://platform.example.gov.cn/cases"}],"intake":{"keep_days":1096},"gate":{"lines":{"u-1":["0571-5550100"]},` +
		`"consent_required":false,"hotlines":[],"policy":"","allow":""},"ranking":{"measures":{"on-time-reply":2,"replied-of-due":1},"minimum":50,"bands":[{"id":"a","zh":"甲","en":"A","from":"97.5"},{"id":"b","zh":"乙","en":"B","from":"0"}],"unknown":"20","places":true},"deadlines":{"rules":"rules.yaml","holidays":["2026.yaml"],"channels":{"letters":"xinfang"},"default":"hotline"},"render":{"workers":2,"memory":"512MiB","timeout":"1m30s"},"release":{"keep":10},"export":{"dir":"","search":false},` +
		`"withdraw":{"ask":[]},"backup":{"dir":"/mnt/backup","keep":14},"alerts":{"mail":{"server":"","port":587,"from":"","to":[],"user":"","password_file":"","plain":false},"webhook":{"url":"","key_file":""},"silent_days":3,"queue_days":7,"disk_free":10},"schedule":{"zone":"Asia/Shanghai"},"run":{"listen":"127.0.0.1:8412","republish_keys":"","triggers":""},"search":{"engine":"meilisearch","url":"http://127.0.0.1:7700","key_file":"state/search.key","index":"cases","synonyms":""}}`
	if diff := cmp.Diff(want, strings.TrimSpace(b.String())); diff != "" {
		t.Error(diff)
	}
}

// A section that begins on the line of its key is printed as it was decoded.
func TestPrintFlow(t *testing.T) {
	head, _, _ := strings.Cut(smallest, "sources:")
	c, err := Parse([]byte(head + `sources: {zone: "+08:00", inputs: []} # none yet` + "\nrelease: {keep: 3}\n"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.YAML()
	if err != nil || !strings.Contains(string(text), "\nsources:\n  {zone: \"+08:00\", inputs: []}\n") {
		t.Errorf("%v\n%s", err, text)
	}
	again, err := Parse(text)
	if diff := cmp.Diff(string(c.Sources), string(again.Sources)); diff != "" || err != nil {
		t.Errorf("read again: %v\n%s", err, diff)
	}
}

// An installation without sources prints a configuration that can be read.
func TestPrintWithoutSources(t *testing.T) {
	head, _, _ := strings.Cut(smallest, "sources:")
	c, err := Parse([]byte(head))
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.YAML()
	if err != nil || !strings.Contains(string(text), "\nsources: {}\n") {
		t.Errorf("%v\n%s", err, text)
	}
	if _, err := Parse(text); err != nil {
		t.Error(err)
	}
}
