package gate

import "strings"

// The bounds of a number with its country code: ITU-T E.164 has 15 digits at most, and
// fewer than 9 are of hardly any country.
const (
	shortestAbroad = 9
	longestAbroad  = 15
)

// nearbyCodes are the country codes of Hong Kong, Macao and Taiwan, which people also
// write without a plus.
var nearbyCodes = []string{"852", "853", "886"}

// abroad finds a number with its country code: behind a plus, behind 00 and a word that
// says telephone, and with the codes of Hong Kong, Macao and Taiwan behind such a word
// alone. The mainland's and North America's have plans of their own.
func (r *run) abroad(i int) int {
	first := r.ns[i].glyph
	plus := first > 0 && r.glyphs[first-1].r == '+' && (first == 1 || !named(r.glyphs[first-2]))
	skip := 0
	rest := r.digits[i:]
	if !plus && strings.HasPrefix(rest, "00") {
		skip = 2
	}
	code := rest[skip:]
	if code == "" || code[0] < '2' || strings.HasPrefix(code, "86") {
		return 0
	}
	if !plus && skip == 0 && (len(code) < 3 || code[:3] != nearbyCodes[0] && code[:3] != nearbyCodes[1] && code[:3] != nearbyCodes[2]) {
		return 0
	}
	for n := skip + longestAbroad; n >= skip+shortestAbroad; n-- {
		var c candidate
		if !r.take(i, n, &c) {
			continue
		}
		behind := r.after(r.ns[c.j-1].glyph + 1)
		if c.weak || c.clock || c.kind == '.' || c.singles() || measured(behind) {
			continue
		}
		for _, m := range r.ns[c.i+1 : c.j] {
			if m.gap > 2 || m.class != digit || r.glyphs[m.glyph-1].r == '+' {
				return 0 // +25 +26 +27
			}
		}
		if !plus {
			ctx := r.context(&c)
			if !hasAny(ctx, phoneWords) || hasAny(ctx, orderWords) || hasAny(ctx, bankWords) || hasAny(ctx, idWords) {
				return 0
			}
			if skip == 0 && (c.whole() && n != 11 && n != 12 || !c.whole() && int(c.sizes[0]) != 3) {
				continue
			}
		}
		return r.found(&c, skip, Mobile, pick(plus, 80, 75), "abroad@1")
	}
	return 0
}
