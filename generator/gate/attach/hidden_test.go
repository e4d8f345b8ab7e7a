package attach_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// rareGate is testGate with a name that is one only behind a label.
func rareGate(text string) attach.Checked {
	const rare = "水秀"
	for _, label := range []string{"姓名：", "联系人：", "信访人："} {
		if rest, ok := strings.CutPrefix(text, label); ok && strings.HasPrefix(rest, rare) {
			c := testGate(strings.Replace(text, label+rare, label+"某某", 1))
			c.Findings = append(c.Findings, attach.Finding{Kind: "person", Start: len(label), End: len(label) + len(rare), Confidence: 90, Action: "mask"})
			return c
		}
	}
	return testGate(text)
}

// inline makes rows of cells, of which empty ones are left out.
func inline(rows ...[]string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for k, cell := range row {
			if cell != "" {
				fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+k, i+1, cell)
			}
		}
		b.WriteString("</row>")
	}
	return b.String()
}

// TestLabels reads cells behind whatever says what they hold.
func TestLabels(t *testing.T) {
	c := cleaner(attach.Options{})
	for _, tt := range []struct {
		name string
		file string
		body []byte
		text string
	}{
		{"heads in the second row", "a.xlsx", book(inline([]string{"单位：水厂", "", "2026年"}, []string{"序号", "姓名"}, []string{"1", "水秀"})), "a\n单位：水厂 |  | 2026年\n序号 | 姓名\n1 | 某某\n"},
		{"a second table", "a.xlsx", book(inline([]string{"单位", "件数"}, []string{"水厂", "3"}, nil, []string{"事项", "联系人"}, []string{"漏水", "水秀"})), "a\n单位 | 件数\n水厂 | 3\n事项 | 联系人\n漏水 | 某某\n"},
		{"one column", "a.csv", []byte("姓名\n水秀\n"), "姓名\n某某\n"},
		{"a label over several cells", "a.xlsx", book(inline([]string{"登记表"}, []string{"姓名", "", "水秀"})), "a\n登记表\n姓名 |  | 某某\n"},
		{"a label with a star", "a.csv", []byte("*姓名,事项\n水秀,漏水\n"), "*姓名 | 事项\n某某 | 漏水\n"},
		{"a label with a space", "a.csv", []byte("姓 名,事项\n水秀,漏水\n"), "姓 名 | 事项\n水秀 | 漏水\n"},
		{"lines in a cell", "a.csv", []byte("单位,姓名\n水厂,\"水秀\n水秀\"\n"), "单位 | 姓名\n水厂 | 某某\n某某\n"},
		{"tabs between cells", "a.csv", []byte("单位\t姓名\n水厂\t水秀\n"), "单位 | 姓名\n水厂 | 某某\n"},
		{"semicolons between cells", "a.csv", []byte("单位;姓名\n水厂;水秀\n"), "单位 | 姓名\n水厂 | 某某\n"},
		{"lines that end in a carriage return", "a.csv", []byte("单位,姓名\r水厂,水秀\r"), "单位 | 姓名\n水厂 | 某某\n"},
		{"a table of a document", "a.docx", document(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>信访人</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>水秀</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`), "信访人\n某某\n"},
		{"no label", "a.csv", []byte("地点,事项\n水秀,漏水\n"), "地点 | 事项\n水秀 | 漏水\n"},
		{"a comma in a line of semicolons", "a.csv", []byte("甲;乙,丙\n"), "甲;乙 | 丙\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := c.Clean(context.Background(), tt.file, "", tt.body, rareGate)
			has(t, r)
			if r.Text != tt.text {
				t.Errorf("text is %q, want %q", r.Text, tt.text)
			}
		})
	}
}

// TestHiddenCells looks that rows and columns that a sheet hides stay behind,
// however it hides them, and that nothing shown does.
func TestHiddenCells(t *testing.T) {
	c := cleaner(attach.Options{})
	for _, tt := range []struct{ name, rows, text, held string }{
		{"the first row there is", `<row r="2" hidden="1"><c r="A2" t="str"><v>Secret</v></c></row><row r="3"><c r="A3" t="str"><v>看见</v></c></row>`, "a\n看见\n", ""},
		{"a row of no height", `<row r="1" ht="0" customHeight="1"><c r="A1" t="str"><v>Secret</v></c></row><row><c t="str"><v>看见</v></c></row>`, "a\n看见\n", ""},
		{"a row after a gap", `<row r="1"><c t="str"><v>看见</v></c></row><row r="9" hidden="true"><c t="str"><v>Secret</v></c></row><row r="10"><c t="str"><v>也看见</v></c></row>`, "a\n看见\n也看见\n", ""},
		{"a row that goes back", `<row r="5"><c r="A5" t="str"><v>看见</v></c></row><row r="2" hidden="1"><c r="B2" t="str"><v>Secret</v></c></row>`, "", "damaged-table"},
		{"a row twice", `<row r="1"><c t="str"><v>看见</v></c></row><row r="1" hidden="1"><c t="str"><v>Secret</v></c></row>`, "", "damaged-table"},
		{"a cell that goes back", `<row r="1"><c r="C1" t="str"><v>看见</v></c><c r="B1" t="str"><v>Secret</v></c></row>`, "", "damaged-table"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := clean(t, c, "a.xlsx", book(tt.rows))
			if tt.held != "" {
				has(t, r, tt.held)
				return
			}
			has(t, r)
			if r.Text != tt.text {
				t.Errorf("text is %q, want %q", r.Text, tt.text)
			}
			absent(t, r.Body, "Secret")
		})
	}
}

// TestNumbers looks that digits which a spreadsheet writes in its own ways are
// read as the digits they are.
func TestNumbers(t *testing.T) {
	c := cleaner(attach.Options{})
	for _, tt := range []struct{ name, cell, text string }{
		{"a number of eleven digits", `<c r="A1"><v>` + phone + `</v></c>`, masked},
		{"with an exponent", `<c r="A1"><v>1.3912345678E+10</v></c>`, masked},
		{"more digits than are kept", `<c r="A1"><v>440301199001011237</v></c>`, "440301199001011000"},
		{"a text with an exponent", `<c r="A1" t="str"><v>4.40301199001011E+17</v></c>`, "440301199001011000"},
		{"a small number with an exponent", `<c r="A1" t="str"><v>1.5E+17</v></c>`, "1.5E+17"},
		{"a fraction with an exponent", `<c r="A1" t="str"><v>1.23456789012E+2</v></c>`, "1.23456789012E+2"},
		{"an escaped character", `<c r="A1" t="inlineStr"><is><t>_x0031_3912345678</t></is></c>`, masked},
		{"an escaped escape", `<c r="A1" t="inlineStr"><is><t>_x005F_x0031_3912345678</t></is></c>`, masked},
		{"an escape in a result", `<c r="A1" t="str"><v>_x0031__x0033_912345678</v></c>`, masked},
		{"no escape", `<c r="A1" t="str"><v>a_xyz_b_x12_</v></c>`, "a_xyz_b_x12_"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := clean(t, c, "a.xlsx", book(`<row r="1">`+tt.cell+`</row>`))
			has(t, r)
			if r.Text != "a\n"+tt.text+"\n" {
				t.Errorf("text is %q, want %q", r.Text, tt.text)
			}
			absent(t, r.Body, phone)
		})
	}
	r := clean(t, c, "a.csv", []byte("证件,4.40301199001011E+17\n"))
	if want := "证件 | 440301199001011000\n"; r.Text != want {
		t.Errorf("text is %q, want %q", r.Text, want)
	}
}

// TestSameTexts asks the gate once for what stands in many cells.
func TestSameTexts(t *testing.T) {
	asked := map[string]int{}
	r := cleaner(attach.Options{}).Clean(context.Background(), "a.csv", "", []byte("单位,结果\n"+strings.Repeat("水厂,办结\n", 500)), func(s string) attach.Checked {
		asked[s]++
		return testGate(s)
	})
	has(t, r)
	for s, n := range asked {
		if n > 1 {
			t.Errorf("a text of %d bytes was asked for %d times", len(s), n)
		}
	}
}

// TestHiddenWords leaves behind what styles and tables of a document hide.
func TestHiddenWords(t *testing.T) {
	c := cleaner(attach.Options{})
	styles := `<w:styles ` + wordNS + `><w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="OnH"><w:basedOn w:val="H"/></w:style>` +
		`<w:style w:styleId="NotH"><w:basedOn w:val="H"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>` +
		`<w:style w:styleId="R1"><w:basedOn w:val="R2"/></w:style><w:style w:styleId="R2"><w:basedOn w:val="R1"/></w:style></w:styles>`
	run := func(properties, s string) string {
		return `<w:r><w:rPr>` + properties + `</w:rPr><w:t>` + s + `</w:t></w:r>`
	}
	for _, tt := range []struct{ name, body, text, dropped string }{
		{"a style", `<w:p>` + run(`<w:rStyle w:val="H"/>`, "Secret") + run("", "看见") + `</w:p>`, "看见\n", "hidden-text"},
		{"a style on a style", `<w:p>` + run(`<w:rStyle w:val="OnH"/>`, "Secret") + run(`<w:rStyle w:val="NotH"/>`, "看见") + `</w:p>`, "看见\n", "hidden-text"},
		{"a run that says it is shown", `<w:p>` + run(`<w:rStyle w:val="H"/><w:vanish w:val="false"/>`, "看见") + `</w:p>`, "看见\n", ""},
		{"styles in a ring", `<w:p>` + run(`<w:rStyle w:val="R1"/>`, "看见") + `</w:p>`, "看见\n", ""},
		{"a style of paragraphs", `<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>Secret</w:t></w:r></w:p><w:p><w:r><w:t>看见</w:t></w:r></w:p>`, "看见\n", "hidden-text"},
		{"a row", `<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>` + run("", "Secret") + `</w:p></w:tc></w:tr><w:tr><w:tc><w:p>` + run("", "看见") + `</w:p></w:tc></w:tr></w:tbl>`, "看见\n", "hidden-rows"},
		{"how letters of a name are spoken", `<w:p>` + run("", "请找欧阳") + `<w:r><w:ruby><w:rt>` + run("", "xiao") + `</w:rt><w:rubyBase>` + run("", "小") + `</w:rubyBase></w:ruby></w:r>` + run("", "草") + `</w:p>`, "请找某某\n", "ruby"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := clean(t, c, "a.docx", document(tt.body, "word/styles.xml", styles))
			has(t, r)
			if got := strings.TrimLeft(r.Text, "\n"); got != tt.text {
				t.Errorf("text is %q, want %q", got, tt.text)
			}
			absent(t, r.Body, "Secret")
			if got := slices.Contains(r.Dropped, tt.dropped); got != (tt.dropped != "") {
				t.Errorf("noted are %q", r.Dropped)
			}
		})
	}
}

// TestSheetDefaults leaves behind what is hidden by the sizes that a sheet states for
// all rows and columns.
func TestSheetDefaults(t *testing.T) {
	const rows = `<sheetData><row r="1" ht="15"><c r="A1" t="str"><v>甲</v></c><c r="B1" t="str"><v>Secret</v></c></row>` +
		`<row r="2"><c r="A2" t="str"><v>乙</v></c></row></sheetData>`
	for _, tt := range []struct{ name, sheet, text, dropped string }{
		{"none", rows, "a\n甲 | Secret\n乙\n", ""},
		{"plain", `<sheetFormatPr defaultColWidth="9" defaultRowHeight="15"/>` + rows, "a\n甲 | Secret\n乙\n", ""},
		{"columns", `<sheetFormatPr defaultColWidth="0" defaultRowHeight="15"/><cols><col min="1" max="1" width="9"/></cols>` + rows, "a\n甲\n乙\n", "hidden-columns"},
		{"columns of no stated width", `<sheetFormatPr defaultColWidth="0" defaultRowHeight="15"/><cols><col min="1" max="1" width="9"/><col min="2" max="2"/></cols>` + rows, "a\n甲\n乙\n", "hidden-columns"},
		{"rows", `<sheetFormatPr defaultRowHeight="0"/>` + rows, "a\n甲 | Secret\n", "hidden-rows"},
		{"rows that are not there", `<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>` + rows, "a\n甲 | Secret\n乙\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := clean(t, cleaner(attach.Options{}), "a.xlsx", bookOf(tt.sheet))
			has(t, r)
			if r.Text != tt.text || strings.Join(r.Dropped, " ") != tt.dropped {
				t.Errorf("text is %q, dropped %q", r.Text, r.Dropped)
			}
		})
	}
}
