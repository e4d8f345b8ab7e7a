package store

import "fmt"

// LimitPages limits the pages of the file, which SQLite reports as it does a full disk.
func (s *Schedule) LimitPages(pages int) error {
	_, err := s.file.Writer.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages))
	return err
}
