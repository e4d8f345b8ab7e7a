package pages_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// told is what each place says of each number, by what names the number.
type told[K comparable] map[K]map[string]string

func (all told[K]) say(k K, place, value string) {
	if all[k] == nil {
		all[k] = map[string]string{}
	}
	all[k][place] = value
}

// differences lists the numbers that two places tell otherwise, or that fewer places than the
// least tell at all, sorted.
func (all told[K]) differences(least int) (out []string) {
	for k, places := range all {
		values := map[string]bool{}
		for _, v := range places {
			values[v] = true
		}
		if len(values) < 2 && len(places) >= least {
			continue
		}
		var said []string
		for _, place := range slices.Sorted(maps.Keys(places)) {
			said = append(said, place+" says "+places[place])
		}
		out = append(out, fmt.Sprintf("%+v: %s", k, strings.Join(said, "; ")))
	}
	slices.Sort(out)
	return out
}

// unitOfNotes returns the unit whose page of notes an address is, and "" for that of the
// whole site.
func unitOfNotes(path string) string {
	unit, ok := strings.CutPrefix(strings.TrimPrefix(path, "en/"), "unit/")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(unit, "/quality.html")
}
