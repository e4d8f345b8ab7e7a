// Package archtest holds the rules of the house that a compiler does not know:
// which package may import which, where a driver may be used, what the public
// server must never link, and how a file has to look. Its tests read the
// module's own files in process, so that go test's cache sees each of them; a
// test that asked "go list" would wrongly be served from the cache.
//
// Each rule is a function from a [Tree] to a list of complaints, so that it can
// be shown to fail on a small made-up tree.
package archtest
