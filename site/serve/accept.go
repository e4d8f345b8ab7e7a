package serve

import (
	"net/http"
	"strconv"
	"strings"
)

// coding is how a body leaves: as it is, or in a gzip frame.
type coding int

const (
	none     coding = iota // no coding that we have is acceptable
	identity               // as it is
	gzipped                // in a gzip frame
)

// acceptable says which codings the client takes by its Accept-Encoding header
// (RFC 9110, 12.5.3), and which of them it would rather have: gzip, unless it
// ranks identity higher. A client without the header gets identity: it may not
// know any coding at all. Members that cannot be read are passed over.
func acceptable(h http.Header) (gzip, plain bool, prefer coding) {
	const unset = -1
	gz, id, star := unset, unset, unset
	for _, line := range h["Accept-Encoding"] {
		for member := range strings.SplitSeq(line, ",") {
			name, params, _ := strings.Cut(member, ";")
			q, ok := weight(params)
			if !ok {
				continue
			}
			switch strings.ToLower(strings.Trim(name, " \t")) {
			case "gzip", "x-gzip":
				gz = max(gz, q)
			case "identity":
				id = max(id, q)
			case "*":
				star = max(star, q)
			}
		}
	}
	if gz == unset {
		gz = star
	}
	// Identity is taken unless it is refused by name or by the rest.
	if id == unset && star == 0 {
		id = 0
	}
	gzip, plain = gz > 0, id != 0
	switch {
	case gzip && gz >= id:
		prefer = gzipped
	case plain:
		prefer = identity
	case gzip:
		prefer = gzipped
	}
	return gzip, plain, prefer
}

// weight reads the parameters of a member, of which only q counts, in
// thousandths. None is 1000. It reports false for a q that is not a number
// from 0 to 1 with at most three decimals.
func weight(params string) (int, bool) {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.Trim(p, " \t"), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		whole, part, _ := strings.Cut(value, ".")
		if whole != "0" && whole != "1" || len(part) > 3 {
			return 0, false
		}
		n, err := strconv.ParseUint((whole + part + "000")[:4], 10, 16)
		if err != nil || n > 1000 {
			return 0, false
		}
		return int(n), true
	}
	return 1000, true
}
