package release

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// reserved begins the names of entries that are never served or exported, and
// of the files that an export keeps for itself. No public file may be called so.
const reserved = ".huiyin"

// Longest names, in bytes. A segment must fit into a file name.
const (
	maxName    = 1024
	maxSegment = 240
)

// checkName says what is wrong with the name of a public file.
func checkName(name string) error {
	if err := checkPath(name); err != nil {
		return err
	}
	if len(name) >= len(reserved) && strings.EqualFold(name[:len(reserved)], reserved) {
		return fmt.Errorf("name %q is reserved", name)
	}
	if strings.EqualFold(name, goneName) {
		return fmt.Errorf("name %q is that of the list of withdrawn pages", name)
	}
	return nil
}

// checkHidden says what is wrong with the name of a hidden entry.
func checkHidden(name string) error {
	if err := checkPath(name); err != nil {
		return err
	}
	if !strings.HasPrefix(name, reserved+"/") {
		return fmt.Errorf("name %q of a hidden entry does not begin with %s/", name, reserved)
	}
	return nil
}

func isHidden(name string) bool { return strings.HasPrefix(name, reserved+"/") }

// checkPath says what is wrong with a relative path with slashes, such as could
// lead out of a folder or be two paths to one file.
func checkPath(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("name is empty")
	case len(name) > maxName:
		return fmt.Errorf("name %.40q is longer than %d bytes", name, maxName)
	case !utf8.ValidString(name):
		return fmt.Errorf("name %q is not UTF-8", name)
	case name[0] == '/':
		return fmt.Errorf("name %q is absolute", name)
	}
	for i := range len(name) {
		if b := name[i]; b < 0x20 || b == 0x7f || b == '\\' {
			return fmt.Errorf("name %q holds a control character or a backslash", name)
		}
	}
	for segment := range strings.SplitSeq(name, "/") {
		switch {
		case segment == "" || segment == "." || segment == "..":
			return fmt.Errorf("name %q has an empty, . or .. segment", name)
		case len(segment) > maxSegment:
			return fmt.Errorf("name %.40q has a segment longer than %d bytes", name, maxSegment)
		}
	}
	return nil
}

// folded is the form of a name in which two names are the same file on a file
// system that ignores case.
func folded(name string) string { return strings.ToLower(name) }

// pathHash is the hash under which a file is looked up. Names that differ in
// case alone have the same one.
func pathHash(name string) uint64 {
	h := uint64(14695981039346656037)
	lower := folded(name)
	for i := range len(lower) {
		h = (h ^ uint64(lower[i])) * 1099511628211
	}
	// FNV-1a leaves its high bits poorly mixed on short names.
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

// validHash reports whether s is a SHA-256 in lower-case hexadecimal.
func validHash(s string) bool {
	if len(s) != 64 || strings.ToLower(s) != s {
		return false
	}
	_, err := hex.DecodeString(s)
	return err == nil
}

// validNumber reports whether s can be a case number: the only thing known of
// them here is that they are short ASCII words without quotes.
func validNumber(s string) bool {
	if len(s) < 1 || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		b := s[i]
		if (b < '0' || b > '9') && (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && b != '-' {
			return false
		}
	}
	return true
}
