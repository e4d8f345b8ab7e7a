package gate_test

import (
	"encoding/gob"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
)

// sources returns the files of the package that are not tests.
func sources(t *testing.T) (files []*ast.File) {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go") {
			f, err := parser.ParseFile(set, e.Name(), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	if len(files) < 10 {
		t.Fatalf("%d files, the package has more", len(files))
	}
	return files
}

// TestNoClearedIsForged: outside this package a valid Cleared comes from the
// methods of a Gate and from nothing else.
func TestNoClearedIsForged(t *testing.T) {
	typ := reflect.TypeFor[gate.Cleared]()
	for i := range typ.NumField() {
		if f := typ.Field(i); f.IsExported() {
			t.Errorf("the field %s of Cleared can be set from outside", f.Name)
		}
	}
	var forged gate.Cleared
	//lint:ignore SA9005 that no field can be set is what is tested
	if err := json.Unmarshal([]byte(`{"value":{"text":"x"},"Value":{"text":"x"}}`), &forged); err != nil || forged.Valid() {
		t.Errorf("JSON makes a Cleared: valid %v, %v", forged.Valid(), err)
	}
	if err := gob.NewEncoder(new(strings.Builder)).Encode(forged); err == nil {
		t.Error("gob writes a Cleared, and could read another")
	}
	if v := reflect.ValueOf(&forged).Elem().FieldByName("value"); v.CanSet() {
		t.Error("reflection sets the value of a Cleared")
	}

	// Every exported function that gives or changes a Cleared.
	var makers []string
	for _, file := range sources(t) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() {
				continue
			}
			recv := ""
			if f.Recv != nil {
				recv = typeName(f.Recv.List[0].Type)
			}
			lists := []*ast.FieldList{f.Type.Results}
			for _, p := range f.Type.Params.List {
				if _, pointer := p.Type.(*ast.StarExpr); pointer {
					lists = append(lists, &ast.FieldList{List: []*ast.Field{p}})
				}
			}
			if recv == "*Cleared" {
				t.Errorf("the method %s can change a Cleared", f.Name.Name)
			}
			for _, l := range lists {
				if l != nil && slices.ContainsFunc(l.List, func(p *ast.Field) bool { return strings.HasSuffix(typeName(p.Type), "Cleared") }) {
					makers = append(makers, recv+" "+f.Name.Name)
				}
			}
		}
	}
	slices.Sort(makers)
	if want := []string{"*Gate Clear", "*Gate ClearPeople", "*Gate ClearReviewed", "*Gate Reclear"}; !slices.Equal(makers, want) {
		t.Errorf("a Cleared comes from %q, want it from %q alone", makers, want)
	}
}

// typeName returns a type as it is written, as far as this test needs it.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return "*" + typeName(e.X)
	case *ast.ArrayType:
		return "[]" + typeName(e.Elt)
	case *ast.MapType:
		return "map " + typeName(e.Value)
	case *ast.ChanType:
		return "chan " + typeName(e.Value)
	}
	return ""
}

// TestNothingBypassesTheGate: what could tell the gate to look away is not even
// imported.
func TestNothingBypassesTheGate(t *testing.T) {
	for _, file := range sources(t) {
		for _, imp := range file.Imports {
			switch path := strings.Trim(imp.Path.Value, `"`); path {
			case "os", "flag", "net", "net/http", "math/rand", "math/rand/v2", "syscall", "plugin", "unsafe", "testing":
				t.Errorf("the package imports %s", path)
			}
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == "init" {
				t.Error("the package has an init function")
			}
		}
	}
}

// TestEveryTypeIsMasked: no rule of the default policy lets a type through but
// service lines, in any class and at any confidence that counts.
func TestEveryTypeIsMasked(t *testing.T) {
	p := gate.DefaultPolicy()
	for name, rules := range map[string]gate.Rules{"citizen": p.Citizen, "official": p.Official, "label": p.Label} {
		for _, typ := range gate.Types() {
			r, ok := rules[typ]
			if passes := r.Action == gate.Pass || r.Doubtful == gate.Pass; !ok || passes != (typ == gate.Service) {
				t.Errorf("%s, %s: %+v", name, typ, r)
			}
		}
	}
	for _, typ := range gate.Types() {
		for _, doubtful := range []bool{false, true} {
			rule := gate.Rule{Action: gate.Pass}
			if doubtful {
				rule = gate.Rule{Action: gate.Mask, Doubtful: gate.Pass}
			}
			p := gate.DefaultPolicy()
			p.Citizen[typ] = rule
			_, err := gate.New(gate.Options{Key: make([]byte, 32), Policy: p, Hotlines: []string{"none"}})
			taken := err != nil && strings.HasPrefix(err.Error(), "hotlines")
			if want := typ == gate.Service || typ == gate.Landline; taken != want {
				t.Errorf("%s passed in what citizens write, doubtful %v: taken is %v", typ, doubtful, taken)
			}
		}
	}
}
