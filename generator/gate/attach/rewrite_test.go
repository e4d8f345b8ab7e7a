package attach

import (
	"bytes"
	"testing"
)

// FuzzRewrite rewrites content, programs and files of arbitrary bytes: nothing
// may panic, and what was rewritten stays as it is.
func FuzzRewrite(f *testing.F) {
	for _, s := range []string{
		"q 1 0 0 1 0 0 cm BT /F1 12 Tf [(a\\)\\101) -5 <62>] TJ ET Q",
		"BI /W 2 /H 2 /BPC 8 /CS /G ID \x20\x80\x80\x20\nEI Q",
		"/A#20B <</X [1 2 true null] /Y <</Z (x)>>>> BDC % gone\n0.00-5 --3 +.50 re\n[1 2] 0 d",
		"1 beginbfchar <61> <6b27> endbfchar /N (Adobe) def {1 add}",
		string(assemblePDF([][]byte{[]byte("<</Type/Catalog/Pages 2 0 R>>"), []byte("<</Kids[3 0 R]>>"), []byte("<</Contents 4 0 R>>"), streamPDF(pdfDict{}, []byte("q Q"))})),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if out, d, err := content(in); err == nil {
			again, e, err := content(out)
			if err != nil || !bytes.Equal(out, again) {
				t.Errorf("content changes again: %v", err)
			}
			if d.text != e.text || d.curves != e.curves || d.unset != e.unset || len(d.does) != len(e.does) {
				t.Error("rewritten content draws something else")
			}
		}
		if out, err := program(in); err == nil {
			if again, err := program(out); err != nil || !bytes.Equal(out, again) {
				t.Errorf("a program changes again: %v", err)
			}
		}
		j := &job{opts: Options{Limits: Limits{Unpacked: 1 << 20}.filled()}, gate: func(s string) Checked { return Checked{Masked: s} }, left: 1 << 20}
		file, err := openPDF(in, j.opts.Limits)
		if err != nil || j.forbiddenIn(file) != nil {
			return
		}
		out, _, err := j.copyPDF(nil, file)
		if err != nil {
			return
		}
		if file, err = openPDF(out, j.opts.Limits); err != nil {
			t.Fatal("the new file cannot be read")
		}
		if again, _, err := j.copyPDF(nil, file); err != nil || !bytes.Equal(out, again) {
			t.Errorf("a file changes again: %v", err)
		}
	})
}
