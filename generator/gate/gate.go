package gate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Options configure a [Gate].
type Options struct {
	// Key is the secret of 32 bytes behind every keyed hash that the gate makes.
	// The same key gives the same hashes for ever; the store knows cases by them.
	Key []byte

	// Policy says what is done with what is found; the zero Policy stands for
	// [DefaultPolicy].
	Policy Policy

	// AllowLines are the public lines of each unit: telephone numbers, and e-mail
	// addresses where an entry has an @. They pass in the cases of that unit,
	// whether it handles, helps or replies, and nowhere else.
	AllowLines map[record.UnitID][]string

	// Hotlines are public lines of the whole installation, which pass everywhere.
	// Numbers of up to six digits, such as 12345 and 95598, need no entry.
	Hotlines []string

	// Allow is what else may pass although it looks personal, entry by entry.
	Allow []Allow

	// Officials are those in office, by unit.
	Officials map[record.UnitID][]Officer

	// Attachments makes the files of cases anew where [Policy.Attachments] asks for
	// it. Without it they are left out.
	Attachments FileCleaner
}

// tables are what the detectors look things up in. They are made of what is built
// into the program, once for all gates, and only read afterwards.
type tables struct {
	folds      *folds
	accusing   *wordRules
	sensitives *wordRules
	names      *names
	places     *places
}

// builtIn returns the tables that all gates share.
var builtIn = sync.OnceValue(newTables)

func newTables() *tables {
	t := &tables{folds: newFolds(), accusing: newAccusing(), sensitives: newSensitive(), names: newNames(), places: newPlaces()}
	t.folds.simplify(t.names)
	return t
}

// Gate clears raw records. It is safe for concurrent use, and its answers
// depend on nothing but its options and the arguments.
type Gate struct {
	macs     *macs   // under its key
	options  Options // those that the hash is of
	policy   Policy
	hash     string
	rules    string // hash of all but the lines of the register
	lists    string // hash of the lists of the detectors
	lines    map[record.UnitID]map[string]bool
	hotlines map[string]bool
	except   map[record.UnitID]*exceptions
	*tables
	scans sync.Pool // of *scan, for their buffers
}

// New returns a gate. It refuses a key of the wrong length, a policy that would
// let personal data out, and an allow-list with something else than lines in it.
func New(o Options) (*Gate, error) {
	if len(o.Key) != 32 {
		return nil, fmt.Errorf("the gate's key has %d bytes, want 32", len(o.Key))
	}
	if o.Policy.isZero() {
		o.Policy = DefaultPolicy()
	}
	if err := o.Policy.check(); err != nil {
		return nil, err
	}
	g := &Gate{
		macs: newMACs(o.Key), options: o.clone(), policy: o.Policy.clone(), lists: listsHash(),
		lines: map[record.UnitID]map[string]bool{}, hotlines: map[string]bool{},
	}
	if err := addLines(g.hotlines, o.Hotlines); err != nil {
		return nil, fmt.Errorf("hotlines: %w", err)
	}
	for _, unit := range slices.Sorted(maps.Keys(o.AllowLines)) { // in order, so that of several mistakes the same is named
		lines := o.AllowLines[unit]
		if !record.ValidID(string(unit)) {
			return nil, fmt.Errorf("allowed lines: a unit identifier is malformed")
		}
		g.lines[unit] = map[string]bool{}
		if err := addLines(g.lines[unit], lines); err != nil {
			return nil, fmt.Errorf("allowed lines of unit %s: %w", unit, err)
		}
	}
	g.hash = g.options.hash(g.lists)
	g.rules = g.hash
	g.tables = builtIn()
	var err error
	if g.except, err = g.tables.except(o); err != nil {
		return nil, err
	}
	g.scans.New = func() any { return &scan{tables: g.tables} }
	return g, nil
}

// clone returns what the hash is of, without the key, in maps of its own.
func (o Options) clone() Options {
	c := Options{
		Policy: o.Policy.clone(), AllowLines: maps.Clone(o.AllowLines), Hotlines: slices.Clone(o.Hotlines),
		Allow: slices.Clone(o.Allow), Officials: maps.Clone(o.Officials),
		Attachments: o.Attachments,
	}
	for unit, lines := range c.AllowLines {
		c.AllowLines[unit] = slices.Clone(lines)
	}
	for unit, list := range c.Officials {
		c.Officials[unit] = slices.Clone(list)
	}
	return c
}

// WithLines returns a gate that also lets pass, in the cases of each unit, the
// telephone numbers that the register of units states for it. What is no
// telephone number is left out. Its policy hash is another where a line is new.
func (g *Gate) WithLines(register map[record.UnitID][]string) *Gate {
	more := &Gate{
		macs: g.macs, options: g.options, policy: g.policy, lines: maps.Clone(g.lines),
		hotlines: g.hotlines, except: g.except, tables: g.tables, rules: g.rules, lists: g.lists,
	}
	more.scans.New = g.scans.New
	allow := maps.Clone(g.options.AllowLines)
	if allow == nil {
		allow = map[record.UnitID][]string{}
	}
	for unit, lines := range register {
		set := maps.Clone(g.lines[unit])
		if set == nil {
			set = map[string]bool{}
		}
		list := slices.Clone(allow[unit])
		for _, line := range lines {
			if lineDigits(line) != "" && addLines(set, []string{line}) == nil {
				list = append(list, line)
			}
		}
		if record.ValidID(string(unit)) && len(list) > 0 {
			more.lines[unit], allow[unit] = set, list
		}
	}
	more.options.AllowLines = allow
	more.hash = more.options.hash(g.lists)
	return more
}

// addLines puts the normal forms of lines into set: with and without their area
// code, since replies leave it out.
func addLines(set map[string]bool, lines []string) error {
	for i, line := range lines {
		if strings.Contains(line, "@") {
			set[strings.ToLower(strings.TrimSpace(line))] = true
			continue
		}
		d := lineDigits(line)
		if d == "" {
			return fmt.Errorf("entry %d is neither a telephone number nor an e-mail address", i+1)
		}
		set[d] = true
		if n := areaCode(d); n > 0 && isLocal(d[n:]) {
			set[d[n:]] = true
		}
	}
	return nil
}

// maxLine is the most digits of a telephone number, without the country code of the
// mainland: less than those of an identity card or a bank card.
const maxLine = 14

// lineDigits returns the digits of a telephone number without its country code
// and extension, and "" when line is none.
func lineDigits(line string) string {
	line, extension, _ := strings.Cut(line, "转")
	if len(extension) > 8 || strings.Trim(extension, "0123456789 ") != "" {
		return ""
	}
	var b strings.Builder
	for _, r := range line {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.ContainsRune("+-–—() （）.", r):
			return ""
		}
	}
	d := b.String()
	for _, prefix := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(d, prefix); ok && (isMobile(rest) || areaCode(rest) > 0 && len(rest) >= 10) {
			d = rest
		}
	}
	if len(d) < 3 || len(d) > maxLine {
		return ""
	}
	return d
}

// PolicyHash is the SHA-256, in hexadecimal, of everything but the key that
// decides what passes: the policy, the allow-lists, the officials, the lines of
// the register and the version of the detectors and their lists. The store keeps
// it with each version of a case.
func (g *Gate) PolicyHash() string { return g.hash }

// RulesHash is [Gate.PolicyHash] without the lines of the register of units, which
// [Gate.WithLines] adds and which change with every delivery of the register. It
// tells whether the rules of the office or the program changed.
func (g *Gate) RulesHash() string { return g.rules }

// PolicyVersion is the version that the office gave its policy.
func (g *Gate) PolicyVersion() string { return g.policy.Version }

// KeyMAC returns the keyed hash of a source key, in hexadecimal. Keys of
// different kinds have unrelated hashes.
func (g *Gate) KeyMAC(kind source.Kind, key string) string {
	return g.mac("key", string(kind), key)
}

// mac returns the keyed hash of value. No two uses share a hash.
func (g *Gate) mac(use, kind, value string) string {
	return g.macs.hex(func(w *macer) {
		for i, part := range []string{use, kind, value} {
			if i > 0 {
				w.b = append(w.b, 0)
			}
			w.b = append(w.b, part...)
		}
	})
}

// Clear decides about one raw record. asOf is the as-of day of its batch: later
// days are taken for errors.
//
// For [Publish] and [Stub] the Cleared is valid. For [Hold] it is valid and
// holds the row alone where raw is a case whose row could be made, which is all
// but always; a register or an assessment that is held gives none. For
// [Silent], [Exclude] and [Refuse] it is not valid.
//
// Clear does not fail: whatever goes wrong inside ends in a hold.
func (g *Gate) Clear(raw source.Raw, asOf record.Day) (Cleared, Verdict) {
	return g.clear(raw, asOf, g.contentMAC(raw), nil, nil)
}

// clear clears raw, whose keyed hash is content, with the review of a person or
// without one. files are what she decided about files alone.
func (g *Gate) clear(raw source.Raw, asOf record.Day, content string, review *Review, files []FileReview) (Cleared, Verdict) {
	cleared, verdict := g.try(raw, asOf, review, files, nil)
	verdict.Content, verdict.Output = content, g.outputMAC(cleared)
	return cleared, verdict
}

// try clears raw, which stands in public as stands where that is not nil, and where
// that fails makes its row alone.
func (g *Gate) try(raw source.Raw, asOf record.Day, review *Review, files []FileReview, stands *standing) (Cleared, Verdict) {
	cleared, verdict, done := g.attempt(raw, asOf, review, files, stands, false)
	if !done {
		// The record spent its budget or met a defect: keep nothing of the
		// attempt and make the row without looking at any text.
		reason := verdict.Reasons
		cleared, verdict, done = g.attempt(raw, asOf, review, nil, stands, true)
		if !done {
			return Cleared{}, Verdict{Decision: Hold, Reasons: reason}
		}
		if verdict.Decision == Hold {
			verdict.Reasons = reason
		}
	}
	slices.Sort(verdict.Reasons)
	verdict.Reasons = slices.Compact(verdict.Reasons)
	return cleared, verdict
}

// attempt clears raw; done is false when it panicked, and the verdict then holds
// the reason alone. With rowOnly no text is looked at and a case is held.
func (g *Gate) attempt(raw source.Raw, asOf record.Day, review *Review, files []FileReview, stands *standing, rowOnly bool) (cleared Cleared, verdict Verdict, done bool) {
	c := &clearing{Gate: g, raw: raw, asOf: asOf, review: review, files: files, stands: stands, rowOnly: rowOnly, work: budget{left: g.policy.MaxSteps}}
	reason := c.guarded(func() {
		value := c.record()
		c.draw()
		verdict = c.verdict
		if value == nil || verdict.Decision == Silent || verdict.Decision == Exclude || verdict.Decision == Refuse {
			return
		}
		cleared = Cleared{
			value: value, keyMAC: g.KeyMAC(raw.Kind, raw.Key), has: c.carried(),
			repeat: c.repeat, merged: c.merged, policy: g.hash, bodies: c.bodies,
		}
	})
	if reason != "" {
		return Cleared{}, Verdict{Decision: Hold, Reasons: []string{reason}}, false
	}
	return cleared, verdict, true
}

// guarded lets do look at texts, and returns the reason to hold everything where it
// spent the budget or met a defect, so that nothing that it made may be used.
func (c *clearing) guarded(do func()) (reason string) {
	c.scan = c.scans.Get().(*scan)
	c.scan.work, c.scan.asOf, c.scan.known, c.scan.edge = &c.work, c.asOf, nil, edge{}
	defer func() {
		if p := recover(); p != nil {
			reason = "internal-error"
			if p == errBudget {
				reason = "budget-spent"
			}
			return // and let the scan go: its state is unknown
		}
		c.scan.work = nil
		c.scans.Put(c.scan)
	}()
	do()
	return ""
}

// budget is the work that one record may cost, in bytes times steps. It does
// not look at the clock, so that every machine gives up at the same place.
type budget struct{ left int64 }

// errBudget is the panic with which spent work leaves every loop at once.
var errBudget = fmt.Errorf("work budget spent")

// spend takes steps from the budget.
func (b *budget) spend(steps int) {
	if b.left -= int64(steps); b.left < 0 {
		panic(errBudget)
	}
}

// clearing is the state of one record on its way through the gate.
type clearing struct {
	*Gate
	raw      source.Raw
	asOf     record.Day
	review   *Review      // a person's, or nil
	files    []FileReview // a person's about single files
	stands   *standing    // as which a case without its original is published, or nil
	rowOnly  bool
	work     budget
	scan     *scan
	verdict  Verdict
	field    string            // that is looked at
	units    []record.UnitID   // whose lines pass in this record
	setAside map[string]bool   // fields whose value was set aside
	titled   bool              // the title was made from the question
	sampled  bool              // something was masked that a person may be asked about afterwards
	named    [][]uint16        // sure names of its fields
	plains   map[string]string // its texts before the masks, by field
	hans     [][]uint16        // Han characters of its cleared texts
	edges    map[string]edge   // numbers parted between fields, by field
	repeat   string
	merged   string
	bodies   map[string]CleanFile // the files made anew, by SHA-256
}

// reason adds a code to the verdict.
func (c *clearing) reason(code string) { c.verdict.Reasons = append(c.verdict.Reasons, code) }

// hold holds the record for a reason, unless a person has accepted it.
func (c *clearing) hold(code string) {
	c.reason(code)
	if c.review.accepts(code) {
		c.verdict.Reviewed = true
		return
	}
	c.verdict.Decision = Hold
}

// draw draws a published case in which something was masked that a person may be
// asked about. What a person has seen already is not drawn again.
func (c *clearing) draw() {
	if c.stands != nil && c.stands.further {
		return // there is nothing to look at
	}
	if !c.sampled || c.verdict.Decision != Publish || c.raw.Kind != source.Case || !c.drawn(c.raw) {
		return
	}
	if c.review != nil {
		c.verdict.Reviewed = true
		return
	}
	c.verdict.Sample = true
	c.reason(sampleReason)
}

// refuse turns the record away: it cannot be what it says it is.
func (c *clearing) refuse(code string) any {
	c.verdict.Decision = Refuse
	c.reason(code)
	return nil
}

// aside notes that the value of a field was set aside. The rest stands, and the
// field counts as not carried.
func (c *clearing) aside(field, code, reason, hint string) {
	if c.setAside == nil {
		c.setAside = map[string]bool{}
	}
	c.setAside[field] = true
	c.verdict.Quality = append(c.verdict.Quality, source.Rejected{
		Where: c.raw.Where, Column: field, Code: code, Reason: reason, Hint: hint,
	})
}

// carried returns the fields that the delivery carried with a value that stands.
func (c *clearing) carried() map[string]bool {
	has := make(map[string]bool, len(c.raw.Fields))
	for field := range c.raw.Fields {
		has[field] = !c.setAside[field]
	}
	for _, field := range c.raw.Void {
		if _, ok := c.raw.Fields[field]; !ok {
			has[field] = true // and holds nothing
		}
	}
	if c.titled {
		has[source.FieldTitle] = true // it follows the question
	}
	if c.raw.Kind == source.Case && !c.rebuilds() {
		has[source.FieldAttachments] = true // so that files of before go, whatever is delivered
	}
	return has
}

// record makes the value of raw's kind.
func (c *clearing) record() any {
	c.verdict.Decision = Publish
	if c.raw.Key == "" {
		return c.refuse("no-key")
	}
	switch c.raw.Kind {
	case source.Case:
		return c.caseRecord()
	case source.Unit, source.Area, source.Topic, source.Channel, source.Assessment, source.Accountability:
		value := c.registerRecord()
		if c.verdict.Decision == Hold {
			return nil
		}
		return value
	}
	c.hold("unknown-kind")
	return nil
}
