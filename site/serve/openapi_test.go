package serve_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/serve"
)

// description is openapi.yaml.
type description struct {
	root     map[string]any
	compiler *jsonschema.Compiler
}

func readDescription(t *testing.T) *description {
	t.Helper()
	text, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text, err = yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &description{root: doc.(map[string]any), compiler: jsonschema.NewCompiler()}
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	return d
}

// at returns what a JSON pointer leads to, following references on the way, and
// the pointer without them.
func (d *description) at(t *testing.T, pointer string) (any, string) {
	t.Helper()
	var at any = d.root
	where := "#"
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "#/"), "/") {
		m, _ := at.(map[string]any)
		plain := strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		next, ok := m[plain]
		if !ok {
			t.Fatalf("the description has no %s", pointer)
		}
		at, where = next, where+"/"+step
		if m, ok := at.(map[string]any); ok {
			if to, ok := m["$ref"].(string); ok {
				at, where = d.at(t, to)
			}
		}
	}
	return at, where
}

func (d *description) object(t *testing.T, pointer string) map[string]any {
	t.Helper()
	at, _ := d.at(t, pointer)
	m, ok := at.(map[string]any)
	if !ok {
		t.Fatalf("%s is not an object", pointer)
	}
	return m
}

// validate checks a value against the schema at a pointer.
func (d *description) validate(t *testing.T, pointer string, value any) {
	t.Helper()
	_, where := d.at(t, pointer)
	schema, err := d.compiler.Compile("openapi.json" + where)
	if err != nil {
		t.Fatalf("%s: %v", pointer, err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v", pointer, err)
	}
}

// escaped is a step of a JSON pointer.
func escaped(step string) string {
	return strings.ReplaceAll(strings.ReplaceAll(step, "~", "~0"), "/", "~1")
}

// The description knows exactly the parameters that are read.
func TestDescribedParameters(t *testing.T) {
	d := readDescription(t)
	schema := search.SiteSchema()
	day := int64(20261120)
	full := search.Request{Q: "水", Type: "case", From: day, To: day, Sort: "newest", Page: 2, PerPage: 50, Filters: map[string][]string{}}
	for _, name := range schema.Keyword {
		full.Filters[name] = []string{"x"}
	}
	delete(full.Filters, search.FieldType) // it has a parameter of its own
	candidates := slices.Concat(schema.Text, schema.Keyword, schema.Number, slices.Collect(maps.Keys(full.Values())))
	for name := range d.object(t, "#/components/parameters") {
		candidates = append(candidates, name)
	}
	var read []string
	for _, name := range candidates {
		if _, err := search.ParseRequest(url.Values{name: {""}}); err == nil {
			read = append(read, name)
		}
	}
	slices.Sort(read)
	read = slices.Compact(read)
	for _, form := range []struct {
		path string
		more []string
	}{{"/search", []string{"all", "part"}}, {"/search.json", nil}, {"/search.csv", nil}, {"/search.jsonl", nil}, {"/search.atom", nil}} {
		var described []string
		parameters := d.object(t, "#/paths/"+escaped(form.path)+"/get")["parameters"].([]any)
		for i := range parameters {
			p := parameters[i].(map[string]any)
			if to, ok := p["$ref"].(string); ok {
				p = d.object(t, to)
			}
			if p["in"] == "query" {
				described = append(described, p["name"].(string))
			}
		}
		slices.Sort(described)
		want := slices.Sorted(slices.Values(slices.Concat(read, form.more)))
		if diff := cmp.Diff(want, described); diff != "" {
			t.Errorf("%s: parameters that are read (-) and described (+):\n%s", form.path, diff)
		}
	}
}

// The example of every parameter is one that is answered, and its schema takes
// it.
func TestDescribedParameterExamples(t *testing.T) {
	d := readDescription(t)
	for name, at := range d.object(t, "#/components/parameters") {
		p := at.(map[string]any)
		d.validate(t, "#/components/parameters/"+name+"/schema", p["example"])
		values := url.Values{}
		switch example := p["example"].(type) {
		case string:
			values.Set(name, example)
		case json.Number:
			values.Set(name, example.String())
		case []any:
			for _, v := range example {
				values.Add(name, v.(string))
			}
		default:
			t.Errorf("%s has no example", name)
		}
		if p["in"] != "query" {
			continue
		}
		if _, err := search.ParseRequest(values); err != nil {
			t.Errorf("the example of %s is refused: %v", name, err)
		}
	}
}

// literals returns the string literals of the files of a package that pick
// chooses.
func literals(t *testing.T, dir string, pick func(ast.Node) ast.Expr) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	var all []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := pick(n).(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, s)
			}
			return true
		})
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// The description names every code, and none that there is not.
func TestDescribedCodes(t *testing.T) {
	d := readDescription(t)
	enum := func(pointer string) []string {
		var codes []string
		for _, c := range d.object(t, pointer)["enum"].([]any) {
			codes = append(codes, c.(string))
		}
		return codes
	}
	requests := literals(t, "../../search", func(n ast.Node) ast.Expr {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return nil
		}
		switch f, _ := call.Fun.(*ast.Ident); {
		case f != nil && f.Name == "badRequest":
			return call.Args[1]
		case f != nil && f.Name == "badQuery":
			return call.Args[0]
		}
		return nil
	})
	own := literals(t, ".", func(n ast.Node) ast.Expr {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if k, ok := n.Key.(*ast.Ident); ok && k.Name == "code" {
				return n.Value
			}
		case *ast.AssignStmt:
			if to, ok := n.Lhs[0].(*ast.SelectorExpr); ok && to.Sel.Name == "code" {
				return n.Rhs[0]
			}
		}
		return nil
	})
	want := slices.Sorted(slices.Values(append(requests, own...)))
	if diff := cmp.Diff(want, enum("#/components/schemas/Error/properties/error/properties/code")); diff != "" {
		t.Errorf("codes of errors that there are (-) and described (+):\n%s", diff)
	}
	notes := literals(t, "../../search", func(n ast.Node) ast.Expr {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 && strings.HasPrefix(v.Names[0].Name, "Note") {
			return v.Values[0]
		}
		return nil
	})
	if diff := cmp.Diff(notes, enum("#/components/schemas/Note/properties/code")); diff != "" {
		t.Errorf("codes of notes that there are (-) and described (+):\n%s", diff)
	}
}

// The schemas have the keys of the types that are written, neither more nor
// fewer, and say which may be missing or null.
func TestDescribedTypes(t *testing.T) {
	d := readDescription(t)
	for name, v := range map[string]any{
		"Head": search.ExportHead{}, "Answer": search.PublicAnswer{}, "Number": search.PublicNumber{}, "Hit": search.PublicHit{},
		"Value": search.ExportValue{}, "Count": search.PublicCount{}, "Note": search.PublicNote{}, "Offer": search.PublicOffer{},
		"Instead": search.PublicInstead{}, "Help": search.PublicHelp{}, "Word": search.PublicWord{}, "Case": search.ExportCase{},
		"Vocabulary": search.VocabularyFile{}, "VocabularyValue": search.Value{},
	} {
		schema := d.object(t, "#/components/schemas/"+name)
		typ := reflect.TypeOf(v)
		if all, ok := schema["allOf"].([]any); ok { // an embedded struct and more
			schema = all[1].(map[string]any)
		}
		properties := schema["properties"].(map[string]any)
		var required []string
		for _, r := range schema["required"].([]any) {
			required = append(required, r.(string))
		}
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Anonymous {
				continue
			}
			key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			p, ok := properties[key].(map[string]any)
			delete(properties, key)
			if !ok {
				t.Errorf("%s has no %s", name, key)
				continue
			}
			if got := slices.Contains(required, key); got != (options != "omitempty") {
				t.Errorf("%s: %s is required: %t", name, key, got)
			}
			if got := mayBeNull(p); got != (f.Type.Kind() == reflect.Pointer) {
				t.Errorf("%s: %s may be null: %t", name, key, got)
			}
		}
		for key := range properties {
			t.Errorf("%s: there is no %s", name, key)
		}
	}
}

func mayBeNull(schema map[string]any) bool {
	if types, ok := schema["type"].([]any); ok && slices.Contains(types, any("null")) {
		return true
	}
	one, _ := schema["oneOf"].([]any)
	return slices.ContainsFunc(one, func(s any) bool { return s.(map[string]any)["type"] == "null" })
}

// Every example of an answer is one by its schema.
func TestDescribedExamples(t *testing.T) {
	d := readDescription(t)
	n := 0
	var walk func(at any, where string)
	walk = func(at any, where string) {
		m, ok := at.(map[string]any)
		if !ok {
			return
		}
		for key, value := range m {
			below := where + "/" + escaped(key)
			examples, ok := value.(map[string]any)
			if key != "examples" || !ok {
				walk(value, below)
				continue
			}
			for _, e := range examples {
				n++
				d.validate(t, where+"/schema", e.(map[string]any)["value"])
			}
		}
	}
	walk(d.root, "#")
	if n < 8 {
		t.Errorf("only %d examples", n)
	}
}

// The examples of errors are what is said.
func TestDescribedErrors(t *testing.T) {
	d := readDescription(t)
	s, engine := oldTown(t)
	c := &clock{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	h := s.searched(t, serve.Options{Now: c.now, Search: serve.SearchOptions{Engine: engine, Client: serve.Rate{PerSecond: 1, Burst: 1}}})
	nothing := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: indexed(t, search.Mark{}, nil)}})
	for _, tt := range []struct {
		example string
		rec     *httptest.ResponseRecorder
	}{
		{"bad_request/content/application~1json/examples/day", get(h, "/search.json?from=x")},
		{"too_many/content/application~1json/examples/requests", get(h, "/search.json")},
		{"unavailable/content/application~1json/examples/index", get(nothing, "/search.json")},
	} {
		said, err := jsonschema.UnmarshalJSON(tt.rec.Body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d.object(t, "#/components/responses/"+tt.example)["value"], said); diff != "" {
			t.Errorf("%s: described (-) and said (+):\n%s", tt.example, diff)
		}
	}
}

// What is answered is as described: status, type, headers and, where it is
// JSON, every key.
func TestDescribedAnswers(t *testing.T) {
	d := readDescription(t)
	s, engine := oldTown(t)
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine, Helps: search.SearcherOptions{
		Synonymer: synonyms{"水务局": {"水务所"}}, Suggester: synonyms{"水菅": {"水管"}}, Questioner: question{"水管", "漏水"},
	}}})
	for _, target := range []string{
		"/search", "/search?q=%E6%B0%B4", "/search?q=%E6%B0%B4&page=0",
		"/search.json", "/search.json?q=%E6%B0%B4&per_page=1&page=2", "/search.json?q=%E6%B0%B4%E7%AE%A1+2611-000001",
		"/search.json?q=%E6%B0%B4%E8%8F%85", "/search.json?q=%E6%80%8E%E4%B9%88", "/search.json?q=%E6%B0%B4%E5%8A%A1%E5%B1%80&year=1999",
		"/search.json?q=%E5%8D%95%E4%BD%8D:%E7%81%AB%E6%98%9F", "/search.json?q=%E3%80%82", "/search.json?unit=water&from=2026-11-01&sort=wait",
		"/search.json?sort=best", "/search.json?colour=red", "/search.json?q=%zz",
		"/search.csv?q=%E6%B0%B4", "/search.csv?page=x", "/search.jsonl?q=%E6%B0%B4", "/search.jsonl?from=x", "/search.atom?q=%E6%B0%B4", "/search.atom?to=x",
		"/search/vocabulary.json", "/search/opensearch.xml", "/search/openapi.yaml",
	} {
		rec := get(h, target)
		path, _, _ := strings.Cut(target, "?")
		t.Run(target, func(t *testing.T) { checkDescribed(t, d, path, rec) })
	}
	nothing := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: indexed(t, search.Mark{}, nil)}})
	for _, path := range []string{"/search", "/search.json", "/search.csv", "/search.jsonl", "/search.atom"} {
		t.Run("no index "+path, func(t *testing.T) { checkDescribed(t, d, path, get(nothing, path)) })
	}
}

// checkDescribed checks one answer against the description.
func checkDescribed(t *testing.T, d *description, path string, rec *httptest.ResponseRecorder) {
	t.Helper()
	where := "#/paths/" + escaped(path) + "/get/responses/" + strconv.Itoa(rec.Code)
	response := d.object(t, where)
	if headers, ok := response["headers"].(map[string]any); ok {
		for name := range headers {
			if name == "X-Robots-Tag" && path == "/search" {
				continue // the page that nothing was asked of may be kept
			}
			if rec.Header().Get(name) == "" {
				t.Errorf("there is no header %s", name)
			}
		}
	}
	typ, _, _ := strings.Cut(rec.Header().Get("Content-Type"), ";")
	if _, ok := response["content"].(map[string]any)[typ]; !ok {
		t.Fatalf("type %q is not described", typ)
	}
	var values [][]byte
	switch typ {
	case "application/json":
		values = [][]byte{rec.Body.Bytes()}
	case "application/jsonl":
		values = bytes.Split(bytes.TrimSpace(rec.Body.Bytes()), []byte("\n"))
	}
	for _, v := range values {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(v))
		if err != nil {
			t.Fatal(err)
		}
		d.validate(t, where+"/content/"+escaped(typ)+"/schema", value)
	}
}
