package static

import (
	"maps"
	"slices"

	"github.com/huiyin/huiyin/search"
)

// words is what the script has to know beside the documents: the file words.bin.
type words struct {
	From   string                       `json:"from"`   // characters, and
	To     string                       `json:"to"`     // what each of them is folded to
	Apart  string                       `json:"apart"`  // the inside of a class of characters that separate, see unknown
	Names  map[string]string            `json:"names"`  // the field that a name before a colon stands for, by its folded name
	Fields map[string][]search.Value    `json:"fields"` // the values of keywords, as in the vocabulary
	Say    map[string]map[string]string `json:"say"`    // sentences with parts in braces, by language and what they are for
}

func newWords(o Options) words {
	w := words{Apart: unknown(), Names: search.Operators(), Fields: map[string][]search.Value{}}
	w.From, w.To = folds()
	for field, values := range o.Vocabulary.Fields {
		if slices.Contains(o.Schema.Keyword, field) {
			w.Fields[field] = values
		}
	}
	zh, en := map[string]string{}, map[string]string{}
	for name, text := range sentences() {
		zh[name], en[name] = text.ZH, text.EN
	}
	w.Say = map[string]map[string]string{"zh": zh, "en": en}
	return w
}

// sentences are what the script says: of a query as package search does, with the
// same parts in braces, and of what it found.
func sentences() map[string]search.Label {
	all := search.Sentences()
	maps.Copy(all, map[string]search.Label{
		"found":    {ZH: "找到 {n} 件。", EN: "Cases found: {n}."},
		"most":     {ZH: "找到至多 {n} 件，较长的词句在显示时逐件核对。", EN: "Cases found: at most {n}. Longer words are checked case by case as they are shown."},
		"checked":  {ZH: "已核对 {n} 件。", EN: "Checked so far: {n}."},
		"nothing":  {ZH: "没有找到符合条件的诉求件。请减少词语、去掉引号，或换一个说法。", EN: "No case matches all of this. Use fewer words, leave out the quotation marks, or try another word."},
		"scope":    {ZH: "在全文公开的 {n} 件中查找。", EN: "Cases searched: {n}."},
		"asof":     {ZH: "统计截止 {n}。", EN: "Data as of {n}."},
		"bad":      {ZH: "搜索暂时无法使用，请稍后再试。", EN: "The search does not work at the moment. Please try again later."},
		"more":     {ZH: "显示更多", EN: "Show more"},
		"order":    {ZH: "排序", EN: "Order"},
		"order.":   {ZH: "标题优先", EN: "Title first"},
		"newest":   {ZH: "最新", EN: "Newest"},
		"oldest":   {ZH: "最早", EN: "Oldest"},
		"wait":     {ZH: "用时最长", EN: "Longest wait"},
		"replied":  {ZH: "答复 {n}", EN: "Replied {n}"},
		"received": {ZH: "收到 {n}", EN: "Received {n}"},
		"days":     {ZH: "用时 {n} 天", EN: "Days taken: {n}"},
		"open":     {ZH: "打开编号为 {n} 的诉求件", EN: "Open the case with the number {n}"},
		"untitled": {ZH: "（无标题）", EN: "(no title)"},
	})
	return all
}
