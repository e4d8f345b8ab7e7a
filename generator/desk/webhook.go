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

// verify checks the signature of a message as Standard Webhooks has it: HMAC-SHA256 over
// "id.timestamp.body", in the header webhook-signature as "v1," and base64, perhaps
// several parted by spaces. It returns the message's id and the number of the key, from 1.
func (k Keys) verify(h http.Header, body []byte, now time.Time) (id string, key int, err error) {
	id = h.Get("Webhook-Id")
	stamp := h.Get("Webhook-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != stamp || id == "" || len(id) > maxID || strings.Contains(id, ".") {
		return "", 0, errUnsigned
	}
	if at := time.Unix(seconds, 0); at.Before(now.Add(-Tolerance)) || at.After(now.Add(Tolerance)) {
		return "", 0, errUnsigned
	}
	signed := []byte(id + "." + stamp + ".")
	signed = append(signed, body...)
	for i, secret := range k.keys {
		mac := hmac.New(sha256.New, secret)
		mac.Write(signed)
		want := mac.Sum(nil)
		for _, part := range strings.Fields(h.Get("Webhook-Signature")) {
			code, ok := strings.CutPrefix(part, "v1,")
			got, err := base64.StdEncoding.DecodeString(code)
			if ok && err == nil && hmac.Equal(got, want) {
				key = i + 1
			}
		}
	}
	if key == 0 {
		return "", 0, errUnsigned
	}
	return id, key, nil
}
