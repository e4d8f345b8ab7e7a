package pages_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestNamesOfRowsThatAreKeptBack looks for names that an export gave in the
// columns of cases: where no published row names them, an accusation may have.
func TestNamesOfRowsThatAreKeptBack(t *testing.T) {
	c := newCity(8)
	c.reg.Areas = append(c.reg.Areas,
		record.Area{Code: "a-upper", Name: "KEEP上级区", Derived: true}, record.Area{Code: "a-row", Name: "KEEP行内街道", Parent: "a-upper", Derived: true},
		record.Area{Code: "a-hidden", Name: "HIDE街道", Derived: true}, record.Area{Code: "a-of-unit", Name: "KEEP登记街道", Derived: true})
	c.reg.Units = append(c.reg.Units,
		record.Unit{ID: "u-row", Name: "KEEP行内单位", Derived: true}, record.Unit{ID: "u-helps", Name: "KEEP协办单位", Derived: true},
		record.Unit{ID: "u-hidden", Name: "HIDE单位", Derived: true}, record.Unit{ID: "u-registered", Name: "KEEP登记单位", Area: "a-of-unit"})
	c.reg.Topics = append(c.reg.Topics,
		record.Topic{ID: "t-row", Name: "KEEP类别", Derived: true}, record.Topic{ID: "t-hidden", Name: "HIDE类别", Derived: true},
		record.Topic{ID: "t-registered", Name: "KEEP登记类别"})
	c.reg.Channels = append(c.reg.Channels,
		record.Channel{ID: "c-row", Name: "KEEP渠道", Derived: true}, record.Channel{ID: "c-hidden", Name: "HIDE渠道", Derived: true})
	k := c.at(t, "2609-000001")
	k.Unit, k.Area, k.Topic, k.Channel, k.CoUnits = "u-row", "a-row", "t-row", "c-row", []record.UnitID{"u-helps"}

	s := build(t, plan(t, c, options(t)))
	var all strings.Builder
	for path, p := range s.pages {
		js, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(path + "\n" + string(js) + "\n")
	}
	for path, f := range s.files {
		all.WriteString(path + "\n" + string(f.Body) + "\n")
	}
	for _, hidden := range []string{"HIDE", "a-hidden", "u-hidden", "t-hidden", "c-hidden"} {
		if strings.Contains(all.String(), hidden) {
			t.Errorf("%q is published, and no published row names it", hidden)
		}
	}
	for _, kept := range []string{
		"KEEP上级区", "KEEP行内街道", "KEEP登记街道", "KEEP行内单位", "KEEP协办单位", "KEEP登记单位", "KEEP类别", "KEEP登记类别", "KEEP渠道",
	} {
		if !strings.Contains(all.String(), kept) {
			t.Errorf("%q is published nowhere", kept)
		}
	}
	if len(c.reg.Units) != 8 {
		t.Error("the plan changed the register of its reader")
	}
}
