package meili

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"
)

// Keys are the values of the keys of an index.
type Keys struct {
	Publish string // for [New]
	Search  string // for [NewReader]: may only search this index
}

// keySpec is a key as it should be.
type keySpec struct {
	role, name string
	actions    []string
	indexes    []string
}

func keySpecs(o Options) []keySpec {
	e := &Engine{o: o}
	return []keySpec{
		{
			role: "publish", name: "huiyin: write " + o.Index,
			actions: []string{
				"search", "documents.add", "documents.get", "documents.delete",
				"indexes.create", "indexes.get", "indexes.delete", "indexes.swap", "indexes.compact",
				"settings.get", "settings.update", "stats.get", "tasks.get", "tasks.cancel", "tasks.delete", "version",
			},
			// The server shows tasks on several indexes, such as swaps, only to
			// keys for all of them.
			indexes: []string{"*"},
		},
		{
			role: "search", name: "huiyin: search " + o.Index,
			actions: []string{"search"},
			indexes: []string{e.live().docs, e.live().state, e.next().docs, e.next().state},
		},
	}
}

// Provision makes the two keys of the index on the server, or puts them right if
// they are otherwise. It may be called again and again: the keys stay the same.
// The key in o is not used. Whoever runs several programs on one server should
// know that the key for writing is good for all its indexes.
func Provision(ctx context.Context, o Options, masterKey string) (Keys, error) {
	o, err := o.complete()
	if err != nil {
		return Keys{}, err
	}
	if o.Now == nil {
		return Keys{}, errors.New("meili: Options.Now is missing")
	}
	o.Key = masterKey
	c := newClient(o)
	defer c.close()
	if err := c.version(ctx); err != nil {
		return Keys{}, ofMaster(err)
	}
	values := map[string]string{}
	for _, spec := range keySpecs(o) {
		uid := keyUID(o.Index, spec.role)
		if err := c.provision(ctx, spec, uid); err != nil {
			return Keys{}, ofMaster(err)
		}
		values[spec.role] = KeyValue(masterKey, uid)
	}
	return Keys{Publish: values["publish"], Search: values["search"]}, nil
}

// ofMaster says of a key that is refused that it is the master key.
func ofMaster(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Hint == hintKey {
		e.Hint = hintMaster
	}
	return err
}

func (c *client) provision(ctx context.Context, spec keySpec, uid string) error {
	// A key cannot be changed in what it allows; deleted and made again with the
	// same uid it has the same value.
	for range 2 {
		err := c.repeat(ctx, "make a key", func(ctx context.Context) error {
			_, err := c.library.CreateKeyWithContext(ctx, &meilisearch.Key{UID: uid, Name: spec.name, Actions: spec.actions, Indexes: spec.indexes})
			return err
		})
		if err == nil {
			return nil
		}
		if !hasCode(err, codeKeyExists) {
			return err
		}
		var have *meilisearch.Key
		err = c.repeat(ctx, "look at a key", func(ctx context.Context) (err error) {
			have, err = c.library.GetKeyWithContext(ctx, uid)
			return err
		})
		if err == nil && spec.is(have) {
			return nil
		}
		if err == nil {
			err = c.repeat(ctx, "replace a key", func(ctx context.Context) error {
				_, err := c.library.DeleteKeyWithContext(ctx, uid)
				return err
			})
		}
		if err != nil && !hasCode(err, codeNoKey) {
			return err
		}
	}
	return &Error{Doing: "make a key", Code: codeKeyExists, Hint: hintAgain}
}

// is says whether a key on the server is as it should be.
func (k keySpec) is(have *meilisearch.Key) bool {
	same := func(a, b []string) bool {
		return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
	}
	return same(k.actions, have.Actions) && same(k.indexes, have.Indexes) && have.ExpiresAt.IsZero()
}

// keyUID returns the uid of a key: always the same for an index and a role, in
// the form of RFC 9562, version 8.
func keyUID(index, role string) string {
	sum := sha256.Sum256([]byte("huiyin\x00" + index + "\x00" + role))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	h := hex.EncodeToString(sum[:16])
	return fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

// KeyValue returns the value of the key with a uid on a server with a master key,
// as the server computes it: HMAC-SHA256 of the uid in hexadecimal.
func KeyValue(masterKey, uid string) string {
	mac := hmac.New(sha256.New, []byte(masterKey))
	mac.Write([]byte(strings.ToLower(uid)))
	return hex.EncodeToString(mac.Sum(nil))
}
