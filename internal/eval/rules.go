package eval

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/diag"
	"kiraform/schema"
)

// leniency is the remaining effect of a rule that was turned down.
type leniency uint8

const (
	strict leniency = iota
	warns
	silent
)

// turnDown takes down which offline checks the configuration turns down. Checks
// that guard a run are not among them, and cannot be.
func (p *Program) turnDown() (diags hcl.Diagnostics) {
	k := p.root.decl.Kiraform
	if k == nil || k.Rules == nil {
		return nil
	}
	known := p.ruleIDs()
	p.rules = make(map[diag.Code]leniency)
	take := func(ids []string, how leniency, rng hcl.Range) {
		for _, id := range ids {
			switch {
			case !known[id]:
				diags = append(diags, diag.Error("unknown-rule", &rng, "No rule to turn down",
					"There is no rule %q among those of docs/rules.md that look at the attributes of one block.%s Guard rails cannot be turned down: "+
						"they have flags of their own.", id, diag.DidYouMean(id, slices.Collect(maps.Keys(known)))))
			case p.rules[diag.Code(id)] != strict:
				diags = append(diags, diag.Error("rule-twice", &rng, "A rule twice",
					"The rule %q is turned down already. Keep it in one place.", id))
			default:
				p.rules[diag.Code(id)] = how
			}
		}
	}
	take(k.Rules.Warn, warns, k.Rules.WarnRange)
	take(k.Rules.Off, silent, k.Rules.OffRange)
	return diags
}

// ruleIDs has the offline checks of values.
func (p *Program) ruleIDs() map[string]bool {
	known := make(map[string]bool)
	add := func(rules []schema.Rule) {
		for _, r := range rules {
			known[string(r.ID)] = true
		}
	}
	add(schema.Checks())
	for _, k := range p.options.Kinds {
		add(k.Rules)
	}
	return known
}

// judged returns a problem as the configuration wants it to be taken; false if
// nothing is to be said.
func (p *Program) judged(x schema.Problem) (schema.Problem, bool) {
	if x.Guard {
		return x, true
	}
	how := p.rules[x.Code]
	x.Warning = x.Warning || how == warns
	return x, how != silent
}

// TurnedDown names the offline checks that are turned down, sorted, each with
// its remaining effect, in words; nil if there are none.
func (p *Program) TurnedDown() []string {
	var all []string
	for _, id := range slices.Sorted(maps.Keys(p.rules)) {
		how := " (off)"
		if p.rules[id] == warns {
			how = " (a warning)"
		}
		all = append(all, strings.TrimSpace(string(id)+how))
	}
	return all
}
