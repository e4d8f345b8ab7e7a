package gate

// names are the lists behind the detector of personal names.
type names struct{}

func newNames() *names { return &names{} }

// people looks for names of natural persons.
func (s *scan) people() {}
