package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// unpacked FOLDER FILE writes what the gzip streams below a folder hold into one
// file, so that it can be searched.
func unpacked(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unpacked FOLDER FILE")
	}
	var all bytes.Buffer
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".bin" {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			return err
		}
		_, err = io.Copy(&all, z)
		return err
	}))
	if all.Len() == 0 {
		ts.Fatalf("%s holds nothing that is packed", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), all.Bytes(), 0o644))
}
