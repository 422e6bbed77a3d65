package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
)

// Check returns the mistakes and risks in v, a decoded block of kind k: first
// those that the attributes show by themselves, in schema order, then those
// that the rules of the kind find, in their order.
//
// Any part of v may be unknown, null or marked; a value that cannot be judged
// yet is no problem. No text holds the value of a sensitive attribute, or of
// any that carries a mark.
func Check(k *Kind, v cty.Value, env Env) []Problem {
	v, _ = v.Unmark()
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() {
		return nil
	}
	return CheckMembers(k, v, v.AsValueMap(), env)
}

// CheckMembers is Check of an object, not marked itself, whose attributes are at
// hand.
func CheckMembers(k *Kind, v cty.Value, attrs map[string]cty.Value, env Env) []Problem {
	c := checker{kind: k, variant: k.judgedVariant(v)}
	for i := range k.Attrs {
		if e, ok := attrs[k.Attrs[i].Name]; ok {
			c.member(nil, &k.Attrs[i], e, false)
		}
	}
	for i := range k.Rules {
		c.found = append(c.found, k.Rules[i].Check(v, env)...)
	}
	return c.found
}

// judgedVariant is VariantOf, but "" for a variant that does not exist: one
// mistake should not turn every other attribute into another.
func (k *Kind) judgedVariant(v cty.Value) string {
	variant := k.VariantOf(v)
	attrs := k.Attrs
	for name := range strings.SplitSeq(k.Variant, ".") {
		a, ok := Find(attrs, name)
		if !ok {
			return ""
		}
		if a.Nested == nil && a.OneOf != nil && !slices.Contains(a.OneOf, variant) {
			return ""
		}
		attrs = a.Nested
	}
	return variant
}

type checker struct {
	kind    *Kind
	variant string
	found   []Problem
}

func (c *checker) add(path cty.Path, code diag.Code, summary, detail string) {
	c.found = append(c.found, Problem{Path: path, Code: code, Summary: summary, Detail: detail})
}

// object checks the attributes of one object. The object is secret if it is
// part of something sensitive.
func (c *checker) object(at cty.Path, attrs []Attr, v cty.Value, secret bool) {
	types := v.Type().AttributeTypes()
	for i := range attrs {
		a := &attrs[i]
		if _, ok := types[a.Name]; !ok {
			continue
		}
		c.member(at, a, v.GetAttr(a.Name), secret)
	}
}

func (c *checker) member(at cty.Path, a *Attr, v cty.Value, secret bool) {
	if !IsNull(v) || a.NeededIn(c.variant) {
		c.attr(at.GetAttr(a.Name), a, v, secret)
	}
}

func (c *checker) attr(at cty.Path, a *Attr, v cty.Value, secret bool) {
	v, marks := v.Unmark()
	secret = secret || a.Sensitive || len(marks) > 0
	switch {
	case !v.IsKnown():
	case v.IsNull():
		c.missing(at, a)
	case !a.Applies(c.variant):
		c.add(at, "misplaced-attribute", "Attribute does not apply",
			fmt.Sprintf("%s has no meaning where %s is %q: it is for %s. Remove it, or change %s.",
				a.Name, c.kind.Variant, c.variant, words.Quoted(a.For...), c.kind.Variant))
	case a.Nested == nil:
		c.leaf(at, a, v, secret)
	case !a.List:
		c.object(at, a.Nested, v, secret)
	default:
		c.list(at, a, v, secret)
	}
}

func (c *checker) missing(at cty.Path, a *Attr) {
	if !a.NeededIn(c.variant) {
		return
	}
	where := c.kind.Name
	if len(at) > 1 {
		where = PathString(at[:len(at)-1])
	}
	if c.variant != "" && !(a.Required && a.For == nil) {
		where += fmt.Sprintf(", where %s is %q,", c.kind.Variant, c.variant)
	}
	c.add(at, "missing-attribute", "Missing attribute", fmt.Sprintf("%s needs %s. Add it.", where, a.Name))
	c.found[len(c.found)-1].Guard = a.Ref != "" // nothing would hold up a request for nobody
}

// list checks the entries of a list of objects. Kira tells the entries of a
// merged list apart by their key only, so that each needs one of its own.
func (c *checker) list(at cty.Path, a *Attr, v cty.Value, secret bool) {
	seen := make(map[string]bool)
	for it := v.ElementIterator(); it.Next(); {
		i, entry := it.Element()
		entry, marks := entry.Unmark()
		if entry.IsNull() || !entry.IsKnown() {
			continue
		}
		hidden := secret || len(marks) > 0
		c.object(at.Index(i), a.Nested, entry, hidden)
		if a.MergeKey != "" {
			c.mergeKey(at.Index(i).GetAttr(a.MergeKey), a, entry.GetAttr(a.MergeKey), seen, hidden)
		}
	}
}

func (c *checker) mergeKey(at cty.Path, a *Attr, key cty.Value, seen map[string]bool, secret bool) {
	key, marks := key.Unmark()
	switch {
	case !key.IsKnown():
	case key.IsNull():
		if sub, ok := a.Sub(a.MergeKey); ok && !sub.Required {
			c.add(at, "missing-merge-key", "Entry without "+a.MergeKey,
				fmt.Sprintf("Kira recognises an entry of %s by its %s: one without it is added again by every update, and can never be removed. Add %[2]s.", a.Name, a.MergeKey))
		}
	case seen[key.AsString()]:
		which := fmt.Sprintf("with %s %q", a.MergeKey, key.AsString())
		if secret || len(marks) > 0 {
			which = "with the same " + a.MergeKey
		}
		c.add(at, "duplicate-merge-key", "Two entries are one",
			fmt.Sprintf("There is an earlier entry %s in %s, and Kira merges the two into one. Keep one of them.", which, a.Name))
	default:
		seen[key.AsString()] = true
	}
}

// leaf checks a value that has no attributes: a string, or the strings of a
// list. Other types can hold nothing that their type does not allow.
func (c *checker) leaf(at cty.Path, a *Attr, v cty.Value, secret bool) {
	switch {
	case v.Type() == cty.String:
		c.text(at, a, v.AsString(), secret)
	case v.Type().IsListType() || v.Type().IsTupleType() || v.Type().IsSetType():
		for it := v.ElementIterator(); it.Next(); {
			i, e := it.Element()
			e, marks := e.Unmark()
			if e.IsKnown() && !e.IsNull() && e.Type() == cty.String {
				c.text(at.Index(i), a, e.AsString(), secret || len(marks) > 0)
			}
		}
	}
}
