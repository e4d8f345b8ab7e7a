package assemble

import (
	"context"
	"time"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/attach"
	"github.com/huiyin/huiyin/generator/source"
)

// fileTime bounds the work on one file. It is far above what a file within the
// limits takes, and a file that takes longer is left out.
const fileTime = 2 * time.Minute

// FileCleaner has the gate make files anew with package attach. It is safe for
// concurrent use and must be closed.
type FileCleaner struct {
	ctx     context.Context // of the command: the gate has none
	cleaner *attach.Cleaner
}

// NewFileCleaner returns a cleaner whose work ends with ctx. It costs nothing until
// the first PDF.
func NewFileCleaner(ctx context.Context) *FileCleaner {
	return &FileCleaner{ctx: ctx, cleaner: attach.New(attach.Options{})}
}

// Close ends the work on PDFs.
func (c *FileCleaner) Close() error { return c.cleaner.Close() }

// CleanFile implements [gate.FileCleaner].
func (c *FileCleaner) CleanFile(f source.File, text func(string) gate.Checked) gate.CleanFile {
	ctx, cancel := context.WithTimeout(c.ctx, fileTime)
	defer cancel()
	r := c.cleaner.Clean(ctx, f.Name, f.Type, f.Body, func(s string) attach.Checked {
		checked := text(s)
		out := attach.Checked{Masked: checked.Masked, Held: checked.Held}
		for _, found := range checked.Findings {
			out.Findings = append(out.Findings, attach.Finding{
				Kind: found.Type, Start: found.Start, End: found.End, Confidence: found.Confidence,
				Action: found.Action, Value: found.Value, Detector: found.Detector,
			})
		}
		return out
	})
	clean := gate.CleanFile{Type: r.Type, Body: r.Body, Text: r.Text, Dropped: r.Dropped, Held: r.Held}
	for _, found := range r.Findings {
		clean.Findings = append(clean.Findings, gate.Finding{
			Type: found.Kind, Field: found.Place, Start: found.Start, End: found.End, Confidence: found.Confidence,
			Action: found.Action, Value: found.Value, Detector: found.Detector,
		})
	}
	return clean
}
