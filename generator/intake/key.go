package intake

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
)

// Key is the secret of an installation, from which every other key is derived.
// It prints as nothing, so that it cannot end up in a log by accident. The zero
// Key is not valid.
type Key struct {
	master [keySize]byte
	ok     bool
}

const (
	keySize   = 32
	keyPrefix = "huiyin-key-1 "
	keyMode   = 0o600
)

// NewKey makes a key of 32 bytes of random, which must be a source fit for
// secrets.
func NewKey(random io.Reader) (Key, error) {
	k := Key{ok: true}
	if _, err := io.ReadFull(random, k.master[:]); err != nil {
		return Key{}, fault.Wrap(err, "no random bytes for a key", "run the command again")
	}
	return k, nil
}

// WriteFile writes k to a new file that only its owner may read. It never
// replaces a file: a key that is lost makes everything sealed with it
// unreadable.
func (k Key) WriteFile(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, keyMode)
	if errors.Is(err, fs.ErrExist) {
		return fault.Wrap(err, "there is a key file already at "+path, "keep it: without it nothing received so far can be read")
	}
	if err != nil {
		return fault.Wrap(err, "the key file "+path+" cannot be made", "check that the folder exists and may be written")
	}
	_, err = fmt.Fprintf(f, "%s%x\n", keyPrefix, k.master)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault.Wrap(errors.Join(err, os.Remove(path)), "the key file "+path+" could not be written whole", "make room on the disk and run the command again")
	}
	return nil
}

// LoadKey reads a key file. It refuses one that others than its owner may read
// or write, and one that does not hold exactly one key.
func LoadKey(path string) (Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return Key{}, fault.Coded(fault.ExitConfig, "the key file "+path+" cannot be read", "restore it from the backup, or run huiyin init for a new installation", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Key{}, fault.Coded(fault.ExitConfig, "the key file "+path+" cannot be read", "check the disk", err)
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return Key{}, fault.Coded(fault.ExitConfig, "others than its owner may read the key file "+path, "run: chmod 600 "+path, nil)
	}
	text, err := io.ReadAll(io.LimitReader(f, 1024))
	if err != nil {
		return Key{}, fault.Coded(fault.ExitConfig, "the key file "+path+" cannot be read", "check the disk", err)
	}
	digits, found := strings.CutPrefix(strings.TrimSuffix(string(text), "\n"), keyPrefix)
	raw, err := hex.DecodeString(digits)
	if err != nil || !found || len(raw) != keySize {
		return Key{}, fault.Coded(fault.ExitConfig, "the file "+path+" is not a key file of huiyin", "restore it from the backup; it holds one line that begins with "+strings.TrimSpace(keyPrefix), nil) // the cause would quote it
	}
	return Key{master: [keySize]byte(raw), ok: true}, nil
}

// Gate returns the 32-byte key for the gate's keyed hashes of source keys and
// findings. It is independent of the sealing keys.
func (k Key) Gate() []byte { return k.derive("gate") }

// String hides the key.
func (Key) String() string { return "intake.Key(hidden)" }

// GoString hides the key.
func (Key) GoString() string { return "intake.Key(hidden)" }

// derive returns the sub-key for one purpose.
func (k Key) derive(purpose string) []byte {
	sub, err := hkdf.Key(sha256.New, k.master[:], nil, "huiyin/1/"+purpose, keySize)
	if err != nil {
		// hkdf.Key fails only for lengths beyond 255 hashes, or in FIPS mode for
		// short secrets; both are fixed here.
		panic("intake: deriving a key: " + err.Error())
	}
	return sub
}
