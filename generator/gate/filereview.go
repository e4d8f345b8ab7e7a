package gate

import (
	"crypto/hmac"
	"slices"
	"strings"
)

// FileState says what became of a file of a case.
type FileState string

// What may become of a file.
const (
	FilePublished FileState = "published" // nothing keeps it back
	FileAccepted  FileState = "accepted"  // published, as a person decided
	FileWaits     FileState = "waits"     // left out until a person has decided
	FileRejected  FileState = "rejected"  // left out, as a person decided
	FileLeftOut   FileState = "left-out"  // no person can accept it: it must be changed and delivered again
)

// FileReview is what a person decided about one file of a case, as it was made anew.
// It counts for exactly those bytes: a file that comes out otherwise asks again.
type FileReview struct {
	Content string // [FileVerdict.Content] of what was decided about
	Accept  bool   // publish it with everything masked that was found; false: leave it out

	// Reasons are those that the person accepts, from [FileVerdict.Held]. For another
	// reason the file waits again. Nil accepts all that a person may.
	Reasons []string
}

// FileVerdict says what became of one file of a case and why. It holds neither its
// name nor anything that was found in it; that is among the findings of the verdict,
// with fields that begin with "attachments." and the number.
type FileVerdict struct {
	Number  int       `json:"number"`            // place in the list of the case, from 1
	Index   int       `json:"-"`                 // place in [source.Raw].Files, from 0
	Type    string    `json:"type,omitempty"`    // media type; "" where it is of no known kind
	Size    int       `json:"size"`              // of the file made anew, in bytes
	Content string    `json:"content,omitempty"` // keyed hash of it, hexadecimal; "" where there is none
	State   FileState `json:"state"`
	Held    []string  `json:"held,omitempty"`    // codes of the reasons to hold it, sorted
	Dropped []string  `json:"dropped,omitempty"` // codes of what was left behind, sorted
}

// Waiting returns the files about which a person must decide.
func (v Verdict) Waiting() (files []FileVerdict) {
	for _, f := range v.Files {
		if f.State == FileWaits {
			files = append(files, f)
		}
	}
	return files
}

// seenFiles are the reasons to hold a file that a person can judge by looking at it.
var seenFiles = set(imageUnread, picturesLeftOut, "pdf-image-unread", "pdf-drawing-unread", "pdf-no-text")

// acceptableFile reports whether a person may accept a file that is held for a
// reason: what she sees, and what is doubtful and was masked. What could not be looked
// at, and what the file is about, she may not.
func acceptableFile(code string) bool {
	for _, prefix := range []string{doubtfulPrefix, heldPrefix} {
		if typ, ok := strings.CutPrefix(code, prefix); ok {
			return slices.Contains(Types(), typ)
		}
	}
	return seenFiles[code]
}

// FilesLeftOut returns of the reasons of a verdict those for which files of a case are
// left out and that no person may accept, as codes of files ([FileVerdict.Held]): such
// a file must be changed and delivered again.
func FilesLeftOut(reasons []string) (codes []string) {
	for _, reason := range reasons {
		code, ok := strings.CutPrefix(reason, attachmentPrefix)
		if ok && reason != attachmentHeld && code != string(FileAccepted) && code != string(FileRejected) && !acceptableFile(code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// judgeFile says what becomes of a file, and why it is left out where it is.
func (c *clearing) judgeFile(f numberedFile, clean CleanFile) FileVerdict {
	v := FileVerdict{
		Number: f.number, Index: f.index, Type: clean.Type, Size: len(clean.Body), State: FilePublished,
		Held: clean.Held, Dropped: clean.Dropped,
	}
	if clean.Body == nil {
		v.State = FileLeftOut
	} else {
		v.Content = c.mac("file", clean.Type, string(clean.Body))
		v.State = c.fileState(v)
	}
	switch v.State {
	case FilePublished:
		return v
	case FileAccepted:
		c.reason(attachmentPrefix + string(v.State))
		c.verdict.Reviewed = true
		return v
	case FileRejected:
		c.reason(attachmentPrefix + string(v.State))
		c.verdict.Reviewed = true
	default:
		c.reason(attachmentHeld)
	}
	for _, code := range v.Held {
		c.reason(attachmentPrefix + code)
	}
	return v
}

// fileState says what becomes of a file that could be made anew.
func (c *clearing) fileState(v FileVerdict) FileState {
	i := slices.IndexFunc(c.files, func(r FileReview) bool { return hmac.Equal([]byte(r.Content), []byte(v.Content)) })
	switch {
	case i >= 0 && !c.files[i].Accept:
		return FileRejected
	case len(v.Held) == 0:
		return FilePublished
	case slices.ContainsFunc(v.Held, func(code string) bool { return !acceptableFile(code) }):
		return FileLeftOut
	case i < 0:
		return FileWaits
	}
	accepted := c.files[i].Reasons
	if accepted != nil && slices.ContainsFunc(v.Held, func(code string) bool { return !slices.Contains(accepted, code) }) {
		return FileWaits
	}
	return FileAccepted
}
