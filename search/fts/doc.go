// Package fts is the embedded search engine: a SQLite database with an FTS5
// index over pairs of units, and beside it arrays in memory for filters, facets
// and orders.
package fts
