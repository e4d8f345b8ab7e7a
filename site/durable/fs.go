package durable

import (
	"context"
	"io"
	"io/fs"
)

// FS is the part of a file system that is needed to write safely. Names are
// paths as the operating system takes them. Errors wrap those of package io/fs,
// such as [fs.ErrNotExist]. Methods may be called by several goroutines at once.
type FS interface {
	// Open opens a file for reading.
	Open(name string) (File, error)
	// Create makes a file, or empties the one that is there, for writing.
	Create(name string) (File, error)
	// Mkdir makes one folder. Its parent must exist.
	Mkdir(name string) error
	// Rename gives a file another name, replacing the file that has it.
	Rename(from, to string) error
	// Remove removes a file or an empty folder.
	Remove(name string) error
	// ReadDir lists a folder in the order of names.
	ReadDir(name string) ([]fs.DirEntry, error)
	// Stat describes a file or a folder.
	Stat(name string) (fs.FileInfo, error)
	// Sync makes the entries of a folder survive a power cut: that files were
	// made, renamed or removed in it, but not what they contain.
	Sync(dir string) error
	// SyncAll makes everything survive that was written below dir, and perhaps
	// more: the whole file system, or all of them. It is the cheap way after many
	// small files.
	SyncAll(dir string) error
	// Lock takes the exclusive lock that is tied to a file, which is made if it
	// is missing and never removed. While another holds it, in this process or
	// any other, Lock waits until ctx ends, or without wait returns a
	// *[LockedError] at once. The lock ends with Close or with the process.
	Lock(ctx context.Context, name string, wait bool) (io.Closer, error)
}

// File is an open file.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Closer
	// Sync makes what was written survive a power cut, but not the file's name.
	Sync() error
	Stat() (fs.FileInfo, error)
}

// LockedError reports that a lock is held by another.
type LockedError struct {
	Name   string // of the lock
	Holder string // who holds it, such as "process 4711 (huiyin)", as far as it is known
}

// Error names the lock and its holder.
func (e *LockedError) Error() string { return e.Name + " is locked by " + e.Holder }
