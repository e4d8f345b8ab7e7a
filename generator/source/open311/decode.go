package open311

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/source"
)

// item is what one request or service says, evened out.
type item struct {
	json []byte
	id   string // "" where it states none
	day  int64  // on which it was made, counted from 1970 in UTC
	when bool   // whether it states that day

	at       int64 // the second in which it was made
	zone     int64 // of that time, in seconds; 0 also where none is stated
	fraction bool  // it states less than a second
}

// name tells an item from others.
func (it item) name() string {
	if it.id == "" {
		return string(it.json)
	}
	return it.id
}

// decoder reads answers. It is for one goroutine.
type decoder struct {
	lists    []string // names under which items stand, outside and inside
	marks    []string // a value that has one of these members is an item
	id       string   // the member that tells them apart
	personal int64    // members that were dropped because they are about a person
	flagged  int64    // items that contradict themselves
}

func requestDecoder() *decoder {
	return &decoder{
		lists: []string{"service_requests", "requests", "service_request", "request"},
		marks: []string{requestID, "service_code", requested},
		id:    requestID,
	}
}

func serviceDecoder() *decoder {
	return &decoder{lists: []string{"services", "service"}, marks: []string{"service_code"}, id: "service_code"}
}

// Names of the standard, and those that are added here. A server's own names never
// begin with an underscore: they are dropped.
const (
	requestID = "service_request_id"
	requested = "requested_datetime"
	updated   = "updated_datetime"
	agency    = "agency_responsible"

	otherAgencies = "_other_agencies"
	flags         = "_flags"
)

// The flag of a request that was changed before it was made.
const flagUpdatedBefore = "updated-before-requested"

const (
	maxBody  = 32 << 20 // bytes of an answer
	maxParts = 1 << 19  // values in it
)

var (
	errLarge  = errors.New("the answer is too large")
	errAnswer = errors.New("the answer is no list of this kind")
)

// decode reads an answer. What it is, its first character says: servers ignore what was
// asked for, and name one form in the header and send another. No error shows anything of
// the answer.
func (d *decoder) decode(body []byte) ([]item, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) == 0 {
		return nil, nil
	}
	if len(body) > maxBody {
		return nil, errLarge
	}
	// Each value but the first follows one of these, and each attribute and element has one.
	parse, signs := source.ParseJSON, ",[{"
	if body[0] == '<' {
		parse, signs = parseXML, "=<"
	}
	parts := 0
	for i := range len(signs) {
		parts += bytes.Count(body, []byte(signs[i:i+1]))
	}
	if parts > maxParts {
		return nil, errLarge
	}
	n, err := parse(body)
	if err != nil {
		return nil, err
	}
	var items []item
	if err := d.collect(&n, &items); err != nil {
		return nil, err
	}
	return items, nil
}

// collect appends the items of a list, however many lists and objects stand around it.
func (d *decoder) collect(n *source.Node, items *[]item) error {
	switch n.Kind {
	case source.Null:
		return nil
	case source.String:
		if strings.TrimSpace(n.Text) == "" { // an empty element
			return nil
		}
	case source.Array:
		for i := range n.Items {
			if err := d.collect(&n.Items[i], items); err != nil {
				return err
			}
		}
		return nil
	case source.Object:
		if len(n.Items) == 0 {
			return nil
		}
		for _, mark := range d.marks {
			if _, ok := n.Member(mark); ok {
				if it, ok := d.item(n); ok {
					*items = append(*items, it)
				}
				return nil
			}
		}
		found := false
		for _, list := range d.lists {
			if in, ok := n.Member(list); ok {
				found = true
				if err := d.collect(in, items); err != nil {
					return err
				}
			}
		}
		if found {
			return nil
		}
	}
	return errAnswer
}

// item evens out one value and looks at what it says about itself. It reports whether
// anything is left.
func (d *decoder) item(n *source.Node) (item, bool) {
	v, ok := d.even(n, "", true)
	if !ok {
		return item{}, false
	}
	agencies(&v)
	it := item{id: text(&v, d.id)}
	at, ok := moment(text(&v, requested))
	if ok {
		_, zone := at.Zone()
		it.day, it.when = floorDay(at.Unix()), true
		it.at, it.zone, it.fraction = at.Unix(), int64(zone), at.Nanosecond() > 0
		if to, ok := moment(text(&v, updated)); ok && to.Before(at) {
			d.flagged++
			set(&v, flags, source.Node{Kind: source.Array, Items: []source.Node{{Kind: source.String, Text: flagUpdatedBefore}}})
		}
	}
	it.json = appendJSON(nil, &v)
	return it, true
}

// even returns a value in the form that all servers' values have here, and whether
// anything is left of it: scalars are texts with the characters as they were sent; white
// space around them, and what is empty, goes; a list of one scalar is the scalar; a list
// that stands in an object by its singular, as XML has it, is the list; members stand in
// the order of their names. Members about a person are dropped.
func (d *decoder) even(n *source.Node, name string, top bool) (source.Node, bool) {
	switch n.Kind {
	case source.Bool, source.Number:
		return source.Node{Kind: source.String, Text: n.Text}, true
	case source.String:
		s := n.Text
		if strings.Contains(s, "\r") {
			s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
		}
		s = strings.TrimSpace(s)
		return source.Node{Kind: source.String, Text: s}, s != ""
	case source.Array:
		return list(d.evenAll(n.Items))
	case source.Object:
		v := source.Node{Kind: source.Object}
		order := make([]int, len(n.Names))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(n.Names[a], n.Names[b]) })
		for _, i := range order {
			switch {
			case personal(n.Names[i]):
				d.personal++
			case top && strings.HasPrefix(n.Names[i], "_"):
			default:
				if m, ok := d.even(&n.Items[i], n.Names[i], false); ok {
					v.Names, v.Items = append(v.Names, n.Names[i]), append(v.Items, m)
				}
			}
		}
		if len(v.Items) == 1 && v.Names[0]+"s" == name {
			if v.Items[0].Kind == source.Array {
				return v.Items[0], true
			}
			return list(v.Items)
		}
		return v, len(v.Items) > 0
	}
	return source.Node{}, false
}

func (d *decoder) evenAll(in []source.Node) []source.Node {
	var out []source.Node
	for i := range in {
		if m, ok := d.even(&in[i], "", false); ok {
			out = append(out, m)
		}
	}
	return out
}

// list returns evened items as a list, or as the scalar that is the only one.
func list(items []source.Node) (source.Node, bool) {
	if len(items) == 1 && items[0].Kind != source.Object {
		return items[0], true
	}
	return source.Node{Kind: source.Array, Items: items}, len(items) > 0
}

// agencies makes a text of the bodies responsible, which one server sends as an object
// with a list. The first is the one; the others, a line each, stand beside it.
func agencies(v *source.Node) {
	m, ok := v.Member(agency)
	if !ok || m.Kind == source.String {
		return
	}
	in := m
	if in.Kind == source.Array && len(in.Items) == 1 {
		in = &in.Items[0]
	}
	if in.Kind == source.Object {
		if in, ok = in.Member("recipient"); !ok {
			return
		}
	}
	var names []string
	switch in.Kind {
	case source.String:
		names = []string{in.Text}
	case source.Array:
		for i := range in.Items {
			if in.Items[i].Kind == source.String {
				names = append(names, in.Items[i].Text)
			}
		}
	}
	if len(names) == 0 {
		return
	}
	*m = source.Node{Kind: source.String, Text: names[0]}
	if len(names) > 1 {
		set(v, otherAgencies, source.Node{Kind: source.String, Text: strings.Join(names[1:], "\n")})
	}
}

// set adds a member in its place.
func set(v *source.Node, name string, m source.Node) {
	i, _ := slices.BinarySearch(v.Names, name)
	v.Names, v.Items = slices.Insert(v.Names, i, name), slices.Insert(v.Items, i, m)
}

func text(v *source.Node, name string) string {
	m, ok := v.Member(name)
	if !ok || m.Kind != source.String {
		return ""
	}
	return m.Text
}

// moment reads a time as servers write it. One that states no zone is read as UTC: it is
// only compared with others of its kind.
func moment(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

const daySeconds = 24 * 60 * 60

// floorDay returns the day of a time, counted from 1970 in UTC.
func floorDay(at int64) int64 {
	d := at / daySeconds
	if at < 0 && at%daySeconds != 0 {
		d--
	}
	return d
}

// persons are names of members about whoever asked or about a device.
var persons = map[string]bool{
	"name": true, "firstname": true, "lastname": true, "middlename": true, "fullname": true, "surname": true, "username": true,
	"deviceid": true, "accountid": true, "userid": true, "birthdate": true, "fax": true,
}

// personParts are parts of such names.
var personParts = []string{"requestor", "requester", "reporter", "submitter", "complainant", "citizen", "contact", "email", "phone", "mobile"}

// personal reports whether a member is about a person by its name. Letter case, hyphens
// and underscores do not matter.
func personal(name string) bool {
	s := strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == '-' || r == '.' || r == ' ':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
	return persons[s] || slices.ContainsFunc(personParts, func(p string) bool { return strings.Contains(s, p) })
}

// appendJSON writes an evened value. The same value gives the same bytes.
func appendJSON(b []byte, n *source.Node) []byte {
	switch n.Kind {
	case source.Array:
		b = append(b, '[')
		for i := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, &n.Items[i])
		}
		return append(b, ']')
	case source.Object:
		b = append(b, '{')
		for i := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, n.Names[i]), ':')
			b = appendJSON(b, &n.Items[i])
		}
		return append(b, '}')
	}
	return appendString(b, n.Text)
}

func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += n
			continue
		}
		i++
	}
	return append(b, '"')
}

// hash is the first eight bytes of a SHA-256: enough to tell a million items apart, and
// nothing that an item could be read from.
func hash(b []byte) uint64 {
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint64(sum[:8])
}
