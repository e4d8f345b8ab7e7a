package open311

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// Services is the feed of the services of a server, which are a register of topics: a
// spool.Feed. All of them are delivered when one has changed. It is for one goroutine.
type Services struct {
	up  upstream
	now func() time.Time
	dec *decoder
}

// NewServices returns the feed of a server's services. now is asked once a walk; its zone
// is the office's.
func NewServices(o Options, do Doer, now func() time.Time) (*Services, error) {
	if o.Since != "" {
		return nil, wrong("since", "has no meaning for services", "remove it")
	}
	up, err := newUpstream(o, do)
	if err != nil {
		return nil, err
	}
	return &Services{up, now, serviceDecoder()}, nil
}

// servicesState is what the opaque state of a feed of services holds.
type servicesState struct {
	Format int    `json:"format"`
	Hash   string `json:"hash"` // of all of them
}

// Fetch asks for the services.
func (s *Services) Fetch(ctx context.Context, raw []byte, page func(source.Page) error) (source.Walk, error) {
	var st servicesState
	if len(raw) > 0 {
		if err := decodeState(raw, &st); err != nil {
			return source.Walk{}, err
		}
		if st.Format != stateFormat {
			return source.Walk{}, badState(errFormat)
		}
	}
	walk := source.Walk{AsOf: s.now().Format(time.DateOnly), State: raw}
	before := s.dec.personal
	items, why, err := s.up.ask(ctx, s.up.address("services", nil), s.dec)
	switch {
	case err != nil:
		return source.Walk{}, err
	case why != "":
		return source.Walk{}, fault.New("the Open311 server gives no list of services that can be read",
			"it is asked again in the next run; ask whoever runs the server, and check endpoint and format")
	}
	walk.Personal = s.dec.personal - before
	// The order is the server's whim; an entry that stands twice is one.
	slices.SortFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.id, b.id), slices.Compare(a.json, b.json))
	})
	items = slices.CompactFunc(items, func(a, b item) bool { return a.id == b.id })
	h := sha256.New()
	p := source.Page{}
	for _, it := range items {
		h.Write(append(it.json, '\n'))
		p.Items = append(p.Items, it.json)
	}
	st = servicesState{stateFormat, hex.EncodeToString(h.Sum(nil))}
	if walk.State, err = json.Marshal(st); err != nil {
		return source.Walk{}, err
	}
	if string(walk.State) == string(raw) || len(items) == 0 {
		return walk, nil
	}
	p.State = walk.State
	return walk, page(p)
}
