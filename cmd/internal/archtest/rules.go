package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// The most lines that a file may have.
const (
	maxLines     = 600
	maxMainLines = 29
)

// PackageDocs complains about folders that have no package comment, or several.
func PackageDocs(tree *Tree) []string {
	var bad []string
	for _, pkg := range tree.packages() {
		var with []string
		for _, f := range pkg.Files {
			if f.AST.Doc != nil {
				with = append(with, path.Base(f.Path))
			}
		}
		switch len(with) {
		case 0:
			bad = append(bad, pkg.Dir+": no package comment")
		case 1:
		default:
			bad = append(bad, fmt.Sprintf("%s: several package comments: %s", pkg.Dir, strings.Join(with, ", ")))
		}
	}
	return bad
}

// Lengths complains about files that are too long, and about a main.go that
// does more than start the program.
func Lengths(tree *Tree) []string {
	var bad []string
	for _, f := range tree.files() {
		limit := maxLines
		if path.Base(f.Path) == "main.go" {
			limit = maxMainLines
		}
		if n := lines(f.Source); n > limit {
			bad = append(bad, fmt.Sprintf("%s: %d lines, more than %d", f.Path, n, limit))
		}
	}
	return bad
}

// Unfinished complains about what is left for later: a note to oneself, a test
// that is passed over.
func Unfinished(tree *Tree) []string {
	// In two halves, so that this file does not complain about itself.
	notes := []string{"TO" + "DO", "FIX" + "ME", "XX" + "X:"}
	var bad []string
	for _, f := range tree.files() {
		for _, note := range notes {
			if i := bytes.Index(f.Source, []byte(note)); i >= 0 {
				bad = append(bad, fmt.Sprintf("%s:%d: %s", f.Path, lines(f.Source[:i+1]), note))
			}
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if ok && f.Test() && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
				bad = append(bad, fmt.Sprintf("%s: a test is skipped", f.at(sel.Pos())))
			}
			return true
		})
	}
	return bad
}

// Inits complains about functions that run before main. What a package needs is
// passed to it.
func Inits(tree *Tree) []string {
	var bad []string
	for _, f := range tree.files() {
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				bad = append(bad, f.at(fn.Pos())+": init function")
			}
		}
	}
	return bad
}

// GoFree complains about Go files below folders that Hugo or a reader takes
// whole: Hugo publishes a Go file that it finds in content.
func GoFree(tree *Tree) []string {
	var bad []string
	for _, f := range tree.files() {
		top, _, _ := strings.Cut(f.Path, "/")
		if top == "content" || top == "themes" || top == "docs" {
			bad = append(bad, f.Path+": Go file in "+top)
		}
	}
	return bad
}

// Documented complains about exported names without a comment. A group of
// constants or variables may share one.
func Documented(tree *Tree) []string {
	var bad []string
	for _, f := range tree.files() {
		if f.Test() || f.AST.Name.Name == "main" {
			continue
		}
		for _, d := range f.AST.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					bad = append(bad, fmt.Sprintf("%s: %s has no comment", f.at(d.Pos()), d.Name.Name))
				}
			case *ast.GenDecl:
				for _, name := range undocumented(d) {
					bad = append(bad, fmt.Sprintf("%s: %s has no comment", f.at(name.Pos()), name.Name))
				}
			}
		}
	}
	return bad
}

// exportedReceiver says whether a function has no receiver or one of an
// exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	t := d.Recv.List[0].Type
	for {
		switch u := t.(type) {
		case *ast.StarExpr:
			t = u.X
		case *ast.IndexExpr:
			t = u.X
		case *ast.IndexListExpr:
			t = u.X
		case *ast.Ident:
			return u.IsExported()
		default:
			return true
		}
	}
}

// undocumented returns the exported names of a declaration that nothing
// comments on.
func undocumented(d *ast.GenDecl) []*ast.Ident {
	var names []*ast.Ident
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
				names = append(names, s.Name)
			}
		case *ast.ValueSpec:
			if s.Doc != nil || s.Comment != nil || d.Doc != nil {
				continue
			}
			for _, name := range s.Names {
				if name.IsExported() {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// Closed complains about string literals that lead out of the repository: a
// test that needs files beside it fails on a fresh clone.
func Closed(tree *Tree) []string {
	outside := ".." + "/shared"
	var bad []string
	for _, f := range tree.files() {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING && strings.Contains(lit.Value, outside) {
				bad = append(bad, f.at(lit.Pos())+": reads outside the repository")
			}
			return true
		})
	}
	return bad
}

// Clocks complains about a package that looks at the clock or draws random
// numbers itself. Both come in from outside, so that the same input makes the
// same bytes; only what is started by a person, under cmd, may ask. A generator
// with a seed is no clock.
func Clocks(tree *Tree) []string {
	clock := []string{"Now", "Since", "Until", "Sleep"}
	seeded := []string{"New", "NewPCG", "NewChaCha8", "NewSource", "Rand", "Source", "PCG", "ChaCha8"}
	var bad []string
	for _, f := range tree.files() {
		if f.Test() || strings.HasPrefix(f.Path, "cmd/") {
			continue
		}
		imports := f.Imports()
		random := slices.Contains(imports, "math/rand") || slices.Contains(imports, "math/rand/v2")
		ast.Inspect(f.AST, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok {
				return true
			}
			if x.Name == "time" && slices.Contains(clock, sel.Sel.Name) ||
				x.Name == "rand" && random && !slices.Contains(seeded, sel.Sel.Name) {
				bad = append(bad, fmt.Sprintf("%s: %s.%s", f.at(sel.Pos()), x.Name, sel.Sel.Name))
			}
			return true
		})
	}
	return bad
}

// NoReplace complains about replace directives in go.mod: who builds the
// module from elsewhere would get other code.
func NoReplace(tree *Tree) []string {
	var bad []string
	for i, line := range strings.Split(string(tree.Texts["go.mod"]), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "replace") {
			bad = append(bad, fmt.Sprintf("go.mod:%d: replace directive", i+1))
		}
	}
	return bad
}
