package kinds_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

// eachAttr calls f for every attribute of every kind, nested ones included.
func eachAttr(f func(k *schema.Kind, at string, a *schema.Attr)) {
	var walk func(k *schema.Kind, at string, attrs []schema.Attr)
	walk = func(k *schema.Kind, at string, attrs []schema.Attr) {
		for i := range attrs {
			a := &attrs[i]
			name := strings.TrimPrefix(at+"."+a.Name, ".")
			f(k, name, a)
			walk(k, name, a.Nested)
		}
	}
	for _, k := range kinds.All {
		walk(k.Schema, "", k.Schema.Attrs)
	}
}

func TestAttributesAreDescribed(t *testing.T) {
	seen := make(map[string]bool)
	eachAttr(func(k *schema.Kind, at string, a *schema.Attr) {
		name := k.Name + " " + at
		complain := func(format string, args ...any) { t.Errorf(name+": "+format, args...) }
		if seen[name] {
			complain("is there twice")
		}
		seen[name] = true
		if !strings.HasSuffix(a.Doc, ".") {
			complain("Doc %q is no sentence", a.Doc)
		}
		if (a.Nested == nil) == (a.Type == cty.NilType) {
			complain("must have either a Type or Nested")
		}
		if a.Required && a.Computed || a.Fixed && a.Computed {
			complain("is set by Kira, so nobody can be asked for it")
		}
		if a.OneOf != nil && len(a.OneOf) == 0 || a.Open && a.OneOf == nil && a.OneOfFor == nil {
			complain("has an empty enumeration")
		}
		for variant, values := range a.OneOfFor {
			if len(values) == 0 {
				complain("has an empty enumeration for %s", variant)
			}
		}
		for _, values := range [][]string{a.OneOf, a.For, a.EchoedFor, a.RequiredFor} {
			if s := slices.Sorted(slices.Values(values)); len(slices.Compact(s)) != len(values) {
				complain("repeats something in %q", values)
			}
		}
		if key, ok := a.Sub(a.MergeKey); a.MergeKey != "" && (!ok || key.Type != cty.String) {
			complain("has no text attribute %s to merge by", a.MergeKey)
		}
		if a.Class == schema.Merged && a.List && a.MergeKey == "" {
			complain("merges, but by nothing")
		}
	})
}

// Written attributes come first, and id is the first of the others: that is
// how the reference shows them.
func TestOrderOfAttributes(t *testing.T) {
	for _, k := range kinds.All {
		attrs := k.Schema.Attrs
		first := slices.IndexFunc(attrs, func(a schema.Attr) bool { return a.Computed })
		if first < 0 || attrs[first].Name != "id" {
			t.Errorf("%s: id is not the first computed attribute", k.Schema.Name)
			continue
		}
		if slices.ContainsFunc(attrs[first:], func(a schema.Attr) bool { return !a.Computed }) {
			t.Errorf("%s: an attribute that is written stands behind computed ones", k.Schema.Name)
		}
	}
}

func TestVariantsExist(t *testing.T) {
	eachAttr(func(k *schema.Kind, at string, a *schema.Attr) {
		attrs, variants := k.Attrs, []string(nil)
		for name := range strings.SplitSeq(k.Variant, ".") {
			v, _ := (&schema.Attr{Nested: attrs}).Sub(name)
			if v == nil {
				break
			}
			attrs, variants = v.Nested, v.OneOf
		}
		named := slices.Concat(a.For, a.EchoedFor, a.RequiredFor)
		for variant := range a.OneOfFor {
			named = append(named, variant)
		}
		for _, n := range named {
			if !slices.Contains(variants, n) {
				t.Errorf("%s %s names the variant %q, which is none of %q", k.Name, at, n, variants)
			}
		}
	})
}

func TestSensitive(t *testing.T) {
	want := []string{
		"kira_liquidation_address recipient.account.account_number",
		"kira_liquidation_address recipient.account.doc_number",
		"kira_recipient account.account_number",
		"kira_recipient account.clabe",
		"kira_recipient account.doc_number",
		"kira_user associated_persons.document_number",
		"kira_user associated_persons.identifying_information.documents.file",
		"kira_user associated_persons.identifying_information.number",
		"kira_user associated_persons.ssn",
		"kira_user document_number",
		"kira_user ein",
		"kira_user identifying_information.documents.file",
		"kira_user identifying_information.number",
		"kira_user representative_ssn",
		"kira_user ssn",
		"kira_webhook secret",
	}
	var got []string
	eachAttr(func(k *schema.Kind, at string, a *schema.Attr) {
		if a.Sensitive {
			got = append(got, k.Name+" "+at)
		}
		if a.Sensitive && a.Clear {
			t.Errorf("%s %s is to be kept clear and secret", k.Name, at)
		}
	})
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("sensitive are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A call that the API does not have is a nil function, and the planner knows of
// it by the verbs of the schema alone.
func TestVerbs(t *testing.T) {
	for _, k := range kinds.All {
		for verb, can := range map[schema.Verbs]bool{
			schema.CanRead: k.Read != nil, schema.CanUpdate: k.Update != nil, schema.CanFind: k.Find != nil,
		} {
			if k.Schema.Verbs.Has(verb) != can {
				t.Errorf("%s has verbs %b, and a function for %b is there: %t", k.Schema.Name, k.Schema.Verbs, verb, can)
			}
		}
		if k.Create == nil {
			t.Errorf("%s cannot be created", k.Schema.Name)
		}
		if k.Schema.Doc == "" {
			t.Errorf("%s has no Doc", k.Schema.Name)
		}
	}
}

func TestGates(t *testing.T) {
	for _, k := range kinds.All {
		for _, g := range k.Schema.Gates {
			other, ok := kinds.ByName(g.Kind)
			if !ok {
				t.Fatalf("%s waits for a %s, which is no kind", k.Schema.Name, g.Kind)
			}
			if _, ok := other.Schema.Attr(g.Field); !ok {
				t.Errorf("%s waits for %s.%s, which is no attribute", k.Schema.Name, g.Kind, g.Field)
			}
			if _, ok := k.Schema.Attr(g.Attr); !ok || g.Open != nil && len(g.Open) == 0 {
				t.Errorf("%s: the gate %+v is not complete", k.Schema.Name, g)
			}
		}
	}
}

func TestEnumerations(t *testing.T) {
	user, _ := kinds.ByName("kira_user")
	count := func(name, variant string) int {
		a, _ := user.Schema.Attr(name)
		return len(a.Values(variant))
	}
	for _, tt := range []struct {
		attr, variant string
		want          int
	}{
		{"account_purpose", "individual", 14}, {"account_purpose", "business", 18},
		{"business_industry", "business", 93}, {"source_of_funds", "individual", 11}, {"source_of_funds", "", 19},
	} {
		if got := count(tt.attr, tt.variant); got != tt.want {
			t.Errorf("%s of %q has %d values, want %d", tt.attr, tt.variant, got, tt.want)
		}
	}
}

// Unknown attributes go with the create, and in an update only of what Kira can change.
func TestExtraIsSentWhereKiraTakesIt(t *testing.T) {
	for name, updates := range map[string]bool{"kira_user": true, "kira_virtual_account": false, "kira_recipient": false} {
		k, _ := kinds.ByName(name)
		extra, _ := k.Schema.Attr("extra")
		on, _ := k.Schema.Attr("extra_on")
		if extra == nil || on == nil || extra.Asks != "extra_on" || !extra.Spread || !on.Local {
			t.Errorf("%s has no extra as there should be: %+v, %+v", name, extra, on)
			continue
		}
		if slices.Contains(on.OneOf, "update") != updates || extra.Fixed == updates || (on.Hints["update"] == "") != updates ||
			strings.Contains(on.Doc, "PUT") != updates {
			t.Errorf("%s can be sent unknown attributes in updates: want %t of %+v and %+v", name, updates, extra, on)
		}
	}
}
