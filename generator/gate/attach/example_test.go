package attach_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/attach"
	"github.com/huiyin/huiyin/generator/record"
)

// through lets texts through a gate as a field of the class.
func through(g *gate.Gate, class gate.Class, asOf record.Day, units ...record.UnitID) attach.TextGate {
	return func(text string) attach.Checked {
		c := g.Check(class, text, asOf, units...)
		out := attach.Checked{Masked: c.Masked, Held: c.Held}
		for _, f := range c.Findings {
			out.Findings = append(out.Findings, attach.Finding{
				Kind: f.Type, Start: f.Start, End: f.End, Confidence: f.Confidence, Action: f.Action, Value: f.Value, Detector: f.Detector,
			})
		}
		return out
	}
}

func Example() {
	g, err := gate.New(gate.Options{Key: make([]byte, 32)}) // the key makes the hashes of findings
	if err != nil {
		fmt.Println(err)
		return
	}
	c := attach.New(attach.Options{})
	defer c.Close()
	r := c.Clean(context.Background(), "回访.csv", "text/csv", []byte("件号,电话\n1,13912345678\n"), through(g, gate.Official, record.Day(20000)))
	fmt.Println(r.Publishable(), r.Name)
	fmt.Print(r.Text)
	// Output:
	// true 回访.csv
	// 件号 | 电话
	// 1 | 139****5678
}

// TestRealGate lets files of each kind through the gate of the program.
func TestRealGate(t *testing.T) {
	g, err := gate.New(gate.Options{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	c := cleaner(attach.Options{})
	text := through(g, gate.Citizen, record.Day(20000))
	for _, tt := range []struct {
		name string
		body []byte
		held bool
	}{
		{"表.csv", []byte("单位,电话\n水厂,1 3 9 1 2 3 4 5 6 7 8\n"), false},
		{"表.xlsx", book(`<row r="1"><c r="A1" t="inlineStr"><is><t>电话１３９１２３４５６７８</t></is></c></row>`), false},
		{"信.docx", document("<w:p><w:r><w:t>请回电139-1234</w:t></w:r><w:r><w:t>-5678，谢谢</w:t></w:r></w:p><w:p><w:r><w:t>水管坏了三天。</w:t></w:r></w:p>"), false},
		{"信.pdf", newPDF().page(say(50, 200, plainLine)).bytes(), false},
		{"信.pdf", newPDF().page(say(50, 200, "Call 139 1234 5678")).bytes(), true},
	} {
		r := c.Clean(context.Background(), tt.name, "", tt.body, text)
		if (len(r.Held) > 0) != tt.held || (r.Body == nil) != tt.held {
			t.Errorf("%s: held %q", tt.name, r.Held)
			continue
		}
		absent(t, r.Body, "13912345678", "１３９１２３４５６７８", "139-1234-5678", "1 3 9 1 2 3")
		if r.Body == nil {
			continue
		}
		again := c.Clean(context.Background(), r.Name, r.Type, r.Body, text)
		if !bytes.Equal(r.Body, again.Body) || !slices.Equal(r.Held, again.Held) || len(again.Findings) > 0 {
			t.Errorf("%s: cleaned again it is not the same; held %q", tt.name, again.Held)
		}
	}
}
