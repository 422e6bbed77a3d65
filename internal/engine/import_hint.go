package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// refusesID reports whether Kira says, in its own words, of an id that it is none.
func refusesID(err error) bool {
	e, ok := errors.AsType[*kira.Error](err)
	return ok && e.Status == 400 && !e.Unsure
}

// refusal is the most particular of the words with which Kira refuses a request.
func refusal(err error) string {
	e, ok := errors.AsType[*kira.Error](err)
	switch {
	case !ok:
		return err.Error()
	case len(e.Details) > 0 && e.Details[0].Message != "":
		return strings.TrimRight(e.Details[0].Message, ".")
	}
	return strings.TrimRight(e.Message, ".")
}

// blocksLike lists the resource blocks of a's kind.
func (p *Project) blocksLike(a addr.Resource) (all []string) {
	for _, b := range p.program.Blocks().Nodes() {
		if b.Kind == a.Kind && b.Data == a.Data {
			all = append(all, b.String())
		}
	}
	return all
}

// instanceHint is a sentence about the instances of a block that has no instance a.
func instanceHint(made *plan.Plan, a addr.Resource) string {
	var all []string
	first := ""
	for i := range made.Changes {
		if c := made.Changes[i].Addr; c.Block() == a.Block() && wanted(made, c) {
			all = append(all, c.String())
			if first == "" {
				first = c.Shell()
			}
		}
	}
	switch {
	case len(all) == 0:
		return ""
	case a.Key.IsZero():
		return fmt.Sprintf(" Its block has instances: name one of them, such as %s.", first)
	case len(all) == 1 && all[0] == a.Block().String():
		return fmt.Sprintf(" Its block has no instances: name it as %s.", first)
	}
	return diag.DidYouMean(a.String(), all)
}

// ownerShown returns an attribute of o by which it belongs to another object than is
// written, and the id that is written; "" if there is none.
func ownerShown(k *schema.Kind, c *plan.Change, o state.Object) (name, written string) {
	if k.Identity == nil || c.Config.IsNull() {
		return "", ""
	}
	for _, name := range k.Identity.Natural {
		a, ok := k.Attr(name)
		if !ok || a.ClassIn(k.VariantOf(c.Config)) != schema.Echoed || !strings.HasSuffix(name, "_id") {
			continue
		}
		want, _ := schema.Member(c.Config, name).Unmark()
		has, _ := schema.Member(o.Seen.Shown(), name).Unmark()
		if isText(want) && isText(has) && want.AsString() != has.AsString() {
			return name, want.AsString()
		}
	}
	return "", ""
}

func isText(v cty.Value) bool {
	return v.IsKnown() && !v.IsNull() && v.Type() == cty.String && !state.IsSealed(v)
}

// tellOther warns that the imported object is another person than is written: the plan
// that follows would refuse to make one of the other.
func (p *Project) tellOther(s *Session, c *plan.Change, o state.Object) {
	if plan.AnotherPerson(p.schemas[c.Addr.Kind], s.key, c.Config, o) {
		p.Emit(event.Diagnostic{Severity: "warning", Code: "import-other-person", Summary: "Another person", Addr: c.Addr.String(),
			Detail: fmt.Sprintf("Kira shows another person under %s than is written for %s. If the id was not meant, run \"kiraform state rm %s\", and import another one; otherwise correct the block.",
				o.ID, c.Addr, c.Addr.Shell())})
	}
}

// unmanaged is the error for an address that a state does not have: it names the one that
// may be meant.
func unmanaged(st *state.State, a addr.Resource) error {
	if st == nil || len(st.Resources) == 0 {
		return fmt.Errorf("the state has no %s: nothing is managed yet", a)
	}
	var all []string
	for _, k := range st.Addrs() {
		if a.Covers(k) {
			return fmt.Errorf("the state has no %s, but instances of it. Name one, such as %s", a, k.Shell())
		}
		if k.Kind == a.Kind {
			all = append(all, k.String())
		}
	}
	if hint := diag.DidYouMean(a.String(), all); hint != "" {
		return fmt.Errorf("the state has no %s.%s", a, hint)
	}
	return fmt.Errorf("the state has no %s. \"kiraform state list\" lists what it has", a)
}
