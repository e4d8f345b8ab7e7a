package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/alert"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// watched is an installation whose publish was done, whose backup has failed, which has
// been asked for a publication in vain, and of which everything was told that can be wrong.
func watched(t *testing.T) *health {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "huiyin.yaml")
	if err := os.WriteFile(file, []byte("version: 1\nsite: {name: made up, base_url: 'https://www.example.gov.cn/'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "state"), 0o700); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := openSchedule(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plan.Close(); err != nil {
			t.Error(err)
		}
	})
	o := schedule.Defaults("publish", "backup")
	table, err := o.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	runs := func(state job.State, outcome job.Outcome) {
		t.Helper()
		now = now.Add(time.Minute)
		open, err := plan.Open(t.Context())
		if err != nil || len(open) != 1 {
			t.Fatal(open, err)
		}
		h := job.Holder{Host: "made-up", ID: "1"}
		fence, _, err := plan.Take(t.Context(), "store", h, now, now.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok, err := plan.Begin(t.Context(), open[0].ID, "store", fence, h, now); !ok || err != nil {
			t.Fatal(ok, err)
		}
		e := job.Ending{Run: open[0].ID, Lease: "store", Fence: fence, At: now, Outcome: outcome, State: state, Text: "made up: 灯杆编号三十七"}
		if ok, err := plan.End(t.Context(), e); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	for _, entry := range []struct {
		name  string
		state job.State
		how   job.Outcome
	}{{"publish", job.Done, job.Success}, {"backup", job.Failed, job.Failure}} {
		if _, err := plan.Rebase(t.Context(), entry.name, time.Time{}, now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		if ok, err := plan.Fire(t.Context(), job.Firing{Entry: entry.name, Kind: entry.name, Due: now, Now: now}); !ok || err != nil {
			t.Fatal(ok, err)
		}
		runs(entry.state, entry.how)
	}
	for i, id := range []string{"a", "b"} {
		if _, _, err := plan.Request(t.Context(), job.Request{ID: id, Kind: "republish", Scope: "case 2611-004217", By: "王", At: now}); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			runs(job.Failed, job.Failure)
		}
	}
	var told []alert.Condition
	for _, sort := range troubleSorts {
		told = append(told, alert.Condition{ID: sort + " made-up", Text: "made up: 灯杆编号三十七"})
	}
	if _, err := alertBook(c).Tell(t.Context(), now, told, nil); err != nil {
		t.Fatal(err)
	}
	return &health{runner: new(schedule.Runner), plan: plan, table: table, config: c, load: func() (*config.Config, error) { return config.Load(file) }, now: func() time.Time { return now.Add(26 * time.Hour) }}
}

// Each metric that a rule of docs/deploy asks for is there, with the labels that it asks
// for: a rule over one that is not never fires.
func TestPrometheusRules(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(&runMetrics{watched(t)})
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	series := map[string][]map[string]string{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
				if strings.Contains(l.GetValue(), "2611") || strings.Contains(l.GetValue(), "灯杆") || strings.Contains(l.GetValue(), "王") {
					t.Errorf("%s shows %s", f.GetName(), l.GetValue())
				}
			}
			series[f.GetName()] = append(series[f.GetName()], labels)
		}
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "deploy", "prometheus-rules.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string `yaml:"name"`
			Rules []struct {
				Alert       string            `yaml:"alert"`
				Expr        string            `yaml:"expr"`
				For         string            `yaml:"for"`
				Labels      map[string]string `yaml:"labels"`
				Annotations map[string]string `yaml:"annotations"`
			} `yaml:"rules"`
		} `yaml:"groups"`
	}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`(huiyin_[a-z_]+)(?:\{([a-z]+)(=~?)"([^"]*)"\})?`)
	label := regexp.MustCompile(`\$labels\.([a-z]+)`)
	seen, sorts, looked := 0, map[string]bool{}, false
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			seen++
			if r.Alert == "" || r.Annotations["summary"] == "" || r.Labels["severity"] == "" {
				t.Errorf("%+v says too little", r)
			}
			if _, err := time.ParseDuration(r.For); r.For != "" && err != nil {
				t.Errorf("%s: for %s", r.Alert, r.For)
			}
			found := asked.FindAllStringSubmatch(r.Expr, -1)
			if len(found) == 0 {
				t.Errorf("%s asks for nothing", r.Alert)
			}
			for _, m := range found {
				fits := false
				for _, labels := range series[m[1]] {
					switch {
					case m[2] == "":
						fits = true
					case m[3] == "=":
						fits = fits || labels[m[2]] == m[4]
					default:
						fits = fits || regexp.MustCompile("^(?:"+m[4]+")$").MatchString(labels[m[2]])
					}
				}
				if !fits {
					t.Errorf("%s asks for %s, which there is none of", r.Alert, m[0])
				}
				sorts[m[4]], looked = true, looked || m[1] == "huiyin_conditions_looked_seconds"
				for _, l := range label.FindAllStringSubmatch(r.Annotations["summary"], -1) {
					if len(series[m[1]]) > 0 && series[m[1]][0][l[1]] == "" {
						t.Errorf("%s names the label %s, which %s does not have", r.Alert, l[1], m[1])
					}
				}
			}
		}
	}
	if seen < 8 {
		t.Errorf("%d rules", seen)
	}
	if !looked {
		t.Error("no rule asks when it was last looked")
	}
	for _, sort := range []string{sortBroken, sortCanary, sortSilent, sortPartial, sortQueue, sortDisk} { // the others have metrics of their own
		if !sorts[sort] {
			t.Errorf("no rule asks for what is %s", sort)
		}
	}
}

// Whoever asks for health learns nothing of a case.
func TestHealth(t *testing.T) {
	w := httptest.NewRecorder()
	watched(t).serve(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"ok":true,"failed":["backup"],"late":["publish","backup"]}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Whoever asks for health learns that the program goes by settings that are others now, or
// that it cannot be looked; it does its work all the same.
func TestHealthOutdated(t *testing.T) {
	h := watched(t)
	o, err := timetable(h.config)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := settingsSum(h.config, o)
	if err != nil {
		t.Fatal(err)
	}
	leave, err := schedule.Present(h.config.StatePath(queueFolder), "1", sum)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := leave(); err != nil {
			t.Error(err)
		}
	})
	file := filepath.Join(filepath.Dir(h.config.StatePath()), "huiyin.yaml")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ add, note string }{
		{"", ""},
		{"alerts: {disk_free: 7}\n", ""},
		{"schedule: {entries: [{name: noon, kind: publish, when: '0 12 * * *'}]}\n", `,"note":"huiyin run was started before the sections schedule and run were changed, and goes by what they said; start it again"`},
		{"schedule: {entries: [{name: noon, kind: publish, when: 'noon'}]}\n", `,"note":"the settings cannot be compared with those that huiyin run goes by: `},
		{"made_up: 1\n", `,"note":"the settings cannot be compared with those that huiyin run goes by: `},
	} {
		if err := os.WriteFile(file, append(whole, tt.add...), 0o600); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.serve(w, httptest.NewRequest("GET", "/healthz", nil))
		got := strings.TrimSpace(w.Body.String())
		if w.Code != 200 || !strings.HasPrefix(got, `{"ok":true,"failed":["backup"],"late":["publish","backup"]`+tt.note) || strings.Contains(got, `"note"`) != (tt.note != "") {
			t.Errorf("%q: %d %s", tt.add, w.Code, got)
		}
	}
}

// Nothing of what is wrong is told while it cannot be read what was: the daemon is not well.
func TestHealthUntold(t *testing.T) {
	h := watched(t)
	if err := os.WriteFile(h.config.StatePath(alertsFile), []byte("made up"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.serve(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != 503 || !strings.Contains(w.Body.String(), `"trouble":"what was told is damaged`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(&runMetrics{h})
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "huiyin_up" && f.GetMetric()[0].GetGauge().GetValue() != 0 {
			t.Error("huiyin_up is not 0")
		}
	}
}

// A publication that was stopped because of what it held is a sort of its own.
func TestWrongRun(t *testing.T) {
	for _, tt := range []struct {
		code int
		want string
	}{{fault.ExitFound, "canary publish"}, {fault.ExitDamaged, "failed publish"}, {0, "failed publish"}} {
		counts, err := json.Marshal(failure{Error: "made up", ExitCode: tt.code})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		wrongRun(func(sort, which, hint, _ string, _ ...any) { got = sort + " " + which }, "publish", job.Attempt{Counts: counts}, "%s %s", "publish")
		if got != tt.want {
			t.Errorf("%d: %s", tt.code, got)
		}
	}
}
