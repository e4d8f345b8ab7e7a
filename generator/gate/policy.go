package gate

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// The types of personal datum that the gate finds.
const (
	Mobile     = "mobile"     // mainland mobile number
	IDCard     = "id_card"    // resident identity card, 18 or 15 digits
	BankCard   = "bank_card"  // bank card, 16 to 19 digits, or an account number beside such a word
	Email      = "email"      // e-mail address
	Plate      = "plate"      // vehicle plate, new energy included
	Landline   = "landline"   // fixed line with or without area code, and North American numbers
	Service    = "service"    // 400 and 800 numbers: lines of a company or office, not of a person
	Passport   = "passport"   // passport number
	Permit     = "permit"     // travel permit or residence permit of Hong Kong, Macao and Taiwan residents
	WeChat     = "wechat"     // WeChat identifier beside such a word
	QQ         = "qq"         // QQ number beside such a word
	IP         = "ip"         // internet address of a machine, version 4 or 6
	MAC        = "mac"        // hardware address of a network card
	Coordinate = "coordinate" // latitude and longitude
	URL        = "url"        // web address with a personal part
	BirthDate  = "birth_date" // day of birth beside a person
	Order      = "order"      // order, parcel or ticket number of a private person
	Person     = "person"     // name of a natural person
	Address    = "address"    // address below the level of a street office or township
)

// Types lists every type of finding.
func Types() []string {
	return []string{
		Mobile, IDCard, BankCard, Email, Plate, Landline, Service, Passport, Permit, WeChat, QQ, IP, MAC, Coordinate, URL,
		BirthDate, Order, Person, Address,
	}
}

// Action is what the policy does with a finding.
type Action string

// The actions of a policy.
const (
	Pass      Action = "pass"
	Mask      Action = "mask"
	Sample    Action = "sample" // mask, and draw some of the cases for a person to look at afterwards
	HoldField Action = "hold"   // hold the whole record for a person
)

// Rule is what is done with one type of finding in one class of text or one
// field. The zero Rule masks what is certain and holds what is doubtful.
type Rule struct {
	Action   Action `json:"action,omitempty"`    // certain findings; "" is [Mask]
	Doubtful Action `json:"doubtful,omitempty"`  // doubtful findings; "" is [HoldField], or [Pass] where Action passes
	MaskFrom int    `json:"mask_from,omitempty"` // instead of [Policy.MaskFrom]; 0: that one
	HoldFrom int    `json:"hold_from,omitempty"` // instead of [Policy.HoldFrom]; 0: that one
}

// Rules give the rule for each type of finding. A type that is not listed has
// the zero [Rule].
type Rules map[string]Rule

// Policy says what is done with what was found: by field, by type and by
// confidence. The zero Policy stands for [DefaultPolicy]; [DecodePolicy] reads
// one from a file.
//
// A policy may loosen only what can belong to an office: [New] refuses one that
// passes anything but landlines and service lines, or, in official text, e-mail
// addresses, web addresses and coordinates. What belongs to a unit is better
// passed entry by entry with [Options.Allow].
type Policy struct {
	Version string `json:"version"` // chosen by the office, printed with the hash

	Citizen  Rules `json:"citizen"`  // title and question
	Official Rules `json:"official"` // reply, reasons, supervision, timeline
	Label    Rules `json:"label"`    // names, posts, legal class and other short labels

	// Fields overrides the rules of a class for one field, by its Field constant
	// of package source; [PolicyFields] lists those that may stand here.
	Fields map[string]Rules `json:"fields,omitempty"`

	// Findings of at least MaskFrom (0 to 100) are certain. Those of at least
	// HoldFrom but less than MaskFrom are doubtful. Those below HoldFrom are no
	// findings. HoldFrom is at most 60, so that no policy can make the gate blind.
	MaskFrom int `json:"mask_from"`
	HoldFrom int `json:"hold_from"`

	// SampleEvery draws one case in so many of those in which the action Sample
	// masked something, by a keyed hash of the case: the same cases on every run.
	SampleEvery int `json:"sample_every"`

	// ConsentRequired makes a case whose export carries no consent at all a stub.
	// A consent that is carried and is not "yes" always does.
	ConsentRequired bool `json:"consent_required"`

	Attachments FileRule    `json:"attachments,omitempty"` // files of cases; "" is [LeaveOut]
	Pictures    PictureRule `json:"pictures,omitempty"`    // files that are or hold pictures; "" is [HoldPictures]

	MaxText  int   `json:"max_text"`  // bytes of one text; a longer one holds the record unread
	MaxSteps int64 `json:"max_steps"` // work for one record, in bytes times steps
}

// fieldClasses are the fields of a case whose rules a policy may override, and
// the class of each.
var fieldClasses = map[string]Class{
	source.FieldTitle: Citizen, source.FieldQuestion: Citizen,
	source.FieldReply: Official, source.FieldOutcomeReason: Official, source.FieldTimeline: Official,
	source.FieldDispatches: Official, source.FieldSupervisions: Official,
	source.FieldAddressee: Label, source.FieldLegalClass: Label, source.FieldConsentBasis: Label,
}

// PolicyFields lists, sorted, the fields that [Policy.Fields] may name.
func PolicyFields() []string { return slices.Sorted(maps.Keys(fieldClasses)) }

// DefaultPolicy returns the policy of an installation that has none.
//
// Service lines pass, everything else is masked in every field. A doubtful
// number holds the case: a number is seldom doubtful, and what it leads to is
// grave. Doubtful names and addresses are masked instead, and one case in twenty
// of those is drawn for a person: they are frequent, and holding each would keep
// more cases back than an office can read, most of them harmless. A name masked
// for nothing costs the reader a word. Texts over 1 MiB are held.
func DefaultPolicy() Policy {
	all := func() Rules {
		rules := Rules{}
		for _, typ := range Types() {
			rules[typ] = Rule{Action: Mask, Doubtful: HoldField}
		}
		rules[Service] = Rule{Action: Pass, Doubtful: Pass}
		rules[Person] = Rule{Action: Mask, Doubtful: Sample}
		rules[Address] = Rule{Action: Mask, Doubtful: Sample}
		return rules
	}
	return Policy{
		Version: "1", Citizen: all(), Official: all(), Label: all(),
		MaskFrom: 60, HoldFrom: 30, SampleEvery: 20,
		Attachments: LeaveOut, Pictures: HoldPictures,
		MaxText: 1 << 20, MaxSteps: 1 << 26,
	}
}

// isZero reports whether p was left out.
func (p Policy) isZero() bool {
	return p.Version == "" && p.Citizen == nil && p.Official == nil && p.Label == nil && p.Fields == nil &&
		p.MaskFrom == 0 && p.HoldFrom == 0 && p.SampleEvery == 0 && !p.ConsentRequired && p.MaxText == 0 && p.MaxSteps == 0 &&
		p.Attachments == "" && p.Pictures == ""
}

// faintest is the greatest confidence below which a policy may call a finding
// none.
const faintest = 60

// check reports what is wrong with p.
func (p Policy) check() error {
	bad := func(format string, args ...any) error { return fmt.Errorf("gate policy: "+format, args...) }
	switch {
	case p.Version == "":
		return bad("it has no version")
	case p.MaskFrom < 1 || p.MaskFrom > 100 || p.HoldFrom < 1 || p.HoldFrom > min(p.MaskFrom, faintest):
		return bad("want 1 <= hold_from <= mask_from <= 100 and hold_from at most %d, have hold_from %d and mask_from %d", faintest, p.HoldFrom, p.MaskFrom)
	case p.SampleEvery < 1 || p.SampleEvery > 1000:
		return bad("sample_every is %d, want 1 to 1000", p.SampleEvery)
	case !slices.Contains([]FileRule{"", LeaveOut, Rebuild}, p.Attachments):
		return bad("attachments is %q, want leave-out or rebuild", p.Attachments)
	case !slices.Contains([]PictureRule{"", HoldPictures, PassPictures}, p.Pictures):
		return bad("pictures is %q, want hold or pass", p.Pictures)
	case p.MaxText < 1 || p.MaxText > 16<<20:
		return bad("max_text is %d, want 1 to 16777216 bytes", p.MaxText)
	case p.MaxSteps < 1:
		return bad("max_steps is %d, want at least 1", p.MaxSteps)
	}
	for _, class := range []Class{Citizen, Official, Label} {
		if err := p.checkRules(class.String(), class, p.rules(class)); err != nil {
			return err
		}
	}
	for _, field := range slices.Sorted(maps.Keys(p.Fields)) {
		class, ok := fieldClasses[field]
		if !ok {
			return bad("there is no text field %q", field)
		}
		if err := p.checkRules(field, class, p.Fields[field]); err != nil {
			return err
		}
	}
	return nil
}

// checkRules reports what is wrong with the rules for a class or a field of it.
func (p Policy) checkRules(name string, class Class, rules Rules) error {
	for _, typ := range slices.Sorted(maps.Keys(rules)) {
		if !slices.Contains(Types(), typ) {
			return fmt.Errorf("gate policy: %s: there is no type %q of finding", name, typ)
		}
		r := rules[typ]
		for _, act := range []Action{r.Action, r.Doubtful} {
			switch act {
			case "", Mask, Sample, HoldField:
			case Pass:
				if !passable(class, typ) {
					return fmt.Errorf("gate policy: %s: %s may not be passed; use mask, sample or hold, or an allow-list for what is a unit's own", name, typ)
				}
			default:
				return fmt.Errorf("gate policy: %s: %s: %q is not pass, mask, sample or hold", name, typ, act)
			}
		}
		if from, to := p.thresholds(r); from < 1 || from > min(to, faintest) || to > 100 {
			return fmt.Errorf("gate policy: %s: %s: want 1 <= hold_from <= mask_from <= 100 and hold_from at most %d", name, typ, faintest)
		}
	}
	return nil
}

// passable reports whether a policy may pass a type of finding in a class of
// text: only what an office makes public of itself.
func passable(class Class, typ string) bool {
	switch typ {
	case Landline, Service:
		return true
	case Email, URL, Coordinate:
		return class == Official
	}
	return false
}

// rules returns the rules for a class of text.
func (p *Policy) rules(class Class) Rules {
	switch class {
	case Citizen:
		return p.Citizen
	case Official:
		return p.Official
	}
	return p.Label
}

// thresholds returns from which confidence on a finding is doubtful and certain.
func (p *Policy) thresholds(r Rule) (doubtful, certain int) {
	doubtful, certain = p.HoldFrom, p.MaskFrom
	if r.HoldFrom != 0 {
		doubtful = r.HoldFrom
	}
	if r.MaskFrom != 0 {
		certain = r.MaskFrom
	}
	return doubtful, certain
}

// clone returns p with rules of its own, which a caller cannot change later.
func (p Policy) clone() Policy {
	p.Citizen, p.Official, p.Label = maps.Clone(p.Citizen), maps.Clone(p.Official), maps.Clone(p.Label)
	p.Fields = maps.Clone(p.Fields)
	for field, rules := range p.Fields {
		p.Fields[field] = maps.Clone(rules)
	}
	return p
}

// act returns the action for a finding in a field of a class, and whether it is
// certain; "" when it is too faint to be one. Field is a name such as
// "timeline.2.text".
func (p *Policy) act(field string, class Class, typ string, confidence int) (act Action, certain bool) {
	name, _, _ := strings.Cut(field, ".")
	r, ok := p.Fields[name][typ]
	if !ok {
		r = p.rules(class)[typ]
	}
	if r.Action == "" {
		r.Action = Mask
	}
	if r.Doubtful == "" {
		r.Doubtful = HoldField
		if r.Action == Pass {
			r.Doubtful = Pass
		}
	}
	doubtful, sure := p.thresholds(r)
	switch {
	case confidence < doubtful:
		return "", false
	case confidence >= sure:
		return r.Action, true
	}
	return r.Doubtful, false
}

// engine names the detectors. It is part of the policy's hash and grows with
// every change that can change what is found or how it is masked.
const engine = "gate@5"

// hash returns the SHA-256 of everything but the key that decides what passes:
// the policy, the allow-lists, whether files are made anew, and the version of the
// detectors and their lists.
func (o Options) hash(lists string) string {
	doc := struct {
		Engine     string                      `json:"engine"`
		Lists      string                      `json:"lists"`
		Policy     Policy                      `json:"policy"`
		AllowLines map[record.UnitID][]string  `json:"allow_lines"`
		Hotlines   []string                    `json:"hotlines"`
		Allow      []Allow                     `json:"allow"`
		Officials  map[record.UnitID][]Officer `json:"officials"`
		Rebuilds   bool                        `json:"rebuilds,omitempty"`
	}{
		engine, lists, o.Policy, map[record.UnitID][]string{}, sorted(o.Hotlines), slices.Clone(o.Allow), o.Officials,
		o.Attachments != nil && o.Policy.Attachments == Rebuild,
	}
	for unit, lines := range o.AllowLines {
		doc.AllowLines[unit] = sorted(lines)
	}
	slices.SortFunc(doc.Allow, compareAllow)
	b, err := json.Marshal(doc) // writes the keys of maps in order
	if err != nil {
		panic(err) // the types above always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// listsHash returns the SHA-256 of the lists that are built into the program.
func listsHash() string {
	h := sha256.New()
	err := fs.WalkDir(nameLists, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(nameLists, path)
		hashPart(h, path)
		hashPart(h, string(b))
		return err
	})
	if err != nil {
		hashPart(h, "unreadable") // and every text is held for the missing list
	}
	return hex.EncodeToString(h.Sum(nil))
}

// hashPart writes a text behind its length.
func hashPart(h hash.Hash, s string) {
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
	h.Write([]byte(s))
}

// sorted returns a sorted copy of s without repetitions.
func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}
