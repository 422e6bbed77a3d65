package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Law 11: every attribute of every kind and variant converges. All that can be
// written is written, applied and read back, and the plan is empty. Then each
// attribute is written otherwise, and taken out, by itself.
func TestLawEveryAttributeConverges(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	for _, k := range kinds.All {
		for _, variant := range variantsOf(k.Schema) {
			t.Run(k.Schema.Name+"/"+variant, func(t *testing.T) {
				t.Parallel()
				c := converging{t: t, kind: k.Schema, variant: variant, w: newWorld(t)}
				c.w.watch.Allows(simulator.SecondObject) // payees that are replaced by one with another name
				c.holds("all that can be written", written{})
				if k.Schema.Name == "kira_recipient" {
					c.holds("a business", written{business: true})
				}
				for i := range k.Schema.Attrs {
					a := &k.Schema.Attrs[i]
					if a.Computed || a.Local || !a.Applies(variant) || a.Ref != "" {
						continue
					}
					if freely := k.Schema.Replace == schema.ReplaceFreely; !a.Fixed || freely {
						for _, path := range leaves(a, variant, a.Name) {
							if c.apart(path, written{}) || path == "type" {
								continue
							}
							if _, other := sample(c.kind, c.variant, path); other != "" {
								c.holds(path+" is another one", written{other: path})
							}
						}
						if !c.apart(a.Name, written{}) && !a.Required && !slices.Contains(a.RequiredFor, variant) {
							c.holds(a.Name+" is taken out", written{without: a.Name})
						}
					}
				}
			})
		}
	}
}

// converging is a resource of one kind and variant in a world of its own.
type converging struct {
	t       *testing.T
	kind    *schema.Kind
	variant string
	w       *world
}

// written says how a configuration differs from one with everything in it.
type written struct {
	other, without string // paths of attributes
	business       bool   // a payee is one
}

// holds applies a configuration and fails unless the plan is empty then.
func (c *converging) holds(what string, how written) {
	c.t.Helper()
	src := c.source(how)
	if how.without != "" && c.needed(src) {
		return
	}
	c.w.run(c.t, src, engine.PlanOptions{}, true)
	if c.serve(src) {
		c.w.run(c.t, src, engine.PlanOptions{}, true)
	}
	pl := c.w.run(c.t, src, engine.PlanOptions{Full: true}, false)
	for i := range pl.Changes {
		if ch := &pl.Changes[i]; ch.Action != plan.NoOp {
			var because []string
			for _, r := range ch.Because {
				because = append(because, schema.PathString(r.Path))
			}
			c.t.Fatalf("%s: the plan is to %s %s because of %q\n%s\n%s", what, ch.Action, ch.Addr, because, c.w.said(), src)
		}
	}
}

// needed reports whether kiraform refuses a configuration since something that
// Kira needs is not written.
func (c *converging) needed(src string) bool {
	p, err := engine.Open(c.w.options(src))
	if err == nil {
		_, err = p.Plan(c.t.Context(), engine.PlanOptions{})
	}
	codes := c.w.diagnostics("error")
	return err != nil && len(codes) > 0 && !slices.ContainsFunc(codes, func(code string) bool {
		return !slices.Contains([]string{"user-incomplete", "recipient-name", "missing-attribute"}, code)
	})
}

// serve does the work of a person at Kira, and reports whether there was
// anything.
func (c *converging) serve(src string) (done bool) {
	if c.kind.Name == "kira_user" || c.kind.Name == "kira_recipient" {
		return false
	}
	for _, u := range c.w.sim.Users() {
		if u["status"] != "VERIFIED" {
			done = c.w.sim.SetUserStatus(u["id"].(string), "VERIFIED") == nil
		}
	}
	c.w.run(c.t, src, engine.PlanOptions{}, true)
	for _, a := range c.w.sim.VirtualAccounts() {
		if a["active"] != true {
			done = c.w.sim.ActivateAccount(a["id"].(string)) == nil || done
		}
	}
	return done
}

func (c *converging) source(how written) string {
	var b strings.Builder
	b.WriteString(simulated)
	if c.kind.Name != "kira_user" {
		b.WriteString(one("u", "ana"))
	}
	if c.kind.Name == "kira_liquidation_address" {
		b.WriteString("resource \"kira_virtual_account\" \"v\" {\n  user_id = kira_user.u.id\n  type = \"US_BANK\"\n  provider = \"act\"\n  mode = \"fiat\"\n}\n")
	}
	fmt.Fprintf(&b, "resource %q \"x\" {\n%s}\n", c.kind.Name, c.body(c.kind.Attrs, "", "  ", how, "\n"))
	return b.String()
}

// body writes attributes, each on a line of its own.
func (c *converging) body(attrs []schema.Attr, at, indent string, how written, end string) string {
	var b strings.Builder
	for i := range attrs {
		a := &attrs[i]
		path := strings.TrimPrefix(at+"."+a.Name, ".")
		if a.Computed || a.Local || !a.Applies(c.variant) || path == how.without || c.apart(path, how) {
			continue
		}
		fmt.Fprintf(&b, "%s%s = %s%s", indent, a.Name, c.value(a, path, indent, how), end)
	}
	return b.String()
}

func (c *converging) value(a *schema.Attr, path, indent string, how written) string {
	if a.Nested != nil {
		v := "{\n" + c.body(a.Nested, path, indent+"  ", how, "\n") + indent + "}"
		if a.List {
			v = "[" + v + "]"
		}
		return v
	}
	first, other := sample(c.kind, c.variant, path)
	if first == "" {
		c.t.Fatalf("there is no sample of %s of a %s: add one", path, c.kind.Name)
	}
	if path == how.other || how.business && strings.HasSuffix("."+path, ".type") && strings.Contains(other, "business") {
		return other
	}
	return first
}

// leaves are the paths of the writable parts of a.
func leaves(a *schema.Attr, variant, at string) (all []string) {
	if a.Nested == nil {
		return []string{at}
	}
	for i := range a.Nested {
		if n := &a.Nested[i]; !n.Computed && n.Applies(variant) {
			all = append(all, leaves(n, variant, at+"."+n.Name)...)
		}
	}
	return all
}

// variantsOf are the values of the attribute that decides which others apply.
func variantsOf(k *schema.Kind) []string {
	attrs, values := k.Attrs, []string{""}
	for name := range strings.SplitSeq(k.Variant, ".") {
		if a, ok := (&schema.Attr{Nested: attrs}).Sub(name); ok {
			attrs, values = a.Nested, a.OneOf
		}
	}
	return values
}

// apart reports whether an attribute cannot be written together with the others.
func (c *converging) apart(path string, how written) bool {
	switch c.kind.Name + "." + path {
	case "kira_user.redirect_uri": // of a link
		return true
	case "kira_virtual_account.bank": // or provider, which stands for a bank without crypto
		return c.variant == "fiat"
	case "kira_virtual_account.provider":
		return c.variant == "crypto"
	case "kira_recipient.company_name", "kira_liquidation_address.recipient.company_name":
		return !how.business
	case "kira_recipient.first_name", "kira_liquidation_address.recipient.first_name",
		"kira_recipient.last_name", "kira_liquidation_address.recipient.last_name":
		return how.business
	}
	return false
}

// sample returns two values of an attribute, as they are written: the one for a
// start, and another one, which is "" if nothing else can be written.
func sample(k *schema.Kind, variant, path string) (first, other string) {
	attr := schema.Attr{Nested: k.Attrs}
	for name := range strings.SplitSeq(path, ".") {
		attr, _ = sub(attr, name)
	}
	at := k.Name + "." + path
	if variant != "" && path == k.Variant {
		return fmt.Sprintf("%q", variant), ""
	}
	for _, key := range []string{at + "/" + variant, at} {
		if two, ok := samples[key]; ok {
			return two[0], two[1]
		}
	}
	of := attr.OneOf
	if some, ok := attr.OneOfFor[variant]; ok {
		of = some
	}
	if len(of) == 0 {
		two, ok := samples[path[strings.LastIndex(path, ".")+1:]]
		if !ok && attr.Type == cty.String && attr.Format == schema.Any {
			return `"one"`, `"two"` // any text will do, unless a rule says another
		}
		return two[0], two[1]
	}
	form := "%q"
	if attr.Type.IsListType() {
		form = "[%q]"
	}
	return fmt.Sprintf(form, of[0]), fmt.Sprintf(form, of[len(of)-1])
}

func sub(of schema.Attr, name string) (schema.Attr, bool) {
	for i := range of.Nested {
		if of.Nested[i].Name == name {
			return of.Nested[i], true
		}
	}
	return schema.Attr{}, false
}
