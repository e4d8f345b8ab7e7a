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

// JournalFile is what the journal of withdrawals is written through.
type JournalFile = journalFile

// KeepJournal has the journal written by other calls than those of package os.
func (d *DB) KeepJournal(open func(path string) (JournalFile, error), syncDir func(path string) error) {
	d.journal.open, d.journal.syncDir = open, syncDir
}
