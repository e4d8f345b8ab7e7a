package similar

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// shingles returns the shingles of a text.
func shingles(text string) map[string]bool {
	m := map[string]bool{}
	runes := []rune(Normal(text))
	for i := 0; i+shingle <= len(runes); i++ {
		m[string(runes[i:i+shingle])] = true
	}
	return m
}

// inCommon returns how many shingles two texts have both, of how many.
func inCommon(x, y map[string]bool) (both, any int) {
	for s := range x {
		if y[s] {
			both++
		}
	}
	return both, len(x) + len(y) - both
}

func exact(a, b string) (both, any int) { return inCommon(shingles(a), shingles(b)) }

// percent returns num of den in percent.
func percent(num, den int) float64 { return 100 * float64(num) / float64(den) }

// estimate returns the similarity in percent, as the signatures have it.
func estimate(a, b string) float64 {
	x, y := Of(a), Of(b)
	l := Likeness(&x, &y)
	return percent(int(l.Num), int(l.Den))
}

const lampReply = "市民您好，您反映的路灯不亮的问题已收悉。经城市照明处现场核实，系电缆老化所致，现已更换电缆并恢复照明。感谢您对城市管理工作的关心和支持！"

func TestLikeness(t *testing.T) {
	for _, test := range []struct {
		name, a, b string
		both, any  int
	}{
		{"the same", lampReply, lampReply, 58, 58},
		{"other width and punctuation", lampReply, "市民您好!您反映的 路灯不亮 的问题,已收悉.经城市照明处现场核实:系电缆老化所致,现已更换电缆,并恢复照明.\n感谢您对城市管理工作的关心和支持!", 58, 58},
		{"a slot", lampReply, "市民您好，您反映的井盖松动的问题已收悉。经城市照明处现场核实，系电缆老化所致，现已更换电缆并恢复照明。感谢您对城市管理工作的关心和支持！", 50, 66},
		{"phrases in common", lampReply, "市民您好，您反映的小区停车难的问题已收悉。经街道办事处协调，物业将在北门增设车位四十个，预计十月底前完工。感谢您对城市管理工作的关心和支持！", 19, 99},
		{"another text", lampReply, "您申请的公租房租赁补贴已于九月二十日审核通过，补贴资金将由财政局按季度发放到您登记的银行账户，请注意查收。", 0, 104},
		{"numbers and a mask", "您于2026年9月1日提交的第202609010015号申请已受理，经办人张某某，将在15个工作日内办结，逾期请拨打12345查询。",
			"您于2025年12月31日提交的第8号申请已受理，经办人张***，将在5个工作日内办结，逾期请拨打 012-3456789 查询。", 37, 37},
		{"English", "The Roads Office inspected the pothole on this street and repaired it on 3 May.", "The Roads Office inspected the pothole on this street and repaired it on 12 June.", 57, 64},
	} {
		both, any := exact(test.a, test.b)
		if both != test.both || any != test.any {
			t.Errorf("%s: %d of %d shingles, want %d of %d", test.name, both, any, test.both, test.any)
		}
		if got, want := estimate(test.a, test.b), percent(both, any); math.Abs(got-want) > 8 || both == any && got != want {
			t.Errorf("%s: similar by %.1f %%, want %.1f %%", test.name, got, want)
		}
	}
}

// han returns n characters that mean nothing.
func han(r *rand.Rand, n int) string {
	runes := make([]rune, n)
	for i := range runes {
		runes[i] = rune(0x4e00 + r.IntN(6000))
	}
	return string(runes)
}

// TestEstimate holds the error that the package comment states against exact
// similarities, for texts of many lengths.
func TestEstimate(t *testing.T) {
	const tries = 200
	for _, length := range []int{MinShingles + 4, 20, 50, 100, 300, 2000} {
		r := rand.New(rand.NewPCG(uint64(length), 1))
		for _, share := range []int{0, 20, 50, 80, 90, 95} {
			var sum, squares, expected float64
			for range tries {
				own := length * (100 - share) / (100 + share)
				common := han(r, length-own)
				a, b := common+han(r, own), common+han(r, own)
				both, any := exact(a, b)
				off := estimate(a, b) - percent(both, any)
				sum, squares = sum+off, squares+off*off
				p := percent(both, any) / 100
				expected += p * (1 - p) / bins
			}
			bias, spread := sum/tries, math.Sqrt(squares/tries)
			most := max(100*math.Sqrt(expected/tries)*1.5, 0.7) // the borrowing of short texts adds up to a half
			if math.Abs(bias) > 0.6 || spread > most {
				t.Errorf("texts of %d characters, %d %% alike: off by %.2f with a bias of %.2f, want %.2f at most", length, share, spread, bias, most)
			}
		}
	}
}

func TestTooShort(t *testing.T) {
	for _, test := range []struct {
		text  string
		short bool
	}{
		{"", true},
		{"已办结。", true},
		{"您好，您反映的问题已收悉。", true},
		{"一二三四五六七八九十百千万亿兆", true},
		{"一二三四五六七八九十百千万亿兆。！！！", true},
		{"一二三四五六七八九十百千万亿兆京", false},
		{"2026-09-01 2026-09-02 2026-09-03 2026-09-04", true}, // one number to the end
		{strings.Repeat("。", 1000), true},
		{strings.Repeat("哈", 1000), false},
	} {
		s := Of(test.text)
		if s.TooShort() != test.short {
			t.Errorf("%.60q is too short: %v", test.text, s.TooShort())
		}
		if l := Likeness(&s, &s); (l.Den == 0) != test.short || l.Num != l.Den {
			t.Errorf("%.60q is like itself by %d of %d", test.text, l.Num, l.Den)
		}
	}
}

// likeness stops early, and otherwise counts bytes as one would.
func TestLikenessCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		var a, b Signature
		alike := r.IntN(101)
		want := -1
		for i := range bins {
			x, y := byte(r.IntN(256)), byte(r.IntN(256))
			if r.IntN(100) < alike {
				y = x
			}
			if x == y {
				want++
			}
			a.w[i/8] |= uint64(x) << (i % 8 * 8)
			b.w[i/8] |= uint64(y) << (i % 8 * 8)
		}
		least := r.IntN(bins)
		if got := likeness(&a, &b, least); got != want && (got >= least || want >= least) {
			t.Fatalf("%d of 255, want %d (at least %d)", got, want, least)
		}
		if got := Likeness(&a, &b); got.Num != int64(max(want, 0)) || got.Den != bins-1 {
			t.Fatalf("%d of %d, want %d", got.Num, got.Den, want)
		}
	}
}

// A signature is kept for ever. When this fails, [Version] has to count up.
func TestSignatureIsFrozen(t *testing.T) {
	for text, want := range map[string]string{
		lampReply: "fa5d9bd7fb6b3dfb",
		"The Roads Office inspected the pothole on this street and repaired it.": "5722688f1de82452",
		strings.Repeat(lampReply, 50):                                            "444dfad23064bce3",
		"已办结。":                                                                   "4bf5122f344554c5",
	} {
		b, err := Of(text).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		if got := hex.EncodeToString(sum[:8]); got != want {
			t.Errorf("the signature of %.30q has the hash %s, want %s", text, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	long, _ := Of(lampReply).MarshalBinary()
	short, _ := Of("已办结。").MarshalBinary()
	other := bytes.Clone(long)
	other[0]++
	for _, test := range []struct {
		name string
		b    []byte
		want string // of the error
	}{
		{"a signature", long, ""},
		{"of a text that is too short", short, ""},
		{"nothing", nil, "signature is empty"},
		{"of another version", other, "signature is of another version"},
		{"cut off", long[:len(long)-1], "signature has a wrong length"},
		{"with more behind it", append(bytes.Clone(long), 0), "signature has a wrong length"},
		{"two bytes", []byte{Version, 0}, "signature has a wrong length"},
		{"all zero", append([]byte{Version}, make([]byte, bins)...), "signature is all zero"},
	} {
		s, err := Parse(test.b)
		if test.want != "" {
			if err == nil || err.Error() != test.want || s != (Signature{}) {
				t.Errorf("%s: %v, want %s", test.name, err, test.want)
			}
			continue
		}
		if again, _ := s.MarshalBinary(); err != nil || !bytes.Equal(again, test.b) {
			t.Errorf("%s: written as % x after reading % x (%v)", test.name, again, test.b, err)
		}
	}
	if len(short) != 1 || len(long) != 257 {
		t.Errorf("%d and %d bytes, want 1 and 257", len(short), len(long))
	}
}

func TestOfAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Of(lampReply) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParse(f *testing.F) {
	long, _ := Of(lampReply).MarshalBinary()
	f.Add(long)
	f.Add([]byte{Version})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse(b)
		if err != nil {
			if s != (Signature{}) {
				t.Error("an error and a signature")
			}
			return
		}
		if again, err := s.MarshalBinary(); err != nil || !bytes.Equal(again, b) {
			t.Errorf("written as % x after reading % x", again, b)
		}
	})
}

func FuzzSignature(f *testing.F) {
	f.Add(lampReply)
	f.Add("某某某x\xffXX①①１１")
	f.Add(strings.Repeat("\xe4\xb8", 40))
	f.Fuzz(func(t *testing.T, text string) {
		s := Of(text)
		if s != Of(text+"。") || s != Of(" "+text) {
			t.Errorf("%q and a full stop have another signature", text)
		}
		if n := len([]rune(Normal(text))); s.TooShort() != (n < MinShingles+shingle-1) {
			t.Errorf("%q has %d characters, too short: %v", text, n, s.TooShort())
		}
		// The shingles of a text said twice are those of it and of the seam.
		both, any := exact(text, text+text)
		if !s.TooShort() && percent(both, any) > 90 && estimate(text, text+text) < 60 {
			t.Errorf("%q is like itself said twice by %v only", text, estimate(text, text+text))
		}
		b, _ := s.MarshalBinary()
		if again, err := Parse(b); err != nil || again != s {
			t.Errorf("%q: %v", text, err)
		}
	})
}
