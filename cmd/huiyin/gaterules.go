package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

// gate returns the gate of this installation, under the rules and with the
// allow-lists that its configuration names.
func (in *installation) gate(key intake.Key) (*gate.Gate, error) {
	policy, err := in.policy()
	if err != nil {
		return nil, err
	}
	allow, err := in.allow()
	if err != nil {
		return nil, err
	}
	return in.gateOf(key, policy, allow)
}

// gateOf returns a gate with the lines of the configuration.
func (in *installation) gateOf(key intake.Key, policy gate.Policy, allow []gate.Allow) (*gate.Gate, error) {
	lines := map[record.UnitID][]string{}
	for unit, l := range in.c.Gate.Lines {
		lines[record.UnitID(unit)] = l
	}
	files := assemble.NewFileCleaner(context.Background()) // bounded by its own time
	in.closers = append(in.closers, files.Close)
	g, err := gate.New(gate.Options{
		Key: key.Gate(), Policy: policy, AllowLines: lines, Hotlines: in.c.Gate.Hotlines, Allow: allow, Attachments: files,
	})
	var f *fault.Error
	if err != nil && !errors.As(err, &f) {
		err = fault.Wrap(err, "the rules of the gate cannot be used: "+err.Error(), "correct the section gate of the configuration and the files that it names")
	}
	return g, inConfig(err)
}

// policy returns the policy that the configuration names, or the default one.
func (in *installation) policy() (gate.Policy, error) {
	policy := gate.DefaultPolicy()
	if in.c.Gate.Policy != "" {
		text, err := in.ruleFile("gate.policy", in.c.Gate.Policy)
		if err != nil {
			return policy, err
		}
		if policy, err = gate.DecodePolicy(text); err != nil {
			return policy, inConfig(err)
		}
	}
	policy.ConsentRequired = policy.ConsentRequired || in.c.Gate.ConsentRequired
	return policy, nil
}

// allow returns the entries of the allow-list that the configuration names.
func (in *installation) allow() ([]gate.Allow, error) {
	if in.c.Gate.Allow == "" {
		return nil, nil
	}
	text, err := in.ruleFile("gate.allow", in.c.Gate.Allow)
	if err != nil {
		return nil, err
	}
	list, err := gate.DecodeAllow(text)
	return list, inConfig(err)
}

// maxRuleFile bounds a file of rules, in bytes.
const maxRuleFile = 16 << 20

// ruleFile reads a file that a key of the configuration names.
func (in *installation) ruleFile(key, name string) ([]byte, error) {
	path := in.c.Path(name)
	f, err := os.Open(path)
	if err != nil {
		hint := "correct the name or leave it out; huiyin gate policy prints rules to begin with"
		if key == "gate.allow" {
			hint = "correct the name or leave it out; an empty file is an empty list"
		}
		return nil, fault.Coded(fault.ExitConfig, "the file that "+key+" names cannot be read: "+path, hint, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxRuleFile+1))
	if err != nil || len(text) > maxRuleFile {
		return nil, fault.Coded(fault.ExitConfig, "the file that "+key+" names cannot be read: "+path, "check that it is a file of at most 16 MiB, and the disk", err)
	}
	return text, nil
}

// errRulesChanged is the outcome of a command under rules that are not in force.
var errRulesChanged = fault.Coded(fault.ExitConfig, "the rules of the gate have changed since the cases were let through it: the program, the policy, the allow-list or the public lines",
	"huiyin gate regate shows what they change, and huiyin gate regate --apply applies them; or undo the change", nil)

// inForce reports whether the rules of g are those under which the cases were let
// through the gate.
func (in *installation) inForce(ctx context.Context, g *gate.Gate) (bool, error) {
	rules, err := in.intake.Rules(ctx)
	if err != nil || rules != "" {
		return rules == g.RulesHash(), err
	}
	// None were noted: either there is nothing yet, or an older program let it through.
	cases, err := in.intake.Cases(ctx)
	if err != nil || len(cases) > 0 {
		return false, err
	}
	erased, err := in.intake.Erased(ctx)
	return len(erased) == 0, err
}

// ruled opens the intake and returns the gate under the rules in force. Other rules
// are an error. A change of rules that was begun is finished first; what was done for
// it is in the result, which is nil where nothing was.
func (in *installation) ruled(ctx context.Context) (*gate.Gate, *searchResult, error) {
	key, err := in.openIntake()
	if err != nil {
		return nil, nil, err
	}
	g, err := in.gate(key)
	if err != nil {
		return nil, nil, err
	}
	ok, err := in.inForce(ctx, g)
	if err == nil && !ok {
		err = errRulesChanged
	}
	if err != nil {
		return nil, nil, err
	}
	due, err := in.intake.RegateDue(ctx)
	if err != nil || !due {
		return g, nil, err
	}
	// What is open was told, and is so again by whoever settles what comes next.
	_, search, _, err := in.regate(ctx, g)
	return g, search, err
}

// regating is a store that takes what is cleared again because the rules changed.
type regating struct{ *store.DB }

func (r regating) Batch(ctx context.Context, name string, digest [32]byte, asOf record.Day, given []record.CaseNumber,
	fill func(put func(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error) error {
	return r.Regate(ctx, name, digest, asOf, given, fill)
}

// regate lets every pending case through the gate under rules that have come into
// force, and takes what was published before off the site at once. That the export folder
// or the place of backups could not be brought level is told and returned as open.
func (in *installation) regate(ctx context.Context, g *gate.Gate) (sum ingest.Summary, search *searchResult, open []string, err error) {
	o, err := in.ingest(ctx, g)
	if err != nil {
		return sum, nil, nil, err
	}
	if err := in.shown(ctx); err != nil {
		return sum, nil, nil, err
	}
	o.Store, o.Published = regating{in.store}, in.store
	if o.Former, err = in.store.FormerLines(ctx); err != nil {
		return sum, nil, nil, err
	}
	err = in.whenFree(ctx, func() (err error) { sum, err = ingest.Settle(ctx, o, "regate"); return err })
	if err == nil {
		err = in.intake.Regated(ctx)
	}
	if err != nil {
		return sum, nil, nil, err
	}
	search, open, err = in.settleBeside(ctx)
	return sum, search, open, err
}

// shown brings the store level with the releases, so that it knows which texts have
// never been in any.
func (in *installation) shown(ctx context.Context) error {
	return generator.New(generator.Options{Store: in.store, Releases: in.releases}).Shown(ctx)
}

// finishRegate finishes a change of the rules that was begun and killed.
func (in *installation) finishRegate(ctx context.Context) error {
	if _, err := in.openIntake(); err != nil {
		return err
	}
	if due, err := in.intake.RegateDue(ctx); err != nil || !due {
		return err
	}
	_, _, err := in.ruled(ctx)
	return err
}

// ingest returns the options for what is cleared again: the cut-off stays where it
// is. What an older copy of the intake brings again stays hidden; see keepHidden.
func (in *installation) ingest(ctx context.Context, g *gate.Gate) (o ingest.Options, err error) {
	if err := in.keepHidden(ctx); err != nil {
		return o, err
	}
	cutoff, err := in.store.Cutoff(ctx)
	if err != nil {
		return o, err
	}
	return ingest.Options{
		Intake: in.intake, Gate: g, Store: in.store, AsOf: cutoff, Now: in.a.now,
		Progress: func(p ingest.Progress) { in.progress.step(p.Step+" "+p.Batch+": rows", p.Rows, 0) },
	}, nil
}

// locked runs do while no other process takes anything into the store.
func (in *installation) locked(do func() error) (err error) {
	unlock, err := in.store.Lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return do()
}
