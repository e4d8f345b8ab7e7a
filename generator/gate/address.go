package gate

// places are the lists behind the detector of addresses.
type places struct{}

func newPlaces() *places { return &places{} }

// addresses looks for addresses below the level of a street office or township.
func (s *scan) addresses() {}
