package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/yamlfile"
)

// DecodePolicy reads a policy from YAML; [DefaultPolicyYAML] shows every key.
// What the file leaves out is as in [DefaultPolicy], but the version must be
// there. It is strict: a key, a field, a type of finding or an action that does
// not exist is an error that names the line, and so is a rule that would let
// personal data out.
func DecodePolicy(text []byte) (Policy, error) {
	r := newReader("the policy of the gate", "huiyin gate policy prints the default policy with every key")
	p := DefaultPolicy()
	body, err := r.Document(text)
	if err != nil {
		return Policy{}, err
	}
	if body == nil {
		return Policy{}, fault.New(r.Name+" is empty", r.Hint)
	}
	list, err := r.Fields("the policy", body)
	if err != nil {
		return Policy{}, err
	}
	versioned := false
	var overrides *field
	for i, f := range list {
		var err error
		switch f.Key {
		case "version":
			p.Version, err = r.Text(f)
			versioned = true
		case "mask_from":
			err = r.whole(f, &p.MaskFrom)
		case "hold_from":
			err = r.whole(f, &p.HoldFrom)
		case "sample_every":
			err = r.whole(f, &p.SampleEvery)
		case "max_text":
			err = r.whole(f, &p.MaxText)
		case "max_steps":
			p.MaxSteps, err = r.Number(f, 0, math.MaxInt64)
		case "consent_required":
			p.ConsentRequired, err = r.Flag(f)
		case "attachments":
			var word string
			word, err = r.Text(f)
			p.Attachments = FileRule(word)
		case "pictures":
			var word string
			word, err = r.Text(f)
			p.Pictures = PictureRule(word)
		case "citizen":
			err = r.rules(f, Citizen, p.Citizen, p.Citizen)
		case "official":
			err = r.rules(f, Official, p.Official, p.Official)
		case "label":
			err = r.rules(f, Label, p.Label, p.Label)
		case "fields":
			overrides = &list[i] // after the classes, which they change
		default:
			err = r.errorAt(f.Line, "there is no key %q", f.Key)
		}
		if err != nil {
			return Policy{}, err
		}
	}
	if overrides != nil && !overrides.Empty() {
		if p.Fields, err = r.overrides(*overrides, &p); err != nil {
			return Policy{}, err
		}
	}
	if !versioned {
		return Policy{}, fault.New(r.Name+" has no version", "begin it with a line such as version: \"2\"")
	}
	if err := p.check(); err != nil {
		return Policy{}, fault.New(err.Error(), r.Hint)
	}
	return p, nil
}

// whole reads a whole number of ordinary size.
func (r reader) whole(f field, to *int) error {
	n, err := r.Number(f, 0, 1<<30)
	*to = int(n)
	return err
}

// rules reads rules for a class or a field of it into to. base are those that
// they change.
func (r reader) rules(f field, class Class, base, to Rules) error {
	list, err := r.Fields(f.Key, f.Value)
	if err != nil {
		return err
	}
	for _, g := range list {
		if !slices.Contains(Types(), g.Key) {
			return r.errorAt(g.Line, "there is no type %q of finding", g.Key)
		}
		rule, err := r.rule(g, base[g.Key])
		if err != nil {
			return err
		}
		if err := DefaultPolicy().checkRules(f.Key, class, Rules{g.Key: rule}); err != nil {
			return r.errorAt(g.Line, "%s", strings.TrimPrefix(err.Error(), "gate policy: "))
		}
		to[g.Key] = rule
	}
	return nil
}

// rule reads the rule for one type: an action alone, or a map.
func (r reader) rule(f field, rule Rule) (Rule, error) {
	if word, ok := yamlfile.Scalar(f.Value); ok {
		rule.act(Action(word))
		return rule, nil
	}
	list, err := r.Fields(f.Key, f.Value)
	if err != nil {
		return rule, err
	}
	doubtful := Action("")
	for _, g := range list {
		var err error
		switch g.Key {
		case "action":
			var word string
			word, err = r.Text(g)
			rule.act(Action(word))
		case "doubtful":
			var word string
			word, err = r.Text(g)
			doubtful = Action(word)
		case "mask_from":
			err = r.whole(g, &rule.MaskFrom)
		case "hold_from":
			err = r.whole(g, &rule.HoldFrom)
		default:
			err = r.errorAt(g.Line, "a rule has no key %q, only action, doubtful, mask_from and hold_from", g.Key)
		}
		if err != nil {
			return rule, err
		}
	}
	if doubtful != "" {
		rule.Doubtful = doubtful
	}
	return rule, nil
}

// act changes what is done with certain findings. Doubtful ones go along where
// all pass or all are held.
func (r *Rule) act(action Action) {
	r.Action = action
	if action == Pass || action == HoldField {
		r.Doubtful = action
	} else if r.Doubtful == Pass {
		r.Doubtful = HoldField
	}
}

// overrides reads the rules for single fields.
func (r reader) overrides(f field, p *Policy) (map[string]Rules, error) {
	list, err := r.Fields(f.Key, f.Value)
	if err != nil {
		return nil, err
	}
	var all map[string]Rules
	for _, g := range list {
		class, ok := fieldClasses[g.Key]
		if !ok {
			return nil, r.errorAt(g.Line, "there is no text field %q, only %s", g.Key, strings.Join(PolicyFields(), ", "))
		}
		rules := Rules{}
		if err := r.rules(g, class, p.rules(class), rules); err != nil {
			return nil, err
		}
		if all == nil {
			all = map[string]Rules{}
		}
		all[g.Key] = rules
	}
	return all, nil
}

// DefaultPolicyYAML returns [DefaultPolicy] as a file with an explanation of every
// key, for an office to begin with. [DecodePolicy] reads it.
func DefaultPolicyYAML() string {
	p := DefaultPolicy()
	var b strings.Builder
	fmt.Fprintf(&b, policyHead, p.Version, p.MaskFrom, p.HoldFrom, p.SampleEvery, p.ConsentRequired, p.Attachments, p.Pictures, p.MaxText, p.MaxSteps)
	for _, class := range []struct {
		class Class
		what  string
	}{
		{Citizen, "What citizens wrote: title, question. 群众所写：标题、诉求内容。"},
		{Official, "What offices wrote: reply, outcome_reason, timeline, dispatches, supervisions. 单位所写：答复、办理结果理由、办理过程、转办、督办。"},
		{Label, "Short labels: addressee, legal_class, consent_basis, and the names in registers. 短标签：写信对象、法定途径类别、同意依据，以及登记表中的名称。"},
	} {
		rules := p.rules(class.class)
		fmt.Fprintf(&b, "\n# %s\n%s:\n", class.what, class.class)
		for _, typ := range Types() {
			rule := string(rules[typ].Action)
			if d := rules[typ].Doubtful; d != HoldField && d != rules[typ].Action {
				rule = fmt.Sprintf("{action: %s, doubtful: %s}", rule, d)
			}
			fmt.Fprintf(&b, "  %-12s%s # %s\n", typ+":", rule, typeNames[typ])
		}
	}
	b.WriteString(policyFoot)
	return b.String()
}

// typeNames say in Chinese what the types are.
var typeNames = map[string]string{
	Mobile: "手机号码", IDCard: "居民身份证号码", BankCard: "银行卡号、账号", Email: "电子邮箱", Plate: "车牌号", Landline: "固定电话",
	Service: "400、800 服务电话", Passport: "护照号码", Permit: "港澳台居民通行证、居住证号码", WeChat: "微信号", QQ: "QQ 号", IP: "IP 地址", MAC: "MAC 地址",
	Coordinate: "经纬度", URL: "含个人信息的网址", BirthDate: "出生日期", Order: "个人订单号、运单号、票号", Person: "自然人姓名",
	Address: "街道、乡镇以下的住址",
}

// TypeName says in Chinese what a type of finding is, such as 手机号码 for "mobile", and
// "" for what is none of [Types].
func TypeName(typ string) string { return typeNames[typ] }

const policyHead = `# What the gate does with what it finds. Every key may be left out but the version;
# what is left out is as it stands here.
# 公开审查规则：发现个人信息后如何处理。除 version 外均可省略，省略的以本文件为准。

# Chosen by you; change it with every change of this file.
# 由您编号，每次修改本文件都应更改。
version: %q

# How sure a finding is goes from 0 to 100. From mask_from on it is certain, from
# hold_from on it is doubtful, below that it is none. hold_from is at most 60.
# 把握程度为 0 至 100：达到 mask_from 为确定，达到 hold_from 为存疑，更低的不算发现。hold_from 不得高于 60。
mask_from: %d
hold_from: %d

# The action sample masks, and draws one case in so many for a person to look at.
# 对 sample（遮盖并抽查），每若干件抽取一件供人工查看。
sample_every: %d

# true: a case whose export says nothing of its writer's consent is published as a row only.
# true：数据未载明诉求人是否同意公开的，只公开办理环节和日期。
consent_required: %t

# Files that came with cases: leave-out publishes none; rebuild publishes those that
# can be made anew without anything personal (PDF, DOCX, XLSX, CSV, JPEG, PNG).
# 诉求件的附件：leave-out 一律不公开；rebuild 能够重新生成且不含个人信息的公开（PDF、DOCX、XLSX、CSV、JPEG、PNG）。
attachments: %s

# Pictures, and files that hold some, which the program cannot read: hold leaves them
# out; pass publishes them, and is right only where somebody looks at each before it
# is delivered.
# 图片及含图片的文件，程序无法识读其内容：hold 不公开；pass 公开，仅在交付前已逐件人工查看时选用。
pictures: %s

# Bytes of one text, and work for one record. What exceeds them is held unread.
# 单个文本的字节数、单条记录的处理量上限，超出的不予公开，待人工处理。
max_text: %d
max_steps: %d

# For each type of finding, what is done:
#   pass    let it stand; only landline and service, and where offices write email, url, coordinate
#   mask    replace it
#   sample  replace it, and draw some cases for a person to look at afterwards
#   hold    keep the text back until a person has decided
# An action alone is for certain findings; doubtful ones then pass with pass, are held
# with hold, and otherwise stay as they stand here: held where no doubtful is given. In full:
#   person: {action: mask, doubtful: sample, mask_from: 60, hold_from: 30}
# 每类信息的处理方式：pass 放行（仅限固定电话、服务电话，以及单位所写文本中的邮箱、网址、经纬度）；
# mask 遮盖；sample 遮盖并抽查；hold 暂不公开，待人工决定。
# 只写一个词的，该词适用于确定的发现。存疑的发现：写 pass 的也放行，写 hold 的也暂不公开；
# 写 mask、sample 的，按下面列出的 doubtful 处理，没有列出的暂不公开。
`

const policyFoot = `
# Other rules for single fields, such as:
# 个别字段另行规定，例如：
#   reply:
#     landline: pass
fields: {}
`
