package gate

// others looks for the structured identifiers beside numbers, e-mail addresses
// and plates. seen says which classes of character the text has.
func (s *scan) others(seen [several + 1]bool) {}
