// Package static writes a search index that needs no program on the server:
// small files that any web server can hand out, and a script that reads the few
// of them that a query needs.
//
// The script reads the query language of [search.Parse], folds and cuts texts as
// [search.Units] does, and finds what an engine finds: every document that
// matches, and none that does not. It shows them in the order of an engine, but
// for one thing: those that waited equally long come newest first. What stands
// above an engine, such as facets and other spellings, it does not have.
//
// # Files
//
// All lie in one folder. Files ending in .bin are gzip streams; a server that
// unpacks them on the way does no harm, the script looks at the first bytes.
//
//	manifest.json     what there is: see [Manifest]
//	static.js         the script
//	words.bin         names and sentences, and what is folded to what: JSON, see words
//	p/XX/YY.bin       postings: bucket XXYY, a number in hexadecimal
//	d/XX/YYY.bin      documents, a few in each file: chunk XXYYY, a number in hexadecimal
//	c/FIELD.bin       one column: the number in a field of every document
//
// # Places
//
// Each document has a place, a number from 0: oldest first, by the number field
// Newest and then by Seq, those without that number before all others. What has
// another month (the hundreds of Newest, which is a day such as 20261120) begins
// at the next multiple of 256. So a new document changes the files at the end,
// and one that is withdrawn those of its month; the postings name places, and
// most of them change with either.
//
// # Postings
//
// A bucket is a sequence of entries: the length of the token (one byte), the
// token (UTF-8), and two lists, of documents that hold the token anywhere and in
// the title. A list is its number of documents, its length in bytes, and the
// differences of ascending places, the first from 0, all as unsigned varints
// (LEB128). The bucket of a token is its FNV-1a hash of 32 bits modulo the
// number of buckets, a power of two.
//
// The tokens of a text are its units, and its pairs of neighbouring units
// without a separator between them, with a blank in the middle. Those of a
// keyword are "field=value", for the value and for all that lie above it. A token
// is cut to 255 bytes.
//
// Pairs find every document that holds a word, and sometimes one that holds only
// its parts: the script checks the text of what it shows, and calls a total that
// was not checked "at most".
//
// # Documents and columns
//
// A chunk is a JSON array with one element for each of its places: null, or an
// array of the ID, the texts, the keywords and the numbers, each of them an array
// in the order of the manifest, with null for what is missing.
//
// A column is a varint for each place: 0 for no number, else one more than the
// zigzag form of the difference from the number before.
package static
