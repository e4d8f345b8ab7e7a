package fts

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"

	"github.com/huiyin/huiyin/search"
)

// Check reads the whole index, and returns an error that wraps
// [search.ErrUnavailable] when its parts do not agree: the file, the rows, and
// the lists, which it compares with the texts token by token. It takes minutes
// for a million documents. Changes and searches may go on meanwhile.
func (x *Index) Check(ctx context.Context) error {
	return x.read(ctx, func(g *generation, c *conn) error {
		k := &checker{ctx: ctx, g: g, c: c, seed: maphash.MakeSeed()}
		for _, part := range []func() error{k.file, k.texts, k.lists} {
			if err := part(); err != nil {
				return err
			}
		}
		if k.tokens != 0 {
			return damaged(g.path, errors.New("the lists are not those of the texts"))
		}
		return nil
	})
}

// checker is a Check at work.
type checker struct {
	ctx  context.Context
	g    *generation
	c    *conn
	seed maphash.Seed

	live    set // documents whose tokens are in the lists
	settled int64
	// tokens is the sum of the hashes of all places of tokens by the texts, less
	// those of the lists.
	tokens uint64
}

// file asks SQLite, and counts.
func (k *checker) file() error {
	var said string
	if err := k.c.row(`PRAGMA integrity_check(1)`, nil, &said); err != nil {
		return err
	}
	if said != "ok" {
		return damaged(k.g.path, errors.New(said))
	}
	for _, query := range []string{
		`SELECT (SELECT count(*) FROM doc) <> docs FROM state`,
		`SELECT coalesce(max(ord), 0) > (SELECT last FROM state) FROM body`,
		`SELECT count(*) FROM doc WHERE NOT EXISTS (SELECT 1 FROM body WHERE body.ord = doc.ord AND length(texts) > 0)`,
		`SELECT count(*) FROM body WHERE length(texts) > 0 AND NOT EXISTS (SELECT 1 FROM doc WHERE body.ord = doc.ord)`,
		`SELECT count(*) FROM dead WHERE ord IN (SELECT ord FROM doc)`,
	} {
		var bad bool
		if err := k.c.row(query, nil, &bad); err != nil {
			return err
		}
		if bad {
			return damaged(k.g.path, errors.New("rows do not agree: "+query))
		}
	}
	return nil
}

// texts adds the tokens of all texts that are in the lists.
func (k *checker) texts() error {
	var last int64
	if err := k.c.row(`SELECT settled, last FROM state`, nil, &k.settled, &last); err != nil {
		return err
	}
	k.live = make(set, last/64+1)
	var ord int64
	var body []byte
	var units []search.Unit
	var key []byte
	return k.c.each(`SELECT d.ord, b.texts FROM doc d JOIN body b USING (ord) WHERE d.ord <= ? ORDER BY d.ord`, []any{k.settled}, []any{&ord, &body}, func() error {
		if err := k.ctx.Err(); err != nil {
			return err
		}
		texts, err := k.g.texts.unpack(k.g.schema.Text, body)
		if err != nil {
			return err
		}
		k.live.add(uint32(ord))
		for f, name := range k.g.schema.Text {
			units = search.AppendUnits(units[:0], texts[name])
			place := uint32(0)
			for i, u := range units {
				key = appendUnit(key[:0], u.Text)
				apart := i+1 == len(units) || units[i+1].After
				if apart {
					key = append(key, separator)
				} else {
					key = appendUnit(key, units[i+1].Text)
				}
				k.tokens += k.hash(append(key, byte(f)), uint32(ord), place)
				place++
				if apart {
					place++
				}
			}
		}
		return nil
	})
}

func (k *checker) hash(key []byte, ord, place uint32) uint64 {
	return maphash.Bytes(k.seed, binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(key, ord), place))
}

// lists takes off the tokens of all lists.
func (k *checker) lists() error {
	runs, err := loadRuns(k.c, 0, nil)
	if err != nil {
		return err
	}
	for _, r := range runs.all {
		src := &runSource{c: k.c, run: r}
		for i := range r.blocks {
			if err := k.ctx.Err(); err != nil {
				return err
			}
			docs, places, _, err := src.next()
			if err != nil {
				return err
			}
			if err := k.block(r, i, docs, places); err != nil {
				return err
			}
		}
	}
	return nil
}

// block takes off the tokens of a block, and looks at its order and bounds.
func (k *checker) block(r *run, i int, docs, where []byte) error {
	var br blockReader
	var ords []uint32
	var key []byte
	var at places
	for br.reset(docs, where); br.next(); {
		if string(br.key) < string(r.bound(i)) || i+1 < len(r.blocks) && string(br.key) > string(r.bound(i+1)) {
			return damaged(k.g.path, fmt.Errorf("a list is not within the bounds of block %d of run %d", i, r.id))
		}
		var err error
		if ords, err = readDocs(ords[:0], br.posting.docs, br.n); err != nil {
			return err
		}
		if err := at.reset(br.posting.places, br.n); err != nil {
			return err
		}
		for j, ord := range ords {
			if ord <= r.lo || ord > r.hi {
				return damaged(k.g.path, fmt.Errorf("a document is not of run %d", r.id))
			}
			if w := int(ord / 64); w >= len(k.live) || k.live[w]>>(ord%64)&1 == 0 {
				continue
			}
			for _, place := range at.of(j) {
				key = append(key[:0], br.key...)
				k.tokens -= k.hash(key, ord, place)
			}
		}
		if at.err != nil {
			return at.err
		}
	}
	return br.err
}
