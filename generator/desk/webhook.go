package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// Keys are the secrets by which requests are signed, at most two: while one takes the
// place of another, both hold.
type Keys struct{ keys [][]byte }

// The bounds of a secret, in bytes; Standard Webhooks asks for 24 to 64.
const (
	minKey  = 24
	maxKey  = 64
	maxKeys = 2
	prefix  = "whsec_"
)

// ParseKeys reads secrets, one a line: "whsec_" and 24 to 64 bytes in base64, as Standard
// Webhooks writes them. An error says nothing of what stands there.
func ParseKeys(text string) (k Keys, err error) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		key, err := ParseKey(line)
		if err != nil {
			return Keys{}, err
		}
		k.keys = append(k.keys, key)
	}
	if n := len(k.keys); n == 0 || n > maxKeys {
		return Keys{}, fault.New("the file of the republish API's keys holds none, or more than two", "write one key on a line of its own; during a change of keys the new one and the old one")
	}
	return k, nil
}

// ParseKey reads one secret. An error says nothing of what stands there.
func ParseKey(text string) ([]byte, error) {
	code, ok := strings.CutPrefix(text, prefix)
	key, err := base64.StdEncoding.DecodeString(code)
	if !ok || err != nil || len(key) < minKey || len(key) > maxKey {
		return nil, fault.New("a key is not whsec_ with 24 to 64 bytes in base64", `make one: printf 'whsec_%s\n' "$(openssl rand -base64 32)"`)
	}
	return key, nil
}

// Tolerance is how far the time of a request may lie from now, before or after.
const Tolerance = 5 * time.Minute

// maxID is the longest identifier of a message, in bytes.
const maxID = 256

// errUnsigned is the one error for whatever is wrong with a signature: a forger learns
// nothing from it.
var errUnsigned = errors.New("desk: the signature does not hold")

// signed is what the headers of a message say of it, before its body is read.
type signed struct {
	id, stamp string
	sums      [][]byte // of which one has to be right
}

// head reads what Standard Webhooks puts into the headers: webhook-id, webhook-timestamp,
// and webhook-signature, which is "v1," and base64, perhaps several parted by spaces.
func head(h http.Header, now time.Time) (s signed, err error) {
	s = signed{id: h.Get("Webhook-Id"), stamp: h.Get("Webhook-Timestamp")}
	seconds, err := strconv.ParseInt(s.stamp, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != s.stamp || s.id == "" || len(s.id) > maxID || strings.Contains(s.id, ".") {
		return s, errUnsigned
	}
	if at := time.Unix(seconds, 0); at.Before(now.Add(-Tolerance)) || at.After(now.Add(Tolerance)) {
		return s, errUnsigned
	}
	for _, part := range strings.Fields(h.Get("Webhook-Signature")) {
		code, ok := strings.CutPrefix(part, "v1,")
		if sum, err := base64.StdEncoding.DecodeString(code); ok && err == nil && len(sum) == sha256.Size {
			s.sums = append(s.sums, sum)
		}
	}
	if len(s.sums) == 0 {
		return s, errUnsigned
	}
	return s, nil
}

// verify checks the signature of a message: HMAC-SHA256 over "id.timestamp.body". It returns
// the number of the key, from 1.
func (k Keys) verify(s signed, body []byte) (key int, err error) {
	for i, secret := range k.keys {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(s.id + "." + s.stamp + "."))
		mac.Write(body)
		want := mac.Sum(nil)
		for _, sum := range s.sums {
			if hmac.Equal(sum, want) {
				key = i + 1
			}
		}
	}
	if key == 0 {
		return 0, errUnsigned
	}
	return key, nil
}
