// Package fts is the embedded search engine: an index in a folder, which one
// process writes and any number of processes read, without a server.
//
// # Files
//
//	current             the name of the live generation, in a line
//	writer.lock         locked by the process that writes
//	gen-0007/index.db   the live generation: a SQLite database
//	gen-0007/index.db-wal, index.db-shm
//	building/           what a Rebuild is at work on
//	halted/             what an interrupted Rebuild has left
//
// SQLite keeps the rows, and sees to it that a change is done whole or not at
// all and that every reader sees one state. What is searched is ours:
//
//   - Lists say where each token, a unit and the one after it, stands: in which
//     documents, and at which places. There is a list for each token in each text
//     field. Lists of consecutive tokens make a block, blocks make a run, which
//     holds the lists of a range of documents. There are few runs; small ones are
//     merged.
//   - Columns hold the keyword values and numbers of all documents in memory, 40
//     to 60 bytes each. They filter, count facets and find the order.
//   - Texts are compressed one by one and read for the hits of a page alone.
//
// A word of two characters is one token, so that its list is the answer. A
// longer one is found where the lists of its tokens agree in document and place.
// Nothing is estimated and nothing is checked against texts afterwards: totals
// and facets are exact, also for a word that half of all documents have.
//
// # Writing
//
// A document has an ordinal, which is never given again; one whose text changes
// gets another. New documents are in no run until there are some hundred of them.
// Until then each search looks through their texts. A deleted document leaves
// the columns, and with them every answer, at once; its text is overwritten at
// once; its tokens stay in the lists until [Index.Optimise] takes them out. Then
// no byte of it is left in the folder. Rows that hold words are only ever
// appended and blanked, see layout.
//
// A Rebuild makes another generation and in the end names it in current. It
// writes rows as documents come, and sorts the tokens of some thousand documents
// at a time into a file, from which the one run of the new index is merged.
// Changes made meanwhile are done to the live index at once and again to the new
// one before it is named. The order of the switch: the new files are synced,
// their folder is renamed and synced, changes are repeated, the pointer is
// replaced, the old folder is removed. Whatever moment a crash chooses, the
// pointer names a whole generation. A Rebuild that was interrupted goes on with
// what is there when it gets the same documents again; Optimise removes what is
// left of one, because documents may have been withdrawn since.
//
// # Reading
//
// A search runs in a read transaction. It reads the version of the index, brings
// the columns up to it by the rows that say what changed, and then sees exactly
// that version, whatever is written meanwhile. So a deletion is seen by the next
// search, in every process. A reader needs no right to write: the files of the
// log stay when the writer closes. It keeps the generation open that it is at
// work on; the files of a replaced one go when the last search in it has ended.
//
// # Figures
//
// cmd/internal/searchbench measures them, docs/benchmarks.md has the last ones. A
// case of 650 characters takes about 3 KB on disk; a million are built in some
// minutes with less than 200 MB of memory, and a page with three facets takes a
// few milliseconds.
package fts
