package plan

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// ready reports, where it must be put right, that another resource is not
// complete enough for c to be created: Kira would refuse c when its turn comes,
// which may be days later, after a person has verified the other one. That is a
// mistake while the other one is only written. Once it lives, c alone is put off
// for the attributes that it lacks by Kira's own account: nobody else waits for
// those.
func (m *maker) ready(c *Change, k *schema.Kind) {
	if m.Imported[c.Addr] {
		return // it was made already
	}
	for _, g := range k.Gates {
		if g.Lacks == nil {
			continue
		}
		other, ok := m.behind(c, g)
		if !ok {
			continue
		}
		seen := cty.NilVal
		if o, lives := m.Prior.Resources[other.Addr]; lives && other.Action != Replace {
			seen = o.Seen.Shown()
		}
		short := g.Lacks(c.Config, other.Config, seen)
		known, unknown := parts(short.Lacks)
		if len(unknown) > 0 {
			m.diags = append(m.diags, m.asksMore(c, other, short.For, unknown))
		}
		switch {
		case len(known) == 0:
		case short.Seen:
			m.diags = append(m.diags, diag.At(diag.Warning("lacks-now", m.Program.Locate(other.Addr, nil), "Not complete enough",
				"For %s, Kira shows that %s lacks %s, and would refuse %s, which waits for that. Add the missing attributes; "+
					"\"kiraform readiness %s\" shows what to write. If it was completed by other means since, run with -refresh=full.",
				short.For, other.Addr, lackingText(known), c.Addr, other.Addr.Shell()), other.Addr.InstanceName()))
			why := fmt.Sprintf("%s lacks %s for %s", other.Addr, lackingText(known), short.For)
			if c.Action != Defer {
				c.Action, c.Waits, c.Why = Defer, "", why+", and Kira would refuse it"
			} else if m.Kinds[g.Kind].StallOf(seen) == "" { // which says so itself
				c.Why += "; besides, " + why
			}
		default:
			m.diags = append(m.diags, diag.At(diag.Error("not-ready", m.Program.Locate(other.Addr, nil), "Not complete enough",
				"For %s, Kira requires what %s lacks: %s. It would refuse %s. Add the missing attributes; "+
					"\"kiraform readiness %s\" shows what to write.", short.For, other.Addr, lackingText(known), c.Addr, other.Addr.Shell()), other.Addr.InstanceName()))
		}
	}
}

// parts splits a shortage into attributes that can be written and those that this
// version does not have.
func parts(lacks []schema.Lack) (known, unknown []schema.Lack) {
	for _, l := range lacks {
		if l.Unknown {
			unknown = append(unknown, l)
		} else {
			known = append(known, l)
		}
	}
	return known, unknown
}

// asksMore warns that Kira asks for names without an attribute. Names on the first
// level can be sent all the same.
func (m *maker) asksMore(c, other *Change, product string, unknown []schema.Lack) *hcl.Diagnostic {
	how := "Ask your Kira contact what is meant"
	if slices.ContainsFunc(unknown, func(l schema.Lack) bool { return l.Extra }) {
		how += fmt.Sprintf(", and send it in extra: \"kiraform readiness %s\" shows how", other.Addr.Shell())
	}
	return diag.At(diag.Warning("not-ready-unknown", m.Program.Locate(other.Addr, nil), "Kira asks for more",
		"For %s, Kira asks for fields that this version of kiraform has no attribute for: %s, of %s. It may refuse %s. %s.",
		product, lackingText(unknown), other.Addr, c.Addr, how), other.Addr.InstanceName())
}

// behind returns the change of the resource that a gate of c looks at, if it
// is in the configuration and there is no doubt which one it is.
func (m *maker) behind(c *Change, g schema.Gate) (*Change, bool) {
	var found addr.Resource
	if id, _ := schema.Member(c.Config, g.Attr).Unmark(); !id.IsNull() && id.IsKnown() {
		a, ok := m.holder(g.Kind, id.AsString())
		if !ok || !c.Requires(a) || m.Prior.Resources[a].ID != id.AsString() {
			return nil, false
		}
		found = a
	} else {
		may := c.mayBe(g)
		if len(may) != 1 || m.known.Members(may[0]) != nil {
			return nil, false
		}
		found = may[0]
	}
	i, ok := m.at[found]
	if !ok {
		return nil, false
	}
	return &m.changes[i], true
}

// lackString names a lacking attribute, such as "phone".
func lackString(l schema.Lack) string {
	if l.Document == "" {
		return schema.PathString(l.Path)
	}
	return fmt.Sprintf("a document %q in %s", l.Document, schema.PathString(l.Path))
}

// lackingText names all that is lacking in a sentence, each once.
func lackingText(lacks []schema.Lack) string {
	var names []string
	for _, l := range lacks {
		if name := lackString(l); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return words.And(names...)
}
