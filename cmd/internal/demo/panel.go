package demo

// Panel are the categories of the made-up panel that judges a sample of cases, each
// with the number of its members.
var Panel = []string{"居民=6", "人大代表=2", "媒体=2"}

// PanelBody is the body whose panel it is, and PanelMethod how it assesses.
const (
	PanelBody   = "云澜市群众诉求评估中心（虚构）"
	PanelMethod = "按公布的方法抽取诉求件，由居民、人大代表和媒体代表评审答复"
)

// Rubric is by what the panel judges.
const Rubric = `云澜市群众诉求答复质量评估细则（虚构）
每件由各类评估员依答复全文打1至5分：
5 问题说清、办法具体、时限明确，可以据此核对
4 问题说清、办法具体
3 回应了主要问题
2 只说已转办或正在研究
1 答非所问，或没有实质内容
`

// Judge is who says, in the made-up office, what replies have promised.
const Judge = "督查科（虚构）"
