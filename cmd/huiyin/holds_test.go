package main

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// holds is the script command "[!] holds DIR PHRASE...": some file below DIR
// holds one of the phrases, as it stands or inside a pack.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: holds DIR PHRASE...")
	}
	found := ""
	err := filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if holdsAny(path, args[1:]) || holdsAny(string(b), args[1:]) {
			found = path
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return nil // not a pack
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				return err
			}
			text, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			if holdsAny(f.Name, args[1:]) || holdsAny(string(text), args[1:]) {
				found = path + "!" + f.Name
			}
		}
		return nil
	})
	ts.Check(err)
	switch {
	case neg && found != "":
		ts.Fatalf("%s holds a phrase that must be gone", found)
	case !neg && found == "":
		ts.Fatalf("no file below %s holds the phrase", args[0])
	}
}

func holdsAny(text string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
