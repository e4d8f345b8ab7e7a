package gate_test

import "testing"

// TestOddlySpaced shows mobile numbers with blanks at odd places, and rows of numbers that
// are none.
func TestOddlySpaced(t *testing.T) {
	spots(t, []spot{
		{"路灯坏了，138 0013 8 000", "mobile=138 0013 8 000"},
		{"路灯坏了，1 3 8 00138000", "mobile=1 3 8 00138000"},
		{"路灯坏了，1380 0138 0 00", "mobile=1380 0138 0 00"},
		{"路灯坏了，139 12 34 5 678。", "mobile=139 12 34 5 678"},
		{"手机139 12 34 5 678", "mobile=139 12 34 5 678"},
		{"  1700000000 0\n\n", "mobile=1700000000 0"},
		{"村里 1700000000 0", ""},
		{"张家村 13 25 8 120 345", ""},
		{"价格分别为13 25 8 120 345元", ""},
		{"2024 03 05 139", ""},
		{"价格 138 12 34 5 678 999 12", ""},
		{"第1行：13 58 12 345 67\n第2行：15 22 12 345 67", ""},
	})
}

// TestMisread shows telephone numbers in which letters stand for digits.
func TestMisread(t *testing.T) {
	spots(t, []spot{
		{"联系电话：0797-88223S6", "landline=0797-88223S6"},
		{"电话0797-8B2231Z。", "landline=0797-8B2231Z"},
		{"手机：138OO1S8000", "mobile=138OO1S8000"},
		{"热线12345ABCDE", ""},
		{"手机：256GB", ""},
	})
}

// TestToldCards shows identity numbers that are told in parts.
func TestToldCards(t *testing.T) {
	spots(t, []spot{
		{"身份证360721 1975年04月21日 8219", "id_card=360721 1975年04月21日 8219"},
		{"身份证号：360721，1975年4月21日，821X。", "id_card=360721，1975年4月21日，821X"},
		{"身份证前六位360721，出生日期1975年4月21日，后四位8219", "id_card=8219"},
		{"身份证后六位218219", "id_card=218219"},
		{"1975年4月21日生，身份证后四位8219", "id_card=8219"},
		{"身份证后四位8219", ""},
		{"身份证办理，360721号文，1975年04月21日第8215期", ""},
	})
}

// TestPlatesWithoutProvince shows plates without the character of a province.
func TestPlatesWithoutProvince(t *testing.T) {
	spots(t, []spot{
		{"车牌号BD57T9", "plate=BD57T9"},
		{"车牌江西BD57T9乱停", "plate=BD57T9"},
		{"车牌号为：BD57T9", "plate=BD57T9"},
		{"号牌AD12345", "plate=AD12345"},
		{"品牌BD57T9", ""},
		{"车牌识别系统V2", ""},
	})
}
