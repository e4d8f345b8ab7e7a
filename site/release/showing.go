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
// list of cases of each pack and nothing else, and takes no lock: when the store changes
// while it reads, it looks again. With an error the list is that of what could be read.
func (s *Store) Showing(ctx context.Context, numbers []string) ([]string, error) {
	wanted := map[string]bool{}
	for _, n := range numbers {
		if !validNumber(n) {
			return nil, fmt.Errorf("%q is no case number", n)
		}
		wanted[n] = true
	}
	for {
		before, err := s.readState()
		if err != nil {
			return nil, err
		}
		files, err := s.showing(ctx, before, wanted)
		if len(files) == 0 && err == nil || ctx.Err() != nil {
			return files, err
		}
		if after, stateErr := s.readState(); stateErr != nil || after.same(before) {
			return files, err
		}
	}
}

// showing is Showing in the packs of one state.
func (s *Store) showing(ctx context.Context, st *state, wanted map[string]bool) (files []string, err error) {
	names, _, lost := s.needed(st.pointer)
	found, errs := s.eachPack(ctx, slices.Sorted(maps.Keys(names)), func(name string) ([]string, error) {
		return s.touchedBy(st.overlay.file(name), sought{numbers: wanted})
	})
	files = slices.Concat(found...)
	slices.Sort(files)
	return slices.Compact(files), errors.Join(lost, errors.Join(errs...))
}
