package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The walk through docs/operations.md, from an empty machine to an upgrade, as it stands
// there: each block of commands in the order of the page, each block of settings put
// into huiyin.yaml. What is of the machine alone is played: users, systemd (which starts
// what the units of docs/deploy name), and the places of files.
func TestOperationsWalk(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	w := newWalk(t)
	defer w.stop()
	blocks := 0
	for _, b := range walkBlocks(string(page)) {
		blocks++
		switch b.kind {
		case "sh build": // check.sh builds so, for another machine; here what is built already serves
			must(t, "../..", "go", "build", "-o", filepath.Join(w.clone, "build")+"/", "./cmd/huiyin", "./cmd/huiyin-web")
		case "sh root":
			w.shell(b, w.clone)
		case "sh":
			w.dir = strings.TrimSpace(w.shell(b, w.dir))
		case "yaml huiyin.yaml":
			w.edit(b.text)
		default:
			t.Fatalf("line %d: a block %q that the walk does not know", b.line, b.kind)
		}
	}
	if blocks < 15 {
		t.Fatalf("the walk has %d blocks only", blocks)
	}
}

// walkBlock is a fenced block of the page.
type walkBlock struct {
	kind string // what stands behind the fence
	line int
	text string
}

// walkBlocks returns the blocks of the first section.
func walkBlocks(page string) (all []walkBlock) {
	_, page, _ = strings.Cut(page, "## From nothing to a running site\n")
	page, _, _ = strings.Cut(page, "\n## ")
	for i, part := range strings.Split(page, "\n```") {
		if i%2 == 1 {
			kind, text, _ := strings.Cut(part, "\n")
			all = append(all, walkBlock{kind: kind, line: i, text: text + "\n"})
		}
	}
	return all
}

// walk is a machine of its own below one folder.
type walk struct {
	t     *testing.T
	root  string
	clone string // the source, as it was cloned
	dir   string // where the shell of the user stands
	place *strings.Replacer
	path  string
}

func newWalk(t *testing.T) *walk {
	root := t.TempDir()
	source, err := filepath.Abs("../../docs")
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{t: t, root: root, clone: filepath.Join(root, "huiyin"), dir: root, path: filepath.Join(root, "played") + ":" + filepath.Join(root, "usr/local/bin") + ":" + os.Getenv("PATH")}
	w.place = strings.NewReplacer(
		"/usr/local/bin/", filepath.Join(root, "usr/local/bin")+"/",
		"/srv/huiyin", filepath.Join(root, "srv/huiyin"), "/mnt/backup", filepath.Join(root, "mnt/backup"),
		"/etc/systemd/system/", filepath.Join(root, "etc")+"/",
		"127.0.0.1:8412", freeAddress(t), "127.0.0.1:8080", freeAddress(t))
	for _, d := range []string{"usr/local/bin", "srv", "mnt", "etc", "played", "pids", "huiyin"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	must(t, root, "cp", "-r", source, w.clone)
	for _, unit := range []string{"huiyin.service", "huiyin-web.service"} {
		w.rewrite(filepath.Join(w.clone, "docs/deploy", unit))
	}
	for name, script := range played {
		if err := os.WriteFile(filepath.Join(root, "played", name), []byte(strings.ReplaceAll(script, "ROOT", root)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// played are the commands of the machine.
var played = map[string]string{
	"useradd": "#!/bin/sh\n",
	"install": `#!/bin/bash
args=()
while [ $# -gt 0 ]; do
  case $1 in -o | -g) shift ;; *) args+=("$1") ;; esac
  shift
done
exec /usr/bin/install "${args[@]}"
`,
	"systemctl": `#!/bin/bash
set -eu
verb=$1; shift
[ "${1-}" = --now ] && shift
for unit; do
  case $verb in stop | restart)
    kill "$(cat ROOT/pids/$unit)"
    while kill -0 "$(cat ROOT/pids/$unit)" 2>/dev/null; do :; done ;;
  esac
  case $verb in enable | start | restart)
    command=$(sed -n 's/^ExecStart=//p' ROOT/etc/$unit.service)
    cd ROOT/srv/huiyin
    setsid $command >>ROOT/pids/$unit.log 2>&1 </dev/null &
    echo $! >ROOT/pids/$unit ;;
  esac
done
`,
}

// rewrite puts the places of this machine into a file.
func (w *walk) rewrite(file string) {
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, []byte(w.place.Replace(string(text))), 0o644)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// shell runs a block and returns the folder in which it ends. The first command that
// fails ends it.
func (w *walk) shell(b walkBlock, dir string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 3*time.Minute)
	defer cancel()
	end := filepath.Join(w.root, "pids", "pwd")
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", w.place.Replace(b.text)+"pwd >"+end)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+w.path)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("%v\nof\n%s\nwhich wrote\n%s\nthe program that runs wrote\n%s", err, b.text, &out, w.logs())
	}
	w.t.Logf("%s%s", b.text, &out)
	if want := regexp.MustCompile("%{http_code}").MatchString(b.text); want && !strings.Contains(out.String(), "\n410\n") {
		w.t.Fatalf("the page of the withdrawn case does not answer 410:\n%s", &out)
	}
	folder, err := os.ReadFile(end)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(folder)
}

func (w *walk) logs() string {
	var b strings.Builder
	logs, _ := filepath.Glob(filepath.Join(w.root, "pids", "*.log"))
	for _, name := range logs {
		text, _ := os.ReadFile(name)
		fmt.Fprintf(&b, "%s:\n%s", filepath.Base(name), text)
	}
	return b.String()
}

// edit puts settings into huiyin.yaml, in the place of those of the same name, as one
// would in an editor.
func (w *walk) edit(settings string) {
	file := filepath.Join(w.dir, "huiyin.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^(\w+):`).FindAllStringSubmatch(settings, -1) {
		was := regexp.MustCompile(`(?m)^` + m[1] + `:.*\n(?:[ \t].*\n)*`)
		if !was.Match(text) {
			w.t.Fatalf("huiyin.yaml has no %q to put something in its place", m[1])
		}
		text = was.ReplaceAll(text, nil)
	}
	if err := os.WriteFile(file, append(text, w.place.Replace(settings)...), 0o640); err != nil {
		w.t.Fatal(err)
	}
}

// stop ends what systemd would end with the machine.
func (w *walk) stop() {
	pids, _ := filepath.Glob(filepath.Join(w.root, "pids", "huiyin*"))
	for _, name := range pids {
		if filepath.Ext(name) == ".log" {
			continue
		}
		if pid, err := os.ReadFile(name); err == nil {
			_ = exec.Command("kill", "-KILL", "--", "-"+strings.TrimSpace(string(pid))).Run()
		}
	}
}

// freeAddress returns an address of this machine on which nothing listens.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func must(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
