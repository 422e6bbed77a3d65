package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// compileTriggers checks the actions that a block triggers.
func (p *Program) compileTriggers(b *block) (diags hcl.Diagnostics) {
	for _, t := range b.decl.Lifecycle.Triggers {
		to := p.blocks[t.Action.Block()]
		switch {
		case to == nil:
			var names []string
			for _, other := range p.order {
				if other.addr.Action {
					names = append(names, other.addr.String())
				}
			}
			diags = append(diags, diag.Error("undeclared-resource", t.Range.Ptr(), "Undeclared action",
				"There is no %s.%s Declare it with an action block.", t.Action.Block(), diag.DidYouMean(t.Action.Block().String(), names)))
		case b.addr.Data:
			diags = append(diags, diag.Error("invalid-trigger", t.Range.Ptr(), "Invalid action_trigger",
				"Nothing is created by a data block, so that it triggers no action. Take the action_trigger away."))
		case (t.Same || !t.Action.Key.IsZero()) && !to.repeated():
			diags = append(diags, diag.Error("unexpected-index", t.Range.Ptr(), "Unexpected index",
				"%s has neither count nor for_each, so there is only one of it. Take the index away.", to.addr))
		}
	}
	return diags
}

// unasked reports payouts that are triggered in production.
func (p *Program) unasked(b *block) (diags hcl.Diagnostics) {
	for _, t := range b.decl.Lifecycle.Triggers {
		if t.Action.Kind == schema.PayoutAction && p.provider.Environment == "production" {
			diags = append(diags, diag.Error("payout-triggered", t.Range.Ptr(), "A payout that nobody asks for",
				"In production a payout is only made when somebody asks for it, with -invoke. Take it out of the action_trigger."))
		}
	}
	return diags
}

// Triggers returns the actions to run once an instance is created, as [Resource] has
// them.
func (p *Program) Triggers(a addr.Resource) []addr.Resource { return p.block(a).triggersOf(a) }

// triggersOf returns the actions that the creation of an instance triggers. One
// without a key stands for all instances of its block.
func (b *block) triggersOf(a addr.Resource) (all []addr.Resource) {
	for _, t := range b.decl.Lifecycle.Triggers {
		to := t.Action
		if t.Same {
			to = to.Instance(a.Key)
		}
		if !slices.Contains(all, to) {
			all = append(all, to)
		}
	}
	return all
}
