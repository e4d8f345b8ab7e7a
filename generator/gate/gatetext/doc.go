// Package gatetext makes text to measure the gate with: documents with planted,
// made-up personal data in many spellings, and clean documents full of numbers
// that are nobody's. It shares no word list, template or table with the gate, so
// that a figure measured with it is not the gate measuring itself.
//
// Everything is made from a seed and is the same on every machine. Numbers are
// drawn at random in the published formats; that one of them exists is chance.
package gatetext
