package browsertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// root is the folder of the module.
const root = "../../.."

// published is the made-up city, served by huiyin-web.
type published struct {
	base string // address of the home page, with a slash at the end
}

// publish builds both programs, publishes the made-up city and serves it until
// the test ends.
func publish(t *testing.T) published {
	t.Helper()
	bin, city := t.TempDir(), filepath.Join(t.TempDir(), "city")
	run(t, "go", "build", "-o", bin, "./cmd/huiyin", "./cmd/huiyin-web")
	run(t, filepath.Join(bin, "huiyin"), "demo", "--once", "--dir", city, "--cases", "300", "--json")

	config, err := os.ReadFile(filepath.Join(city, "huiyin.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	found := baseURL.FindSubmatch(config)
	if found == nil {
		t.Fatal("the configuration of the made-up city names no base_url")
	}
	public, err := url.Parse(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	addr := serve(t, filepath.Join(bin, "huiyin-web"), "--site", filepath.Join(city, "state", "releases"),
		"--search", filepath.Join(city, "state", "search"),
		"--addr", "127.0.0.1:0", "--prefix", public.Path, "--access-log=false", "--json")
	return published{base: "http://" + addr + strings.TrimSuffix(public.Path, "/") + "/"}
}

// run runs a command in the folder of the module and returns its standard
// output.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = root
	var diagnosis strings.Builder
	cmd.Stderr = &diagnosis
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", filepath.Base(name), strings.Join(args, " "), err, out, diagnosis.String())
	}
	return string(out)
}

// serve starts the public server and returns the address that it listens on,
// which its log names. When the test ends, the server has to stop as it should.
func serve(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(log)
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		for lines.Scan() { // a full pipe would keep it from stopping
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("huiyin-web did not stop in order: %v", err)
		}
	})
	for lines.Scan() {
		var line struct{ Msg, Addr string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
			// Whatever else it says must not fill the pipe.
			go func() {
				for lines.Scan() {
				}
			}()
			return line.Addr
		}
	}
	t.Fatal("huiyin-web ended before it served")
	return ""
}

// page is one address of the site and what it is.
type page struct {
	kind   string // as the kinds below, with the language before it where it is not the office's
	path   string // relative to the home page
	status int
	first  bool // of its kind
}

// kinds are the shapes of addresses, by which a page's kind is known. A kind
// may come several times, once for each layout that it is shown in.
var kinds = []struct {
	name  string
	shape *regexp.Regexp
}{
	{"home", regexp.MustCompile(`^(index\.html)?$`)},
	{"case", regexp.MustCompile(`^case/.*\.html$`)},
	{"unit", regexp.MustCompile(`^unit/[^/]+\.html$`)},
	{"unit list", regexp.MustCompile(`^unit/[^/]+/\d+\.html$`)},
	{"unit quality", regexp.MustCompile(`^unit/[^/]+/quality\.html$`)},
	{"unit promises", regexp.MustCompile(`^unit/[^/]+/promises\.html$`)},
	{"ranking", regexp.MustCompile(`^ranking/[^/]+\.html$`)},
	{"bulletin", regexp.MustCompile(`^bulletin/[^/]+\.html$`)},
	{"assessments", regexp.MustCompile(`^assessments/[^/]+\.html$`)},
	{"restatements", regexp.MustCompile(`^restatements/[^/]+\.html$`)},
	{"area", regexp.MustCompile(`^area/[^/]+/(index\.html)?$`)},
	{"month", regexp.MustCompile(`^month/[^/]+\.html$`)},
	{"month list", regexp.MustCompile(`^month/[^/]+/\d+\.html$`)},
	{"topic", regexp.MustCompile(`^topic/[^/]+\.html$`)},
	{"channel", regexp.MustCompile(`^channel/[^/]+\.html$`)},
	{"leak report", regexp.MustCompile(`^privacy/report\.html$`)},
	{"standing", regexp.MustCompile(`^[a-z-]+\.html$`)},
}

// each is the number of pages of one kind that are opened. The standing pages
// are all of one kind, and all opened.
const each = 2

var (
	baseURL   = regexp.MustCompile(`(?m)^\s*base_url:\s*"?([^"\s]+)`)
	hrefs     = regexp.MustCompile(`<a\b[^>]*?\bhref=("[^"]*"|'[^']*'|[^\s>]+)`)
	reply     = regexp.MustCompile(`<section\b[^>]*\bclass="?reply\b`)
	tombstone = regexp.MustCompile(`<article\b[^>]*\bclass="?case gone\b`)
	mandatory = []string{"home", "case full", "case stub", "case tombstone", "unit", "unit list", "area", "month", "month list",
		"topic", "channel", "unit quality", "ranking", "bulletin", "standing about.html", "standing method.html", "standing privacy.html", "standing areas.html",
		"standing units.html", "leak report", "standing months.html", "standing topics.html", "standing channels.html", "standing takedowns.html", "standing site-map.html"}
)

// pages follows the links from the home page and returns, of each kind, the
// pages to open. Every link within the site has to lead somewhere.
func (p published) pages(t *testing.T) []page {
	t.Helper()
	var list []page
	have := map[string]int{}
	seen := map[string]bool{"": true}
	queue := []string{""}
	const most = 4000
	for n := 0; len(queue) > 0; n++ {
		if n == most {
			t.Fatalf("more than %d pages", most)
		}
		path := queue[0]
		queue = queue[1:]
		status, body := get(t, p.base+path)
		if status == http.StatusPermanentRedirect && strings.HasPrefix(path, "case/") {
			continue // to the case that this one was merged into, to which others lead, too
		}
		if status != http.StatusOK && status != http.StatusGone {
			t.Errorf("%s: status %d", path, status)
			continue
		}
		if kind := kindOf(path, body); kind != "" && have[kind] < each {
			have[kind]++
			list = append(list, page{kind, path, status, have[kind] == 1})
		}
		for _, to := range p.links(t, path, body) {
			if !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	for _, kind := range mandatory {
		if have[kind] == 0 {
			t.Errorf("the site has no page of kind %s", kind)
		}
	}
	for _, path := range []string{"no-such-page.html", "case/no/such/page.html"} {
		list = append(list, page{"not found", path, http.StatusNotFound, false})
	}
	slices.SortStableFunc(list, func(a, b page) int { return strings.Compare(a.kind, b.kind) })
	return list
}

// kindOf names the kind of a page by its address, its language and, of cases,
// by the parts that only one layout has.
func kindOf(path, body string) string {
	lang, rest := "", path
	if below, ok := strings.CutPrefix(path, "en/"); ok {
		lang, rest = "en ", below
	}
	for _, k := range kinds {
		switch {
		case !k.shape.MatchString(rest):
		case k.name == "standing":
			return lang + "standing " + rest
		case k.name != "case":
			return lang + k.name
		case strings.Contains(body, `http-equiv="refresh"`):
			return "" // it leads on before it could be looked at
		case tombstone.MatchString(body):
			return "case tombstone"
		case reply.MatchString(body):
			return "case full"
		default:
			return "case stub"
		}
	}
	return ""
}

// links returns the addresses within the site that a page links to.
func (p published) links(t *testing.T, path, body string) []string {
	t.Helper()
	base, err := url.Parse(p.base + path)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
		to, err := base.Parse(strings.ReplaceAll(strings.Trim(m[1], `"'`), "&amp;", "&"))
		if err != nil {
			t.Errorf("%s: a link is no address", path)
			continue
		}
		to.Fragment = ""
		// Searches are without number, and tested by themselves.
		if strings.Contains(to.Path, "/search") && (to.RawQuery != "" || !strings.HasSuffix(to.Path, "/search.html")) {
			continue
		}
		if rest, ours := strings.CutPrefix(to.String(), p.base); ours {
			list = append(list, rest)
		}
	}
	return list
}

// get fetches one address. It follows no redirect: our own links lead straight
// to their pages, but for those to cases that were merged into others.
func get(t *testing.T, address string) (int, string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", address, err))
	}
	return resp.StatusCode, string(body)
}

// axe returns the source of axe-core: the file that HUIYIN_AXE names, else the
// one that check.sh has put into the cache folder.
func axe(t *testing.T) string {
	t.Helper()
	file := os.Getenv("HUIYIN_AXE")
	if file == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(cache, "huiyin", "axe-*", "node_modules", "axe-core", "axe.min.js"))
		if err != nil || len(files) == 0 {
			t.Fatal("axe-core is not there; run ./check.sh, which installs it")
		}
		file = files[len(files)-1]
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}
