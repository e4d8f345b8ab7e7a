// Package meili implements [search.Engine] on a Meilisearch server, version
// 1.47 or later.
//
// # What is on the server
//
// Index uid holds the documents and uid_state one document that says what they
// are: schema, mark, generation and version. uid_next and uid_state_next are
// where a Rebuild works; afterwards they hold what was live before, until the
// next Rebuild. One swap exchanges both pairs, so whoever reads documents and
// state together sees one generation or the other and can tell which.
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
// # Changes
//
// Nothing counts as done on the server's word that it has been accepted: every
// change waits for its tasks. A change first says in the state that it is under
// way, which changes the version, and says so again when it is done; a program
// that dies between leaves the state saying that a change is unfinished. Tasks
// of one server run one after another, so a Delete during a Rebuild waits for
// the batch that the server is working on; [Options.Window] limits how much that
// is.
package meili
