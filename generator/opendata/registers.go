package opendata

import (
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// Units is the register of units.
func Units() *Table[record.Unit] {
	type unit = record.Unit
	return &Table[unit]{
		Name: "units", Key: []string{"id"},
		Units: map[string]Unit{"level": NoUnit}, About: text("单位登记表。", "The register of units."),
		Columns: []Column[unit]{
			{"id", ID, text("单位代码", "Identifier of the unit"), nil, func(u *unit) string { return string(u.ID) }},
			{"name", String, text("单位名称", "Name"), nil, func(u *unit) string { return u.Name }},
			{"name_en", String, text("英文名称", "Name in English"), nil, func(u *unit) string { return u.English }},
			{"level", Integer, text("层级：1 省级，2 市级，3 县级，4 乡级；与类别相同的单位为同级同类", "Level: 1 province, 2 prefecture, 3 county, 4 township; units of one level and kind are peers"), nil,
				func(u *unit) string { return known(u.Level) }},
			{"kind", String, text("类别", "Kind"), nil, func(u *unit) string { return u.Kind }},
			{"area", ID, text("区划，见 areas.csv", "Area, of areas.csv"), nil, func(u *unit) string { return string(u.Area) }},
			{"parent", ID, text("上级单位", "Unit above it"), nil, func(u *unit) string { return string(u.Parent) }},
			{"valid_from", Day, text("设立日期", "First day"), nil, func(u *unit) string { return u.From.String() }},
			{"valid_to", Day, text("撤销日期", "Last day"), nil, func(u *unit) string { return u.To.String() }},
			{"successor", ID, text("承接单位", "Unit that took its place"), nil, func(u *unit) string { return string(u.Successor) }},
		},
	}
}

// Areas is the register of areas.
func Areas() *Table[record.Area] {
	type area = record.Area
	return &Table[area]{
		Name: "areas", Key: []string{"code"},
		Units: map[string]Unit{"residents": Residents, "residents_year": NoUnit}, About: text("区划登记表。", "The register of areas."),
		Columns: []Column[area]{
			{"code", ID, text("区划代码（GB/T 2260）", "Code of the area (GB/T 2260)"), nil, func(a *area) string { return string(a.Code) }},
			{"name", String, text("区划名称", "Name"), nil, func(a *area) string { return a.Name }},
			{"name_en", String, text("英文名称", "Name in English"), nil, func(a *area) string { return a.English }},
			{"parent", ID, text("上级区划", "Area above it"), nil, func(a *area) string { return string(a.Parent) }},
			{"valid_from", Day, text("设立日期", "First day"), nil, func(a *area) string { return a.From.String() }},
			{"valid_to", Day, text("撤销日期", "Last day"), nil, func(a *area) string { return a.To.String() }},
			{"successor", ID, text("承接区划", "Area that took its place"), nil, func(a *area) string { return string(a.Successor) }},
			{"residents", Integer, text("常住人口", "Residents"), nil, func(a *area) string { return a.Residents.String() }},
			{"residents_year", Integer, text("常住人口所属年份；未提供的为空", "The year that the number of residents is of; empty where it was not told"), nil, func(a *area) string { return known(a.Counted) }},
		},
	}
}

// Topics is the register of topics.
func Topics() *Table[record.Topic] {
	type topic = record.Topic
	return &Table[topic]{
		Name: "topics", Key: []string{"id"}, About: text("领域登记表。", "The register of topics."),
		Columns: []Column[topic]{
			{"id", ID, text("领域代码", "Identifier of the topic"), nil, func(t *topic) string { return string(t.ID) }},
			{"name", String, text("领域名称", "Name"), nil, func(t *topic) string { return t.Name }},
			{"name_en", String, text("英文名称", "Name in English"), nil, func(t *topic) string { return t.English }},
			{"parent", ID, text("上级领域", "Topic above it"), nil, func(t *topic) string { return string(t.Parent) }},
		},
	}
}

// Channels is the register of channels.
func Channels() *Table[record.Channel] {
	type channel = record.Channel
	return &Table[channel]{
		Name: "channels", Key: []string{"id"}, About: text("渠道登记表。", "The register of channels."),
		Columns: []Column[channel]{
			{"id", ID, text("渠道代码", "Identifier of the channel"), nil, func(c *channel) string { return string(c.ID) }},
			{"name", String, text("渠道名称", "Name"), nil, func(c *channel) string { return c.Name }},
			{"name_en", String, text("英文名称", "Name in English"), nil, func(c *channel) string { return c.English }},
			{"post", String, text("领导职务，如书记信箱", "Post of the leader whose mailbox it is"), nil, func(c *channel) string { return c.Post }},
			{"post_id", ID, text("领导职务代码，由职务名称得出", "Identifier of the post, made from its words"), nil, func(c *channel) string {
				if c.Post == "" {
					return ""
				}
				return record.PostID(c.Post)
			}},
			{"terms", List, text("历任任期，只有起止日期，不含姓名；任期未结束的没有止日", "Terms of those who have held the post, by their first and last days and without names; a term that lasts has no last day"), nil, func(c *channel) string {
				var all []string
				for _, t := range c.Terms {
					all = append(all, t.From.String()+"/"+t.Until.String())
				}
				return strings.Join(all, " ")
			}},
			{"online", Yes, text("是否网上渠道；未提供的为空", "Whether cases arrive over the network; empty where it was not told"), nil, func(c *channel) string { return c.Online.String() }},
		},
	}
}

// known writes a number of which zero means that it is not known.
func known(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
