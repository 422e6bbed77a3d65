package tell

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/lang"
	"kiraform/internal/redact"
)

// Remember adds to a set the text of each leaf of v that is marked as a secret, or
// of each leaf if v is one as a whole.
func Remember(set *redact.Set, v cty.Value, secret bool) {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() {
		return
	}
	if v.HasMark(lang.Sensitive) || v.HasMark(lang.Ephemeral) {
		secret = true
	}
	v, _ = v.Unmark()
	switch t := v.Type(); {
	case t.IsObjectType():
		for name := range t.AttributeTypes() { // unlike Elements, without sorting
			Remember(set, v.GetAttr(name), secret)
		}
	case v.CanIterateElements():
		for _, e := range v.Elements() {
			Remember(set, e, secret)
		}
	case secret && t == cty.String:
		set.Add(v.AsString())
	case secret && t == cty.Number:
		set.Add(numeral(v))
	}
}

// Safely returns a sink that passes events on without the secrets of a set in the
// texts that others may have written: Kira, or the author of the configuration.
func Safely(set *redact.Set, emit event.Sink) event.Sink {
	text := func(s string) string { return set.Text(redact.URLs(s)) }
	foreign := func(f event.Foreign) event.Foreign { return event.Foreign(text(string(f))) }
	return func(e event.Event) {
		e = event.Reworded(e, text)
		switch x := e.(type) {
		case event.Diagnostic:
			x.Summary = text(x.Summary)
			x.Values = slices.Clone(x.Values)
			for i, s := range x.Values {
				x.Values[i] = text(s)
			}
			e = x
		case event.Planned:
			x.Known = slices.Clone(x.Known)
			for i, f := range x.Known {
				x.Known[i] = foreign(f)
			}
			e = x
		}
		emit(e)
	}
}
