// Package gate finds personal data in Chinese text, masks it, and decides whether a
// record may be published. It is the only door from raw input to what Huiyin
// publishes: it turns a [source.Raw] into a [Cleared] holding a value of package
// record, only this package can make a Cleared, and the store takes nothing else.
//
// # Texts
//
// A program that only wants to know what is personal in a text makes a [Gate] with
// [New] and calls [Gate.Check]: it returns the masked text, the findings with their
// byte offsets, types and confidence, and the reasons for which a person should
// look first. No network, no model and no native library is needed; the lists are
// built in.
//
// The types are those of [Types]: telephone numbers, identity cards, bank cards,
// passports and permits, plates, e-mail, WeChat and QQ names, addresses of
// machines, coordinates, web addresses with a personal part, days of birth, order
// numbers, names of persons, and addresses below street offices and townships.
// They are found in full width, in circles, in mathematical or Chinese numerals,
// with look-alike letters, with separators or words between the digits, and
// behind HTML entities, percent and backslash escapes. What is nobody's stays:
// sums, dates, bus lines, document and case numbers, unified social credit codes,
// hotlines of up to six digits, and surnames before a title.
//
// # Records
//
// [Gate.Clear] decides about a whole record. It goes through these stages:
//
//	kind and consent   accusations of officials leave here; without consent only the row goes on
//	decode             HTML entities and tags to plain text; control and bidi characters removed
//	normalise          two views of the text: characters folded one by one, and runs of digits
//	detect             numbers through the views, then names and addresses by words and lists
//	meaning            children, illness, violence, state secrets: the case waits for a person
//	allow-lists        what is a unit's own and public passes in its cases, see [Allow] and [Officer]
//	policy             per field, type and confidence: pass, mask, sample or hold, see [Policy]
//	mask               the official forms, such as 138****1234 and 某某
//	re-scan            the masked text goes through decode and detect again and must come out clean
//	across fields      a name that is sure in one field is sought in all; numbers parted between fields
//
// The answer is a [Verdict]: publish, publish the row alone as a stub, hold the texts
// until a person has decided, and so on. A person's decision goes in with
// [Gate.ClearReviewed]; it is bound to the content that she saw, and never unmasks.
//
// # Fails closed
//
// A field that the gate does not know, text that is not UTF-8, text over the size
// limit, a spent work budget, a missing list or a panic of its own hold the record,
// so that only the row is published. There is no option, flag or environment
// variable that lets a record around the gate, and no policy that makes it blind:
// [New] refuses those that pass what cannot belong to an office.
//
// Nothing here reads a clock, a locale or a source of randomness. Equal options
// and equal input give equal output on every machine. Work is counted in bytes
// times steps, never in time, and grows with the length of the text. A finding
// keeps a keyed hash of the datum and never the datum; neither errors nor verdicts
// hold text of the record.
//
// What comes out is de-identified, not anonymous: what a story tells about a person
// may still tell those who know her who she is.
package gate
