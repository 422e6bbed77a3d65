package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// Trigger is an action that is run once the object of a resource was created.
type Trigger struct {
	Action addr.Resource // of the block or, with a key, of one instance
	Same   bool          // the instance that has the key of the resource
	Range  hcl.Range
}

var triggerSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "events", Required: true}, {Name: "actions", Required: true}},
}

// trigger reads an action_trigger block.
func (l *Lifecycle) trigger(b *hcl.Block) hcl.Diagnostics {
	c, diags := content(b.Body, triggerSchema)
	events, actions := c.Attributes["events"], c.Attributes["actions"]
	if events == nil || actions == nil {
		return diags
	}
	list, d := hcl.ExprList(events.Expr)
	for _, e := range list {
		if hcl.ExprAsKeyword(e) != "after_create" {
			return append(diags, badTrigger(e.Range(), "The only event is after_create: Kira says of nothing else that it was done here. Write events = [after_create]."))
		}
	}
	if d.HasErrors() || len(list) == 0 {
		return append(diags, badTrigger(events.Expr.Range(), "The argument \"events\" takes a list. Write events = [after_create]."))
	}
	list, d = hcl.ExprList(actions.Expr)
	if d.HasErrors() || len(list) == 0 {
		return append(diags, badTrigger(actions.Expr.Range(), "The argument \"actions\" takes a list of actions, such as [action.kira_verification.again]."))
	}
	for _, e := range list {
		t, ok := triggered(e)
		if !ok {
			diags = append(diags, badTrigger(e.Range(), "An element is the address of an action, such as action.kira_verification.again or, in a block with for_each, action.kira_verification.again[each.key]."))
			continue
		}
		l.Triggers = append(l.Triggers, t)
	}
	return diags
}

func badTrigger(rng hcl.Range, detail string) *hcl.Diagnostic {
	return diag.Error("invalid-trigger", &rng, "Invalid action_trigger", "%s", detail)
}

// triggered reads the address of an action, whose index may be the key of the
// resource.
func triggered(e hcl.Expression) (Trigger, bool) {
	t := Trigger{Range: e.Range()}
	x, _ := e.(hclsyntax.Expression)
	if index, ok := x.(*hclsyntax.IndexExpr); ok {
		key, d := hcl.AbsTraversalForExpr(index.Key)
		if d.HasErrors() || len(key) != 2 || !t.named(index.Collection) {
			return t, false
		}
		last, _ := key[1].(hcl.TraverseAttr)
		t.Same = key.RootName() == "each" && last.Name == "key" || key.RootName() == "count" && last.Name == "index"
		return t, t.Same
	}
	return t, t.named(e)
}

// named reads the address that an expression is.
func (t *Trigger) named(e hcl.Expression) bool {
	tr, d := hcl.AbsTraversalForExpr(e)
	if d.HasErrors() {
		return false
	}
	a, ok := addr.Of(tr)
	t.Action = a
	return ok && a.Action
}
