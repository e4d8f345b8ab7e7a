// Package serve is the public read path: it answers HTTP requests from one
// release, out of its packs, without unpacking them to disk.
//
// A text is kept deflated in its pack and leaves as it lies there, with a gzip
// frame around it; whoever does not take gzip gets it inflated and checked
// against its sum. Everything else is stored and leaves as it is, whole or in
// one range. A case that was withdrawn answers 410 with its tombstone, a file
// that still has to be remade without it answers 503.
//
// Where a site is searched, the package fills results into the search page of
// the release, and answers the same searches as data: see [SearchOptions]. It
// asks a [search.Engine] and hides what the release shows as withdrawn.
//
// The package knows nothing but releases and an index. It never sees the store, a raw
// delivery or Hugo, so that a break-in finds what is public already.
package serve
