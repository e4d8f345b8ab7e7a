// Package lexicon knows words, for what search does above its engines: it tells
// where words meet within a hit, suggests what may have been meant, takes the
// words out of a question, and gives the other names of an office. No index
// depends on it.
package lexicon
