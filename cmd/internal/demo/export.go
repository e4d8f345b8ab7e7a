package demo

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/huiyin/huiyin/generator/record"
)

// The words that the three systems use for the same things. The mapping leads
// back from them.
var (
	kindWords = map[string]string{"consult": "咨询", "suggest": "建议", "help": "求助", "complain": "投诉", "report": "举报", "thank": "表扬",
		"correction": "纠错", "accusation": "检举控告"}
	statusWords = map[string]string{"pending": "待受理", "handling": "办理中", "replied": "已答复", "closed": "已办结", "declined": "不予受理",
		"merged": "已并单", "gone": "撤下公开"}
	statusCodes = map[string]string{"pending": "10", "handling": "20", "replied": "30", "closed": "40", "declined": "50", "merged": "60", "gone": "90"}
	ratingWords = []string{"", "非常不满意", "不满意", "基本满意", "满意", "非常满意"}
	stars       = []string{"", "★", "★★", "★★★", "★★★★", "★★★★★"}
	sourceWords = map[string]string{"citizen": "主动评价", "call-back": "电话回访", "message": "短信评价"}
	goneWords   = map[string]string{"privacy": "涉及个人隐私", "third-party": "涉及第三方权益", "duplicate": "重复公开", "error": "内容有误"}
	resultWords = map[string]string{"supported": "支持", "explained": "解释说明", "not-supported": "不支持", "adopted": "采纳", "not-adopted": "未采纳"}
	yesNo       = []string{"", "否", "是"}
)

func (v *row) kind() string {
	if v.m.accuses {
		return "accusation"
	}
	return v.m.kind
}

func (v *row) outcome() string {
	if v.replied == 0 || v.status == "declined" {
		return ""
	}
	return v.m.outcome
}

// hotlineHeader are the columns of the daily CSV of the hotline.
var hotlineHeader = []string{"工单编号", "来源渠道", "诉求类别", "受理时间", "派单时间", "办理期限", "区划代码", "所属区县", "承办单位",
	"诉求分类", "标题", "诉求内容", "工单状态", "首次响应时间", "答复时间", "答复内容", "办结时间", "办理结果", "满意度", "评价方式", "是否公开",
	"重复工单号", "并入工单号", "重办次数", "撤下原因", "确认解决时间",
	"初派单位", "初派时间", "退单时间", "退单原因", "协办单位", "被投诉单位", "是否现场办理", "督办单位", "督办时间", "督办要求", "诉求来源"}

func (w *writer) hotlineCells(v *row) []string {
	m := v.m
	p := &w.city.places[m.place]
	const layout = "2006-01-02 15:04:05"
	if v.status == "gone" {
		cells := make([]string, len(hotlineHeader))
		cells[0], cells[12], cells[24] = v.key, statusWords["gone"], goneWords[m.goneWhy]
		return cells
	}
	reopened := ""
	if v.reopened > 0 {
		reopened = strconv.Itoa(int(v.reopened))
	}
	supervisedBy, supervisedOn, supervisedFor := "", "", ""
	if v.supervised {
		supervisedBy, supervisedOn, supervisedFor = w.city.byID[supervisor].name, m.supervised.String(), hurry
	}
	return []string{
		v.key, channels[m.channel].name, kindWords[v.kind()], format(m.received, layout), format(v.dispatched, layout), format(w.due(m), layout),
		p.code, p.district.name, w.unitName(m), w.bank.topics[m.topic].name, v.title, v.question, statusWords[v.status],
		format(v.response, layout), format(v.replied, layout), v.reply, format(v.closed, layout), resultWords[v.outcome()],
		ratingWords[v.rating], v.ratedBy(), yesNo[m.consent], w.other(m.repeats), w.other(m.merged), reopened, "", format(v.resolved, layout),
		w.named(m.wrong), format(v.sent, layout), format(v.sentBack, layout), v.returnWhy(), w.named(m.with), w.named(m.against), v.onSite(),
		supervisedBy, supervisedOn, supervisedFor, originOf(m),
	}
}

// originOf says how the hotline took the matter up: now and then it found it in what is
// said of the city on the network.
func originOf(m *message) string {
	switch {
	case channels[m.channel].id != "hotline":
		return "网上诉求"
	case m.n%40 == 7:
		return "网络舆情"
	}
	return "来电"
}

// named returns the name of a unit, given as its position plus one.
func (w *writer) named(n int16) string {
	if n == 0 {
		return ""
	}
	return w.city.units[n-1].name
}

func (v *row) returnWhy() string {
	if v.sentBack == 0 {
		return ""
	}
	return returnWords[v.m.returnWhy]
}

// onSite says whether somebody went there, once there is an answer.
func (v *row) onSite() string {
	if v.replied == 0 {
		return ""
	}
	return yesNo[v.m.onSite]
}

func (v *row) ratedBy() string {
	if v.rating == 0 {
		return ""
	}
	return sourceWords[ratedBy[v.m.ratedBy]]
}

// unitName returns the unit as the office happens to write it: in full, short,
// or without the city's name.
func (w *writer) unitName(m *message) string {
	u := &w.city.units[m.unit]
	switch {
	case m.n%7 == 3:
		return u.short
	case m.n%7 == 5 && u.aliases != "":
		return u.aliases
	}
	return u.name
}

// other returns the key of another message, given as its number plus one.
func (w *writer) other(n int32) string {
	if n == 0 {
		return ""
	}
	return w.key(&w.messages[n-1])
}

func format(s stamp, layout string) string {
	if s == 0 {
		return ""
	}
	return s.time().Format(layout)
}

func chineseDay(d record.Day) string {
	t := d.Time()
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

// report is the word for the export of day d, which holds a day or a month.
func (w *writer) report(d record.Day) string {
	if w.exported(d-1) == d {
		return "月报"
	}
	return "日报"
}

// writeHotline writes the CSV: GB18030, a title row, a closing row.
func (w *writer) writeHotline(out io.Writer, d record.Day, rows []row, broken [][]string) error {
	enc := simplifiedchinese.GB18030.NewEncoder().Writer(out)
	c := csv.NewWriter(enc)
	c.UseCRLF = true
	title := make([]string, len(hotlineHeader))
	title[0] = cityName + "政务服务便民热线工单" + w.report(d) + "（" + chineseDay(d) + "）"
	c.Write(title)
	c.Write(hotlineHeader)
	for i := range rows {
		c.Write(w.hotlineCells(&rows[i]))
	}
	for _, b := range broken {
		c.Write(b)
	}
	foot := make([]string, len(hotlineHeader))
	foot[0], foot[1] = fmt.Sprintf("合计：%d件", len(rows)+len(broken)), "制表人：热线运行科"
	c.Write(foot)
	c.Flush()
	return c.Error()
}

// mailboxHeader are the columns of the workbook of the mailboxes.
var mailboxHeader = []string{"信件编号", "信箱名称", "来信类型", "来信时间", "转办时间", "办理时限", "地区代码", "承办部门", "所属领域", "信件标题",
	"信件内容", "办理状态", "首次联系时间", "回复时间", "回复内容", "办结时间", "满意度", "是否同意公开", "重复信件编号", "并入信件编号", "撤下原因", "处理结果", "评价方式", "确认解决时间",
	"领导包案类别"}

// writeMailbox writes a workbook with a merged title, times in Chinese and
// dates as Excel keeps them.
func (w *writer) writeMailbox(out io.Writer, d record.Day, rows []row) error {
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "信件办理情况"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	at := d.Time().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Creator: cityName + "信箱办理系统", Created: at, Modified: at}); err != nil {
		return err
	}
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(mailboxHeader), 1)
	if err != nil {
		return err
	}
	set := func(n int, cells ...any) {
		if err == nil {
			err = s.SetRow("A"+strconv.Itoa(n), cells)
		}
	}
	set(1, cityName+"书记市长信箱信件办理情况表（"+chineseDay(d)+"）")
	header := make([]any, len(mailboxHeader))
	for i, h := range mailboxHeader {
		header[i] = h
	}
	if len(rows) == 0 { // said in words, without a table
		set(2, chineseDay(d)+"无新增信件，无办理结果更新。")
	} else {
		if err == nil {
			err = s.MergeCell("A1", last)
		}
		set(2, header...)
		for i := range rows {
			set(i+3, w.mailboxCells(&rows[i], date)...)
		}
		set(len(rows)+3, "注：本表由信箱办理系统自动生成。")
	}
	if err != nil {
		return err
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}

func (w *writer) mailboxCells(v *row, date int) []any {
	m := v.m
	const layout = "2006年1月2日 15:04"
	if v.status == "gone" {
		cells := make([]any, len(mailboxHeader))
		cells[0], cells[11], cells[20] = v.key, statusWords["gone"], goneWords[m.goneWhy]
		return cells
	}
	serial := int(m.due.day()) + 1 // Excel believes in 29 February 1900
	leader := ""
	if m.leader > 0 {
		leader = leaderWords[m.leader-1]
	}
	return []any{
		v.key, channels[m.channel].name, kindWords[v.kind()], format(m.received, layout), format(v.dispatched, layout), excelize.Cell{StyleID: date, Value: serial},
		w.city.places[m.place].code, w.unitName(m), w.bank.topics[m.topic].name, v.title, v.question, statusWords[v.status],
		format(v.response, layout), format(v.replied, layout), v.reply, format(v.closed, layout), stars[v.rating],
		[]string{"", "不同意", "同意"}[m.consent], w.other(m.repeats), w.other(m.merged), "",
		resultWords[v.outcome()], v.ratedBy(), format(v.resolved, layout), leader,
	}
}

// line is one line of the portal's JSON Lines, with the abbreviations of pinyin
// that such a system has for its columns.
type line struct {
	Number   string `json:"xjbh"`
	Channel  string `json:"qd,omitempty"`
	Kind     string `json:"lx,omitempty"`
	Received string `json:"tjsj,omitempty"`
	Sent     string `json:"zbsj,omitempty"`
	Due      string `json:"blqx,omitempty"`
	Area     string `json:"qhdm,omitempty"`
	Unit     string `json:"bmbm,omitempty"`
	Topic    string `json:"flbm,omitempty"`
	Title    string `json:"bt,omitempty"`
	Question string `json:"nr,omitempty"`
	Status   string `json:"zt"`
	Response string `json:"xysj,omitempty"`
	Replied  string `json:"hfsj,omitempty"`
	Reply    string `json:"hfnr,omitempty"`
	Closed   string `json:"bjsj,omitempty"`
	Rating   int8   `json:"pj,omitempty"`
	RatedBy  string `json:"pjfs,omitempty"`
	Consent  *bool  `json:"gk"`
	Repeats  string `json:"cf,omitempty"`
	Merged   string `json:"bd,omitempty"`
	Reopened uint8  `json:"cb,omitempty"`
	Reason   string `json:"cxyy,omitempty"`
	Outcome  string `json:"cljg,omitempty"`
	Resolved string `json:"qrsj,omitempty"`
	OnSite   string `json:"xcbl,omitempty"`
	Moves    []move `json:"lz,omitempty"`
}

// move is one entry of the portal's record of who was sent a letter.
type move struct {
	Day    string `json:"sj"`
	From   string `json:"ydw,omitempty"`
	To     string `json:"jsdw,omitempty"`
	Return string `json:"th,omitempty"`
	Why    string `json:"ly,omitempty"`
}

// moves returns to whom a message was sent, and who sent it back.
func (w *writer) moves(v *row) (all []move) {
	id := func(n int16) string { return w.city.units[n].id }
	if v.sent > 0 {
		all = append(all, move{Day: format(v.sent, time.RFC3339), To: id(v.m.wrong - 1)})
	}
	if v.sentBack > 0 {
		all = append(all, move{Day: format(v.sentBack, time.RFC3339), From: id(v.m.wrong - 1), Return: "是", Why: v.returnWhy()})
	}
	if v.dispatched > 0 {
		all = append(all, move{Day: format(v.dispatched, time.RFC3339), To: id(v.m.unit)})
	}
	return all
}

func (w *writer) line(v *row) line {
	m := v.m
	if v.status == "gone" {
		return line{Number: v.key, Status: statusCodes["gone"], Reason: goneWords[m.goneWhy]}
	}
	l := line{
		Number: v.key, Channel: channels[m.channel].id, Kind: kindWords[v.kind()],
		Received: format(m.received, time.RFC3339), Sent: format(v.dispatched, time.RFC3339), Due: format(m.due, time.RFC3339),
		Area: w.city.places[m.place].code, Unit: w.city.units[m.unit].id, Topic: w.bank.topics[m.topic].id,
		Title: v.title, Question: v.question, Status: statusCodes[v.status],
		Response: format(v.response, time.RFC3339), Replied: format(v.replied, time.RFC3339), Reply: v.reply,
		Closed: format(v.closed, time.RFC3339), Rating: v.rating, RatedBy: v.ratedBy(),
		Repeats: w.other(m.repeats), Merged: w.other(m.merged), Reopened: v.reopened,
	}
	if !w.Plain {
		l.Outcome, l.Resolved, l.OnSite, l.Moves = resultWords[v.outcome()], format(v.resolved, time.RFC3339), v.onSite(), w.moves(v)
	}
	if m.consent > 0 {
		yes := m.consent == 2
		l.Consent = &yes
	}
	if m.hostile == 8 {
		l.Question += "\n" + nul
	}
	return l
}

// writeLines writes the portal's JSON Lines; each of broken is a line as it is.
func (w *writer) writeLines(out io.Writer, rows []row, broken []string) error {
	b := bufio.NewWriter(out)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	for i := range rows {
		if err := enc.Encode(w.line(&rows[i])); err != nil {
			return err
		}
	}
	for _, l := range broken {
		b.WriteString(strings.TrimRight(l, "\n") + "\n")
	}
	return b.Flush()
}
