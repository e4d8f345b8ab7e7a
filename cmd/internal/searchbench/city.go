package main

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/search"
)

// city makes up cases of about 650 characters, the same for the same seed. Words
// have two to four characters and are drawn by Zipf's law, as are units and
// topics; between them stand turns that many letters share. That puts words side
// by side that nobody would, so that there are more different pairs of
// characters than in real letters, and makes some quotations very common.
type city struct {
	rand  *rand.Rand
	words []string
	zipf  *rand.Zipf
	units *rand.Zipf
	small *rand.Zipf
}

var turns = []string{
	"严重影响了我们的正常生活", "希望有关部门尽快解决", "您反映的问题已收悉", "经核实", "现将有关情况回复如下", "感谢您的理解与支持",
	"我单位高度重视", "如有疑问请拨打12345热线", "下一步将加强监管", "已责令其限期整改",
}

// newCity returns the city of a seed. Draws with different streams differ, its
// words do not.
func newCity(seed, stream uint64) *city {
	r := rand.New(rand.NewPCG(seed, 0))
	c := &city{}
	chars := rand.NewZipf(r, 1.05, 20, 3499)
	for range 60_000 {
		var b strings.Builder
		for range []int{2, 2, 2, 3, 4}[r.IntN(5)] {
			b.WriteRune(rune(0x4e00 + int(chars.Uint64())*5))
		}
		c.words = append(c.words, b.String())
	}
	c.rand = rand.New(rand.NewPCG(seed, stream+1))
	c.zipf = rand.NewZipf(c.rand, 1.07, 1, 59_999)
	c.units = rand.NewZipf(c.rand, 1.2, 3, 929)
	c.small = rand.NewZipf(c.rand, 1.1, 1, 45)
	return c
}

func (c *city) word() string { return c.words[c.zipf.Uint64()] }

// commonest is how many words are asked for in a class of their own. Few people
// look for what every letter says.
const commonest = 50

// asked returns a word that is not one of the commonest.
func (c *city) asked() string {
	for {
		if i := c.zipf.Uint64(); i >= commonest {
			return c.words[i]
		}
	}
}

// askedOf returns such a word of n characters.
func (c *city) askedOf(n int) string {
	for {
		if w := c.asked(); len(w) == 3*n {
			return w
		}
	}
}

func (c *city) text(runes int) string {
	var b strings.Builder
	n := 0
	for n < runes {
		var s string
		switch c.rand.IntN(24) {
		case 0, 1:
			s = "，"
		case 2:
			s = "。"
		case 3:
			s = turns[c.rand.IntN(len(turns))]
		default:
			s = c.word()
		}
		b.WriteString(s)
		n += len(s) / 3
	}
	return b.String()
}

// sampled is the type of the cases that are compared with a plain scan.
const sampled = "sample"

// doc makes up case i, from the next draws.
func (c *city) doc(i int, compared bool) search.Doc {
	month := c.small.Uint64()
	received := 20230101 + int64(month/12)*10000 + int64(month%12)*100 + int64(c.rand.IntN(28))
	d := search.Doc{
		ID: fmt.Sprintf("%04d-%06d", 2300+i/100_000, i%100_000), Seq: int64(i) + 1,
		Text: map[string]string{search.FieldTitle: c.text(18), search.FieldQuestion: c.text(250), search.FieldReply: c.text(380)},
		Keyword: map[string]string{
			search.FieldType: search.TypeCase, search.FieldUnit: fmt.Sprintf("u%03d", c.units.Uint64()),
			search.FieldArea: fmt.Sprintf("a%03d", c.units.Uint64()%183), search.FieldTopic: fmt.Sprintf("t%02d", c.small.Uint64()%16),
			search.FieldChannel: fmt.Sprintf("c%d", c.small.Uint64()%6), search.FieldKind: fmt.Sprintf("k%d", c.small.Uint64()%5),
			search.FieldStatus: "replied", search.FieldRating: fmt.Sprintf("%d/5", 1+c.rand.IntN(5)),
			search.FieldYear: strconv.Itoa(int(received / 10000)), search.FieldMonth: fmt.Sprintf("%d-%02d", received/10000, received/100%100),
		},
		Number: map[string]int64{
			search.FieldReceived: received, search.FieldReplied: received + int64(c.rand.IntN(3)), search.FieldDays: int64(c.rand.IntN(40)),
		},
	}
	if compared {
		d.Keyword[search.FieldType] = sampled
	}
	return d
}

// inSample says whether case i of n is one of those that are compared with a
// plain scan: a thousand at most, spread over all.
func inSample(i, n int) bool { return i%max(10, n/1000) == 0 }

// docs makes up all cases.
func (c *city) docs(n int) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for i := range n {
			if !yield(c.doc(i, inSample(i, n)), nil) {
				return
			}
		}
	}
}
