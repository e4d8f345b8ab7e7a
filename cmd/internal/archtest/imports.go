package archtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Layers complains about imports within the module that the table does not
// allow, about packages that it does not know, and about rows without a
// package. Test files may import what they need to show their case.
func Layers(tree *Tree, table map[string][]string) []string {
	var bad []string
	for _, pkg := range tree.packages() {
		allowed, known := table[pkg.Dir]
		if !known {
			bad = append(bad, fmt.Sprintf("%s: new package; add it to the table and to docs/architecture.md", pkg.Dir))
			continue
		}
		for _, f := range pkg.Files {
			for _, imp := range f.Imports() {
				dir, ours := folder(imp)
				if !ours || f.Test() || dir == fault || slices.Contains(allowed, anyone) || slices.Contains(allowed, dir) {
					continue
				}
				bad = append(bad, fmt.Sprintf("%s: %s must not import %s", f.Path, pkg.Dir, dir))
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(table)) {
		if tree.Packages[dir] == nil {
			bad = append(bad, fmt.Sprintf("%s: in the table, but there is no such package", dir))
		}
	}
	return bad
}

// Modules complains about third-party imports that the table of drivers does
// not allow.
func Modules(tree *Tree) []string {
	var bad []string
	for _, f := range tree.files() {
		pkg := dirOf(f.Path)
		for _, imp := range f.Imports() {
			if !thirdParty(imp) {
				continue
			}
			row, found := longest(imp)
			switch {
			case !found:
				bad = append(bad, fmt.Sprintf("%s: %s is in no row of the table of modules", f.Path, imp))
			case f.Test() && !row.test:
			case slices.Contains(stdlibOnly, pkg) && !f.Test():
				bad = append(bad, fmt.Sprintf("%s: %s keeps to the standard library and must not import %s", f.Path, pkg, imp))
			case !slices.Contains(row.by, anyone) && !slices.Contains(row.by, pkg):
				bad = append(bad, fmt.Sprintf("%s: %s must not import %s", f.Path, pkg, imp))
			}
		}
	}
	return bad
}

// longest finds the row of modules with the longest prefix of an import path.
func longest(imp string) (row struct {
	by   []string
	test bool
}, found bool) {
	for p := imp; p != ""; p = dirOf(p) {
		if row, found = modules[p]; found || p == "." {
			return row, found
		}
	}
	return row, false
}

// dirOf is all but the last element of a slashed path, or "." for a lone one.
func dirOf(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return "."
}

// thirdParty says whether an import is neither ours nor the standard
// library's, whose paths have no dot in the first element.
func thirdParty(imp string) bool {
	if _, ours := folder(imp); ours {
		return false
	}
	first, _, _ := strings.Cut(imp, "/")
	return strings.Contains(first, ".")
}

// Linked complains about everything in secret that the package at dir links,
// directly or through other packages of the module, and says by which way.
func Linked(tree *Tree, dir string, secret []string) []string {
	if tree.Packages[dir] == nil {
		return []string{dir + ": there is no such package"}
	}
	var bad []string
	from := map[string]string{dir: ""}
	queue := []string{dir}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, s := range secret {
			if at == s || strings.HasPrefix(at, s+"/") && strings.Contains(s, ".") {
				bad = append(bad, fmt.Sprintf("%s links %s: %s", dir, s, way(from, at)))
			}
		}
		pkg := tree.Packages[at]
		if pkg == nil {
			continue
		}
		for _, f := range pkg.Files {
			if f.Test() {
				continue
			}
			for _, imp := range f.Imports() {
				if d, ours := folder(imp); ours {
					imp = d
				}
				if _, seen := from[imp]; !seen {
					from[imp] = at
					queue = append(queue, imp)
				}
			}
		}
	}
	return bad
}

// way is the chain of imports from the start to a package.
func way(from map[string]string, to string) string {
	chain := []string{to}
	for p := from[to]; p != ""; p = from[p] {
		chain = append(chain, p)
	}
	slices.Reverse(chain)
	return strings.Join(chain, " -> ")
}
