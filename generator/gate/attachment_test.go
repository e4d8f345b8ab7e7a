package gate_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// textCleaner takes the body of a file for its text, line by line, and the claimed
// type for its type. A body that begins with "hold " is held for the code that
// follows, one that begins with "panic" panics.
type textCleaner struct{}

func (textCleaner) CleanFile(f source.File, text func(string) gate.Checked) gate.CleanFile {
	clean := gate.CleanFile{Type: f.Type}
	if stem, _, _ := strings.Cut(f.Name, "."); strings.Trim(stem, "0123456789") != "" {
		panic("the name received")
	}
	body := string(f.Body)
	if strings.HasPrefix(body, "panic") {
		panic("made up")
	}
	if code, rest, ok := strings.Cut(strings.TrimPrefix(body, "hold "), ":"); ok && strings.HasPrefix(body, "hold ") {
		clean.Held, clean.Body = []string{code}, []byte(rest)
		return clean
	}
	var lines []string
	for line := range strings.Lines(body) {
		checked := text(line)
		clean.Held = append(clean.Held, checked.Held...)
		for _, found := range checked.Findings {
			found.Field = "line 1"
			clean.Findings = append(clean.Findings, found)
		}
		lines = append(lines, checked.Masked)
	}
	clean.Text = strings.Join(lines, "\n")
	clean.Body = []byte(clean.Text)
	return clean
}

func fileGate(t *testing.T, change func(*gate.Policy)) *gate.Gate {
	t.Helper()
	p := gate.DefaultPolicy()
	p.Attachments = gate.Rebuild
	if change != nil {
		change(&p)
	}
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{3}, 32), Policy: p, Attachments: textCleaner{}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// withFiles is a case with files, each as name=type=body.
func withFiles(list string, files ...string) source.Raw {
	raw := full(fields{"attachments": strings.ReplaceAll(list, "|", source.ListSeparator)})
	for _, f := range files {
		part := strings.SplitN(f, "=", 3)
		raw.Files = append(raw.Files, source.File{Name: part[0], Type: part[1], Body: []byte(part[2])})
	}
	return raw
}

func names(c record.Case) (list []string) {
	for _, a := range c.Attachments {
		list = append(list, a.Name)
	}
	return list
}

func TestAttachments(t *testing.T) {
	pictures := func(p *gate.Policy) { p.Pictures = gate.PassPictures }
	for _, tt := range []struct {
		name    string
		policy  func(*gate.Policy)
		raw     source.Raw
		files   string // published, as NAME:BODY
		reasons string
	}{
		{"left out by default", func(p *gate.Policy) { p.Attachments = gate.DefaultPolicy().Attachments }, withFiles("a.csv", "a.csv=text/csv=路灯"),
			"", "attachments-left-out"},
		{"rebuilt", nil, withFiles("王小明的照片.csv", "王小明的照片.csv=text/csv=路灯不亮"), "1.csv:路灯不亮", ""},
		{"masked", nil, withFiles("a.csv", "a.csv=text/csv=电话13812345678"), "1.csv:电话138****5678", ""},
		{"whom the question names", nil, func() source.Raw {
			raw := withFiles("a.csv", "a.csv=text/csv=楚云舒签字")
			raw.Fields["question"] = "我叫楚云舒,我家门口的路灯坏了。"
			return raw
		}(), "1.csv:某某签字", ""},
		{"whom another line of the file names", nil, withFiles("a.csv", "a.csv=text/csv=欧阳小草\n我叫欧阳小草,路灯坏了。"), "1.csv:某某\n我叫某某,路灯坏了。", ""},
		{"a picture", nil, withFiles("a.jpg", "a.jpg=image/jpeg=hold image-unread:pixels"), "", "attachment-held attachment-image-unread"},
		{"a picture that may pass", pictures, withFiles("a.jpg", "a.jpg=image/jpeg=hold image-unread:pixels"), "1.jpg:pixels", ""},
		{"without its pictures", nil, withFiles("a.docx", "a.docx=text/csv=hold pictures-left-out:text"), "", "attachment-held attachment-pictures-left-out"},
		{"without its pictures, which may pass", pictures, withFiles("a.docx", "a.docx=text/csv=hold pictures-left-out:text"), "1.csv:text", ""},
		{"a scan never passes", pictures, withFiles("a.pdf", "a.pdf=application/pdf=hold pdf-no-text:pixels"), "", "attachment-held attachment-pdf-no-text"},
		{"one held, one not", nil, withFiles("a.pdf|b.csv", "a.pdf=application/pdf=hold pdf-personal:", "b.csv=text/csv=路灯"),
			"2.csv:路灯", "attachment-held attachment-pdf-personal"},
		{"the list gives the places", nil, withFiles("gone.csv|b.csv|a.csv", "a.csv=text/csv=甲路", "b.csv=text/csv=乙路", "other.csv=text/csv=丙路"),
			"2.csv:乙路 3.csv:甲路", ""},
		{"the list is empty now", nil, withFiles("", "a.csv=text/csv=甲路"), "", ""},
		{"no list", nil, func() source.Raw {
			raw := withFiles("", "a.csv=text/csv=甲路", "b.csv=text/csv=乙路")
			delete(raw.Fields, "attachments")
			return raw
		}(), "1.csv:甲路 2.csv:乙路", ""},
		{"a type of none", nil, withFiles("a.html", "a.html=text/html=<p>"), "", "attachment-held attachment-unreadable"},
		{"nothing is left", nil, withFiles("a.csv", "a.csv=text/csv="), "", "attachment-held attachment-unreadable"},
		{"a child", nil, withFiles("a.csv", "a.csv=text/csv=我女儿今年8岁,在学校被老师殴打"), "", "attachment-held attachment-sensitive-minor"},
		{"broken text", nil, withFiles("a.csv", "a.csv=text/csv=路\xff灯"), "", "attachment-bad-utf8 attachment-held"},
		{"a code that is none", nil, withFiles("a.csv", "a.csv=text/csv=hold 13812345678:x"), "", "attachment-held"},
		{"a panic", nil, withFiles("a.csv|b.csv", "a.csv=text/csv=panic", "b.csv=text/csv=乙路"), "2.csv:乙路", "attachment-held attachment-internal-error"},
		{"a stub", nil, func() source.Raw {
			raw := withFiles("a.csv", "a.csv=text/csv=甲路")
			raw.Fields["consent"] = "no"
			return raw
		}(), "", "no-consent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cleared, v := fileGate(t, tt.policy).Clear(tt.raw, asOf)
			c := cleared.Value().(record.Case)
			var got []string
			for _, a := range c.Attachments {
				body := cleared.Body(a.SHA256)
				got = append(got, a.Name+":"+string(body))
				if a.Size != int64(len(body)) {
					t.Errorf("%s: size %d, want %d", a.Name, a.Size, len(body))
				}
			}
			if s := strings.Join(got, " "); s != tt.files {
				t.Errorf("files %q, want %q", s, tt.files)
			}
			if s := strings.Join(v.Reasons, " "); s != tt.reasons {
				t.Errorf("reasons %q, want %q", s, tt.reasons)
			}
			if v.Decision == gate.Hold {
				t.Error("a file holds its case")
			}
			if gate.Acceptable(v.Reasons) {
				t.Error("there is something to accept")
			}
			if cleared.Has(source.FieldAttachments) == false && tt.name != "no list" {
				t.Error("the list counts as not carried")
			}
		})
	}
}

// The findings of a file stand in the verdict with their place in it.
func TestAttachmentFindings(t *testing.T) {
	_, v := fileGate(t, nil).Clear(withFiles("a.csv", "a.csv=text/csv=电话13812345678"), asOf)
	if len(v.Findings) != 1 || v.Findings[0].Field != "attachments.1.line-1" || v.Findings[0].Type != gate.Mobile || v.Findings[0].Action != "mask" {
		t.Errorf("%d findings", len(v.Findings))
	}
}

// Nobody changes what was cleared, and more than twenty files are too many.
func TestAttachmentsAreKept(t *testing.T) {
	cleared, _ := fileGate(t, nil).Clear(withFiles("a.csv", "a.csv=text/csv=路灯"), asOf)
	sum := cleared.Value().(record.Case).Attachments[0].SHA256
	copy(cleared.Body(sum), "personal")
	if got := string(cleared.Body(sum)); got != "路灯" {
		t.Errorf("the body is now %q", got)
	}
	if got := cleared.BodyText(sum); got != "路灯" {
		t.Errorf("the text is %q", got)
	}
	if cleared.Body("") != nil {
		t.Error("there is a body without a hash")
	}

	var list, files []string
	for i := range 21 {
		name := string(rune('a'+i)) + ".csv"
		list, files = append(list, name), append(files, name+"=text/csv=路灯")
	}
	cleared, v := fileGate(t, nil).Clear(withFiles(strings.Join(list, "|"), files...), asOf)
	if n := len(cleared.Value().(record.Case).Attachments); n != 20 || !slices.Contains(v.Reasons, "attachment-too-many") {
		t.Errorf("%d files, reasons %v", n, v.Reasons)
	}
}

// Switching files on or off is another policy.
func TestAttachmentsPolicy(t *testing.T) {
	on, off := fileGate(t, nil), fileGate(t, func(p *gate.Policy) { p.Attachments = gate.LeaveOut })
	if on.PolicyHash() == off.PolicyHash() || on.PolicyHash() != on.WithLines(nil).PolicyHash() {
		t.Error("the hash does not tell whether files are made anew")
	}
	p := gate.DefaultPolicy()
	p.Attachments = gate.Rebuild
	without, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{3}, 32), Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	if without.PolicyHash() == on.PolicyHash() {
		t.Error("the hash does not tell whether there is anything to make files anew with")
	}
	cleared, v := without.Clear(withFiles("a.csv", "a.csv=text/csv=路灯"), asOf)
	if diff := cmp.Diff([]string{"attachments-left-out"}, v.Reasons); diff != "" || names(cleared.Value().(record.Case)) != nil {
		t.Error("files pass without a cleaner", diff)
	}
	got, err := gate.DecodePolicy([]byte("version: 2\nattachments: rebuild\npictures: pass\n"))
	if err != nil || got.Attachments != gate.Rebuild || got.Pictures != gate.PassPictures {
		t.Errorf("attachments %q, pictures %q, %v", got.Attachments, got.Pictures, err)
	}
	for _, text := range []string{"version: 2\nattachments: publish\n", "version: 2\npictures: mask\n", "version: 2\nattachments: true\n"} {
		if _, err := gate.DecodePolicy([]byte(text)); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
}
