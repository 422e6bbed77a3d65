package schema

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Extra returns the attribute that holds those unknown to the schema, or nil if the
// kind has none. See [Attr.Spread].
func (k *Kind) Extra() *Attr {
	i := slices.IndexFunc(k.Attrs, func(a Attr) bool { return a.Spread })
	if i < 0 {
		return nil
	}
	return &k.Attrs[i]
}

// reserved are names that identify an object, its owner or a destination of money
// or webhooks in some request. None of them counts as unknown.
var reserved = []string{"id", "status", "type", "user_id", "recipient_id", "destination", "account", "webhook_url"}

// CheckExtra returns the mistakes in the unknown attributes of a decoded block. It
// is a guard rail and cannot be turned down: an attribute of the schema in this
// disguise would escape the rules and the comparison with Kira.
func CheckExtra(k *Kind, v cty.Value) (found []Problem) {
	a := k.Extra()
	if a == nil {
		return nil
	}
	if on, ok := texts(Member(v, a.Asks)); ok && !slices.Contains(on, "create") {
		found = append(found, Problem{Path: cty.GetAttrPath(a.Asks), Code: "extra-without-create", Summary: "Nothing would be sent with the create",
			Detail: fmt.Sprintf("%s says when %s is sent, and the create is always one of the times. Write \"create\" too.", a.Asks, a.Name)})
	}
	extra, _ := Member(v, a.Name).Unmark()
	if extra.IsNull() || !extra.IsKnown() {
		return found
	}
	for _, name := range slices.Sorted(maps.Keys(extra.AsValueMap())) {
		why, at := k.knows(name), cty.GetAttrPath(a.Name).Index(cty.StringVal(name))
		if why != "" {
			found = append(found, Problem{Path: at, Code: "extra-known", Summary: "Not a name for " + a.Name, Detail: fmt.Sprintf(
				"%s is for attributes that this version of kiraform does not know, and %q %s", a.Name, name, why)})
		}
	}
	return found
}

// knows returns how the kind knows a name and the advice for it, as the end of a
// sentence that begins with the name; "" for an unknown name.
func (k *Kind) knows(name string) string {
	for i := range k.Attrs {
		switch a := &k.Attrs[i]; {
		case a.Name != name:
		case a.Computed:
			return "is set by Kira itself. Take it away."
		case a.Spread || a.Local:
			return "tells kiraform what to do. Write it in the block."
		default:
			return "is an attribute of the block. Write it there."
		}
	}
	if slices.Contains(reserved, name) {
		return "identifies an object or a destination. It cannot be sent this way: take it away."
	}
	return ""
}

// TakesExtra reports whether an attribute that is called name can be sent among the
// unknown ones.
func (k *Kind) TakesExtra(name string) bool { return k.Extra() != nil && k.knows(name) == "" }

// texts returns the texts of a list that is known; false if there is none.
func texts(v cty.Value) (all []string, ok bool) {
	v, _ = v.UnmarkDeep()
	if v.IsNull() || !v.IsWhollyKnown() || !v.CanIterateElements() {
		return nil, false
	}
	for _, e := range v.AsValueSlice() {
		if e.Type() == cty.String && !e.IsNull() {
			all = append(all, e.AsString())
		}
	}
	return all, true
}
