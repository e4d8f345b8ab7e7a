// Package record is the vocabulary of what Huiyin publishes: its types, its
// closed word lists, and the names of its files and addresses. It does no I/O
// and imports only the standard library, so every other package can speak it.
//
// Two rules hold everywhere. Unknown is not zero: the zero value of [Day],
// [Tri], [Count] and of every word type means "not known", and is never printed
// as a number or counted as a "no". And a word has one meaning: docs/glossary.md
// pairs each Go name with the Chinese term that offices use.
//
// Values of this package are plain data. They may be copied and are safe for
// concurrent reading.
package record
