// Package gate is the only door from raw input to what may be published. It
// turns a [source.Raw] into a [Cleared] holding a value of package record, and
// it is the only package that can make a Cleared; the store takes nothing else.
//
// A record goes through these stages, in this order:
//
//	kind and consent   accusations of officials leave here; without consent only the row goes on
//	decode             HTML entities and tags to plain text; control and bidi characters removed
//	normalise          two views of the text: characters folded one by one, and runs of digits
//	detect             structured identifiers, found through the views
//	policy             per class of field, type and confidence: pass, mask or hold
//	mask               the official forms, such as 138****1234
//	re-scan            the masked text goes through decode and detect again and must come out clean
//
// Every finding maps back to bytes of the field as received. The gate fails
// closed: a field that it does not know, text that is not UTF-8, text over the
// size limit, a spent work budget or a panic of its own hold the record, so that
// only the row is published until a person has decided. There is no option, flag
// or environment variable that lets a record around it.
//
// What comes out is de-identified, not anonymous: names, addresses and what a
// story tells about a person are not found by the structured detectors.
//
// Nothing here reads a clock, a locale or a source of randomness. Equal options
// and equal input give equal output on every machine.
package gate
