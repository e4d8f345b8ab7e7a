// Package searchtest holds every engine to what [search.Engine] promises.
//
// A test of an engine opens a fresh one for each case:
//
//	func TestContract(t *testing.T) {
//		searchtest.Run(searchtest.Of(t), func(t searchtest.T) searchtest.Harness {
//			e, err := fts.Open(t.TempDir(), fts.Options{})
//			if err != nil {
//				t.Fatalf("open: %v", err)
//			}
//			t.Cleanup(func() { e.Close() })
//			return searchtest.Harness{Engine: e, Exact: true}
//		})
//	}
//
// A command that holds a real server to the promises does the same with
// [Check] in the place of a test.
//
// Each promise is a case with a name. What is right is what the reference
// engine, searchtest/scan, does with the same calls; see there for what the
// contract leaves open. All texts are made up, and messages show nothing else.
package searchtest
