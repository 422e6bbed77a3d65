package plan

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// ready reports, where it must be put right, that another resource is not
// complete enough for c to be created: Kira would refuse c when its turn comes,
// which may be days later, after a person has verified the other one.
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
		if len(short.Lacks) == 0 {
			continue
		}
		var known, unknown []schema.Lack
		for _, l := range short.Lacks {
			if l.Unknown {
				unknown = append(unknown, l)
			} else {
				known = append(known, l)
			}
		}
		if len(unknown) > 0 {
			m.diags = append(m.diags, diag.Warning("not-ready-unknown", m.Program.Locate(other.Addr, nil), "Kira asks for more",
				"For %s, Kira asks for what this version of kiraform has no attribute for: %s, of %s. It may refuse %s. Ask your Kira contact what is meant.",
				short.For, lackingText(unknown), other.Addr, c.Addr))
		}
		if len(known) == 0 {
			continue
		}
		otherwise := ""
		if short.Seen {
			otherwise = " If it was completed by other means since, run with -refresh=full."
		}
		m.diags = append(m.diags, diag.Error("not-ready", m.Program.Locate(other.Addr, nil), "Not complete enough",
			"For %s, Kira requires what %s lacks: %s. It would refuse %s. Add what is missing; "+
				"\"kiraform readiness %s\" shows what to write.%s", short.For, other.Addr, lackingText(known), c.Addr, other.Addr.Shell(), otherwise))
	}
}

// behind returns the change of the resource that a gate of c looks at, if it
// is in the configuration and there is no doubt which one it is.
func (m *maker) behind(c *Change, g schema.Gate) (*Change, bool) {
	var found []addr.Resource
	id, _ := schema.Member(c.Config, g.Attr).Unmark()
	for _, n := range c.mayBe(g) {
		if known := !id.IsNull() && id.IsKnown(); known && m.Prior.Resources[n].ID != id.AsString() {
			continue
		}
		found = append(found, n)
	}
	if len(found) != 1 {
		return nil, false
	}
	i, ok := m.at[found[0]]
	if !ok {
		return nil, false
	}
	return &m.changes[i], true
}

// LackString names what is lacking, such as "phone".
func LackString(l schema.Lack) string {
	if l.Document == "" {
		return PathString(l.Path)
	}
	return fmt.Sprintf("a document %q in %s", l.Document, PathString(l.Path))
}

// lackingText names all that is lacking in a sentence, each once.
func lackingText(lacks []schema.Lack) string {
	var names []string
	for _, l := range lacks {
		if name := LackString(l); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return words.And(names...)
}
