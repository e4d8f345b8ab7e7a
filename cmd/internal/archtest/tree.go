package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Module is the path of the module whose tree is checked.
const Module = "github.com/huiyin/huiyin"

// Tree is the source of the module: every Go file, parsed, by folder, and the
// bytes of the other texts that a rule looks at.
type Tree struct {
	Packages map[string]*Package // by folder relative to the root; the root is "."
	Texts    map[string][]byte   // go.mod and every Markdown file, by path
	Names    map[string]bool     // every file and folder
}

// Package is a folder with Go files.
type Package struct {
	Dir   string
	Files []*File // in the order of their names
}

// File is one Go file.
type File struct {
	Path   string
	Source []byte
	AST    *ast.File
	Lines  *token.File
}

// Test says whether the file is compiled for tests only.
func (f *File) Test() bool { return strings.HasSuffix(f.Path, "_test.go") }

// Imports returns the paths that the file imports.
func (f *File) Imports() []string {
	var paths []string
	for _, spec := range f.AST.Imports {
		// The parser has checked that the literal is one.
		p, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

// at formats a position in the file as path:line.
func (f *File) at(pos token.Pos) string { return fmt.Sprintf("%s:%d", f.Path, f.Lines.Line(pos)) }

// Load reads and parses the module whose root is fsys. Folders that the go
// command passes over (testdata, and names with a leading dot or underscore)
// hold no packages.
func Load(fsys fs.FS) (*Tree, error) {
	tree := &Tree{Packages: map[string]*Package{}, Texts: map[string][]byte{}, Names: map[string]bool{}}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(p)
		if d.IsDir() {
			if p != "." && (base[0] == '.' || base[0] == '_' || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			tree.Names[p] = true
			return nil
		}
		tree.Names[p] = true
		switch {
		case strings.HasSuffix(p, ".go"):
			return tree.parse(fsys, p)
		case p == "go.mod", strings.HasSuffix(p, ".md"):
			tree.Texts[p], err = fs.ReadFile(fsys, p)
		}
		return err
	})
	return tree, err
}

func (t *Tree) parse(fsys fs.FS, p string) error {
	src, err := fs.ReadFile(fsys, p)
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, p, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(p)
	pkg := t.Packages[dir]
	if pkg == nil {
		pkg = &Package{Dir: dir}
		t.Packages[dir] = pkg
	}
	pkg.Files = append(pkg.Files, &File{Path: p, Source: src, AST: file, Lines: fset.File(file.Pos())})
	return nil
}

// packages returns the packages in the order of their folders.
func (t *Tree) packages() []*Package {
	var list []*Package
	for _, dir := range slices.Sorted(maps.Keys(t.Packages)) {
		list = append(list, t.Packages[dir])
	}
	return list
}

// files returns every Go file, in the order of folders and names.
func (t *Tree) files() []*File {
	var list []*File
	for _, p := range t.packages() {
		list = append(list, p.Files...)
	}
	return list
}

// lines counts the lines of a file.
func lines(src []byte) int {
	n := bytes.Count(src, []byte("\n"))
	if len(src) > 0 && src[len(src)-1] != '\n' {
		n++
	}
	return n
}

// folder turns an import path into a folder of the module.
func folder(importPath string) (dir string, ours bool) {
	if importPath == Module {
		return ".", true
	}
	return strings.CutPrefix(importPath, Module+"/")
}
