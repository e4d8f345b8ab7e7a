package intake

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source"
)

func testSealer(t testing.TB) *sealer {
	t.Helper()
	key, err := NewKey(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSealer(key, rand.NewChaCha8([32]byte{2}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

// TestSeal seals twice the same, and then changes every bit of a blob and every
// part of its place.
func TestSeal(t *testing.T) {
	s := testSealer(t)
	place := bound("version", []byte{1, 2}, "list")
	plain := []byte("路灯坏了三天。")
	a, err := s.seal(plain, place)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.seal(plain, place)
	if err != nil || bytes.Equal(a, b) || bytes.Equal(a[:13], b[:13]) {
		t.Errorf("two blobs share a nonce: %v", err)
	}
	if got, err := s.open(a, place); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("the text did not come back: %v", err)
	}
	for i := range 8 * len(a) {
		forged := bytes.Clone(a)
		forged[i/8] ^= 1 << (i % 8)
		if _, err := s.open(forged, place); err == nil {
			t.Fatalf("a blob with bit %d changed was opened", i)
		}
	}
	for _, other := range [][]byte{bound("key", []byte{1, 2}, "list"), bound("version", []byte{1}, "list"), bound("version", []byte{1, 2}, "lis"), nil} {
		if _, err := s.open(a, other); err == nil {
			t.Error("a blob was opened in another place")
		}
	}
}

func FuzzOpen(f *testing.F) {
	s := testSealer(f)
	place := bound("version", []byte{1}, "list")
	blob, err := s.seal([]byte("text"), place)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(blob)
	f.Add([]byte{sealedFormat})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		plain, err := s.open(b, place)
		if err == nil && !bytes.Equal(b, blob) {
			t.Errorf("forged: %x", plain)
		}
	})
}

func TestVersion(t *testing.T) {
	v := version{
		where:  source.Where{File: "a.zip!b.csv", Sheet: "s", Row: 12},
		gone:   true,
		fields: map[string]string{"title": "t", "empty": "", "question": string([]byte{0, 0xff})},
		files:  []source.File{{Name: "n", Type: "image/png", Body: []byte{1, 2}}},
	}
	body := v.encodeBody()
	got, err := decodeVersion(v.encode(body))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, got, cmp.AllowUnexported(version{})); diff != "" {
		t.Error(diff)
	}
	// The place is no part of what makes two versions equal.
	v.where.Row = 13
	if !bytes.Equal(body, v.encodeBody()) {
		t.Error("another row gives another body")
	}
	v.fields["empty"] = "no"
	if bytes.Equal(body, v.encodeBody()) {
		t.Error("another value gives the same body")
	}
}

func FuzzDecodeVersion(f *testing.F) {
	v := version{fields: map[string]string{"title": "t"}, files: []source.File{{Name: "n"}}}
	f.Add(v.encode(v.encodeBody()))
	f.Add([]byte{0, 0, 0, 1, 0, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := decodeVersion(b)
		if err != nil {
			return
		}
		again, err := decodeVersion(v.encode(v.encodeBody()))
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		if diff := cmp.Diff(v, again, cmp.AllowUnexported(version{})); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBuckets(t *testing.T) {
	for _, tt := range []struct {
		bucket     func(string) string
		value, way string
	}{
		{ageBucket, "", "empty"}, {ageBucket, "17", "0-17"}, {ageBucket, "18", "18-29"}, {ageBucket, "44岁", "30-44"}, {ageBucket, "74", "60-74"},
		{ageBucket, "75", "75+"}, {ageBucket, "131", "other"}, {ageBucket, "张三", "other"},
		{sexBucket, "男", "male"}, {sexBucket, " F ", "female"}, {sexBucket, "", "empty"}, {sexBucket, "x", "other"},
		{historyBucket, "否", "0"}, {historyBucket, "1次", "1"}, {historyBucket, "4", "2-4"}, {historyBucket, "5", "5+"},
		{historyBucket, "有", "some"}, {historyBucket, "曾到省里", "other"},
		{commentBucket, " ", "empty"}, {commentBucket, "好", "given"},
	} {
		if got := tt.bucket(tt.value); got != tt.way {
			t.Errorf("%q: %q, want %q", tt.value, got, tt.way)
		}
	}
}
