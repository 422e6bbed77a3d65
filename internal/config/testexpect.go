package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// Unexpected reports the failures that runs of m expect of something that m does not
// have: none of them can ever happen. A policy may be in another folder.
func (t *TestFile) Unexpected(m *Module) (diags hcl.Diagnostics) {
	if m.Broken {
		return nil
	}
	names := m.conditioned()
	for _, r := range t.Runs {
		if r.Module != "." { // it may have any
			continue
		}
		for _, x := range r.Expects {
			object, within := x.Object, ""
			if a, err := addr.Parse(x.Object); err == nil {
				object, within = a.Block().String(), string(a.Module)
			}
			if x.Code != "" || within != "" || strings.HasPrefix(object, "policy.") || slices.Contains(names, object) {
				continue
			}
			diags = append(diags, diag.Error("unknown-expectation", &x.Range, "Nothing of that name",
				"The run expects a failure of %s, and the configuration has none.%s Correct the name, or take it out of expect_failures.",
				object, diag.DidYouMean(object, names)))
		}
	}
	return diags
}

// conditioned names everything in m that can have a condition.
func (m *Module) conditioned() (names []string) {
	for _, v := range m.Variables {
		names = append(names, "var."+v.Name)
	}
	for _, o := range m.Outputs {
		names = append(names, "output."+o.Name)
	}
	for _, c := range m.Checks {
		names = append(names, "check."+c.Name)
	}
	for _, r := range m.Resources {
		names = append(names, addr.Resource{Data: r.Data, Action: r.Action, Kind: r.Kind, Name: r.Name}.String())
	}
	return names
}
