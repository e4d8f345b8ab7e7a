package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// casesName is the hidden entry that says which cases each file of a pack shows.
const casesName = reserved + "/cases.json"

// encodeCases is the text of cases.json: an object with the name of each file
// that shows a case, and the numbers in order.
func encodeCases(shows map[string][]string) []byte {
	b, err := json.Marshal(shows) // sorts the names
	if err != nil {
		panic(err) // strings alone
	}
	return append(b, '\n')
}

// parseCases reads the text of cases.json.
func parseCases(b []byte) (map[string][]string, error) {
	var shows map[string][]string
	if err := decodeStrict(b, &shows); err != nil {
		return nil, fmt.Errorf("%s: %w", casesName, err)
	}
	for name, numbers := range shows {
		if err := checkName(name); err != nil {
			return nil, fmt.Errorf("%s: %w", casesName, err)
		}
		for _, n := range numbers {
			if !validNumber(n) {
				return nil, fmt.Errorf("%s: %q is no case number", casesName, n)
			}
		}
	}
	return shows, nil
}

// quoted reports whether text holds one of the numbers as a JSON string.
func quoted(text []byte, numbers map[string]bool) bool {
	for _, part := range bytes.Split(text, []byte{'"'}) {
		if len(part) <= 64 && numbers[string(part)] {
			return true
		}
	}
	return false
}

// withoutCases returns what is left of a hidden entry once the given cases are
// withdrawn, and whether anything is.
func withoutCases(name string, body []byte, numbers map[string]bool) ([]byte, bool) {
	if !strings.HasSuffix(name, ".jsonl") {
		return body, !quoted(body, numbers)
	}
	var kept []byte
	for line := range bytes.Lines(body) {
		if !quoted(line, numbers) {
			kept = append(kept, line...)
		}
	}
	return kept, true
}

// showing returns the names of the files that show one of the numbers, in order.
func showing(shows map[string][]string, numbers map[string]bool) []string {
	var names []string
	for name, list := range shows {
		if slices.ContainsFunc(list, func(n string) bool { return numbers[n] }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
