package schema_test

import (
	"maps"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Amounts are equal as numbers, however they are written.
func TestAmount(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"100", "100.00"}, {"100.0", "100.00"}, {"100.00", "100.00"}, {"0100.000", "100.00"}, {"100.", "100.00"}, {" 100 ", "100.00"},
		{".5", "0.50"}, {"0", "0.00"}, {"1.005", "1.005"}, {"1.0050", "1.005"}, {"12345678901234567890.10", "12345678901234567890.10"},
		{"", ""}, {".", "."}, {"1e3", "1e3"}, {"-5", "-5"}, {"1,000", "1,000"}, {"ten", "ten"},
	} {
		if got := schema.Amount(tt.in); got != tt.want {
			t.Errorf("Amount(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Only attributes that tell runs apart are in an identity, in one form each.
func TestIdentityOfARun(t *testing.T) {
	a := schema.Action{Of: []string{"to", "amount", "by", "period"}, Amounts: []string{"amount"}, Config: schema.Kind{Attrs: []schema.Attr{
		{Name: "to", Type: cty.String, Format: schema.UUID}, {Name: "amount", Type: cty.String}, {Name: "by", Type: cty.Map(cty.String)},
		{Name: "period", Type: cty.String}, {Name: "memo", Type: cty.String},
	}}}
	v := func(to, amount, memo string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"to": cty.StringVal(to), "amount": cty.StringVal(amount), "memo": cty.StringVal(memo),
			"by":     cty.MapVal(map[string]cty.Value{"network": cty.StringVal("solana"), "currency": cty.StringVal("USDC")}),
			"period": cty.NullVal(cty.String)})
	}
	one, other := a.Identity(v("AB-1", "100", "x").Mark("sensitive")), a.Identity(v("ab-1", "100.00", "y"))
	want := map[string]string{"to": "ab-1", "amount": "100.00", "by": "currency=USDC network=solana"}
	if !maps.Equal(one, want) || !maps.Equal(other, want) {
		t.Errorf("%v and %v, want %v", one, other, want)
	}
}
