package static

import (
	"slices"
	"strconv"

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

// operators are the names that [search.Parse] takes for fields.
var operators = map[string][]string{
	search.FieldTitle: {"标题", "title"}, search.FieldQuestion: {"内容", "诉求内容", "来信", "question"},
	search.FieldReply: {"答复", "答覆", "答复内容", "回复", "回覆", "reply"}, search.FieldUnit: {"单位", "unit", "office"},
	search.FieldArea: {"地区", "区域", "area"}, search.FieldTopic: {"领域", "主题", "topic"}, search.FieldChannel: {"渠道", "channel"},
	search.FieldKind: {"类别", "诉求类别", "类型", "kind"}, search.FieldStatus: {"状态", "办理状态", "status"},
	search.FieldRating: {"评价", "满意度", "rating"}, search.FieldYear: {"年", "年份", "year"}, search.FieldMonth: {"月", "月份", "month"},
	"number": {"编号", "number"},
}

func newWords(o Options) words {
	w := words{Apart: unknown(), Names: map[string]string{}, Fields: map[string][]search.Value{}}
	w.From, w.To = folds()
	for field, names := range operators {
		for _, name := range names {
			w.Names[search.Fold(name)] = field
		}
	}
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

// sentences are what the script says. Those beginning with "field." are what
// fields are called; {w} is what was typed, {f} the name of a field, {n} a
// number and {l} a list of names.
func sentences() map[string]search.Label {
	most := func(n int) string { return strconv.Itoa(n) }
	all := map[string]search.Label{
		"found":    {ZH: "找到 {n} 件。", EN: "Cases found: {n}."},
		"most":     {ZH: "找到至多 {n} 件，较长的词句在显示时逐件核对。", EN: "Cases found: at most {n}. Longer words are checked case by case as they are shown."},
		"checked":  {ZH: "已核对 {n} 件。", EN: "Checked so far: {n}."},
		"nothing":  {ZH: "没有找到符合条件的诉求件。请减少词语、去掉引号，或换一个说法。", EN: "No case matches all of this. Use fewer words, leave out the quotation marks, or try another word."},
		"scope":    {ZH: "在全文公开的 {n} 件中查找。", EN: "Cases searched: {n}."},
		"asof":     {ZH: "数据截至 {n}。", EN: "Data as of {n}."},
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
		"comma":    {ZH: "、", EN: ", "},
		"others":   {ZH: "等", EN: " and others"},
		"untitled": {ZH: "（无标题）", EN: "(no title)"},

		"dropped":   {ZH: "“{w}”中没有文字或数字，未参加检索。", EN: "“{w}” holds no letter or digit and was left out."},
		"empty":     {ZH: "“{f}：”后面没有内容，未参加检索。", EN: "Nothing follows “{f}:”, and it was left out."},
		"no-number": {ZH: "“{w}”不是编号，编号形如 2611-004217。", EN: "“{w}” is no case number; those look like 2611-004217."},
		"one-field": {ZH: "已将全部检索词限定在{f}中。", EN: "All words are sought in the {f} only."},
		"unknown":   {ZH: "{f}中没有“{w}”，请改用列表中的名称。", EN: "There is no {f} “{w}”. Please use a name from the list."},
		"several":   {ZH: "{f}“{w}”对应 {n} 个：{l}，已全部包括。", EN: "“{w}” stands for {n} values of {f}, and all are included: {l}."},
		"no-terms":  {ZH: "检索词中没有文字或数字，请输入要查找的词。", EN: "The query holds no letter or digit. Please enter a word to look for."},
		"only-not":  {ZH: "只有要排除的词，请再输入一个要查找的词，或选择筛选条件。", EN: "The query only excludes words. Please add a word to look for, or choose a filter."},

		"exclude-filter":     {ZH: "筛选条件前不能加减号，减号只能用于检索词，请去掉。", EN: "A minus can exclude words but no filter. Please take it away."},
		"fields-mixed":       {ZH: "一次检索只能限定标题、内容、答复中的一项，请保留一项。", EN: "One search can look into only one of title, question and reply. Please keep one."},
		"month-without-year": {ZH: "月份请连同年份写，如 月:2026-11。", EN: "Please write the month with its year, like month:2026-11."},
		"query-too-long":     {ZH: "检索词最长 " + most(search.MaxRunes) + " 个字，请缩短。", EN: "A query has at most " + most(search.MaxRunes) + " characters. Please shorten it."},
		"too-many-words":     {ZH: "最多检索 " + most(search.MaxWords) + " 个词，请减少。", EN: "A query has at most " + most(search.MaxWords) + " words. Please take some away."},

		"field.number": {ZH: "编号", EN: "Number"},
	}
	for field := range operators {
		if field != "number" {
			all["field."+field] = search.FieldName(field)
		}
	}
	return all
}
