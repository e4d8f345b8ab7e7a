package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// FileCleaner makes of the files that come with cases those that may be published;
// package attach has one. It must be safe for concurrent use, and the same file and
// the same answers of text must give the same result.
type FileCleaner interface {
	// CleanFile writes the file f anew, so that what nobody sees of it stays behind.
	// It hands every text of the file to text and writes what that gives as masked.
	// The name of f is a number with the ending of the one received. It never fails:
	// what it cannot look at it holds.
	CleanFile(f source.File, text func(string) Checked) CleanFile
}

// CleanFile is what a [FileCleaner] made of a file.
type CleanFile struct {
	Type     string    // media type of the content
	Body     []byte    // the file made anew; nil where there is nothing to publish
	Text     string    // of Body, as masked
	Findings []Finding // what was found in it; Field is a place such as "page 2"
	Dropped  []string  // codes of what was left behind, such as "comments"
	Held     []string  // codes of the reasons not to publish it; empty: it may be
}

// FileRule is what a policy says about the files of cases.
type FileRule string

// What may become of files.
const (
	LeaveOut FileRule = "leave-out" // none is published
	Rebuild  FileRule = "rebuild"   // those are published that can be made anew without anything personal
)

// PictureRule is what a policy says about pictures, which the gate cannot read.
type PictureRule string

// What may become of pictures.
const (
	HoldPictures PictureRule = "hold" // a file that is a picture or has some waits for a person
	PassPictures PictureRule = "pass" // it is published, an office file without its pictures: whoever delivers it has looked at it
)

// The reasons that tell of files. Those that begin with attachmentPrefix keep
// nothing else of the case back.
const (
	attachmentPrefix   = "attachment-"
	attachmentsLeftOut = "attachments-left-out"
	attachmentHeld     = attachmentPrefix + "held"
)

// The codes of files with pictures, which the rule for pictures is about.
const (
	imageUnread     = "image-unread"      // the file is a picture
	picturesLeftOut = "pictures-left-out" // it was made anew without its pictures
)

// Passes reports whether the rule publishes a file in spite of a code of
// [CleanFile.Held]: a picture, or an office file that was made anew without its
// pictures.
func (r PictureRule) Passes(code string) bool {
	return r == PassPictures && (code == imageUnread || code == picturesLeftOut)
}

// maxAttachments bounds the files of one case.
const maxAttachments = 20

// fileTypes are the kinds of file that may be published, and their endings.
var fileTypes = map[string]string{
	"application/pdf": ".pdf",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       ".xlsx",
	"text/csv":   ".csv",
	"image/jpeg": ".jpg",
	"image/png":  ".png",
}

// rebuilds reports whether files are published at all.
func (g *Gate) rebuilds() bool {
	return g.options.Attachments != nil && g.policy.Attachments == Rebuild
}

// attachments makes the files of a case anew. A file that cannot be published is
// left out, with the reasons in the verdict; the others keep their numbers.
// withheld is how many were left out.
func (c *clearing) attachments() (list []record.Attachment, withheld int) {
	files, withheld := c.numberedFiles()
	if withheld > 0 {
		c.reason(attachmentHeld)
		c.reason(attachmentPrefix + "too-many")
	}
	for _, f := range files {
		clean := c.cleanFile(f)
		v := c.judgeFile(f, clean)
		c.verdict.Files = append(c.verdict.Files, v)
		if v.State != FilePublished && v.State != FileAccepted {
			withheld++
			continue
		}
		sum := sha256.Sum256(clean.Body)
		a := record.Attachment{
			Name: strconv.Itoa(f.number) + fileTypes[clean.Type], Type: clean.Type,
			Size: int64(len(clean.Body)), SHA256: hex.EncodeToString(sum[:]),
		}
		if c.bodies == nil {
			c.bodies = map[string]CleanFile{}
		}
		c.bodies[a.SHA256] = CleanFile{Body: clean.Body, Text: clean.Text}
		list = append(list, a)
	}
	return list, withheld
}

// numberedFile is a file with its place in the list of the case.
type numberedFile struct {
	source.File
	number int // from 1
	index  int // among the files of the record, from 0
}

// numberedFiles returns the files that the case lists, with the places at which it
// lists them, so that a file keeps its address when another is missing. Where the
// delivery has no list all files count, as they come. more is how many there are
// besides, which are too many to be looked at.
func (c *clearing) numberedFiles() (files []numberedFile, more int) {
	names, listed := c.raw.Fields[source.FieldAttachments]
	order := c.list(source.FieldAttachments)
	if listed && names != "" && order == nil {
		return nil, len(c.raw.Files) // the list was set aside
	}
	taken := map[int]bool{}
	for index, f := range c.raw.Files {
		i := index
		if listed {
			i = slices.Index(order, f.Name)
		}
		if i < 0 || taken[i] {
			continue
		}
		taken[i] = true
		if i >= maxAttachments {
			more++
			continue
		}
		files = append(files, numberedFile{f, i + 1, index})
	}
	slices.SortFunc(files, func(a, b numberedFile) int { return a.number - b.number })
	return files, more
}

// cleanFile has one file made anew and judges what came of it.
func (c *clearing) cleanFile(f numberedFile) (clean CleanFile) {
	field := source.FieldAttachments + "." + strconv.Itoa(f.number)
	defer func() {
		if p := recover(); p != nil {
			clean = CleanFile{Held: []string{"internal-error"}}
		}
	}()
	var held []string
	f.Name = strconv.Itoa(f.number) + path.Ext(f.Name) // the name received may say who sent it
	pass := func(named [][]uint16) (learned [][]uint16) {
		work := budget{left: c.policy.MaxSteps}
		held = nil
		clean = c.options.Attachments.CleanFile(f.File, func(text string) Checked {
			checked := c.fileText(&work, named, text)
			held = append(held, checked.Held...)
			learned = learnedNames(learned, named, text, checked.Findings)
			return checked
		})
		return learned
	}
	// Whom one paragraph introduces another may name alone, as a cell of a table does:
	// such a file is made once more with what is known then.
	if learned := pass(c.named); len(learned) > 0 && clean.Body != nil {
		pass(slices.Concat(c.named, learned))
	}
	for _, code := range clean.Held {
		if c.policy.Pictures.Passes(code) {
			continue
		}
		if !plainCode(code) {
			code = "held"
		}
		held = append(held, code)
	}
	if fileTypes[clean.Type] == "" || len(clean.Body) == 0 {
		if len(held) == 0 {
			held = append(held, "unreadable")
		}
		clean.Body = nil
	}
	clean.Held, clean.Dropped = sorted(held), sorted(slices.DeleteFunc(clean.Dropped, func(code string) bool { return !plainCode(code) }))
	for _, found := range clean.Findings {
		found.Field = field + "." + strings.ReplaceAll(found.Field, " ", "-")
		if clean.Body == nil {
			found.Action = string(HoldField) // it is masked nowhere
		}
		c.verdict.Findings = append(c.verdict.Findings, found)
	}
	return clean
}

// fileText judges one text of a file as the words of a citizen in this case: the
// lines of its units pass, those whom named names are known, and what would hold a
// case as a whole holds the file. Work is that of the whole file.
func (c *clearing) fileText(work *budget, named [][]uint16, text string) Checked {
	k := &clearing{Gate: c.Gate, asOf: c.asOf, units: c.units, work: *work}
	var masked string
	reason := k.guarded(func() {
		k.scan.known = named
		masked = k.text(source.FieldAttachments, Citizen, text)
		for _, reason := range k.about(c.sensitives, text) {
			k.hold(reason)
		}
		kind := record.Kind(c.raw.Fields[source.FieldKind])
		if (kind == record.Report || !knownKind(kind)) && len(k.about(c.accusing, text)) > 0 {
			k.hold(perhapsAccusing)
		}
	})
	*work = k.work
	if reason != "" {
		return Checked{Held: []string{reason}}
	}
	c.sampled = c.sampled || k.sampled
	checked := Checked{Masked: masked, Findings: k.verdict.Findings}
	if k.verdict.Decision == Hold {
		checked.Masked, checked.Held = "", sorted(k.verdict.Reasons)
	}
	return checked
}

// learnedNames adds to the names learned from a file those that are sure in one of
// its texts and not known before.
func learnedNames(learned, named [][]uint16, text string, findings []Finding) [][]uint16 {
	for _, found := range findings {
		if found.Type != Person || found.Confidence < sureName || found.Start < 0 || found.End > len(text) || found.Start >= found.End {
			continue
		}
		var name []uint16
		for _, r := range text[found.Start:found.End] {
			if unicode.Is(unicode.Han, r) && r < 0x10000 {
				name = append(name, uint16(r))
			}
		}
		same := func(n []uint16) bool { return slices.Equal(n, name) }
		if len(name) < 2 || len(named)+len(learned) >= maxNames || slices.ContainsFunc(named, same) || slices.ContainsFunc(learned, same) {
			continue
		}
		learned = append(learned, name)
	}
	return learned
}

// plainCode reports whether a code may stand in a verdict: it is a word of the
// program and nothing out of a file.
func plainCode(code string) bool {
	return code != "" && len(code) <= 64 && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_-") == ""
}
