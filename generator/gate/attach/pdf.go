package attach
func (j *job) pdf(m *machine, body []byte) ([]byte, error) { return nil, refusal("damaged-pdf") }
type machine struct { slot chan struct{} }
func (m *machine) close() error { return nil }
