// Package gatetext makes text to measure the gate with, and measures with it:
// documents with planted, made-up personal data of every kind in many spellings,
// names in anchored contexts and standing free, addresses, and clean documents
// full of numbers, places and words that are nobody's. It shares no word list,
// template or table with the gate, so that a figure measured with it is not the
// gate measuring itself.
//
// Text is made from templates. Every fifth family of them is held out: whoever
// tunes a detector looks at what is missed in the others alone, and the figures of
// the held-out ones say what the detector is worth on text that nobody tuned to.
// [Measure] shows documents to any gate, given as a [Look], and [Report.Figures]
// is the table with its floors and aims.
//
// Everything is made from a seed and is the same on every machine. Numbers are
// drawn at random in the published formats; that one of them exists is chance.
package gatetext
