package gate_test

import "testing"

// TestAbroad shows numbers with the codes of other countries and of Hong Kong, Macao and
// Taiwan.
func TestAbroad(t *testing.T) {
	spots(t, []spot{
		{"电话+853 6612 3456", "mobile=853 6612 3456"},
		{"打+44 7911 123456", "mobile=44 7911 123456"},
		{"+81-90-1234-5678", "mobile=81-90-1234-5678"},
		{"电话：+886 912 345 678", "mobile=886 912 345 678"},
		{"电话00852-91234567", "mobile=852-91234567"},
		{"电话0081 90 1234 5678", "mobile=81 90 1234 5678"},
		{"电话(852)9123 4567", "mobile=(852)9123 4567"},
		// nobody's
		{"温度+25 +26 +27 +28 +29", ""},
		{"增长+20230518元，A+123456789", ""},
		{"电话852路公交，(852)号文件", ""},
		{"编号0081 90 1234 5678", ""},
	})
}
