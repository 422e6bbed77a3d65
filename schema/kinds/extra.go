package kinds

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// extraOf returns the attributes for those that this version does not know. The
// noun is the plural for objects of the kind; times are the requests that can carry
// unknown attributes.
func extraOf(noun, wayOut string, times ...string) []schema.Attr {
	when := schema.Attr{Name: "extra_on", Type: texts, Local: true, OneOf: times,
		Doc: `When extra is sent: with the create, which is the default.`}
	extra := schema.Attr{Name: "extra", Type: cty.DynamicPseudoType, Forms: []cty.Type{cty.Map(cty.DynamicPseudoType)}, Spread: true,
		Class: schema.Unreadable, Clear: true, Asks: when.Name, WayOut: wayOut,
		Doc: "Attributes of " + noun + " that this version of kiraform does not know: each is sent with the create as it is written, beside the others. " +
			"POST drops names that Kira does not know without a word (observed 5.1)."}
	if len(times) > 1 {
		when.Doc += ` ["create", "update"] sends changes in a PUT as well; PUT refuses names that it does not know (observed 5.7).`
	} else {
		when.Hints = map[string]string{"update": "Kira cannot change " + noun + "."}
		extra.Asks, extra.Fixed = when.Name, true
	}
	return []schema.Attr{extra, when}
}
