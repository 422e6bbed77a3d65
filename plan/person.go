package plan

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// person refuses an update that would make another person of one whom Kira has
// looked at: the record, its verification and its accounts would be somebody
// else's from then on.
func (m *maker) person(c *Change, k *schema.Kind) {
	id := k.Identity
	if id == nil || id.Person == nil || c.Action != NoOp || len(c.Because) == 0 {
		return
	}
	status := plainText(c.Prior.Seen, "status")
	if status == id.Loose || slices.ContainsFunc(m.SamePerson, func(a addr.Resource) bool { return a.Covers(c.Addr) }) {
		return
	}
	var changed []string
	of := id.Person[k.VariantOf(c.Config)]
	for _, name := range of {
		if c.changes(name) {
			changed = append(changed, name)
		}
	}
	moved := c.changes(id.Key)
	if moved && len(changed) > 0 {
		changed = append([]string{id.Key}, changed...)
	} else if moved || len(changed) < len(of) || len(of) == 0 || status == id.Failed {
		return
	}
	m.diags = append(m.diags, diag.Error("another-person", m.Program.Locate(c.Addr, cty.GetAttrPath(changed[0])), "Another person",
		"%s is %s at Kira, and this plan would change its %s: it would become another person, with the verification and the accounts of the one it was. "+
			"If the object has another address now, write a moved block. If it is the same person, run with -same-person=%s. "+
			"For a new person in its place, run with -replace=%[4]s: the old one (%[5]s) lives on.",
		c.Addr, status, strings.Join(changed, " and "), quoteArg(c.Addr), c.Prior.ID))
}

// changes reports whether c changes an attribute that Kira has another value
// of. One that is sent because nobody knows its value is no change.
func (c *Change) changes(name string) bool {
	return slices.ContainsFunc(c.Because, func(r Reason) bool {
		return r.Cause != Unreadable && r.Path[0] == cty.GetAttrStep{Name: name}
	})
}
