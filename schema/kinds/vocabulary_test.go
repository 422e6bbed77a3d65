package kinds_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/simulator"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// PUT knows fewer names than POST, and refuses a whole request for one that it
// does not know (observed 5.7). So each attribute of a user is either known to
// PUT, or Fixed.
func TestPutVocabulary(t *testing.T) {
	user, _ := kinds.ByName("kira_user")
	for _, name := range []string{"registered_address", "representative_date_of_birth", "business_trade_name", "has_material_intermediary_ownership"} {
		if _, ok := user.Schema.Attr(name); ok {
			t.Errorf("%s is an attribute, but PUT refuses it", name)
		}
	}
	for _, name := range []string{"type", "external_id", "ext_reference", "ip_address", "capabilities"} {
		if a, ok := user.Schema.Attr(name); !ok || !a.Fixed || a.WayOut == "" {
			t.Errorf("%s, which PUT refuses, is not Fixed with a way out", name)
		}
	}
	for variant, body := range map[string]string{"individual": aPerson, "business": aBusiness} {
		w := newWorld(t)
		w.watch.Allows(simulator.IdlePut) // an attribute of body is sent as it is
		o := w.create("kira_user", "{"+body+"}")
		for i := range user.Schema.Attrs {
			a := &user.Schema.Attrs[i]
			if a.Computed || a.Fixed || a.Spread || !a.Applies(variant) {
				continue
			}
			_, c := w.call("kira_user", "{"+body+"}")
			attrs := c.Want.AsValueMap()
			if !strings.Contains(body, a.Name+" = ") {
				attrs[a.Name] = sample(a, variant)
			}
			c.ID, c.Want, c.Changed = o.ID, cty.ObjectVal(attrs), []string{a.Name}
			if _, err := user.Update(t.Context(), c); err != nil {
				t.Errorf("%s: %s can be changed, but PUT says %v", variant, a.Name, err)
			}
		}
	}
}

// sample is a value that an attribute takes.
func sample(a *schema.Attr, variant string) cty.Value {
	switch {
	case a.Nested != nil:
		attrs := make(map[string]cty.Value)
		for i := range a.Nested {
			sub := &a.Nested[i]
			attrs[sub.Name] = sample(sub, variant)
			if sub.Name == "role" {
				attrs[sub.Name] = cty.StringVal("control_prong")
			}
		}
		if a.List {
			return cty.ListVal([]cty.Value{cty.ObjectVal(attrs)})
		}
		return cty.ObjectVal(attrs)
	case a.Type.IsListType():
		return cty.ListVal([]cty.Value{sampleText(a, variant)})
	case a.Type.IsMapType():
		return cty.MapVal(map[string]cty.Value{"k": cty.StringVal("v")})
	case a.Type == cty.Bool:
		return cty.True
	case a.Type == cty.Number:
		return cty.NumberIntVal(1)
	}
	return sampleText(a, variant)
}

func sampleText(a *schema.Attr, variant string) cty.Value {
	if values := a.Values(variant); values != nil {
		return cty.StringVal(values[0])
	}
	for _, s := range []string{"x", "1990-05-15", "maria@example.com", "+525512345678", "MX", "MEX", "12-3456789", "https://example.com/a.png", "yes"} {
		if a.Format.Accepts(s) {
			return cty.StringVal(s)
		}
	}
	panic("no sample of " + a.Name)
}

// A kind that is replaced by consent only names the other ways.
func TestWaysOut(t *testing.T) {
	for _, k := range kinds.All {
		for _, a := range k.Schema.Attrs {
			if a.WayOut != "" && (!a.Fixed && a.Asks == "" || !strings.HasSuffix(a.WayOut, ".")) {
				t.Errorf("%s %s: WayOut is for what cannot change, and a sentence", k.Schema.Name, a.Name)
			}
			quiet := slices.Contains([]string{"description", "markup"}, a.Name) || a.Name == "type" && k.Schema.Name == "kira_virtual_account"
			if a.Fixed && a.WayOut == "" && k.Schema.Replace == schema.ReplaceByConsent && !quiet {
				t.Errorf("%s %s cannot change, and nothing says what to do then", k.Schema.Name, a.Name)
			}
		}
	}
}
