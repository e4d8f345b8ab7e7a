package gate

import "slices"

// candidate is the part of a run that may be one number.
type candidate struct {
	i, j  int
	d     string
	weak  bool          // a comma or the like stands within
	clock bool          // a colon stands within, as in a time of day
	same  bool          // all separators within are the same character
	kind  rune          // that character
	sizes [longest]byte // of the parts between separators
	count int           // of these parts
}

// groups returns the sizes of the parts between separators.
func (c *candidate) groups() []byte { return c.sizes[:c.count] }

// add adds a part.
func (c *candidate) add(size byte) {
	c.sizes[c.count] = size
	c.count++
}

// take returns the n digits at i as a candidate; ok is false where they do not
// end at a border.
func (r *run) take(i, n int, c *candidate) (ok bool) {
	if i+n > len(r.ns) || !r.border(i+n) {
		return false
	}
	*c = candidate{i: i, j: i + n, d: r.digits[i : i+n], same: true}
	size, real := byte(1), 0
	for k := i; k < i+n; k++ {
		m := r.ns[k]
		if m.class != alike {
			real++
		}
		if k == i {
			continue
		}
		if m.gap == 0 {
			size++
			continue
		}
		if c.count > 0 {
			c.same = c.same && c.kind == m.kind
		}
		c.kind = m.kind
		c.weak, c.clock = c.weak || m.weak, c.clock || m.kind == ':'
		c.add(size)
		size = 1
	}
	c.add(size)
	c.same = c.same && c.kind != -1
	return real >= 3
}

// whole reports whether the candidate has no separator in it.
func (c *candidate) whole() bool { return c.count == 1 }

// singles reports whether every digit stands alone.
func (c *candidate) singles() bool { return c.count == len(c.d) }

// is reports whether the groups have the given sizes, written as "344".
func (c *candidate) is(shapes ...string) bool {
	for _, shape := range shapes {
		same := len(shape) == c.count
		for i := 0; same && i < len(shape); i++ {
			same = shape[i] == '0'+c.sizes[i]
		}
		if same {
			return true
		}
	}
	return false
}

// even reports whether all groups but the last have the same size and the last
// is not longer.
func (c *candidate) even() bool {
	for _, n := range c.sizes[:c.count-1] {
		if n != c.sizes[0] {
			return false
		}
	}
	return c.sizes[c.count-1] <= c.sizes[0]
}

// fours reports whether all groups but the last are of four digits, or of two
// or three fours run together.
func (c *candidate) fours() bool {
	for _, n := range c.sizes[:c.count-1] {
		if n%4 != 0 {
			return false
		}
	}
	return true
}

// descends reports whether the digits do not simply count up.
func (c *candidate) descends() bool {
	for i := 1; i < len(c.d); i++ {
		if c.d[i] <= c.d[i-1] {
			return true
		}
	}
	return false
}

// quad reports whether the candidate is written like an internet address.
func (c *candidate) quad() bool {
	return c.count == 4 && c.same && c.kind == '.' && slices.Max(c.groups()) <= 3
}
