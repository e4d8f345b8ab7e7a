package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
)

func newGatePolicy(a *app) *cobra.Command {
	var current bool
	c := &cobra.Command{
		Use:   "policy",
		Short: "Write the rules of the gate, as a file to begin with",
		Long: longHelp(`Write the rules of the gate that hold where the configuration names none, with an
explanation of every key: a file to begin with. Change it, name it in gate.policy, and
see with huiyin gate regate what that changes.

With --current the rules that the configuration names are written instead. With --json
the rules are an object.`, fault.ExitConfig),
		RunE: func(*cobra.Command, []string) error {
			policy, text := gate.DefaultPolicy(), gate.DefaultPolicyYAML()
			if current {
				var err error
				if policy, text, err = a.currentPolicy(); err != nil {
					return err
				}
			}
			if a.json {
				a.object(policy)
				return nil
			}
			_, err := fmt.Fprint(a.out, text)
			return err
		},
	}
	c.Flags().BoolVar(&current, "current", false, "the rules that the configuration names")
	return c
}

// currentPolicy returns the policy that the configuration names, and its file.
func (a *app) currentPolicy() (policy gate.Policy, text string, err error) {
	c, err := a.load()
	if err != nil {
		return policy, "", err
	}
	in := &installation{a: a, c: c}
	if policy, err = in.policy(); err != nil {
		return policy, "", err
	}
	text = gate.DefaultPolicyYAML()
	if c.Gate.Policy != "" {
		b, err := in.ruleFile("gate.policy", c.Gate.Policy)
		if err != nil {
			return policy, "", err
		}
		text = string(b)
	}
	if c.Gate.ConsentRequired {
		text += "\n# The configuration says consent_required: true, which holds whatever stands above.\n# 配置文件已将 consent_required 设为 true，以其为准。\n"
	}
	return policy, text, nil
}
