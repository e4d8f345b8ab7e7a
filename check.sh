#!/usr/bin/env bash
# Everything that has to hold before a change is taken. It needs Go and, on
# Debian 12, installs the rest when it is missing and we are root.
#
#   ./check.sh          the short way, under 20 minutes on two cores with empty caches
#   ./check.sh --long   the long fuzz runs, kills and benchmarks as well
#
# A step that fails ends the run. No test is skipped: a missing service fails.
set -euo pipefail
cd "$(dirname "$0")"

# Packages whose tests need this are not built with -race: it would take
# longer to build than everything else together.
hugo=github.com/gohugoio/hugo/hugolib
axe_version=4.14.1
redocly_version=1.34.5 # of the line that runs on the Node.js of Debian 12
cache="${XDG_CACHE_HOME:-$HOME/.cache}/huiyin"
redocly="$cache/redocly-$redocly_version"
export HUIYIN_AXE="$cache/axe-$axe_version/node_modules/axe-core/axe.min.js"

long=no
for arg in "$@"; do
  case "$arg" in
    --long) long=yes ;;
    *) echo "usage: ./check.sh [--long]" >&2; exit 2 ;;
  esac
done

# step NAME COMMAND...: run a command under a heading, and say how long it took.
step() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  "$@"
  echo "   $name: $((SECONDS - start)) s"
}

# need COMMAND PACKAGE: note a Debian package when a command is missing.
missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }

install_tools() {
  command -v go >/dev/null || { echo "Go is missing: install the version that go.mod names" >&2; exit 1; }
  need chromium chromium
  need gcc gcc
  need unzip unzip
  need npm npm
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || need postgres postgresql-15
  need python3 python3
  need systemd-analyze systemd
  fc-list 2>/dev/null | grep 'Noto.*CJK' >/dev/null || missing+=(fontconfig fonts-noto-cjk)
  [ -e /usr/include/stdlib.h ] || missing+=(libc6-dev)
  if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then
      echo "missing: ${missing[*]}; install them, or run this as root" >&2
      exit 1
    fi
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
  fi
  if [ ! -e "$HUIYIN_AXE" ]; then
    npm install --prefix "$cache/axe-$axe_version" --no-audit --no-fund --no-save --ignore-scripts "axe-core@$axe_version"
  fi
  if [ ! -e "$redocly/node_modules/.bin/redocly" ]; then
    npm install --prefix "$redocly" --no-audit --no-fund --no-save --ignore-scripts "@redocly/cli@$redocly_version"
  fi
}

format() {
  local wrong
  wrong=$(gofmt -l .)
  if [ -n "$wrong" ]; then
    printf 'not formatted:\n%s\n' "$wrong" >&2
    return 1
  fi
}

modules() {
  go mod verify
  go mod tidy -diff
}

# The description of the public interface, by a linter that is not ours.
interface() {
  REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
    "$redocly/node_modules/.bin/redocly" lint --extends=recommended-strict site/serve/openapi.yaml
}

# tested_with and tested_without print the packages that have tests, parted by
# whether their tests need Hugo: in the test program, or in one that they build.
tested_list() {
  go list -test -f '{{if eq .Name "main"}}{{.ImportPath}}{{range .Deps}}{{if eq . "'$hugo'"}} hugo{{end}}{{end}}{{end}}' ./... |
    sed -n -E 's/(browsertest\.test)$/\1 hugo/; /\.test( hugo)?$/p'
}
tested_with() { tested_list | sed -n 's/\.test hugo$//p'; }
tested_without() { tested_list | sed -n 's/\.test$//p'; }

# Tests that do the same thing very often do it less often with -short, which the race
# detector is run with: it makes a program ten times slower. Their packages are tested
# once more without it, each test in full.
shortened() {
  grep -rl --include='*_test.go' 'testing\.Short()' . | xargs -n 1 dirname | sed "s#^\.#$module#"
  alone
}

# alone prints the packages that are tested without it alone: those in which neither code nor
# tests start or share anything that runs side by side, and the commands that make up a city
# and measure, in which little does, and what they call has tests of its own.
module=github.com/huiyin/huiyin
alone() {
  local package
  for package in $without; do
    if grep -qE '/cmd/internal/(demo|meilicheck|searchbench)$' <<<"$package" ||
      ! grep -qE '^[[:space:]]*go (func|[a-z])|errgroup|\.Go\(|\.Parallel\(|\<(sync|atomic)\.' "${package/#$module/.}"/*.go; then
      echo "$package"
    fi
  done
}

# Both build the same programs that the tests start, for another machine.
cross_compile() {
  local out
  out=$(mktemp -d)
  CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -o "$out" ./cmd/huiyin ./cmd/huiyin-web
  rm -r "$out"
}

# fuzz runs every fuzz target for a while, those of the query language, of what
# is shown of texts and of the gate for longer.
fuzz() {
  local file target span
  grep -rl --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do
    span=5m
    case "$(dirname "$file")" in ./search | ./generator/gate) span=10m ;; esac
    grep -o '^func Fuzz[A-Za-z0-9_]*' "$file" | sed 's/^func //' | while read -r target; do
      go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-$span}" "./$(dirname "$file")" </dev/null
    done
  done
}

# The units for systemd, with a program that is there in the place of ours.
units() {
  local out
  out=$(mktemp -d)
  for unit in docs/deploy/*.service; do
    sed -E 's#/usr/local/bin/huiyin[a-z-]*#/bin/true#; /^(User|Group)=/d' "$unit" >"$out/$(basename "$unit")"
  done
  systemd-analyze verify --man=no "$out"/*.service
  rm -r "$out"
}

step "tools" install_tools
step "format" format
step "modules" modules
step "vet" go vet ./...
step "staticcheck" go tool staticcheck ./...
step "public interface" interface
step "units" units
without=$(tested_without)
with=$(tested_with)
# SQLite is C in the words of Go: it works on memory outside of Go's, which the
# race detector knows nothing of, and asking it all the same makes the tests of a
# store take more than three times as long. All that calls SQLite is built with -race.
# The machine that reads PDF files is left out as well: one that takes too long is
# stopped in the middle of its work, which its own bookkeeping does not guard.
# shellcheck disable=SC2086 # package paths hold no spaces
step "tests with the race detector" go test -race -timeout 15m -gcflags=modernc.org/sqlite/lib=-race=false \
  -gcflags=github.com/tetratelabs/wazero/...=-race=false -short -vet=off $(printf '%s\n' $without | grep -vxF "$(alone)")
# shellcheck disable=SC2046
step "tests that the race detector was given less of, or nothing" go test -vet=off $(shortened | sort -u)
# They start programs and wait for them more than they work: more of them side by side than
# there are processors.
# shellcheck disable=SC2086
step "tests that need Hugo" go test -vet=off -parallel 4 -timeout 15m $with
step "arm64" cross_compile
if [ "$long" = yes ]; then
  step "kills" env HUIYIN_KILLS=1000 go test -vet=off -timeout 2h -count=1 -run Kill ./cmd/huiyin ./generator/schedule
  # shellcheck disable=SC2086
  step "benchmarks" go test -vet=off -run '^$' -bench . -benchtime 2s $without
  step "the whole way at 1,000,000 cases" go run ./cmd/internal/bench -cases 1000000 -hugo=false -record docs/benchmarks.md
  step "search at 1,000,000 cases" go run ./cmd/internal/searchbench -cases 1000000 -record docs/benchmarks.md
  step "fuzz" fuzz
fi
echo "all checks passed in $SECONDS s"
