package static

// Manifest says what an index holds.
type Manifest struct {
	Version int      `json:"version"` // of the format: 1
	Mark    string   `json:"mark"`    // changes with the documents and the program; a query asks for its files with it, so that no cache mixes two indexes
	Docs    int      `json:"docs"`    // documents
	Places  int      `json:"places"`  // one more than the last place
	Buckets int      `json:"buckets"` // files below p
	Chunk   int      `json:"chunk"`   // places in each file below d
	Text    []string `json:"text"`    // text fields; the first is the title
	Keyword []string `json:"keyword"` // keyword fields
	Number  []string `json:"number"`  // number fields
	Newest  string   `json:"newest"`  // the number field that gives the order
	Cutoff  string   `json:"cutoff"`  // the day up to which the documents are complete; "": not known
	Lang    string   `json:"lang"`    // language of the documents, as HTML names it
	Site    string   `json:"site"`    // address of the site's root, seen from the folder of the index
}

// Report is what was written.
type Report struct {
	Docs    int   // documents
	Files   int   // files handed over
	Bytes   int64 // of all files
	Largest int   // bytes of the largest bucket, as it is sent
}
