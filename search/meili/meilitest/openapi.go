package meilitest

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the description
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed testdata/openapi-1.53.json.gz
var description []byte

const descriptionURL = "file:///openapi.json"

// Description is what Meilisearch 1.53 says of the form of its answers, in
// OpenAPI. It is safe for concurrent use.
//
// Where that is not what Meilisearch 1.50 did, the recordings of that are right:
// see differences in the source. The answer to several searches is described,
// but not where it is given, and a setting alone may be null. The description
// allows unknown fields, and it names few errors.
type Description struct {
	routes []string // as in /indexes/{index_uid}/stats
	has    map[string]bool

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema // by JSON pointer
}

// differences are where the description of 1.53 is not what 1.50 answered.
var differences = []struct {
	name  string
	apply func(schemas map[string]any)
}{
	{"sizes of an index are new in 1.53", func(schemas map[string]any) {
		stats := schemas["IndexStats"].(map[string]any)
		stats["required"] = without(stats["required"].([]any), "indexSize", "usedIndexSize")
	}},
	{"startedAt and finishedAt are null until a task has started and is over", func(schemas map[string]any) {
		task := schemas["TaskView"].(map[string]any)["properties"].(map[string]any)
		for _, name := range []string{"startedAt", "finishedAt"} {
			task[name].(map[string]any)["type"] = []any{"string", "null"}
		}
	}},
}

// NewDescription reads the description.
func NewDescription() (*Description, error) { return newDescription("") }

// newDescription leaves out one of the differences.
func newDescription(left string) (*Description, error) {
	z, err := gzip.NewReader(bytes.NewReader(description))
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(z)
	if err != nil {
		return nil, err
	}
	root := doc.(map[string]any)
	for _, diff := range differences {
		if diff.name != left {
			diff.apply(root["components"].(map[string]any)["schemas"].(map[string]any))
		}
	}
	d := &Description{has: map[string]bool{}, compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	d.compiler.AssertFormat()
	d.read(root["paths"].(map[string]any))
	return d, d.compiler.AddResource(descriptionURL, doc)
}

// read notes which answers are described.
func (d *Description) read(paths map[string]any) {
	for route, methods := range paths {
		d.routes = append(d.routes, route)
		for method, op := range methods.(map[string]any) {
			responses, _ := op.(map[string]any)["responses"].(map[string]any)
			for status, response := range responses {
				content, _ := response.(map[string]any)["content"].(map[string]any)
				body, _ := content["application/json"].(map[string]any)
				d.has[answerPointer(route, method, status)] = body["schema"] != nil
			}
		}
	}
}

func without(names []any, unwanted ...string) []any {
	var left []any
	for _, name := range names {
		keep := true
		for _, u := range unwanted {
			keep = keep && name != u
		}
		if keep {
			left = append(left, name)
		}
	}
	return left
}

func answerPointer(route, method, status string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	return "/paths/" + escape.Replace(route) + "/" + strings.ToLower(method) + "/responses/" + status + "/content/application~1json/schema"
}

// Check says whether an answer is as described. Of a route that is not described
// only the form of errors is known.
func (d *Description) Check(method, path string, status int, body []byte) error {
	if len(body) == 0 {
		return nil
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s: status %d: %w", method, path, status, err)
	}
	pointer, err := d.pointer(method, path, status, v)
	if err != nil {
		return err
	}
	schema, err := d.schema(pointer)
	if err != nil {
		return err
	}
	if err := schema.Validate(v); err != nil {
		return fmt.Errorf("%s %s: status %d: %w", method, path, status, err)
	}
	return nil
}

// pointer finds the schema of an answer.
func (d *Description) pointer(method, path string, status int, v any) (string, error) {
	if status >= http.StatusBadRequest {
		return "/components/schemas/ResponseError", nil
	}
	if fields, ok := v.(map[string]any); ok && path == "/multi-search" && fields["results"] != nil {
		return "/components/schemas/SearchResults", nil
	}
	route, ok := d.route(path)
	pointer := answerPointer(route, method, strconv.Itoa(status))
	if !ok || !d.has[pointer] {
		return "", fmt.Errorf("%s %s: an answer of status %d is not described", method, path, status)
	}
	if v == nil && strings.HasPrefix(route, "/indexes/{index_uid}/settings/") {
		return "/components/schemas/DetailsView/allOf/0/oneOf/0", nil // null
	}
	return pointer, nil
}

// route finds the description of a path; names go before what stands for any.
func (d *Description) route(path string) (string, bool) {
	have := strings.Split(path, "/")
	best, fixed := "", -1
	for _, route := range d.routes {
		want := strings.Split(route, "/")
		n := 0
		for i := range want {
			if len(want) != len(have) || want[i] != have[i] && !strings.HasPrefix(want[i], "{") {
				n = -1
				break
			}
			if want[i] == have[i] {
				n++
			}
		}
		if n > fixed {
			best, fixed = route, n
		}
	}
	return best, fixed >= 0
}

func (d *Description) schema(pointer string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.compiled[pointer]; s != nil {
		return s, nil
	}
	s, err := d.compiler.Compile(descriptionURL + "#" + (&url.URL{Path: pointer}).EscapedPath())
	if err != nil {
		return nil, err
	}
	d.compiled[pointer] = s
	return s, nil
}
