package attach

// Share lets c work with the PDFium machine of another Cleaner: to translate it
// takes half a minute with the race detector, too long to do for each test.
func (c *Cleaner) Share(other *Cleaner) { c.machine = other.machine }
