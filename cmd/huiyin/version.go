package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
)

// version is set when a release of the program is built:
// -ldflags "-X main.version=1.0.0".
var version = "dev"

// programID names the program for the fingerprints of pages: what another
// program rendered is rendered again. A development build is named by the hash
// of its own file, because its version says nothing.
func programID() (string, error) {
	if version != "dev" {
		return version, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(self)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return "dev-" + hex.EncodeToString(h.Sum(nil)[:12]), nil
}
