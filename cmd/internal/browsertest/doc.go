// Package browsertest looks at the published site as a reader does: it builds
// both programs, lets the made-up city be published, serves it, and opens every
// kind of page in Chromium. It is a test only, and nothing imports it.
//
// It needs chromium in the path, and axe-core in the cache folder or where
// HUIYIN_AXE says; check.sh installs both. To renew the pictures of the README:
//
//	go test ./cmd/internal/browsertest -pictures ../../../docs/images
package browsertest
