package lsp

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/config"
)

// ownWords are the names in the blocks of such a file, or nil for another one.
func ownWords(file string) map[string][]string {
	switch {
	case config.IsTest(file):
		return config.TestWords()
	case config.IsPolicyFile(file):
		return config.PolicyWords()
	}
	return nil
}

// ownDocs says of each of them, by block and name, its meaning.
var ownDocs = map[string]string{
	"test": "Settings of the file.", "variables": "Values of variables, for all runs of the file.",
	"run":    "Plans or applies against a simulated Kira, and asserts. The label is its name. The runs of a file share one Kira, which begins empty.",
	"policy": "Judges each change of a plan. The label is its name.",

	"test.parallel": "true lets runs that do not say otherwise be carried out at once.",

	"run.command":         "`plan` or `apply`, without quotes. It applies if nothing is written.",
	"run.parallel":        "Whether it may be carried out while others are.",
	"run.state_key":       "A name: runs with the same one share a Kira of their own.",
	"run.expect_failures": "The failures without which it does not pass: something with a condition, such as `var.region` or `kira_user.maria`, or a code in quotes.",
	"run.wait":            "How long an apply may wait for Kira, such as \"15m\", in the simulator's time.",
	"run.invoke":          "The address of an action, which is run in place of a plan.",
	"run.variables":       "Values of variables, for this run.",
	"run.module":          "The module under test, if that is not the root module.",
	"run.plan_options":    "Options of the plan.",
	"run.simulator":       "The part of Kira's people, before the run.",
	"run.assert":          "A condition that has to hold after the run.",

	"plan_options.mode":    "`normal` or `destroy`, without quotes.",
	"plan_options.refresh": "Whether Kira is looked at.",
	"plan_options.target":  "The addresses that are planned, and those that they need.",
	"plan_options.exclude": "The addresses that are left out.",
	"plan_options.replace": "The addresses that are made again.",

	"simulator.verify":   "Users that are verified.",
	"simulator.review":   "Users that somebody looks at.",
	"simulator.reject":   "Users that are rejected.",
	"simulator.reasons":  "Reasons of `reject`, in words.",
	"simulator.activate": "Accounts that become active.",
	"simulator.decline":  "Accounts that are declined.",
	"simulator.close":    "Accounts that are closed.",
	"simulator.lose":     "Resources whose objects are gone.",
	"simulator.advance":  "How far the time moves on, such as \"24h\".",

	"module.source":        "A folder below that of the configuration, such as \"./team\".",
	"assert.condition":     "Has to hold.",
	"assert.error_message": "Words for where it does not.",

	"policy.resource":      "The kind whose changes it judges, in quotes; all if nothing is written.",
	"policy.level":         "\"deny\", which is usual, or \"warn\".",
	"policy.condition":     "Has to hold. `change` is the change, and `plan` the plan that it is part of.",
	"policy.error_message": "Words for whoever is refused.",
}

// docOf says of a name in a block its meaning, or "".
func docOf(block, name string) string {
	if block == "" {
		return ownDocs[name]
	}
	return ownDocs[block+"."+name]
}

// ownHover is about a block or an argument of a file of tests or of policies.
func ownHover(text, file string, body *hclsyntax.Body, offset int) any {
	if ownWords(file) == nil {
		return nil
	}
	var visit func(in string, body *hclsyntax.Body) any
	visit = func(in string, body *hclsyntax.Body) any {
		for _, a := range body.Attributes {
			if r := a.NameRange; r.Start.Byte <= offset && offset <= r.End.Byte && docOf(in, a.Name) != "" {
				return hover{markup{"markdown", "**" + a.Name + "**\n\n" + docOf(in, a.Name)}, spanOfRange(text, r)}
			}
		}
		for _, b := range body.Blocks {
			if r := b.TypeRange; r.Start.Byte <= offset && offset <= r.End.Byte && docOf(in, b.Type) != "" {
				return hover{markup{"markdown", "**" + b.Type + "**\n\n" + docOf(in, b.Type)}, spanOfRange(text, r)}
			}
			if h := visit(b.Type, b.Body); h != nil {
				return h
			}
		}
		return nil
	}
	return visit("", body)
}
