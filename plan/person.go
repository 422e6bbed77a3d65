package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
	"kiraform/schema"
	"kiraform/state"
)

// person refuses an update that would make another person of one whom Kira has
// looked at: the record, its verification and its accounts would be somebody
// else's from then on.
func (m *maker) person(c *Change, k *schema.Kind) {
	id := k.Identity
	if id == nil || id.Person == nil || c.Action != NoOp && c.Action != Adopt || len(c.Because) == 0 {
		return
	}
	status := plainText(c.Prior.Seen.Member("status"))
	if status == id.Loose && !m.displaced[c.Addr] || slices.ContainsFunc(m.SamePerson, func(a addr.Resource) bool { return a.Covers(c.Addr) }) {
		return
	}
	changed := another(k, k.VariantOf(c.Config), status, c.Because)
	if len(changed) == 0 {
		return
	}
	m.diags = append(m.diags, diag.Error("another-person", m.Program.Locate(c.Addr, cty.GetAttrPath(changed[0])), "Another person",
		"%s is %s at Kira, and this plan would change its %s: it would become another person, with the verification and the accounts of the one it was. "+
			"If the object has another address now, write a moved block. If it is the same person, run with -same-person=%s. "+
			"For a new person in its place, run with -replace=%[4]s: the old one (%[5]s) lives on.",
		c.Addr, status, words.And(changed...), c.Addr.Shell(), c.Prior.ID))
}

// another returns the attributes by which reasons make another person of an
// object with that status; nil if they do not.
func another(k *schema.Kind, variant, status string, reasons []Reason) (changed []string) {
	id := k.Identity
	of := id.Person[variant]
	for _, name := range of {
		if changes(reasons, name) {
			changed = append(changed, name)
		}
	}
	switch moved := changes(reasons, id.Key); {
	case moved && len(changed) > 0:
		return append([]string{id.Key}, changed...)
	case moved, len(changed) < len(of), status == id.Failed:
		return nil
	}
	return changed
}

// changes reports whether an attribute is among reasons as one that Kira has
// another value of. One that is sent because nobody knows its value is no
// change.
func changes(reasons []Reason, name string) bool {
	return slices.ContainsFunc(reasons, func(r Reason) bool {
		return r.Cause != Unreadable && r.Cause != Unanswered && r.Cause != Restored && r.Path[0] == cty.GetAttrStep{Name: name}
	})
}

// AnotherPerson reports whether an update of an object to want would make
// another person of one whom Kira has looked at.
func AnotherPerson(k *schema.Kind, key state.Key, want cty.Value, have state.Object) bool {
	if k.Identity == nil || k.Identity.Person == nil {
		return false
	}
	status := plainText(have.Seen.Member("status"))
	return status != k.Identity.Loose && len(another(k, k.VariantOf(want), status, reasons(k, key, want, have))) > 0
}
