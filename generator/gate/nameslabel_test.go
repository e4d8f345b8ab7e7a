package gate

import "testing"

// TestLabelledWords marks names that are words too where only a name can stand.
func TestLabelledWords(t *testing.T) {
	n := newNames()
	for _, want := range []string{
		"联系人：【平安】 13800138000",
		"联系人：【凌云】，反映停水。",
		"联系人：【高山】",
		"联系人：单位",
		"联系人：物业",
		"联系人：本人",
		"联系人：社区",
		"联系人：管理人员",
		"联系人：经理，电话见附件",
		"负责人：项目部，已整改。",
		"业主：平安小区二期，停水。",
	} {
		if got := namesIn(t, n, plain(want), 30); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}
