// Package meili implements [search.Engine] on a Meilisearch server, version
// 1.47 or later.
//
// # What is on the server
//
// Index uid holds the documents and uid_state one document that says what they
// are: schema, mark, generation and version. uid_next and uid_state_next are
// where a Rebuild works; afterwards they hold what was live before, until the
// next Rebuild. One swap exchanges both pairs. A search asks for the state
// before and after the documents, in one request, so that it can tell one
// generation from the other and whether something changed meanwhile. uid_check
// is there only while a document is sought that the server has refused.
//
// A document has its id, its seq, the texts as they are (t_name, displayed and
// not searched), the same texts as words for the server (s_name, searched and
// not displayed; s2_name and so on where a text has more words than the server
// keeps of one field), its keywords (k_name) and numbers (n_name).
//
// # Words
//
// Every unit of a text (see [search.Units]) becomes one word of ASCII letters
// and digits: h and the code point of a Han character, w and a word that is
// ASCII already, x and the hexadecimal bytes of any other. A full stop stands
// where a separator stood, which no quotation of the server crosses. So the
// server's dictionary cuts nothing, nothing is guessed, and every text that
// holds a term is found.
//
// Keywords are kept in a form in which values that differ only in case or width
// stay different: the server compares them folded.
//
// # What is verified
//
// The server finds all that match and sometimes more: it checks a quotation
// three words at a time, anywhere in the document, and of a query only the first
// ten quotations. Its answer to terms of one or two units is exact (of one unit
// where only some fields are searched); other hits are compared with their text
// here, by the rule of package search. Up to [Options.Verify] candidates all are
// fetched and compared, and totals and facets are exact. Where there are more,
// every hit of the page is still compared, but totals and facets are the
// server's, which may be some percent too large, and [search.Result] says so.
//
// # Order
//
// Hits with every term in the title are asked for first, by searching in the
// titles alone, then the others. The server's ranking is not used: it only
// sorts, by numbers. All hits of a query, however many, are asked for in blocks
// by their unique seq, so that the server's limit of hits does not matter.
//
// # Changes
//
// Nothing counts as done on the server's word that it has been accepted: every
// change waits for its tasks. A change first says in the state that it is under
// way, which changes the version, and says so again when it is done; a program
// that dies between leaves the state saying that a change is unfinished, until
// the next one. Whoever writes first waits for what another program has left
// in the server's queue.
//
// A Rebuild looks at the new index before it goes live: the number of documents,
// a sample of them, and whether they are found by their own words. What is
// upserted or deleted meanwhile is so at once in the live index, and in the new
// one before the swap, during which changes wait. So nothing that was deleted
// comes back, at no moment. A Delete that comes later deletes also from the index
// that was live before.
//
// Tasks of one server run one after another, so a Delete during a Rebuild waits
// for the batches that are enqueued; [Options.Window] limits how much that is.
//
// # Faults
//
// A change goes on when a server restarts, is busy, answers late or not at all,
// takes only smaller batches, or has a full queue of tasks, of which it then
// deletes those that have ended. What may have been done although no answer came
// is asked for again where that does no harm, and looked at where it does. When
// the server refuses a document the error names it. A task that stands still is
// cancelled after [Options.Watchdog]. Searches never wait: they return
// [search.ErrUnavailable].
package meili
