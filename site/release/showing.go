package release

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Showing looks for cases in every pack of every kept release, and returns the path of
// each file on the disk that shows one of them, sorted: one too that no reader is given,
// because it waits to be erased. Of a case that was withdrawn there is none. It reads the
// list of cases of each pack and nothing else. With an error the list is that of what could
// be read.
func (s *Store) Showing(ctx context.Context, numbers []string) (files []string, err error) {
	st, err := s.readState()
	if err != nil {
		return nil, err
	}
	names, _, lost := s.needed(st.pointer)
	wanted := map[string]bool{}
	for _, n := range numbers {
		if !validNumber(n) {
			return nil, fmt.Errorf("%q is no case number", n)
		}
		wanted[n] = true
	}
	packs := slices.Sorted(maps.Keys(names))
	found, errs := s.eachPack(ctx, packs, func(name string) ([]string, error) {
		return s.touchedBy(st.overlay.file(name), sought{numbers: wanted})
	})
	files = slices.Concat(found...)
	slices.Sort(files)
	return slices.Compact(files), errors.Join(lost, errors.Join(errs...))
}
