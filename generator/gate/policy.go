package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
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
	HoldField Action = "hold" // hold the whole record for a person
)

// Rules give the action for each type of finding. A type that is not listed is
// masked.
type Rules map[string]Action

// Policy says what is done with what was found. The zero Policy stands for
// [DefaultPolicy].
//
// A policy may loosen only what can belong to an office: [New] refuses one that
// passes anything but landlines and service lines, or e-mail addresses in
// official text. Lines that belong to a unit are better passed one by one with
// [Options.AllowLines].
type Policy struct {
	Version string `json:"version" yaml:"version"` // chosen by the office, printed with the hash

	Citizen  Rules `json:"citizen" yaml:"citizen"`   // title and question
	Official Rules `json:"official" yaml:"official"` // reply, reasons, supervision, timeline
	Label    Rules `json:"label" yaml:"label"`       // names, posts, legal class and other short labels

	// Findings of at least MaskFrom (0 to 100) follow the rules. Those of at
	// least HoldFrom but less than MaskFrom hold the record, unless the rule for
	// their type is pass. Those below HoldFrom are no findings.
	MaskFrom int `json:"mask_from" yaml:"mask_from"`
	HoldFrom int `json:"hold_from" yaml:"hold_from"`

	// ConsentRequired makes a case whose export carries no consent at all a stub.
	// A consent that is carried and is not "yes" always does.
	ConsentRequired bool `json:"consent_required" yaml:"consent_required"`

	MaxText  int   `json:"max_text" yaml:"max_text"`   // bytes of one text; a longer one holds the record unread
	MaxSteps int64 `json:"max_steps" yaml:"max_steps"` // work for one record, in bytes times steps
}

// DefaultPolicy returns the policy of an installation that has none: everything
// is masked in every field but service lines, doubtful findings are held, and
// texts over 1 MiB are held.
func DefaultPolicy() Policy {
	all := func() Rules {
		return Rules{
			Mobile: Mask, IDCard: Mask, BankCard: Mask, Email: Mask,
			Plate: Mask, Landline: Mask, Service: Pass,
		}
	}
	return Policy{
		Version: "1", Citizen: all(), Official: all(), Label: all(),
		MaskFrom: 60, HoldFrom: 30,
		MaxText: 1 << 20, MaxSteps: 1 << 26,
	}
}

// isZero reports whether p was left out.
func (p Policy) isZero() bool {
	return p.Version == "" && p.Citizen == nil && p.Official == nil && p.Label == nil &&
		p.MaskFrom == 0 && p.HoldFrom == 0 && !p.ConsentRequired && p.MaxText == 0 && p.MaxSteps == 0
}

// check reports what is wrong with p.
func (p Policy) check() error {
	switch {
	case p.Version == "":
		return fmt.Errorf("gate policy has no version")
	case p.MaskFrom < 1 || p.MaskFrom > 100 || p.HoldFrom < 1 || p.HoldFrom > p.MaskFrom:
		return fmt.Errorf("gate policy: want 1 <= hold_from <= mask_from <= 100, have hold_from %d and mask_from %d", p.HoldFrom, p.MaskFrom)
	case p.MaxText < 1 || p.MaxText > 16<<20:
		return fmt.Errorf("gate policy: max_text is %d, want 1 to 16777216 bytes", p.MaxText)
	case p.MaxSteps < 1:
		return fmt.Errorf("gate policy: max_steps is %d, want at least 1", p.MaxSteps)
	}
	for name, rules := range map[string]Rules{"citizen": p.Citizen, "official": p.Official, "label": p.Label} {
		for _, typ := range slices.Sorted(maps.Keys(rules)) {
			if !slices.Contains(Types(), typ) {
				return fmt.Errorf("gate policy: %s: there is no type %q of finding", name, typ)
			}
			switch act := rules[typ]; {
			case act == Mask || act == HoldField:
			case act == Pass && (typ == Landline || typ == Service || typ == Email && name == "official"):
			case act == Pass:
				return fmt.Errorf("gate policy: %s: %s may not be passed; use mask or hold, or an allow-list for a unit's own line", name, typ)
			default:
				return fmt.Errorf("gate policy: %s: %s: %q is not pass, mask or hold", name, typ, act)
			}
		}
	}
	return nil
}

// clone returns p with rules of its own, which a caller cannot change later.
func (p Policy) clone() Policy {
	p.Citizen, p.Official, p.Label = maps.Clone(p.Citizen), maps.Clone(p.Official), maps.Clone(p.Label)
	return p
}

// act returns the action for a finding of the given type and confidence, and
// "" when it is too faint to be one.
func (p *Policy) act(rules Rules, typ string, confidence int) Action {
	rule, ok := rules[typ]
	if !ok {
		rule = Mask
	}
	switch {
	case confidence < p.HoldFrom:
		return ""
	case rule == Pass || confidence >= p.MaskFrom:
		return rule
	}
	return HoldField
}

// engine names the detectors. It is part of the policy's hash and grows with
// every change that can change what is found or how it is masked.
const engine = "structured@1"

// hash returns the SHA-256 of everything but the key that decides what passes:
// the policy, the allow-lists and the version of the detectors.
func (o Options) hash() string {
	doc := struct {
		Engine     string                     `json:"engine"`
		Policy     Policy                     `json:"policy"`
		AllowLines map[record.UnitID][]string `json:"allow_lines"`
		Hotlines   []string                   `json:"hotlines"`
	}{engine, o.Policy, map[record.UnitID][]string{}, sorted(o.Hotlines)}
	for unit, lines := range o.AllowLines {
		doc.AllowLines[unit] = sorted(lines)
	}
	b, err := json.Marshal(doc) // writes the keys of maps in order
	if err != nil {
		panic(err) // the types above always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sorted returns a sorted copy of s without repetitions.
func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}
