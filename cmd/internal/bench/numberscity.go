package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// The size of the installation whose numbers are measured.
const (
	numbersUnits  = 930
	numbersMonths = 46
	numbersAreas  = 120
)

// numbersEnd is the cut-off of the made-up cases.
func numbersEnd() record.Day { return record.Date(2026, 10, 31) }

// numbersCity is a made-up installation: cases of 46 months, each with a reply of some
// 300 characters that its unit has written before, or not.
type numbersCity struct {
	r     *rand.Rand
	cases int
	stock [][]string // replies that units use again
}

// clauses are what replies are made of.
var clauses = strings.Split("接到您反映的情况后我单位高度重视立即安排工作人员到现场查看|经现场核实该处路面确有破损并有少量积水影响附近居民出行|我单位已联系养护企业安排人员和材料对破损部位进行修补|目前修补工作已经完成现场已恢复平整并清理了施工余料|因该路段地下管线较多修补前须先与燃气和供水企业核对位置|下一步我单位将增加该路段的巡查次数发现问题及时处置|涉及的路灯线路老化我单位已列入本季度更换计划并安排专人跟进|经与物业服务企业沟通其已承诺加强夜间管理并张贴提示|关于噪声问题我单位已约谈经营者并要求其调整营业时间|该处绿化带内的垃圾已由环卫作业人员清运完毕|您提出的增设座椅的建议我单位将在年度改造中一并考虑|公交线路调整须经客流调查和征求意见后方可实施|学校周边的交通疏导由值勤人员在上下学时段负责|停车位不足的问题我单位正与周边单位协商错时共享|井盖松动的部位已更换防沉降井盖并做了加固|消防通道内的障碍物已经清除并重新划设标线|您反映的办理手续问题窗口人员已向您作了说明并补办完毕|该项目的规划许可内容已在现场公示牌上公开|供水水压偏低是因为二次供水设备检修现已恢复正常|再次感谢您对我们工作的关心和支持", "|")

func newNumbersCity(cases int, seed uint64) *numbersCity {
	c := &numbersCity{r: rand.New(rand.NewPCG(seed, 46)), cases: cases}
	for range numbersUnits {
		var own []string
		for range 8 {
			own = append(own, c.reply())
		}
		c.stock = append(c.stock, own)
	}
	return c
}

// reply makes up a reply of ten clauses.
func (c *numbersCity) reply() string {
	var b strings.Builder
	for _, i := range c.r.Perm(len(clauses))[:10] {
		b.WriteString(clauses[i])
		b.WriteString("。")
	}
	return b.String()
}

func (c *numbersCity) pick(words ...string) string { return words[c.r.IntN(len(words))] }

// registers are the units, each but ten below another, areas, topics and channels.
func (c *numbersCity) registers() (all []source.Raw) {
	add := func(kind source.Kind, key string, fields ...string) {
		raw := source.Raw{Kind: kind, Key: key, Fields: map[string]string{}}
		for i := 0; i < len(fields); i += 2 {
			raw.Fields[fields[i]] = fields[i+1]
		}
		all = append(all, raw)
	}
	for i := range numbersUnits {
		fields := []string{"name", fmt.Sprintf("第%d管理处", i), "unit_kind", "department", "level", "3", "area", c.area(i % numbersAreas)}
		if i >= 10 {
			fields = append(fields, "parent", fmt.Sprintf("u-%03d", i%10))
			fields[5] = "4"
		}
		add(source.Unit, fmt.Sprintf("u-%03d", i), fields...)
	}
	add(source.Area, "990100", "name", "示例市")
	for i := range numbersAreas {
		add(source.Area, c.area(i), "name", fmt.Sprintf("第%d街道", i), "parent", "990100", "residents", fmt.Sprint(20000+i*100))
	}
	for i := range 40 {
		add(source.Topic, fmt.Sprintf("t-%02d", i), "name", fmt.Sprintf("领域%d", i))
	}
	for i, name := range []string{"热线", "网站", "市长信箱", "来访", "微信", "来信"} {
		add(source.Channel, fmt.Sprintf("c-%d", i), "name", name)
	}
	return all
}

func (c *numbersCity) area(i int) string { return fmt.Sprintf("990101%03d", i+1) }

// raw makes up one case received in the month.
func (c *numbersCity) raw(n int, month record.Month) source.Raw {
	received := month.First() + record.Day(c.r.IntN(28))
	unit := c.r.IntN(numbersUnits)
	f := map[string]string{
		"received": received.String(), "due": (received + 15).String(), "unit": fmt.Sprintf("u-%03d", unit), "area": c.area(c.r.IntN(numbersAreas)),
		"channel": fmt.Sprintf("c-%d", c.r.IntN(6)), "topic": fmt.Sprintf("t-%02d", c.r.IntN(40)), "kind": c.pick("help", "complain", "suggest", "consult"),
		"title": c.pick("路面破损", "路灯不亮", "噪声扰民", "垃圾未清", "停车困难"), "question": "请有关部门看看这个问题，已经有一段时间了。", "status": "handling", "replied": "", "closed": "",
	}
	first := received + record.Day(c.r.IntN(4))
	replied := received + record.Day(1+c.r.IntN(20)) + record.Day(c.r.IntN(2)*c.r.IntN(40))
	if first <= numbersEnd() {
		f["first_response"] = first.String()
	}
	if replied <= numbersEnd() && c.r.IntN(20) > 0 {
		f["replied"], f["status"] = replied.String(), "replied"
		if c.r.IntN(2) == 0 {
			f["reply"] = c.stock[unit][c.r.IntN(8)]
		} else {
			f["reply"] = c.reply()
		}
		if c.r.IntN(20) == 0 {
			f["reply"] += "我们将在" + (replied + 30).String() + "前完成整治。"
		}
		if closed := replied + record.Day(c.r.IntN(6)); closed <= numbersEnd() {
			f["closed"], f["status"] = closed.String(), "closed"
		}
		if c.r.IntN(3) == 0 {
			f["rating"], f["rating_scale"], f["rating_source"] = fmt.Sprint(1+c.r.IntN(5)), "five", c.pick("citizen", "callback")
		}
	}
	return source.Raw{Kind: source.Case, Key: numbersKey(n), Fields: f}
}

func numbersKey(n int) string { return fmt.Sprintf("N-%07d", n) }

func numbersGate() (*gate.Gate, error) {
	return gate.New(gate.Options{Key: bytes.Repeat([]byte{46}, 32)})
}

// makeNumbersCity writes a configuration and a store with the cases into an empty folder.
func makeNumbersCity(ctx context.Context, dir string, cases int, seed uint64) error {
	err := os.WriteFile(filepath.Join(dir, "huiyin.yaml"), []byte("version: 1\nsite:\n  name: 示例市诉求公开\n  base_url: https://www.example.org/\n"), 0o644)
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "state"), 0o700); err != nil {
		return err
	}
	db, err := store.Open(filepath.Join(dir, "state", "store.db"), store.Options{Now: time.Now})
	if err != nil {
		return err
	}
	defer db.Close()
	c := newNumbersCity(cases, seed)
	if err := storeRaws(ctx, db, "registers", c.registers()); err != nil {
		return err
	}
	for m := range numbersMonths {
		month := numbersEnd().Month() - record.Month(numbersMonths-1-m)
		var raws []source.Raw
		for n := cases * m / numbersMonths; n < cases*(m+1)/numbersMonths; n++ {
			raws = append(raws, c.raw(n, month))
		}
		if err := storeRaws(ctx, db, month.String(), raws); err != nil {
			return err
		}
	}
	return nil
}

// storeRaws clears records, all processors at once, and stores them as one batch.
func storeRaws(ctx context.Context, db *store.DB, name string, raws []source.Raw) error {
	g, err := numbersGate()
	if err != nil {
		return err
	}
	const workers = 4
	cleared := make([]gate.Cleared, len(raws))
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(raws); i += workers {
				cleared[i], _ = g.Clear(raws[i], numbersEnd())
			}
		})
	}
	wait.Wait()
	return db.Batch(ctx, name, sha256.Sum256([]byte(name)), numbersEnd(), nil, func(put func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error {
		for i, c := range cleared {
			if !c.Valid() {
				return fmt.Errorf("the made-up record %s is not cleared", raws[i].Key)
			}
			if _, _, err := put(c, ""); err != nil {
				return err
			}
		}
		return nil
	})
}
