package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/source/drop"
)

// checkOutput writes what was found, in the order of the documents.
type checkOutput struct {
	k      *gateCheck
	export bool
	w      *bufio.Writer

	docs, found, held, long int
	kinds                   map[string]int

	table *csv.Writer // of a masked export
	cells []string    // of the row at hand
	at    drop.Cell   // where the row is
}

func newCheckOutput(k *gateCheck, export bool) *checkOutput {
	w := bufio.NewWriterSize(k.a.out, 64<<10)
	return &checkOutput{k: k, export: export, w: w, kinds: map[string]int{}, table: csv.NewWriter(w)}
}

// checkFinding is a finding as --json prints it: a line of the text, or a row and a
// column of an export.
type checkFinding struct {
	File       string `json:"file,omitempty"`  // in an archive
	Sheet      int    `json:"sheet,omitempty"` // of a workbook, from 1
	Line       int    `json:"line"`
	Column     string `json:"column,omitempty"`
	Kind       string `json:"kind"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Confidence int    `json:"confidence"`
	Action     string `json:"action"`
}

// add takes the next document.
func (o *checkOutput) add(d checkDoc, c gate.Checked) error {
	o.docs++
	if len(c.Findings) > 0 {
		o.found++
	}
	if len(c.Held) > 0 {
		o.held++
	}
	if slices.Contains(c.Held, "text-too-long") {
		o.long++
	}
	for _, f := range c.Findings {
		o.kinds[f.Type]++
	}
	if o.k.mask {
		return o.masked(d, c)
	}
	if c.Clean() {
		return nil
	}
	var starts []int // of the lines of the text
	for _, f := range c.Findings {
		if starts == nil {
			starts = lineStarts(d.text)
		}
		n, exact := slices.BinarySearch(starts, f.Start)
		if !exact {
			n--
		}
		from := starts[n]
		found := checkFinding{Line: d.line, Kind: f.Type, Start: f.Start, End: f.End, Confidence: f.Confidence, Action: f.Action}
		if !o.export {
			found.Line, found.Start, found.End = d.line+n, f.Start-from, f.End-from
		}
		if err := o.write(d, found, utf8.RuneCountInString(d.text[f.Start-found.Start:f.Start])+1); err != nil {
			return err
		}
	}
	for _, code := range wholeHolds(c) {
		if err := o.write(d, checkFinding{Line: d.line, Kind: code, End: len(d.text), Confidence: 100, Action: string(gate.HoldField)}, 0); err != nil {
			return err
		}
	}
	return nil
}

// wholeHolds are the reasons for which a document is held as a whole, and not for
// one of its findings.
func wholeHolds(c gate.Checked) []string {
	var whole []string
	for _, code := range c.Held {
		of := strings.TrimPrefix(strings.TrimPrefix(code, "doubtful-"), "held-")
		if !slices.ContainsFunc(c.Findings, func(f gate.Finding) bool { return f.Type == of && f.Action == string(gate.HoldField) }) {
			whole = append(whole, code)
		}
	}
	return whole
}

// lineStarts returns where the lines of a text begin.
func lineStarts(text string) []int {
	starts := []int{0}
	for i := 0; ; {
		n := strings.IndexByte(text[i:], '\n')
		if n < 0 {
			return starts
		}
		i += n + 1
		starts = append(starts, i)
	}
}

// write writes one finding. character is its place in the line, from 1, and 0 of
// what is held as a whole.
func (o *checkOutput) write(d checkDoc, f checkFinding, character int) error {
	if o.export {
		f.File, f.Sheet, f.Column = o.safe(d.cell.File), d.cell.Sheet, o.safe(d.cell.Column)
	}
	if o.k.a.json {
		b, err := json.Marshal(f)
		if err != nil {
			return err
		}
		return o.line(string(b))
	}
	var b strings.Builder
	if f.File != "" {
		fmt.Fprintf(&b, "%s: ", f.File)
	}
	if f.Sheet > 0 {
		fmt.Fprintf(&b, "sheet %d ", f.Sheet)
	}
	switch {
	case !o.export:
		b.WriteString(strconv.Itoa(f.Line))
	case f.Line == 0 && f.Column == "":
		b.WriteString("name")
	case f.Line == 0:
		fmt.Fprintf(&b, "value %s", f.Column)
	case f.Column == "":
		fmt.Fprintf(&b, "row %d", f.Line)
	default:
		fmt.Fprintf(&b, "row %d column %s", f.Line, f.Column)
	}
	if character > 0 {
		fmt.Fprintf(&b, ":%d", character)
	}
	fmt.Fprintf(&b, " %s %d %s", f.Kind, f.Confidence, f.Action)
	return o.line(b.String())
}

// safe returns a name that stands beside findings, and * where the name itself
// is not clean.
func (o *checkOutput) safe(name string) string {
	if name == "" || o.k.gate.Check(gate.Label, name, o.k.asOf).Clean() {
		return name
	}
	return "*"
}

// masked writes the masked text of a document. Those of an export stand in
// their rows, as separated text.
func (o *checkOutput) masked(d checkDoc, c gate.Checked) error {
	text := c.Masked
	if len(c.Held) > 0 {
		text = "[held: " + strings.Join(c.Held, ", ") + "]"
	}
	if !o.export {
		if o.k.lines {
			text = strings.ReplaceAll(text, "\n", " ")
		}
		return o.line(text)
	}
	column, err := strconv.Atoi(d.cell.Column)
	if err != nil || d.cell.Row == 0 {
		// A name, or a value of JSON, is a row by itself.
		if err := o.endRow(); err != nil {
			return err
		}
		o.cells, o.at = []string{text}, drop.Cell{}
		if path := o.safe(d.cell.Column); path != "" {
			o.cells = []string{path, text}
		}
		return o.endRow()
	}
	if at := d.cell; at.File != o.at.File || at.Sheet != o.at.Sheet || at.Row != o.at.Row {
		if err := o.endRow(); err != nil {
			return err
		}
		o.at = at
	}
	for len(o.cells) < column {
		o.cells = append(o.cells, "")
	}
	o.cells[column-1] = text
	return nil
}

// endRow writes the row at hand.
func (o *checkOutput) endRow() error {
	if len(o.cells) == 0 {
		return nil
	}
	err := o.table.Write(o.cells)
	o.cells = o.cells[:0]
	return written(err)
}

// line writes one line.
func (o *checkOutput) line(s string) error {
	o.w.WriteString(s)
	return written(o.w.WriteByte('\n'))
}

// written is the error of a write to standard output.
func written(err error) error {
	return fault.Wrap(err, "the findings cannot be written", "check where standard output leads")
}

// end writes the rest and the summary, and reports whether anything was found.
func (o *checkOutput) end() error {
	if err := o.flush(); err != nil {
		return err
	}
	o.summary()
	if o.found > 0 || o.held > 0 {
		return errFound
	}
	return nil
}

// flush writes what is still to be written.
func (o *checkOutput) flush() error {
	if err := o.endRow(); err != nil {
		return err
	}
	o.table.Flush()
	if err := o.table.Error(); err != nil {
		return written(err)
	}
	return written(o.w.Flush())
}

// summary says how much was looked at and how much of what was found.
func (o *checkOutput) summary() {
	to := o.k.a.out
	if o.k.mask {
		to = o.k.a.err
	}
	if o.k.a.json || o.k.a.quiet {
		return
	}
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(o.kinds)) {
		kinds = append(kinds, fmt.Sprintf("%s %d", kind, o.kinds[kind]))
	}
	switch {
	case o.found == 0 && o.held == 0:
		fmt.Fprintf(to, "clean: %s, nothing found\n", documents(o.docs))
	case len(kinds) == 0:
		fmt.Fprintf(to, "%s: %d to be held\n", documents(o.docs), o.held)
	default:
		fmt.Fprintf(to, "%s: %d with findings, %d to be held; %s\n", documents(o.docs), o.found, o.held, strings.Join(kinds, ", "))
	}
	if o.long > 0 && !o.k.lines {
		fmt.Fprintf(to, "one text is longer than %d bytes and was not looked at; --lines takes one document a line\n", o.k.maxText)
	}
}

// documents counts documents in words.
func documents(n int) string {
	if n == 1 {
		return "1 document"
	}
	return strconv.Itoa(n) + " documents"
}
