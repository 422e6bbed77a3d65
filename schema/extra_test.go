package schema_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// box is a kind with unknown attributes.
var box = schema.Kind{Name: "kira_box", Verbs: schema.CanUpdate, Attrs: []schema.Attr{
	{Name: "size", Type: cty.Number},
	{Name: "street", Type: cty.String},
	{Name: "colour", Type: cty.String, Fixed: true},
	{Name: "extra", Type: cty.DynamicPseudoType, Spread: true, Class: schema.Unreadable, Clear: true, Asks: "extra_on"},
	{Name: "extra_on", Type: cty.List(cty.String), Local: true},
	{Name: "id", Type: cty.String, Computed: true},
}}

func on(times ...string) cty.Value {
	var all []cty.Value
	for _, s := range times {
		all = append(all, cty.StringVal(s))
	}
	return cty.TupleVal(all)
}

func TestExtra(t *testing.T) {
	members := func(names ...string) cty.Value {
		m := make(map[string]cty.Value)
		for _, n := range names {
			m[n] = cty.True
		}
		return cty.ObjectVal(m)
	}
	for _, tt := range []struct {
		name   string
		values map[string]cty.Value
		want   string // code and place of the mistakes, in order
	}{
		{"nothing", nil, ""},
		{"unknown attributes", map[string]cty.Value{"extra": members("tier", "colours", "Size")}, ""},
		{"attributes", map[string]cty.Value{"extra": members("size", "tier", "colour")}, "extra-known colour extra-known size"},
		{"attributes that are not sent", map[string]cty.Value{"extra": members("extra", "extra_on", "id")}, "extra-known extra extra-known extra_on extra-known id"},
		{"reserved names", map[string]cty.Value{"extra": members("account", "destination", "recipient_id", "status", "type", "user_id", "webhook_url")},
			"extra-known account extra-known destination extra-known recipient_id extra-known status extra-known type extra-known user_id extra-known webhook_url"},
		{"a secret", map[string]cty.Value{"extra": members("size").Mark("secret")}, "extra-known size"},
		{"not known yet", map[string]cty.Value{"extra": cty.DynamicVal, "extra_on": cty.DynamicVal}, ""},
		{"with the create", map[string]cty.Value{"extra_on": on("create")}, ""},
		{"with both", map[string]cty.Value{"extra_on": on("create", "update")}, ""},
		{"without the create", map[string]cty.Value{"extra_on": on("update")}, "extra-without-create extra_on"},
		{"never", map[string]cty.Value{"extra_on": on()}, "extra-without-create extra_on"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range schema.CheckExtra(&box, cty.ObjectVal(tt.values)) {
				at := p.Path[len(p.Path)-1]
				name := "extra_on"
				if i, ok := at.(cty.IndexStep); ok {
					name = i.Key.AsString()
				}
				got = append(got, string(p.Code)+" "+name)
				if p.Warning || !strings.HasSuffix(p.Detail, ".") {
					t.Errorf("%+v is no mistake with a sentence", p)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
		})
	}
}

func TestSettled(t *testing.T) {
	payee := box
	payee.Verbs = 0
	for _, tt := range []struct {
		kind *schema.Kind
		attr string
		on   cty.Value
		want bool
	}{
		{&box, "size", cty.NullVal(cty.DynamicPseudoType), false},
		{&box, "colour", on("create", "update"), true},
		{&box, "extra", cty.NullVal(cty.DynamicPseudoType), true},
		{&box, "extra", on("create"), true},
		{&box, "extra", cty.DynamicVal, true},
		{&box, "extra", on("create", "update"), false},
		{&box, "extra", on("create", "update").Mark("secret"), false},
		{&payee, "extra", on("create", "update"), true},
		{&payee, "size", on("create", "update"), true},
	} {
		a, _ := tt.kind.Attr(tt.attr)
		if got := tt.kind.Settled(a, cty.ObjectVal(map[string]cty.Value{"extra_on": tt.on})); got != tt.want {
			t.Errorf("%s with %#v is settled: %t, want %t", tt.attr, tt.on, got, tt.want)
		}
	}
}
