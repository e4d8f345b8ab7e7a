package record

// Unit is an office that handles cases (单位). Units are dated, so that
// rankings can be given as it was and as it is now.
type Unit struct {
	ID        UnitID   `json:"id"`
	Name      string   `json:"name"`
	Short     string   `json:"short,omitempty"`
	English   string   `json:"english,omitempty"`
	Aliases   []string `json:"aliases,omitempty"` // spellings that exports use
	Kind      string   `json:"kind,omitempty"`    // 部门, 乡镇街道, 公共企事业单位: the peer group together with Level
	Level     int      `json:"level,omitempty"`   // 1 province, 2 prefecture, 3 county, 4 township
	Area      AreaCode `json:"area,omitempty"`
	Parent    UnitID   `json:"parent,omitempty"`
	From      Day      `json:"valid_from"`
	To        Day      `json:"valid_to"`
	Successor UnitID   `json:"successor,omitempty"`
	Phones    []string `json:"phones,omitempty"` // public lines
	Spokesman string   `json:"spokesman,omitempty"`
	LastReply Day      `json:"last_reply"`
	Derived   bool     `json:"derived,omitempty"` // made from a column, not from a register
}

// Area is an administrative division (区划), dated like [Unit].
type Area struct {
	Code      AreaCode `json:"code"`
	Name      string   `json:"name"`
	English   string   `json:"english,omitempty"`
	Parent    AreaCode `json:"parent,omitempty"`
	From      Day      `json:"valid_from"`
	To        Day      `json:"valid_to"`
	Successor AreaCode `json:"successor,omitempty"`
	Residents Count    `json:"residents"`
	Derived   bool     `json:"derived,omitempty"`
}

// Topic is a subject of cases, in a tree (领域、事项分类).
type Topic struct {
	ID      TopicID `json:"id"`
	Name    string  `json:"name"`
	English string  `json:"english,omitempty"`
	Parent  TopicID `json:"parent,omitempty"`
	Derived bool    `json:"derived,omitempty"`
}

// Channel is a way in which cases arrive (渠道). Where it is a leader's
// mailbox, Post names the post and never the person.
type Channel struct {
	ID      ChannelID `json:"id"`
	Name    string    `json:"name"`
	English string    `json:"english,omitempty"`
	Post    string    `json:"post,omitempty"`
	Derived bool      `json:"derived,omitempty"`
}

// Register holds the four registers that cases point into, each sorted by
// identifier.
type Register struct {
	Units    []Unit
	Areas    []Area
	Topics   []Topic
	Channels []Channel
}
