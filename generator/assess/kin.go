package assess

import (
	"cmp"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// kin is which unit stands above which, and which has taken the place of which, in a view
// of a ranking. Registers that contradict themselves, with circles, are read in time that
// is in proportion to them, and always in the same way.
type kin struct {
	ids   []record.UnitID // sorted
	byID  map[record.UnitID]record.Unit
	heirs map[record.UnitID]record.UnitID
}

func newKin(register []record.Unit, view View, cutoff record.Day) *kin {
	k := &kin{byID: make(map[record.UnitID]record.Unit, len(register)), heirs: map[record.UnitID]record.UnitID{}}
	for _, u := range register {
		k.byID[u.ID] = u
	}
	k.ids = slices.Sorted(maps.Keys(k.byID))
	if view == AsItIs {
		k.succeed(cutoff)
	}
	return k
}

// succeed finds for each unit the one that has taken its place at the cut-off: the last of
// its successors. A unit whose successor is not in the register, or that was divided among
// several and therefore has none, stays itself. Where successors go round in a circle, the
// cases of all are those of the first of the circle by identifier.
func (k *kin) succeed(cutoff record.Day) {
	next := func(id record.UnitID) record.UnitID {
		u := k.byID[id]
		if _, ok := k.byID[u.Successor]; !ok || !u.To.Known() || u.To >= cutoff {
			return ""
		}
		return u.Successor
	}
	for _, id := range k.ids {
		path, on := []record.UnitID(nil), map[record.UnitID]int{}
		for k.heirs[id] == "" {
			if from, circle := on[id]; circle {
				k.heirs[id] = slices.Min(path[from:])
				break
			}
			on[id] = len(path)
			path = append(path, id)
			to := next(id)
			if to == "" {
				k.heirs[id] = id
				break
			}
			id = to
		}
		heir := k.heirs[id]
		for _, p := range path {
			k.heirs[p] = heir
		}
	}
}

// Heirs returns for each unit whose place another of the register has taken at the cut-off
// that other one: the last of its successors, as rankings as it is have it.
func Heirs(register []record.Unit, cutoff record.Day) map[record.UnitID]record.UnitID {
	k := newKin(register, AsItIs, cutoff)
	maps.DeleteFunc(k.heirs, func(id, heir record.UnitID) bool { return id == heir })
	return k.heirs
}

// heir returns the unit for which the cases of one in the register count.
func (k *kin) heir(id record.UnitID) record.UnitID { return cmp.Or(k.heirs[id], id) }

// parent returns the unit above one: that which has taken the place of its parent, or,
// where that is the unit itself, of the parent's parent; "" where there is none in the
// register.
func (k *kin) parent(id record.UnitID) record.UnitID {
	seen := map[record.UnitID]bool{}
	for up := k.byID[id].Parent; !seen[up]; up = k.byID[up].Parent {
		if _, ok := k.byID[up]; !ok {
			return ""
		}
		if heir := k.heir(up); heir != id {
			return heir
		}
		seen[up] = true
	}
	return ""
}

// cutCircles takes the parent away from the first node by identifier of each circle of
// parents.
func cutCircles(nodes map[record.UnitID]*rankNode) {
	done := map[record.UnitID]bool{}
	for _, id := range slices.Sorted(maps.Keys(nodes)) {
		path, on := []record.UnitID(nil), map[record.UnitID]int{}
		for n := nodes[id]; n != nil && !done[n.id]; n = nodes[n.parent] {
			if from, circle := on[n.id]; circle {
				nodes[slices.Min(path[from:])].parent = ""
				break
			}
			on[n.id] = len(path)
			path = append(path, n.id)
		}
		for _, p := range path {
			done[p] = true
		}
	}
}

// bottomUp returns the nodes, of which no circle is left, so that each comes after all
// below it, and of one depth in the order of their identifiers.
func bottomUp(nodes map[record.UnitID]*rankNode) []*rankNode {
	depths := map[record.UnitID]int{"": -1}
	for id := range nodes {
		var path []record.UnitID
		at := id
		for ; ; at = nodes[at].parent {
			if _, ok := depths[at]; ok {
				break
			}
			path = append(path, at)
		}
		d := depths[at]
		for _, p := range slices.Backward(path) {
			d++
			depths[p] = d
		}
	}
	order := slices.Collect(maps.Values(nodes))
	slices.SortFunc(order, func(x, y *rankNode) int {
		return cmp.Or(cmp.Compare(depths[y.id], depths[x.id]), cmp.Compare(x.id, y.id))
	})
	return order
}
