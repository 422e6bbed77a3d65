package plan

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/schema"
)

// forward refuses, at its line, an earlier value where Kira takes later ones
// only: the request would be a 400.
func (m *maker) forward(c *Change, k *schema.Kind) {
	for i := range k.Attrs {
		a := &k.Attrs[i]
		if !a.Forward {
			continue
		}
		want, sent := plainText(schema.Member(c.Config, a.Name)), plainText(c.Prior.Sent.Member(a.Name))
		if want == "" || sent == "" || want >= sent {
			continue
		}
		m.diags = append(m.diags, diag.Error("cannot-go-back", m.Program.Locate(c.Addr, cty.GetAttrPath(a.Name)), "Cannot be taken back",
			"%s of %s is %q at Kira and only moves forward, so that Kira refuses %q. Only people at Kira could take it back: "+
				"ask your Kira contact, or write %[3]q again.", a.Name, c.Addr, sent, want))
	}
}

// plainText is the text of an attribute that is known and not sensitive, or "".
func plainText(v cty.Value) string {
	if v.IsMarked() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}
