package store

import "fmt"

// LimitPages makes the file full at n pages.
func (d *DB) LimitPages(n int) error {
	_, err := d.file.Writer.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, n))
	return err
}

// Exec runs a statement on the file as it is.
func (d *DB) Exec(statement string) error {
	_, err := d.file.Writer.Exec(statement)
	return err
}
