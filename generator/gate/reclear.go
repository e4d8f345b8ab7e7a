package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// originalErased is the reason of a case that would wait for a person, who has
// nothing to look at any more.
const originalErased = "original-erased"

// standing is a case as it is published, whose original is erased in whole or in part.
type standing struct {
	record.Case
	files   []record.AttachmentBody
	lists   map[string][]entry // its lists that were not received again, by field
	filled  map[string]bool    // fields whose texts are those that stand
	further bool               // every text of it is one that stands
}

// Reclear is [Gate.ClearReviewed] of a case that is published in full and whose
// original the office has erased, as a whole or in part. raw is what is left of it,
// was the case as it is published, cleared before, and files are its files. Where raw has no text was
// stands in for it, and so its texts go through all that the texts of raw go through,
// each with the class of its field. What is masked in them stays masked and is not
// found again; what is found is masked besides. All that is no text, days and
// computed numbers included, stays as it is in was.
//
// An acceptance in r counts, whatever content it names: the caller says by it that the
// person decided about what was erased. Nobody can decide anew about a case without its
// original, so one that would be held leaves its row, not suitable, for the reason
// "original-erased", and none is drawn. A case that perhaps accuses an official is
// [Silent] as ever.
//
// A file stays as it is where the gate, given it as it is published, finds nothing in
// it and no reason to hold it but those that a person has accepted for these bytes.
// Any other is left out.
//
// What Reclear gives shows no more than was of the texts that raw does not have, and
// Reclear of it gives it again. Of a case that stands as [Gate.Clear] made it under the
// same rules it changes nothing.
func (g *Gate) Reclear(raw source.Raw, was record.Case, files []record.AttachmentBody, asOf record.Day, r Review) (Cleared, Verdict) {
	was.Number = ""
	stands := &standing{Case: was, files: files}
	raw = stands.fill(raw)
	var review *Review
	if r.Accept {
		review = &r
	}
	cleared, v := g.try(raw, asOf, review, r.Files, stands)
	v.Content = g.contentMAC(raw)
	v.Quality = nil // it was said when the values came
	switch v.Decision {
	case Silent, Exclude:
		cleared = Cleared{}
	case Hold, Refuse:
		v.Decision = Stub
		cleared = Cleared{value: was, keyMAC: g.KeyMAC(raw.Kind, raw.Key), merged: cleared.merged, policy: g.hash}.stub(was, record.NotSuitable)
		v.Reasons = append(v.Reasons, originalErased)
	case Publish:
		if now, ok := cleared.value.(record.Case); ok {
			cleared.value, cleared.masked = stands.with(now), stands.further
			for field := range stands.filled {
				cleared.has[field] = true
			}
		}
	}
	v.Reasons = sorted(v.Reasons)
	v.Output = g.outputMAC(cleared)
	return cleared, v
}

// fill returns raw with the texts that stand where it has none, and notes which.
func (s *standing) fill(raw source.Raw) source.Raw {
	fields := make(map[string]string, len(raw.Fields)+8)
	maps.Copy(fields, raw.Fields)
	s.filled, s.lists, s.further = map[string]bool{}, map[string][]entry{}, true
	received := func(field string) bool { _, ok := raw.Fields[field]; return ok }
	for field, text := range CaseTexts(s.Case) {
		if received(field) {
			continue
		}
		if list := s.entries(field); list != nil {
			s.lists[field] = list
		} else if field == source.FieldTitle && text == titleFrom(s.Question) {
			continue // it follows the question
		}
		fields[field], s.filled[field] = text, true
	}
	for field := range fieldClasses {
		s.further = s.further && !received(field)
	}
	if len(raw.Files) == 0 && !received(source.FieldAttachments) {
		s.filled[source.FieldAttachments] = true
	}
	units := make([]string, len(s.CoUnits))
	for i, u := range s.CoUnits {
		units[i] = string(u)
	}
	for field, value := range map[string]string{ // what the texts are judged by
		source.FieldKind: string(s.Kind), source.FieldUnit: string(s.Unit), source.FieldReplyUnit: string(s.Reply.Unit),
		source.FieldSpokesman: s.Reply.Spokesman, source.FieldCoUnits: strings.Join(units, source.ListSeparator),
	} {
		if !received(field) {
			fields[field] = value
		}
	}
	raw.Fields = fields
	return raw
}

// entries returns the list of a field as a delivery would carry it.
func (s *standing) entries(field string) (list []entry) {
	switch field {
	case source.FieldDispatches:
		for _, d := range s.Dispatches {
			list = append(list, entry{Day: d.Day.String(), From: string(d.From), To: string(d.To), Returned: d.Returned, Reason: d.Reason})
		}
	case source.FieldSupervisions:
		for _, d := range s.Supervisions {
			list = append(list, entry{Day: d.Day.String(), By: string(d.By), What: d.What, Result: d.Result})
		}
	case source.FieldTimeline:
		for _, d := range s.Timeline {
			list = append(list, entry{Day: d.Day.String(), What: d.What, Unit: string(d.Unit), Text: d.Text})
		}
	}
	return list
}

// with returns the case as it stands with the texts and files of now.
func (s *standing) with(now record.Case) record.Case {
	k := s.Case
	k.RepeatOf, k.MergedInto = "", "" // as of any that is cleared: the store has them
	k.Title, k.Question, k.Reply.Text = now.Title, now.Question, now.Reply.Text
	k.OutcomeReason, k.Addressee, k.LegalClass, k.Consent.Basis = now.OutcomeReason, now.Addressee, now.LegalClass, now.Consent.Basis
	k.Attachments, k.FilesWithheld = now.Attachments, now.FilesWithheld
	k.Dispatches, k.Supervisions, k.Timeline = now.Dispatches, now.Supervisions, now.Timeline
	if s.filled[source.FieldDispatches] {
		k.Dispatches = slices.Clone(s.Dispatches)
		for i := range k.Dispatches {
			k.Dispatches[i].Reason = now.Dispatches[i].Reason
		}
	}
	if s.filled[source.FieldSupervisions] {
		k.Supervisions = slices.Clone(s.Supervisions)
		for i := range k.Supervisions {
			k.Supervisions[i].What, k.Supervisions[i].Result = now.Supervisions[i].What, now.Supervisions[i].Result
		}
	}
	if s.filled[source.FieldTimeline] {
		k.Timeline = slices.Clone(s.Timeline)
		for i := range k.Timeline {
			k.Timeline[i].What, k.Timeline[i].Text = now.Timeline[i].What, now.Timeline[i].Text
		}
	}
	return k
}

// standingFiles returns the files of a case that stand under the rules in force, and
// how many there are besides.
func (c *clearing) standingFiles() (list []record.Attachment, withheld int) {
	withheld = c.stands.FilesWithheld
	for _, a := range c.stands.Attachments {
		i := slices.IndexFunc(c.stands.files, func(f record.AttachmentBody) bool { return f.SHA256 == a.SHA256 })
		if i < 0 || !c.fileStands(c.stands.files[i]) {
			withheld++
			continue
		}
		list = append(list, a)
	}
	switch {
	case len(list) == len(c.stands.Attachments):
	case c.rebuilds():
		c.reason(attachmentHeld)
	default:
		c.reason(attachmentsLeftOut)
	}
	return list, withheld
}

// fileStands reports whether a published file may stay as it is.
func (c *clearing) fileStands(f record.AttachmentBody) bool {
	if sum := sha256.Sum256(f.Body); !c.rebuilds() || hex.EncodeToString(sum[:]) != f.SHA256 {
		return false
	}
	stem, _, _ := strings.Cut(f.Name, path.Ext(f.Name))
	number, err := strconv.Atoi(stem)
	if err != nil {
		return false
	}
	found := len(c.verdict.Findings)
	clean := c.cleanFile(numberedFile{source.File{Name: f.Name, Type: f.Type, Body: f.Body}, number, 0})
	found, c.verdict.Findings = len(c.verdict.Findings)-found, c.verdict.Findings[:found] // it is masked nowhere
	if found > 0 || clean.Body == nil {
		return false
	}
	state := c.fileState(FileVerdict{Type: f.Type, Content: c.mac("file", f.Type, string(f.Body)), Held: clean.Held})
	return state == FilePublished || state == FileAccepted
}
