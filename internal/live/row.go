package live

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// withoutLacks returns an object as a row shows it that has something new. An attribute that
// rows lack is taken from before if it cannot change, and is not known otherwise: it
// is named.
func withoutLacks(k *kinds.Kind, row, before cty.Value) (seen cty.Value, unlooked []string) {
	var fixed []string
	for _, name := range slices.Sorted(slices.Values(k.RowLacks)) {
		if a, _ := k.Schema.Attr(name); a.Computed {
			unlooked = append(unlooked, name)
		} else {
			fixed = append(fixed, name)
		}
	}
	return Carry(k.Schema, row, before, fixed...), unlooked
}

// vanished reports whether a row shows nothing of an attribute that was seen before
// and that rows have: Kira may have taken it out of the object, or out of its rows.
func vanished(k *kinds.Kind, row, before cty.Value) bool {
	if before == cty.NilVal || before.IsNull() {
		return false
	}
	for i := range k.Schema.Attrs {
		a := &k.Schema.Attrs[i]
		if a.Class != schema.WriteOnce && !slices.Contains(k.RowLacks, a.Name) && schema.Member(row, a.Name).IsNull() && !schema.Member(before, a.Name).IsNull() {
			return true
		}
	}
	return false
}

// short reports whether a row is not enough to know an object by that shows something
// new of it.
func short(k *kinds.Kind, row, before cty.Value) bool {
	return vanished(k, row, before) || unfilled(k, row, before)
}

// unfilled reports whether a row shows an object that has just become usable, and nothing
// of an attribute that Kira sets: only the object tells that it has none.
func unfilled(k *kinds.Kind, row, before cty.Value) bool {
	if k.Schema.Waiting == nil || schema.IsNull(before) || k.Schema.Waiting(before) == "" || k.Schema.Waiting(row) != "" {
		return false
	}
	return slices.ContainsFunc(k.Schema.Attrs, func(a schema.Attr) bool {
		return a.Computed && !slices.Contains(k.RowLacks, a.Name) && schema.Member(row, a.Name).IsNull()
	})
}

// rewritten reports whether a row shows another value than was seen before of an
// attribute that people write. Only the object itself tells that: rows may be late, or
// those of another object, and whatever is planned on them costs money or a second
// verification.
func rewritten(k *kinds.Kind, row, before state.Sealed) bool {
	return differs(k, row.Member, before.Member, func(_ *schema.Attr, is, was cty.Value) bool {
		return !is.IsNull() && !was.IsNull() && !is.RawEquals(was)
	})
}

// misplaced reports whether a row shows another text than was seen before of an
// attribute that people write: it may be of another object.
func misplaced(k *kinds.Kind, row, before cty.Value) bool {
	return differs(k, open(row), open(before), func(a *schema.Attr, is, was cty.Value) bool {
		return a.Nested == nil && a.Type == cty.String && !is.IsNull() && !was.IsNull() && !state.IsSealed(was) && !is.RawEquals(was)
	})
}

func open(v cty.Value) func(string) cty.Value {
	return func(name string) cty.Value { return schema.Member(v, name) }
}

// differs reports whether two observations of one object differ in an attribute that
// people write and that rows have.
func differs(k *kinds.Kind, row, before func(name string) cty.Value, differ func(a *schema.Attr, is, was cty.Value) bool) bool {
	for i := range k.Schema.Attrs {
		a := &k.Schema.Attrs[i]
		if !a.Computed && a.Class != schema.WriteOnce && !slices.Contains(k.RowLacks, a.Name) && differ(a, row(a.Name), before(a.Name)) {
			return true
		}
	}
	return false
}

// whole returns an error if the answer to a look at an object shows a part of it.
func whole(k *schema.Kind, now kinds.Object, o state.Object) error {
	if name := lost(k.Attrs, now.Seen, o.Seen.Shown(), o.Sent.Shown()); name != "" {
		return &partError{o.ID, name}
	}
	return nil
}

// lost returns the path of an attribute of which Kira shows nothing any more, though it
// was sent, cannot change and was seen before; "" if there is none. An answer that lacks
// it shows a part of the object.
func lost(attrs []schema.Attr, seen, before, sent cty.Value) string {
	for i := range attrs {
		a := &attrs[i]
		is, was, made := schema.Member(seen, a.Name), schema.Member(before, a.Name), schema.Member(sent, a.Name)
		switch {
		case !a.Fixed || was.IsNull() || made.IsNull():
		case is.IsNull():
			return a.Name
		case a.Nested != nil && !a.List:
			if name := lost(a.Nested, is, was, made); name != "" {
				return a.Name + "." + name
			}
		}
	}
	return ""
}

// partError is an answer that shows a part of an object.
type partError struct{ id, name string }

// Error names the attribute that is not there.
func (e *partError) Error() string {
	return fmt.Sprintf("the answer about %s is not whole: it lacks %s, which Kira showed before and which cannot change", e.id, e.name)
}
