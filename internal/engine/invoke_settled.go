package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/actions"
	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/ui/words"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// unsettled reports the steps that have to come before money can go.
func (p *Project) unsettled(iv *Invoked, in *actions.Instance) (diags hcl.Diagnostics) {
	for _, first := range p.obstacles(iv, in) {
		diags = append(diags, diag.Error("invoke-first", first.at, "Something comes first", "%s cannot be run yet: %s", in.Addr, first.why))
	}
	return diags
}

// obstacle is a reason why an action cannot be run yet, in sentences.
type obstacle struct {
	at  *hcl.Range // of the attribute that it is about
	why string
}

// obstacles finds the steps that have to come before money can go: everything
// that is managed here of the account, the recipient and their user has to be as
// it is written, and nothing of who they are or where money goes may be assumed.
func (p *Project) obstacles(iv *Invoked, in *actions.Instance) (all []obstacle) {
	if !in.Action.Pays {
		return nil
	}
	for _, n := range kinds.Named {
		id := in.Of[n.Attr]
		if id == "" {
			continue
		}
		at := p.program.Locate(in.Addr, cty.GetAttrPath(n.Attr))
		rests := iv.restsOn()
		for _, a := range rests.managed(n.Kind, id) {
			if why := iv.unsettledAt(a); why != "" {
				all = append(all, obstacle{at, why})
			}
		}
		if owner := rests.owner(n.Kind, id); owner != "" && !slices.Contains(in.Users, owner) {
			in.Users = append(in.Users, owner)
		}
	}
	return all
}

// unsettledAt says in a sentence why a payout must not rest on the object at a,
// with the line that changes that; "" if it may.
func (iv *Invoked) unsettledAt(a addr.Resource) string {
	if _, gone := iv.gone[a]; gone {
		return fmt.Sprintf("%s is gone at Kira. Look at the plan:\n  kiraform plan", a)
	}
	if why := iv.unread[a]; why != nil {
		return fmt.Sprintf("%s could not be read: %v", a, why)
	}
	o := iv.State.Resources[a]
	for _, in := range iv.State.Open() {
		if in.Addr == a || in.Addr.Kind == a.Kind && in.ID != "" && in.ID == o.ID {
			return fmt.Sprintf("a request for %s had no answer, so Kira's values are not known. Apply first:\n  kiraform apply -target=%s", a, a.Shell())
		}
	}
	c := iv.restsOn().changes[a]
	if c == nil {
		return "" // it is not written here, and so is not to be changed
	}
	k := iv.project.schemas[a.Kind]
	switch c.Action {
	case plan.Create, plan.Replace, plan.Adopt, plan.Gone:
		return fmt.Sprintf("%s is planned to be %s. Apply first:\n  kiraform apply -target=%s", a, words.Of(string(c.Action)).Participle(), a.Shell())
	}
	if k.Identity == nil {
		return ""
	}
	for _, why := range c.Because {
		if path := schema.PathString(why.Path); identifies(k, path) {
			return fmt.Sprintf("%s of %s is not at Kira as it is written, and it says who is paid or where money goes. Apply first:\n  kiraform apply -target=%s", path, a, a.Shell())
		}
	}
	if c.Config == cty.NilVal || c.Config.IsNull() {
		return ""
	}
	unproven := plan.Unproven(k, iv.key, c.Prior, c.Config)
	for _, h := range plan.HiddenIn(k, iv.key, c.Prior.Salt, c.Config) {
		if path := schema.PathString(h.Path); identifies(k, path) && slices.Contains(unproven, h.Name) {
			return fmt.Sprintf("%s of %s was never compared with Kira, and it says who is paid or where money goes. If it is right:\n  kiraform state trust %s", path, a, a.Shell())
		}
	}
	return ""
}

// identifies reports whether an attribute says who somebody is, or where money
// goes.
func identifies(k *schema.Kind, path string) bool {
	if k.Identity == nil {
		return false
	}
	plain := plainPath(path)
	return slices.ContainsFunc(slices.Concat(k.Identity.Natural, k.Identity.Who, k.Identity.Money), func(name string) bool {
		return name == plain || strings.HasPrefix(name, plain+".") || strings.HasPrefix(plain, name+".")
	})
}

// plainPath is a path without the indexes of lists.
func plainPath(path string) string {
	var b strings.Builder
	depth := 0
	for _, r := range path {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// checkActions evaluates every action for the sake of the diagnostics.
func (p *Project) checkActions(known *eval.Values) (diags hcl.Diagnostics) {
	for _, block := range p.program.Actions() {
		instances, d := p.program.Expand(block, known)
		diags = append(diags, d...)
		known.Expand(block, instances)
		for _, a := range instances {
			_, d := p.program.Eval(a, known)
			diags = append(diags, d...)
		}
	}
	return diags
}
