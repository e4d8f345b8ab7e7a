package archtest

// anyone stands for every package of the module in a table.
const anyone = "*"

// layers says which packages of the module a package may import, besides
// generator/fault, which everything under generator, site and cmd may. A package
// that is not in it is new: decide what it may see, and say what it is for in
// docs/architecture.md.
var layers = map[string][]string{
	".":                            {},
	"generator/fault":              {},
	"generator/sqlitefile":         {},
	"generator/record":             {},
	"generator/yamlfile":           {},
	"generator/source":             {},
	"generator/source/drop":        {"generator/source"},
	"generator/source/exchange":    {"generator/source", "generator/source/httpget"},
	"generator/source/httpget":     {},
	"generator/source/open311":     {"generator/source", "generator/source/httpget"},
	"generator/source/spool":       {"generator/source", "site/durable"},
	"generator/source/sql":         {"generator/source"},
	"generator/source/sql/sqltest": {},
	"generator/gate":               {"generator/record", "generator/source", "generator/yamlfile"},
	"generator/gate/attach":        {},
	"generator/gate/gatetext":      {},
	"generator/gate/gatetest":      {"generator/gate", "generator/gate/gatetext", "generator/record", "generator/source"},

	"generator/gate/internal/namelists": {},
	"generator/sqlitefile/sqlitetest":   {},
	"generator/intake":                  {"generator/source", "generator/sqlitefile"},
	"generator/schedule":                {"generator/schedule/job", "generator/sqlitefile", "site/durable"},
	"generator/schedule/job":            {},
	"generator/schedule/wallclock":      {},
	"generator/alert":                   {"site/durable"},
	"generator/backup":                  {"site/durable"},
	"generator/desk":                    {"generator/record", "generator/schedule/job"},
	"generator/store":                   {"generator/gate", "generator/record", "generator/schedule/job", "generator/sqlitefile", "site/durable"},
	"generator/ingest":                  {"generator/gate", "generator/intake", "generator/record", "generator/source"},
	"generator/assess":                  {"generator/record"},
	"generator/deadline":                {"generator/record", "generator/yamlfile"},
	"generator/assess/assesstest":       {},
	"generator/assess/similar":          {"generator/record"},
	"generator/assess/promise":          {"generator/record", "generator/assess"},
	"generator/assess/sample":           {"generator/record"},
	"generator/assess/substance":        {"generator/record", "generator/assess"},
	"generator/assess/moves":            {"generator/record", "generator/assess"},
	"generator/assess/notes":            {"generator/record", "generator/assess/promise", "generator/assess/similar", "generator/assess/substance"},
	"generator/numbers":                 {"generator/record", "generator/store", "generator/assess"},
	"generator/opendata":                {"generator/record", "generator/assess", "generator/assess/moves", "generator/assess/promise", "generator/deadline"},
	"generator/pages":                   {"generator/record", "generator/assess", "generator/assess/moves", "generator/assess/promise", "generator/assess/sample", "generator/assess/notes", "generator/assess/similar", "generator/assess/substance", "generator/deadline", "generator/opendata", "search"},
	"generator":                         {"generator/deadline", "generator/gate", "generator/record", "generator/store", "generator/assess", "generator/numbers", "generator/pages", "search", "site/durable", "site/release"},
	"search":                            {},
	"search/fts":                        {"search", "site/durable"},
	"search/lexicon":                    {"search"},
	"search/lexicon/internal/make":      {"search"},
	"search/meili":                      {"search"},
	"search/meili/meilitest":            {},
	"search/static":                     {"search"},
	"search/searchtest":                 {"search", "search/searchtest/scan"},
	"search/searchtest/scan":            {"search"},
	"site":                              {".", "site/release"},
	"site/release":                      {"site/durable"},
	"site/durable":                      {},
	"site/serve":                        {"search", "site/release"},
	"cmd/huiyin":                        {anyone},
	"cmd/huiyin-web":                    {"search", "search/fts", "search/lexicon", "search/meili", "site/release", "site/serve"},
	"site/durable/durabletest":          {"site/durable"},
	"cmd/internal/archtest":             {},
	"cmd/internal/assemble":             {anyone},
	"cmd/internal/bench":                {anyone},
	"cmd/internal/browsertest":          {},
	"cmd/internal/config":               {anyone},
	"cmd/internal/demo":                 {anyone},
	"cmd/internal/figures":              {},
	"cmd/internal/gatebench":            {anyone},
	"cmd/internal/meilicheck":           {anyone},
	"cmd/internal/recall":               {anyone},
	"cmd/internal/searchbench":          {anyone},
}

// fault is the one package that everybody may import.
const fault = "generator/fault"

// modules says which packages may import a third-party module, by the longest
// prefix of the import path that has an entry. What has none is not to be
// imported at all; bench measures plain Hugo beside ours. Entries with test true bind test files too: who imports
// Hugo, even in a test, links it.
var modules = map[string]struct {
	by   []string
	test bool
}{
	"code.dny.dev/ssrf":                        {by: []string{"generator/source/httpget"}},
	"modernc.org/sqlite":                       {by: []string{"generator/sqlitefile", "generator/sqlitefile/sqlitetest", "search/fts"}, test: true},
	"modernc.org/libc":                         {by: []string{"generator/sqlitefile/sqlitetest"}},
	"github.com/gohugoio/hugo":                 {by: []string{"site", "cmd/internal/bench"}, test: true},
	"github.com/bep/logg":                      {by: []string{"site"}, test: true},
	"github.com/spf13/afero":                   {by: []string{"site"}, test: true},
	"github.com/jackc/pgx/v5":                  {by: []string{"generator/source/sql", "generator/source/sql/sqltest"}, test: true},
	"github.com/klippa-app/go-pdfium":          {by: []string{"generator/gate/attach"}},
	"github.com/tetratelabs/wazero":            {by: []string{"generator/gate/attach"}},
	"github.com/klauspost/compress":            {by: []string{"site/release", "generator/gate", "generator/gate/internal/namelists", "generator/store", "generator/intake", "search/fts", "search/lexicon", "search/lexicon/internal/make"}},
	"github.com/meilisearch/meilisearch-go":    {by: []string{"search/meili"}},
	"github.com/mozillazg/go-pinyin":           {by: []string{"search/lexicon/internal/make"}},
	"github.com/santhosh-tekuri/jsonschema/v6": {by: []string{"search/meili/meilitest", "site/serve"}, test: true},
	"github.com/xuri/excelize/v2":              {by: []string{"generator/source/drop", "generator/gate/attach", "cmd/internal/demo"}},
	"github.com/yuin/goldmark":                 {by: []string{"site"}},
	"github.com/goccy/go-yaml":                 {by: []string{"cmd/internal/assemble", "generator/source", "generator/yamlfile", "generator/pages", "site", "cmd/huiyin", "cmd/internal/config"}},
	"github.com/riverqueue/river":              {by: []string{"generator/schedule"}, test: true},
	"github.com/wneessen/go-mail":              {by: []string{"generator/alert"}},
	"github.com/prometheus/client_golang":      {by: []string{"cmd/huiyin"}},
	"golang.org/x/time":                        {by: []string{"generator/desk", "cmd/huiyin"}},
	"github.com/robfig/cron/v3":                {by: []string{"generator/schedule"}, test: true},
	"github.com/fsnotify/fsnotify":             {by: []string{"generator/schedule", "cmd/huiyin"}},
	"github.com/spf13/cobra":                   {by: []string{"cmd/huiyin", "cmd/huiyin-web"}},
	"github.com/chromedp":                      {by: []string{"cmd/internal/browsertest", "search/static"}, test: true},
	"github.com/google/go-cmp":                 {},
	"github.com/rogpeppe/go-internal":          {},
	"golang.org/x":                             {by: []string{anyone}},
}

// stdlibOnly are the packages that import nothing from outside the standard
// library: the vocabulary and the arithmetic that others verify, and what the
// public process needs least.
var stdlibOnly = []string{
	".", "generator/fault", "generator/record", "generator/schedule/job", "generator/assess", "generator/assess/moves", "generator/assess/notes", "generator/assess/promise", "generator/assess/sample", "generator/assess/similar", "generator/assess/substance", "generator/gate/gatetext", "site/serve",
}

// public is the process that strangers talk to, and hidden is what it must
// never link, also not through something else.
const public = "cmd/huiyin-web"

var hidden = []string{
	".", "generator", "generator/source", "generator/source/drop", "generator/source/sql", "generator/intake", "generator/gate", "generator/gate/attach",
	"generator/store", "generator/alert", "generator/backup", "generator/desk", "generator/schedule", "generator/sqlitefile", "generator/ingest", "generator/assess", "generator/deadline", "generator/pages", "site",
	"github.com/gohugoio/hugo", "github.com/jackc/pgx/v5",
}
