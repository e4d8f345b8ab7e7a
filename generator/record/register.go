package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

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
	Counted   int      `json:"residents_year,omitempty"` // the year that Residents is of; 0: not known
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
	Terms   []Term    `json:"terms,omitempty"`  // of those who have held the post
	Online  Tri       `json:"online,omitempty"` // whether cases arrive over the network
	Derived bool      `json:"derived,omitempty"`
}

// Term is how long somebody held a post (任期), without saying who. Until is the last
// day, and zero while it lasts.
type Term struct {
	From  Day `json:"from"`
	Until Day `json:"until"`
}

// Post is the post of a leader whose mailbox one or more channels are (领导职务).
type Post struct {
	ID    string // [PostID]
	Name  string
	Terms []Term // by their first day
}

// PostID names a post by its words in addresses and files: the same words are the same
// post, so that "某县县委书记" is one and "县委书记" of two counties would be too.
func PostID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return "p-" + hex.EncodeToString(sum[:6])
}

// Breaks returns the days on which another holder of the post, or none, begins, ascending.
// What was received before one of them and what was received since are never added up to
// a rate.
func (p *Post) Breaks() (days []Day) {
	for _, t := range p.Terms {
		days = append(days, t.From)
		if t.Until.Known() {
			days = append(days, t.Until+1)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// Posts returns the posts that channels are the mailboxes of, by identifier.
func (r *Register) Posts() (all []Post) {
	at := map[string]int{}
	for _, c := range r.Channels {
		if c.Post == "" {
			continue
		}
		i, ok := at[c.Post]
		if !ok {
			i = len(all)
			at[c.Post] = i
			all = append(all, Post{ID: PostID(c.Post), Name: c.Post})
		}
		for _, t := range c.Terms {
			if !slices.Contains(all[i].Terms, t) {
				all[i].Terms = append(all[i].Terms, t)
			}
		}
	}
	for _, p := range all {
		slices.SortFunc(p.Terms, func(a, b Term) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until)) })
	}
	slices.SortFunc(all, func(a, b Post) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Register holds the four registers that cases point into, each sorted by
// identifier.
type Register struct {
	Units    []Unit
	Areas    []Area
	Topics   []Topic
	Channels []Channel
}
