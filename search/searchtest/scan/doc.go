// Package scan is the reference engine: it keeps documents in memory and looks
// at every one of them for every query. It is slow and does what
// [search.Engine] says word for word, so that the other engines, and the tests
// of what stands above an engine, have something to be compared with.
//
// Where the contract leaves a choice, this is what is right for all engines:
//
//   - Before the first Rebuild, Search, Each, Upsert and Stats return
//     [search.ErrNoIndex]; Delete has nothing to do and returns nil.
//   - A document or mark that cannot be indexed makes the whole Upsert or
//     Rebuild fail and change nothing. So does an ID that a Rebuild gets twice
//     ([search.ErrDoc]). Of an ID twice in an Upsert the last one counts.
//   - An Upsert during a Rebuild waits for it, so that it is not lost.
//   - Without terms, with a Sort, in Each, and when Fields leaves the title
//     out, InTitle is false.
//   - Each gives the hits of the moment it was called. Its f may take as long as
//     it likes and may call the engine.
//   - Empty texts and keyword values are not kept; a Facet without a value is an
//     empty list.
//   - A call whose context has ended returns the context's error and changes
//     nothing.
package scan
