package release

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// MovedPages is the hidden entry of a pack that says which of its pages lead on to
// another: of a case that was merged into another one. It is a [Move] a line, and loses a
// line when one of the two cases is withdrawn.
const MovedPages = reserved + "/moved.jsonl"

// Move says where a page of a case leads on to.
type Move struct {
	Number string `json:"number"` // of the case
	Into   string `json:"into"`   // of the case that it was merged into
	Page   string `json:"page"`
	To     string `json:"to"` // page of that case
}

// EncodeMoves writes [MovedPages].
func EncodeMoves(moves []Move) ([]byte, error) {
	var b bytes.Buffer
	for i := range moves {
		m := &moves[i]
		if err := m.check(); err != nil {
			return nil, err
		}
		line, err := json.Marshal(m)
		if err != nil {
			return nil, err
		}
		b.Write(append(line, '\n'))
	}
	return b.Bytes(), nil
}

// check says what is wrong with a move.
func (m *Move) check() error {
	if !validNumber(m.Number) || !validNumber(m.Into) || m.Number == m.Into {
		return fmt.Errorf("the page %q of %q leads on to %q, which is no other case", m.Page, m.Number, m.Into)
	}
	for _, name := range []string{m.Page, m.To} {
		if err := checkName(name); err != nil {
			return err
		}
	}
	return nil
}

// moves reads which pages of the pack lead on to which.
func (p *pack) moves() (map[string]Move, error) {
	if p.movedAt < 0 {
		return nil, nil
	}
	r, err := p.record(p.movedAt)
	if err != nil {
		return nil, err
	}
	body, err := plain(p.raw(&r), r.method == methodDeflate, r.size, r.crc, r.sum)
	if err != nil {
		return nil, err
	}
	moves := map[string]Move{}
	for line := range bytes.Lines(body) {
		var m Move
		if err := decodeStrict(line, &m); err != nil {
			return nil, fmt.Errorf("%s: %w", MovedPages, err)
		}
		if err := m.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", MovedPages, err)
		}
		moves[m.Page] = m
	}
	return moves, nil
}

// Moved returns the page that a page of this view leads on to, or "" where it leads
// nowhere: neither does one that leads to a case which is withdrawn.
func (v *View) Moved(e Entry) (to string, err error) {
	if e.pack == nil || e.pack.moved == nil {
		return "", nil
	}
	moves, err := e.pack.moved()
	if err != nil {
		return "", damaged("a pack", err)
	}
	m, ok := moves[e.Name]
	if !ok || v.gone[m.To] != nil || v.gone[m.Page] != nil {
		return "", nil
	}
	return m.To, nil
}
