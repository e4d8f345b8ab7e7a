package attach_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// rowsOf reads a table back.
func rowsOf(t *testing.T, body []byte) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCSV(t *testing.T) {
	c := cleaner(attach.Options{})
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("单位,电话\n水厂," + phone + "\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, in string
		want     [][]string
		held     []string
	}{
		{"clean", "单位,件数\n水厂,12\n", [][]string{{"单位", "件数"}, {"水厂", "12"}}, nil},
		{"a number", "单位,电话\n水厂," + phone + "\n", [][]string{{"单位", "电话"}, {"水厂", masked}}, nil},
		{"GB 18030", gb, [][]string{{"单位", "电话"}, {"水厂", masked}}, nil},
		{"byte order mark", "\xef\xbb\xbf单位,件数\n", [][]string{{"单位", "件数"}}, nil},
		{"a name of several cells", "姓名," + person + ",见" + person + "\n", [][]string{{"姓名", "某某", "见某某"}}, nil},
		{"digits in boxes", "证件,1,3,9,1,2,3,4,5,6,7,8\n", [][]string{{"证件", "*", "*", "*", "*", "*", "*", "*", "*", "*", "*", "*"}}, nil},
		{"a line within a cell", "\"电话\n" + phone + "\",b\n", [][]string{{"电话\n" + masked, "b"}}, nil},
		{"a number over a line", "\"139123\n45678\",b\n", [][]string{{"******\n*****", "b"}}, nil},
		{"doubtful", "人,存疑\n", [][]string{{"人", "**"}}, []string{"doubtful-person"}},
		{"not to be shown", "人,未成年\n", nil, []string{"minor", "text-held"}},
		{"one column", "标题\n\n内容\n", [][]string{{"标题"}, {"内容"}}, nil},
		{"formulas", "=1+1,+A1,-B1,@x,-5,-5.5,- 5\n", [][]string{{"'=1+1", "'+A1", "'-B1", "'@x", "-5", "-5.5", "'- 5"}}, nil},
		{"a formula that hides a number", "\"=\"\"" + phone + "\"\"\",x\n", [][]string{{`'="` + masked + `"`, "x"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := clean(t, c, "表.csv", []byte(tt.in))
			has(t, r, tt.held...)
			if tt.want == nil {
				if r.Body != nil {
					t.Error("there is a file")
				}
				return
			}
			if got := rowsOf(t, r.Body); !slices.EqualFunc(got, tt.want, slices.Equal[[]string]) {
				t.Errorf("the rows are %q, want %q", got, tt.want)
			}
			absent(t, r.Body, phone, person)
		})
	}
}

// TestFormulas lets 200 spellings of formulas through and looks that no cell
// starts like one.
func TestFormulas(t *testing.T) {
	c := cleaner(attach.Options{})
	var cells []string
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠", "−", "\t=", "\r="} {
		for _, before := range []string{"", " ", "   ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\n", " \n "} {
			for _, rest := range []string{"1+1", "cmd|' /C calc'!A0"} {
				cells = append(cells, before+sign+rest)
			}
		}
	}
	cells = append(cells, "=HYPERLINK(\"http://example.org\")", "-1+1")
	if len(cells) < 200 {
		t.Fatalf("only %d", len(cells))
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, s := range cells {
		if err := w.Write([]string{"x", s}); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	r := clean(t, c, "表.csv", b.Bytes())
	has(t, r)
	rows := rowsOf(t, r.Body)
	if len(rows) != len(cells) {
		t.Fatalf("%d rows, want %d", len(rows), len(cells))
	}
	for i, row := range rows {
		if !strings.HasPrefix(row[1], "'") {
			t.Errorf("cell %d starts with %q", i, row[1][:min(4, len(row[1]))])
		}
	}
}

// secretBook is a workbook with a secret in every corner; what may be seen says
// so.
func secretBook(t *testing.T) []byte {
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	set := func(sheet, cell string, v any) { must(f.SetCellValue(sheet, cell, v)) }
	set("Sheet1", "A1", "单位")
	set("Sheet1", "B1", "电话")
	set("Sheet1", "C1", "件数")
	set("Sheet1", "D1", "Secret hidden column "+phone)
	set("Sheet1", "A2", "水厂")
	set("Sheet1", "B2", phone)
	set("Sheet1", "C2", 12.5)
	set("Sheet1", "A3", "Secret hidden row "+phone)
	must(f.SetRowVisible("Sheet1", 3, false))
	must(f.SetColVisible("Sheet1", "D", false))
	set("Sheet1", "A4", "日期")
	must(f.SetCellFormula("Sheet1", "B4", `"Secret"&"formula"`))
	must(f.AddComment("Sheet1", excelize.Comment{Cell: "A1", Author: "Secret " + person, Text: "Secret " + phone}))
	dv := excelize.NewDataValidation(true)
	dv.Sqref = "A9:A10"
	must(dv.SetDropList([]string{"Secret", phone}))
	must(f.AddDataValidation("Sheet1", dv))
	must(f.SetDefinedName(&excelize.DefinedName{Name: "SecretName", RefersTo: "Sheet1!$A$1", Comment: phone}))
	must(f.SetHeaderFooter("Sheet1", &excelize.HeaderFooterOptions{OddHeader: "Secret " + phone}))
	must(f.SetCellHyperLink("Sheet1", "A2", "http://example.org/Secret"+phone, "External"))
	must(f.SetDocProps(&excelize.DocProperties{Creator: "Secret " + person, Title: "Secret " + phone}))
	_, err := f.NewSheet("Secret2")
	must(err)
	set("Secret2", "A1", "Secret "+phone)
	must(f.SetSheetVisible("Secret2", false))
	_, err = f.NewSheet("表二")
	must(err)
	set("表二", "A1", "完")
	b, err := f.WriteToBuffer()
	must(err)
	return b.Bytes()
}

// with adds parts to an archive.
func with(t *testing.T, body []byte, pairs ...string) []byte {
	t.Helper()
	var all []string
	for _, n := range names(t, body) {
		all = append(all, n, part(t, body, n))
	}
	return zipped(append(all, pairs...)...)
}

func TestXLSX(t *testing.T) {
	c := cleaner(attach.Options{})
	book := with(t, secretBook(t),
		"xl/pivotCache/pivotCacheRecords1.xml", "<x>Secret "+phone+"</x>",
		"xl/externalLinks/externalLink1.xml", "<x>Secret "+phone+"</x>",
		"customXml/item1.xml", "<x>Secret "+phone+"</x>",
		"docProps/thumbnail.jpeg", "Secret "+phone,
		"xl/media/image1.png", "Secret "+phone,
		"xl/printerSettings/printerSettings1.bin", "Secret "+phone,
		"xl/persons/person.xml", "<x>Secret "+person+"</x>",
	)
	book = append(book, "Secret "+phone...)
	r := clean(t, c, "办件.xlsx", book)
	has(t, r, "pictures-left-out")
	absent(t, r.Body, "Secret", phone, person)
	for _, code := range []string{"properties", "comments", "hidden-sheets", "hidden-rows", "hidden-columns", "pivot-caches", "external-links", "defined-names", "data-validation", "formulas", "links", "headers", "thumbnail", "pictures", "custom-data", "printer-settings"} {
		if !slices.Contains(r.Dropped, code) {
			t.Errorf("%s is not noted; noted are %q", code, r.Dropped)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(r.Body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := fmt.Sprint(f.GetSheetList()); got != "[Sheet1 表二]" {
		t.Errorf("sheets %s", got)
	}
	rows, err := f.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%q", rows), fmt.Sprintf("%q", [][]string{{"单位", "电话", "件数"}, {"水厂", masked, "12.5"}, {"日期"}}); got != want {
		t.Errorf("rows are %s, want %s", got, want)
	}
	if v, err := f.GetCellType("Sheet1", "C2"); err != nil || v != excelize.CellTypeUnset {
		t.Errorf("a number is no number: %v, %v", v, err)
	}
}

func TestXLSXRefused(t *testing.T) {
	c := cleaner(attach.Options{})
	book := secretBook(t)
	hidden := excelize.NewFile()
	defer hidden.Close()
	for _, tt := range []struct {
		name string
		body []byte
		held string
	}{
		{"a.xlsm", with(t, book, "xl/vbaProject.bin", "Sub Secret()"), "macros"},
		{"a.xlsx", zipped("[Content_Types].xml", "<Types><Override ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>", "xl/workbook.xml", "<workbook/>"), "macros"},
		{"b.xlsx", zipped("[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<workbook><sheets/></workbook>"), "damaged-table"},
		{"c.docx", book, "type-mismatch"},
		{"d.pdf", book, "type-mismatch"},
	} {
		r := clean(t, c, tt.name, tt.body)
		has(t, r, tt.held)
		if r.Body != nil {
			t.Errorf("%s: there is a file", tt.name)
		}
	}
}

const wordNS = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wp="x" xmlns:wps="y"`

// document makes a document of a body and more parts.
func document(body string, pairs ...string) []byte {
	return zipped(append([]string{
		"[Content_Types].xml", "<Types/>",
		"word/document.xml", `<?xml version="1.0"?><w:document ` + wordNS + `><w:body>` + body + `</w:body></w:document>`,
	}, pairs...)...)
}

func TestDOCX(t *testing.T) {
	c := cleaner(attach.Options{})
	run := func(s string) string { return `<w:r><w:t xml:space="preserve">` + s + `</w:t></w:r>` }
	para := func(s string) string { return `<w:p>` + s + `</w:p>` }
	for _, tt := range []struct {
		name, in, text string
		held           []string
	}{
		{"text", para(run("关于水厂的答复")), "关于水厂的答复\n", nil},
		{"a number in several runs", para(run("电话139") + `<w:proofErr/>` + run("1234") + run("5678。")), "电话" + masked + "。\n", nil},
		{"a name over two paragraphs is not one", para(run("欧阳")) + para(run("小草")), "欧阳\n小草\n", nil},
		{"a number over two paragraphs", para(run("电话139123")) + para(run("45678完")), "电话******\n*****完\n", nil},
		{"tracked changes", para(run("甲") + `<w:del>` + `<w:r><w:delText>Secret</w:delText></w:r></w:del><w:ins>` + run("乙") + `</w:ins><w:moveFrom>` + run("Secret") + `</w:moveFrom>`), "甲乙\n", nil},
		{"a hidden run", para(run("甲") + `<w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret</w:t></w:r>` + `<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>丙</w:t></w:r>`), "甲丙\n", nil},
		{"field and link", para(`<w:r><w:instrText>HYPERLINK "mailto:Secret"</w:instrText></w:r><w:hyperlink>` + run("网站") + `</w:hyperlink>`), "网站\n", nil},
		{"line break and tab", para(run("甲") + `<w:r><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r>`), "甲\n乙\t丙\n", nil},
		{"text box", para(`<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr="Secret"/><wps:txbx><w:txbxContent>` + para(run("框里")) + `</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback>` + para(run("Secret")) + `</mc:Fallback></mc:AlternateContent></w:r>` + run("外面")), "外面\n框里\n", nil},
		{"table", `<w:tbl><w:tr><w:tc>` + para(run("姓名")) + `</w:tc><w:tc>` + para(run(person)) + `</w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc>` + para(run("Secret")) + `</w:tc></w:tr></w:tbl>`, "姓名 | 某某\n", nil},
		{"table in a table", `<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>` + para(run("里")) + `</w:tc></w:tr></w:tbl>` + para(run("外")) + `</w:tc></w:tr></w:tbl>`, "里\n外\n", nil},
		{"content control", `<w:sdt><w:sdtPr><w:alias w:val="Secret"/></w:sdtPr><w:sdtContent>` + para(run("内容")) + `</w:sdtContent></w:sdt>`, "内容\n", nil},
		{"doubtful", para(run("找存疑办理")), "找**办理\n", []string{"doubtful-person"}},
		{"markup in text", para(run("甲&lt;乙&amp;丙")), "甲<乙&丙\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := clean(t, c, "答复.docx", document(tt.in))
			has(t, r, tt.held...)
			if r.Text != tt.text {
				t.Errorf("text is %q, want %q", r.Text, tt.text)
			}
			absent(t, r.Body, "Secret", phone, person)
		})
	}
}

func TestDOCXCorners(t *testing.T) {
	c := cleaner(attach.Options{})
	p := func(s string) string { return `<w:p><w:r><w:t>` + s + `</w:t></w:r></w:p>` }
	body := document(p("正文"),
		"docProps/core.xml", "<x>Secret "+phone+"</x>", "docProps/thumbnail.jpeg", "Secret",
		"word/comments.xml", `<w:comments `+wordNS+`>`+p("Secret")+`</w:comments>`,
		"word/header1.xml", `<w:hdr `+wordNS+`>`+p("页眉"+phone)+`</w:hdr>`,
		"word/header2.xml", `<w:hdr `+wordNS+`>`+p("页眉"+phone)+`</w:hdr>`,
		"word/footer1.xml", `<w:ftr `+wordNS+`>`+p("页脚")+`</w:ftr>`,
		"word/footnotes.xml", `<w:footnotes `+wordNS+`><w:footnote>`+p("注"+person)+`</w:footnote></w:footnotes>`,
		"word/settings.xml", "<x>Secret</x>", "word/people.xml", "<x>Secret</x>", "word/media/image1.png", "Secret",
		"word/embeddings/a.xlsx", "Secret", "customXml/item1.xml", "Secret", "word/glossary/document.xml", p("Secret"),
	)
	r := clean(t, c, "答复.docx", append(body, "Secret"...))
	has(t, r, "pictures-left-out")
	if passed := clean(t, cleaner(attach.Options{PassPictures: true}), "答复.docx", body); !passed.Publishable() || !slices.Contains(passed.Dropped, "pictures") {
		t.Errorf("held %q, dropped %q", passed.Held, passed.Dropped)
	}
	absent(t, r.Body, "Secret", phone, person)
	if want := "页眉" + masked + "\n正文\n注某某\n页脚\n"; r.Text != want {
		t.Errorf("text is %q, want %q", r.Text, want)
	}
	if got := names(t, r.Body); !slices.Equal(got, []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"}) {
		t.Errorf("parts are %q", got)
	}
	for _, code := range []string{"properties", "comments", "pictures", "embedded-files", "custom-data", "settings", "thumbnail"} {
		if !slices.Contains(r.Dropped, code) {
			t.Errorf("%s is not noted", code)
		}
	}
	for _, f := range r.Findings {
		if f.Place == "" || f.Kind == "" || f.Start < 0 || f.End <= f.Start {
			t.Errorf("a finding without a place: %+v", f)
		}
	}
	m := clean(t, c, "答复.docx", document(p("x"), "word/vbaProject.bin", "Secret"))
	has(t, m, "macros")
}
