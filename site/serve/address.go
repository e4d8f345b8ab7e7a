package serve

import (
	"path"
	"strings"
	"unicode/utf8"
)

// maxPath is the longest address, in bytes, that is looked up.
const maxPath = 1024

// fileName turns the decoded path of an address below the prefix into the name
// of a file in a release. The root, and a path that ends in a slash, is the
// folder's index.html. A file has one address: what path.Clean would change, a
// backslash, a control character or broken UTF-8 is no address of ours, and
// nothing is guessed from it.
func fileName(p string) (name string, ok bool) {
	if len(p) > maxPath || !strings.HasPrefix(p, "/") || !utf8.ValidString(p) {
		return "", false
	}
	for _, r := range p {
		if r < 0x20 || r == 0x7f || r == '\\' {
			return "", false
		}
	}
	if strings.HasSuffix(p, "/") {
		p += "index.html"
	}
	if path.Clean(p) != p {
		return "", false
	}
	return p[1:], true
}

// cleanPrefix returns the path below which the site lies, with a leading slash
// and without one at the end; the root is empty. It reports false for what
// cannot be one.
func cleanPrefix(prefix string) (string, bool) {
	p := strings.TrimSuffix(prefix, "/")
	if p == "" {
		return "", true
	}
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	if path.Clean(p) != p || strings.ContainsAny(p, "\\?#%\"<> ") {
		return "", false
	}
	for _, r := range p {
		if r < 0x20 || r >= 0x7f {
			return "", false
		}
	}
	return p, true
}
