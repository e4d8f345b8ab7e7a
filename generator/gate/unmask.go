package gate

import "strings"

// Unmasks reports whether now, a text as the gate has cleared it again, shows
// anything that was, the same text as it was published, does not. What stands
// between the masks of now must all stand in was, in the same order and not far apart.
// In doubt, the answer is yes.
//
// Texts of different content always differ in this way; the answer means
// something only for one content under two sets of rules.
func Unmasks(was, now string) bool {
	for reach := 0; now != ""; reach = maxMasked {
		piece := now
		if i := nextMask(now); i >= 0 {
			piece = now[:i]
		}
		now = strings.TrimLeft(strings.TrimPrefix(now[len(piece):], "某某"), "*")
		i := strings.Index(was[:min(len(was), reach+len(piece))], piece)
		if i < 0 {
			return true
		}
		was = was[i+len(piece):]
	}
	return false
}

// maxMasked is how many bytes one mask may stand for: what was masked there is not
// longer, and a piece that stands further on is another one.
const maxMasked = 300

// nextMask returns where the next mask of a text begins, or -1. A star alone is no
// mask and may have been typed.
func nextMask(s string) int {
	star, name := strings.Index(s, "**"), strings.Index(s, "某某")
	if star < 0 || name >= 0 && name < star {
		return name
	}
	return star
}
