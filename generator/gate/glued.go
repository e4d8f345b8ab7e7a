package gate

// glued finds identity cards and mobile numbers written without any separator
// between them, as lists of people are when columns are lost. Only an identity
// card with a right check character counts as one here.
func (r *run) glued(i int) int {
	n := 1
	for i+n < len(r.ns) && !r.border(i+n) {
		n++
	}
	if n <= longest {
		return 0
	}
	rest, found := i, false
	piece := func(end int) {
		var c candidate
		if d := r.digits[rest:end]; isMobile(d) {
			c = candidate{i: rest, j: end, d: d}
			r.found(&c, 0, Mobile, 85, "glued@1")
		}
		rest = end
	}
	for k := i; k+18 <= i+n; k++ {
		d := r.digits[k : k+18]
		if birth := idBirth(d); birth.Known() && birth <= r.asOf && idChecksum(d) {
			piece(k)
			c := candidate{i: k, j: k + 18, d: d}
			r.found(&c, 0, IDCard, 85, "glued@1")
			rest, found = k+18, true
			k += 17
		}
	}
	if !found {
		return 0
	}
	piece(i + n)
	return n
}
