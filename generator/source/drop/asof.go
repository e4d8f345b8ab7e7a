package drop

import (
	"bufio"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// asOf returns the as-of day that a file states, by the first of its inputs
// that has a rule.
func (d *Drop) asOf(ctx context.Context, c *content, f found) (string, error) {
	for _, p := range f.inputs {
		if p.AsOf == nil {
			continue
		}
		text, err := d.asOfText(ctx, c, f, p)
		if err != nil {
			return "", err
		}
		if day, ok := p.Day(text); ok {
			return day, nil
		}
		if p.AsOf.Optional {
			continue
		}
		return "", fault.New(f.name()+" does not state its as-of day where the mapping looks for it",
			"correct the name or the file, or as_of: in the mapping (optional: true takes the day of receipt)")
	}
	return "", nil
}

// asOfName is the as-of day as the name of the file alone states it.
func asOfName(f found) (string, bool) {
	for _, p := range f.inputs {
		if p.AsOfName != nil {
			return p.Day(firstGroup(p.AsOfName, f.name()))
		}
	}
	return "", false
}

func (d *Drop) asOfText(ctx context.Context, c *content, f found, p *source.Plan) (string, error) {
	if p.AsOfName != nil {
		return firstGroup(p.AsOfName, f.name()), nil
	}
	l, err := recognise(c, p.Input)
	if err != nil {
		return "", err
	}
	r := reading{plan: p, c: c, l: l, limits: d.prog.Limits}
	if p.AsOfPath != nil {
		if l.format != formatJSON {
			return "", nil
		}
		text, err := l.text(c)
		if err != nil {
			return "", c.wrap(err)
		}
		defer text.Close()
		day, err := newJSONStream(text, d.prog.Limits.Row).scalar(p.AsOfPath)
		return day, r.explain(err)
	}
	head, err := r.headText(ctx)
	return firstGroup(p.AsOfHead, head), err
}

func firstGroup(re *regexp.Regexp, s string) string {
	m := re.FindStringSubmatch(s)
	switch {
	case m == nil:
		return ""
	case len(m) == 1:
		return m[0]
	}
	return m[1]
}

var errEnough = errors.New("enough was read")

// headText returns the cells of the first rows of each sheet, one row a line,
// or the first line of JSON Lines.
func (r *reading) headText(ctx context.Context) (string, error) {
	var b strings.Builder
	rows := 0
	add := func(_ string, n int, cells []string, _ map[int]string) error {
		if n > headRows {
			return errEnough
		}
		for _, c := range cells {
			if len(c) < 1000 {
				b.WriteString(strings.TrimSpace(c))
				b.WriteByte('\t')
			}
		}
		b.WriteByte('\n')
		if rows++; rows > 10*headRows {
			return errEnough
		}
		return nil
	}
	err := r.head(ctx, add)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return b.String(), r.explain(err)
}

func (r *reading) head(ctx context.Context, add rowFunc) error {
	if r.l.format == formatXLSX {
		w, err := openWorkbook(r.c, r.limits)
		if err != nil {
			return err
		}
		for _, s := range w.sheets {
			if err := w.rows(ctx, s, add); err != nil && !errors.Is(err, errEnough) {
				return err
			}
		}
		return nil
	}
	text, err := r.l.text(r.c)
	if err != nil {
		return err
	}
	defer text.Close()
	switch r.l.format {
	case formatHTML:
		return htmlRows(ctx, text, r.limits, add)
	case formatJSON, formatJSONL:
		l := lineReader{r: bufio.NewReader(text), max: r.limits.Row}
		line, _, _, err := l.next()
		if err != nil {
			return err
		}
		return add("", 1, []string{string(line[:min(len(line), 999)])}, nil)
	}
	c := newCSV(text, r.l.delim, r.plan.Quotes != "none", r.limits.Row)
	for {
		cells, n, err := c.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = add("", n, cells, nil)
		}
		if err != nil {
			return err
		}
	}
}
