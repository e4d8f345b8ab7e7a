package drop

import (
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// alias lists the names under which exports commonly hold a field, the surest
// first. They are compared without width, letter case, spaces, _ and -.
type alias struct {
	field string // "key" for the number
	names string
}

// aliases is the order in which fields choose their column.
var aliases = []alias{
	{"key", "受理编号 工单编号 工单号 信件编号 诉求编号 留言编号 来信编号 诉求件编号 办件编号 事项编号 业务编号 查询编号 案件编号 流水号 受理号 信件号 单号 编号 编码 " +
		"unique_key service_request_id service_request_num service_request_number servicerequestid case_id case_no case_number case_enquiry_id ticket_id ticket_number ticket request_id request_number sr_number sr_no sr_id reference_number reference complaint_id incident_id issue_id number id"},
	{source.FieldReceived, "来信时间 受理时间 提交时间 留言时间 诉求时间 登记时间 来电时间 反映时间 收到时间 收件时间 投诉时间 写信时间 提问时间 咨询时间 创建时间 来信日期 受理日期 提交日期 留言日期 登记日期 " +
		"created_date requested_datetime created_at created_datetime create_time created date_created open_date opened_date open_dt opened date_received received_date received_at received submitted_at submitted request_date creation_date date_requested " +
		"发布时间 发布日期 发文日期 发布日 时间 日期 date"},
	{source.FieldReplied, "答复时间 回复时间 答复日期 回复日期 反馈时间 replied_at reply_date reply_time response_date responded_at answered_at resolution_action_updated_date transact_time"},
	{source.FieldClosed, "办结时间 办结日期 结案时间 完成时间 办理完成时间 处理完成时间 closed_date close_date closed_dt closed_at closed_datetime date_closed completed_date completion_date resolved_date closed"},
	{source.FieldDue, "办理期限 截止时间 截止日期 到期时间 办理时限 应办结时间 要求办结时间 限办时间 due_date due_at expected_datetime expected_date target_date target_dt sla_target_dt sla_date due"},
	{source.FieldDispatched, "转办时间 交办时间 派单时间 分派时间 dispatched_at dispatch_date assigned_date"},
	{source.FieldFirstResponse, "首次响应时间 首次联系时间 first_response first_response_date"},
	{source.FieldTitle, "标题 留言主题 诉求标题 来信标题 信件标题 来信主题 信件主题 诉求主题 主题 题目 事项名称 title subject headline summary"},
	{source.FieldQuestion, "诉求内容 留言内容 来信内容 信件内容 问题描述 反映内容 留言详情 投诉内容 咨询内容 诉求描述 问题内容 主要内容 内容 正文 详情 description request_description complaint_description details comments question body content text"},
	{source.FieldReply, "答复内容 回复内容 答复意见 回复意见 答复正文 办理结果 处理结果 反馈内容 办理意见 处理意见 答复 回复 resolution_description resolution_notes status_notes closure_notes resolution reply response answer"},
	{source.FieldUnit, "承办单位 主办单位 办理单位 责任单位 答复单位 回复单位 处理单位 承办部门 主办部门 办理部门 责任部门 答复部门 回复部门 处理部门 受理单位 受理部门 单位 部门 " +
		"agency_responsible responsible_agency agency_name agency department_name department dept handler owner_department assigned_department unit unit_name organization subject_department"},
	{source.FieldCoUnits, "协办单位 会办单位 协办部门"},
	{source.FieldAgainst, "被反映单位 被投诉单位 涉及单位 被诉单位"},
	{source.FieldArea, "行政区划 区划 所属区县 区县 所属区域 所属地区 所在地区 所属区划 事发区域 属地 地区 区域 borough district neighborhood neighbourhood area ward county region"},
	{source.FieldChannel, "诉求渠道 来信渠道 受理渠道 来源渠道 渠道 诉求来源 信件来源 工单来源 来源 open_data_channel_type method_received channel submission_channel source origin intake_method"},
	{source.FieldStatus, "办理状态 工单状态 信件状态 处理状态 办件状态 诉求状态 受理状态 状态 case_status request_status sr_status status state"},
	{source.FieldKind, "诉求类型 诉求类别 来信类型 信件类型 信件类别 留言类型 工单类型 诉求性质 信访目的 类型 类别"},
	{source.FieldTopic, "问题分类 事项分类 诉求分类 内容分类 问题类别 问题类型 所属领域 领域 一级分类 一级类别 所属一级类别 所属类别 分类 类别 类型 complaint_type service_name request_type service_type category issue_type topic type"},
	{source.FieldRating, "满意度 满意度评价 群众评价 评价结果 满意情况 评价 rating satisfaction"},
	{source.FieldConsent, "是否公开 是否同意公开 公开意愿 可否公开 同意公开 is_public consent_to_publish public"},
	{source.FieldAddressee, "来信对象 留言对象 信箱名称 信箱"},
	{source.FieldOutcome, "办理结论 诉求是否合理 采纳情况 outcome"},
	{source.FieldLegalClass, "依法分类"},
	{source.FieldReopened, "重办次数 返工次数 退回次数 reopened_count"},
}

// personal are words in the names of columns that hold persons. No field takes
// such a column.
var personal = strings.Fields("姓名 电话 手机 身份证 证件 住址 家庭地址 联系地址 联系方式 联系人 邮箱 邮件 来信人 写信人 留言人 反映人 诉求人 投诉人 来电人 用户 网友 昵称 ip地址 first_name last_name fullname username requestor phone email mobile contact caller citizen_name street_address incident_address")

// generic are names that say nothing without the one above them.
var generic = []string{"name", "text", "content", "value", "body", "title", "label", "description"}

// foldName brings the name of a column into the form of comparison.
func foldName(s string) string {
	if i := strings.LastIndexByte(s, '.'); i > 0 { // the last name of a path
		last := s[i+1:]
		if up := s[:i]; slices.Contains(generic, strings.ToLower(last)) {
			last = up[strings.LastIndexByte(up, '.')+1:]
		}
		s = last
	}
	return strings.NewReplacer("_", "", "-", "", "(", "", ")", "").Replace(source.FoldHeader(s))
}

// isPersonal reports whether a column holds persons by its name.
func isPersonal(name string) bool {
	f := foldName(name)
	for _, p := range personal {
		if strings.Contains(f, foldName(p)) {
			return true
		}
	}
	return false
}

// vocabulary leads from the words of exports to ours, for the proposal of value
// tables. A word counts when the export's word contains it; the first that does
// is taken.
type vocabulary []struct{ theirs, ours string }

var statusWords = vocabulary{
	{"duplicate", "merged"}, {"重复", "merged"}, {"并单", "merged"}, {"合并", "merged"},
	{"transfer", "transferred"}, {"referred", "transferred"}, {"转出", "transferred"}, {"移送", "transferred"},
	{"不予受理", "declined"}, {"不受理", "declined"}, {"退回", "declined"}, {"cancel", "declined"}, {"reject", "declined"}, {"invalid", "declined"}, {"declined", "declined"},
	{"未答复", "handling"}, {"未回复", "handling"}, {"未办结", "handling"}, {"待答复", "handling"}, {"待回复", "handling"}, {"待办理", "handling"}, {"未受理", "pending"}, {"待受理", "pending"}, {"未处理", "pending"}, {"待处理", "pending"}, {"待审", "pending"}, {"新建", "pending"},
	{"办结", "closed"}, {"结案", "closed"}, {"办理完毕", "closed"}, {"已完成", "closed"}, {"完结", "closed"}, {"已处理", "closed"},
	{"已答复", "replied"}, {"已回复", "replied"}, {"答复", "replied"}, {"回复", "replied"}, {"replied", "replied"}, {"answered", "replied"},
	{"办理中", "handling"}, {"处理中", "handling"}, {"已受理", "handling"}, {"转办", "handling"}, {"交办", "handling"}, {"办理", "handling"},
	{"reopen", "handling"}, {"open", "handling"}, {"progress", "handling"}, {"assigned", "handling"}, {"process", "handling"}, {"pending", "handling"}, {"acknowledged", "handling"}, {"scheduled", "handling"},
	{"closed", "closed"}, {"complete", "closed"}, {"resolved", "closed"}, {"fixed", "closed"}, {"done", "closed"}, {"archived", "closed"},
	{"new", "pending"}, {"submitted", "pending"}, {"received", "pending"},
}

var kindWords = vocabulary{
	{"检举", source.Accusation}, {"控告", source.Accusation}, {"咨询", "consult"}, {"建议", "suggest"}, {"意见", "suggest"}, {"求助", "help"}, {"求决", "help"}, {"投诉", "complain"},
	{"申诉", "grievance"}, {"举报", "report"}, {"表扬", "thank"}, {"感谢", "thank"}, {"纠错", "correction"}, {"其他", "other"}, {"其它", "other"},
}

var consentWords = vocabulary{
	{"不", "no"}, {"否", "no"}, {"no", "no"}, {"false", "no"}, {"0", "no"}, {"保密", "no"}, {"未", "no"},
	{"是", "yes"}, {"公开", "yes"}, {"同意", "yes"}, {"yes", "yes"}, {"true", "yes"}, {"1", "yes"}, {"可", "yes"},
}

var outcomeWords = vocabulary{
	{"不支持", "not-supported"}, {"未采纳", "not-adopted"}, {"不采纳", "not-adopted"}, {"支持", "supported"}, {"采纳", "adopted"}, {"解释", "explained"},
	{"不合理", "not-supported"}, {"部分合理", "explained"}, {"合理", "supported"}, {"复核", "re-reviewed"}, {"复查", "reviewed"},
}

var fiveWords = vocabulary{{"非常不满意", "1"}, {"很不满意", "1"}, {"不满意", "2"}, {"基本满意", "3"}, {"一般", "3"}, {"非常满意", "5"}, {"很满意", "5"}, {"满意", "4"},
	{"5", "5"}, {"4", "4"}, {"3", "3"}, {"2", "2"}, {"1", "1"}}

var threeWords = vocabulary{{"不满意", "1"}, {"基本满意", "2"}, {"满意", "3"}}

// find returns our word for one of theirs, or "".
func (v vocabulary) find(word string) string {
	f := source.Fold(word)
	for _, p := range v {
		if strings.Contains(f, p.theirs) {
			return p.ours
		}
	}
	return ""
}
