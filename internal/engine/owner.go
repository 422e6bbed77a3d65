package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// writtenOwner returns the id that is written of the object to which c's belongs,
// or "" if it is not known, or Kira shows it with the object itself.
func writtenOwner(k *kinds.Kind, c *plan.Change) string {
	a, ok := k.Schema.Attr(k.Owner)
	if !ok || k.List == nil || a.ClassIn(k.Schema.VariantOf(c.Config)) != schema.Unreadable || c.Config.IsNull() {
		return ""
	}
	id, _ := schema.Member(c.Config, k.Owner).Unmark()
	if id.IsNull() || !id.IsKnown() {
		return ""
	}
	return id.AsString()
}

// belongs reports whether Kira lists an object among those of its owner.
func (s *Session) belongs(ctx context.Context, k *kinds.Kind, owner, id string) (bool, error) {
	rows, err := k.List(ctx, s.conn.call(owner))
	if errors.Is(err, kinds.ErrGone) {
		return false, nil
	}
	return slices.ContainsFunc(rows, func(o kinds.Object) bool { return o.ID == id }), err
}

// owners compares, once for each import block, the owner of an object with the
// written one: of some kinds an object itself does not show it.
func (f *finder) owners(ctx context.Context, made *plan.Plan) error {
	for i := range made.Changes {
		c := &made.Changes[i]
		k, ok := kinds.ByName(c.Addr.Kind)
		if !ok || c.Action != plan.Adopt || f.owned[c.Addr] {
			continue
		}
		owner := writtenOwner(k, c)
		if owner == "" {
			continue
		}
		f.owned[c.Addr] = true
		switch ok, err := f.s.belongs(ctx, k, owner, c.Prior.ID); {
		case err != nil:
			if err := f.unread(c.Addr, fmt.Errorf("look whose %s is: %w", c.Prior.ID, err)); err != nil {
				return err
			}
		case !ok:
			f.say(importError(c.Addr, c.Prior.ID, f.in.Program.Locate(c.Addr, cty.GetAttrPath(k.Owner)), &importProblem{owner: owner}))
		}
	}
	return nil
}

// ownedAsWritten refuses to import an object of another owner than is written.
func (p *Project) ownedAsWritten(ctx context.Context, s *Session, c *plan.Change, id string) error {
	k, _ := kinds.ByName(c.Addr.Kind)
	owner := writtenOwner(k, c)
	at := p.program.Locate(c.Addr, cty.GetAttrPath(k.Owner))
	switch {
	case owner == "" && k.Owner != "" && k.List != nil && !c.Config.IsNull() && !schema.Member(c.Config, k.Owner).IsKnown():
		return p.report(hcl.Diagnostics{importError(c.Addr, id, at, &importProblem{unowned: true})})
	case owner == "":
		return nil
	}
	ok, err := s.belongs(ctx, k, owner, id)
	if err != nil {
		return p.secrets.Error(fmt.Errorf("look whose %s is, to import it as %s: %w", id, c.Addr, err))
	}
	if !ok {
		return p.report(hcl.Diagnostics{importError(c.Addr, id, at, &importProblem{owner: owner})})
	}
	return nil
}
