// Package meilitest is a Meilisearch server for tests: it keeps its indexes in
// memory and answers as Meilisearch 1.50 does, and it refuses what that refuses.
//
// A [Server] is an [net/http.Handler]:
//
//	double := meilitest.New(meilitest.Options{MasterKey: "made-up-master-key-0001"})
//	web := httptest.NewServer(double)
//	defer web.Close()
//	client := meilisearch.New(web.URL, meilisearch.WithAPIKey("made-up-master-key-0001"))
//
// # Tasks
//
// What changes an index is a task: it is enqueued, then processing, then
// succeeded, failed or canceled, and nothing of it is to be found before it has
// succeeded. There is no clock and no goroutine behind this. Each answered
// request lets the queue go on by one: the task in processing ends and the next
// one starts. So a client that polls sees every state, a client that does not
// wait for its task is caught, and no test sleeps. (A batch is always one task.)
//
//	double.Hold()    // from now on the queue stands still, whatever is asked
//	double.Step()    // it goes on by one state: a task starts, or the one in processing ends
//	double.Release() // it goes on by itself again
//	double.Drain()   // it goes on until nothing is left that can go on
//
// # Faults
//
//	double.Fail(2, meilitest.Route("POST /indexes/*/search"), meilitest.Busy())      // two searches: 503, Retry-After
//	double.Fail(1, meilitest.Route("POST /indexes/*/documents"), meilitest.Fault{Drop: true})            // the connection breaks, nothing is done
//	double.Fail(1, meilitest.Route("POST /indexes/*/documents"), meilitest.Fault{Drop: true, Done: true}) // it breaks after the work is done
//	double.Fail(-1, meilitest.Any, meilitest.Fault{Status: 502, Body: "<html>"})     // a proxy, for ever; double.Heal() ends it
//	double.FailTask(1, meilitest.TaskType("documentAdditionOrUpdate"), "internal", "made-up failure")
//	double.HangTask(1, meilitest.TaskType("indexSwap"))                              // stays in processing until canceled or Restart
//	double.Stop()                                                                   // every connection breaks
//	double.Start()                                                                  // it is back: what was in processing is enqueued again
//	double.Restart()                                                                // both
//
// Faults of the same kind queue up: the first one whose match fits is used.
//
// # What is like the server
//
// Unknown fields, wrong types, unknown settings, filters on attributes that are
// not filterable and the like are refused with the server's status and code, and
// with its message where that was recorded. Every request needs a key whose
// actions and indexes allow it. A quoted phrase is checked as the server checks
// it, three words at a time and without regard to where in the document each
// pair of words stands, so it also finds documents that do not hold the phrase.
// Of a query ten words and phrases count, of a field 65,535 positions, of a value
// in a filter 468 bytes, and texts in filters are compared folded. Totals exceed
// maxTotalHits while hits do not, unless [Options.CapTotals] is set. A swap also
// exchanges the indexes in the tasks before it.
//
// Two things hold the double to that: the recorded answers of a real server in
// testdata, each of which it must give in its turn, and the server's own
// description of its answers, see [Description]. Tests of clients can hold every
// answer that they get to the description:
//
//	d, err := meilitest.NewDescription()
//	double := meilitest.New(meilitest.Options{Observe: func(r *http.Request, status int, body []byte) {
//		if err := d.Check(r.Method, r.URL.Path, status, body); err != nil {
//			t.Error(err)
//		}
//	}})
//
// # What is not
//
// There is no typo tolerance, no joining and splitting of words, no vectors, no
// synonyms, no stop words, no facet search, no merging of several searches into
// one list. Text is cut into words at what is neither letter nor digit; of Han
// text only [Options.Words] are words, every other character is one by itself, as
// the server's dictionary is not here. Of the ranking rules typo and exactness do
// nothing, sort and words do what they do on the server, and proximity,
// attribute, attributeRank and wordPosition are coarser. Settings, fields and
// values that this project does not use answer 501 with the code not_in_double,
// so that no test rests on them.
package meilitest
