package attach

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Finding is one personal datum in a file. It says where and what kind, and
// never the datum.
type Finding struct {
	Kind       string // a type of the gate
	Place      string // "name", "page 2", "line 7" or "sheet 1 row 3 column 2", counted from 1
	Start, End int    // byte offsets into the text at the place
	Confidence int    // 0 to 100
	Action     string // what the gate did: "mask" or "hold"
	Value      string // HMAC of the datum, as the gate gives it
	Detector   string // name@version
}

// Checked is what the gate says of one text.
type Checked struct {
	Masked   string    // the text as it may be published; not read where Held is not empty
	Findings []Finding // Place is not read
	Held     []string  // codes of the reasons to hold; empty where Masked may be published
}

// TextGate looks at one plain text. It must give the same answer each time, and
// findings must hold byte offsets into the text as given.
type TextGate func(text string) Checked

// Result is what became of a file.
//
// Where Held is empty, Body may be published under Name. Where Held is not empty
// and Body is not nil, everything found in Body is masked, and a person who has
// looked at it may accept it. Where Body is nil there is nothing to accept: the
// file has to be changed and sent again.
type Result struct {
	Name     string    // file name without folders, its ending made from Type; neutral where the name held something
	Type     string    // media type of the content; "" where it is of no kind known here
	Body     []byte    // the rebuilt file, or nil
	Text     string    // the text of Body as masked, for indexes and for the person who decides
	Findings []Finding // in the order of the file
	Dropped  []string  // codes of what was left behind, sorted: "comments", "hidden-rows"
	Held     []string  // codes of the reasons to hold, sorted; [Explain] has a sentence for each
}

// Publishable reports whether the file may be published without a person.
func (r Result) Publishable() bool { return r.Body != nil && len(r.Held) == 0 }

// Acceptable reports whether a person may decide on the file as it is.
func (r Result) Acceptable() bool { return r.Body != nil && len(r.Held) > 0 }

// Limits bound the work on one file. A zero field stands for its default.
type Limits struct {
	Bytes    int // of the file as received; 32 MiB
	Unpacked int // of all parts of an office file together, or of one stream of a PDF, decompressed; 32 MiB
	Entries  int // parts of an archive, objects of a PDF times 1/100; 2,000
	Pixels   int // of one picture; 24 million
	Pages    int // of a PDF; 200
	Cells    int // of a table; 200,000
	Text     int // bytes of text of one file; 8 MiB
}

// filled returns l with its defaults.
func (l Limits) filled() Limits {
	for _, f := range []struct {
		v   *int
		def int
	}{
		{&l.Bytes, 32 << 20}, {&l.Unpacked, 32 << 20}, {&l.Entries, 2000}, {&l.Pixels, 24e6},
		{&l.Pages, 200}, {&l.Cells, 200_000}, {&l.Text, 8 << 20},
	} {
		if *f.v <= 0 {
			*f.v = f.def
		}
	}
	return l
}

// Options make a [Cleaner].
type Options struct {
	Limits Limits

	// PassPictures publishes JPEG and PNG files and pictures in a PDF, and office
	// files without their pictures, without a person having looked at them. The gate cannot read pictures: an office sets
	// it only where whoever uploads has already looked, as with photographs of its
	// own staff. Pages of a PDF without text are held all the same.
	PassPictures bool
}

// Cleaner cleans files. It is safe for concurrent use; PDFs are worked on one
// after the other. The first PDF starts the PDFium machine, which takes seconds
// and then stays until [Cleaner.Close].
type Cleaner struct {
	opts    Options
	machine *machine
}

// New returns a Cleaner. It costs nothing until the first PDF.
func New(o Options) *Cleaner {
	o.Limits = o.Limits.filled()
	return &Cleaner{opts: o, machine: &machine{slot: make(chan struct{}, 1)}}
}

// Close ends the PDFium machine. A Cleaner that is closed still cleans; the next
// PDF starts the machine again.
func (c *Cleaner) Close() error { return c.machine.close() }

// refusal is an error that says by its code why there is nothing to publish.
type refusal string

func (r refusal) Error() string { return string(r) }

// Clean rebuilds the file body, which came with a name and a media type that are
// only claims. It never fails: what cannot be looked at is held. A context that
// is done ends the work on a PDF with a refusal; other kinds are bounded by the
// limits alone.
func (c *Cleaner) Clean(ctx context.Context, name, mediaType string, body []byte, text TextGate) (result Result) {
	defer func() {
		if p := recover(); p != nil {
			result = Result{Name: neutralName("", result.Type), Type: result.Type, Held: []string{"internal-error"}}
		}
	}()
	j := &job{ctx: ctx, opts: c.opts, gate: text, left: c.opts.Limits.Text}
	kind, err := c.kindOf(name, mediaType, body)
	result.Type = kind.media()
	var out []byte
	if err == nil {
		out, err = c.rebuild(j, kind, body)
	}
	var code refusal
	switch {
	case errors.As(err, &code):
		j.refuse(string(code))
	case err != nil:
		j.refuse("unreadable")
	}
	result.Name = j.fileName(name, kind)
	result.Findings, result.Dropped, result.Held = j.findings, sorted(j.dropped), sorted(j.held)
	if !j.refused && out != nil {
		result.Body, result.Text = out, j.text.String()
	}
	return result
}

// rebuild writes the file anew.
func (c *Cleaner) rebuild(j *job, kind kind, body []byte) ([]byte, error) {
	switch kind {
	case kindCSV:
		return j.csv(body)
	case kindJPEG:
		j.picture()
		return j.jpeg(body)
	case kindPNG:
		j.picture()
		return j.png(body)
	case kindXLSX:
		return j.xlsx(body)
	case kindDOCX:
		return j.docx(body)
	case kindPDF:
		return j.pdf(c.machine, body)
	}
	return nil, refusal("unknown-kind")
}

// job is the work on one file.
type job struct {
	ctx      context.Context
	opts     Options
	gate     TextGate
	left     int                // bytes of text that may still be read
	known    map[string]Checked // what the gate said of short texts
	text     strings.Builder
	findings []Finding
	dropped  []string
	held     []string
	refused  bool // there is nothing to publish or to accept
}

// hold keeps the file for a person.
func (j *job) hold(code string) { j.held = append(j.held, code) }

// refuse takes the file out of what may be published.
func (j *job) refuse(code string) {
	j.hold(code)
	j.refused = true
}

// drop notes that something was left behind.
func (j *job) drop(code string) { j.dropped = append(j.dropped, code) }

// picture holds the file for a picture that the gate cannot read.
func (j *job) picture() {
	if !j.opts.PassPictures {
		j.hold("image-unread")
	}
}

// sorted returns each code once, in order.
func sorted(codes []string) []string {
	s := slices.Clone(codes)
	slices.Sort(s)
	return slices.Compact(s)
}
