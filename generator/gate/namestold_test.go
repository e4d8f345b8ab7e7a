package gate

import "testing"

// TestToldNames marks names whose surname and given name are told apart.
func TestToldNames(t *testing.T) {
	n := newNames()
	for _, want := range []string{
		"我姓【陈，名德旺】，家里停水三天。",
		"我姓【陈叫德旺】。",
		"本人姓【陈 名叫德旺】",
		"他姓【欧阳，单名一个锋】。",
		"我姓陈，叫我去办手续的是社区。",
		"我姓陈，名下有两套房。",
		"百姓陈述了情况，名称有误。",
		"姓陈名下",
	} {
		if got := namesIn(t, n, plain(want), 60); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}
