package plan

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/state"
)

// A consent is for the object and the attributes that it was given for.
func TestConsentIsForWhatItWasGivenFor(t *testing.T) {
	a := addr.Resource{Kind: "kira_user", Name: "u"}
	fixed := func(names ...string) (all []Reason) {
		for _, name := range names {
			all = append(all, Reason{Path: cty.GetAttrPath(name), Fixed: true})
		}
		return all
	}
	for _, tt := range []struct {
		name  string
		given state.Consent
		now   []Reason
		want  bool
	}{
		{"the same change", state.Consent{ID: "u-1", Paths: []string{"external_id"}}, fixed("external_id"), true},
		{"a part of it", state.Consent{ID: "u-1", Paths: []string{"external_id", "type"}}, fixed("type"), true},
		{"another one too", state.Consent{ID: "u-1", Paths: []string{"external_id"}}, fixed("external_id", "type"), false},
		{"it is reverted", state.Consent{ID: "u-1", Paths: []string{"external_id"}}, nil, false},
		{"reverted, and something else changes", state.Consent{ID: "u-1", Paths: []string{"external_id"}}, []Reason{{Path: cty.GetAttrPath("phone")}}, false},
		{"for no change", state.Consent{ID: "u-1"}, nil, true},
		{"once another resource has changed", state.Consent{ID: "u-1", After: []addr.Resource{{Kind: "kira_user", Name: "v"}}}, nil, false},
		{"of another object", state.Consent{ID: "u-0"}, nil, false},
	} {
		prior := state.New("lineage")
		prior.Resources[a] = state.Object{ID: "u-1"}
		prior.Consents[a] = tt.given
		m := maker{Input: Input{Prior: prior}}
		if got := m.allowed(&Change{Addr: a, Prior: prior.Resources[a], Because: tt.now}); got != tt.want {
			t.Errorf("%s: allowed is %v, want %v", tt.name, got, tt.want)
		}
	}
}
