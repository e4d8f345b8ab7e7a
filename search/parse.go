package search

// Parsed is a query as it was understood.
type Parsed struct {
	Terms   []Term
	Not     []string
	Fields  []string // text fields that all words are sought in; none: all
	Filters []Choice
	Number  string // a case number anywhere in the query
	Notes   []Note
}

// Choice is a filter that stands in the query.
type Choice struct {
	Field string
	Word  string   // as it was typed
	IDs   []string // the values it may mean; none: it does not exist
}

// Parse reads a query. Its error is a [*RequestError].
func Parse(q string, v *Vocabulary) (Parsed, error) { return Parsed{}, nil }

// Term is one word or quotation.
type Term struct {
	Text   string
	Quoted bool
}

type token struct{}

func tokens(q string) []token { return nil }
