package attach_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// labelGate knows a rare name only behind a label: 姓名, 户主 or 联系人.
func labelGate(text string) attach.Checked {
	for _, label := range []string{"姓名", "户主", "联系人"} {
		lead := label + "：芈草"
		if i := strings.Index(text, lead); i >= 0 {
			from := i + len(label) + len("：")
			return attach.Checked{
				Masked:   strings.ReplaceAll(text, lead, label+"：某某"),
				Findings: []attach.Finding{{Kind: "person", Start: from, End: from + len("芈草"), Confidence: 90, Action: "mask", Value: "h", Detector: "t@1"}},
			}
		}
	}
	return attach.Checked{Masked: strings.TrimSpace(text)}
}

// TestPDFPieces reads each piece of text behind the labels beside and above it.
func TestPDFPieces(t *testing.T) {
	type at struct {
		x, y int
		text string
	}
	head := []at{{50, 250, "序号"}, {150, 250, "姓名"}, {300, 250, "单位"}}
	for _, tt := range []struct {
		name string
		page []at
		held []string
	}{
		{"below the head of its column", append(head, at{50, 220, "1"}, at{150, 220, "芈草"}, at{300, 220, "水厂"}), []string{"pdf-personal"}},
		{"below the head, a row later", append(head, at{50, 220, "1"}, at{150, 220, "王五"}, at{300, 220, "水厂"}, at{150, 190, "芈草"}, at{300, 190, "水厂"}), []string{"pdf-personal"}},
		{"at the left of a column with a head in its middle", append(head, at{110, 220, "芈草"}), []string{"pdf-personal"}},
		{"behind a label", []at{{50, 250, "户主"}, {150, 250, "芈草"}}, []string{"pdf-personal"}},
		{"behind a label and another value", []at{{50, 250, "户主"}, {150, 250, "王五"}, {250, 250, "芈草"}}, []string{"pdf-personal"}},
		{"behind a label of spread letters", []at{{20, 250, "姓"}, {60, 250, "名"}, {150, 250, "芈草"}}, []string{"pdf-personal"}},
		{"of spread letters", []at{{50, 250, "姓名"}, {150, 250, "芈"}, {190, 250, "草"}}, []string{"pdf-personal"}},
		{"below a second table", append(head, at{50, 220, "1"}, at{150, 220, "水厂"}, at{50, 190, "联系人"}, at{50, 160, "芈草"}), []string{"pdf-personal"}},
		{"below another head", append(head, at{50, 220, "1"}, at{150, 220, "水厂"}, at{300, 220, "芈草"}), nil},
		{"in text below a table", append(head, at{50, 190, "水厂水厂水厂水厂水厂水厂水厂水厂水厂水厂水厂水厂水厂，"}, at{150, 160, "芈草"}), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newPDF()
			const letters = "序号姓名单位户主联系人芈草王五水厂1，"
			font := m.hanFont(letters)
			var content strings.Builder
			for _, p := range tt.page {
				codes := strings.Map(func(r rune) rune {
					return 'a' + rune(slices.Index([]rune(letters), r))
				}, p.text)
				fmt.Fprintf(&content, "BT /F2 12 Tf %d %d Td (%s) Tj ET\n", p.x, p.y, codes)
			}
			body := m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", font), content.String()).bytes()
			r := cleaner(attach.Options{}).Clean(context.Background(), "a.pdf", "", body, labelGate)
			has(t, r, tt.held...)
			if (r.Body != nil) != (tt.held == nil) {
				t.Errorf("there is a file: %v", r.Body != nil)
			}
		})
	}
}
