package gate

// glued finds identity cards and mobile numbers written without any separator
// between them, as lists of people are when columns are lost. Only an identity
// card with a right check character counts as one here, and mobile numbers without
// one among them only where the whole run is made of them.
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
		return r.gluedMobiles(i, n)
	}
	piece(i + n)
	return n
}

// gluedMobiles finds the two to four mobile numbers that n digits from i on are
// made of. One long number in two hundred reads so by chance: without a
// word that says telephone they are doubtful.
func (r *run) gluedMobiles(i, n int) int {
	const size = 11
	if n%size != 0 || n > 4*size {
		return 0
	}
	for k := i; k < i+n; k += size {
		if !isMobile(r.digits[k : k+size]) {
			return 0
		}
	}
	c := candidate{i: i, j: i + n, d: r.digits[i : i+n]}
	context := r.context(&c)
	if hasAny(context, orderWords) {
		return 0
	}
	// One finding: the masks of two would stand side by side and read as a number.
	return r.found(&c, 0, Mobile, pick(hasAny(context, phoneWords), 85, 45), "glued@2")
}
