package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// distinct reports resources of which there may be one only, or that have
// something in common which should tell them apart.
func (m *maker) distinct() {
	same := make(map[twin][]addr.Resource)
	var order []twin // in which they were met: it decides that of the diagnostics
	for i := range m.changes {
		c := &m.changes[i]
		k := c.Kind(m.Kinds)
		d := k.Distinct
		if d == nil {
			continue
		}
		if value, known := common(c.Config, d, k); known {
			t := twin{c.Addr.Kind, value}
			if same[t] == nil {
				order = append(order, t)
			}
			same[t] = append(same[t], c.Addr)
		}
	}
	for _, t := range order {
		m.twins(m.Kinds[t.kind].Distinct, same[t])
	}
}

// twin is a value that resources have in common.
type twin struct{ kind, value string }

// common returns the value that must differ, and whether it is known. A required one
// that is missing is a mistake of its own.
func common(config cty.Value, d *schema.Distinct, k *schema.Kind) (string, bool) {
	if d.By == "" {
		return "", true
	}
	v, _ := schema.Member(config, d.By).Unmark()
	switch {
	case v.IsNull():
		a, ok := k.Attr(d.By)
		return "", !ok || !a.Required
	case !v.IsKnown():
		return "", false
	}
	return strings.ToLower(v.AsString()), true
}

// twins reports all but the one that is written first.
func (m *maker) twins(d *schema.Distinct, all []addr.Resource) {
	if len(all) < 2 {
		return
	}
	slices.SortFunc(all, func(a, b addr.Resource) int {
		x, y := m.Program.Locate(a, nil), m.Program.Locate(b, nil)
		if x == nil || y == nil {
			return a.Compare(b)
		}
		return cmp.Or(cmp.Compare(x.Filename, y.Filename), cmp.Compare(x.Start.Byte, y.Start.Byte), a.Compare(b))
	})
	how := diag.Error
	if d.Warning {
		how = diag.Warning
	}
	for _, a := range all[1:] {
		n := len(m.diags)
		at := m.Program.Locate(a, nil)
		if d.By != "" {
			at = m.Program.Locate(a, cty.GetAttrPath(d.By))
		}
		m.diags = append(m.diags, how(d.ID, at, d.Summary, strings.ReplaceAll(d.Detail, "%s", all[0].String())))
		m.belong(a, n)
	}
}
