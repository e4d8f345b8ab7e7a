package gate_test

import (
	"bytes"
	"fmt"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Look through one text: what is personal in it, and how it may be shown.
func ExampleGate_Check() {
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32)}) // the key makes the hashes of findings
	if err != nil {
		fmt.Println(err)
		return
	}
	checked := g.Check(gate.Citizen, "我的电话是138 1234 5678，也可以打12345。", record.Date(2026, 11, 20))
	fmt.Println(checked.Masked)
	for _, f := range checked.Findings {
		fmt.Println(f.Type, f.Start, f.End, f.Action)
	}
	fmt.Println(checked.Clean())
	// Output:
	// 我的电话是138****5678，也可以打12345。
	// mobile 15 28 mask
	// false
}

// Clear a case: its texts come out masked, and the row beside them.
func ExampleGate_Clear() {
	g, err := gate.New(gate.Options{
		Key: bytes.Repeat([]byte{7}, 32),
		Allow: []gate.Allow{{
			Kind: gate.Landline, Value: "028-81234567", Unit: "u-lamp", Owner: "信息科", Reason: "对外公布的值班电话",
			From: record.Date(2026, 1, 1), Until: record.Date(2028, 12, 31),
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	cleared, verdict := g.Clear(source.Raw{Kind: source.Case, Key: "2026-0001", Fields: map[string]string{
		source.FieldKind: "help", source.FieldUnit: "u-lamp", source.FieldReceived: "2026-11-02",
		source.FieldTitle: "路灯不亮", source.FieldQuestion: "门口的路灯坏了，请打13812345678找我。",
		source.FieldReplied: "2026-11-04", source.FieldReply: "已修复，可致电028-81234567。",
	}}, record.Date(2026, 11, 20))
	c := cleared.Value().(record.Case)
	fmt.Println(verdict.Decision, c.Days)
	fmt.Println(c.Question)
	fmt.Println(c.Reply.Text)

	// What an accusation holds never gets that far.
	cleared, verdict = g.Clear(source.Raw{Kind: source.Case, Key: "2026-0002", Fields: map[string]string{
		source.FieldKind: "accusation", source.FieldReceived: "2026-11-02",
	}}, record.Date(2026, 11, 20))
	fmt.Println(verdict.Decision, cleared.Valid())
	// Output:
	// publish 2
	// 门口的路灯坏了，请打138****5678找我。
	// 已修复，可致电028-81234567。
	// exclude false
}
