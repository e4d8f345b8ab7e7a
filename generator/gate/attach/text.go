package attach

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxBlock is the text that goes through the gate at once, in bytes. It is far
// below what the gate reads and above what a letter holds, so that a name that
// was introduced on the first page is known on the last.
const maxBlock = 256 << 10

// What is kept of the answers of the gate: tables say the same in many cells, and
// the gate counts its work.
const (
	maxKnown      = 256     // bytes of a text
	maxKnownTexts = 1 << 16 // of one file
)

// check lets one text through the gate and counts it. err is a refusal when the
// file holds too much text.
func (j *job) check(text string) (Checked, error) {
	if j.left -= len(text); j.left < 0 {
		return Checked{}, refusal("too-much-text")
	}
	c, known := j.known[text]
	if !known {
		c = j.gate(text)
		if len(text) <= maxKnown && len(j.known) < maxKnownTexts {
			if j.known == nil {
				j.known = map[string]Checked{}
			}
			j.known[text] = c
		}
	}
	return c, nil
}

// find keeps findings, at a place.
func (j *job) find(place string, fs []Finding) {
	for _, f := range fs {
		f.Place = place
		j.findings = append(j.findings, f)
	}
}

// readable reports whether all codes say that the gate has found something
// doubtful, which stars can cover, and none that it has not looked at the text or
// that the text must not be shown at all.
func readable(held []string) bool {
	for _, code := range held {
		if !strings.HasPrefix(code, "doubtful-") && !strings.HasPrefix(code, "held-") {
			return false
		}
	}
	return true
}

// settle returns what may be written of a text, given what the gate says of it.
// A text with doubtful findings is starred out, so that a person may accept it;
// one that the gate does not show refuses the file.
func (j *job) settle(text string, c Checked) (string, error) {
	if len(c.Held) == 0 {
		return c.Masked, nil
	}
	j.held = append(j.held, c.Held...)
	if readable(c.Held) {
		again, err := j.check(starred(text, c.Findings, nil))
		if err != nil {
			return "", err
		}
		if len(again.Held) == 0 {
			return again.Masked, nil
		}
	}
	j.refuse("text-held")
	return "", nil
}

// one lets a text of one line through the gate and returns it as it may be
// written.
func (j *job) one(place, text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	c, err := j.check(text)
	if err != nil {
		return "", err
	}
	j.find(place, c.Findings)
	return j.settle(text, c)
}

// starred returns text with every letter and digit of the findings that want
// names replaced by a star. A nil want stands for all.
func starred(text string, fs []Finding, want func(Finding) bool) string {
	b := []byte(text)
	for _, f := range fs {
		if want != nil && !want(f) || f.Start < 0 || f.End > len(text) || f.Start >= f.End {
			continue
		}
		for i := f.Start; i < f.End; i++ {
			if b[i] != '\n' {
				b[i] = 0
			}
		}
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		_, n := utf8.DecodeRuneInString(text[i:])
		if b[i] == 0 {
			out.WriteByte('*')
		} else {
			out.WriteString(text[i : i+n])
		}
		i += n
	}
	return out.String()
}

// lines lets the lines of a text through the gate together, so that names and
// numbers that run over a line are seen, and returns them masked, one for one.
// No line holds a line break.
func (j *job) lines(place func(line int) string, in []string) ([]string, error) {
	out := make([]string, len(in))
	var block []string
	var at []int
	size := 0
	flush := func() error {
		masked, err := j.block(func(i int) string { return place(at[i]) }, block)
		for i, s := range masked {
			out[at[i]] = s
		}
		block, at, size = block[:0], at[:0], 0
		return err
	}
	for i, s := range in {
		s = strings.Trim(s, " \t\u3000")
		if s == "" {
			continue
		}
		if size += len(s) + 1; size > maxBlock {
			if err := flush(); err != nil {
				return nil, err
			}
			size = len(s) + 1
		}
		block, at = append(block, s), append(at, i)
	}
	return out, flush()
}

// block is lines for lines that are not empty and not too many.
func (j *job) block(place func(line int) string, in []string) ([]string, error) {
	if len(in) == 0 {
		return nil, nil
	}
	text := strings.Join(in, "\n")
	// Findings that run over a line end are starred out by hand first: their mask
	// would swallow the line.
	for round := range 4 {
		c, err := j.check(text)
		if err != nil {
			return nil, err
		}
		over := func(f Finding) bool {
			return f.Start >= 0 && f.End <= len(text) && f.Start < f.End && strings.Contains(text[f.Start:f.End], "\n")
		}
		again := false
		for _, f := range c.Findings {
			again = again || over(f)
		}
		if again && round < 3 {
			for _, f := range c.Findings {
				if over(f) {
					j.findLine(place, text, f)
				}
			}
			text = starred(text, c.Findings, over)
			continue
		}
		for _, f := range c.Findings {
			j.findLine(place, text, f)
		}
		masked, err := j.settle(text, c)
		if err != nil || j.refused {
			return nil, err
		}
		if got := strings.Split(masked, "\n"); len(got) == len(in) {
			return got, nil
		}
		break
	}
	return j.apart(place, strings.Split(text, "\n"))
}

// apart lets lines through the gate one by one, for a text whose lines do not
// come back one for one. What the gate finds in them together and not apart
// refuses the file.
func (j *job) apart(place func(line int) string, in []string) ([]string, error) {
	out := make([]string, len(in))
	for i, s := range in {
		masked, err := j.one(place(i), s)
		if err != nil || j.refused {
			return nil, err
		}
		out[i] = strings.ReplaceAll(masked, "\n", " ")
	}
	c, err := j.check(strings.Join(out, "\n"))
	if err != nil {
		return nil, err
	}
	if len(c.Findings) > 0 || len(c.Held) > 0 {
		j.refuse("text-over-lines")
	}
	return out, nil
}

// findLine keeps a finding of joined lines, with its place and offsets in the
// line it starts in.
func (j *job) findLine(place func(line int) string, text string, f Finding) {
	start := min(max(f.Start, 0), len(text))
	line := strings.Count(text[:start], "\n")
	from := strings.LastIndexByte(text[:start], '\n') + 1
	f.Start, f.End = f.Start-from, f.End-from
	j.find(place(line), []Finding{f})
}

// say adds to the text of the result.
func (j *job) say(s string) {
	if s != "" {
		j.text.WriteString(s)
		j.text.WriteByte('\n')
	}
}

// fileName returns the name under which the file may be published: what was
// claimed, without folders and marks, where the gate finds nothing in it.
func (j *job) fileName(claimed string, k kind) string {
	if i := strings.LastIndexAny(claimed, "/\\"); i >= 0 {
		claimed = claimed[i+1:]
	}
	stem, _ := cutEnding(claimed)
	if !utf8.ValidString(stem) || utf8.RuneCountInString(stem) > 100 {
		return neutralName(k.ending(), "")
	}
	stem = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), strings.ContainsRune(`:*?"<>|%&#`, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, stem)
	stem = strings.Trim(stem, " .")
	if stem == "" {
		return neutralName(k.ending(), "")
	}
	c, err := j.check(stem)
	if err != nil || len(c.Findings) > 0 || len(c.Held) > 0 || c.Masked != stem {
		if err == nil {
			j.find("name", c.Findings)
		}
		j.drop("name")
		return neutralName(k.ending(), "")
	}
	return stem + k.ending()
}

// neutralName is the name of a file whose own name says too much.
func neutralName(ending, media string) string {
	for _, k := range kinds {
		if ending == "" && media != "" && k.media == media {
			ending = k.endings[0]
		}
	}
	return "附件" + ending
}
