package gatetext

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// The kinds of datum that can be planted, under the names that the gate gives
// them.
const (
	Mobile     = "mobile"
	IDCard     = "id_card"
	OldIDCard  = "id_card_15" // found as IDCard
	BankCard   = "bank_card"
	Email      = "email"
	Plate      = "plate"
	Landline   = "landline"
	Passport   = "passport"
	Permit     = "permit"
	WeChat     = "wechat"
	QQ         = "qq"
	IP         = "ip"
	MAC        = "mac"
	Coordinate = "coordinate"
	URL        = "url"
	BirthDate  = "birth_date"
	Order      = "order"
	Person     = "person"
	Address    = "address"
)

// Spelt lists the kinds that are planted in every spelling.
func Spelt() []string { return []string{Mobile, IDCard, BankCard, Email, Plate} }

// Kinds lists every kind with a structure, which leaves names and addresses.
func Kinds() []string {
	return append(Spelt(), OldIDCard, Landline, Passport, Permit, WeChat, QQ, IP, MAC, Coordinate, URL, BirthDate, Order)
}

// Maker makes text. It is not safe for concurrent use.
type Maker struct{ r *rand.Rand }

// New returns a maker whose every answer follows from the seed.
func New(seed uint64) *Maker { return &Maker{rand.New(rand.NewPCG(seed, 20240607))} }

// one returns one of the words.
func (m *Maker) one(words ...string) string { return words[m.r.IntN(len(words))] }

// digits returns n random digits, the first not zero.
func (m *Maker) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0' + byte(m.r.IntN(10))
	}
	if b[0] == '0' {
		b[0] = '1' + byte(m.r.IntN(9))
	}
	return string(b)
}

// number returns a random number from lo to hi, both possible.
func (m *Maker) number(lo, hi int) int { return lo + m.r.IntN(hi-lo+1) }

// Secret returns a made-up datum in its plain spelling.
func (m *Maker) Secret(kind string) string {
	switch kind {
	case Mobile:
		return m.one("13", "15", "17", "18", "19", "14", "16") + m.tail(9)
	case IDCard:
		return m.idCard()
	case OldIDCard:
		return fmt.Sprintf("%s%02d%02d%02d%s", m.region(), m.number(30, 85), m.number(1, 12), m.number(1, 28), m.tail(3))
	case BankCard:
		return m.bankCard()
	case Email:
		return m.email()
	case Plate:
		return m.plate()
	case Landline:
		if m.r.IntN(2) == 0 {
			return m.one("010", "021", "023", "028", "029") + "-" + strconv.Itoa(m.number(2, 8)) + m.tail(7)
		}
		return m.one("0311", "0457", "0571", "0731", "0898", "0991") + "-" + strconv.Itoa(m.number(2, 8)) + m.tail(6)
	case Passport:
		return m.passport()
	case Permit:
		return m.permit()
	case WeChat:
		return m.one("wxid_", "abc", "happy", "zhao_", "love-", "sunny", "lily", "Tiger") + m.one("x", "q8", "zz", "k") + m.digits(m.number(3, 6))
	case QQ:
		return m.digits(m.number(6, 10))
	case IP:
		if m.r.IntN(4) == 0 {
			return fmt.Sprintf("240%d:%x:%x:%x::%x", m.number(8, 9), m.number(0x1000, 0xffff), m.number(0x100, 0xffff), m.number(0x1000, 0xffff), m.number(1, 0xffff))
		}
		return fmt.Sprintf("%d.%d.%d.%d", m.pick(36, 58, 101, 113, 117, 121, 123, 139, 175, 180, 211, 218, 222), m.number(0, 255), m.number(0, 255), m.number(1, 254))
	case MAC:
		glue := m.one(":", "-")
		mac := fmt.Sprintf("%02x", m.number(0, 255)&^1)
		for range 5 {
			mac += glue + fmt.Sprintf("%02x", m.number(0, 255))
		}
		if m.r.IntN(2) == 0 {
			mac = strings.ToUpper(mac)
		}
		return mac
	case Coordinate:
		return m.coordinate()
	case URL:
		return m.url()
	case BirthDate:
		y, mo, d := m.number(1935, 2019), m.number(1, 12), m.number(1, 28)
		return fmt.Sprintf(m.one("%d年%d月%d日", "%d-%02d-%02d", "%d.%d.%d", "%d/%d/%d", "%d年%02d月%02d日"), y, mo, d)
	case Order:
		return m.one("", "", "", "SF", "JD", "YT", "E") + m.digits(m.number(12, 18))
	case Person:
		return m.Person()
	case Address:
		forms := addressForms()
		return forms[m.r.IntN(len(forms))](m)
	}
	panic("gatetext: no such kind: " + kind)
}

// pick returns one of the numbers.
func (m *Maker) pick(list ...int) int { return list[m.r.IntN(len(list))] }

// passport has one letter and eight digits, or two letters and seven.
func (m *Maker) passport() string {
	if m.r.IntN(2) == 0 {
		return m.one("E", "G", "P", "S") + m.tail(8)
	}
	return m.one("EA", "EB", "EC", "ED", "EH", "EJ", "PE", "SE", "DE") + m.tail(7)
}

// permit is a travel permit of Hong Kong, Macao and Taiwan residents or to them,
// or a residence permit, which is written like an identity card.
func (m *Maker) permit() string {
	switch m.r.IntN(5) {
	case 0:
		return m.one("H", "M") + m.tail(8)
	case 1:
		return m.one("H", "M") + m.tail(10)
	case 2:
		return m.digits(8)
	case 3:
		return m.one("C", "W", "T") + m.tail(8)
	}
	return m.one("810000", "820000", "830000") + m.idCard()[6:]
}

// coordinate has at least four decimals: eleven metres.
func (m *Maker) coordinate() string {
	east := fmt.Sprintf("%d.%s", m.number(75, 134), m.tail(m.number(4, 8)))
	north := fmt.Sprintf("%d.%s", m.number(20, 50), m.tail(m.number(4, 8)))
	switch m.r.IntN(5) {
	case 0:
		return "东经" + east + "，北纬" + north
	case 1:
		return "东经" + east + "°，北纬" + north + "°"
	case 2:
		return north + "," + east
	case 3:
		return "E" + east + " N" + north
	}
	return east + "," + north
}

// url is an address with something personal in it, which begins at the mark.
func (m *Maker) url() string {
	switch m.r.IntN(6) {
	case 0:
		return "https://weibo.com/u/|" + m.digits(10)
	case 1:
		return "https://space.bilibili.com/|" + m.digits(m.number(7, 9))
	case 2:
		return "https://user.qzone.qq.com/|" + m.digits(m.number(8, 10))
	case 3:
		return "http://www.example.com/query?type=2&mobile=|" + m.Secret(Mobile)
	case 4:
		return "https://bs.example.cn/detail?idcard=|" + m.idCard()
	}
	return "https://www.example.net/user/login?uid=|" + m.digits(8) + "&token=" + m.digits(9) + m.one("af3c", "9be0", "d71c") + m.tail(9)
}

// tail returns n random digits.
func (m *Maker) tail(n int) string { return m.digits(n + 1)[1:] }

func (m *Maker) region() string {
	return m.one("1101", "1302", "2101", "3205", "3302", "3501", "3702", "4101", "4403", "5001", "5101", "5226", "6101", "6501") +
		fmt.Sprintf("%02d", m.number(1, 29))
}

// idCard has a right check character three times out of four: people mistype.
func (m *Maker) idCard() string {
	d := fmt.Sprintf("%s%d%02d%02d%s", m.region(), m.number(1938, 2016), m.number(1, 12), m.number(1, 28), m.tail(3))
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(d[i]-'0') * w
	}
	check := "10X98765432"[sum%11]
	if m.r.IntN(4) == 0 {
		check = '0' + byte(m.r.IntN(10))
	}
	return d + string(check)
}

func (m *Maker) bankCard() string {
	d := m.one("621700", "622848", "622202", "621226", "623668", "621799") + m.tail(12)
	if m.r.IntN(3) == 0 {
		d = m.one("622588", "622150", "625960", "402674", "518710") + m.tail(9)
	}
	for c := byte('0'); c <= '9'; c++ {
		sum := 0
		full := d + string(c)
		for i := range len(full) {
			v := int(full[len(full)-1-i] - '0')
			if i%2 == 1 {
				v = v*2%10 + v*2/10
			}
			sum += v
		}
		if sum%10 == 0 {
			return full
		}
	}
	return d
}

func (m *Maker) email() string {
	name := m.one("liuyang", "happy.day", "zhao_min", "xiaoyu", "sunny", "wangwei", "cd.fan", "bluesky", "jzhou", "meimei") +
		m.one("", "88", "1990", "0421", "_x", "7")
	if m.r.IntN(3) == 0 {
		return m.digits(m.number(6, 10)) + "@qq.com"
	}
	return name + "@" + m.one("qq.com", "163.com", "gmail.com", "mail.hengda-trade.cn", "post.example.net", "xinxin.com.cn")
}

func (m *Maker) plate() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	letter := func() string { return string(letters[m.r.IntN(len(letters))]) }
	head := m.one("京", "沪", "粤", "川", "鄂", "鲁", "浙", "苏", "渝", "贵", "云", "桂", "蒙", "新", "闽") + string(letters[m.r.IntN(8)])
	switch m.r.IntN(4) {
	case 0:
		return head + m.one("D", "F") + m.tail(5)
	case 1:
		return head + letter() + m.tail(4)
	case 2:
		return head + m.tail(2) + letter() + m.tail(2)
	}
	return head + m.tail(5)
}
